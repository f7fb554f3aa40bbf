package plan

import (
	"context"
	"slices"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
)

// DraftPage is a plan before its issue: tasks, doubts, and what each task lacks of the
// six clarities (6 rõ).
type DraftPage struct {
	Plan      Plan
	Tasks     []Task
	Areas     []Area
	Doubts    []Doubt // open ones
	Settled   int
	Faults    []*errs.Error     // by task, in plan order
	Leads     map[string]int    // task id -> agencies that will lead
	Names     map[string]string // agencies of the day
	Secretary string            // name of the agency that follows the plan
	MayDraft  bool
	MayIssue  bool
}

// DraftPage reads a plan before its issue. Whoever drafts it or issues it sees it.
func (s *Service) DraftPage(ctx context.Context, id string) (out DraftPage, err error) {
	err = s.read(ctx, id, func(v view) (err error) {
		out = DraftPage{Plan: v.plan, Leads: map[string]int{}}
		out.MayDraft = may(v.tx, v.actor, RightDraft, v.plan.Secretariat, v.now, &err)
		out.MayIssue = may(v.tx, v.actor, RightIssue, v.plan.Issuer, v.now, &err)
		if err != nil {
			return err
		}
		if !out.MayDraft && !out.MayIssue {
			return errs.New(errs.NotFound, "plan.plan_unknown")
		}
		if out.Tasks, err = listTasks(v.tx, id); err != nil {
			return err
		}
		if out.Areas, err = listAreas(v.tx); err != nil {
			return err
		}
		all, err := listDoubts(v.tx, id, true)
		if err != nil {
			return err
		}
		for _, d := range all {
			if d.Settled {
				out.Settled++
			} else {
				out.Doubts = append(out.Doubts, d)
			}
		}
		day := clock.Day(v.now)
		dir, err := onTree(v.tx, day)
		if err != nil {
			return err
		}
		out.Names, out.Secretary = dir.names, dir.Name(v.plan.Secretariat)
		if v.plan.editable() || v.plan.State == Presented {
			out.Faults, err = unclear(v.tx, v.plan, out.Tasks, dir, day, out.Leads)
		}
		return err
	})
	return out, err
}

// unclear lists what the tasks of a plan lack for an issue on a day, as Issue will
// find it; leads takes how many agencies will lead each task.
func unclear(tx *db.Tx, p Plan, tasks []Task, dir *tree, day string, leads map[string]int) ([]*errs.Error, error) {
	var faults errs.List
	holders := map[string]bool{}
	for _, t := range tasks {
		lead, _ := expand(t, dir)
		leads[t.ID] = len(lead)
		var headless []string
		for _, agency := range lead {
			held, known := holders[agency]
			if !known {
				h, _, err := org.Head(tx, agency, day)
				if err != nil {
					return nil, err
				}
				held = h.PersonName != ""
				holders[agency] = held
			}
			if !held && t.HeadText == "" {
				headless = append(headless, dir.Name(agency))
			}
		}
		faults = append(faults, t.sixClear(len(lead), headless, p.accepts(t.LeadAgency))...)
	}
	return faults, dir.fail
}

// DraftTask reads one task of a draft for its form.
func (s *Service) DraftTask(ctx context.Context, id string) (t Task, p Plan, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if t, err = findTask(tx, id); err != nil {
			return err
		}
		if p, err = findPlan(tx, t.PlanID); err != nil {
			return err
		}
		err := identity.Require(tx, actor, RightDraft, p.Secretariat, now)
		if errs.KindOf(err) == errs.Forbidden {
			return errs.New(errs.NotFound, "plan.task_unknown")
		}
		return err
	})
	return t, p, err
}

// AmendTask reads one task of an issued plan for the form that cancels it.
func (s *Service) AmendTask(ctx context.Context, id string) (t Task, p Plan, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if t, err = findTask(tx, id); err != nil {
			return err
		}
		if p, err = findPlan(tx, t.PlanID); err != nil {
			return err
		}
		err := identity.Require(tx, actor, RightIssue, p.Issuer, now)
		if errs.KindOf(err) == errs.Forbidden {
			return errs.New(errs.NotFound, "plan.task_unknown")
		}
		return err
	})
	return t, p, err
}

// withLead makes an agency the accountable one of a task: it takes the place of the
// agencies named as leading, group words stay.
func (t Task) withLead(agency string) Task {
	if agency == t.LeadAgency {
		return t
	}
	t.LeadAgency = agency
	if t.FanOut == PerAgency {
		return t
	}
	t.Mentions = slices.DeleteFunc(slices.Clone(t.Mentions), func(m Mention) bool {
		return m.Group == "" && (m.Role == Lead || m.Agency == agency)
	})
	if agency != "" {
		t.Mentions = append(t.Mentions, Mention{Role: Lead, Agency: agency, Column: "lead"})
	}
	return t
}

// MayDraft says whether the reader drafts plans of an agency.
func (s *Service) MayDraft(ctx context.Context, agency string) (ok bool, err error) {
	actor, now := identity.From(ctx), s.clock()
	fault := s.db.Read(ctx, func(tx *db.Tx) error { ok = may(tx, actor, RightDraft, agency, now, &err); return err })
	return ok, fault
}
