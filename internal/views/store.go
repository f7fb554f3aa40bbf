package views

import (
	"cchc/internal/db"
	"cchc/internal/text"
)

func listViews(tx *db.Tx, account string) ([]View, error) {
	return db.All(tx, func(row db.Scanner) (v View, err error) {
		err = row.Scan(&v.ID, &v.Name, &v.Address, &v.CreatedMs)
		return v, err
	}, `SELECT id, name, address, created_ms FROM views_view WHERE account_id = $1 ORDER BY name_sort, id LIMIT 200`, account)
}

// putView keeps a view; one of the same name is replaced.
func putView(tx *db.Tx, account string, v View) error {
	_, err := tx.Exec(`
		INSERT INTO views_view (id, account_id, name, name_sort, address, created_ms) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account_id, name) DO UPDATE SET address = excluded.address, created_ms = excluded.created_ms`,
		v.ID, account, v.Name, text.SortKey(v.Name), v.Address, v.CreatedMs)
	return err
}

func removeView(tx *db.Tx, account, id string) (int64, error) {
	return tx.Exec(`DELETE FROM views_view WHERE id = $1 AND account_id = $2`, id, account)
}
