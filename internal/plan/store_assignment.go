package plan

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanAssignment(row db.Scanner) (a Assignment, err error) {
	err = row.Scan(&a.ID, &a.PlanID, &a.TaskID, &a.Agency, &a.Role, &a.Officer, &a.Head, &a.Approver, &a.Standing, &a.Before, &a.Progress,
		&a.Dated, &a.AssignedDay, &a.OriginalDue, &a.EffectiveDue, &a.SubmittedDay, &a.SubmittedBy, &a.DoneDay, &a.ApprovedDay,
		&a.Extensions, &a.Successor, &a.UpdatedMs, &a.Version)
	return a, err
}

// findAssignment reads one assignment; NotFound "plan.assignment_unknown".
func findAssignment(tx *db.Tx, id string) (Assignment, error) {
	a, found, err := db.One(tx, scanAssignment, `
		SELECT id, plan_id, task_id, agency_id, role, officer_id, head_name, approver_id, standing, before_pause, progress, dated, assigned_day,
		       original_day, effective_day, submitted_day, submitted_by, done_day, approved_day, extensions, COALESCE(successor_id, ''), updated_ms, version
		FROM plan_assignment WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "plan.assignment_unknown")
	}
	return a, err
}

// assignmentsOf reads every assignment of a task, leads first.
func assignmentsOf(tx *db.Tx, taskID string) ([]Assignment, error) {
	return db.All(tx, scanAssignment, `
		SELECT a.id, a.plan_id, a.task_id, a.agency_id, a.role, a.officer_id, a.head_name, a.approver_id, a.standing, a.before_pause, a.progress, a.dated, a.assigned_day,
		       a.original_day, a.effective_day, a.submitted_day, a.submitted_by, a.done_day, a.approved_day, a.extensions, COALESCE(a.successor_id, ''), a.updated_ms, a.version
		FROM plan_assignment a JOIN org_agency o ON o.id = a.agency_id
		WHERE a.task_id = $1 ORDER BY CASE WHEN a.role = 'lead' THEN 0 ELSE 1 END, o.kind, o.code, a.id`, taskID)
}

// openOfAgency reads the open assignments of an agency.
func openOfAgency(tx *db.Tx, agency string) ([]Assignment, error) {
	return db.All(tx, scanAssignment, `
		SELECT id, plan_id, task_id, agency_id, role, officer_id, head_name, approver_id, standing, before_pause, progress, dated, assigned_day,
		       original_day, effective_day, submitted_day, submitted_by, done_day, approved_day, extensions, COALESCE(successor_id, ''), updated_ms, version
		FROM plan_assignment WHERE agency_id = $1 AND standing IN ('assigned', 'acknowledged', 'in_progress', 'submitted', 'paused')
		ORDER BY effective_day, id`, agency)
}

func addAssignment(tx *db.Tx, a Assignment) error {
	_, err := tx.Exec(`
		INSERT INTO plan_assignment (id, plan_id, task_id, agency_id, role, officer_id, head_name, approver_id, standing, before_pause, progress,
		       dated, assigned_day, original_day, effective_day, submitted_day, submitted_by, done_day, approved_day, extensions, updated_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 1)`,
		a.ID, a.PlanID, a.TaskID, a.Agency, a.Role, a.Officer, a.Head, a.Approver, a.Standing, a.Before, a.Progress,
		a.Dated, a.AssignedDay, day(a.OriginalDue), day(a.EffectiveDue), day(a.SubmittedDay), a.SubmittedBy, day(a.DoneDay), day(a.ApprovedDay), a.Extensions, a.UpdatedMs)
	return err
}

// saveAssignment writes where an assignment stands if a.Version is still current.
func saveAssignment(tx *db.Tx, a Assignment) error {
	n, err := tx.Exec(`
		UPDATE plan_assignment SET officer_id = $1, standing = $2, before_pause = $3, progress = $4, effective_day = $5, submitted_day = $6,
		       submitted_by = $7, done_day = $8, approved_day = $9, extensions = $10, successor_id = $11, updated_ms = $12, dated = $13, version = version + 1
		WHERE id = $14 AND version = $15`,
		a.Officer, a.Standing, a.Before, a.Progress, day(a.EffectiveDue), day(a.SubmittedDay),
		a.SubmittedBy, day(a.DoneDay), day(a.ApprovedDay), a.Extensions, orNull(a.Successor), a.UpdatedMs, a.Dated, a.ID, a.Version)
	return changed(n, err)
}

func scanEntry(row db.Scanner) (e Entry, err error) {
	err = row.Scan(&e.ID, &e.Assignment, &e.Agency, &e.Move, &e.Day, &e.AtMs, &e.Account, &e.Name, &e.ByAgency, &e.Due, &e.Percent,
		&e.Text, &e.Difficulty, &e.Proposal, &e.Document)
	return e, err
}

// addEntry appends to the history of an assignment.
func addEntry(tx *db.Tx, a Assignment, e Entry) error {
	_, err := tx.Exec(`
		INSERT INTO plan_event (id, plan_id, task_id, assignment_id, no, move, day, at_ms, account_id, account_name, agency_id, due_day, percent, text, difficulty, proposal, document)
		SELECT $1, $2, $3, $4, COALESCE(MAX(no), 0) + 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
		FROM plan_event WHERE assignment_id = $4`,
		e.ID, a.PlanID, a.TaskID, a.ID, e.Move, e.Day, e.AtMs, e.Account, e.Name, e.ByAgency, e.Due, e.Percent, e.Text, e.Difficulty, e.Proposal, e.Document)
	return err
}

// placeEntry is addEntry where the place in the history is known.
func placeEntry(tx *db.Tx, a Assignment, e Entry, no int) error {
	_, err := tx.Exec(`
		INSERT INTO plan_event (id, plan_id, task_id, assignment_id, no, move, day, at_ms, account_id, account_name, agency_id, due_day, percent, text, difficulty, proposal, document)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		e.ID, a.PlanID, a.TaskID, a.ID, no, e.Move, e.Day, e.AtMs, e.Account, e.Name, e.ByAgency, e.Due, e.Percent, e.Text, e.Difficulty, e.Proposal, e.Document)
	return err
}

// historyOf reads what phases needs of one assignment, in order.
func historyOf(tx *db.Tx, assignment string) ([]Event, error) {
	return db.All(tx, func(row db.Scanner) (e Event, err error) { err = row.Scan(&e.Move, &e.Day, &e.Due); return e, err },
		`SELECT move, day, due_day FROM plan_event WHERE assignment_id = $1 ORDER BY no`, assignment)
}

// timeline reads the history of a task, newest first, up to limit entries.
func timeline(tx *db.Tx, taskID string, limit int) ([]Entry, error) {
	return db.All(tx, scanEntry, `
		SELECT e.id, e.assignment_id, a.agency_id, e.move, e.day, e.at_ms, e.account_id, e.account_name, e.agency_id, e.due_day, e.percent,
		       e.text, e.difficulty, e.proposal, e.document
		FROM plan_event e JOIN plan_assignment a ON a.id = e.assignment_id
		WHERE e.task_id = $1 AND e.move <> 'assign' ORDER BY e.at_ms DESC, e.id DESC LIMIT $2`, taskID, limit)
}

// timelineOf is the same for one assignment, the giving included.
func timelineOf(tx *db.Tx, assignment string, limit int) ([]Entry, error) {
	return db.All(tx, scanEntry, `
		SELECT e.id, e.assignment_id, a.agency_id, e.move, e.day, e.at_ms, e.account_id, e.account_name, e.agency_id, e.due_day, e.percent,
		       e.text, e.difficulty, e.proposal, e.document
		FROM plan_event e JOIN plan_assignment a ON a.id = e.assignment_id
		WHERE e.assignment_id = $1 ORDER BY e.no DESC LIMIT $2`, assignment, limit)
}

// savePhases writes anew the stretches of one lead assignment.
func savePhases(tx *db.Tx, a Assignment, area int, list []Phase) error {
	if _, err := tx.Exec(`DELETE FROM plan_phase WHERE assignment_id = $1`, a.ID); err != nil {
		return err
	}
	return addPhases(tx, a, area, list)
}

func addPhases(tx *db.Tx, a Assignment, area int, list []Phase) error {
	for _, p := range list {
		if _, err := tx.Exec(`
			INSERT INTO plan_phase (assignment_id, from_day, to_day, plan_id, task_id, agency_id, area_no, standing, dated, due_day, original_day, done_day, hold_day)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			a.ID, p.From, p.To, a.PlanID, a.TaskID, a.Agency, area, p.Standing, a.Dated, day(p.Due), day(a.OriginalDue), day(a.DoneDay), p.Hold); err != nil {
			return err
		}
	}
	return nil
}
