package dossier

import (
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// asked is a question for the records behind a figure: reach, agency, dimensions, and
// from when to when, after an id.
type asked struct {
	s            indicator.Scope
	fromMs, toMs int64
	after        string
	limit        int64
}

func (q asked) args() []any {
	return []any{q.s.Right, q.s.Account, q.s.NowMs(), q.s.AgencyID, q.s.Dim("procedure"), q.s.Dim("channel"), q.fromMs, q.toMs, q.after, q.limit}
}

// opens makes the opener of a figure from its statements: ids in order, and how many.
func opens(page func(*db.Tx, asked) ([]Line, error), total func(*db.Tx, asked) (int64, error), at bool) opener {
	return func(tx *db.Tx, s indicator.Scope, p indicator.Period, after string, limit int) (out indicator.Records, err error) {
		q := asked{s, startOfDay(p.FromDay), endOfDay(p.ToDay).UnixMilli(), after, int64(limit) + 1}
		if at {
			q.fromMs = momentOf(s, p)
			q.toMs = q.fromMs
		}
		lines, err := page(tx, q)
		if err != nil {
			return out, err
		}
		q.after, q.limit = "", indicator.MaxTotal+1
		n, err := total(tx, q)
		if err != nil {
			return out, err
		}
		out.Total = indicator.Capped(n)
		if len(lines) > limit {
			lines = lines[:limit]
			out.Next = lines[limit-1].ID
		}
		for _, l := range lines {
			out.Rows = append(out.Rows, indicator.Record{ID: l.ID, Code: l.Code, Title: l.ProcedureName, AgencyID: l.Competent, Agency: l.CompetentName, URL: URLOf(l.Code), At: clock.FromMs(l.BegunMs)})
		}
		return out, nil
	}
}

var (
	openReceived       = opens(pageReceived, totalReceived, false)
	openTakenIn        = opens(pageTakenIn, totalTakenIn, false)
	openOnline         = opens(pageOnline, totalOnline, false)
	openFinished       = opens(pageFinished, totalFinished, false)
	openOnTime         = opens(pageOnTime, totalOnTime, false)
	openLate           = opens(pageLate, totalLate, false)
	openOnTimeByClock  = opens(pageOnTimeByClock, totalOnTimeByClock, false)
	openDigitised      = opens(pageDigitised, totalDigitised, false)
	openAnsweredOnTime = opens(pageAnsweredOnTime, totalAnsweredOnTime, false)
	openPaidOnline     = opens(pagePaidOnline, totalPaidOnline, false)
	openOpen           = opens(pageOpen, totalOpen, true)
	openOverdue        = opens(pageOverdue, totalOverdue, true)
)

func pageReceived(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.received_ms >= $7 AND d.received_ms <= $8
		  AND ($1 = '' OR d.received_for_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.received_for_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalReceived(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.received_ms >= $7 AND d.received_ms <= $8
		  AND ($1 = '' OR d.received_for_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.received_for_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageTakenIn(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.received_ms >= $7 AND d.received_ms <= $8
		  AND ($1 = '' OR d.received_by_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.received_by_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalTakenIn(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.received_ms >= $7 AND d.received_ms <= $8
		  AND ($1 = '' OR d.received_by_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.received_by_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageOnline(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.received_ms >= $7 AND d.received_ms <= $8 AND d.channel = 'online'
		  AND ($1 = '' OR d.received_for_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.received_for_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalOnline(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.received_ms >= $7 AND d.received_ms <= $8 AND d.channel = 'online'
		  AND ($1 = '' OR d.received_for_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.received_for_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageFinished(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalFinished(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageOnTime(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.due_ms > 0 AND CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END <= d.due_ms
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalOnTime(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.due_ms > 0 AND CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END <= d.due_ms
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageLate(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.due_ms > 0 AND CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END > d.due_ms
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalLate(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.due_ms > 0 AND CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END > d.due_ms
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageOnTimeByClock(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.due_ms > 0 AND CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END <= d.clock_due_ms
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalOnTimeByClock(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.due_ms > 0 AND CASE WHEN d.paused_ms > 0 AND d.paused_ms < d.finished_ms THEN d.paused_ms ELSE d.finished_ms END <= d.clock_due_ms
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageDigitised(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.digitised_ms > 0
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalDigitised(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.finished_ms >= $7 AND d.finished_ms <= $8 AND d.received_ms > 0 AND d.digitised_ms > 0
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageAnsweredOnTime(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.answered_ms > 0 AND d.answered_ms >= $7 AND d.answered_ms <= $8 AND d.answered_ms <= d.answered_due_ms
		  AND ($1 = '' OR d.received_by_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.received_by_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalAnsweredOnTime(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.answered_ms > 0 AND d.answered_ms >= $7 AND d.answered_ms <= $8 AND d.answered_ms <= d.answered_due_ms
		  AND ($1 = '' OR d.received_by_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.received_by_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pagePaidOnline(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.paid_ms > 0 AND d.paid_ms >= $7 AND d.paid_ms <= $8 AND d.paid_online
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalPaidOnline(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.paid_ms > 0 AND d.paid_ms >= $7 AND d.paid_ms <= $8 AND d.paid_online
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageOpen(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.finished_ms > $7 AND d.received_ms > 0 AND d.received_ms <= $8
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalOpen(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.finished_ms > $7 AND d.received_ms > 0 AND d.received_ms <= $8
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

func pageOverdue(tx *db.Tx, q asked) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT d.id FROM dossier_dossier d WHERE d.finished_ms > $7 AND d.received_ms > 0 AND d.received_ms <= $8 AND d.due_ms > 0 AND d.due_ms < CASE WHEN d.paused_ms > 0 AND d.paused_ms < $7 THEN d.paused_ms ELSE $7 END
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 ORDER BY d.id LIMIT $10)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id`, q.args()...)
}

func totalOverdue(tx *db.Tx, q asked) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier d WHERE d.finished_ms > $7 AND d.received_ms > 0 AND d.received_ms <= $8 AND d.due_ms > 0 AND d.due_ms < CASE WHEN d.paused_ms > 0 AND d.paused_ms < $7 THEN d.paused_ms ELSE $7 END
		  AND ($1 = '' OR d.competent_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $1 AND from_ms <= $3 AND to_ms > $3))
  		  AND ($4 = '' OR d.competent_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $4))
		  AND ($5 = '' OR d.procedure_key = $5) AND ($6 = '' OR d.channel = $6) AND d.id > $9 LIMIT $10) x`, q.args()...)
	return n, err
}

// readOpen counts what stood open at a moment, readOverdue what was late then.
func readOpen(tx *db.Tx, s indicator.Scope, atMs int64) (int64, error) {
	return totalOpen(tx, asked{s, atMs, atMs, "", 1 << 40})
}

func readOverdue(tx *db.Tx, s indicator.Scope, atMs int64) (int64, error) {
	return totalOverdue(tx, asked{s, atMs, atMs, "", 1 << 40})
}
