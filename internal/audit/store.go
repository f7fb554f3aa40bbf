package audit

import (
	"cchc/internal/clock"
	"cchc/internal/db"
)

func insert(tx *db.Tx, r *record) error {
	_, err := tx.Exec(`INSERT INTO audit_entry (id, at_ms, kind, subject, subject_agency, account, account_name, acted_for,
		account_agency, address, before_json, after_json, reason, row_key, content_mac, row_mac)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, r.At.UnixMilli(), r.Kind, r.Subject, r.Agency, r.Who.Account, r.Who.Name, r.Who.For,
		r.Who.Agency, r.Who.From, r.Before, r.After, r.Reason, r.rowKey, r.contentMAC, r.rowMAC)
	return err
}

func history(tx *db.Tx, subject string, limit int) ([]Row, error) {
	return db.All(tx, scanRow, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
		before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END
		FROM audit_entry WHERE subject = $1 ORDER BY at_ms DESC, id DESC LIMIT $2`, subject, limit)
}

func scanRow(s db.Scanner) (r Row, err error) {
	var ms int64
	err = s.Scan(&r.ID, &ms, &r.Kind, &r.Subject, &r.Agency, &r.Who.Account, &r.Who.Name, &r.Who.For, &r.Who.Agency, &r.Who.From,
		&r.Before, &r.After, &r.Reason, &r.LeafIndex)
	r.At = clock.FromMs(ms)
	return r, err
}
