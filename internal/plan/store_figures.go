package plan

import "cchc/internal/db"

// scope limits a query to what a reader may see: the agencies within identity_reach.
type scope struct {
	account, right string
	nowMs          int64
}

// everything is the account of the program itself (public figures, indicators): no
// account id can be this.
const everything = "*"

// asked is one question about figures: a plan on a day, with the last day that
// counts as "due soon", narrowed to a task, area and agency when these are set.
type asked struct {
	scope
	plan, day, soon string
	today           string // the day of the question, for what costs less today than for an earlier day
	task            string
	area            int
	agency          string
}

// countAssignments counts the lead assignments of a plan on a day, figure by figure.
// The conditions are those of assignmentsBehind, so that a count and the records that
// it opens cannot differ. Assignments that stand alike are counted together first, in
// the order of the index plan_phase_alike: a plan of 15,000 assignments has some
// hundred different ones, and the figures are then sums over these.
func countAssignments(tx *db.Tx, q asked) (Counts, error) {
	c, _, err := db.One(tx, func(row db.Scanner) (c Counts, err error) {
		err = row.Scan(&c.Total, &c.Done, &c.OnTime, &c.Late, &c.Overdue, &c.InProgress, &c.NotStarted, &c.NoDeadline,
			&c.Due, &c.DueOnTime, &c.DueLate, &c.DueOverdue, &c.DueOriginal, &c.OnTimeOriginal, &c.DueSoon, &c.Awaiting, &c.Paused)
		return c, err
	}, `
		WITH alike AS (
			SELECT standing, dated, due_day, original_day, done_day, hold_day, COUNT(*) AS n
			FROM plan_phase
			WHERE plan_id = $1 AND from_day <= $2 AND to_day > $2
			  AND ($4 = '*' OR agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6))
			  AND ($7 = '' OR task_id = $7) AND ($8 = 0 OR area_no = $8) AND ($9 = '' OR agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $9))
			GROUP BY task_id, standing, dated, due_day, original_day, done_day, hold_day),
		f AS (
			SELECT n, standing, due_day, original_day, done_day, on_day, dated, hold_day,
			       CASE WHEN NOT dated THEN 'no_deadline'
			            WHEN standing = 'approved' AND done_day <= due_day THEN 'on_time'
			            WHEN standing = 'approved' THEN 'late'
			            WHEN due_day < on_day THEN 'overdue'
			            WHEN standing = 'assigned' THEN 'not_started'
			            ELSE 'in_progress' END AS class
			FROM (SELECT n, standing, due_day, original_day, done_day, dated, hold_day,
			             CASE WHEN hold_day < $2 THEN hold_day ELSE $2 END AS on_day FROM alike) AS x)
		SELECT COALESCE(SUM(n), 0), COALESCE(SUM(n) FILTER (WHERE standing = 'approved'), 0),
		       COALESCE(SUM(n) FILTER (WHERE class = 'on_time'), 0), COALESCE(SUM(n) FILTER (WHERE class = 'late'), 0),
		       COALESCE(SUM(n) FILTER (WHERE class = 'overdue'), 0), COALESCE(SUM(n) FILTER (WHERE class = 'in_progress'), 0),
		       COALESCE(SUM(n) FILTER (WHERE class = 'not_started'), 0), COALESCE(SUM(n) FILTER (WHERE class = 'no_deadline'), 0),
		       COALESCE(SUM(n) FILTER (WHERE dated AND due_day <= on_day), 0),
		       COALESCE(SUM(n) FILTER (WHERE class = 'on_time' AND due_day <= on_day), 0),
		       COALESCE(SUM(n) FILTER (WHERE class = 'late' AND due_day <= on_day), 0),
		       COALESCE(SUM(n) FILTER (WHERE class = 'overdue'), 0),
		       COALESCE(SUM(n) FILTER (WHERE dated AND original_day <= on_day), 0),
		       COALESCE(SUM(n) FILTER (WHERE dated AND original_day <= on_day AND standing = 'approved' AND done_day <= original_day), 0),
		       COALESCE(SUM(n) FILTER (WHERE dated AND standing <> 'approved' AND due_day >= $2 AND due_day <= $3), 0),
		       COALESCE(SUM(n) FILTER (WHERE standing = 'submitted'), 0), COALESCE(SUM(n) FILTER (WHERE hold_day <= $2), 0)
		FROM f`,
		q.plan, q.day, q.soon, q.account, q.right, q.nowMs, q.task, q.area, q.agency)
	return c, err
}

// assignmentsBehind reads one page of the assignments that a figure counted, ordered
// by deadline. afterDay and afterID are the key of the last row of the page before.
func assignmentsBehind(tx *db.Tx, q asked, f Figure, afterDay, afterID string, limit int) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH f AS (
			SELECT assignment_id, task_id, agency_id, standing, due_day, original_day, done_day, on_day, dated, hold_day,
			       CASE WHEN NOT dated THEN 'no_deadline'
			            WHEN standing = 'approved' AND done_day <= due_day THEN 'on_time'
			            WHEN standing = 'approved' THEN 'late'
			            WHEN due_day < on_day THEN 'overdue'
			            WHEN standing = 'assigned' THEN 'not_started'
			            ELSE 'in_progress' END AS class
			FROM (SELECT assignment_id, task_id, agency_id, standing, due_day, original_day, done_day, dated, hold_day,
			             CASE WHEN hold_day < $2 THEN hold_day ELSE $2 END AS on_day
			      FROM plan_phase
			      WHERE plan_id = $1 AND from_day <= $2 AND to_day > $2
			        AND ($4 = '*' OR agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6))
			        AND ($7 = '' OR task_id = $7) AND ($8 = 0 OR area_no = $8) AND ($9 = '' OR agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $9))) AS x),
		behind AS (
			SELECT * FROM f
			WHERE CASE $10
			      WHEN 'total' THEN TRUE
			      WHEN 'done' THEN standing = 'approved'
			      WHEN 'due' THEN dated AND due_day <= on_day
			      WHEN 'due_on_time' THEN class = 'on_time' AND due_day <= on_day
			      WHEN 'due_late' THEN class = 'late' AND due_day <= on_day
			      WHEN 'due_overdue' THEN class = 'overdue'
			      WHEN 'due_original' THEN dated AND original_day <= on_day
			      WHEN 'on_time_original' THEN dated AND original_day <= on_day AND standing = 'approved' AND done_day <= original_day
			      WHEN 'due_soon' THEN dated AND standing <> 'approved' AND due_day >= $2 AND due_day <= $3
			      WHEN 'awaiting' THEN standing = 'submitted'
			      WHEN 'paused' THEN hold_day <= $2
			      ELSE class = $10 END
			  AND (due_day, assignment_id) > ($11, $12)
			ORDER BY due_day, assignment_id LIMIT $13)
		SELECT b.assignment_id, b.task_id, t.code, t.content, t.area_no, b.agency_id, o.name, b.standing, b.class, b.due_day, b.original_day, b.done_day,
		       a.progress, a.updated_ms, a.version
		FROM behind b JOIN plan_assignment a ON a.id = b.assignment_id JOIN plan_task t ON t.id = b.task_id JOIN org_agency o ON o.id = b.agency_id
		ORDER BY b.due_day, b.assignment_id`,
		q.plan, q.day, q.soon, q.account, q.right, q.nowMs, q.task, q.area, q.agency, f, afterDay, afterID, limit)
}

func scanLine(row db.Scanner) (l Line, err error) {
	err = row.Scan(&l.Assignment, &l.Task, &l.Code, &l.Content, &l.Area, &l.Agency, &l.AgencyName, &l.Standing, &l.Class, &l.Due, &l.Original, &l.Done,
		&l.Progress, &l.UpdatedMs, &l.Version)
	return l, err
}

// taskFacts rolls the lead assignments of a plan up to its tasks, in SQL: the same
// rule as rollUp, which the tests hold it to. The counts of the assignments come with
// it, so that a board costs one scan; see countAssignments for why it groups twice.
func taskFacts(tx *db.Tx, q asked) ([]TaskFacts, error) {
	return db.All(tx, scanTaskFacts, `
		WITH alike AS (
			SELECT task_id, standing, dated, due_day, original_day, done_day, hold_day, COUNT(*) AS n
			FROM plan_phase
			WHERE plan_id = $1 AND from_day <= $2 AND to_day > $2
			  AND ($4 = '*' OR agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6))
			  AND ($7 = '' OR task_id = $7) AND ($8 = 0 OR area_no = $8) AND ($9 = '' OR agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $9))
			GROUP BY task_id, standing, dated, due_day, original_day, done_day, hold_day),
		f AS (
			SELECT task_id, n, standing, due_day, original_day, done_day, on_day, dated, hold_day,
			       dated AND standing <> 'approved' AND due_day < on_day AS is_overdue,
			       dated AND standing = 'approved' AND done_day > due_day AS is_late,
			       dated AND standing <> 'approved' AND original_day < on_day AS over_original,
			       dated AND standing = 'approved' AND done_day > original_day AS late_original
			FROM (SELECT task_id, n, standing, due_day, original_day, done_day, dated, hold_day,
			             CASE WHEN hold_day < $2 THEN hold_day ELSE $2 END AS on_day FROM alike) AS x),
		g AS (
			SELECT task_id, SUM(n) AS n, COALESCE(SUM(n) FILTER (WHERE standing = 'approved'), 0) AS done_n,
			       COALESCE(SUM(n) FILTER (WHERE dated), 0) AS dated_n,
			       COALESCE(SUM(n) FILTER (WHERE is_overdue), 0) AS overdue_n, COALESCE(SUM(n) FILTER (WHERE is_late), 0) AS late_n,
			       COALESCE(SUM(n) FILTER (WHERE over_original), 0) AS over_original_n, COALESCE(SUM(n) FILTER (WHERE late_original), 0) AS late_original_n,
			       COALESCE(SUM(n) FILTER (WHERE standing <> 'assigned'), 0) AS started_n,
			       COALESCE(SUM(n) FILTER (WHERE dated AND due_day <= on_day), 0) AS due_n,
			       COALESCE(SUM(n) FILTER (WHERE dated AND original_day <= on_day), 0) AS due_original_n,
			       COALESCE(SUM(n) FILTER (WHERE dated AND standing <> 'approved' AND due_day >= $2 AND due_day <= $3), 0) AS soon_n,
			       COALESCE(SUM(n) FILTER (WHERE standing = 'submitted'), 0) AS awaiting_n, COALESCE(SUM(n) FILTER (WHERE hold_day <= $2), 0) AS paused_n,
			       COALESCE(SUM(n) FILTER (WHERE dated AND standing = 'approved' AND NOT is_late), 0) AS on_time_n,
			       COALESCE(SUM(n) FILTER (WHERE dated AND standing = 'assigned' AND NOT is_overdue), 0) AS not_started_n,
			       COALESCE(SUM(n) FILTER (WHERE dated AND standing = 'approved' AND NOT is_late AND due_day <= on_day), 0) AS due_on_time_n,
			       COALESCE(SUM(n) FILTER (WHERE is_late AND due_day <= on_day), 0) AS due_late_n,
			       COALESCE(SUM(n) FILTER (WHERE dated AND original_day <= on_day AND standing = 'approved' AND NOT late_original), 0) AS on_time_original_n,
			       MAX(due_day) AS due_day, MAX(original_day) AS original_day, MAX(done_day) AS done_day,
			       COALESCE(MIN(CASE WHEN is_overdue THEN due_day END), '') AS first_overdue
			FROM f GROUP BY task_id)
		SELECT g.task_id, t.area_no, CASE WHEN t.fan_out = 'single' THEN COALESCE(t.lead_id, '') ELSE '' END, n, done_n,
		       CASE WHEN dated_n = 0 THEN 'no_deadline'
		            WHEN done_n = n AND late_n > 0 THEN 'late'
		            WHEN done_n = n THEN 'on_time'
		            WHEN overdue_n > 0 THEN 'overdue'
		            WHEN started_n > 0 THEN 'in_progress'
		            ELSE 'not_started' END,
		       done_n = n,
		       dated_n > 0 AND (due_n = n OR overdue_n > 0 OR late_n > 0),
		       dated_n > 0 AND (due_original_n = n OR over_original_n > 0 OR late_original_n > 0),
		       done_n = n AND late_original_n = 0,
		       soon_n > 0, awaiting_n > 0, paused_n > 0,
		       g.due_day, g.original_day, CASE WHEN done_n = n THEN g.done_day ELSE '9999-12-31' END, g.first_overdue,
		       on_time_n, late_n, overdue_n, not_started_n, n - dated_n, due_n, due_on_time_n, due_late_n, due_original_n, on_time_original_n,
		       soon_n, awaiting_n, paused_n
		FROM g JOIN plan_task t ON t.id = g.task_id ORDER BY t.sort_no, t.code`,
		q.plan, q.day, q.soon, q.account, q.right, q.nowMs, q.task, q.area, q.agency)
}

func scanTaskFacts(row db.Scanner) (t TaskFacts, err error) {
	c := &t.Counts
	err = row.Scan(&t.TaskID, &t.Area, &t.Lead, &t.Agencies, &t.DoneCount, &t.Class, &t.Done, &t.Due, &t.DueOriginal, &t.OnTimeOriginal,
		&t.DueSoon, &t.Awaiting, &t.Paused, &t.DueDay, &t.OriginalDay, &t.DoneDay, &t.FirstOverdue,
		&c.OnTime, &c.Late, &c.Overdue, &c.NotStarted, &c.NoDeadline, &c.Due, &c.DueOnTime, &c.DueLate, &c.DueOriginal, &c.OnTimeOriginal,
		&c.DueSoon, &c.Awaiting, &c.Paused)
	c.Total, c.Done, c.DueOverdue = t.Agencies, t.DoneCount, c.Overdue
	c.InProgress = c.Total - c.OnTime - c.Late - c.Overdue - c.NotStarted - c.NoDeadline
	return t, err
}

// countPeriods counts the period items that fell due by a day, by task.
func countPeriods(tx *db.Tx, q asked) (map[string]PeriodCounts, error) {
	type one struct {
		task string
		c    PeriodCounts
	}
	rows, err := db.All(tx, func(row db.Scanner) (o one, err error) {
		err = row.Scan(&o.task, &o.c.Due, &o.c.Received, &o.c.OnTime)
		return o, err
	}, `
		SELECT i.task_id, COUNT(*), COUNT(*) FILTER (WHERE i.submitted_day <= $2), COUNT(*) FILTER (WHERE i.submitted_day <= $2 AND i.submitted_day <= i.due_day)
		FROM plan_period i
		WHERE i.plan_id = $1 AND i.due_day <= $2 AND i.state <> 'cancelled'
		  AND ($3 = '*' OR i.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = $4 AND from_ms <= $5 AND to_ms > $5))
		  AND ($6 = '' OR i.task_id = $6) AND ($7 = '' OR i.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $7))
		  AND ($8 = 0 OR i.task_id IN (SELECT id FROM plan_task WHERE plan_id = $1 AND area_no = $8))
		GROUP BY i.task_id`,
		q.plan, q.day, q.account, q.right, q.nowMs, q.task, q.agency, q.area)
	counts := make(map[string]PeriodCounts, len(rows))
	for _, r := range rows {
		counts[r.task] = r.c
	}
	return counts, err
}
