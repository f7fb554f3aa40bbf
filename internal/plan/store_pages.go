package plan

import "cchc/internal/db"

// reachedAgencies reads which of the agencies of a task a reader sees.
func reachedAgencies(tx *db.Tx, s scope, taskID string) (map[string]bool, error) {
	ids, err := db.All(tx, db.Value[string], `
		SELECT DISTINCT a.agency_id FROM plan_assignment a
		WHERE a.task_id = $4 AND a.agency_id IN (
			SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)`,
		s.account, s.right, s.nowMs, taskID)
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		seen[id] = true
	}
	return seen, err
}

// agencyNames reads the names of agencies that a task or its history names.
func agencyNames(tx *db.Tx, taskID string) (map[string]string, error) {
	rows, err := db.All(tx, scanPair, `
		SELECT o.id, o.name FROM org_agency o
		WHERE o.id IN (SELECT agency_id FROM plan_event WHERE task_id = $1)
		   OR o.id IN (SELECT agency_id FROM plan_assignment WHERE task_id = $1)
		   OR o.id IN (SELECT approver_id FROM plan_assignment WHERE task_id = $1)`, taskID)
	return asMap(rows), err
}

// officersOf reads the active accounts of an agency, by name.
func officersOf(tx *db.Tx, agency string) ([]Named, error) {
	return db.All(tx, scanPair, `SELECT id, name FROM identity_account WHERE agency_id = $1 AND state = 'active' ORDER BY name_sort, id LIMIT 200`, agency)
}

func accountName(tx *db.Tx, account string) (string, error) {
	name, _, err := db.One(tx, db.Value[string], `SELECT name FROM identity_account WHERE id = $1`, account)
	return name, err
}

func scanPair(row db.Scanner) (n Named, err error) { err = row.Scan(&n.ID, &n.Name); return n, err }

func asMap(list []Named) map[string]string {
	m := make(map[string]string, len(list))
	for _, n := range list {
		m[n.ID] = n.Name
	}
	return m
}
