package payment

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// kept is a gateway with its closed secret.
type kept struct {
	GatewaySetup
	sealed string
}

func scanGateway(row db.Scanner) (k kept, err error) {
	g := &k.GatewaySetup
	err = row.Scan(&g.ID, &g.Agency, &g.Kind, &g.Name, &g.Way, &g.BIN, &g.AccountNo, &g.AccountName, &g.Merchant, &g.PayURL, &g.Prefix, &k.sealed, &g.Active, &g.Version)
	g.HasSecret = k.sealed != ""
	return k, err
}

// findGateway reads one: NotFound "payment.gateway_unknown".
func findGateway(tx *db.Tx, id string) (kept, error) {
	k, found, err := db.One(tx, scanGateway, `
		SELECT id, agency_id, kind, name, way, bin, account_no, account_name, merchant, pay_url, prefix, secret_sealed, active, version FROM payment_gateway WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "payment.gateway_unknown")
	}
	return k, err
}

// gatewaysFor lists the active gateways through which an agency can be paid: its own, then
// those of the agencies above it.
func gatewaysFor(tx *db.Tx, agency string) ([]kept, error) {
	return db.All(tx, scanGateway, `
		SELECT g.id, g.agency_id, g.kind, g.name, g.way, g.bin, g.account_no, g.account_name, g.merchant, g.pay_url, g.prefix, g.secret_sealed, g.active, g.version
		FROM payment_gateway g WHERE g.active AND g.agency_id IN (SELECT ancestor_id FROM org_tree WHERE descendant_id = $1)
		ORDER BY CASE WHEN g.agency_id = $1 THEN 0 ELSE 1 END, g.id`, agency)
}

// listGateways lists the gateways of agencies within reach.
func listGateways(tx *db.Tx, f Filter) ([]kept, error) {
	return db.All(tx, scanGateway, `
		SELECT g.id, g.agency_id, g.kind, g.name, g.way, g.bin, g.account_no, g.account_name, g.merchant, g.pay_url, g.prefix, g.secret_sealed, g.active, g.version
		FROM payment_gateway g WHERE g.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		ORDER BY g.id LIMIT 500`, f.account, f.right, f.nowMs)
}

// stands says whether an agency is another one or stands above it.
func stands(tx *db.Tx, above, below string) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `SELECT ancestor_id FROM org_tree WHERE ancestor_id = $1 AND descendant_id = $2`, above, below)
	return found, err
}

func addGateway(tx *db.Tx, k kept) error {
	g := k.GatewaySetup
	_, err := tx.Exec(`
		INSERT INTO payment_gateway (id, agency_id, kind, name, way, bin, account_no, account_name, merchant, pay_url, prefix, secret_sealed, active, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)`,
		g.ID, g.Agency, g.Kind, g.Name, g.Way, g.BIN, g.AccountNo, g.AccountName, g.Merchant, g.PayURL, g.Prefix, k.sealed, g.Active)
	return err
}

func saveGateway(tx *db.Tx, k kept) error {
	g := k.GatewaySetup
	return stale(tx.Exec(`
		UPDATE payment_gateway SET name = $1, way = $2, bin = $3, account_no = $4, account_name = $5, merchant = $6, pay_url = $7, prefix = $8, secret_sealed = $9, active = $10, version = version + 1
		WHERE id = $11 AND version = $12`, g.Name, g.Way, g.BIN, g.AccountNo, g.AccountName, g.Merchant, g.PayURL, g.Prefix, k.sealed, g.Active, g.ID, g.Version))
}

func scanExemption(row db.Scanner) (e Exemption, err error) {
	err = row.Scan(&e.ID, &e.Code, &e.Name, &e.Percent, &e.Basis, &e.FromDay, &e.ToDay, &e.Verified, &e.Version)
	return e, err
}

// exemptions lists those in force on a day, or all with "".
func exemptions(tx *db.Tx, day string) ([]Exemption, error) {
	return db.All(tx, scanExemption, `
		SELECT id, code, name, percent, basis, from_day, to_day, verified, version FROM payment_exemption
		WHERE $1 = '' OR (from_day <= $1 AND to_day >= $1) ORDER BY id`, day)
}

func addExemption(tx *db.Tx, e Exemption) error {
	_, err := tx.Exec(`INSERT INTO payment_exemption (id, code, name, percent, basis, from_day, to_day, verified, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)`,
		e.ID, e.Code, e.Name, e.Percent, e.Basis, e.FromDay, e.ToDay, e.Verified)
	return err
}

func saveExemption(tx *db.Tx, e Exemption) error {
	return stale(tx.Exec(`UPDATE payment_exemption SET name = $1, percent = $2, basis = $3, from_day = $4, to_day = $5, verified = $6, version = version + 1 WHERE id = $7 AND version = $8`,
		e.Name, e.Percent, e.Basis, e.FromDay, e.ToDay, e.Verified, e.ID, e.Version))
}

// Statement is one comparison with a gateway.
type Statement struct {
	ID, GatewayID, Gateway, Agency, Day, By string
	AtMs, Version                           int64
	Counts                                  map[Verdict]int64
	Unexplained                             int64
}

func scanStatement(row db.Scanner) (s Statement, err error) {
	var same, differ, here, there int64
	err = row.Scan(&s.ID, &s.GatewayID, &s.Gateway, &s.Agency, &s.Day, &s.By, &s.AtMs, &s.Version, &same, &differ, &here, &there, &s.Unexplained)
	s.Counts = map[Verdict]int64{Same: same, AmountDiffer: differ, MissingHere: here, MissingThere: there}
	return s, err
}

// statements lists one by its id, or those within reach, newest first.
func statements(tx *db.Tx, id string, f Filter, limit int) ([]Statement, error) {
	return db.All(tx, scanStatement, `
		SELECT s.id, s.gateway_id, g.name, g.agency_id, s.day, s.by_id, s.at_ms, s.version,
		       COUNT(c.id) FILTER (WHERE c.verdict = 'same'), COUNT(c.id) FILTER (WHERE c.verdict = 'amount_differs'),
		       COUNT(c.id) FILTER (WHERE c.verdict = 'missing_here'), COUNT(c.id) FILTER (WHERE c.verdict = 'missing_there'),
		       COUNT(c.id) FILTER (WHERE c.verdict <> 'same' AND c.why = '')
		FROM payment_statement s JOIN payment_gateway g ON g.id = s.gateway_id LEFT JOIN payment_compared c ON c.statement_id = s.id
		WHERE ($1 = '' OR s.id = $1)
		  AND g.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)
		GROUP BY s.id, s.gateway_id, g.name, g.agency_id, s.day, s.by_id, s.at_ms, s.version ORDER BY s.day DESC, s.id DESC LIMIT $5`, id, f.account, f.right, f.nowMs, limit)
}

// putStatement begins a comparison, or begins the one of that day anew.
func putStatement(tx *db.Tx, s Statement) (string, error) {
	id, _, err := db.One(tx, db.Value[string], `
		INSERT INTO payment_statement (id, gateway_id, day, by_id, at_ms, version) VALUES ($1, $2, $3, $4, $5, 1)
		ON CONFLICT (gateway_id, day) DO UPDATE SET by_id = excluded.by_id, at_ms = excluded.at_ms, version = payment_statement.version + 1 RETURNING id`,
		s.ID, s.GatewayID, s.Day, s.By, s.AtMs)
	return id, err
}

func scanCompared(row db.Scanner) (c Compared, err error) {
	err = row.Scan(&c.ID, &c.Reference, &c.Note, &c.Ours, &c.Theirs, &c.Verdict, &c.Why, &c.Version)
	return c, err
}

// comparedOf lists the lines of a statement, what asks for work first.
func comparedOf(tx *db.Tx, statement string) ([]Compared, error) {
	return db.All(tx, scanCompared, `
		SELECT id, reference, note, ours, theirs, verdict, why, version FROM payment_compared WHERE statement_id = $1
		ORDER BY CASE verdict WHEN 'missing_here' THEN 0 WHEN 'missing_there' THEN 1 WHEN 'amount_differs' THEN 2 ELSE 3 END, id LIMIT 5000`, statement)
}

func dropCompared(tx *db.Tx, statement string) error {
	_, err := tx.Exec(`DELETE FROM payment_compared WHERE statement_id = $1`, statement)
	return err
}

func addCompared(tx *db.Tx, statement string, c Compared) error {
	_, err := tx.Exec(`INSERT INTO payment_compared (id, statement_id, reference, note, ours, theirs, verdict, why, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)`,
		c.ID, statement, c.Reference, c.Note, c.Ours, c.Theirs, c.Verdict, c.Why)
	return err
}

func explain(tx *db.Tx, statement string, c Compared) error {
	return stale(tx.Exec(`UPDATE payment_compared SET why = $1, version = version + 1 WHERE id = $2 AND statement_id = $3 AND version = $4`, c.Why, c.ID, statement, c.Version))
}

// reached lists the agencies over which somebody holds a right now.
func reached(tx *db.Tx, f Filter) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT DISTINCT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3 AND agency_id <> ''`, f.account, f.right, f.nowMs)
}
