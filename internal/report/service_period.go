package report

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/indicator"
)

// annexFigures are the figures of a report on the plan, in order; each opens to the
// records that were counted when it was signed.
var annexFigures = []string{"plan.completion", "plan.on_time", "plan.on_time_original", "plan.overdue_open", "plan.acceptance_lag"}

// Counts is what a report takes from the plan: the tables of the annex as they stand
// at the end of a day, of everything, whoever asks, and the values by name that its
// sentences use. app wires it.
type Counts func(tx *db.Tx, planID, day string) (tables []Table, words map[string]string, err error)

// Cutoffs are the kinds of report that the province has today, in the order of the year.
func (s *Service) Cutoffs(ctx context.Context) (list []Cutoff, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = cutoffsOn(tx, clock.Day(s.Clock()))
		return err
	})
	return list, err
}

// Reports lists periodic reports, newest first: the signed ones for whoever may see
// reports, those being written for who drafts or signs them.
func (s *Service) Reports(ctx context.Context, after []string, limit int) (list []Report, err error) {
	a := identity.From(ctx)
	day, id := "", ""
	if len(after) == 2 {
		day, id = after[0], after[1]
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if err := identity.Require(tx, a, "report.view", "", s.Clock()); err != nil && !a.Has("report.view") {
			return err
		}
		list, err = listReports(tx, !drafts(a), day, id, limit)
		return err
	})
	return list, err
}

// drafts says whether a person sees reports that are not signed yet.
func drafts(a identity.Actor) bool { return a.Has("report.draft") || a.Has("report.sign") }

// Create begins the report of a period of a year: right report.draft over the province.
// Refusals: report.kind_unknown, report.no_plan_of_year, report.exists.
func (s *Service) Create(ctx context.Context, code string, year int) (r Report, err error) {
	plan, found, err := s.CurrentPlan(ctx, year)
	if err != nil {
		return r, err
	}
	if !found {
		return r, errs.OnField("year", "report.no_plan_of_year", "year", strconv.Itoa(year))
	}
	err = s.write(ctx, "report.draft", func(tx *db.Tx, a identity.Actor, now time.Time) error {
		cut, err := cutoffOf(tx, code, clock.Day(now))
		if err != nil {
			return err
		}
		_, last, err := lastRevision(tx, code, year)
		if err != nil {
			return err
		}
		if last > 0 {
			return errs.OnField("code", "report.exists")
		}
		r = Report{ID: db.NewID(), Code: code, Year: year, PlanID: plan.ID, PlanTitle: plan.Title, State: Drafting, Revision: 1,
			DraftedBy: a.AccountID, UpdatedMs: now.UnixMilli(), Version: 1}
		r.FromDay, r.ToDay, _ = cut.Days(year)
		return s.begin(tx, r, nil, a)
	})
	return r, err
}

// begin writes a new report with its sections; earlier are those of the revision before.
func (s *Service) begin(tx *db.Tx, r Report, earlier []Part, a identity.Actor) error {
	if err := insertReport(tx, r); err != nil {
		return err
	}
	annex, err := s.count(tx, r)
	if err != nil {
		return err
	}
	for i, code := range partCodes {
		p := Part{No: i + 1, Code: code, Told: tell(code, r, annex)}
		p.Text = p.Told
		for _, e := range earlier {
			if e.Code == code && e.Edited {
				p.Text, p.Edited = e.Text, true
			}
		}
		if err := savePart(tx, r.ID, p); err != nil {
			return err
		}
	}
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "report.create", Subject: "report_report:" + r.ID, Agency: a.AgencyID,
		After: map[string]any{"code": r.Code, "year": r.Year, "revision": r.Revision}})
}

func cutoffOf(tx *db.Tx, code, day string) (Cutoff, error) {
	all, err := cutoffsOn(tx, day)
	if err != nil {
		return Cutoff{}, err
	}
	for _, c := range all {
		if c.Code == code {
			return c, nil
		}
	}
	return Cutoff{}, errs.OnField("code", "report.kind_unknown")
}

// Draft is a report as its page shows it. Annex is live until it is signed.
type Draft struct {
	Report
	Parts []Part
	Annex Annex
	Early bool                    // the period is not over yet: its figures may still move
	Today map[string]FrozenFigure // of a signed report: what the figures say today, where it differs
	Can   map[string]bool         // moves that the reader may make now
	Why   error                   // why the reader may not sign, nil when nothing is in the way
}

// Report opens one report. One that is not signed is not found by who does not draft.
func (s *Service) Report(ctx context.Context, id string) (d Draft, err error) {
	a, now := identity.From(ctx), s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if d.Report, err = s.visible(tx, a, id); err != nil {
			return err
		}
		if d.Parts, err = partsOf(tx, id); err != nil {
			return err
		}
		d.Early = d.State != Signed && clock.Day(now) <= d.ToDay
		live, err := s.count(tx, d.Report)
		if err != nil {
			return err
		}
		d.Annex = live
		if d.State == Signed {
			if d.Annex, err = d.frozen(); err != nil {
				return err
			}
			d.Today = map[string]FrozenFigure{}
			for _, f := range live.Figures {
				if was, ok := d.Annex.figure(f.Code); ok && was != f {
					d.Today[f.Code] = f
				}
			}
		}
		d.Can, d.Why = s.offers(tx, a, d.Report, now)
		return nil
	})
	return d, err
}

// frozen is the annex of a signed report. One that was changed since is refused.
func (r Report) frozen() (a Annex, err error) {
	if digestOf(r.AnnexText) != r.Digest {
		return a, errs.New(errs.Conflict, "report.annex_changed")
	}
	return a, json.Unmarshal([]byte(r.AnnexText), &a)
}

func (s *Service) visible(tx *db.Tx, a identity.Actor, id string) (Report, error) {
	r, err := findReport(tx, id)
	if err == nil && (!a.Has("report.view") || r.State != Signed && !drafts(a)) {
		return Report{}, errs.New(errs.NotFound, "report.unknown")
	}
	return r, err
}

func (s *Service) offers(tx *db.Tx, a identity.Actor, r Report, now time.Time) (can map[string]bool, why error) {
	can = map[string]bool{}
	draft := identity.Require(tx, a, "report.draft", "", now) == nil
	sign := identity.Require(tx, a, "report.sign", "", now) == nil
	switch r.State {
	case Drafting:
		can["write"], can["submit"] = draft, draft
	case Submitted:
		can["return"], can["sign"] = sign, sign
		if why = mayBeSigned(r, a, clock.Day(now)); sign && why != nil {
			can["sign"] = false
		}
	case Signed:
		can["revise"] = draft
	}
	return can, why
}

// mayBeSigned is the rule of the signature: by somebody else than who wrote it, and not
// before the period is over.
func mayBeSigned(r Report, a identity.Actor, today string) error {
	if a.AccountID == r.DraftedBy || a.AccountID == r.SubmittedBy {
		return errs.New(errs.Forbidden, "report.own_draft")
	}
	if today <= r.ToDay {
		return errs.New(errs.Conflict, "report.period_open", "day", r.ToDay)
	}
	return nil
}

// count reads the annex as it stands on the report's last day, from everything.
func (s *Service) count(tx *db.Tx, r Report) (a Annex, err error) {
	scope := indicator.Scope{Now: s.Clock(), Dims: map[string]string{"plan": r.PlanID}}
	for _, code := range annexFigures {
		ind, ok := s.Figures.Get(code)
		if !ok {
			continue
		}
		v, err := ind.Read(tx, scope, r.period())
		if err != nil {
			return a, err
		}
		a.Figures = append(a.Figures, FrozenFigure{Code: code, Unit: ind.Unit, Numerator: v.Numerator, Denominator: v.Denominator, Value: v.Value})
	}
	a.Tables, a.Words, err = s.Counts(tx, r.PlanID, r.ToDay)
	return a, err
}

func (r Report) period() indicator.Period {
	return indicator.Period{FromDay: r.FromDay, ToDay: r.ToDay, OnDay: r.ToDay}
}

// tell is what the figures say by themselves in a section, in Vietnamese: a report is a
// document, whatever language its writer reads the pages in.
func tell(code string, r Report, annex Annex) string {
	ctx := i18n.WithLang(context.Background(), i18n.Vi)
	args := []any{"plan", r.PlanTitle, "from", i18n.Day(ctx, r.FromDay), "to", i18n.Day(ctx, r.ToDay)}
	for _, f := range annex.Figures {
		name := f.Code[len("plan."):]
		value := i18n.T(ctx, "indicator.no_case")
		if f.Value != "" {
			value = i18n.Decimal(ctx, f.Value)
			if f.Unit == "percent" {
				value += "%"
			}
		}
		args = append(args, name, value, name+"_n", i18n.Number(ctx, f.Numerator), name+"_of", i18n.Number(ctx, f.Denominator))
	}
	for name, value := range annex.Words {
		args = append(args, name, value)
	}
	return i18n.T(ctx, "report.tell."+code, args...)
}

// CountedBy lists the records that a figure of a signed report counted, from number
// after on, as they were known when it was signed.
func (s *Service) CountedBy(ctx context.Context, id, figure string, after, limit int) (r Report, f FrozenFigure, list []Counted, err error) {
	a := identity.From(ctx)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if r, err = s.visible(tx, a, id); err != nil {
			return err
		}
		if r.State != Signed {
			return errs.New(errs.NotFound, "report.figure_unknown", "code", figure)
		}
		annex, err := r.frozen()
		if err != nil {
			return err
		}
		found := false
		if f, found = annex.figure(figure); !found {
			return errs.New(errs.NotFound, "report.figure_unknown", "code", figure)
		}
		list, err = countedBy(tx, id, figure, after, limit)
		return err
	})
	return r, f, list, err
}
