package notice

import (
	"cchc/internal/clock"
	"cchc/internal/db"
)

func insertDelivery(tx *db.Tx, d delivery, nowMs int64) (fresh bool, err error) {
	var message any
	if d.messageID != "" {
		message = d.messageID
	}
	n, err := tx.Exec(`
		INSERT INTO notice_delivery (id, key, message_id, account_id, channel, state, due_ms, created_ms)
		VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7) ON CONFLICT (key) DO NOTHING`,
		d.id, d.key, message, d.account, d.channel, d.due.UnixMilli(), nowMs)
	return n == 1, err
}

// claimDelivery takes a due delivery that is nobody's, or whose worker's lease is over.
func claimDelivery(tx *db.Tx, id, attempt string, nowMs, leaseMs int64) (int64, error) {
	return tx.Exec(`
		UPDATE notice_delivery SET state = 'trying', attempt_id = $1, attempts = attempts + 1, lease_ms = $2
		 WHERE id = $3 AND done_ms IS NULL AND due_ms <= $4 AND lease_ms <= $4`, attempt, leaseMs, id, nowMs)
}

// dueDeliveries lists what waits to be sent, the longest due first.
func dueDeliveries(tx *db.Tx, nowMs int64) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT id FROM notice_delivery WHERE done_ms IS NULL AND due_ms <= $1 AND lease_ms <= $1 ORDER BY due_ms LIMIT 200`, nowMs)
}

type settled struct {
	id, attempt, state, result, transport, address, title, body string
	dueMs                                                       int64
	doneMs                                                      *int64
}

func settleDelivery(tx *db.Tx, x settled) (int64, error) {
	return tx.Exec(`
		UPDATE notice_delivery SET state = $1, result = $2, transport = $3, address = $4, title = $5, body = $6, due_ms = $7, done_ms = $8, lease_ms = 0
		 WHERE id = $9 AND attempt_id = $10 AND done_ms IS NULL`,
		x.state, x.result, x.transport, x.address, x.title, x.body, x.dueMs, x.doneMs, x.id, x.attempt)
}

// markUnended says of tries without a result that their program died: the message may have gone.
func markUnended(tx *db.Tx, delivery string) error {
	_, err := tx.Exec(`UPDATE notice_attempt SET result = 'maybe_sent' WHERE delivery_id = $1 AND ended_ms IS NULL`, delivery)
	return err
}

// markDead shows deliveries whose worker's lease is over as what they are.
func markDead(tx *db.Tx, nowMs int64) error {
	_, err := tx.Exec(`UPDATE notice_delivery SET state = 'maybe_sent', result = 'maybe_sent' WHERE done_ms IS NULL AND state = 'trying' AND lease_ms <= $1`, nowMs)
	return err
}

func insertAttempt(tx *db.Tx, id, delivery string, nowMs int64) error {
	_, err := tx.Exec(`INSERT INTO notice_attempt (id, delivery_id, begun_ms) VALUES ($1, $2, $3)`, id, delivery, nowMs)
	return err
}

func endAttempt(tx *db.Tx, id, result string, nowMs int64) error {
	_, err := tx.Exec(`UPDATE notice_attempt SET ended_ms = $1, result = $2 WHERE id = $3`, nowMs, result, id)
	return err
}

func scanDelivery(row db.Scanner) (d Delivery, err error) {
	var due, created int64
	var done *int64
	err = row.Scan(&d.ID, &d.Key, &d.MessageID, &d.AccountID, &d.Channel, &d.Transport, &d.State, &d.Result, &d.Address, &d.Title, &d.Body, &d.Attempts, &due, &created, &done)
	d.Due, d.Created = clock.FromMs(due), clock.FromMs(created)
	if done != nil {
		d.Done = clock.FromMs(*done)
	}
	return d, err
}

func deliveryByID(tx *db.Tx, id string) (Delivery, bool, error) {
	return db.One(tx, scanDelivery, `
		SELECT id, key, COALESCE(message_id, ''), account_id, channel, transport, state, result, address, title, body, attempts, due_ms, created_ms, done_ms
		  FROM notice_delivery WHERE id = $1`, id)
}

func listDeliveries(tx *db.Tx, f DeliveryFilter) ([]Delivery, error) {
	return db.All(tx, scanDelivery, `
		SELECT id, key, COALESCE(message_id, ''), account_id, channel, transport, state, result, address, title, body, attempts, due_ms, created_ms, done_ms
		  FROM notice_delivery
		 WHERE ($1 = '' OR state = $1) AND ($2 = '' OR channel = $2) AND ($3 = '' OR transport = $3) AND ($4 = '' OR account_id = $4) AND ($5 = '' OR id < $5)
		 ORDER BY id DESC LIMIT $6`, f.State, f.Channel, f.Transport, f.AccountID, f.Before, f.Limit)
}

func attemptsOf(tx *db.Tx, delivery string) ([]Attempt, error) {
	return db.All(tx, func(row db.Scanner) (a Attempt, err error) {
		var begun int64
		var ended *int64
		err = row.Scan(&a.ID, &a.Result, &begun, &ended)
		a.Begun = clock.FromMs(begun)
		if ended != nil {
			a.Ended = clock.FromMs(*ended)
		}
		return a, err
	}, `SELECT id, result, begun_ms, ended_ms FROM notice_attempt WHERE delivery_id = $1 ORDER BY begun_ms, id`, delivery)
}
