package identity

import (
	"encoding/base64"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
)

type sessionRow struct {
	hash, id, account string
	data              []byte
	from, agent       string
	beganMs, seenMs   int64
	replaced          bool
}

// expired says whether the session has run out by our clock.
func (r sessionRow) expired(now time.Time) bool {
	return now.UnixMilli()-r.seenMs >= IdleTimeout.Milliseconds() || now.UnixMilli()-r.beganMs >= SessionLifetime.Milliseconds()
}

func sessionByHash(tx *db.Tx, hash string) (sessionRow, bool, error) {
	return db.One(tx, func(row db.Scanner) (r sessionRow, err error) {
		var data string
		if err = row.Scan(&data, &r.account, &r.beganMs, &r.seenMs, &r.replaced); err != nil {
			return r, err
		}
		r.data, err = base64.StdEncoding.DecodeString(data)
		return r, err
	}, `SELECT data, account_id, created_ms, seen_ms, replaced FROM identity_session WHERE token_hash = $1`, hash)
}

func updateSession(tx *db.Tx, r sessionRow) (int64, error) {
	return tx.Exec(`UPDATE identity_session SET data = $1, account_id = $2, seen_ms = $3 WHERE token_hash = $4 AND NOT replaced`,
		base64.StdEncoding.EncodeToString(r.data), r.account, r.seenMs, r.hash)
}

func insertSession(tx *db.Tx, r sessionRow) error {
	_, err := tx.Exec(`
		INSERT INTO identity_session (token_hash, id, account_id, data, from_ip, agent, created_ms, seen_ms, replaced)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE)`,
		r.hash, r.id, r.account, base64.StdEncoding.EncodeToString(r.data), r.from, r.agent, r.beganMs, r.seenMs)
	return err
}

func touchSession(tx *db.Tx, hash string, nowMs int64) error {
	_, err := tx.Exec(`UPDATE identity_session SET seen_ms = $1 WHERE token_hash = $2 AND seen_ms < $1 AND NOT replaced`, nowMs, hash)
	return err
}

func deleteSession(tx *db.Tx, hash string) error {
	_, err := tx.Exec(`DELETE FROM identity_session WHERE token_hash = $1`, hash)
	return err
}

// replaceSession frees the session's id for its successor and lets the old token run out.
func replaceSession(tx *db.Tx, hash, newID string, seenMs int64) (int64, error) {
	return tx.Exec(`UPDATE identity_session SET id = $1, seen_ms = $2, replaced = TRUE WHERE token_hash = $3 AND NOT replaced`, newID, seenMs, hash)
}

// Session is one place where an account is signed in (phiên đăng nhập).
type Session struct {
	ID, AccountID, From, Agent string
	Began, Seen                time.Time
}

func scanSession(row db.Scanner) (x Session, err error) {
	var began, seen int64
	err = row.Scan(&x.ID, &x.AccountID, &x.From, &x.Agent, &began, &seen)
	x.Began, x.Seen = clock.FromMs(began), clock.FromMs(seen)
	return x, err
}

func sessionsOf(tx *db.Tx, account string, idleMs, oldMs int64) ([]Session, error) {
	return db.All(tx, scanSession, `
		SELECT id, account_id, from_ip, agent, created_ms, seen_ms FROM identity_session
		 WHERE account_id = $1 AND seen_ms > $2 AND created_ms > $3 AND NOT replaced ORDER BY seen_ms DESC, id LIMIT 100`, account, idleMs, oldMs)
}

func sessionByID(tx *db.Tx, id string) (Session, bool, error) {
	return db.One(tx, scanSession, `SELECT id, account_id, from_ip, agent, created_ms, seen_ms FROM identity_session WHERE id = $1`, id)
}

// deleteSessionsOf deletes an account's sessions but the one with id keep, and those a
// renewal has just replaced.
func deleteSessionsOf(tx *db.Tx, account, keep string) error {
	_, err := tx.Exec(`DELETE FROM identity_session WHERE account_id = $1 AND (id <> $2 OR replaced)`, account, keep)
	return err
}

// deleteSessionByID also deletes tokens of the account that a renewal has just
// replaced: one of them may be this session's.
func deleteSessionByID(tx *db.Tx, id, account string) error {
	_, err := tx.Exec(`DELETE FROM identity_session WHERE account_id = $1 AND (id = $2 OR replaced)`, account, id)
	return err
}

func setSessionsFrom(tx *db.Tx, account string, ms int64) error {
	_, err := tx.Exec(`UPDATE identity_credential SET sessions_from_ms = $1 WHERE account_id = $2`, ms, account)
	return err
}

func sweep(tx *db.Tx, idleMs, oldMs, forgetMs, nowMs int64) error {
	if _, err := tx.Exec(`DELETE FROM identity_session WHERE seen_ms <= $1 OR created_ms <= $2`, idleMs, oldMs); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM identity_attempt WHERE last_ms <= $1 AND until_ms <= $2`, forgetMs, nowMs); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM identity_link WHERE expires_ms <= $1`, forgetMs)
	return err
}
