package indicator

import "cchc/internal/db"

func insertDelta(tx *db.Tx, code string, k key, delta int64) error {
	_, err := tx.Exec(`INSERT INTO indicator_delta (code, id, agency_id, day, of_day, dim1, dim2, delta) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		code, db.NewID(), k.agency, k.day, k.ofDay, k.dim1, k.dim2, delta)
	return err
}
