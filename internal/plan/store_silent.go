package plan

import (
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// countSilent counts the lead assignments open at the end of a day whose agency said
// nothing after a day.
func countSilent(tx *db.Tx, q asked, since string) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (
			SELECT p.assignment_id,
			       COALESCE((SELECT MAX(e.day) FROM plan_event e WHERE e.assignment_id = p.assignment_id AND e.day <= $2
			                 AND e.move IN ('acknowledge', 'progress', 'submit', 'input', 'ask_extension')),
			                (SELECT a.assigned_day FROM plan_assignment a WHERE a.id = p.assignment_id)) AS said
			FROM plan_phase p
			WHERE p.plan_id = $1 AND p.standing IN ('assigned', 'in_progress') AND p.from_day <= $2 AND p.to_day > $2
			  AND ($3 = '*' OR p.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = $4 AND from_ms <= $5 AND to_ms > $5))
			  AND ($6 = 0 OR p.area_no = $6) AND ($7 = '' OR p.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $7))) AS x
		WHERE said <= $8`, q.plan, q.day, q.account, q.right, q.nowMs, q.area, q.agency, since)
	return n, err
}

// silentOnes lists what countSilent counts, the longest silence first, after a key.
func silentOnes(tx *db.Tx, q asked, since, afterDay, afterID string, limit int) ([]indicator.Record, error) {
	return db.All(tx, scanSilent, `
		SELECT x.assignment_id, t.code, t.content, x.agency_id, o.short_name, x.said FROM (
			SELECT p.assignment_id, p.task_id, p.agency_id,
			       COALESCE((SELECT MAX(e.day) FROM plan_event e WHERE e.assignment_id = p.assignment_id AND e.day <= $2
			                 AND e.move IN ('acknowledge', 'progress', 'submit', 'input', 'ask_extension')),
			                (SELECT a.assigned_day FROM plan_assignment a WHERE a.id = p.assignment_id)) AS said
			FROM plan_phase p
			WHERE p.plan_id = $1 AND p.standing IN ('assigned', 'in_progress') AND p.from_day <= $2 AND p.to_day > $2
			  AND ($3 = '*' OR p.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = $4 AND from_ms <= $5 AND to_ms > $5))
			  AND ($6 = 0 OR p.area_no = $6) AND ($7 = '' OR p.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $7))) AS x
		JOIN plan_task t ON t.id = x.task_id JOIN org_agency o ON o.id = x.agency_id
		WHERE x.said <= $8 AND (x.said, x.assignment_id) > ($9, $10) ORDER BY x.said, x.assignment_id LIMIT $11`,
		q.plan, q.day, q.account, q.right, q.nowMs, q.area, q.agency, since, afterDay, afterID, limit)
}

// programmeOf finds the plan in force in a year that sets targets: the programme of
// several years, else the yearly plan; "" when none does.
func programmeOf(tx *db.Tx, year int) (string, error) {
	id, _, err := db.One(tx, db.Value[string], `
		SELECT p.id FROM plan_plan p
		WHERE p.year <= $1 AND p.year_to >= $1 AND p.parent_id IS NULL AND p.state IN ('issued', 'amended', 'closed')
		  AND EXISTS (SELECT 1 FROM plan_target t WHERE t.plan_id = p.id)
		ORDER BY CASE WHEN p.kind = 'programme' THEN 0 ELSE 1 END, p.year DESC, p.code LIMIT 1`, year)
	return id, err
}

// countRequests counts the extensions that an agency and the units below it wait for.
func countRequests(tx *db.Tx, plan, agency string) (int, error) {
	n, _, err := db.One(tx, db.Value[int], `
		SELECT COUNT(*) FROM plan_extension
		WHERE plan_id = $1 AND state = 'requested' AND agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $2)`, plan, agency)
	return n, err
}
