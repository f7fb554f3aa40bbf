package plan

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/text"
)

// IndicatorBook finds an indicator by its code; the registry of the program is one.
type IndicatorBook interface {
	Get(code string) (indicator.Indicator, bool)
	All() []indicator.Indicator
}

// MeasureBy lets targets be measured by indicators. App calls it once all rooms have
// offered theirs.
func (s *Service) MeasureBy(f IndicatorBook) { s.figures = f }

// TargetBoard reads the targets of a plan with the values known on a day ("" is today).
func (s *Service) TargetBoard(ctx context.Context, planID, day string) (rows []TargetRow, err error) {
	err = s.read(ctx, planID, func(v view) error {
		q, err := v.ask(day, Filter{})
		if err == nil {
			rows, err = targetRows(v.tx, planID, q.day)
		}
		return err
	})
	return rows, err
}

func targetRows(tx *db.Tx, planID, day string) ([]TargetRow, error) {
	targets, err := listTargets(tx, planID)
	if err != nil {
		return nil, err
	}
	last, err := lastMeasures(tx, planID, day)
	if err != nil {
		return nil, err
	}
	rows := make([]TargetRow, len(targets))
	for i, t := range targets {
		rows[i] = TargetRow{Target: t, Last: last[t.ID]}
		if rows[i].measured() {
			if rows[i].Met, err = t.met(rows[i].Last.Value); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// PublicTargets reads the targets of the programme in force in a year, for everybody.
func (s *Service) PublicTargets(ctx context.Context) (p Plan, rows []TargetRow, areas []Area, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		now := s.clock()
		id, err := programmeOf(tx, now.In(clock.Vietnam).Year())
		if err != nil || id == "" {
			return err
		}
		if p, err = findPlan(tx, id); err != nil {
			return err
		}
		if rows, err = targetRows(tx, id, clock.Day(now)); err != nil {
			return err
		}
		areas, err = listAreas(tx)
		return err
	})
	return p, rows, areas, err
}

// TargetPage is one target with its values over time.
type TargetPage struct {
	Plan       Plan
	Row        TargetRow
	Measures   []Measure // newest first
	Names      map[string]string
	Indicators []indicator.Indicator // that could measure it
	MayMeasure bool
}

// mostMeasures is how many values one page shows.
const mostMeasures = 200

// TargetPage reads one target. Refusal: plan.target_unknown, also out of reach.
func (s *Service) TargetPage(ctx context.Context, id string) (out TargetPage, err error) {
	missing := errs.New(errs.NotFound, "plan.target_unknown")
	var t Target
	var planID string
	if err = s.db.Read(ctx, func(tx *db.Tx) error { t, planID, err = findTarget(tx, id); return err }); err != nil {
		return out, err
	}
	err = s.read(ctx, planID, func(v view) (err error) {
		out = TargetPage{Plan: v.plan, Row: TargetRow{Target: t}, Names: map[string]string{}}
		if out.Measures, err = measuresOf(v.tx, id, mostMeasures); err != nil {
			return err
		}
		if len(out.Measures) > 0 {
			out.Row.Last = out.Measures[0]
			if out.Row.Met, err = t.met(out.Row.Last.Value); err != nil {
				return err
			}
		}
		for _, m := range out.Measures {
			if m.Account != "" && out.Names[m.Account] == "" {
				if out.Names[m.Account], err = accountName(v.tx, m.Account); err != nil {
					return err
				}
			}
		}
		if s.figures != nil {
			out.Indicators = s.figures.All()
		}
		out.MayMeasure = v.plan.open() && may(v.tx, v.actor, RightDraft, v.plan.Secretariat, v.now, &err)
		return err
	})
	if errs.CodeOf(err) == "plan.plan_unknown" {
		err = missing
	}
	return out, err
}

// onTarget runs fn on a target of an open plan, after right and version.
func (s *Service) onTarget(ctx context.Context, id string, version int64, fn func(tx *db.Tx, p *Plan, t *Target, actor identity.Actor, now time.Time) error) error {
	var planID string
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) { _, planID, err = findTarget(tx, id); return err }); err != nil {
		return err
	}
	_, err := s.onPlan(ctx, planID, anyVersion, RightDraft, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		t, _, err := findTarget(tx, id)
		switch {
		case err != nil:
			return err
		case !p.open():
			return errs.New(errs.Conflict, "plan.plan_not_open", "state", string(p.State))
		case t.Version != version:
			return errs.New(errs.Conflict, "plan.changed_meanwhile")
		}
		return fn(tx, p, &t, actor, now)
	})
	return err
}

// MeasureTarget enters a value by hand: with the document that proves it. A target that
// an indicator measures is not typed over. Refusals: plan.measure_value,
// plan.measure_day, plan.measure_evidence, plan.measure_live.
func (s *Service) MeasureTarget(ctx context.Context, id string, version int64, m Measure) error {
	return s.onTarget(ctx, id, version, func(tx *db.Tx, p *Plan, t *Target, actor identity.Actor, now time.Time) error {
		m.ID, m.Target, m.Source, m.Account, m.AtMs = db.NewID(), t.ID, Manual, actor.AccountID, now.UnixMilli()
		m.Value, m.Document, m.Note = text.Clean(m.Value), text.Clean(m.Document), text.Clean(m.Note)
		if t.Indicator != "" {
			return errs.New(errs.Conflict, "plan.measure_live")
		}
		var l errs.List
		if _, err := t.met(m.Value); err != nil {
			l = append(l, errs.All(err)...)
		}
		if d, err := clock.ParseDay(m.Day); err != nil || clock.Day(d) != m.Day || m.Day > clock.Day(now) {
			l = append(l, errs.OnField("day", "plan.measure_day"))
		}
		if m.Document == "" {
			l = append(l, errs.OnField("document", "plan.measure_evidence"))
		}
		if err := l.Err(); err != nil {
			return err
		}
		if err := addMeasure(tx, m); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.target_measure", Subject: "plan_target:" + t.ID, Agency: p.Secretariat,
			After: map[string]any{"code": t.Code, "value": m.Value, "day": m.Day, "document": m.Document}})
	})
}

// LinkTarget says which indicator measures a target; "" is none, by hand again. The
// value of today is taken at once. Refusals: plan.measure_indicator.
func (s *Service) LinkTarget(ctx context.Context, id string, version int64, code string) error {
	return s.onTarget(ctx, id, version, func(tx *db.Tx, p *Plan, t *Target, actor identity.Actor, now time.Time) error {
		before := t.Indicator
		if code != "" {
			if s.figures == nil {
				return errs.OnField("indicator", "plan.measure_indicator")
			}
			if _, known := s.figures.Get(code); !known {
				return errs.OnField("indicator", "plan.measure_indicator")
			}
		}
		t.Indicator = code
		if err := linkTarget(tx, *t); err != nil {
			return err
		}
		if _, err := s.measureLive(tx, *t, now); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.target_link", Subject: "plan_target:" + t.ID, Agency: p.Secretariat,
			Before: map[string]any{"indicator": before}, After: map[string]any{"indicator": code}})
	})
}

// MeasureLive takes today's value of every target that an indicator measures; a value
// that has not changed is not written again. It returns how many were written.
func (s *Service) MeasureLive(ctx context.Context) (written int, err error) {
	var ids []string
	if err = s.db.Read(ctx, func(tx *db.Tx) error { ids, err = liveTargets(tx); return err }); err != nil {
		return 0, err
	}
	for _, id := range ids {
		fresh := false
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			t, _, err := findTarget(tx, id)
			if err != nil {
				return err
			}
			fresh, err = s.measureLive(tx, t, s.clock())
			return err
		})
		if err != nil {
			return written, err
		}
		if fresh {
			written++
		}
	}
	return written, nil
}

// measureLive writes the value of an indicator if it differs from the last one; "no
// case" is no value.
func (s *Service) measureLive(tx *db.Tx, t Target, now time.Time) (bool, error) {
	if t.Indicator == "" || s.figures == nil {
		return false, nil
	}
	i, known := s.figures.Get(t.Indicator)
	if !known {
		return false, nil // a room that was taken out measures nothing
	}
	day := clock.Day(now)
	r, err := i.Read(tx, indicator.Scope{Now: now}, indicator.Period{FromDay: day[:4] + "-01-01", ToDay: day, OnDay: day})
	if err != nil || r.Value == "" {
		return false, err
	}
	last, err := measuresOf(tx, t.ID, 1)
	if err != nil {
		return false, err
	}
	if len(last) > 0 && last[0].Source == Live && last[0].Value == r.Value && last[0].Numerator == r.Numerator && last[0].Denominator == r.Denominator {
		return false, nil
	}
	return true, addMeasure(tx, Measure{ID: db.NewID(), Target: t.ID, Day: day, Value: r.Value, Numerator: r.Numerator, Denominator: r.Denominator, Source: Live, AtMs: now.UnixMilli()})
}
