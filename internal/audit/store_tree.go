package audit

import (
	"golang.org/x/mod/sumdb/tlog"

	"cchc/internal/clock"
	"cchc/internal/db"
)

func scanRecord(s db.Scanner) (r record, err error) {
	var ms int64
	err = s.Scan(&r.ID, &ms, &r.Kind, &r.Subject, &r.Agency, &r.Who.Account, &r.Who.Name, &r.Who.For, &r.Who.Agency, &r.Who.From,
		&r.Before, &r.After, &r.Reason, &r.LeafIndex, &r.rowKey, &r.contentMAC, &r.rowMAC, &r.placeMAC)
	r.At = clock.FromMs(ms)
	return r, err
}

// unplaced lists committed entries without a place in the tree, oldest first.
func unplaced(tx *db.Tx, afterMs int64, afterID string, limit int) ([]record, error) {
	return db.All(tx, scanRecord, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
		before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END, row_key, content_mac, row_mac, place_mac
		FROM audit_entry WHERE leaf_index IS NULL AND NOT aside AND (at_ms, id) > ($1, $2) ORDER BY leaf_index, at_ms, id LIMIT $3`, afterMs, afterID, limit)
}

// placed lists entries from one place on. The order by id within a place shows a
// second row on the same place, should someone have dropped the unique index.
func placed(tx *db.Tx, from int64, afterID string, limit int) ([]record, error) {
	return db.All(tx, scanRecord, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
		before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END, row_key, content_mac, row_mac, place_mac
		FROM audit_entry WHERE leaf_index IS NOT NULL AND (leaf_index, id) > ($1, $2) ORDER BY leaf_index, id LIMIT $3`, from, afterID, limit)
}

// asideRows lists rows that the integrator set aside, and any other negative place.
func asideRows(tx *db.Tx, limit int) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT id FROM audit_entry WHERE aside OR leaf_index < 0 ORDER BY id LIMIT $1`, limit)
}

func find(tx *db.Tx, id string) (record, bool, error) {
	return db.One(tx, scanRecord, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
		before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END, row_key, content_mac, row_mac, place_mac
		FROM audit_entry WHERE id = $1`, id)
}

// place gives an entry its place; false when another node was faster.
func place(tx *db.Tx, id string, index int64, placeMAC string) (bool, error) {
	n, err := tx.Exec(`UPDATE audit_entry SET leaf_index = $1, place_mac = $2 WHERE id = $3 AND leaf_index IS NULL AND NOT aside`, index, placeMAC, id)
	return n > 0, err
}

func setAside(tx *db.Tx, id string, ms int64) error {
	if _, err := tx.Exec(`UPDATE audit_entry SET aside = TRUE, leaf_index = NULL WHERE id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO audit_suspect (entry_id, found_ms) VALUES ($1, $2) ON CONFLICT (entry_id) DO NOTHING`, id, ms)
	return err
}

// beyond lists rows that claim a place which the tree has not given yet.
func beyond(tx *db.Tx, size int64) ([]record, error) {
	return db.All(tx, scanRecord, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
		before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END, row_key, content_mac, row_mac, place_mac
		FROM audit_entry WHERE leaf_index IS NOT NULL AND leaf_index >= $1 ORDER BY leaf_index LIMIT 100`, size)
}

func treeSize(tx *db.Tx) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT size FROM audit_tree WHERE id = 1`)
	return n, err
}

func growTree(tx *db.Tx, from, to int64) (bool, error) {
	n, err := tx.Exec(`UPDATE audit_tree SET size = $1 WHERE id = 1 AND size = $2`, to, from)
	return n == 1, err
}

// putHash stores one node. A node that someone planted there before is overwritten.
func putHash(tx *db.Tx, index int64, h tlog.Hash, entryID string) error {
	_, err := tx.Exec(`INSERT INTO audit_hash (hash_index, hash, entry_id) VALUES ($1, $2, $3)
		ON CONFLICT (hash_index) DO UPDATE SET hash = excluded.hash, entry_id = excluded.entry_id`, index, h.String(), entryID)
	return err
}

func getHash(tx *db.Tx, index int64) (string, bool, error) {
	return db.One(tx, db.Value[string], `SELECT hash FROM audit_hash WHERE hash_index = $1`, index)
}

// node is one stored hash.
type node struct {
	index   int64
	hash    string
	entryID string
}

func nodes(tx *db.Tx, from, to int64) ([]node, error) {
	return db.All(tx, func(s db.Scanner) (n node, err error) { err = s.Scan(&n.index, &n.hash, &n.entryID); return n, err },
		`SELECT hash_index, hash, entry_id FROM audit_hash WHERE hash_index >= $1 AND hash_index < $2 ORDER BY hash_index`, from, to)
}

func keepCheckpoint(tx *db.Tx, size, ms int64, text string) error {
	_, err := tx.Exec(`INSERT INTO audit_checkpoint (size, at_ms, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING`, size, ms, text)
	return err
}

// checkpointFrom is the smallest kept checkpoint that covers a place.
func checkpointFrom(tx *db.Tx, index int64) (string, bool, error) {
	return db.One(tx, db.Value[string], `SELECT note FROM audit_checkpoint WHERE size > $1 ORDER BY size LIMIT 1`, index)
}

func lastCheckpoint(tx *db.Tx) (string, bool, error) {
	return db.One(tx, db.Value[string], `SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1`)
}

func keptCheckpoints(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT note FROM audit_checkpoint ORDER BY size`)
}

// blank takes the content of one entry away and keeps its leaf.
func blank(tx *db.Tx, id, rowMAC string) error {
	_, err := tx.Exec(`UPDATE audit_entry SET before_json = '', after_json = '', reason = '', account_name = '', address = '',
		acted_for = '', account_agency = '', subject_agency = '', row_key = '', row_mac = $1 WHERE id = $2`, rowMAC, id)
	return err
}
