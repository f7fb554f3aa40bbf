package report

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/org"
)

// Plan is the yearly plan that the cockpit shows.
type Plan struct{ ID, Title, URL string }

// Service reads figures for a person.
type Service struct {
	DB      *db.DB
	Clock   clock.Clock
	Figures *indicator.Registry
	// CurrentPlan finds the provincial plan of a year that the actor may see; app wires it.
	CurrentPlan func(ctx context.Context, year int) (Plan, bool, error)
	Log         *audit.Log
	// Counts gives the tables of a report's annex.
	Counts Counts
	// Issuer is who sends a report, as it is called on a day.
	Issuer func(ctx context.Context, day string) (Issuer, error)
	// UrgeURL is the page that urges the record behind a figure, "" when none does.
	UrgeURL func(code, recordID string) string
}

// Figure is one reading with the page of records behind it.
type Figure struct {
	Indicator indicator.Indicator
	Question  Question
	Period    indicator.Period
	Agency    string // name, "" for the province
	Reading   indicator.Reading
	Records   indicator.Records
}

const (
	pageSize = 50
	most     = 5000 // records that a file lists
)

// Figure reads one figure and opens it, in one snapshot: the number and its records
// cannot disagree. With whole it opens all the records, else one page of them.
func (s *Service) Figure(ctx context.Context, q Question, after string, whole bool) (Figure, error) {
	a := identity.From(ctx)
	now := s.Clock()
	ind, ok := s.Figures.Get(q.Code)
	if !ok || !a.Has(viewRight(q.Code)) {
		return Figure{}, errs.New(errs.NotFound, "report.figure_unknown", "code", q.Code)
	}
	for _, day := range []string{q.From, q.To, q.On} {
		if _, err := clock.ParseDay(day); day != "" && err != nil {
			return Figure{}, errs.New(errs.Invalid, "report.day_invalid", "text", day)
		}
	}
	f := Figure{Indicator: ind, Question: q, Period: q.period(now)}
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if q.AgencyID != "" {
			agency, err := org.Find(tx, q.AgencyID)
			if err != nil {
				return err
			}
			f.Agency = agency.Name
		}
		scope := s.scope(a, q, now)
		if f.Reading, err = ind.Read(tx, scope, f.Period); err != nil {
			return err
		}
		f.Records, err = ind.Open(tx, scope, f.Period, after, pageSize)
		for err == nil && whole && f.Records.Next != "" && len(f.Records.Rows) < most {
			var more indicator.Records
			more, err = ind.Open(tx, scope, f.Period, f.Records.Next, pageSize)
			f.Records.Rows, f.Records.Next = append(f.Records.Rows, more.Rows...), more.Next
		}
		return err
	})
	return f, err
}

func (s *Service) scope(a identity.Actor, q Question, now time.Time) indicator.Scope {
	right := viewRight(q.Code)
	return indicator.Scope{Account: a.Reach(right), Right: right, Now: now, AgencyID: q.AgencyID, Dims: q.Dims}
}

// Tile is one figure of the cockpit's strip.
type Tile struct {
	Indicator indicator.Indicator
	Reading   indicator.Reading
	Question  Question
	Points    []indicator.Point // by month; empty when it has no course
}

// Cockpit is what the chairman sees first.
type Cockpit struct {
	Plan    Plan
	HasPlan bool
	Now     time.Time
	Tiles   []Tile
	Late    []indicator.Record // longest overdue first
	LateAll indicator.Total
}

// strip is the figures of the cockpit, in order.
var strip = []string{"plan.completion", "plan.on_time", "plan.overdue_open", "plan.on_time_original", "plan.acceptance_lag"}

// lateFigure is the figure whose records are the work that is late.
const lateFigure = "plan.overdue_open"

const lateShown = 10

// Cockpit reads the strip of the current plan and the work that is latest.
func (s *Service) Cockpit(ctx context.Context) (Cockpit, error) {
	a := identity.From(ctx)
	now := s.Clock()
	c := Cockpit{Now: now}
	var err error
	if c.Plan, c.HasPlan, err = s.CurrentPlan(ctx, now.In(clock.Vietnam).Year()); err != nil || !c.HasPlan {
		return c, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		for _, code := range strip {
			ind, ok := s.Figures.Get(code)
			if !ok {
				continue
			}
			q := Question{Code: code, Dims: map[string]string{"plan": c.Plan.ID}}
			p := q.period(now)
			scope := s.scope(a, q, now)
			t := Tile{Indicator: ind, Question: q}
			if t.Reading, err = ind.Read(tx, scope, p); err != nil {
				return err
			}
			if ind.Points != nil {
				if t.Points, err = ind.Points(tx, scope, p, indicator.Month); err != nil {
					return err
				}
			}
			c.Tiles = append(c.Tiles, t)
			if code == lateFigure {
				recs, err := ind.Open(tx, scope, p, "", lateShown)
				if err != nil {
					return err
				}
				c.Late, c.LateAll = recs.Rows, recs.Total
			}
		}
		return nil
	})
	return c, err
}
