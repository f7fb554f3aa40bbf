package plan

import "cchc/internal/db"

// countByAgency counts the lead assignments of a plan on a day for each agency that has
// any, in one statement; departments first, as the plan names them.
func countByAgency(tx *db.Tx, planID, day string) ([]AnnexLine, error) {
	return db.All(tx, func(row db.Scanner) (l AnnexLine, err error) {
		c := &l.Counts
		err = row.Scan(&l.Key, &l.Name, &c.Total, &c.Done, &c.OnTime, &c.Late, &c.Overdue, &c.InProgress, &c.NotStarted, &c.NoDeadline,
			&c.Due, &c.DueOnTime, &c.DueLate, &c.DueOriginal, &c.OnTimeOriginal)
		c.DueOverdue = c.Overdue
		return l, err
	}, `
		WITH f AS (
			SELECT agency_id, standing, dated, due_day, original_day, done_day, on_day,
			       CASE WHEN NOT dated THEN 'no_deadline'
			            WHEN standing = 'approved' AND done_day <= due_day THEN 'on_time'
			            WHEN standing = 'approved' THEN 'late'
			            WHEN due_day < on_day THEN 'overdue'
			            WHEN standing = 'assigned' THEN 'not_started'
			            ELSE 'in_progress' END AS class
			FROM (SELECT agency_id, standing, dated, due_day, original_day, done_day,
			             CASE WHEN hold_day < $2 THEN hold_day ELSE $2 END AS on_day
			      FROM plan_phase WHERE plan_id = $1 AND from_day <= $2 AND to_day > $2) AS x),
		g AS (
			SELECT agency_id, COUNT(*) AS n, COUNT(*) FILTER (WHERE standing = 'approved') AS done,
			       COUNT(*) FILTER (WHERE class = 'on_time') AS on_time, COUNT(*) FILTER (WHERE class = 'late') AS late,
			       COUNT(*) FILTER (WHERE class = 'overdue') AS overdue, COUNT(*) FILTER (WHERE class = 'in_progress') AS in_progress,
			       COUNT(*) FILTER (WHERE class = 'not_started') AS not_started, COUNT(*) FILTER (WHERE class = 'no_deadline') AS no_deadline,
			       COUNT(*) FILTER (WHERE dated AND due_day <= on_day) AS due,
			       COUNT(*) FILTER (WHERE class = 'on_time' AND due_day <= on_day) AS due_on_time,
			       COUNT(*) FILTER (WHERE class = 'late' AND due_day <= on_day) AS due_late,
			       COUNT(*) FILTER (WHERE dated AND original_day <= on_day) AS due_original,
			       COUNT(*) FILTER (WHERE dated AND original_day <= on_day AND standing = 'approved' AND done_day <= original_day) AS on_time_original
			FROM f GROUP BY agency_id)
		SELECT g.agency_id, o.name, n, done, on_time, late, overdue, in_progress, not_started, no_deadline, due, due_on_time, due_late, due_original, on_time_original
		FROM g JOIN org_agency o ON o.id = g.agency_id
		ORDER BY CASE o.kind WHEN 'department' THEN 0 WHEN 'central_agency' THEN 1 WHEN 'district' THEN 2 WHEN 'commune' THEN 3 ELSE 4 END, o.code, o.id`,
		planID, day)
}
