package plan

import (
	"context"
	"reflect"
	"slices"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/notice"
	"cchc/internal/org"
	"cchc/internal/search"
	"cchc/internal/text"
)

// IssueAmendment makes an amendment binding, in one transaction: new tasks are handed
// out, changed ones changed, cancelled ones end. A deadline that moves keeps the one
// first set beside it. Who drafted an amendment does not issue it. Refusals:
// plan.amendment_number_missing, plan.amendment_day, plan.amend_own_draft,
// plan.amend_empty, plan.amend_task_changed, plan.amend_same_day, and plan.issue_no_*
// for every clarity that an added or changed task lacks.
func (s *Service) IssueAmendment(ctx context.Context, id string, version int64, number, signedDay, signer string) (Amendment, error) {
	return s.onAmendment(ctx, id, version, RightIssue, func(tx *db.Tx, p *Plan, a *Amendment, actor identity.Actor, now time.Time) error {
		a.Number, a.SignedDay, a.Signer = text.Clean(number), signedDay, text.Clean(signer)
		if a.SignedDay == "" {
			a.SignedDay = clock.Day(now)
		}
		var err error
		if a.State, err = AmendmentMoves.Next(a.State, "issue", "plan.amendment_wrong_state"); err != nil {
			return err
		}
		switch {
		case a.Number == "":
			return errs.OnField("number", "plan.amendment_number_missing")
		case a.SignedDay > clock.Day(now) || a.SignedDay < p.IssuedDay:
			return errs.OnField("signed_day", "plan.amendment_day", "from", p.IssuedDay, "to", clock.Day(now))
		case a.DraftedBy == actor.AccountID || a.DraftedBy == actor.For:
			return errs.New(errs.Forbidden, "plan.amend_own_draft")
		}
		changes, err := listChanges(tx, scope{account: everything}, a.ID)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			return errs.New(errs.Conflict, "plan.amend_empty")
		}
		if err := s.apply(tx, p, a, changes, actor, now); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.amendment_issue", Subject: "plan_amendment:" + a.ID, Agency: p.Secretariat, Reason: a.Reason,
			After: map[string]any{"number": a.Number, "day": a.SignedDay, "changes": len(changes)}})
	})
}

// apply makes the changes of an amendment hold.
func (s *Service) apply(tx *db.Tx, p *Plan, a *Amendment, changes []Change, actor identity.Actor, now time.Time) error {
	dir, err := onTree(tx, clock.Day(now))
	if err != nil {
		return err
	}
	if err := stillFit(tx, *p, changes, dir, now); err != nil {
		return err
	}
	w := &amending{s: s, tx: tx, plan: *p, by: *a, dir: dir, who: actor.Who(), now: now, heads: map[string]org.Holder{}, touched: map[string]bool{}}
	for _, c := range changes {
		if err := w.one(c); err != nil {
			return err
		}
	}
	if dir.fail != nil {
		return dir.fail
	}
	if p.State, err = Moves.Next(p.State, "amend", "plan.plan_wrong_state"); err != nil {
		return err
	}
	if err := savePlan(tx, *p, now.UnixMilli()); err != nil {
		return err
	}
	p.Version++
	a.IssuedBy, a.IssuedMs = actor.AccountID, now.UnixMilli()
	if err := saveAmendment(tx, *a); err != nil {
		return err
	}
	a.Version++
	if err := w.tell(); err != nil {
		return err
	}
	return event.Post(tx, now, event.PlanAmended{PlanID: p.ID, AmendmentID: a.ID})
}

// stillFit refuses changes of tasks that changed since they were proposed, and tasks
// that lack one of the six clarities; it lists every fault.
func stillFit(tx *db.Tx, p Plan, changes []Change, dir *tree, now time.Time) error {
	var faults errs.List
	var after []Task
	for _, c := range changes {
		if c.Kind != AddTask {
			is, err := findTask(tx, c.TaskID)
			if err != nil {
				return err
			}
			if is.Version != c.Before.Version || is.Cancelled {
				faults = append(faults, errs.New(errs.Conflict, "plan.amend_task_changed", "task", c.Code))
			}
		}
		if c.Kind != DropTask {
			after = append(after, c.After)
		}
	}
	unclear, err := unclear(tx, p, after, dir, clock.Day(now), map[string]int{})
	if err != nil {
		return err
	}
	return append(faults, unclear...).Err()
}

// amending is one amendment being made to hold.
type amending struct {
	s       *Service
	tx      *db.Tx
	plan    Plan
	by      Amendment
	dir     *tree
	who     audit.Who
	now     time.Time
	heads   map[string]org.Holder
	touched map[string]bool // agencies that are told
}

func (w *amending) one(c Change) error {
	switch c.Kind {
	case AddTask:
		return w.add(c.After)
	case DropTask:
		return w.cancel(c.Before.ID)
	}
	return w.change(c.TaskID, c.After)
}

func (w *amending) head(agency string) (org.Holder, error) {
	if h, known := w.heads[agency]; known {
		return h, nil
	}
	h, _, err := org.Head(w.tx, agency, clock.Day(w.now))
	w.heads[agency] = h
	return h, err
}

// document is the plan under the number of the amendment: what is handed out by it says so.
func (w *amending) document() Plan {
	p := w.plan
	p.Number = w.by.Number
	return p
}

func (w *amending) add(t Task) error {
	if err := addTask(w.tx, t, w.now.UnixMilli()); err != nil {
		return err
	}
	lead, coordinating := expand(t, w.dir)
	for _, agency := range append(slices.Clone(lead), coordinating...) {
		if _, err := w.head(agency); err != nil {
			return err
		}
		w.touched[agency] = true
	}
	_, err := handOut(w.tx, w.document(), t, w.dir, w.heads, w.who, w.now)
	return err
}

func (w *amending) cancel(taskID string) error {
	t, err := findTask(w.tx, taskID)
	if err != nil {
		return err
	}
	t.Cancelled = true
	if err := saveTask(w.tx, t, w.now.UnixMilli()); err != nil {
		return err
	}
	if err := search.Delete(w.tx, "plan_task", t.ID); err != nil {
		return err
	}
	all, err := assignmentsOf(w.tx, t.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := w.end(t, a); err != nil {
			return err
		}
	}
	return nil
}

// act is what happens to one assignment.
func (w *amending) act(t Task, a Assignment) *act {
	return &act{s: w.s, tx: w.tx, who: w.who, now: w.now, day: clock.Day(w.now), plan: w.plan, task: t, a: a, before: a}
}

// end cancels an assignment with what was asked for it; a finished one stays.
func (w *amending) end(t Task, a Assignment) error {
	if a.finished() {
		return nil
	}
	w.touched[a.Agency] = true
	x := w.act(t, a)
	if err := x.move("cancel"); err != nil {
		return err
	}
	if err := cancelPeriods(w.tx, a.ID); err != nil {
		return err
	}
	if err := lapseExtensions(w.tx, a.ID, w.now.UnixMilli()); err != nil {
		return err
	}
	return x.keep(Entry{Move: "cancel", Text: w.by.Reason, Document: w.by.Number})
}

// change makes a task what it shall be and its open assignments with it.
func (w *amending) change(taskID string, after Task) error {
	before, err := findTask(w.tx, taskID)
	if err != nil {
		return err
	}
	if err := saveTask(w.tx, after, w.now.UnixMilli()); err != nil {
		return err
	}
	if err := amendParts(w.tx, after); err != nil {
		return err
	}
	if err := index(w.tx, after, w.now); err != nil {
		return err
	}
	all, err := assignmentsOf(w.tx, after.ID)
	if err != nil {
		return err
	}
	if all, err = w.reassign(before, after, all); err != nil {
		return err
	}
	due := ""
	if after.finalDay() != before.finalDay() {
		due = after.finalDay()
	}
	for _, a := range all {
		if a.finished() {
			continue
		}
		w.touched[a.Agency] = true
		x := w.act(after, a)
		if due != "" {
			x.a.EffectiveDue, x.a.Dated = due, after.dated() && a.Role == Lead
		}
		if err := x.keep(Entry{Move: "amend", Due: due, Text: w.by.Reason, Document: w.by.Number}); err != nil {
			return err
		}
	}
	return nil
}

// reassign gives a task to the agencies that it names now and takes it from those that
// it names no longer; it returns the assignments that go on. Where the words stay, so do
// the agencies, even if the directory has changed since.
func (w *amending) reassign(before, after Task, all []Assignment) ([]Assignment, error) {
	if reflect.DeepEqual(before.Mentions, after.Mentions) {
		return all, nil
	}
	type place struct {
		role   AssignmentRole
		agency string
	}
	places := func(t Task) (list []place) {
		lead, coordinating := expand(t, w.dir)
		for _, id := range lead {
			list = append(list, place{Lead, id})
		}
		for _, id := range coordinating {
			list = append(list, place{Coordinating, id})
		}
		return list
	}
	old, now := places(before), places(after)
	var stay []Assignment
	for _, a := range all {
		at := place{a.Role, a.Agency}
		if slices.Contains(old, at) && !slices.Contains(now, at) {
			if err := w.end(after, a); err != nil {
				return nil, err
			}
			continue
		}
		stay = append(stay, a)
	}
	for _, n := range now {
		if slices.Contains(old, n) || slices.ContainsFunc(stay, func(a Assignment) bool { return a.Role == n.role && a.Agency == n.agency && a.Standing != Cancelled }) {
			continue
		}
		if slices.ContainsFunc(all, func(a Assignment) bool {
			return a.Role == n.role && a.Agency == n.agency && a.AssignedDay == clock.Day(w.now)
		}) { // given and taken on one day: the history has no place for a second beginning
			return nil, errs.New(errs.Conflict, "plan.amend_same_day", "agency", w.dir.Name(n.agency))
		}
		h, err := w.head(n.agency)
		if err != nil {
			return nil, err
		}
		head := h.PersonName
		if head == "" && n.role == Lead {
			head = after.HeadText
		}
		if _, err := give(w.tx, w.document(), after, n.role, n.agency, head, after.finalDay(), w.who, w.now); err != nil {
			return nil, err
		}
		w.touched[n.agency] = true
	}
	return stay, nil
}

// tell lets the head of every agency concerned know, once.
func (w *amending) tell() error {
	if w.s.tell == nil {
		return nil
	}
	for agency := range w.touched {
		h, err := w.head(agency)
		if err != nil {
			return err
		}
		if h.AccountID == "" {
			continue
		}
		if err := w.s.tell.Send(w.tx, notice.Notice{Key: "plan.amended:" + w.by.ID + ":" + h.AccountID, To: h.AccountID, Kind: "plan.amended", Subject: "plan_plan:" + w.plan.ID,
			URL: "/plan/amendments/" + w.by.ID, Args: map[string]string{"number": w.by.Number, "plan": w.plan.Title, "reason": w.by.Reason}}); err != nil {
			return err
		}
	}
	return nil
}

// CancelTask takes one task out of an issued plan by an amendment of its own: its open
// assignments end, the history stays. Refusals: plan.amendment_number_missing,
// plan.reason_missing, plan.task_cancelled, plan.changed_meanwhile.
func (s *Service) CancelTask(ctx context.Context, taskID string, version int64, by Amendment) error {
	var planID string
	if err := s.db.Read(ctx, func(tx *db.Tx) error { t, err := findTask(tx, taskID); planID = t.PlanID; return err }); err != nil {
		return err
	}
	_, err := s.onPlan(ctx, planID, anyVersion, RightIssue, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		t, err := findTask(tx, taskID)
		if err != nil {
			return err
		}
		by.Number, by.Reason = text.Clean(by.Number), text.Clean(by.Reason)
		switch {
		case !p.open():
			return errs.New(errs.Conflict, "plan.plan_wrong_state", "state", string(p.State), "move", "amend")
		case t.Version != version:
			return errs.New(errs.Conflict, "plan.changed_meanwhile")
		case t.Cancelled:
			return errs.New(errs.Conflict, "plan.task_cancelled")
		case by.Number == "":
			return errs.OnField("number", "plan.amendment_number_missing")
		case by.Reason == "":
			return errs.OnField("reason", "plan.reason_missing")
		}
		if by.SignedDay == "" {
			by.SignedDay = clock.Day(now)
		}
		a := Amendment{ID: db.NewID(), PlanID: p.ID, Number: by.Number, SignedDay: by.SignedDay, Reason: by.Reason, State: AmendmentIssued,
			DraftedBy: actor.AccountID, AtMs: now.UnixMilli(), IssuedBy: actor.AccountID, IssuedMs: now.UnixMilli(), Version: 1}
		if err := addAmendment(tx, a); err != nil {
			return err
		}
		c := Change{ID: db.NewID(), Amendment: a.ID, TaskID: t.ID, Code: t.Code, Kind: DropTask, Before: t}
		if err := putChange(tx, p.ID, c); err != nil {
			return err
		}
		if err := s.apply(tx, p, &a, []Change{c}, actor, now); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.task_cancel", Subject: "plan_task:" + t.ID, Agency: p.Secretariat,
			Before: map[string]any{"cancelled": false}, After: map[string]any{"cancelled": true, "amendment": by.Number}, Reason: by.Reason})
	})
	return err
}
