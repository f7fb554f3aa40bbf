package plan

import (
	"encoding/json"

	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanAmendment(row db.Scanner) (a Amendment, err error) {
	err = row.Scan(&a.ID, &a.PlanID, &a.Number, &a.SignedDay, &a.Signer, &a.Reason, &a.State, &a.DraftedBy, &a.AtMs, &a.IssuedBy, &a.IssuedMs, &a.Version)
	return a, err
}

// findAmendment reads one amendment; NotFound "plan.amendment_unknown".
func findAmendment(tx *db.Tx, id string) (Amendment, error) {
	a, found, err := db.One(tx, scanAmendment, `
		SELECT id, plan_id, number, signed_day, signer, reason, state, account_id, at_ms, issued_by, issued_ms, version FROM plan_amendment WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "plan.amendment_unknown")
	}
	return a, err
}

// listAmendments reads the amendments of a plan in the order of their issue, those in
// the making last; dropped ones are not listed.
func listAmendments(tx *db.Tx, planID string) ([]Amendment, error) {
	return db.All(tx, scanAmendment, `
		SELECT id, plan_id, number, signed_day, signer, reason, state, account_id, at_ms, issued_by, issued_ms, version
		FROM plan_amendment WHERE plan_id = $1 AND state <> 'dropped'
		ORDER BY CASE WHEN state = 'issued' THEN 0 ELSE 1 END, issued_ms, id`, planID)
}

// openAmendment finds the amendment of a plan in the making; zero when there is none.
func openAmendment(tx *db.Tx, planID string) (Amendment, error) {
	a, _, err := db.One(tx, scanAmendment, `
		SELECT id, plan_id, number, signed_day, signer, reason, state, account_id, at_ms, issued_by, issued_ms, version
		FROM plan_amendment WHERE plan_id = $1 AND state IN ('draft', 'submitted')`, planID)
	return a, err
}

// addAmendment begins an amendment; a plan has one in the making at most.
// Refusal: plan.amendment_open.
func addAmendment(tx *db.Tx, a Amendment) error {
	n, err := tx.Exec(`
		INSERT INTO plan_amendment (id, plan_id, number, signed_day, signer, reason, state, account_id, at_ms, issued_by, issued_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)
		ON CONFLICT (plan_id) WHERE state IN ('draft', 'submitted') DO NOTHING`,
		a.ID, a.PlanID, a.Number, a.SignedDay, a.Signer, a.Reason, a.State, a.DraftedBy, a.AtMs, a.IssuedBy, a.IssuedMs)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "plan.amendment_open")
	}
	return err
}

// saveAmendment writes an amendment if a.Version is still current.
func saveAmendment(tx *db.Tx, a Amendment) error {
	n, err := tx.Exec(`
		UPDATE plan_amendment SET number = $1, signed_day = $2, signer = $3, reason = $4, state = $5, issued_by = $6, issued_ms = $7, version = version + 1
		WHERE id = $8 AND version = $9`, a.Number, a.SignedDay, a.Signer, a.Reason, a.State, a.IssuedBy, a.IssuedMs, a.ID, a.Version)
	return changed(n, err)
}

func scanChange(row db.Scanner) (c Change, err error) {
	var before, after string
	if err = row.Scan(&c.ID, &c.Amendment, &c.TaskID, &c.Code, &c.Kind, &before, &after); err != nil {
		return c, err
	}
	if before != "" {
		if err = json.Unmarshal([]byte(before), &c.Before); err != nil {
			return c, err
		}
	}
	if after != "" {
		err = json.Unmarshal([]byte(after), &c.After)
	}
	return c, err
}

// listChanges reads what an amendment changes, in the order of the codes, as far as the
// reader sees: all of it who follows or issues the plan, else the tasks in which an
// agency within reach has work and that are not confidential to others.
func listChanges(tx *db.Tx, s scope, amendment string) ([]Change, error) {
	return db.All(tx, scanChange, `
		SELECT c.id, c.amendment_id, c.task_id, c.code, c.kind, c.before_task, c.after_task
		FROM plan_change c
		WHERE c.amendment_id = $1 AND ($2 = '*' OR EXISTS (
		    SELECT 1 FROM plan_assignment a JOIN identity_reach r ON r.agency_id = a.agency_id
		    WHERE a.task_id = c.task_id AND r.account_id = $2 AND r.right_code = $3 AND r.from_ms <= $4 AND r.to_ms > $4))
		ORDER BY c.code, c.id`, amendment, s.account, s.right, s.nowMs)
}

// putChange writes what an amendment does to a task, in place of what it did before.
func putChange(tx *db.Tx, planID string, c Change) error {
	before, after := "", ""
	if c.Kind != AddTask {
		raw, err := json.Marshal(c.Before)
		if err != nil {
			return err
		}
		before = string(raw)
	}
	if c.Kind != DropTask {
		raw, err := json.Marshal(c.After)
		if err != nil {
			return err
		}
		after = string(raw)
	}
	_, err := tx.Exec(`
		INSERT INTO plan_change (id, amendment_id, plan_id, task_id, code, kind, before_task, after_task) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (amendment_id, task_id) DO UPDATE SET kind = excluded.kind, code = excluded.code, before_task = excluded.before_task, after_task = excluded.after_task`,
		c.ID, c.Amendment, planID, c.TaskID, c.Code, c.Kind, before, after)
	return err
}

// dropChange takes a change out of an amendment; false when it holds none of that id.
func dropChange(tx *db.Tx, amendment, id string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM plan_change WHERE id = $1 AND amendment_id = $2`, id, amendment)
	return n > 0, err
}

// highestSort is the last place among the tasks of a plan.
func highestSort(tx *db.Tx, planID string) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COALESCE(MAX(sort_no), 0) FROM plan_task WHERE plan_id = $1`, planID)
	return n, err
}

// reachedSteps lists the milestones of a task that some agency has reached.
func reachedSteps(tx *db.Tx, taskID string) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT DISTINCT m.id FROM plan_milestone m JOIN plan_reached r ON r.milestone_id = m.id WHERE m.task_id = $1`, taskID)
}

// amendParts writes what an issued task names and its milestones; those that an agency
// has reached keep their row.
func amendParts(tx *db.Tx, t Task) error {
	if _, err := tx.Exec(`DELETE FROM plan_mention WHERE task_id = $1`, t.ID); err != nil {
		return err
	}
	steps := t.Milestones
	t.Milestones = nil
	if err := addParts(tx, t); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM plan_milestone WHERE task_id = $1 AND id NOT IN (SELECT milestone_id FROM plan_reached)`, t.ID); err != nil {
		return err
	}
	for i, m := range steps {
		if m.ID == "" {
			m.ID = db.NewID()
		}
		if _, err := tx.Exec(`
			INSERT INTO plan_milestone (id, task_id, no, name, product, due_day, weight) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (id) DO UPDATE SET no = excluded.no, name = excluded.name, product = excluded.product, due_day = excluded.due_day, weight = excluded.weight`,
			m.ID, t.ID, i+1, m.Name, m.Product, day(m.DueDay), m.Weight); err != nil {
			return err
		}
	}
	return nil
}
