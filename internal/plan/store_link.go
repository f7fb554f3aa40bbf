package plan

import "cchc/internal/db"

// linksKept is how long a link that no longer works is remembered, so that it can say
// that it was used or is too old.
const linksKept = 90 * 24 * 3600 * 1000

// addLink keeps a link and forgets those that ended long ago.
func addLink(tx *db.Tx, l mailLink, nowMs int64) error {
	if _, err := tx.Exec(`DELETE FROM plan_link WHERE expires_ms < $1`, nowMs-linksKept); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO plan_link (hash, account_id, assignment_id, made_ms, expires_ms, used_ms) VALUES ($1, $2, $3, $4, $5, 0)`,
		l.Hash, l.Account, l.Assignment, nowMs, l.ExpiresMs)
	return err
}

func findLink(tx *db.Tx, hash string) (mailLink, bool, error) {
	return db.One(tx, func(row db.Scanner) (l mailLink, err error) {
		err = row.Scan(&l.Hash, &l.Account, &l.Assignment, &l.ExpiresMs, &l.UsedMs)
		return l, err
	}, `SELECT hash, account_id, assignment_id, expires_ms, used_ms FROM plan_link WHERE hash = $1`, hash)
}

// useLink marks a link used; false when somebody was first.
func useLink(tx *db.Tx, hash string, nowMs int64) (bool, error) {
	n, err := tx.Exec(`UPDATE plan_link SET used_ms = $1 WHERE hash = $2 AND used_ms = 0`, nowMs, hash)
	return n == 1, err
}
