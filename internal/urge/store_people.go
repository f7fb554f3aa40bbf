package urge

import (
	"cchc/internal/db"
)

// withRole lists the accounts of an agency that hold a role over it now, by login.
func withRole(tx *db.Tx, agency, role string, nowMs int64) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT DISTINCT a.id FROM identity_account a JOIN identity_grant g ON g.account_id = a.id
		WHERE a.agency_id = $1 AND a.state = 'active' AND g.role_code = $2 AND g.revoked_ms IS NULL AND g.from_ms <= $3 AND g.to_ms > $3 ORDER BY a.id`, agency, role, nowMs)
}

func isActive(tx *db.Tx, account string) (bool, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM identity_account WHERE id = $1 AND state = 'active'`, account)
	return n > 0, err
}

func agencyName(tx *db.Tx, id string) (string, error) {
	name, _, err := db.One(tx, db.Value[string], `SELECT name FROM org_agency WHERE id = $1`, id)
	return name, err
}

// agencyOf is the agency to which an account belongs, "" when it belongs to none.
func agencyOf(tx *db.Tx, account string) (string, error) {
	id, _, err := db.One(tx, db.Value[string], `SELECT COALESCE(agency_id, '') FROM identity_account WHERE id = $1`, account)
	return id, err
}
