package indicator

import "cchc/internal/db"

func insertDelta(tx *db.Tx, code string, k key, delta int64) error {
	_, err := tx.Exec(`INSERT INTO indicator_delta (code, id, agency_id, day, of_day, dim1, dim2, delta) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		code, db.NewID(), k.agency, k.day, k.ofDay, k.dim1, k.dim2, delta)
	return err
}

func scanTally(r db.Scanner) (t tally, err error) {
	err = r.Scan(&t.code, &t.agency, &t.day, &t.ofDay, &t.dim1, &t.dim2, &t.n)
	return t, err
}

// takeDeltas removes pending deltas and returns exactly those that it removed.
func takeDeltas(tx *db.Tx, limit int) ([]tally, error) {
	return db.All(tx, scanTally, `
		DELETE FROM indicator_delta
		 WHERE (code, id) IN (SELECT code, id FROM indicator_delta ORDER BY code, id LIMIT $1)
		RETURNING code, agency_id, day, of_day, dim1, dim2, delta`, limit)
}

func foldDay(tx *db.Tx, k coded, n int64) error {
	_, err := tx.Exec(`
		INSERT INTO indicator_fold (code, day, agency_id, dim1, dim2, of_day, total) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (code, day, agency_id, dim1, dim2, of_day) DO UPDATE SET total = indicator_fold.total + excluded.total`,
		k.code, k.day, k.agency, k.dim1, k.dim2, k.ofDay, n)
	return err
}

func foldMonth(tx *db.Tx, k coded, n int64) error {
	_, err := tx.Exec(`
		INSERT INTO indicator_month (code, month, agency_id, dim1, dim2, total) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (code, month, agency_id, dim1, dim2) DO UPDATE SET total = indicator_month.total + excluded.total`,
		k.code, k.day, k.agency, k.dim1, k.dim2, n)
	return err
}
