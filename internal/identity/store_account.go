package identity

import (
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
)

func scanAccount(row db.Scanner) (a Account, err error) {
	var created int64
	err = row.Scan(&a.ID, &a.Login, &a.Name, &a.sort, &a.Email, &a.Phone, &a.AgencyID, &a.PostID, &a.State, &a.Lang, &a.Preferences, &created, &a.Version)
	a.Created = clock.FromMs(created)
	return a, err
}

func accountByID(tx *db.Tx, id string) (Account, bool, error) {
	return db.One(tx, scanAccount, `
		SELECT id, login, name, name_sort, email, phone, COALESCE(agency_id, ''), COALESCE(post_id, ''), state, lang, preferences, created_ms, version
		  FROM identity_account WHERE id = $1`, id)
}

func accountByLogin(tx *db.Tx, login string) (Account, bool, error) {
	return db.One(tx, scanAccount, `
		SELECT id, login, name, name_sort, email, phone, COALESCE(agency_id, ''), COALESCE(post_id, ''), state, lang, preferences, created_ms, version
		  FROM identity_account WHERE login = $1`, login)
}

// listAccounts pages by (name_sort, id). Accounts without an agency belong to the
// province-wide reach.
func listAccounts(tx *db.Tx, reader, right string, nowMs int64, f AccountFilter) ([]Account, int, error) {
	sort, id, _ := strings.Cut(f.After, " ")
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Search) + "%"
	list, err := db.All(tx, scanAccount, `
		SELECT id, login, name, name_sort, email, phone, COALESCE(agency_id, ''), COALESCE(post_id, ''), state, lang, preferences, created_ms, version
		  FROM identity_account
		 WHERE COALESCE(agency_id, '') IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		   AND search_fold LIKE $4 ESCAPE '\'
		   AND ($5 = '' OR agency_id = $5) AND ($6 = '' OR state = $6)
		   AND (name_sort, id) > ($7, $8)
		 ORDER BY name_sort, id LIMIT $9`,
		reader, right, nowMs, pattern, f.AgencyID, string(f.State), sort, id, f.Limit)
	if err != nil {
		return nil, 0, err
	}
	total, _, err := db.One(tx, db.Value[int], `
		SELECT COUNT(*) FROM (SELECT id
		  FROM identity_account
		 WHERE COALESCE(agency_id, '') IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		   AND search_fold LIKE $4 ESCAPE '\'
		   AND ($5 = '' OR agency_id = $5) AND ($6 = '' OR state = $6)
		 LIMIT 1001) AS few`,
		reader, right, nowMs, pattern, f.AgencyID, string(f.State))
	return list, total, err
}

func insertAccount(tx *db.Tx, a Account, fold string) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO identity_account (id, login, name, name_sort, search_fold, email, phone, agency_id, post_id, state, lang, preferences, created_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (login) DO NOTHING`,
		a.ID, a.Login, a.Name, a.sort, fold, a.Email, a.Phone, orNull(a.AgencyID), orNull(a.PostID), string(a.State), a.Lang, a.Preferences, a.Created.UnixMilli(), a.Version)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(`INSERT INTO identity_credential (account_id) VALUES ($1)`, a.ID)
	return true, err
}

func updateAccount(tx *db.Tx, a Account, fold string, version int64) (int64, error) {
	return tx.Exec(`
		UPDATE identity_account SET login = $1, name = $2, name_sort = $3, search_fold = $4, email = $5, phone = $6, agency_id = $7, post_id = $8, lang = $9, version = version + 1
		 WHERE id = $10 AND version = $11`,
		a.Login, a.Name, a.sort, fold, a.Email, a.Phone, orNull(a.AgencyID), orNull(a.PostID), a.Lang, a.ID, version)
}

func setState(tx *db.Tx, id string, to State, version int64) (int64, error) {
	return tx.Exec(`UPDATE identity_account SET state = $1, version = version + 1 WHERE id = $2 AND version = $3`, string(to), id, version)
}

func setPreferences(tx *db.Tx, id, lang, preferences string) error {
	_, err := tx.Exec(`UPDATE identity_account SET lang = $1, preferences = $2, version = version + 1 WHERE id = $3`, lang, preferences, id)
	return err
}

// orNull stores "" as NULL where the column refers to another table.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
