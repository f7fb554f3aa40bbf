package quality

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Sheet is the marks of a unit or of one officer in a quarter. Officer is the name, "" for
// the unit; ScoredBy and VerifiedBy are accounts.
type Sheet struct {
	ID, Agency, Officer, Period string
	State                       State
	ScoredBy, VerifiedBy        string
	ChangedMs, Version          int64
	Marks                       []Mark
}

func scanSheet(row db.Scanner) (s Sheet, err error) {
	err = row.Scan(&s.ID, &s.Agency, &s.Officer, &s.Period, &s.State, &s.ScoredBy, &s.VerifiedBy, &s.ChangedMs, &s.Version)
	return s, err
}

// findSheet reads one sheet within reach with its marks; NotFound quality.sheet_unknown.
func findSheet(tx *db.Tx, id, account string, nowMs int64) (Sheet, error) {
	s, found, err := db.One(tx, scanSheet, `
		SELECT id, agency_id, officer, period, state, scored_by, verified_by, changed_ms, version FROM quality_sheet
		WHERE id = $1 AND agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)`,
		id, account, RightView, nowMs)
	if err != nil || !found {
		if err == nil {
			err = errs.New(errs.NotFound, "quality.sheet_unknown")
		}
		return s, err
	}
	s.Marks, err = marksOf(tx, id)
	return s, err
}

func scanMark(row db.Scanner) (m Mark, err error) {
	err = row.Scan(&m.Item, &m.Computed, &m.Self, &m.Verified, &m.Evidence, &m.Reason)
	return m, err
}

func marksOf(tx *db.Tx, sheet string) ([]Mark, error) {
	return db.All(tx, scanMark, `SELECT item, computed, self, verified, evidence, reason FROM quality_mark WHERE sheet_id = $1 ORDER BY item`, sheet)
}

func addSheet(tx *db.Tx, s Sheet) error {
	_, err := tx.Exec(`
		INSERT INTO quality_sheet (id, agency_id, officer, period, state, scored_by, verified_by, changed_ms, version) VALUES ($1, $2, $3, $4, $5, '', '', $6, 1)`,
		s.ID, s.Agency, s.Officer, s.Period, s.State, s.ChangedMs)
	if err != nil {
		return err
	}
	return saveMarks(tx, s)
}

// sheetOf finds the sheet of a unit or an officer in a period.
func sheetOf(tx *db.Tx, agency, period, officer string) (string, bool, error) {
	return db.One(tx, db.Value[string], `SELECT id FROM quality_sheet WHERE agency_id = $1 AND period = $2 AND officer = $3`, agency, period, officer)
}

// saveSheet writes a sheet if its version is still current.
func saveSheet(tx *db.Tx, s Sheet) error {
	n, err := tx.Exec(`UPDATE quality_sheet SET state = $1, scored_by = $2, verified_by = $3, changed_ms = $4, version = version + 1 WHERE id = $5 AND version = $6`,
		s.State, s.ScoredBy, s.VerifiedBy, s.ChangedMs, s.ID, s.Version)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "quality.changed_meanwhile")
	}
	if err != nil {
		return err
	}
	return saveMarks(tx, s)
}

func saveMarks(tx *db.Tx, s Sheet) error {
	for _, m := range s.Marks {
		_, err := tx.Exec(`
			INSERT INTO quality_mark (sheet_id, item, computed, self, verified, evidence, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (sheet_id, item) DO UPDATE SET computed = excluded.computed, self = excluded.self, verified = excluded.verified, evidence = excluded.evidence, reason = excluded.reason`,
			s.ID, m.Item, m.Computed, m.Self, m.Verified, m.Evidence, m.Reason)
		if err != nil {
			return err
		}
	}
	return nil
}

// Ranked is a sheet in the list of a period: totals in tenths, missing is how many marks
// of the verifier (or of the unit, before that) are not given.
type Ranked struct {
	ID, Agency, AgencyName, Officer string
	State                           State
	Self, Verified, Missing         int64
}

func scanRanked(row db.Scanner) (r Ranked, err error) {
	err = row.Scan(&r.ID, &r.Agency, &r.AgencyName, &r.Officer, &r.State, &r.Self, &r.Verified, &r.Missing)
	return r, err
}

// rankedSheets reads the sheets of a period within reach: verified ones first by total,
// then the rest by name.
func rankedSheets(tx *db.Tx, account, period string, nowMs int64) ([]Ranked, error) {
	return db.All(tx, scanRanked, `
		SELECT s.id, s.agency_id, a.name, s.officer, s.state,
		       CAST(COALESCE(SUM(CASE WHEN m.self >= 0 THEN m.self ELSE 0 END), 0) AS BIGINT) AS self_total,
		       CAST(COALESCE(SUM(CASE WHEN m.verified >= 0 THEN m.verified ELSE 0 END), 0) AS BIGINT) AS verified_total,
		       COUNT(*) FILTER (WHERE m.self < 0)
		FROM quality_sheet s JOIN org_agency a ON a.id = s.agency_id JOIN quality_mark m ON m.sheet_id = s.id
		WHERE s.period = $1 AND s.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)
		GROUP BY s.id, s.agency_id, a.name, a.name_sort, s.officer, s.state
		ORDER BY CASE WHEN s.state = 'verified' THEN 0 ELSE 1 END, 7 DESC, 6 DESC, a.name_sort, s.officer LIMIT 1000`, period, account, RightView, nowMs)
}
