package plan

import "cchc/internal/db"

// mayReadTask says whether a reader sees a task: it follows the plan, or an agency
// within reach leads or coordinates it.
func mayReadTask(tx *db.Tx, s scope, t Task, p Plan) (bool, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (
			SELECT r.agency_id FROM identity_reach r
			WHERE r.account_id = $1 AND r.right_code = $2 AND r.from_ms <= $3 AND r.to_ms > $3
			  AND (r.agency_id = $4 OR EXISTS (SELECT 1 FROM plan_assignment a WHERE a.agency_id = r.agency_id AND a.task_id = $5))
			LIMIT 1) AS x`, s.account, s.right, s.nowMs, p.Secretariat, t.ID)
	return n > 0, err
}

func nameOf(tx *db.Tx, agency string) (string, error) {
	name, _, err := db.One(tx, db.Value[string], `SELECT name FROM org_agency WHERE id = $1`, agency)
	return name, err
}

// taskHead is a task with the name of its accountable agency.
type taskHead struct {
	Task     Task
	LeadName string
}

// taskHeads reads the tasks of a plan by id, without mentions and milestones.
func taskHeads(tx *db.Tx, planID string) (map[string]taskHead, error) {
	rows, err := db.All(tx, func(row db.Scanner) (h taskHead, err error) {
		t := &h.Task
		err = row.Scan(&t.ID, &t.PlanID, &t.Sort, &t.Area, &t.Code, &t.Content, &t.Product, &t.LeadText, &t.CoordText, &t.LeadAgency,
			&t.DeadlineText, &t.DueDay, &t.Kind, &t.FanOut, &t.Priority, &t.Note, &t.Confidential, &t.Cancelled, &t.Version, &h.LeadName)
		return h, err
	}, `
		SELECT t.id, t.plan_id, t.sort_no, t.area_no, t.code, t.content, t.product, t.lead_text, t.coord_text, COALESCE(t.lead_id, ''),
		       t.deadline_text, t.due_day, t.kind, t.fan_out, t.priority, t.note, t.confidential, t.cancelled, t.version, COALESCE(o.name, '')
		FROM plan_task t LEFT JOIN org_agency o ON o.id = t.lead_id WHERE t.plan_id = $1`, planID)
	heads := make(map[string]taskHead, len(rows))
	for _, h := range rows {
		heads[h.Task.ID] = h
	}
	return heads, err
}

// progressNow is the mean of what the lead assignments of a plan report, by task.
func progressNow(tx *db.Tx, planID string) (map[string]int, error) {
	rows, err := db.All(tx, scanMean, `
		SELECT task_id, SUM(progress), COUNT(*)
		FROM plan_assignment WHERE plan_id = $1 AND role = 'lead' AND standing <> 'cancelled' GROUP BY task_id`, planID)
	return means(rows), err
}

// progressOn is the mean of what the lead assignments had reported by a day, by task. An
// accepted one is whole and an untouched one nothing, so only those in hand are looked
// up in the history.
func progressOn(tx *db.Tx, planID, day string) (map[string]int, error) {
	rows, err := db.All(tx, scanMean, `
		SELECT f.task_id,
		       SUM(CASE f.standing WHEN 'approved' THEN 100 WHEN 'assigned' THEN 0
		           ELSE COALESCE((SELECT e.percent FROM plan_event e WHERE e.assignment_id = f.assignment_id AND e.day <= $2 ORDER BY e.no DESC LIMIT 1), 0) END),
		       COUNT(*)
		FROM plan_phase f WHERE f.plan_id = $1 AND f.from_day <= $2 AND f.to_day > $2 GROUP BY f.task_id`, planID, day)
	return means(rows), err
}

// mean is a sum of percents over so many assignments of a task.
type mean struct {
	task     string
	sum, all int
}

func scanMean(row db.Scanner) (m mean, err error) {
	err = row.Scan(&m.task, &m.sum, &m.all)
	return m, err
}

func means(rows []mean) map[string]int {
	progress := make(map[string]int, len(rows))
	for _, r := range rows {
		progress[r.task] = r.sum / r.all
	}
	return progress
}

// assignmentRows reads the assignments of a task with names and the class on a day.
func assignmentRows(tx *db.Tx, taskID, day string) ([]AssignmentRow, error) {
	return db.All(tx, func(row db.Scanner) (r AssignmentRow, err error) {
		a := &r.Assignment
		err = row.Scan(&a.ID, &a.PlanID, &a.TaskID, &a.Agency, &a.Role, &a.Officer, &a.Head, &a.Approver, &a.Standing, &a.Before, &a.Progress,
			&a.Dated, &a.AssignedDay, &a.OriginalDue, &a.EffectiveDue, &a.SubmittedDay, &a.SubmittedBy, &a.DoneDay, &a.ApprovedDay,
			&a.Extensions, &a.Successor, &a.UpdatedMs, &a.Version, &r.AgencyName, &r.ApproverName, &r.Class)
		return r, err
	}, `
		SELECT a.id, a.plan_id, a.task_id, a.agency_id, a.role, a.officer_id, a.head_name, a.approver_id, a.standing, a.before_pause, a.progress, a.dated, a.assigned_day,
		       a.original_day, a.effective_day, a.submitted_day, a.submitted_by, a.done_day, a.approved_day, a.extensions, COALESCE(a.successor_id, ''), a.updated_ms, a.version,
		       o.name, b.name,
		       CASE WHEN p.assignment_id IS NULL THEN ''
		            WHEN NOT p.dated THEN 'no_deadline'
		            WHEN p.standing = 'approved' AND p.done_day <= p.due_day THEN 'on_time'
		            WHEN p.standing = 'approved' THEN 'late'
		            WHEN p.due_day < CASE WHEN p.hold_day < $2 THEN p.hold_day ELSE $2 END THEN 'overdue'
		            WHEN p.standing = 'assigned' THEN 'not_started'
		            ELSE 'in_progress' END
		FROM plan_assignment a
		JOIN org_agency o ON o.id = a.agency_id
		JOIN org_agency b ON b.id = a.approver_id
		LEFT JOIN plan_phase p ON p.assignment_id = a.id AND p.from_day <= $2 AND p.to_day > $2
		WHERE a.task_id = $1
		ORDER BY CASE WHEN a.role = 'lead' THEN 0 ELSE 1 END, o.kind, o.code, a.id`, taskID, day)
}

// overdueNow reads the open lead assignments past their day in every open plan of the
// province within reach, by deadline; what an agency owes itself is its own business.
func overdueNow(tx *db.Tx, s scope, day, afterDay, afterID string, limit int) ([]Line, error) {
	return db.All(tx, scanLine, `
		SELECT a.id, a.task_id, t.code, t.content, t.area_no, a.agency_id, o.name, a.standing, 'overdue', a.effective_day, a.original_day, a.done_day,
		       a.progress, a.updated_ms, a.version
		FROM plan_assignment a
		JOIN plan_plan p ON p.id = a.plan_id
		JOIN plan_task t ON t.id = a.task_id
		JOIN org_agency o ON o.id = a.agency_id
		WHERE a.role = 'lead' AND a.dated AND p.state IN ('issued', 'amended') AND p.parent_id IS NULL AND a.standing IN ('assigned', 'acknowledged', 'in_progress', 'submitted')
		  AND a.effective_day < $4 AND (a.effective_day, a.id) > ($5, $6)
		  AND a.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		ORDER BY a.effective_day, a.id LIMIT $7`,
		s.account, s.right, s.nowMs, day, afterDay, afterID, limit)
}

// countOverdue counts what overdueNow lists, up to most.
func countOverdue(tx *db.Tx, s scope, day string, most int) (int, error) {
	n, _, err := db.One(tx, db.Value[int], `
		SELECT COUNT(*) FROM (
			SELECT a.id FROM plan_assignment a JOIN plan_plan p ON p.id = a.plan_id
			WHERE a.role = 'lead' AND a.dated AND p.state IN ('issued', 'amended') AND p.parent_id IS NULL AND a.standing IN ('assigned', 'acknowledged', 'in_progress', 'submitted')
			  AND a.effective_day < $4
			  AND a.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
			LIMIT $5) AS x`, s.account, s.right, s.nowMs, day, most)
	return n, err
}

// owedBy reads what a person owes: open assignments that they report for (of agencies
// within reach of plan.report) and results that wait for their agency's acceptance.
func owedBy(tx *db.Tx, report, approve scope, agency, afterDay, afterID string, limit int) ([]Line, error) {
	return db.All(tx, scanLine, `
		SELECT a.id, a.task_id, t.code, t.content, t.area_no, a.agency_id, CASE WHEN o.short_name = '' THEN o.name ELSE o.short_name END, a.standing, '', a.effective_day, a.original_day, a.done_day,
		       a.progress, a.updated_ms, a.version
		FROM (
			SELECT * FROM (
				SELECT x.id, x.effective_day FROM plan_assignment x JOIN plan_plan p ON p.id = x.plan_id AND p.state IN ('issued', 'amended')
				WHERE x.role = 'lead' AND x.standing IN ('assigned', 'acknowledged', 'in_progress') AND x.agency_id = $5 AND (x.effective_day, x.id) > ($6, $7)
				  AND EXISTS (SELECT 1 FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND agency_id = $5 AND from_ms <= $4 AND to_ms > $4)
				ORDER BY x.effective_day, x.id LIMIT $8) AS own
			UNION ALL
			SELECT * FROM (
				SELECT x.id, x.effective_day FROM plan_assignment x JOIN plan_plan p ON p.id = x.plan_id AND p.state IN ('issued', 'amended')
				WHERE x.role = 'lead' AND x.standing = 'submitted' AND x.approver_id = $5 AND (x.effective_day, x.id) > ($6, $7)
				  AND x.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)
				ORDER BY x.effective_day, x.id LIMIT $8) AS others) AS owed
		JOIN plan_assignment a ON a.id = owed.id
		JOIN plan_task t ON t.id = a.task_id
		JOIN org_agency o ON o.id = a.agency_id
		ORDER BY a.effective_day, a.id LIMIT $8`,
		report.account, report.right, approve.right, report.nowMs, agency, afterDay, afterID, limit)
}
