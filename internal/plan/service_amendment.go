package plan

import (
	"context"
	"slices"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// onAmendment runs fn on an amendment and its plan in one transaction, after the
// checks of right and version. Refusals: plan.amendment_unknown, plan.changed_meanwhile,
// plan.plan_not_open and those of onPlan.
func (s *Service) onAmendment(ctx context.Context, id string, version int64, right string, fn func(*db.Tx, *Plan, *Amendment, identity.Actor, time.Time) error) (out Amendment, err error) {
	if err = s.db.Read(ctx, func(tx *db.Tx) error { out, err = findAmendment(tx, id); return err }); err != nil {
		return out, err
	}
	_, err = s.onPlan(ctx, out.PlanID, anyVersion, right, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		a, err := findAmendment(tx, id)
		if err != nil {
			return err
		}
		if a.Version != version {
			return errs.New(errs.Conflict, "plan.changed_meanwhile")
		}
		if !p.open() {
			return errs.New(errs.Conflict, "plan.plan_not_open", "state", string(p.State))
		}
		if err := fn(tx, p, &a, actor, now); err != nil {
			return err
		}
		out = a
		return nil
	})
	return out, err
}

// StartAmendment begins the amendment of an issued plan; a plan has one in the making
// at most. Refusals: plan.plan_not_open, plan.amendment_open, plan.reason_missing.
func (s *Service) StartAmendment(ctx context.Context, planID, reason string) (Amendment, error) {
	var a Amendment
	_, err := s.onPlan(ctx, planID, anyVersion, RightDraft, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		if !p.open() {
			return errs.New(errs.Conflict, "plan.plan_not_open", "state", string(p.State))
		}
		a = Amendment{ID: db.NewID(), PlanID: p.ID, Reason: text.Clean(reason), State: AmendmentDraft, DraftedBy: actor.AccountID, AtMs: now.UnixMilli(), Version: 1}
		if a.Reason == "" {
			return errs.OnField("reason", "plan.reason_missing")
		}
		if err := addAmendment(tx, a); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.amendment_start", Subject: "plan_amendment:" + a.ID, Agency: p.Secretariat, Reason: a.Reason,
			After: map[string]any{"plan": p.ID}})
	})
	return a, err
}

// ProposeChange puts a task as it shall be into an amendment: a task of the plan, or a
// new one (without id), which gets the next free code. Area, kind and fan-out of a task
// that was issued stay: who wants another takes the task out and adds a new one.
// Refusals: plan.amendment_not_draft, plan.task_unknown, plan.task_cancelled,
// plan.amend_fixed, plan.amend_recurring, plan.amend_step_reached, plan.amend_nothing
// and those of a form (plan.task_content_missing, plan.task_milestones, …).
func (s *Service) ProposeChange(ctx context.Context, id string, version int64, t Task) (Amendment, error) {
	return s.onAmendment(ctx, id, version, RightDraft, func(tx *db.Tx, p *Plan, a *Amendment, actor identity.Actor, now time.Time) error {
		if !a.editable() {
			return errs.New(errs.Conflict, "plan.amendment_not_draft")
		}
		if err := t.wellFormed(); err != nil {
			return err
		}
		c := Change{ID: db.NewID(), Amendment: a.ID, TaskID: t.ID, Kind: ChangeTask, After: t}
		pending, err := listChanges(tx, scope{account: everything}, a.ID)
		if err != nil {
			return err
		}
		same := slices.IndexFunc(pending, func(c Change) bool { return c.TaskID == t.ID && t.ID != "" })
		switch {
		case t.ID == "", same >= 0 && pending[same].Kind == AddTask:
			c.Kind = AddTask
			if err := newcomer(tx, p.ID, &c, pending, same); err != nil {
				return err
			}
		default:
			if err := amended(tx, p.ID, &c); err != nil {
				return err
			}
		}
		return s.keepChange(tx, p, a, c, actor)
	})
}

func (s *Service) keepChange(tx *db.Tx, p *Plan, a *Amendment, c Change, actor identity.Actor) error {
	if err := putChange(tx, p.ID, c); err != nil {
		return err
	}
	if err := saveAmendment(tx, *a); err != nil {
		return err
	}
	a.Version++
	return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.amendment_change", Subject: "plan_amendment:" + a.ID, Agency: p.Secretariat,
		After: map[string]any{"task": c.Code, "kind": c.Kind}})
}

// newcomer completes a task that an amendment adds: id, place and code.
func newcomer(tx *db.Tx, planID string, c *Change, pending []Change, same int) error {
	t := &c.After
	t.PlanID, t.Version = planID, 1
	if same >= 0 { // it was added before and is edited now
		c.ID, c.TaskID, c.Code = pending[same].ID, pending[same].TaskID, pending[same].Code
		t.ID, t.Sort, t.Code = c.TaskID, pending[same].After.Sort, c.Code
		return nil
	}
	highest, err := highestSort(tx, planID)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	tasks, err := listTasks(tx, planID)
	if err != nil {
		return err
	}
	for _, old := range tasks {
		taken[old.Code] = true
	}
	for _, other := range pending {
		taken[other.Code] = true
		highest = max(highest, int64(other.After.Sort))
	}
	t.ID, t.Sort = db.NewID(), int(highest)+1
	for n := t.Sort; t.Code == "" || taken[t.Code]; n++ {
		t.Code = "NV" + strconv.Itoa(n/10) + strconv.Itoa(n%10)
	}
	c.TaskID, c.Code = t.ID, t.Code
	return nil
}

// amended completes the change of an issued task, and refuses what an amendment cannot do.
func amended(tx *db.Tx, planID string, c *Change) error {
	before, err := findTask(tx, c.TaskID)
	if err != nil {
		return err
	}
	after := &c.After
	switch {
	case before.PlanID != planID:
		return errs.New(errs.NotFound, "plan.task_unknown")
	case before.Cancelled:
		return errs.New(errs.Conflict, "plan.task_cancelled")
	case after.Kind != before.Kind || after.FanOut != before.FanOut || after.Area != before.Area || after.Code != before.Code:
		return errs.New(errs.Invalid, "plan.amend_fixed", "task", before.Code)
	case before.Kind.recurring() && (after.DeadlineText != before.DeadlineText || day(after.DueDay) != day(before.DueDay)):
		return errs.OnField("deadline_text", "plan.amend_recurring")
	}
	reached, err := reachedSteps(tx, before.ID)
	if err != nil {
		return err
	}
	for _, step := range reached {
		if !slices.ContainsFunc(after.Milestones, func(m MilestoneStep) bool { return m.ID == step }) {
			return errs.OnField("milestones", "plan.amend_step_reached")
		}
	}
	for i := range after.Milestones { // a new step is known by its id from now on
		if after.Milestones[i].ID == "" {
			after.Milestones[i].ID = db.NewID()
		}
	}
	after.PlanID, after.Sort, after.Version, after.Extra = before.PlanID, before.Sort, before.Version, before.Extra
	c.Before, c.Code = before, before.Code
	if len(compare(before, *after, func(id string) string { return id })) == 0 {
		return errs.New(errs.Invalid, "plan.amend_nothing")
	}
	return nil
}

// ProposeCancel puts into an amendment that a task leaves the plan. Refusals:
// plan.amendment_not_draft, plan.task_unknown, plan.task_cancelled.
func (s *Service) ProposeCancel(ctx context.Context, id string, version int64, taskID string) (Amendment, error) {
	return s.onAmendment(ctx, id, version, RightDraft, func(tx *db.Tx, p *Plan, a *Amendment, actor identity.Actor, _ time.Time) error {
		if !a.editable() {
			return errs.New(errs.Conflict, "plan.amendment_not_draft")
		}
		t, err := findTask(tx, taskID)
		if err != nil {
			return err
		}
		switch {
		case t.PlanID != p.ID:
			return errs.New(errs.NotFound, "plan.task_unknown")
		case t.Cancelled:
			return errs.New(errs.Conflict, "plan.task_cancelled")
		}
		return s.keepChange(tx, p, a, Change{ID: db.NewID(), Amendment: a.ID, TaskID: t.ID, Code: t.Code, Kind: DropTask, Before: t}, actor)
	})
}

// WithdrawChange takes one change out of an amendment. Refusals:
// plan.amendment_not_draft, plan.change_unknown.
func (s *Service) WithdrawChange(ctx context.Context, id string, version int64, changeID string) (Amendment, error) {
	return s.onAmendment(ctx, id, version, RightDraft, func(tx *db.Tx, p *Plan, a *Amendment, actor identity.Actor, _ time.Time) error {
		if !a.editable() {
			return errs.New(errs.Conflict, "plan.amendment_not_draft")
		}
		found, err := dropChange(tx, a.ID, changeID)
		if err == nil && !found {
			err = errs.New(errs.NotFound, "plan.change_unknown")
		}
		if err == nil {
			err = saveAmendment(tx, *a)
		}
		if err != nil {
			return err
		}
		a.Version++
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.amendment_change", Subject: "plan_amendment:" + a.ID, Agency: p.Secretariat,
			Before: map[string]any{"change": changeID}})
	})
}

// MoveAmendment takes an amendment along its table of moves other than issue:
// present, take_back, drop. Refusals: plan.amendment_wrong_state, plan.amend_empty.
func (s *Service) MoveAmendment(ctx context.Context, id string, version int64, name string) (Amendment, error) {
	return s.onAmendment(ctx, id, version, RightDraft, func(tx *db.Tx, p *Plan, a *Amendment, actor identity.Actor, _ time.Time) error {
		if name == "issue" {
			return errs.New(errs.Invalid, "plan.amendment_wrong_state", "state", string(a.State), "move", name)
		}
		before := a.State
		to, err := AmendmentMoves.Next(a.State, name, "plan.amendment_wrong_state")
		if err != nil {
			return err
		}
		if name == "present" {
			changes, err := listChanges(tx, scope{account: everything}, a.ID)
			if err != nil {
				return err
			}
			if len(changes) == 0 {
				return errs.New(errs.Conflict, "plan.amend_empty")
			}
		}
		a.State = to
		if err := saveAmendment(tx, *a); err != nil {
			return err
		}
		a.Version++
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.amendment_move", Subject: "plan_amendment:" + a.ID, Agency: p.Secretariat,
			Before: map[string]any{"state": before}, After: map[string]any{"state": to}})
	})
}

// coordinated reads anew which agencies coordinate in a task that one agency leads.
// Refusals: plan.amend_agency_unknown, plan.amend_coordinators_each.
func coordinated(t Task, words string, dir *tree) (Task, error) {
	if words = text.Clean(words); words == t.CoordText {
		return t, nil
	}
	if t.FanOut == PerAgency {
		return t, errs.OnField("coordinating", "plan.amend_coordinators_each")
	}
	t.CoordText = words
	t.Mentions = slices.DeleteFunc(slices.Clone(t.Mentions), func(m Mention) bool { return m.Column == "coordinating" })
	var fault error
	r := &reader{dir: dir, std: standard(dir), out: &Reading{}}
	r.column(&t, "coordinating", words, Coordinating, func(d Doubt) {
		if fault == nil {
			fault = errs.OnField("coordinating", "plan.amend_agency_unknown", "text", d.Text)
		}
	})
	if fault == nil {
		fault = dir.fail
	}
	return t, fault
}

// Recoordinate is coordinated for a form: the agencies are those of today.
func (s *Service) Recoordinate(ctx context.Context, t Task, words string) (out Task, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		dir, err := onTree(tx, clock.Day(s.clock()))
		if err != nil {
			return err
		}
		out, err = coordinated(t, words, dir)
		return err
	})
	return out, err
}

// ForEveryAgency makes a new task one that every department and local authority of
// today answers for.
func (s *Service) ForEveryAgency(ctx context.Context, t Task) (Task, error) {
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		dir, err := onTree(tx, clock.Day(s.clock()))
		if err != nil {
			return err
		}
		t.FanOut, t.LeadAgency, t.Mentions = PerAgency, "", nil
		t.LeadText = i18n.T(i18n.WithLang(ctx, i18n.Vi), "planweb.each_agency")
		for _, g := range standard(dir) {
			t.Mentions = append(t.Mentions, Mention{Role: Lead, Group: g, Column: "lead"})
		}
		return dir.fail
	})
	return t, err
}
