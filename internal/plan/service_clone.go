package plan

import (
	"context"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// CloneYear makes the draft of another year from a plan (nhân bản kế hoạch): the same
// tasks, deadlines moved with the year, agencies found anew among those of that year;
// whatever does not fit is a doubt. Refusals: plan.clone_year, plan.clone_agency.
func (s *Service) CloneYear(ctx context.Context, planID string, year int, title string) (out Plan, read Reading, err error) {
	_, err = s.onPlan(ctx, planID, anyVersion, RightDraft, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		if year <= p.Year || year > p.Year+20 || p.Kind != Annual {
			return errs.OnField("year", "plan.clone_year", "year", p.Year)
		}
		rows, err := exportRows(tx, p.ID)
		if err != nil {
			return err
		}
		if rows, err = cloneRows(rows, p.Year, year); err != nil {
			return err
		}
		if title = text.Clean(title); title == "" {
			title = moveYears(p.Title, p.Year, year)
		}
		in := Import{Title: title, Year: year, Parent: p.Parent, Source: p.Code, Sample: p.Sample, Rows: rows}
		for _, a := range []struct {
			from string
			to   *string
		}{{p.Issuer, &in.Issuer}, {p.Secretariat, &in.Secretariat}, {p.Office, &in.Office}} {
			if *a.to, err = goesOn(tx, a.from, dayOfYear(year, now)); err != nil {
				return err
			}
		}
		if out, read, err = importPlan(tx, in, dayOfYear(year, now), actor.AccountID, now); err != nil {
			return err
		}
		if err := doubtYears(tx, out, &read, p.Year); err != nil {
			return err
		}
		targets, err := listTargets(tx, p.ID)
		if err != nil {
			return err
		}
		for _, t := range targets {
			t.ID, t.Year = db.NewID(), t.Year+year-p.Year
			if err := addTarget(tx, out.ID, t); err != nil {
				return err
			}
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.clone", Subject: "plan_plan:" + out.ID, Agency: out.Secretariat,
			Before: map[string]any{"plan": p.ID, "year": p.Year}, After: map[string]any{"code": out.Code, "year": year, "tasks": read.Tasks, "doubts": len(read.Doubts)}})
	})
	return out, read, err
}

// doubtYears keeps the doubts about years that the words of a cloned plan name.
func doubtYears(tx *db.Tx, p Plan, read *Reading, from int) error {
	ids := map[string]string{}
	for _, t := range read.Draft {
		ids[t.Code] = t.ID
	}
	for i, d := range yearDoubts(read.Draft, from, p.Year) {
		d.TaskID = ids[d.Task]
		if err := addDoubt(tx, p.ID, len(read.Doubts)+i, d); err != nil {
			return err
		}
		read.Doubts = append(read.Doubts, d)
	}
	return nil
}

// goesOn is the agency that does on a day what an agency did: itself, or its one
// successor. Refusal: plan.clone_agency where nobody or several took over.
func goesOn(tx *db.Tx, agency, day string) (string, error) {
	for range 8 { // a chain of mergers; longer ones do not happen in a plan's life
		a, err := org.Find(tx, agency)
		if err != nil {
			return "", err
		}
		if a.On(day) {
			return agency, nil
		}
		next, err := org.Successors(tx, agency, "plan")
		if err != nil {
			return "", err
		}
		if len(next) != 1 {
			return "", errs.New(errs.Conflict, "plan.clone_agency", "agency", a.Name)
		}
		agency = next[0].ID
	}
	return "", errs.New(errs.Conflict, "plan.clone_agency", "agency", agency)
}

// DerivePlan makes the draft of an agency's own plan from what a provincial plan gave
// it (kế hoạch cụ thể hóa): each of its tasks with its deadline, tied to the task of the
// province. The agency issues it and its head accepts what its people hand in.
// Refusals: plan.plan_not_open, plan.derive_twice, plan.derive_nothing.
func (s *Service) DerivePlan(ctx context.Context, parentID, title string) (out Plan, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		parent, err := findPlan(tx, parentID)
		if err != nil {
			return err
		}
		if err := identity.Require(tx, actor, RightDraft, actor.AgencyID, now); err != nil {
			return err
		}
		if ok, err := mayRead(tx, scopeOf(actor, RightView, now), parent); err != nil || !ok {
			return orError(err, errs.New(errs.NotFound, "plan.plan_unknown"))
		}
		switch taken, err := derivedFrom(tx, parentID, actor.AgencyID); {
		case err != nil:
			return err
		case taken:
			return errs.New(errs.Conflict, "plan.derive_twice")
		case !parent.open() || parent.Kind != Annual || parent.Parent != "":
			return errs.New(errs.Conflict, "plan.plan_not_open", "state", string(parent.State))
		}
		if out, err = derive(tx, parent, actor, text.Clean(title), now); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.derive", Subject: "plan_plan:" + out.ID, Agency: out.Secretariat, After: map[string]any{"code": out.Code, "parent": parent.ID}})
	})
	return out, err
}

func derive(tx *db.Tx, parent Plan, actor identity.Actor, title string, now time.Time) (Plan, error) {
	name, err := org.NameOn(tx, actor.AgencyID, clock.Day(now))
	if err != nil {
		return Plan{}, err
	}
	if title == "" {
		title = parent.Title + " – " + name
	}
	agency := actor.AgencyID
	p := Plan{ID: db.NewID(), Kind: Annual, Year: parent.Year, YearTo: parent.YearTo, Title: title, Issuer: agency, Secretariat: agency, Office: agency, Parent: parent.ID,
		LegalBasis: parent.Number, Source: parent.Code, Sample: parent.Sample, State: Draft, CreatedMs: now.UnixMilli(), Version: 1}
	p.Code = "KH-" + strconv.Itoa(p.Year) + "-" + p.ID[len(p.ID)-6:]
	if err := addPlan(tx, p, actor.AccountID); err != nil {
		return p, err
	}
	given, err := givenTo(tx, parent.ID, agency)
	if err != nil {
		return p, err
	}
	if len(given) == 0 {
		return p, errs.New(errs.Conflict, "plan.derive_nothing")
	}
	for i, a := range given {
		t, err := findTask(tx, a.TaskID)
		if err != nil {
			return p, err
		}
		t.From, t.ID, t.PlanID, t.Sort, t.FanOut = t.ID, db.NewID(), p.ID, i+1, Single
		t.LeadAgency, t.LeadText, t.CoordText, t.HeadText, t.LegalRef = agency, name, "", "", parent.Number
		t.Mentions = []Mention{{Role: Lead, Agency: agency, Text: name, Column: "lead"}}
		if t.Kind != Milestone {
			t.DueDay = a.EffectiveDue
		}
		for m := range t.Milestones {
			t.Milestones[m].ID = ""
		}
		if err := addTask(tx, t, now.UnixMilli()); err != nil {
			return p, err
		}
	}
	return p, nil
}
