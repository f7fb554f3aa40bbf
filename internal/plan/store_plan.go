package plan

import (
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/indicator"
)

func scanPlan(row db.Scanner) (p Plan, err error) {
	err = row.Scan(&p.ID, &p.Code, &p.Kind, &p.Year, &p.YearTo, &p.Title, &p.Number, &p.IssuedDay, &p.Issuer, &p.Secretariat, &p.Office,
		&p.Parent, &p.Signer, &p.LegalBasis, &p.FundingNote, &p.Source, &p.Sample, &p.State, &p.CreatedMs, &p.Version)
	return p, err
}

// findPlan reads one plan; NotFound "plan.plan_unknown".
func findPlan(tx *db.Tx, id string) (Plan, error) {
	p, found, err := db.One(tx, scanPlan, `
		SELECT id, code, kind, year, year_to, title, number, issued_day, issuer_id, secretariat_id, office_id,
		       COALESCE(parent_id, ''), signer, legal_basis, funding_note, source, sample, state, created_ms, version
		FROM plan_plan WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "plan.plan_unknown")
	}
	return p, err
}

// listPlans reads the plans of a year (0 = all) that the reader may see: every plan of
// a secretariat within reach, and issued plans in which an agency within reach has
// work. The provincial annual plan comes first.
func listPlans(tx *db.Tx, s scope, year int) ([]Plan, error) {
	return db.All(tx, scanPlan, `
		SELECT p.id, p.code, p.kind, p.year, p.year_to, p.title, p.number, p.issued_day, p.issuer_id, p.secretariat_id, p.office_id,
		       COALESCE(p.parent_id, ''), p.signer, p.legal_basis, p.funding_note, p.source, p.sample, p.state, p.created_ms, p.version
		FROM plan_plan p
		WHERE ($1 = 0 OR (p.year <= $1 AND p.year_to >= $1))
		  AND ($2 = '*' OR p.secretariat_id IN (
		          SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)
		       OR (p.state IN ('issued', 'amended', 'closed') AND EXISTS (
		          SELECT 1 FROM identity_reach r JOIN plan_assignment a ON a.agency_id = r.agency_id AND a.plan_id = p.id
		          WHERE r.account_id = $2 AND r.right_code = $3 AND r.from_ms <= $4 AND r.to_ms > $4)))
		ORDER BY CASE WHEN p.kind = 'annual' AND p.parent_id IS NULL THEN 0 WHEN p.kind = 'annual' THEN 1 ELSE 2 END, p.year DESC, p.code`,
		year, s.account, s.right, s.nowMs)
}

// mayRead says whether the reader sees the plan at all.
func mayRead(tx *db.Tx, s scope, p Plan) (bool, error) {
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (
			SELECT r.agency_id FROM identity_reach r
			WHERE r.account_id = $1 AND r.right_code = $2 AND r.from_ms <= $3 AND r.to_ms > $3
			  AND (r.agency_id = $4 OR ($5 AND EXISTS (SELECT 1 FROM plan_assignment a WHERE a.agency_id = r.agency_id AND a.plan_id = $6)))
			LIMIT 1) AS x`,
		s.account, s.right, s.nowMs, p.Secretariat, p.State == Issued || p.State == Amended || p.State == Closed, p.ID)
	return n > 0 || s.account == everything, err
}

func addPlan(tx *db.Tx, p Plan, account string) error {
	var parent any
	if p.Parent != "" {
		parent = p.Parent
	}
	n, err := tx.Exec(`
		INSERT INTO plan_plan (id, code, kind, year, year_to, title, number, issued_day, issuer_id, secretariat_id, office_id, parent_id,
		                       signer, legal_basis, funding_note, source, sample, state, created_by, created_ms, updated_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, 1)
		ON CONFLICT (code) DO NOTHING`,
		p.ID, p.Code, p.Kind, p.Year, p.YearTo, p.Title, p.Number, p.IssuedDay, p.Issuer, p.Secretariat, p.Office, parent,
		p.Signer, p.LegalBasis, p.FundingNote, p.Source, p.Sample, p.State, account, p.CreatedMs)
	if err == nil && n == 0 {
		err = errs.OnField("code", "plan.code_taken", "code", p.Code)
	}
	return err
}

// savePlan writes what may change of a plan if p.Version is still current.
func savePlan(tx *db.Tx, p Plan, nowMs int64) error {
	n, err := tx.Exec(`
		UPDATE plan_plan SET title = $1, number = $2, issued_day = $3, signer = $4, legal_basis = $5, funding_note = $6,
		       state = $7, updated_ms = $8, version = version + 1
		WHERE id = $9 AND version = $10`,
		p.Title, p.Number, p.IssuedDay, p.Signer, p.LegalBasis, p.FundingNote, p.State, nowMs, p.ID, p.Version)
	return changed(n, err)
}

// changed turns "no row changed" into the refusal of a stale form.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "plan.changed_meanwhile")
	}
	return err
}

func addArea(tx *db.Tx, a Area) error {
	_, err := tx.Exec(`INSERT INTO plan_area (no, name, sort_no) VALUES ($1, $2, $1) ON CONFLICT (no) DO NOTHING`, a.No, a.Name)
	return err
}

func listAreas(tx *db.Tx) ([]Area, error) {
	return db.All(tx, func(row db.Scanner) (a Area, err error) { err = row.Scan(&a.No, &a.Name); return a, err },
		`SELECT no, name FROM plan_area ORDER BY sort_no, no`)
}

func addTarget(tx *db.Tx, planID string, t Target) error {
	_, err := tx.Exec(`
		INSERT INTO plan_target (id, plan_id, area_no, code, name, operator, value, unit, year, computation, verification, source, indicator_code)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		t.ID, planID, t.Area, t.Code, t.Name, t.Operator, t.Value, t.Unit, t.Year, t.Computation, t.Verification, t.Source, t.Indicator)
	return err
}

func listTargets(tx *db.Tx, planID string) ([]Target, error) {
	return db.All(tx, func(row db.Scanner) (t Target, err error) {
		err = row.Scan(&t.ID, &t.Area, &t.Code, &t.Name, &t.Operator, &t.Value, &t.Unit, &t.Year, &t.Computation, &t.Verification, &t.Source, &t.Indicator, &t.Version)
		return t, err
	}, `SELECT id, area_no, code, name, operator, value, unit, year, computation, verification, source, indicator_code, version
		FROM plan_target WHERE plan_id = $1 ORDER BY area_no, code`, planID)
}

// planByCode finds a plan by the code that people read, "" when there is none.
func planByCode(tx *db.Tx, code string) (string, error) {
	id, _, err := db.One(tx, db.Value[string], `SELECT id FROM plan_plan WHERE code = $1`, code)
	return id, err
}

// readMedianLag gives the middle number of whole days from handing in to acceptance,
// of the results accepted in a period.
func readMedianLag(tx *db.Tx, q asked, fromMs, toMs int64, asOf time.Time) (indicator.Reading, error) {
	return indicator.ReadMedian(tx, 1, asOf, `
		WITH lag AS (
			SELECT (e.at_ms - (SELECT MAX(s.at_ms) FROM plan_event s WHERE s.assignment_id = e.assignment_id AND s.move = 'submit' AND s.no < e.no)) / 86400000 AS days
			FROM plan_event e JOIN plan_assignment a ON a.id = e.assignment_id
			WHERE e.move = 'approve' AND e.at_ms >= $1 AND e.at_ms < $2 AND ($3 = '' AND e.plan_id NOT IN (SELECT id FROM plan_plan WHERE parent_id IS NOT NULL) OR e.plan_id = $3)
			  AND ($4 = '*' OR a.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6))
			  AND ($7 = '' OR a.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $7))),
		v AS (SELECT lag.days AS v, ROW_NUMBER() OVER (ORDER BY lag.days) AS r, COUNT(*) OVER () AS n FROM lag)
		SELECT CAST(COALESCE(SUM(v), 0) AS BIGINT), COUNT(*), COALESCE(MAX(n), 0) FROM v WHERE r IN ((n + 1) / 2, (n + 2) / 2)`,
		fromMs, toMs, q.plan, q.account, q.right, q.nowMs, q.agency)
}

// acceptedIn reads the results accepted in a period, in the order of acceptance.
func acceptedIn(tx *db.Tx, q asked, fromMs, toMs, afterMs int64, afterID string, limit int) ([]indicator.Record, error) {
	return db.All(tx, func(row db.Scanner) (r indicator.Record, err error) {
		var ms int64
		err = row.Scan(&r.ID, &r.Code, &r.Title, &r.AgencyID, &r.Agency, &ms)
		r.At, r.URL = time.UnixMilli(ms).UTC(), "/plan/assignments/"+r.ID
		return r, err
	}, `
		SELECT a.id, t.code, t.content, a.agency_id, o.short_name, e.at_ms
		FROM plan_event e JOIN plan_assignment a ON a.id = e.assignment_id JOIN plan_task t ON t.id = a.task_id JOIN org_agency o ON o.id = a.agency_id
		WHERE e.move = 'approve' AND e.at_ms >= $1 AND e.at_ms < $2 AND ($3 = '' AND e.plan_id NOT IN (SELECT id FROM plan_plan WHERE parent_id IS NOT NULL) OR e.plan_id = $3)
		  AND ($4 = '*' OR a.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6))
		  AND ($7 = '' OR a.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $7))
		  AND (e.at_ms, a.id) > ($8, $9)
		ORDER BY e.at_ms, a.id LIMIT $10`,
		fromMs, toMs, q.plan, q.account, q.right, q.nowMs, q.agency, afterMs, afterID, limit)
}

// provincialOf finds the provincial plan in force in the year of a day, "" when there is none.
func provincialOf(tx *db.Tx, year int) (string, error) {
	id, _, err := db.One(tx, db.Value[string], `
		SELECT id FROM plan_plan WHERE kind = 'annual' AND parent_id IS NULL AND year = $1 AND state IN ('issued', 'amended', 'closed') ORDER BY code LIMIT 1`, year)
	return id, err
}

// derivedFrom says whether an agency has a plan of its own from a provincial one.
func derivedFrom(tx *db.Tx, parent, agency string) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `SELECT id FROM plan_plan WHERE parent_id = $1 AND issuer_id = $2 LIMIT 1`, parent, agency)
	return found, err
}

// givenTo reads what a plan gave an agency to lead and is not cancelled, in plan order.
func givenTo(tx *db.Tx, planID, agency string) ([]Assignment, error) {
	return db.All(tx, scanAssignment, `
		SELECT a.id, a.plan_id, a.task_id, a.agency_id, a.role, a.officer_id, a.head_name, a.approver_id, a.standing, a.before_pause, a.progress, a.dated, a.assigned_day,
		       a.original_day, a.effective_day, a.submitted_day, a.submitted_by, a.done_day, a.approved_day, a.extensions, COALESCE(a.successor_id, ''), a.updated_ms, a.version
		FROM plan_assignment a JOIN plan_task t ON t.id = a.task_id
		WHERE a.plan_id = $1 AND a.agency_id = $2 AND a.role = 'lead' AND a.standing <> 'cancelled' ORDER BY t.sort_no, t.code`, planID, agency)
}

// plansOf lists the plans to which tasks belong.
func plansOf(tx *db.Tx, tasks []string) (list []string, err error) {
	seen := map[string]bool{}
	for _, id := range tasks {
		if seen[id] || id == "" {
			continue
		}
		seen[id] = true
		plan, found, err := db.One(tx, db.Value[string], `SELECT plan_id FROM plan_task WHERE id = $1`, id)
		if err != nil {
			return nil, err
		}
		if found && !seen[plan] {
			seen[plan] = true
			list = append(list, plan)
		}
	}
	return list, nil
}
