package admin

import "cchc/internal/db"

// person is how pages name an account.
type person struct{ ID, Login, Name string }

func scanPerson(row db.Scanner) (p person, err error) {
	err = row.Scan(&p.ID, &p.Login, &p.Name)
	return p, err
}

func personByID(tx *db.Tx, id string) (person, bool, error) {
	return db.One(tx, scanPerson, `SELECT id, login, name FROM identity_account WHERE id = $1`, id)
}

// hasSecondFactor says whether an account signs in with a second factor; no secret is read.
func hasSecondFactor(tx *db.Tx, account string) (bool, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM identity_credential WHERE account_id = $1 AND totp_sealed <> ''`, account)
	return n > 0, err
}

// allRights lists the rights known to the program, by code.
func allRights(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT code FROM identity_right ORDER BY code`)
}

// ownRights lists what an account holds by grants of its own at one moment and may
// hand on: rights over accounts are never delegated.
func ownRights(tx *db.Tx, account string, nowMs int64) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT DISTINCT right_code FROM identity_held
		 WHERE account_id = $1 AND for_account_id = '' AND from_ms <= $2 AND to_ms > $2 AND right_code NOT LIKE 'identity.%'
		 ORDER BY right_code`, account, nowMs)
}
