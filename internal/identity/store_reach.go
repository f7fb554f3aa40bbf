package identity

import (
	"time"

	"cchc/internal/db"
)

// reaches finds the account for whom the right is held over the agency: "" when it
// is the account's own, which comes before any delegation.
func reaches(tx *db.Tx, account, right, agency string, now time.Time) (forAccount string, found bool, err error) {
	return db.One(tx, db.Value[string], `
		SELECT for_account_id FROM identity_reach
		 WHERE account_id = $1 AND right_code = $2 AND agency_id = $3 AND from_ms <= $4 AND to_ms > $4
		 ORDER BY for_account_id LIMIT 1`, account, right, agency, now.UnixMilli())
}
