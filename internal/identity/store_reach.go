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

// holdsOwn says whether the account holds the right somewhere by a grant of its own.
func holdsOwn(tx *db.Tx, account, right string, nowMs int64) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `
		SELECT right_code FROM identity_held
		 WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3 AND for_account_id = '' LIMIT 1`, account, right, nowMs)
	return found, err
}

// holdsEverywhere says whether the account holds the right over the whole province by
// a grant of its own: a grant at the province's agency is not yet that.
func holdsEverywhere(tx *db.Tx, account, right string, nowMs int64) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `
		SELECT right_code FROM identity_held
		 WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3 AND for_account_id = '' AND agency_id IS NULL LIMIT 1`, account, right, nowMs)
	return found, err
}

// countHolders counts the active accounts that hold a right province-wide by grant.
func countHolders(tx *db.Tx, right string, nowMs int64) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(DISTINCT account_id) FROM identity_held
		 WHERE right_code = $1 AND from_ms <= $2 AND to_ms > $2 AND for_account_id = '' AND agency_id IS NULL`, right, nowMs)
	return n, err
}

// bumpRights makes every node read the rights of its signed-in people again.
func bumpRights(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE identity_setting SET value = $1, version = version + 1 WHERE name = 'rights_version'`, db.NewID())
	return err
}

// heldSpan is one stretch of time in which a right is held somewhere.
type heldSpan struct {
	right        string
	fromMs, toMs int64
}

func heldSpans(tx *db.Tx, account string, nowMs int64) ([]heldSpan, error) {
	return db.All(tx, func(row db.Scanner) (h heldSpan, err error) {
		err = row.Scan(&h.right, &h.fromMs, &h.toMs)
		return h, err
	}, `
		SELECT right_code, from_ms, to_ms FROM identity_held WHERE account_id = $1 AND to_ms > $2`, account, nowMs)
}

// standing is what a request must know of its account.
type standing struct {
	id, login, name, agencyID, agencyName, lang string
	state                                       State
	mustChange                                  bool
	sessionsFromMs                              int64
	rightsVersion                               string
}

func standingOf(tx *db.Tx, account string) (standing, bool, error) {
	return db.One(tx, func(row db.Scanner) (s standing, err error) {
		err = row.Scan(&s.id, &s.login, &s.name, &s.agencyID, &s.agencyName, &s.lang, &s.state, &s.mustChange, &s.sessionsFromMs, &s.rightsVersion)
		return s, err
	}, `
		SELECT a.id, a.login, a.name, COALESCE(a.agency_id, ''), COALESCE(o.name, ''), a.lang, a.state, c.must_change, c.sessions_from_ms,
		       (SELECT value FROM identity_setting WHERE name = 'rights_version')
		  FROM identity_account a
		  JOIN identity_credential c ON c.account_id = a.id
		  LEFT JOIN org_agency o ON o.id = a.agency_id
		 WHERE a.id = $1`, account)
}
