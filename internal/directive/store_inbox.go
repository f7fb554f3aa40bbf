package directive

import "cchc/internal/db"

// duty is a directive that waits for a person.
type duty struct {
	ID, Number, Title, Issuer, IssuerName string
	State                                 State
}

// dutiesOf reads the directives that a reader shall sign and the own drafts, by id after one.
func dutiesOf(tx *db.Tx, account, signs, drafts string, nowMs int64, after string, limit int) ([]duty, error) {
	return db.All(tx, func(row db.Scanner) (d duty, err error) {
		err = row.Scan(&d.ID, &d.Number, &d.Title, &d.Issuer, &d.IssuerName, &d.State)
		return d, err
	}, `
		SELECT d.id, d.number, d.title, d.issuer_id, o.name, d.state
		FROM directive_directive d JOIN org_agency o ON o.id = d.issuer_id
		WHERE d.id > $1 AND (
		    (d.state = 'submitted' AND d.issuer_id IN (
		        SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = 'directive.issue' AND from_ms <= $5 AND to_ms > $5))
		 OR (d.state = 'draft' AND d.drafted_by = $4 AND d.issuer_id IN (
		        SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = 'directive.draft' AND from_ms <= $5 AND to_ms > $5)))
		ORDER BY d.id LIMIT $6`, after, signs, drafts, account, nowMs, limit)
}
