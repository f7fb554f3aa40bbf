package plan

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanMeasure(row db.Scanner) (m Measure, err error) {
	err = row.Scan(&m.ID, &m.Target, &m.Day, &m.Value, &m.Numerator, &m.Denominator, &m.Source, &m.Document, &m.Note, &m.Account, &m.AtMs)
	return m, err
}

func addMeasure(tx *db.Tx, m Measure) error {
	_, err := tx.Exec(`
		INSERT INTO plan_measure (id, target_id, day, value, numerator, denominator, source, document, note, account_id, at_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		m.ID, m.Target, m.Day, m.Value, m.Numerator, m.Denominator, m.Source, m.Document, m.Note, m.Account, m.AtMs)
	return err
}

// measuresOf reads the measured values of a target, newest first.
func measuresOf(tx *db.Tx, target string, limit int) ([]Measure, error) {
	return db.All(tx, scanMeasure, `
		SELECT id, target_id, day, value, numerator, denominator, source, document, note, account_id, at_ms
		FROM plan_measure WHERE target_id = $1 ORDER BY day DESC, at_ms DESC, id DESC LIMIT $2`, target, limit)
}

// lastMeasures reads the latest value of each target of a plan up to a day.
func lastMeasures(tx *db.Tx, planID, day string) (map[string]Measure, error) {
	rows, err := db.All(tx, scanMeasure, `
		SELECT id, target_id, day, value, numerator, denominator, source, document, note, account_id, at_ms
		FROM (SELECT m.id, m.target_id, m.day, m.value, m.numerator, m.denominator, m.source, m.document, m.note, m.account_id, m.at_ms,
		             ROW_NUMBER() OVER (PARTITION BY m.target_id ORDER BY m.day DESC, m.at_ms DESC, m.id DESC) AS n
		      FROM plan_measure m JOIN plan_target t ON t.id = m.target_id WHERE t.plan_id = $1 AND m.day <= $2) AS ranked
		WHERE n = 1`, planID, day)
	last := make(map[string]Measure, len(rows))
	for _, m := range rows {
		last[m.Target] = m
	}
	return last, err
}

// findTarget reads one target and the plan that sets it; NotFound "plan.target_unknown".
func findTarget(tx *db.Tx, id string) (Target, string, error) {
	var plan string
	t, found, err := db.One(tx, func(row db.Scanner) (t Target, err error) {
		err = row.Scan(&t.ID, &t.Area, &t.Code, &t.Name, &t.Operator, &t.Value, &t.Unit, &t.Year, &t.Computation, &t.Verification, &t.Source, &t.Indicator, &t.Version, &plan)
		return t, err
	}, `SELECT id, area_no, code, name, operator, value, unit, year, computation, verification, source, indicator_code, version, plan_id FROM plan_target WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "plan.target_unknown")
	}
	return t, plan, err
}

// linkTarget says which indicator measures a target, if t.Version is still current.
func linkTarget(tx *db.Tx, t Target) error {
	n, err := tx.Exec(`UPDATE plan_target SET indicator_code = $1, version = version + 1 WHERE id = $2 AND version = $3`, t.Indicator, t.ID, t.Version)
	return changed(n, err)
}

// liveTargets lists the targets of open plans that an indicator measures.
func liveTargets(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT t.id FROM plan_target t JOIN plan_plan p ON p.id = t.plan_id
		WHERE t.indicator_code <> '' AND p.state IN ('issued', 'amended') ORDER BY t.id`)
}
