package plan

import (
	"encoding/json"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

func scanTask(row db.Scanner) (t Task, err error) {
	var extra string
	if err = row.Scan(&t.ID, &t.PlanID, &t.Sort, &t.Area, &t.Code, &t.Content, &t.Product, &t.LeadText, &t.CoordText, &t.LeadAgency,
		&t.DeadlineText, &t.DueDay, &t.Kind, &t.FanOut, &t.Priority, &t.HeadText, &t.Funding, &t.LegalRef, &t.Note, &extra,
		&t.Confidential, &t.Cancelled, &t.From, &t.Version); err != nil {
		return t, err
	}
	return t, json.Unmarshal([]byte(extra), &t.Extra)
}

// findTask reads one task with what it names; NotFound "plan.task_unknown".
func findTask(tx *db.Tx, id string) (Task, error) {
	t, found, err := db.One(tx, scanTask, `
		SELECT id, plan_id, sort_no, area_no, code, content, product, lead_text, coord_text, COALESCE(lead_id, ''),
		       deadline_text, due_day, kind, fan_out, priority, head_text, funding, legal_ref, note, extra, confidential, cancelled, from_task_id, version
		FROM plan_task WHERE id = $1`, id)
	if err != nil {
		return t, err
	}
	if !found {
		return t, errs.New(errs.NotFound, "plan.task_unknown")
	}
	if t.Mentions, err = db.All(tx, scanMention, `
		SELECT role, group_kind, COALESCE(agency_id, ''), text, from_column FROM plan_mention WHERE task_id = $1 ORDER BY no`, id); err != nil {
		return t, err
	}
	t.Milestones, err = listMilestones(tx, id)
	return t, err
}

func listMilestones(tx *db.Tx, taskID string) ([]MilestoneStep, error) {
	return db.All(tx, func(row db.Scanner) (m MilestoneStep, err error) {
		err = row.Scan(&m.ID, &m.No, &m.Name, &m.Product, &m.DueDay, &m.Weight)
		return m, err
	}, `SELECT id, no, name, product, due_day, weight FROM plan_milestone WHERE task_id = $1 ORDER BY no`, taskID)
}

func scanMention(row db.Scanner) (m Mention, err error) {
	err = row.Scan(&m.Role, &m.Group, &m.Agency, &m.Text, &m.Column)
	return m, err
}

// listTasks reads the tasks of a plan in order, with what they name.
func listTasks(tx *db.Tx, planID string) ([]Task, error) {
	ids, err := db.All(tx, db.Value[string], `SELECT id FROM plan_task WHERE plan_id = $1 ORDER BY sort_no, code`, planID)
	if err != nil {
		return nil, err
	}
	tasks := make([]Task, 0, len(ids))
	for _, id := range ids {
		t, err := findTask(tx, id)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

func addTask(tx *db.Tx, t Task, nowMs int64) error {
	extra, err := json.Marshal(t.Extra)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`
		INSERT INTO plan_task (id, plan_id, sort_no, area_no, code, content, content_fold, product, lead_text, coord_text, lead_id,
		                       deadline_text, due_day, kind, fan_out, priority, head_text, funding, legal_ref, note, extra,
		                       confidential, cancelled, updated_ms, from_task_id, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, FALSE, $23, $24, 1)`,
		t.ID, t.PlanID, t.Sort, t.Area, t.Code, t.Content, text.Fold(t.Code+" "+t.Content), t.Product, t.LeadText, t.CoordText, orNull(t.LeadAgency),
		t.DeadlineText, day(t.DueDay), t.Kind, t.FanOut, t.Priority, t.HeadText, t.Funding, t.LegalRef, t.Note, string(extra),
		t.Confidential, nowMs, t.From); err != nil {
		return err
	}
	return addParts(tx, t)
}

// saveTask writes a task and what it names if t.Version is still current.
func saveTask(tx *db.Tx, t Task, nowMs int64) error {
	n, err := tx.Exec(`
		UPDATE plan_task SET area_no = $1, code = $2, content = $3, content_fold = $4, product = $5, lead_text = $6, coord_text = $7,
		       lead_id = $8, deadline_text = $9, due_day = $10, kind = $11, fan_out = $12, priority = $13, head_text = $14, funding = $15,
		       legal_ref = $16, note = $17, confidential = $18, cancelled = $19, updated_ms = $20, version = version + 1
		WHERE id = $21 AND version = $22`,
		t.Area, t.Code, t.Content, text.Fold(t.Code+" "+t.Content), t.Product, t.LeadText, t.CoordText,
		orNull(t.LeadAgency), t.DeadlineText, day(t.DueDay), t.Kind, t.FanOut, t.Priority, t.HeadText, t.Funding,
		t.LegalRef, t.Note, t.Confidential, t.Cancelled, nowMs, t.ID, t.Version)
	return changed(n, err)
}

// saveParts writes anew what a draft task names and its milestones.
func saveParts(tx *db.Tx, t Task) error {
	if _, err := tx.Exec(`DELETE FROM plan_mention WHERE task_id = $1`, t.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM plan_milestone WHERE task_id = $1`, t.ID); err != nil {
		return err
	}
	return addParts(tx, t)
}

func addParts(tx *db.Tx, t Task) error {
	for i, m := range t.Mentions {
		if _, err := tx.Exec(`INSERT INTO plan_mention (task_id, no, role, group_kind, agency_id, text, from_column) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			t.ID, i, m.Role, m.Group, orNull(m.Agency), m.Text, m.Column); err != nil {
			return err
		}
	}
	for i, m := range t.Milestones {
		id := m.ID
		if id == "" {
			id = db.NewID()
		}
		if _, err := tx.Exec(`INSERT INTO plan_milestone (id, task_id, no, name, product, due_day, weight) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, t.ID, i+1, m.Name, m.Product, day(m.DueDay), m.Weight); err != nil {
			return err
		}
	}
	return nil
}

func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// day is a stored day: an empty one is NoDay.
func day(d string) string {
	if d == "" {
		return NoDay
	}
	return d
}

func scanDoubt(row db.Scanner) (d Doubt, err error) {
	var choices string
	if err = row.Scan(&d.ID, &d.TaskID, &d.Row, &d.Field, &d.Text, &d.Code, &d.Proposal, &choices, &d.Settled, &d.Choice, &d.Task, &d.Version); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(choices), &d.Choices)
}

func addDoubt(tx *db.Tx, planID string, sort int, d Doubt) error {
	choices, err := json.Marshal(d.Choices)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO plan_doubt (id, plan_id, task_id, row_no, field, text, code, proposal, choices, settled, choice, settled_by, settled_ms, sort_no, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, '', '', 0, $10, 1)`,
		db.NewID(), planID, orNull(d.TaskID), d.Row, d.Field, d.Text, d.Code, d.Proposal, string(choices), sort)
	return err
}

// listDoubts reads the doubts of a plan in file order; open only, or all.
func listDoubts(tx *db.Tx, planID string, all bool) ([]Doubt, error) {
	return db.All(tx, scanDoubt, `
		SELECT d.id, COALESCE(d.task_id, ''), d.row_no, d.field, d.text, d.code, d.proposal, d.choices, d.settled, d.choice, COALESCE(t.code, ''), d.version
		FROM plan_doubt d LEFT JOIN plan_task t ON t.id = d.task_id
		WHERE d.plan_id = $1 AND ($2 OR NOT d.settled) ORDER BY d.sort_no, d.id`, planID, all)
}

// findDoubt reads one doubt and the plan it belongs to; NotFound "plan.doubt_unknown".
func findDoubt(tx *db.Tx, id string) (Doubt, string, error) {
	d, found, err := db.One(tx, scanDoubt, `
		SELECT d.id, COALESCE(d.task_id, ''), d.row_no, d.field, d.text, d.code, d.proposal, d.choices, d.settled, d.choice, COALESCE(t.code, ''), d.version
		FROM plan_doubt d LEFT JOIN plan_task t ON t.id = d.task_id WHERE d.id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "plan.doubt_unknown")
	}
	if err != nil {
		return d, "", err
	}
	planID, _, err := db.One(tx, db.Value[string], `SELECT plan_id FROM plan_doubt WHERE id = $1`, id)
	return d, planID, err
}

func saveDoubt(tx *db.Tx, d Doubt, account string, nowMs int64) error {
	n, err := tx.Exec(`
		UPDATE plan_doubt SET settled = TRUE, choice = $1, settled_by = $2, settled_ms = $3, version = version + 1
		WHERE id = $4 AND version = $5`, d.Choice, account, nowMs, d.ID, d.Version)
	return changed(n, err)
}

// deleteTask removes a task of a draft with what hangs on it.
func deleteTask(tx *db.Tx, id string) error {
	for _, q := range []string{`DELETE FROM plan_doubt WHERE task_id = $1`, `DELETE FROM plan_mention WHERE task_id = $1`, `DELETE FROM plan_milestone WHERE task_id = $1`,
		`DELETE FROM plan_task WHERE id = $1`} {
		if _, err := tx.Exec(q, id); err != nil {
			return err
		}
	}
	return nil
}
