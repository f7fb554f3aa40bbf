package inbox

import (
	"time"

	"cchc/internal/db"
)

// SeenAt is when the account last looked at its inbox, in ms; 0 when it never did.
func SeenAt(tx *db.Tx, account string) (int64, error) {
	ms, _, err := db.One(tx, db.Value[int64], `SELECT seen_ms FROM inbox_seen WHERE account_id = $1`, account)
	return ms, err
}

// MarkSeen notes that the account looks now. It never goes back: two tabs may answer in
// any order.
func MarkSeen(tx *db.Tx, account string, now time.Time) error {
	_, err := tx.Exec(`
		INSERT INTO inbox_seen (account_id, seen_ms) VALUES ($1, $2)
		ON CONFLICT (account_id) DO UPDATE SET seen_ms = excluded.seen_ms WHERE inbox_seen.seen_ms < excluded.seen_ms`,
		account, now.UnixMilli())
	return err
}
