package plan

import (
	"cchc/internal/decimal"
	"cchc/internal/errs"
)

// MeasureSource says where a measured value comes from.
type MeasureSource string

// The sources.
const (
	Live   MeasureSource = "live"   // an indicator of the program
	Manual MeasureSource = "manual" // entered by a person, with evidence
)

// Measure is the measured value (kết quả đo) of a target at the end of a day.
type Measure struct {
	ID, Target, Day        string
	Value                  string // decimal text in the unit of the target
	Numerator, Denominator int64  // 0 and 0 when the value is no ratio
	Source                 MeasureSource
	Document, Note         string // what proves it: number of a document; words
	Account                string
	AtMs                   int64
}

// met says whether a value reaches the target. Refusal: plan.measure_value for what is
// no decimal number.
func (t Target) met(value string) (bool, error) {
	v, err := decimal.Parse(value)
	if err != nil {
		return false, errs.OnField("value", "plan.measure_value")
	}
	aim, err := decimal.Parse(t.Value)
	if err != nil {
		return false, errs.OnField("value", "plan.measure_aim", "code", t.Code)
	}
	switch c := v.Cmp(aim); t.Operator {
	case ">=":
		return c >= 0, nil
	case "<=":
		return c <= 0, nil
	default:
		return c == 0, nil
	}
}

// TargetRow is a target with its latest measured value.
type TargetRow struct {
	Target Target
	Last   Measure // zero while nothing was measured
	Met    bool
}

// measured says that there is a value.
func (r TargetRow) measured() bool { return r.Last.ID != "" }
