package dossier

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// takeNumbers gives the next n numbers of an agency's day and returns the last. On
// PostgreSQL receivers of one agency wait for each other, so that none leaves a gap.
func takeNumbers(tx *db.Tx, agency, day string, n int) (last int, err error) {
	if err := tx.Lock("dossier_number:" + agency + ":" + day); err != nil {
		return 0, err
	}
	last, _, err = db.One(tx, db.Value[int], `
		INSERT INTO dossier_number (agency_id, day, last) VALUES ($1, $2, $3)
		ON CONFLICT (agency_id, day) DO UPDATE SET last = dossier_number.last + excluded.last RETURNING last`, agency, day, n)
	return last, err
}

// lastNumber is the number that an agency's day has come to.
func lastNumber(tx *db.Tx, agency, day string) (int, error) {
	n, _, err := db.One(tx, db.Value[int], `SELECT last FROM dossier_number WHERE agency_id = $1 AND day = $2`, agency, day)
	return n, err
}

// setNumber says that an agency's day has come to a number, for what was loaded at once.
func setNumber(tx *db.Tx, agency, day string, n int) error {
	_, err := tx.Exec(`
		INSERT INTO dossier_number (agency_id, day, last) VALUES ($1, $2, $3) ON CONFLICT (agency_id, day) DO UPDATE SET last = excluded.last WHERE dossier_number.last < excluded.last`,
		agency, day, n)
	return err
}

func addVoid(tx *db.Tx, v Void) error {
	_, err := tx.Exec(`INSERT INTO dossier_void (code, agency_id, day, number, reason, account, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		v.Code, v.Agency, v.Day, v.Number, v.Reason, v.Account, v.AtMs)
	return err
}

func voidsOf(tx *db.Tx, agency, day string) ([]Void, error) {
	return db.All(tx, func(row db.Scanner) (v Void, err error) {
		err = row.Scan(&v.Code, &v.Agency, &v.Day, &v.Number, &v.Reason, &v.Account, &v.AtMs)
		return v, err
	}, `SELECT code, agency_id, day, number, reason, account, at_ms FROM dossier_void WHERE agency_id = $1 AND day = $2 ORDER BY number`, agency, day)
}

func addBlock(tx *db.Tx, b Block) error {
	_, err := tx.Exec(`INSERT INTO dossier_block (id, agency_id, day, first_no, last_no, account, taken_ms, closed_ms, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 1)`,
		b.ID, b.Agency, b.Day, b.First, b.Last, b.Account, b.TakenMs)
	return err
}

func scanBlock(row db.Scanner) (b Block, err error) {
	err = row.Scan(&b.ID, &b.Agency, &b.Day, &b.First, &b.Last, &b.Account, &b.TakenMs, &b.ClosedMs, &b.Version)
	return b, err
}

func findBlock(tx *db.Tx, id string) (Block, error) {
	b, there, err := db.One(tx, scanBlock, `SELECT id, agency_id, day, first_no, last_no, account, taken_ms, closed_ms, version FROM dossier_block WHERE id = $1`, id)
	if err == nil && !there {
		err = errs.New(errs.NotFound, "dossier.block_unknown")
	}
	return b, err
}

// blockOf reads the open block that holds a number; false when none does.
func blockOf(tx *db.Tx, agency, day string, number int) (Block, bool, error) {
	return db.One(tx, scanBlock, `
		SELECT id, agency_id, day, first_no, last_no, account, taken_ms, closed_ms, version FROM dossier_block
		WHERE agency_id = $1 AND day = $2 AND first_no <= $3 AND last_no >= $3 AND closed_ms = 0`, agency, day, number)
}

// blocksOf lists the blocks of an agency, newest first.
func blocksOf(tx *db.Tx, agency string, limit int) ([]Block, error) {
	return db.All(tx, scanBlock, `
		SELECT id, agency_id, day, first_no, last_no, account, taken_ms, closed_ms, version FROM dossier_block WHERE agency_id = $1 ORDER BY taken_ms DESC, id DESC LIMIT $2`, agency, limit)
}

// closeBlock ends a block as it was read; Conflict dossier.changed_meanwhile.
func closeBlock(tx *db.Tx, b Block) error {
	n, err := tx.Exec(`UPDATE dossier_block SET closed_ms = $1, version = version + 1 WHERE id = $2 AND version = $3 AND closed_ms = 0`, b.ClosedMs, b.ID, b.Version)
	if err == nil && n == 0 {
		err = changedMeanwhile()
	}
	return err
}

// codeTaken says whether a code is a dossier or a void already.
func codeTaken(tx *db.Tx, code string) (bool, error) {
	n, _, err := db.One(tx, db.Value[int], `
		SELECT COUNT(*) FROM (SELECT 1 AS n FROM dossier_dossier WHERE code = $1 UNION ALL SELECT 1 FROM dossier_void WHERE code = $1) x`, code)
	return n > 0, err
}
