package identity

import (
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
)

func scanToken(row db.Scanner) (t Token, err error) {
	var scopes string
	var created, expires, used int64
	var revoked *int64
	err = row.Scan(&t.ID, &t.AccountID, &t.Name, &scopes, &created, &expires, &revoked, &used)
	t.Scopes, t.Created, t.Expires = strings.Fields(scopes), clock.FromMs(created), clock.FromMs(expires)
	if revoked != nil {
		t.Revoked = clock.FromMs(*revoked)
	}
	if used > 0 {
		t.LastUsed = clock.FromMs(used)
	}
	return t, err
}

func insertToken(tx *db.Tx, t Token, hash string) error {
	_, err := tx.Exec(`
		INSERT INTO identity_token (id, account_id, name, token_hash, scopes, created_ms, expires_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.ID, t.AccountID, t.Name, hash, strings.Join(t.Scopes, " "), t.Created.UnixMilli(), t.Expires.UnixMilli())
	return err
}

func tokenByHash(tx *db.Tx, hash string) (Token, bool, error) {
	return db.One(tx, scanToken, `SELECT id, account_id, name, scopes, created_ms, expires_ms, revoked_ms, last_used_ms FROM identity_token WHERE token_hash = $1`, hash)
}

func tokenByID(tx *db.Tx, id string) (Token, bool, error) {
	return db.One(tx, scanToken, `SELECT id, account_id, name, scopes, created_ms, expires_ms, revoked_ms, last_used_ms FROM identity_token WHERE id = $1`, id)
}

func tokensOf(tx *db.Tx, account string) ([]Token, error) {
	return db.All(tx, scanToken, `
		SELECT id, account_id, name, scopes, created_ms, expires_ms, revoked_ms, last_used_ms FROM identity_token
		 WHERE account_id = $1 ORDER BY created_ms DESC, id LIMIT 200`, account)
}

func endToken(tx *db.Tx, id string, nowMs int64) (int64, error) {
	return tx.Exec(`UPDATE identity_token SET revoked_ms = $1 WHERE id = $2 AND revoked_ms IS NULL`, nowMs, id)
}

// touchToken keeps when a token was last used, at most once an hour.
func touchToken(tx *db.Tx, id string, nowMs, hourAgoMs int64) error {
	_, err := tx.Exec(`UPDATE identity_token SET last_used_ms = $1 WHERE id = $2 AND last_used_ms <= $3`, nowMs, id, hourAgoMs)
	return err
}
