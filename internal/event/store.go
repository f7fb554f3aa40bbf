package event

import "cchc/internal/db"

// posted is one announcement as one subscriber sees it.
type posted struct {
	id, body string
	attempts int64
	nextMs   int64
}

func insert(tx *db.Tx, id, kind, body string, ms int64) error {
	_, err := tx.Exec(`INSERT INTO event_outbox (id, kind, body, created_ms) VALUES ($1, $2, $3, $4)`, id, kind, body, ms)
	return err
}

// waitingKinds reads what is not done, never "newer than the last one seen": an older
// announcement may be committed later.
func waitingKinds(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT DISTINCT kind FROM event_outbox WHERE done_ms IS NULL ORDER BY kind`)
}

// waitingFor lists what a subscriber was not told yet, oldest first.
func waitingFor(tx *db.Tx, kind, subscriber string, limit int) ([]posted, error) {
	return db.All(tx, func(s db.Scanner) (p posted, err error) {
		err = s.Scan(&p.id, &p.body, &p.attempts, &p.nextMs)
		return p, err
	}, `SELECT o.id, o.body, COALESCE(d.attempts, 0), COALESCE(d.next_ms, 0)
		FROM event_outbox o LEFT JOIN event_delivery d ON d.event_id = o.id AND d.subscriber = $2
		WHERE o.kind = $1 AND o.done_ms IS NULL AND d.done_ms IS NULL AND d.parked_ms IS NULL
		ORDER BY o.created_ms, o.id LIMIT $3`, kind, subscriber, limit)
}

// claim writes the delivery row; false when the subscriber was told already.
func claim(tx *db.Tx, id, kind, subscriber string, ms int64) (bool, error) {
	n, err := tx.Exec(`INSERT INTO event_delivery (event_id, subscriber, kind, done_ms, attempts) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (event_id, subscriber) DO UPDATE SET done_ms = excluded.done_ms, attempts = event_delivery.attempts + 1, error = ''
		WHERE event_delivery.done_ms IS NULL AND event_delivery.parked_ms IS NULL`, id, subscriber, kind, ms)
	return n > 0, err
}

// fail keeps why a subscriber could not work; parkedMs is nil while it is tried again.
func fail(tx *db.Tx, id, kind, subscriber, text string, nextMs int64, parkedMs *int64) error {
	_, err := tx.Exec(`INSERT INTO event_delivery (event_id, subscriber, kind, attempts, next_ms, parked_ms, error) VALUES ($1, $2, $3, 1, $4, $5, $6)
		ON CONFLICT (event_id, subscriber) DO UPDATE SET attempts = event_delivery.attempts + 1, next_ms = excluded.next_ms,
		parked_ms = excluded.parked_ms, error = excluded.error WHERE event_delivery.done_ms IS NULL`, id, subscriber, kind, nextMs, parkedMs, text)
	return err
}

// finish closes an announcement of which every subscriber was told, or was given up.
func finish(tx *db.Tx, id string, ms int64, subscribers int) error {
	_, err := tx.Exec(`UPDATE event_outbox SET done_ms = $1 WHERE id = $2 AND done_ms IS NULL AND (SELECT COUNT(*) FROM event_delivery
		WHERE event_id = $2 AND (done_ms IS NOT NULL OR parked_ms IS NOT NULL)) >= $3`, ms, id, subscribers)
	return err
}

// finishKind does the same for a whole kind: after a crash, or when nobody subscribes.
func finishKind(tx *db.Tx, kind string, ms int64, subscribers int) error {
	_, err := tx.Exec(`UPDATE event_outbox SET done_ms = $1 WHERE kind = $2 AND done_ms IS NULL AND (SELECT COUNT(*) FROM event_delivery
		WHERE event_id = event_outbox.id AND (done_ms IS NOT NULL OR parked_ms IS NOT NULL)) >= $3`, ms, kind, subscribers)
	return err
}

func failing(tx *db.Tx, limit int) ([]Delivery, error) {
	return db.All(tx, func(s db.Scanner) (d Delivery, err error) {
		err = s.Scan(&d.EventID, &d.Subscriber, &d.Kind, &d.Attempts, &d.NextMs, &d.Parked, &d.Error)
		return d, err
	}, `SELECT event_id, subscriber, kind, attempts, next_ms, parked_ms IS NOT NULL, error
		FROM event_delivery WHERE done_ms IS NULL ORDER BY event_id DESC, subscriber LIMIT $1`, limit)
}

func reopen(tx *db.Tx, id, subscriber string) (bool, error) {
	n, err := tx.Exec(`UPDATE event_delivery SET parked_ms = NULL, next_ms = 0, attempts = 0
		WHERE event_id = $1 AND subscriber = $2 AND done_ms IS NULL`, id, subscriber)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(`UPDATE event_outbox SET done_ms = NULL WHERE id = $1`, id)
	return true, err
}

// old lists finished announcements that no longer serve; those given up stay.
func old(tx *db.Tx, beforeMs int64, limit int) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT id FROM event_outbox WHERE done_ms < $1 AND NOT EXISTS
		(SELECT 1 FROM event_delivery WHERE event_id = event_outbox.id AND done_ms IS NULL) ORDER BY done_ms LIMIT $2`, beforeMs, limit)
}

func forget(tx *db.Tx, id string) error {
	if _, err := tx.Exec(`DELETE FROM event_delivery WHERE event_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM event_outbox WHERE id = $1 AND done_ms IS NOT NULL`, id)
	return err
}
