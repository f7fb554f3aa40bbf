package interlink

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanCase(row db.Scanner) (c Case, err error) {
	err = row.Scan(&c.ID, &c.Code, &c.Group, &c.Name, &c.Leads, &c.Basis, &c.Agency, &c.State, &c.DeclaredMs, &c.DueMs, &c.EndedMs, &c.Version)
	return c, err
}

// findCase reads a case with its members. NotFound "interlink.unknown".
func findCase(tx *db.Tx, id string) (Case, error) {
	c, found, err := db.One(tx, scanCase, `
		SELECT id, code, group_key, name, leads, basis, agency_id, state, declared_ms, due_ms, ended_ms, version FROM interlink_case WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "interlink.unknown")
	}
	if err != nil {
		return c, err
	}
	c.Members, err = membersOf(tx, id)
	return c, err
}

func scanMember(row db.Scanner) (m Member, err error) {
	var needs string
	err = row.Scan(&m.Key, &m.Name, &m.Authority, &m.Ours, &m.Together, &needs, &m.Competent, &m.State, &m.DossierID, &m.Dossier, &m.Document, &m.Reason, &m.StartedMs, &m.EndedMs)
	m.Needs = strings.Fields(needs)
	return m, err
}

func membersOf(tx *db.Tx, id string) ([]Member, error) {
	return db.All(tx, scanMember, `
		SELECT key, name, authority, ours, together, needs, competent, state, dossier_id, dossier, document, reason, started_ms, ended_ms
		FROM interlink_member WHERE case_id = $1 ORDER BY position`, id)
}

// listCases reads the cases of agencies within reach, newest first, with their members.
func listCases(tx *db.Tx, account, right string, nowMs int64, after []string, limit int) ([]Case, error) {
	ms, id := int64(0), ""
	if len(after) == 2 {
		ms, _ = strconv.ParseInt(after[0], 10, 64) // a cursor of ours; anything else begins at the end
		id = after[1]
	}
	list, err := db.All(tx, scanCase, `
		SELECT id, code, group_key, name, leads, basis, agency_id, state, declared_ms, due_ms, ended_ms, version FROM interlink_case
		WHERE agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($5 = '' OR (declared_ms, id) < ($4, $5))
		ORDER BY declared_ms DESC, id DESC LIMIT $6`, account, right, nowMs, ms, id, limit)
	for i := range list {
		if err == nil {
			list[i].Members, err = membersOf(tx, list[i].ID)
		}
	}
	return list, err
}

func caseByCode(tx *db.Tx, code string) (string, error) {
	id, found, err := db.One(tx, db.Value[string], `SELECT id FROM interlink_case WHERE code = $1`, code)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "interlink.unknown")
	}
	return id, err
}

func codeTaken(tx *db.Tx, code string) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `SELECT id FROM interlink_case WHERE code = $1`, code)
	return found, err
}

// countCodes says how many cases have a code that begins so.
func countCodes(tx *db.Tx, stem string) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM interlink_case WHERE code >= $1 AND code < $1 || '~'`, stem)
	return n, err
}

func addCase(tx *db.Tx, c Case, declaration string) error {
	if _, err := tx.Exec(`
		INSERT INTO interlink_case (id, code, group_key, name, leads, basis, agency_id, state, declared_ms, due_ms, ended_ms, declaration, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, 1)`,
		c.ID, c.Code, c.Group, c.Name, c.Leads, c.Basis, c.Agency, c.State, c.DeclaredMs, c.DueMs, declaration); err != nil {
		return err
	}
	for i, m := range c.Members {
		if _, err := tx.Exec(`
			INSERT INTO interlink_member (case_id, key, position, name, authority, ours, together, needs, competent, state, dossier_id, dossier, document, reason, started_ms, ended_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', $11, '', $12, $13)`,
			c.ID, m.Key, i+1, m.Name, m.Authority, m.Ours, m.Together, strings.Join(m.Needs, " "), m.Competent, m.State, m.Document, m.StartedMs, m.EndedMs); err != nil {
			return err
		}
	}
	return nil
}

// saveCase writes the state of a case; the declaration goes when the case is over.
func saveCase(tx *db.Tx, c Case, forget bool) error {
	n, err := tx.Exec(`
		UPDATE interlink_case SET state = $1, ended_ms = $2, declaration = CASE WHEN $3 THEN '' ELSE declaration END, version = version + 1 WHERE id = $4 AND version = $5`,
		c.State, c.EndedMs, forget, c.ID, c.Version)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "interlink.changed_meanwhile")
	}
	return err
}

func saveMember(tx *db.Tx, id string, m Member) error {
	_, err := tx.Exec(`
		UPDATE interlink_member SET state = $1, dossier_id = $2, dossier = $3, document = $4, reason = $5, started_ms = $6, ended_ms = $7 WHERE case_id = $8 AND key = $9`,
		m.State, m.DossierID, m.Dossier, m.Document, m.Reason, m.StartedMs, m.EndedMs, id, m.Key)
	return err
}

// declarationOf reads what the next member is received with.
func declarationOf(tx *db.Tx, id string) (k kept, err error) {
	raw, _, err := db.One(tx, db.Value[string], `SELECT declaration FROM interlink_case WHERE id = $1`, id)
	if err == nil {
		if err = json.Unmarshal([]byte(raw), &k); err != nil {
			err = fmt.Errorf("declaration of %s: %w", id, err)
		}
	}
	return k, err
}

// memberOf finds the case and the member of a dossier.
func memberOf(tx *db.Tx, dossier string) (id, key string, found bool, err error) {
	row, found, err := db.One(tx, func(row db.Scanner) (p [2]string, err error) { err = row.Scan(&p[0], &p[1]); return p, err },
		`SELECT case_id, key FROM interlink_member WHERE dossier_id = $1 AND dossier_id <> ''`, dossier)
	return row[0], row[1], found, err
}

// addNotice keeps what the applicant is told; false when a notice was there already.
func addNotice(tx *db.Tx, id string, n Notice) (bool, error) {
	rows, err := tx.Exec(`
		INSERT INTO interlink_notice (case_id, member, reason, cancelled, at_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (case_id) DO NOTHING`,
		id, n.Member, n.Reason, strings.Join(n.Cancelled, "\n"), n.AtMs)
	return rows == 1, err
}

func noticeOf(tx *db.Tx, id string) (*Notice, error) {
	n, found, err := db.One(tx, func(row db.Scanner) (n Notice, err error) {
		var cancelled string
		err = row.Scan(&n.Member, &n.Reason, &cancelled, &n.AtMs)
		if cancelled != "" {
			n.Cancelled = strings.Split(cancelled, "\n")
		}
		return n, err
	}, `SELECT member, reason, cancelled, at_ms FROM interlink_notice WHERE case_id = $1`, id)
	if err != nil || !found {
		return nil, err
	}
	return &n, nil
}
