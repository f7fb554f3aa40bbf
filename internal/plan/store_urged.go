package plan

import "cchc/internal/db"

// Urged is an open lead assignment as whoever urges wants to know it.
type Urged struct {
	ID, Code, Title, Agency, Follower, Officer string
	Due, Assigned, Updated                     string // days; Due NoDay without a deadline
	Acknowledged, Paused                       bool
}

// openToUrge reads the lead assignments of open plans of the province that are not handed in, by
// (agency, due, id), after a key. The day of the last update is the last thing that the
// agency itself did: a reminder is none.
func openToUrge(tx *db.Tx, agency, due, id string, limit int) ([]Urged, error) {
	return db.All(tx, func(row db.Scanner) (u Urged, err error) {
		err = row.Scan(&u.ID, &u.Code, &u.Title, &u.Agency, &u.Follower, &u.Officer, &u.Due, &u.Assigned, &u.Acknowledged, &u.Updated)
		return u, err
	}, `
		SELECT a.id, t.code, t.content, a.agency_id, p.secretariat_id, a.officer_id, CASE WHEN a.dated THEN a.effective_day ELSE '9999-12-31' END, a.assigned_day,
		       a.standing <> 'assigned',
		       COALESCE((SELECT MAX(e.day) FROM plan_event e WHERE e.assignment_id = a.id AND e.move IN ('acknowledge', 'progress', 'submit', 'input', 'ask_extension')), a.assigned_day)
		FROM plan_assignment a JOIN plan_plan p ON p.id = a.plan_id JOIN plan_task t ON t.id = a.task_id
		WHERE a.role = 'lead' AND a.standing IN ('assigned', 'acknowledged', 'in_progress') AND p.state IN ('issued', 'amended') AND p.parent_id IS NULL
		  AND (a.agency_id, a.effective_day, a.id) > ($1, $2, $3)
		ORDER BY a.agency_id, a.effective_day, a.id LIMIT $4`, agency, due, id, limit)
}

// endedOf says whether one assignment is done, cancelled or handed over.
func endedOf(tx *db.Tx, id string) (bool, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM plan_assignment WHERE id = $1 AND standing IN ('approved', 'cancelled')`, id)
	return n > 0, err
}
