package payment

import (
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

func scanOrder(row db.Scanner) (o Order, err error) {
	err = row.Scan(&o.ID, &o.Code, &o.Ref, &o.Token, &o.DossierID, &o.DossierCode, &o.Procedure, &o.Name, &o.Collector, &o.Agency, &o.Payer, &o.Address, &o.Variant,
		&o.State, &o.Way, &o.GatewayID, &o.Due, &o.CreatedMs, &o.CreatedBy, &o.PaidMs, &o.PaidDay, &o.CollectedBy, &o.Reason, &o.Version)
	return o, err
}

// findOrder reads an order by its id, code, reference or token, without regard to reach:
// NotFound "payment.unknown".
func findOrder(tx *db.Tx, by, value string) (Order, error) {
	o, found, err := db.One(tx, scanOrder, `
		SELECT p.id, p.code, p.ref, p.token, p.dossier_id, p.dossier_code, p.procedure, p.name, p.agency_id, a.name, p.payer, p.address, p.variant, p.state, p.way, COALESCE(p.gateway_id, ''), p.due, p.created_ms, p.created_by, p.paid_ms, p.paid_day, p.collected_by, p.reason, p.version
		FROM payment_order p JOIN org_agency a ON a.id = p.agency_id
		WHERE p.id = CASE $1 WHEN 'id' THEN $2
		                     WHEN 'code' THEN (SELECT x.id FROM payment_order x WHERE x.code = $2)
		                     WHEN 'ref' THEN (SELECT x.id FROM payment_order x WHERE x.ref = $2)
		                     ELSE (SELECT x.id FROM payment_order x WHERE x.token = $2) END`, by, value)
	if err != nil {
		return o, err
	}
	if !found || value == "" {
		return o, unknown()
	}
	o.Lines, err = linesOf(tx, o.ID)
	return o, err
}

func unknown() *errs.Error { return errs.New(errs.NotFound, "payment.unknown") }

func scanLine(row db.Scanner) (l Line, err error) {
	err = row.Scan(&l.Code, &l.Name, &l.Kind, &l.Unit, &l.Items, &l.Amount, &l.Exempt, &l.Net)
	return l, err
}

func linesOf(tx *db.Tx, order string) ([]Line, error) {
	return db.All(tx, scanLine, `SELECT code, name, kind, unit, items, amount, exempt, net FROM payment_line WHERE order_id = $1 ORDER BY no`, order)
}

// Filter narrows a list of orders; zero fields do not.
type Filter struct {
	Agency string // this agency and those below it
	State  State
	Day    string // asked or paid on this day
	Words  string // in the codes or the payer's name
	// Account and Right cut the list to what somebody reaches.
	account, right string
	nowMs          int64
}

// listOrders lists orders within reach, newest first, after the key (created_ms, id).
func listOrders(tx *db.Tx, f Filter, fromMs, toMs, afterMs int64, afterID string, limit int) ([]Order, error) {
	return db.All(tx, scanOrder, `
		SELECT p.id, p.code, p.ref, p.token, p.dossier_id, p.dossier_code, p.procedure, p.name, p.agency_id, a.name, p.payer, p.address, p.variant, p.state, p.way, COALESCE(p.gateway_id, ''), p.due, p.created_ms, p.created_by, p.paid_ms, p.paid_day, p.collected_by, p.reason, p.version
		FROM payment_order p JOIN org_agency a ON a.id = p.agency_id
		WHERE p.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($4 = '' OR p.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR p.state = $5) AND ($6 = '' OR (p.created_ms >= $7 AND p.created_ms < $8) OR p.paid_day = $6)
		  AND ($9 = '' OR p.fold LIKE '%' || $9 || '%')
		  AND ($10 = '' OR (p.created_ms, p.id) < ($11, $10))
		ORDER BY p.created_ms DESC, p.id DESC LIMIT $12`,
		f.account, f.right, f.nowMs, f.Agency, f.State, f.Day, fromMs, toMs, text.Fold(f.Words), afterID, afterMs, limit)
}

// openOrders says how many orders of a dossier wait for money; paidCodes which of its
// fees are paid.
func openOrders(tx *db.Tx, dossier string) (n int64, err error) {
	n, _, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM payment_order WHERE dossier_id = $1 AND state IN ('unpaid', 'pending')`, dossier)
	return n, err
}

func openToken(tx *db.Tx, dossier string) (string, error) {
	token, _, err := db.One(tx, db.Value[string], `SELECT token FROM payment_order WHERE dossier_id = $1 AND state IN ('unpaid', 'pending') ORDER BY id LIMIT 1`, dossier)
	return token, err
}

func paidCodes(tx *db.Tx, dossier string) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT DISTINCT l.code FROM payment_line l JOIN payment_order p ON p.id = l.order_id WHERE p.dossier_id = $1 AND p.state = 'paid'`, dossier)
}

func codeTaken(tx *db.Tx, code string) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `SELECT id FROM payment_order WHERE code = $1`, code)
	return found, err
}

func addOrder(tx *db.Tx, o Order) error {
	_, err := tx.Exec(`
		INSERT INTO payment_order (id, code, ref, token, dossier_id, dossier_code, procedure, name, agency_id, payer, address, fold, variant, state, way, gateway_id,
			due, created_ms, created_by, paid_ms, paid_day, collected_by, reason, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL, $16, $17, $18, $19, $20, $21, '', 1)`,
		o.ID, o.Code, o.Ref, o.Token, o.DossierID, o.DossierCode, o.Procedure, o.Name, o.Collector, o.Payer, o.Address, text.Fold(o.Code+" "+o.Ref+" "+o.Payer), o.Variant,
		o.State, o.Way, o.Due, o.CreatedMs, o.CreatedBy, o.PaidMs, o.PaidDay, o.CollectedBy)
	for i, l := range o.Lines {
		if err == nil {
			_, err = tx.Exec(`INSERT INTO payment_line (order_id, no, code, name, kind, unit, items, amount, exempt, net) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
				o.ID, i+1, l.Code, l.Name, l.Kind, l.Unit, l.Items, l.Amount, l.Exempt, l.Net)
		}
	}
	return err
}

// saveOrder writes what changes of an order, if its version is still current.
func saveOrder(tx *db.Tx, o Order) error {
	n, err := tx.Exec(`
		UPDATE payment_order SET state = $1, way = $2, gateway_id = NULLIF($3, ''), paid_ms = $4, paid_day = $5, collected_by = $6, reason = $7, version = version + 1
		WHERE id = $8 AND version = $9`, o.State, o.Way, o.GatewayID, o.PaidMs, o.PaidDay, o.CollectedBy, o.Reason, o.ID, o.Version)
	return stale(n, err)
}

// stale turns an update of no row into the refusal of whoever was slower.
func stale(n int64, err error) error {
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "payment.changed_meanwhile")
	}
	return err
}

// Waiting is what the desk of a collector shows above its list: orders and money that
// wait, and what came on one day by way.
type Waiting struct {
	Orders, Due int64
	ByWay       map[Way]int64 // net of what went back
	Open        int64         // movements that somebody must deal with
}

func waiting(tx *db.Tx, f Filter) (w Waiting, err error) {
	w.ByWay = map[Way]int64{}
	err = tx.QueryRow(`
		SELECT COUNT(*), CAST(COALESCE(SUM(due), 0) AS BIGINT) FROM payment_order
		WHERE state IN ('unpaid', 'pending')
		  AND agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($4 = '' OR agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))`, f.account, f.right, f.nowMs, f.Agency).Scan(&w.Orders, &w.Due)
	if err != nil {
		return w, err
	}
	type byWay struct {
		way Way
		n   int64
	}
	sums, err := db.All(tx, func(row db.Scanner) (b byWay, err error) { err = row.Scan(&b.way, &b.n); return b, err }, `
		SELECT way, CAST(SUM(CASE WHEN standing = 'out' THEN -amount ELSE amount END) AS BIGINT) FROM payment_movement
		WHERE day = $5 AND agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($4 = '' OR agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		GROUP BY way`, f.account, f.right, f.nowMs, f.Agency, f.Day)
	for _, s := range sums {
		w.ByWay[s.way] = s.n
	}
	if err == nil {
		w.Open, _, err = db.One(tx, db.Value[int64], `
			SELECT COUNT(*) FROM payment_movement WHERE standing IN ('surplus', 'wrong_amount', 'unknown')
			  AND agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
			  AND ($4 = '' OR agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))`, f.account, f.right, f.nowMs, f.Agency)
	}
	return w, err
}
