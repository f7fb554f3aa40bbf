package plan

import (
	"context"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// PlanVersion is a plan as it was issued (1) or as an amendment left it (2, 3, …).
type PlanVersion struct {
	No                        int
	Amendment                 Amendment // zero for the first
	Number, Day, Signer       string    // of the document that made it
	Added, Changed, Cancelled int       // tasks, as far as the reader sees them
}

// VersionsPage is the history of a plan by documents.
type VersionsPage struct {
	Plan     Plan
	List     []PlanVersion // oldest first
	Open     Amendment     // the one in the making, zero when there is none or it is not the reader's business
	MayDraft bool
	MayIssue bool
}

// sees is the scope in which a reader sees what a plan says of its tasks: whoever
// follows or issues the plan sees all of it.
func (v view) sees() (scope, error) {
	for _, agency := range []string{v.plan.Secretariat, v.plan.Issuer} {
		err := identity.Require(v.tx, v.actor, RightView, agency, v.now)
		if err == nil {
			return scope{account: everything}, nil
		}
		if errs.KindOf(err) != errs.Forbidden {
			return scope{}, err
		}
	}
	return v.scope, nil
}

// Versions reads the versions of a plan.
func (s *Service) Versions(ctx context.Context, planID string) (out VersionsPage, err error) {
	err = s.read(ctx, planID, func(v view) (err error) {
		out = VersionsPage{Plan: v.plan, List: []PlanVersion{{No: 1, Number: v.plan.Number, Day: v.plan.IssuedDay, Signer: v.plan.Signer}}}
		out.MayDraft = may(v.tx, v.actor, RightDraft, v.plan.Secretariat, v.now, &err)
		out.MayIssue = may(v.tx, v.actor, RightIssue, v.plan.Issuer, v.now, &err)
		if err != nil {
			return err
		}
		whole, err := v.sees()
		if err != nil {
			return err
		}
		all, err := listAmendments(v.tx, v.plan.ID)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.open() {
				if out.MayDraft || out.MayIssue {
					out.Open = a
				}
				continue
			}
			changes, err := listChanges(v.tx, whole, a.ID)
			if err != nil {
				return err
			}
			n := PlanVersion{No: len(out.List) + 1, Amendment: a, Number: a.Number, Day: a.SignedDay, Signer: a.Signer}
			for _, c := range changes {
				switch c.Kind {
				case AddTask:
					n.Added++
				case ChangeTask:
					n.Changed++
				case DropTask:
					n.Cancelled++
				}
			}
			out.List = append(out.List, n)
		}
		return nil
	})
	return out, err
}

// BoardOffers is what the reader of a board may do with the plan as a whole.
type BoardOffers struct {
	Draft, Close bool
	Derive       bool      // make an agency's own plan from it
	Amendment    Amendment // in the making, when it is the reader's business
}

// Offers reads what the reader may do with a plan.
func (s *Service) Offers(ctx context.Context, planID string) (out BoardOffers, err error) {
	err = s.read(ctx, planID, func(v view) (err error) {
		out = BoardOffers{Draft: may(v.tx, v.actor, RightDraft, v.plan.Secretariat, v.now, &err)}
		issues := may(v.tx, v.actor, RightIssue, v.plan.Issuer, v.now, &err)
		out.Close = issues && v.plan.open()
		if err == nil && (out.Draft || issues) {
			out.Amendment, err = openAmendment(v.tx, planID)
		}
		if err != nil || v.plan.Parent != "" || !v.plan.open() || v.plan.Kind != Annual || out.Draft || issues || v.actor.AgencyID == "" {
			return err
		}
		out.Derive = may(v.tx, v.actor, RightDraft, v.actor.AgencyID, v.now, &err)
		if err != nil || !out.Derive {
			return err
		}
		taken, err := derivedFrom(v.tx, planID, v.actor.AgencyID)
		out.Derive = !taken
		return err
	})
	return out, err
}

// Comparison is what makes one version of a plan another.
type Comparison struct {
	Plan     Plan
	From, To PlanVersion
	Changes  []Change
	Names    func(agency string) string
}

// CompareVersions tells what changed between two versions of a plan. Refusal:
// plan.version_unknown when there is none of that number, or from is not before to.
func (s *Service) CompareVersions(ctx context.Context, planID string, from, to int) (out Comparison, err error) {
	versions, err := s.Versions(ctx, planID)
	if err != nil {
		return out, err
	}
	if from < 1 || to > len(versions.List) || from >= to {
		return out, errs.New(errs.NotFound, "plan.version_unknown")
	}
	err = s.read(ctx, planID, func(v view) error {
		out = Comparison{Plan: v.plan, From: versions.List[from-1], To: versions.List[to-1]}
		whole, err := v.sees()
		if err != nil {
			return err
		}
		var all []Change
		for _, n := range versions.List[from:to] {
			changes, err := listChanges(v.tx, whole, n.Amendment.ID)
			if err != nil {
				return err
			}
			all = append(all, changes...)
		}
		dir, err := onTree(v.tx, "")
		if err != nil {
			return err
		}
		out.Changes, out.Names = merged(all), dir.Name
		return nil
	})
	return out, err
}

// AmendmentPage is an amendment with what its page offers this reader.
type AmendmentPage struct {
	Plan      Plan
	Amendment Amendment
	Version   int // of the plan that it makes or made
	Changes   []Change
	Names     func(agency string) string
	Tasks     []Task        // tasks that it does not touch yet, for who drafts it
	Faults    []*errs.Error // what stands in the way of its issue
	Areas     []Area        // for a new task
	MayDraft  bool          // edit it now
	MayMove   bool          // present, take back, drop
	MayIssue  bool          // sign it now
	Own       bool          // the reader drafted it, so somebody else signs
}

// AmendmentPage reads an amendment. One in the making is seen by who drafts or issues
// the plan. Refusal: plan.amendment_unknown.
func (s *Service) AmendmentPage(ctx context.Context, id string) (out AmendmentPage, err error) {
	var a Amendment
	if err = s.db.Read(ctx, func(tx *db.Tx) error { a, err = findAmendment(tx, id); return err }); err != nil {
		return out, err
	}
	missing := errs.New(errs.NotFound, "plan.amendment_unknown")
	err = s.read(ctx, a.PlanID, func(v view) (err error) {
		out = AmendmentPage{Plan: v.plan, Amendment: a, Own: a.DraftedBy == v.actor.AccountID || a.DraftedBy == v.actor.For}
		drafts := may(v.tx, v.actor, RightDraft, v.plan.Secretariat, v.now, &err)
		issues := may(v.tx, v.actor, RightIssue, v.plan.Issuer, v.now, &err)
		if err != nil {
			return err
		}
		if a.State != AmendmentIssued && !drafts && !issues {
			return missing
		}
		whole, err := v.sees()
		if err != nil {
			return err
		}
		if out.Changes, err = listChanges(v.tx, whole, a.ID); err != nil {
			return err
		}
		dir, err := onTree(v.tx, "")
		if err != nil {
			return err
		}
		out.Names = dir.Name
		all, err := listAmendments(v.tx, v.plan.ID)
		if err != nil {
			return err
		}
		for out.Version = 1; out.Version <= len(all) && all[out.Version-1].ID != a.ID; out.Version++ { // the first version is the plan itself
		}
		out.Version++
		if !a.open() || !v.plan.open() {
			return nil
		}
		out.MayDraft, out.MayMove, out.MayIssue = drafts && a.editable(), drafts, issues && !out.Own
		return out.prepare(v)
	})
	if errs.CodeOf(err) == "plan.plan_unknown" {
		err = missing
	}
	return out, err
}

// prepare reads what an amendment in the making needs besides.
func (p *AmendmentPage) prepare(v view) error {
	tasks, err := listTasks(v.tx, v.plan.ID)
	if err != nil {
		return err
	}
	touched := map[string]bool{}
	for _, c := range p.Changes {
		touched[c.TaskID] = true
	}
	for _, t := range tasks {
		if !touched[t.ID] && !t.Cancelled {
			p.Tasks = append(p.Tasks, t)
		}
	}
	if p.Areas, err = listAreas(v.tx); err != nil {
		return err
	}
	dir, err := onTree(v.tx, clock.Day(v.now))
	if err != nil {
		return err
	}
	if fault := stillFit(v.tx, v.plan, p.Changes, dir, v.now); fault != nil {
		if p.Faults = errs.All(fault); len(p.Faults) == 0 {
			return fault
		}
	}
	return dir.fail
}

// AmendedTask reads a task as an amendment has it for the form that changes it: as
// proposed, else as it stands; "" is a new one.
func (s *Service) AmendedTask(ctx context.Context, amendment, taskID string) (t Task, page AmendmentPage, err error) {
	if page, err = s.AmendmentPage(ctx, amendment); err != nil {
		return t, page, err
	}
	if !page.MayDraft {
		return t, page, errs.New(errs.Conflict, "plan.amendment_not_draft")
	}
	if taskID == "" {
		return Task{Kind: OneOff, FanOut: Single, Priority: Normal, DueDay: NoDay}, page, nil
	}
	for _, c := range page.Changes {
		if c.TaskID == taskID && c.Kind != DropTask {
			return c.After, page, nil
		}
	}
	for _, t := range page.Tasks {
		if t.ID == taskID {
			return t, page, nil
		}
	}
	return t, page, errs.New(errs.NotFound, "plan.task_unknown")
}
