package audit

import "cchc/internal/db"

// query is a Filter with its bounds made plain.
type query struct {
	Filter
	from, to int64
	id       string // rows come before (to, id)
	limit    int
}

// list takes the text whose index is narrowest: one text with every condition optional
// would read the whole log to find one person's few entries.
func list(tx *db.Tx, q query) ([]Row, error) {
	switch {
	case q.Right != "":
		return listReached(tx, q)
	case q.Subject != "":
		return db.All(tx, scanRow, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
			before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END FROM audit_entry
			WHERE subject = $1 AND ($2 = '' OR account = $2) AND ($3 = '' OR subject_agency = $3) AND ($4 = '' OR kind = $4)
			AND at_ms >= $5 AND (at_ms, id) < ($6, $7) ORDER BY at_ms DESC, id DESC LIMIT $8`,
			q.Subject, q.Account, q.Agency, q.Kind, q.from, q.to, q.id, q.limit+1)
	case q.Account != "":
		return db.All(tx, scanRow, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
			before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END FROM audit_entry
			WHERE account = $1 AND ($2 = '' OR subject_agency = $2) AND ($3 = '' OR kind = $3)
			AND at_ms >= $4 AND (at_ms, id) < ($5, $6) ORDER BY at_ms DESC, id DESC LIMIT $7`,
			q.Account, q.Agency, q.Kind, q.from, q.to, q.id, q.limit+1)
	case q.Agency != "":
		return db.All(tx, scanRow, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
			before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END FROM audit_entry
			WHERE subject_agency = $1 AND ($2 = '' OR kind = $2)
			AND at_ms >= $3 AND (at_ms, id) < ($4, $5) ORDER BY at_ms DESC, id DESC LIMIT $6`,
			q.Agency, q.Kind, q.from, q.to, q.id, q.limit+1)
	case q.Kind != "":
		return db.All(tx, scanRow, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
			before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END FROM audit_entry
			WHERE kind = $1 AND at_ms >= $2 AND (at_ms, id) < ($3, $4) ORDER BY at_ms DESC, id DESC LIMIT $5`,
			q.Kind, q.from, q.to, q.id, q.limit+1)
	default:
		return db.All(tx, scanRow, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
			before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END FROM audit_entry
			WHERE at_ms >= $1 AND (at_ms, id) < ($2, $3) ORDER BY at_ms DESC, id DESC LIMIT $4`,
			q.from, q.to, q.id, q.limit+1)
	}
}

// listReached lists what the reader may see: the same two ways in, each filtered in SQL.
func listReached(tx *db.Tx, q query) ([]Row, error) {
	if q.Subject != "" {
		return db.All(tx, scanRow, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
			before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END FROM audit_entry
			WHERE subject = $1 AND ($2 = '' OR account = $2) AND ($3 = '' OR subject_agency = $3) AND ($4 = '' OR kind = $4)
			AND at_ms >= $5 AND (at_ms, id) < ($6, $7) AND subject_agency IN (SELECT agency_id FROM identity_reach
				WHERE account_id = $8 AND right_code = $9 AND from_ms <= $10 AND to_ms > $10)
			ORDER BY at_ms DESC, id DESC LIMIT $11`,
			q.Subject, q.Account, q.Agency, q.Kind, q.from, q.to, q.id, q.Reader, q.Right, q.Now.UnixMilli(), q.limit+1)
	}
	return db.All(tx, scanRow, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
		before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END FROM audit_entry
		WHERE ($1 = '' OR account = $1) AND ($2 = '' OR subject_agency = $2) AND ($3 = '' OR kind = $3)
		AND at_ms >= $4 AND (at_ms, id) < ($5, $6) AND subject_agency IN (SELECT agency_id FROM identity_reach
			WHERE account_id = $7 AND right_code = $8 AND from_ms <= $9 AND to_ms > $9)
		ORDER BY at_ms DESC, id DESC LIMIT $10`,
		q.Account, q.Agency, q.Kind, q.from, q.to, q.id, q.Reader, q.Right, q.Now.UnixMilli(), q.limit+1)
}
