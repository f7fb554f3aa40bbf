package payment

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanMovement(row db.Scanner) (m Movement, err error) {
	err = row.Scan(&m.ID, &m.OrderID, &m.OrderCode, &m.Agency, &m.GatewayID, &m.Reference, &m.Way, &m.Amount, &m.AtMs, &m.Day, &m.By, &m.Standing, &m.ReturnOf, &m.Reason, &m.Version)
	return m, err
}

func addMovement(tx *db.Tx, m Movement) error {
	_, err := tx.Exec(`
		INSERT INTO payment_movement (id, order_id, agency_id, gateway_id, reference, way, amount, at_ms, day, by_id, standing, return_of, reason, version)
		VALUES ($1, NULLIF($2, ''), $3, NULLIF($4, ''), $5, $6, $7, $8, $9, $10, $11, NULLIF($12, ''), $13, 1)`,
		m.ID, m.OrderID, m.Agency, m.GatewayID, m.Reference, m.Way, m.Amount, m.AtMs, m.Day, m.By, m.Standing, m.ReturnOf, m.Reason)
	return err
}

func saveMovement(tx *db.Tx, m Movement) error {
	return stale(tx.Exec(`
		UPDATE payment_movement SET order_id = NULLIF($1, ''), agency_id = $2, standing = $3, reason = $4, version = version + 1 WHERE id = $5 AND version = $6`,
		m.OrderID, m.Agency, m.Standing, m.Reason, m.ID, m.Version))
}

// findMovement reads one movement: NotFound "payment.movement_unknown".
func findMovement(tx *db.Tx, id string) (Movement, error) {
	m, found, err := db.One(tx, scanMovement, `
		SELECT m.id, COALESCE(m.order_id, ''), COALESCE(p.code, ''), m.agency_id, COALESCE(m.gateway_id, ''), m.reference, m.way, m.amount, m.at_ms, m.day, m.by_id, m.standing,
		       COALESCE(m.return_of, ''), m.reason, m.version
		FROM payment_movement m LEFT JOIN payment_order p ON p.id = m.order_id WHERE m.id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "payment.movement_unknown")
	}
	return m, err
}

// toldBefore finds what a gateway told under one of its numbers.
func toldBefore(tx *db.Tx, gateway, reference string) (Movement, bool, error) {
	return db.One(tx, scanMovement, `
		SELECT m.id, COALESCE(m.order_id, ''), COALESCE(p.code, ''), m.agency_id, COALESCE(m.gateway_id, ''), m.reference, m.way, m.amount, m.at_ms, m.day, m.by_id, m.standing,
		       COALESCE(m.return_of, ''), m.reason, m.version
		FROM payment_movement m LEFT JOIN payment_order p ON p.id = m.order_id WHERE m.gateway_id = $1 AND m.reference = $2 AND m.return_of IS NULL`, gateway, reference)
}

// movementsOf lists the movements of an order, first to last.
func movementsOf(tx *db.Tx, order string) ([]Movement, error) {
	return db.All(tx, scanMovement, `
		SELECT m.id, COALESCE(m.order_id, ''), '', m.agency_id, COALESCE(m.gateway_id, ''), m.reference, m.way, m.amount, m.at_ms, m.day, m.by_id, m.standing,
		       COALESCE(m.return_of, ''), m.reason, m.version
		FROM payment_movement m WHERE m.order_id = $1 ORDER BY m.at_ms, m.id`, order)
}

// openMovements lists what somebody must deal with, within reach, by id.
func openMovements(tx *db.Tx, f Filter, after string, limit int) ([]Movement, error) {
	return db.All(tx, scanMovement, `
		SELECT m.id, COALESCE(m.order_id, ''), COALESCE(p.code, ''), m.agency_id, COALESCE(m.gateway_id, ''), m.reference, m.way, m.amount, m.at_ms, m.day, m.by_id, m.standing,
		       COALESCE(m.return_of, ''), m.reason, m.version
		FROM payment_movement m LEFT JOIN payment_order p ON p.id = m.order_id
		WHERE m.standing IN ('surplus', 'wrong_amount', 'unknown') AND m.id > $5
		  AND m.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($4 = '' OR m.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		ORDER BY m.id LIMIT $6`, f.account, f.right, f.nowMs, f.Agency, after, limit)
}

// gatewayMovements lists what came through a gateway on one day.
func gatewayMovements(tx *db.Tx, gateway, day string) ([]Movement, error) {
	return db.All(tx, scanMovement, `
		SELECT m.id, COALESCE(m.order_id, ''), COALESCE(p.code, ''), m.agency_id, COALESCE(m.gateway_id, ''), m.reference, m.way, m.amount, m.at_ms, m.day, m.by_id, m.standing,
		       COALESCE(m.return_of, ''), m.reason, m.version
		FROM payment_movement m LEFT JOIN payment_order p ON p.id = m.order_id
		WHERE m.gateway_id = $1 AND m.day = $2 AND m.return_of IS NULL ORDER BY m.at_ms, m.id`, gateway, day)
}

// drawer is the cash that one cashier of an agency should hold at the end of a day: what
// they took less what they paid back.
func drawer(tx *db.Tx, agency, account, day string) (n int64, err error) {
	n, _, err = db.One(tx, db.Value[int64], `
		SELECT CAST(COALESCE(SUM(CASE WHEN standing = 'out' THEN -amount ELSE amount END), 0) AS BIGINT)
		FROM payment_movement WHERE agency_id = $1 AND by_id = $2 AND day = $3 AND way = 'cash'`, agency, account, day)
	return n, err
}

func scanClosing(row db.Scanner) (c Closing, err error) {
	var first, last int64
	err = row.Scan(&c.ID, &c.Agency, &c.AgencyName, &c.Account, &c.Name, &c.Day, &c.Expected, &c.Counted, &c.Receipts, &first, &last, &c.Reason, &c.ClosedMs, &c.ConfirmedBy, &c.ConfirmedMs, &c.Version)
	c.FirstNo, c.LastNo = number(first), number(last)
	return c, err
}

// closedDay says whether a cashier has closed a day.
func closedDay(tx *db.Tx, agency, account, day string) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `SELECT id FROM payment_closing WHERE agency_id = $1 AND account_id = $2 AND day = $3`, agency, account, day)
	return found, err
}

func addClosing(tx *db.Tx, c Closing, first, last int64) error {
	_, err := tx.Exec(`
		INSERT INTO payment_closing (id, agency_id, account_id, name, day, expected, counted, receipts, first_no, last_no, reason, closed_ms, confirmed_by, confirmed_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 0, 1)`,
		c.ID, c.Agency, c.Account, c.Name, c.Day, c.Expected, c.Counted, c.Receipts, first, last, c.Reason, c.ClosedMs)
	return err
}

func confirmClosing(tx *db.Tx, c Closing) error {
	return stale(tx.Exec(`UPDATE payment_closing SET confirmed_by = $1, confirmed_ms = $2, version = version + 1 WHERE id = $3 AND version = $4`, c.ConfirmedBy, c.ConfirmedMs, c.ID, c.Version))
}

// findClosing reads one: NotFound "payment.closing_unknown".
func findClosing(tx *db.Tx, id string) (Closing, error) {
	c, found, err := db.One(tx, scanClosing, `
		SELECT c.id, c.agency_id, a.name, c.account_id, c.name, c.day, c.expected, c.counted, c.receipts, c.first_no, c.last_no, c.reason, c.closed_ms, c.confirmed_by, c.confirmed_ms, c.version
		FROM payment_closing c JOIN org_agency a ON a.id = c.agency_id WHERE c.id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "payment.closing_unknown")
	}
	return c, err
}

// listClosings lists closings within reach, newest first, after the key (day, id).
func listClosings(tx *db.Tx, f Filter, afterDay, afterID string, limit int) ([]Closing, error) {
	return db.All(tx, scanClosing, `
		SELECT c.id, c.agency_id, a.name, c.account_id, c.name, c.day, c.expected, c.counted, c.receipts, c.first_no, c.last_no, c.reason, c.closed_ms, c.confirmed_by, c.confirmed_ms, c.version
		FROM payment_closing c JOIN org_agency a ON a.id = c.agency_id
		WHERE c.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($4 = '' OR (c.day, c.id) < ($4, $5)) ORDER BY c.day DESC, c.id DESC LIMIT $6`, f.account, f.right, f.nowMs, afterDay, afterID, limit)
}
