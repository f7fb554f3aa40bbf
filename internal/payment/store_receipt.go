package payment

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanReceipt(row db.Scanner) (r Receipt, err error) {
	err = row.Scan(&r.ID, &r.OrderID, &r.OrderCode, &r.Agency, &r.AgencyName, &r.BookID, &r.Form, &r.Serial, &r.No, &r.Payer, &r.Address, &r.Content, &r.Charge, &r.Duty, &r.Unsorted, &r.Way,
		&r.IssuedMs, &r.IssuedDay, &r.IssuedBy, &r.IssuedName, &r.Replaces, &r.CancelledMs, &r.CancelledBy, &r.Reason, &r.Version)
	return r, err
}

// findReceipt reads one: NotFound "payment.receipt_unknown".
func findReceipt(tx *db.Tx, id string) (Receipt, error) {
	list, err := receipts(tx, id, "")
	if err == nil && len(list) == 0 {
		return Receipt{}, errs.New(errs.NotFound, "payment.receipt_unknown")
	}
	if err != nil {
		return Receipt{}, err
	}
	return list[0], nil
}

// receiptsOf lists the receipts of an order, cancelled ones too, first to last.
func receiptsOf(tx *db.Tx, order string) ([]Receipt, error) { return receipts(tx, "", order) }

func receipts(tx *db.Tx, id, order string) ([]Receipt, error) {
	return db.All(tx, scanReceipt, `
		SELECT r.id, r.order_id, p.code, r.agency_id, a.name, r.book_id, b.form, b.series, r.no, r.payer, r.address, r.content, r.charge, r.duty, r.unsorted, r.way,
		       r.issued_ms, r.issued_day, r.issued_by, r.issued_name, COALESCE(r.replaces_id, ''), r.cancelled_ms, r.cancelled_by, r.reason, r.version
		FROM payment_receipt r JOIN payment_order p ON p.id = r.order_id JOIN payment_book b ON b.id = r.book_id JOIN org_agency a ON a.id = r.agency_id
		WHERE r.id = $1 OR r.order_id = $2 ORDER BY r.issued_ms, r.id`, id, order)
}

func addReceipt(tx *db.Tx, r Receipt) error {
	_, err := tx.Exec(`
		INSERT INTO payment_receipt (id, order_id, agency_id, book_id, no, payer, address, content, charge, duty, unsorted, way, issued_ms, issued_day, issued_by, issued_name, replaces_id,
			cancelled_ms, cancelled_by, reason, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULLIF($17, ''), 0, '', '', 1)`,
		r.ID, r.OrderID, r.Agency, r.BookID, r.No, r.Payer, r.Address, r.Content, r.Charge, r.Duty, r.Unsorted, r.Way, r.IssuedMs, r.IssuedDay, r.IssuedBy, r.IssuedName, r.Replaces)
	return err
}

func cancelReceipt(tx *db.Tx, r Receipt) error {
	return stale(tx.Exec(`UPDATE payment_receipt SET cancelled_ms = $1, cancelled_by = $2, reason = $3, version = version + 1 WHERE id = $4 AND version = $5`,
		r.CancelledMs, r.CancelledBy, r.Reason, r.ID, r.Version))
}

// given counts the receipts that somebody gave on a day, with the first and last number.
func given(tx *db.Tx, agency, account, day string) (n, first, last int64, err error) {
	err = tx.QueryRow(`SELECT COUNT(*), COALESCE(MIN(no), 0), COALESCE(MAX(no), 0) FROM payment_receipt WHERE agency_id = $1 AND issued_by = $2 AND issued_day = $3`,
		agency, account, day).Scan(&n, &first, &last)
	return n, first, last, err
}

func scanBook(row db.Scanner) (b Book, err error) {
	err = row.Scan(&b.ID, &b.Agency, &b.Form, &b.Serial, &b.FromNo, &b.ToNo, &b.NextNo, &b.Active, &b.Version, &b.Given, &b.Voided)
	return b, err
}

// books lists the books of an agency, oldest first.
func books(tx *db.Tx, agency string) ([]Book, error) {
	return db.All(tx, scanBook, `
		SELECT b.id, b.agency_id, b.form, b.series, b.from_no, b.to_no, b.next_no, b.active, b.version,
		       (SELECT COUNT(*) FROM payment_receipt r WHERE r.book_id = b.id), (SELECT COUNT(*) FROM payment_receipt r WHERE r.book_id = b.id AND r.cancelled_ms > 0)
		FROM payment_book b WHERE b.agency_id = $1 ORDER BY b.id`, agency)
}

func addBook(tx *db.Tx, b Book) error {
	_, err := tx.Exec(`INSERT INTO payment_book (id, agency_id, form, series, from_no, to_no, next_no, active, version) VALUES ($1, $2, $3, $4, $5, $6, $5, TRUE, 1)`,
		b.ID, b.Agency, b.Form, b.Serial, b.FromNo, b.ToNo)
	return err
}

func saveBook(tx *db.Tx, b Book) error {
	return stale(tx.Exec(`UPDATE payment_book SET active = $1, version = version + 1 WHERE id = $2 AND version = $3`, b.Active, b.ID, b.Version))
}

// takeNumber takes the next number of the oldest book in use of an agency; found is
// false when there is none with numbers left. The lock keeps two cashiers on two nodes
// from the same number; what rolls back gives its number back.
func takeNumber(tx *db.Tx, agency string) (b Book, no int64, found bool, err error) {
	if err = tx.Lock("payment_book:" + agency); err != nil {
		return b, 0, false, err
	}
	b, found, err = db.One(tx, func(row db.Scanner) (b Book, err error) {
		err = row.Scan(&b.ID, &b.Form, &b.Serial, &b.NextNo)
		return b, err
	}, `
		SELECT id, form, series, next_no FROM payment_book WHERE agency_id = $1 AND active AND next_no <= to_no ORDER BY id LIMIT 1`, agency)
	if err != nil || !found {
		return b, 0, found, err
	}
	_, err = tx.Exec(`UPDATE payment_book SET next_no = next_no + 1 WHERE id = $1`, b.ID)
	return b, b.NextNo, true, err
}
