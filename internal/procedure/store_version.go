package procedure

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanVersion(row db.Scanner) (v Version, err error) {
	var document string
	if err = row.Scan(&v.ID, &v.Procedure, &v.No, &v.State, &v.From, &v.To, &v.Decision, &v.DecisionDay, &v.EffectiveDay, &v.PublishedDay, &v.AcceptUnknown,
		&document, &v.Digest, &v.DraftedBy, &v.EditedBy, &v.PublishedBy, &v.CreatedMs, &v.Version); err == nil {
		v.Content, err = unseal(document)
	}
	return v, err
}

// findVersion reads a version by its id. NotFound "procedure.version_unknown".
func findVersion(tx *db.Tx, id string) (Version, error) {
	v, found, err := db.One(tx, scanVersion, `
		SELECT id, procedure_id, no, state, from_day, to_day, decision, decision_day, effective_day, published_day, accept_unknown, content, digest, drafted_by, edited_by,
		       published_by, created_ms, version
		FROM procedure_version WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "procedure.version_unknown")
	}
	return v, err
}

// versionOn reads the version of a procedure that is in force on a day.
func versionOn(tx *db.Tx, procedure, day string) (Version, bool, error) {
	return db.One(tx, scanVersion, `
		SELECT id, procedure_id, no, state, from_day, to_day, decision, decision_day, effective_day, published_day, accept_unknown, content, digest, drafted_by, edited_by,
		       published_by, created_ms, version
		FROM procedure_version WHERE procedure_id = $1 AND state = 'published' AND from_day <= $2 AND to_day >= $2`, procedure, day)
}

// openVersion reads the draft of a procedure, presented or not.
func openVersion(tx *db.Tx, procedure string) (Version, bool, error) {
	return db.One(tx, scanVersion, `
		SELECT id, procedure_id, no, state, from_day, to_day, decision, decision_day, effective_day, published_day, accept_unknown, content, digest, drafted_by, edited_by,
		       published_by, created_ms, version
		FROM procedure_version WHERE procedure_id = $1 AND state IN ('draft', 'presented')`, procedure)
}

// versionsOf reads the versions of a procedure, newest first; drafts too when asked.
func versionsOf(tx *db.Tx, procedure string, drafts bool) ([]Version, error) {
	return db.All(tx, scanVersion, `
		SELECT id, procedure_id, no, state, from_day, to_day, decision, decision_day, effective_day, published_day, accept_unknown, content, digest, drafted_by, edited_by,
		       published_by, created_ms, version
		FROM procedure_version WHERE procedure_id = $1 AND (state = 'published' OR $2) AND state <> 'dropped' ORDER BY no DESC LIMIT 200`, procedure, drafts)
}

// lastNo is the highest number that a version of the procedure has, dropped ones too.
func lastNo(tx *db.Tx, procedure string) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COALESCE(MAX(no), 0) FROM procedure_version WHERE procedure_id = $1`, procedure)
	return n, err
}

func addVersion(tx *db.Tx, v Version) error {
	document, digest, err := seal(v.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO procedure_version (id, procedure_id, no, state, from_day, to_day, decision, decision_day, effective_day, published_day, service_level, parts_full, accept_unknown,
		    content, digest, drafted_by, edited_by, published_by, created_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1)`,
		v.ID, v.Procedure, v.No, v.State, v.From, v.To, v.Decision, v.DecisionDay, v.EffectiveDay, v.PublishedDay, v.Content.ServiceLevel, v.Content.full(), v.AcceptUnknown,
		document, digest, v.DraftedBy, v.EditedBy, v.PublishedBy, v.CreatedMs)
	return err
}

// saveVersion writes a version if it is still current. The content of a published one
// cannot be written: only its last day moves.
func saveVersion(tx *db.Tx, v Version) error {
	document, digest, err := seal(v.Content)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`
		UPDATE procedure_version SET state = $1, from_day = $2, to_day = $3, decision = $4, decision_day = $5, effective_day = $6, published_day = $7, service_level = $8,
		    parts_full = $9, accept_unknown = $10, content = $11, digest = $12, edited_by = $13, published_by = $14, version = version + 1
		WHERE id = $15 AND version = $16 AND state IN ('draft', 'presented')`,
		v.State, v.From, v.To, v.Decision, v.DecisionDay, v.EffectiveDay, v.PublishedDay, v.Content.ServiceLevel, v.Content.full(), v.AcceptUnknown, document, digest,
		v.EditedBy, v.PublishedBy, v.ID, v.Version)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "procedure.changed_meanwhile")
	}
	return err
}

// endVersion gives a published version its last day.
func endVersion(tx *db.Tx, id, to string) error {
	_, err := tx.Exec(`UPDATE procedure_version SET to_day = $1, version = version + 1 WHERE id = $2 AND state = 'published'`, to, id)
	return err
}

func scanGroup(row db.Scanner) (g Group, err error) {
	var id, document string
	var version int64
	if err = row.Scan(&id, &document, &version); err == nil {
		g, err = unsealGroup(document)
		g.ID, g.Version = id, version
	}
	return g, err
}

// groupOn reads the definition of a group that counts on a day.
func groupOn(tx *db.Tx, key, day string) (Group, bool, error) {
	return db.One(tx, scanGroup, `SELECT id, content, version FROM procedure_group WHERE key = $1 AND from_day <= $2 AND to_day >= $2 ORDER BY from_day DESC LIMIT 1`, key, day)
}

// groupsOf reads all definitions of groups by name, newest first.
func allGroups(tx *db.Tx) ([]Group, error) {
	return db.All(tx, scanGroup, `SELECT id, content, version FROM procedure_group ORDER BY key, from_day DESC LIMIT 500`)
}

// putGroup writes the definition of a group that begins on its first day.
func putGroup(tx *db.Tx, g Group) error {
	document, err := sealGroup(g)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO procedure_group (id, key, name, from_day, to_day, content, version) VALUES ($1, $2, $3, $4, $5, $6, 1)
		ON CONFLICT (key, from_day) DO UPDATE SET name = excluded.name, to_day = excluded.to_day, content = excluded.content, version = procedure_group.version + 1`,
		g.ID, g.Key, g.Name, g.From, g.To, document)
	return err
}
