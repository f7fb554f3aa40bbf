package dossier

import "cchc/internal/db"

func (q asked) period() []any { return q.args()[:8] }

func scanResult(row db.Scanner) (r FormCell, err error) {
	err = row.Scan(&r.Source, &r.End, &r.N)
	return r, err
}

// tallyResults counts a period by source and end. 25200000 ms are the seven hours of
// Vietnam: days are compared, not moments.
func tallyResults(tx *db.Tx, q asked) ([]FormCell, error) {
	return db.All(tx, scanResult, `
		WITH cells AS (
		  SELECT d.id, CASE WHEN d.received_ms < $7 THEN 'carried' WHEN d.channel = 'online' THEN 'online' ELSE 'offline' END AS source,
		    CASE WHEN d.finished_ms > $8 AND EXISTS (SELECT 1 FROM dossier_pause w WHERE w.dossier_id = d.id AND w.kind = 'supplement' AND w.from_ms <= $8 AND (w.to_ms = 0 OR w.to_ms > $8)) THEN 'on_time'
		         WHEN d.finished_ms > $8 AND d.due_ms > 0 AND d.due_ms < $8 THEN 'overdue'
		         WHEN d.finished_ms > $8 THEN 'in_time'
		         WHEN d.state IN ('withdrawn', 'closed_no_supplement') OR d.due_ms = 0 THEN 'on_time'
		         WHEN CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END > d.due_ms THEN 'late'
		         WHEN (d.finished_ms + 25200000) / 86400000 < (d.due_ms + 25200000) / 86400000 THEN 'early'
		         ELSE 'on_time' END AS ends
		  FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.received_ms > 0 AND d.received_ms <= $8
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6))
		SELECT source, ends, COUNT(*) FROM cells GROUP BY source, ends`, q.period()...)
}

func pageResults(tx *db.Tx, q asked, source, end string) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH cells AS (
		  SELECT d.id, CASE WHEN d.received_ms < $7 THEN 'carried' WHEN d.channel = 'online' THEN 'online' ELSE 'offline' END AS source,
		    CASE WHEN d.finished_ms > $8 AND EXISTS (SELECT 1 FROM dossier_pause w WHERE w.dossier_id = d.id AND w.kind = 'supplement' AND w.from_ms <= $8 AND (w.to_ms = 0 OR w.to_ms > $8)) THEN 'on_time'
		         WHEN d.finished_ms > $8 AND d.due_ms > 0 AND d.due_ms < $8 THEN 'overdue'
		         WHEN d.finished_ms > $8 THEN 'in_time'
		         WHEN d.state IN ('withdrawn', 'closed_no_supplement') OR d.due_ms = 0 THEN 'on_time'
		         WHEN CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END > d.due_ms THEN 'late'
		         WHEN (d.finished_ms + 25200000) / 86400000 < (d.due_ms + 25200000) / 86400000 THEN 'early'
		         ELSE 'on_time' END AS ends
		  FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.received_ms > 0 AND d.received_ms <= $8
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6)),
		page AS (SELECT id FROM cells WHERE ($11 = '' OR source = $11) AND ($12 = '' OR ends = $12) AND id > $9 ORDER BY id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, append(q.args(), source, end)...)
}

func totalResults(tx *db.Tx, q asked, source, end string) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		WITH cells AS (
		  SELECT d.id, CASE WHEN d.received_ms < $7 THEN 'carried' WHEN d.channel = 'online' THEN 'online' ELSE 'offline' END AS source,
		    CASE WHEN d.finished_ms > $8 AND EXISTS (SELECT 1 FROM dossier_pause w WHERE w.dossier_id = d.id AND w.kind = 'supplement' AND w.from_ms <= $8 AND (w.to_ms = 0 OR w.to_ms > $8)) THEN 'on_time'
		         WHEN d.finished_ms > $8 AND d.due_ms > 0 AND d.due_ms < $8 THEN 'overdue'
		         WHEN d.finished_ms > $8 THEN 'in_time'
		         WHEN d.state IN ('withdrawn', 'closed_no_supplement') OR d.due_ms = 0 THEN 'on_time'
		         WHEN CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END > d.due_ms THEN 'late'
		         WHEN (d.finished_ms + 25200000) / 86400000 < (d.due_ms + 25200000) / 86400000 THEN 'early'
		         ELSE 'on_time' END AS ends
		  FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.received_ms > 0 AND d.received_ms <= $8
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6))
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM cells WHERE ($11 = '' OR source = $11) AND ($12 = '' OR ends = $12) AND id > $9 LIMIT $10) x`, append(q.args(), source, end)...)
	return n, err
}

// countAsked counts what was finished in a period with so many requests for papers.
func countAsked(tx *db.Tx, q asked, least, most int64) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.supplements >= $9 AND d.supplements <= $10
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6)`, append(q.period(), least, most)...)
	return n, err
}

func pageAsked(tx *db.Tx, q asked, least, most int64) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.supplements >= $11 AND d.supplements <= $12
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, append(q.args(), least, most)...)
}

func totalAsked(tx *db.Tx, q asked, least, most int64) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.supplements >= $11 AND d.supplements <= $12
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, append(q.args(), least, most)...)
	return n, err
}

type share struct{ good, all int64 }

func scanShare(row db.Scanner) (s share, err error) {
	err = row.Scan(&s.good, &s.all)
	return s, err
}

// countInTime counts the dossiers handled in a period and those in time by the index.
func countInTime(tx *db.Tx, q asked) (good, all int64, err error) {
	s, _, err := db.One(tx, scanShare, `
		SELECT COUNT(*) FILTER (WHERE d.supplements <= 1 AND (d.due_ms = 0 OR CASE WHEN d.finished_ms > $8 THEN COALESCE((SELECT MIN(w.from_ms) FROM dossier_pause w WHERE w.dossier_id = d.id AND w.kind = 'supplement' AND w.from_ms <= $8 AND (w.to_ms = 0 OR w.to_ms > $8)), $8) ELSE CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END END <= d.due_ms)), COUNT(*)
		FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.received_ms > 0 AND d.received_ms <= $8
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6)`, q.period()...)
	return s.good, s.all, err
}

func pageInTime(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.supplements <= 1 AND (d.due_ms = 0 OR CASE WHEN d.finished_ms > $8 THEN COALESCE((SELECT MIN(w.from_ms) FROM dossier_pause w WHERE w.dossier_id = d.id AND w.kind = 'supplement' AND w.from_ms <= $8 AND (w.to_ms = 0 OR w.to_ms > $8)), $8) ELSE CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END END <= d.due_ms) AND d.finished_ms >= $7 AND d.received_ms > 0 AND d.received_ms <= $8
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalInTime(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.supplements <= 1 AND (d.due_ms = 0 OR CASE WHEN d.finished_ms > $8 THEN COALESCE((SELECT MIN(w.from_ms) FROM dossier_pause w WHERE w.dossier_id = d.id AND w.kind = 'supplement' AND w.from_ms <= $8 AND (w.to_ms = 0 OR w.to_ms > $8)), $8) ELSE CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END END <= d.due_ms) AND d.finished_ms >= $7 AND d.received_ms > 0 AND d.received_ms <= $8
		    AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
		    AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		    AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}
