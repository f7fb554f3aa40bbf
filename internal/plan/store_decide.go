package plan

import "cchc/internal/db"

// waitingFor is something that waits for the word of whoever signs.
type waitingFor struct {
	ID, Due, Act, Agency, AgencyName, Title, Code string
	SinceMs                                       int64
}

// decisionsOf reads what a reader decides, by (due day, id) after a place: extensions that
// others ask for, plans and amendments that were presented. An extension is due with the
// deadline it would move; the others have no day.
func decisionsOf(tx *db.Tx, extends, issues scope, account, agency, afterDay, afterID string, limit int) ([]waitingFor, error) {
	return db.All(tx, func(row db.Scanner) (d waitingFor, err error) {
		err = row.Scan(&d.ID, &d.Due, &d.Act, &d.Agency, &d.AgencyName, &d.Title, &d.Code, &d.SinceMs)
		return d, err
	}, `
		SELECT w.id, w.due_day, w.act, w.agency_id, CASE WHEN o.short_name = '' THEN o.name ELSE o.short_name END, w.title, w.code, w.since_ms FROM (
		    SELECT e.id, e.old_day AS due_day, 'extension' AS act, e.agency_id, t.content AS title, t.code, e.requested_ms AS since_ms
		    FROM plan_extension e JOIN plan_assignment a ON a.id = e.assignment_id JOIN plan_task t ON t.id = a.task_id
		    WHERE e.state = 'requested' AND e.requested_by <> $1 AND e.agency_id <> $2
		      AND e.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = 'plan.decide_extension' AND from_ms <= $5 AND to_ms > $5)
		    UNION ALL
		    SELECT p.id, '9999-12-31', 'issue', p.issuer_id, p.title, '', p.updated_ms
		    FROM plan_plan p
		    WHERE p.state = 'submitted'
		      AND p.issuer_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = 'plan.issue' AND from_ms <= $5 AND to_ms > $5)
		    UNION ALL
		    SELECT m.id, '9999-12-31', 'amend', p.issuer_id, p.title, '', 0
		    FROM plan_amendment m JOIN plan_plan p ON p.id = m.plan_id
		    WHERE m.state = 'submitted'
		      AND p.issuer_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = 'plan.issue' AND from_ms <= $5 AND to_ms > $5)
		) AS w JOIN org_agency o ON o.id = w.agency_id
		WHERE (w.due_day, w.id) > ($6, $7) ORDER BY w.due_day, w.id LIMIT $8`,
		account, agency, extends.account, issues.account, extends.nowMs, afterDay, afterID, limit)
}
