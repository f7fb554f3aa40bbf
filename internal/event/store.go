package event

import "cchc/internal/db"

// posted is one outbox row.
type posted struct{ id, kind, body string }

func insert(tx *db.Tx, id, kind, body string, ms int64) error {
	_, err := tx.Exec(`INSERT INTO event_outbox (id, kind, body, created_ms) VALUES ($1, $2, $3, $4)`, id, kind, body, ms)
	return err
}

func waiting(tx *db.Tx, limit int) ([]posted, error) {
	return db.All(tx, func(s db.Scanner) (p posted, err error) { err = s.Scan(&p.id, &p.kind, &p.body); return p, err },
		`SELECT id, kind, body FROM event_outbox WHERE done_ms IS NULL ORDER BY created_ms, id LIMIT $1`, limit)
}

func finish(tx *db.Tx, id string, ms int64) error {
	_, err := tx.Exec(`UPDATE event_outbox SET done_ms = $1 WHERE id = $2 AND done_ms IS NULL`, ms, id)
	return err
}
