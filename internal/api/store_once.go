package api

import "cchc/internal/db"

// keep inserts a running call; false when the key is taken.
func keep(tx *db.Tx, c call) (fresh bool, err error) {
	n, err := tx.Exec(`INSERT INTO api_idempotency (account_id, route, request_key, request_hash, status, answer_type, answer_body, created_ms)
		VALUES ($1, $2, $3, $4, 0, '', '', $5) ON CONFLICT (account_id, route, request_key) DO NOTHING`,
		c.Account, c.Route, c.Key, c.Hash, c.CreatedMs)
	return n == 1, err
}

func kept(tx *db.Tx, c call) (call, bool, error) {
	return db.One(tx, scanCall, `SELECT account_id, route, request_key, request_hash, status, answer_type, answer_body, created_ms
		FROM api_idempotency WHERE account_id = $1 AND route = $2 AND request_key = $3`, c.Account, c.Route, c.Key)
}

func scanCall(row db.Scanner) (c call, err error) {
	err = row.Scan(&c.Account, &c.Route, &c.Key, &c.Hash, &c.Status, &c.Type, &c.Body, &c.CreatedMs)
	return c, err
}

// answer keeps the answer of a running call; one that a service settled already stays.
func answer(tx *db.Tx, c call) error {
	_, err := tx.Exec(`UPDATE api_idempotency SET status = $1, answer_type = $2, answer_body = $3
		WHERE account_id = $4 AND route = $5 AND request_key = $6 AND status = 0`, c.Status, c.Type, c.Body, c.Account, c.Route, c.Key)
	return err
}

// release frees the key of a call that is still running.
func release(tx *db.Tx, c call) error {
	_, err := tx.Exec(`DELETE FROM api_idempotency WHERE account_id = $1 AND route = $2 AND request_key = $3 AND status = 0`,
		c.Account, c.Route, c.Key)
	return err
}

func forgetBefore(tx *db.Tx, ms int64) error {
	_, err := tx.Exec(`DELETE FROM api_idempotency WHERE created_ms < $1`, ms)
	return err
}
