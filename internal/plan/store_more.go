package plan

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// within says whether an agency is the leading one or a unit below it.
func within(tx *db.Tx, leading, agency string) (bool, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM org_tree WHERE ancestor_id = $1 AND descendant_id = $2`, leading, agency)
	return n > 0, err
}

func agencyOfAccount(tx *db.Tx, account string) (string, error) {
	agency, _, err := db.One(tx, db.Value[string], `SELECT COALESCE(agency_id, '') FROM identity_account WHERE id = $1`, account)
	return agency, err
}

func addReached(tx *db.Tx, assignment, milestone, day string) error {
	_, err := tx.Exec(`INSERT INTO plan_reached (assignment_id, milestone_id, day) VALUES ($1, $2, $3) ON CONFLICT (assignment_id, milestone_id) DO NOTHING`, assignment, milestone, day)
	return err
}

// reachedOf reads which milestones an assignment reached and when.
func reachedOf(tx *db.Tx, assignment string) (map[string]string, error) {
	type one struct{ id, day string }
	rows, err := db.All(tx, func(row db.Scanner) (o one, err error) { err = row.Scan(&o.id, &o.day); return o, err },
		`SELECT milestone_id, day FROM plan_reached WHERE assignment_id = $1`, assignment)
	reached := make(map[string]string, len(rows))
	for _, r := range rows {
		reached[r.id] = r.day
	}
	return reached, err
}

func scanPeriod(row db.Scanner) (i PeriodItem, err error) {
	err = row.Scan(&i.ID, &i.Assignment, &i.Key, &i.DueDay, &i.State, &i.SubmittedDay, &i.ApprovedDay, &i.Text, &i.Version)
	return i, err
}

// findPeriod reads one period item; NotFound "plan.period_unknown".
func findPeriod(tx *db.Tx, id string) (PeriodItem, error) {
	i, found, err := db.One(tx, scanPeriod, `
		SELECT id, assignment_id, period_key, due_day, state, submitted_day, approved_day, text, version FROM plan_period WHERE id = $1 AND state <> 'cancelled'`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "plan.period_unknown")
	}
	return i, err
}

func periodsOf(tx *db.Tx, assignment string) ([]PeriodItem, error) {
	return db.All(tx, scanPeriod, `
		SELECT id, assignment_id, period_key, due_day, state, submitted_day, approved_day, text, version
		FROM plan_period WHERE assignment_id = $1 AND state <> 'cancelled' ORDER BY due_day, period_key`, assignment)
}

// openPeriods counts the items of an assignment that have not come.
func openPeriods(tx *db.Tx, assignment string) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM plan_period WHERE assignment_id = $1 AND state = 'open'`, assignment)
	return n, err
}

func addPeriod(tx *db.Tx, a Assignment, i PeriodItem) error {
	_, err := tx.Exec(`
		INSERT INTO plan_period (id, plan_id, task_id, assignment_id, agency_id, period_key, due_day, state, submitted_day, approved_day, submitted_by, text, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, 1)`,
		i.ID, a.PlanID, a.TaskID, a.ID, a.Agency, i.Key, i.DueDay, i.State, i.SubmittedDay, i.ApprovedDay, i.Text)
	return err
}

// savePeriod writes one item; by is kept when an item comes in.
func savePeriod(tx *db.Tx, i PeriodItem, by string) error {
	n, err := tx.Exec(`
		UPDATE plan_period SET state = $1, submitted_day = $2, approved_day = $3, text = $4,
		       submitted_by = CASE WHEN $5 = '' THEN submitted_by ELSE $5 END, version = version + 1
		WHERE id = $6 AND version = $7`, i.State, i.SubmittedDay, i.ApprovedDay, i.Text, by, i.ID, i.Version)
	return changed(n, err)
}

// cancelPeriods ends what an assignment still owed; givePeriods hands it to another.
func cancelPeriods(tx *db.Tx, assignment string) error {
	_, err := tx.Exec(`UPDATE plan_period SET state = 'cancelled', version = version + 1 WHERE assignment_id = $1 AND state = 'open'`, assignment)
	return err
}

func givePeriods(tx *db.Tx, from string, to Assignment) error {
	_, err := tx.Exec(`UPDATE plan_period SET assignment_id = $1, agency_id = $2, version = version + 1 WHERE assignment_id = $3 AND state IN ('open', 'submitted')`, to.ID, to.Agency, from)
	return err
}

func scanExtension(row db.Scanner) (e Extension, err error) {
	err = row.Scan(&e.ID, &e.PlanID, &e.Assignment, &e.Agency, &e.OldDay, &e.NewDay, &e.Reason, &e.State, &e.RequestedBy, &e.RequestedMs,
		&e.DecidedBy, &e.DecidedMs, &e.DecisionText, &e.Document, &e.Version)
	return e, err
}

// findExtension reads one request; NotFound "plan.extension_unknown".
func findExtension(tx *db.Tx, id string) (Extension, error) {
	e, found, err := db.One(tx, scanExtension, `
		SELECT id, plan_id, assignment_id, agency_id, old_day, new_day, reason, state, requested_by, requested_ms, decided_by, decided_ms, decision_text, document, version
		FROM plan_extension WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "plan.extension_unknown")
	}
	return e, err
}

func extensionsOf(tx *db.Tx, assignment string) ([]Extension, error) {
	return db.All(tx, scanExtension, `
		SELECT id, plan_id, assignment_id, agency_id, old_day, new_day, reason, state, requested_by, requested_ms, decided_by, decided_ms, decision_text, document, version
		FROM plan_extension WHERE assignment_id = $1 ORDER BY requested_ms, id`, assignment)
}

// waitingExtensions reads the requests that a reader may decide, oldest first.
func waitingExtensions(tx *db.Tx, s scope, afterMs int64, afterID string, limit int) ([]Extension, error) {
	return db.All(tx, scanExtension, `
		SELECT id, plan_id, assignment_id, agency_id, old_day, new_day, reason, state, requested_by, requested_ms, decided_by, decided_ms, decision_text, document, version
		FROM plan_extension
		WHERE state = 'requested' AND (requested_ms, id) > ($4, $5)
		  AND agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		ORDER BY requested_ms, id LIMIT $6`, s.account, s.right, s.nowMs, afterMs, afterID, limit)
}

func addExtension(tx *db.Tx, e Extension) error {
	_, err := tx.Exec(`
		INSERT INTO plan_extension (id, plan_id, assignment_id, agency_id, old_day, new_day, reason, state, requested_by, requested_ms, decided_by, decided_ms, decision_text, document, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)`,
		e.ID, e.PlanID, e.Assignment, e.Agency, e.OldDay, e.NewDay, e.Reason, e.State, e.RequestedBy, e.RequestedMs, e.DecidedBy, e.DecidedMs, e.DecisionText, e.Document)
	return err
}

func saveExtension(tx *db.Tx, e Extension) error {
	n, err := tx.Exec(`
		UPDATE plan_extension SET state = $1, decided_by = $2, decided_ms = $3, decision_text = $4, document = $5, version = version + 1
		WHERE id = $6 AND version = $7`, e.State, e.DecidedBy, e.DecidedMs, e.DecisionText, e.Document, e.ID, e.Version)
	return changed(n, err)
}

// addReminder keeps a reminder; false when that level was already sent that day.
func addReminder(tx *db.Tx, a Assignment, level int, day string, ms int64, by, words string) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO plan_reminder (id, plan_id, assignment_id, level, day, at_ms, sent_by, text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (assignment_id, level, day) DO NOTHING`, db.NewID(), a.PlanID, a.ID, level, day, ms, by, words)
	return n > 0, err
}

// lapseExtensions ends requests that nothing is left to decide about.
func lapseExtensions(tx *db.Tx, assignment string, nowMs int64) error {
	_, err := tx.Exec(`UPDATE plan_extension SET state = 'lapsed', decided_ms = $2, version = version + 1 WHERE assignment_id = $1 AND state = 'requested'`, assignment, nowMs)
	return err
}

// openLead finds the open lead assignment of an agency in a task.
func openLead(tx *db.Tx, task, agency string) (string, bool, error) {
	return db.One(tx, db.Value[string], `
		SELECT id FROM plan_assignment
		WHERE task_id = $1 AND agency_id = $2 AND role = 'lead' AND standing IN ('assigned', 'acknowledged', 'in_progress', 'submitted', 'paused')
		ORDER BY assigned_day DESC LIMIT 1`, task, agency)
}

// approveInstead lets the successor of an agency accept what the agency was to accept.
func approveInstead(tx *db.Tx, from, to string) error {
	_, err := tx.Exec(`
		UPDATE plan_assignment SET approver_id = $2, version = version + 1
		WHERE approver_id = $1 AND agency_id <> $2 AND standing IN ('assigned', 'acknowledged', 'in_progress', 'submitted', 'paused')`, from, to)
	return err
}

// pauseDay reads the day on which the current pause began.
func pauseDay(tx *db.Tx, assignment string) (string, error) {
	day, _, err := db.One(tx, db.Value[string], `SELECT day FROM plan_event WHERE assignment_id = $1 AND move = 'pause' ORDER BY no DESC LIMIT 1`, assignment)
	return day, err
}
