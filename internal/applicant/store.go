package applicant

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// stale turns an update of no row into the refusal of whoever was slower.
func stale(n int64, err error) error {
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "applicant.changed_meanwhile")
	}
	return err
}

func scanDraft(row db.Scanner) (d Draft, err error) {
	err = row.Scan(&d.ID, &d.Account, &d.Procedure, &d.Variant, &d.Name, &d.Agency, &d.AgencyName, &d.Dossier, &d.Party, &d.IDNumber, &d.Phone, &d.Email, &d.Address, &d.Content, &d.State, &d.ChangedMs, &d.Version)
	return d, err
}

// ownDraft reads an open draft of an account with its files: NotFound
// "applicant.draft_unknown", also for somebody else's.
func ownDraft(tx *db.Tx, id, account string) (Draft, error) {
	d, found, err := db.One(tx, scanDraft, `
		SELECT d.id, d.account_id, d.procedure, d.variant, d.name, d.agency_id, a.name, d.dossier_id, d.party_name, d.id_number, d.phone, d.email, d.address, d.content, d.state, d.changed_ms, d.version
		FROM applicant_draft d JOIN org_agency a ON a.id = d.agency_id WHERE d.id = $1 AND d.account_id = $2 AND d.state = 'open'`, id, account)
	if err != nil {
		return d, err
	}
	if !found {
		return d, errs.New(errs.NotFound, "applicant.draft_unknown")
	}
	d.Files, err = db.All(tx, func(row db.Scanner) (f File, err error) {
		err = row.Scan(&f.Document, &f.Component, &f.Name, &f.SHA256, &f.Size, &f.AddedMs)
		return f, err
	}, `SELECT document_id, component, name, sha256, size, added_ms FROM applicant_file WHERE draft_id = $1 ORDER BY added_ms, document_id`, id)
	return d, err
}

// ownDrafts lists what an account has not sent yet, changed last first.
func ownDrafts(tx *db.Tx, account string) ([]Draft, error) {
	return db.All(tx, scanDraft, `
		SELECT d.id, d.account_id, d.procedure, d.variant, d.name, d.agency_id, a.name, d.dossier_id, d.party_name, d.id_number, d.phone, d.email, d.address, d.content, d.state, d.changed_ms, d.version
		FROM applicant_draft d JOIN org_agency a ON a.id = d.agency_id WHERE d.account_id = $1 AND d.state = 'open' ORDER BY d.changed_ms DESC, d.id LIMIT 50`, account)
}

// answerTo finds the open draft that answers for a dossier.
func answerTo(tx *db.Tx, account, dossier string) (id string, found bool, err error) {
	return db.One(tx, db.Value[string], `SELECT id FROM applicant_draft WHERE account_id = $1 AND dossier_id = $2 AND state = 'open' ORDER BY id LIMIT 1`, account, dossier)
}

func addDraft(tx *db.Tx, d Draft) error {
	_, err := tx.Exec(`
		INSERT INTO applicant_draft (id, account_id, procedure, variant, name, agency_id, dossier_id, party_name, id_number, phone, email, address, content, state, changed_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', $14, 1)`,
		d.ID, d.Account, d.Procedure, d.Variant, d.Name, d.Agency, d.Dossier, d.Party, d.IDNumber, d.Phone, d.Email, d.Address, d.Content, d.ChangedMs)
	return err
}

func saveDraft(tx *db.Tx, d Draft) error {
	return stale(tx.Exec(`
		UPDATE applicant_draft SET party_name = $1, id_number = $2, phone = $3, email = $4, address = $5, content = $6, state = $7, changed_ms = $8, version = version + 1 WHERE id = $9 AND version = $10`,
		d.Party, d.IDNumber, d.Phone, d.Email, d.Address, d.Content, d.State, d.ChangedMs, d.ID, d.Version))
}

func addFile(tx *db.Tx, draft string, f File) error {
	_, err := tx.Exec(`INSERT INTO applicant_file (draft_id, document_id, component, name, sha256, size, added_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)`, draft, f.Document, f.Component, f.Name, f.SHA256, f.Size, f.AddedMs)
	return err
}

func dropFile(tx *db.Tx, draft, document string) (int64, error) {
	return tx.Exec(`DELETE FROM applicant_file WHERE draft_id = $1 AND document_id = $2`, draft, document)
}

func addCase(tx *db.Tx, dossier, code, account string, ms int64) error {
	_, err := tx.Exec(`INSERT INTO applicant_case (dossier_id, code, account_id, sent_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (dossier_id) DO NOTHING`, dossier, code, account, ms)
	return err
}

// caseOf reads whose dossier it is; found is false for one that no account follows.
func caseOf(tx *db.Tx, dossier string) (account string, found bool, err error) {
	return db.One(tx, db.Value[string], `SELECT account_id FROM applicant_case WHERE dossier_id = $1`, dossier)
}

// caseByCode finds the dossier of an account: NotFound "applicant.case_unknown", also for
// somebody else's.
func caseByCode(tx *db.Tx, code, account string) (string, error) {
	id, found, err := db.One(tx, db.Value[string], `SELECT dossier_id FROM applicant_case WHERE code = $1 AND account_id = $2`, code, account)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "applicant.case_unknown")
	}
	return id, err
}

// ownCases lists the dossiers of an account, sent last first.
func ownCases(tx *db.Tx, account string) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT dossier_id FROM applicant_case WHERE account_id = $1 ORDER BY sent_ms DESC, dossier_id LIMIT 50`, account)
}

func quiet(tx *db.Tx, account string) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `SELECT account_id FROM applicant_quiet WHERE account_id = $1`, account)
	return found, err
}

func setQuiet(tx *db.Tx, account string, on bool, ms int64) error {
	if on {
		_, err := tx.Exec(`INSERT INTO applicant_quiet (account_id, since_ms) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING`, account, ms)
		return err
	}
	_, err := tx.Exec(`DELETE FROM applicant_quiet WHERE account_id = $1`, account)
	return err
}

// Rating is what its owner thinks of how a dossier was served.
type Rating struct {
	Dossier, Code, Name, Agency, AgencyName, Comment, Day string
	Score, AtMs                                           int64
}

func scanRating(row db.Scanner) (r Rating, err error) {
	err = row.Scan(&r.Dossier, &r.Code, &r.Name, &r.Agency, &r.AgencyName, &r.Score, &r.Comment, &r.Day, &r.AtMs)
	return r, err
}

// addRating keeps the one rating of a dossier; false when there is one already.
func addRating(tx *db.Tx, r Rating) (bool, error) {
	n, err := tx.Exec(`INSERT INTO applicant_rating (dossier_id, code, name, agency_id, score, comment, day, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (dossier_id) DO NOTHING`,
		r.Dossier, r.Code, r.Name, r.Agency, r.Score, r.Comment, r.Day, r.AtMs)
	return n > 0, err
}

func ratingOf(tx *db.Tx, dossier string) (Rating, bool, error) {
	return db.One(tx, scanRating, `
		SELECT r.dossier_id, r.code, r.name, r.agency_id, a.name, r.score, r.comment, r.day, r.at_ms FROM applicant_rating r JOIN org_agency a ON a.id = r.agency_id WHERE r.dossier_id = $1`, dossier)
}

// ratings lists ratings of agencies within reach, newest first, after the key (at_ms, id).
func ratings(tx *db.Tx, account string, nowMs, afterMs int64, afterID string, limit int) ([]Rating, error) {
	return db.All(tx, scanRating, `
		SELECT r.dossier_id, r.code, r.name, r.agency_id, a.name, r.score, r.comment, r.day, r.at_ms FROM applicant_rating r JOIN org_agency a ON a.id = r.agency_id
		WHERE r.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($5 = '' OR (r.at_ms, r.dossier_id) < ($4, $5)) ORDER BY r.at_ms DESC, r.dossier_id DESC LIMIT $6`, account, RightView, nowMs, afterMs, afterID, limit)
}

func entry(tx *db.Tx) (e Entry, err error) {
	e, _, err = db.One(tx, func(row db.Scanner) (e Entry, err error) { err = row.Scan(&e.Direct, &e.Version); return e, err }, `SELECT direct, version FROM applicant_entry WHERE id = 'only'`)
	return e, err
}

func saveEntry(tx *db.Tx, e Entry) error {
	if e.Version == 0 {
		n, err := tx.Exec(`INSERT INTO applicant_entry (id, direct, version) VALUES ('only', $1, 1) ON CONFLICT (id) DO NOTHING`, e.Direct)
		return stale(n, err)
	}
	return stale(tx.Exec(`UPDATE applicant_entry SET direct = $1, version = version + 1 WHERE id = 'only' AND version = $2`, e.Direct, e.Version))
}
