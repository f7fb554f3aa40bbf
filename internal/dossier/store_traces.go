package dossier

import "cchc/internal/db"

// FinishedOf is what was finished of one procedure within somebody's reach.
type FinishedOf struct {
	Key, Code, Name string
	N, Late         int64
}

// FinishedUnder is what was finished under one version of a procedure.
type FinishedUnder struct {
	VersionID string
	FirstMs   int64 // the first receipt under it
	N         int
}

func finishedByProcedure(tx *db.Tx, account, right string, nowMs, fromMs, toMs int64) ([]FinishedOf, error) {
	return db.All(tx, func(row db.Scanner) (f FinishedOf, err error) {
		err = row.Scan(&f.Key, &f.Code, &f.Name, &f.N, &f.Late)
		return f, err
	}, `SELECT d.procedure_key, MAX(t.code), MAX(t.name), COUNT(*), COUNT(*) FILTER (WHERE d.due_ms > 0 AND d.finished_ms > d.due_ms)
		  FROM dossier_dossier d JOIN dossier_terms t ON t.id = d.terms_id
		 WHERE d.finished_ms >= $4 AND d.finished_ms < $5 AND d.outcome IN ('approved', 'rejected')
		   AND d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		 GROUP BY d.procedure_key ORDER BY COUNT(*) DESC, d.procedure_key LIMIT 500`, account, right, nowMs, fromMs, toMs)
}

func finishedByVersion(tx *db.Tx, account, right string, nowMs, fromMs, toMs int64, key, agency string) ([]FinishedUnder, error) {
	return db.All(tx, func(row db.Scanner) (f FinishedUnder, err error) {
		err = row.Scan(&f.VersionID, &f.FirstMs, &f.N)
		return f, err
	}, `SELECT t.version_id, MIN(d.received_ms), COUNT(*)
		  FROM dossier_dossier d JOIN dossier_terms t ON t.id = d.terms_id
		 WHERE d.procedure_key = $6 AND d.finished_ms >= $4 AND d.finished_ms < $5 AND d.outcome IN ('approved', 'rejected')
		   AND d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		   AND ($7 = '' OR d.competent_id = $7)
		 GROUP BY t.version_id ORDER BY MIN(d.received_ms), t.version_id LIMIT 100`, account, right, nowMs, fromMs, toMs, key, agency)
}

// wayRow is a finished dossier without its steps.
type wayRow struct {
	ID, Code, Terms, VersionID, Competent string
	ReceivedMs, FinishedMs, DueMs         int64
}

func finishedWays(tx *db.Tx, account, right string, nowMs, fromMs, toMs int64, key, agency, version string, afterMs int64, afterID string, limit int) ([]wayRow, error) {
	return db.All(tx, func(row db.Scanner) (w wayRow, err error) {
		err = row.Scan(&w.ID, &w.Code, &w.Terms, &w.VersionID, &w.Competent, &w.ReceivedMs, &w.FinishedMs, &w.DueMs)
		return w, err
	}, `SELECT d.id, d.code, d.terms_id, t.version_id, d.competent_id, d.received_ms, d.finished_ms, d.due_ms
		  FROM dossier_dossier d JOIN dossier_terms t ON t.id = d.terms_id
		 WHERE d.procedure_key = $6 AND d.finished_ms >= $4 AND d.finished_ms < $5 AND d.outcome IN ('approved', 'rejected')
		   AND d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		   AND ($7 = '' OR d.competent_id = $7) AND ($8 = '' OR t.version_id = $8) AND (d.finished_ms, d.id) < ($9, $10)
		 ORDER BY d.finished_ms DESC, d.id DESC LIMIT $11`, account, right, nowMs, fromMs, toMs, key, agency, version, afterMs, afterID, limit)
}
