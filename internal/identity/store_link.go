package identity

import "cchc/internal/db"

func insertLink(tx *db.Tx, hash, account, purpose, by string, nowMs, expiresMs int64) error {
	_, err := tx.Exec(`
		INSERT INTO identity_link (token_hash, account_id, purpose, created_by, created_ms, expires_ms) VALUES ($1, $2, $3, $4, $5, $6)`,
		hash, account, purpose, by, nowMs, expiresMs)
	return err
}

// dropLinks ends the links of an account that still work.
func dropLinks(tx *db.Tx, account string, nowMs int64) error {
	_, err := tx.Exec(`UPDATE identity_link SET expires_ms = $1 WHERE account_id = $2 AND used_ms IS NULL AND expires_ms > $1`, nowMs, account)
	return err
}

func useLink(tx *db.Tx, hash string, nowMs int64) (int64, error) {
	return tx.Exec(`UPDATE identity_link SET used_ms = $1 WHERE token_hash = $2 AND used_ms IS NULL AND expires_ms > $1`, nowMs, hash)
}

func accountByLink(tx *db.Tx, hash string, nowMs int64) (Account, bool, error) {
	return db.One(tx, scanAccount, `
		SELECT a.id, a.login, a.name, a.name_sort, a.email, a.phone, COALESCE(a.agency_id, ''), COALESCE(a.post_id, ''), a.state, a.lang, a.preferences, a.created_ms, a.version
		  FROM identity_link l JOIN identity_account a ON a.id = l.account_id
		 WHERE l.token_hash = $1 AND l.used_ms IS NULL AND l.expires_ms > $2`, hash, nowMs)
}

// hasGrant says whether an account has a role over the whole province now.
func hasGrant(tx *db.Tx, account, role string, nowMs int64) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `
		SELECT id FROM identity_grant WHERE account_id = $1 AND role_code = $2 AND agency_id IS NULL AND from_ms <= $3 AND to_ms > $3 LIMIT 1`, account, role, nowMs)
	return found, err
}
