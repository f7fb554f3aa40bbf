package admin

import (
	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
)

func scanEntry(row db.Scanner) (r audit.Row, err error) {
	var ms int64
	err = row.Scan(&r.ID, &ms, &r.Kind, &r.Subject, &r.Agency, &r.Who.Account, &r.Who.Name, &r.Who.For, &r.Who.Agency, &r.Who.From,
		&r.Before, &r.After, &r.Reason, &r.LeafIndex)
	r.At = clock.FromMs(ms)
	return r, err
}

// entryInReach opens one entry of an agency that the reader reaches.
func entryInReach(tx *db.Tx, id, reader string, nowMs int64) (audit.Row, bool, error) {
	return db.One(tx, scanEntry, `
		SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
		       before_json, after_json, reason, CASE WHEN aside THEN -2 ELSE COALESCE(leaf_index, -1) END
		  FROM audit_entry
		 WHERE id = $1 AND subject_agency IN (SELECT agency_id FROM identity_reach
		       WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)`, id, reader, RightLog, nowMs)
}

// entryKinds lists the kinds that the log holds. Each step of the recursion is one look
// into the index by kind, so a log of millions answers as fast as a short one.
func entryKinds(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Value[string], `
		WITH RECURSIVE step(kind) AS (
			SELECT MIN(kind) FROM audit_entry
			UNION ALL
			SELECT (SELECT MIN(e.kind) FROM audit_entry e WHERE e.kind > step.kind) FROM step WHERE step.kind IS NOT NULL)
		SELECT kind FROM step WHERE kind IS NOT NULL ORDER BY kind`)
}

// signed is one checkpoint as kept: the tree had Size entries when it was signed.
type signed struct {
	size int64
	atMs int64
	note string
}

func newestCheckpoints(tx *db.Tx, limit int) ([]signed, error) {
	return db.All(tx, func(row db.Scanner) (c signed, err error) { err = row.Scan(&c.size, &c.atMs, &c.note); return c, err },
		`SELECT size, at_ms, note FROM audit_checkpoint ORDER BY size DESC LIMIT $1`, limit)
}

// logState counts what the tree holds, what waits for a place (to 1,001) and what was
// set aside as not written by the program.
func logState(tx *db.Tx) (size, waiting, aside int64, err error) {
	if size, _, err = db.One(tx, db.Value[int64], `SELECT size FROM audit_tree WHERE id = 1`); err != nil {
		return size, waiting, aside, err
	}
	if waiting, _, err = db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT id FROM audit_entry WHERE leaf_index IS NULL AND NOT aside LIMIT 1001) AS few`); err != nil {
		return size, waiting, aside, err
	}
	aside, _, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM (SELECT id FROM audit_entry WHERE aside LIMIT 1001) AS few`)
	return size, waiting, aside, err
}
