package plan

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/search"
	"cchc/internal/text"
)

// Issue makes a plan binding (ban hành) and hands every task out, in one transaction.
// It refuses while a doubt is open or a task lacks one of the six clarities, and lists
// every fault: plan.issue_doubt, plan.issue_no_*, plan.issue_number_missing.
func (s *Service) Issue(ctx context.Context, id string, version int64, number, signer string) (Plan, error) {
	return s.onPlan(ctx, id, version, RightIssue, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		if p.Number = text.Clean(number); p.Number == "" {
			return errs.OnField("number", "plan.issue_number_missing")
		}
		to, err := Moves.Next(p.State, "issue", "plan.plan_wrong_state")
		if err != nil {
			return err
		}
		p.State, p.Signer, p.IssuedDay = to, text.Clean(signer), clock.Day(now)
		given, err := issue(tx, *p, actor.Who(), now)
		if err != nil {
			return err
		}
		if err := savePlan(tx, *p, now.UnixMilli()); err != nil {
			return err
		}
		p.Version++
		if err := event.Post(tx, now, event.PlanIssued{PlanID: p.ID, Year: p.Year}); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.issue", Subject: "plan_plan:" + p.ID, Agency: p.Secretariat,
			After: map[string]any{"number": p.Number, "day": p.IssuedDay, "assignments": given}})
	})
}

// issue checks every task and hands it out; it returns how many lead assignments were made.
func issue(tx *db.Tx, p Plan, who audit.Who, now time.Time) (int, error) {
	tasks, err := listTasks(tx, p.ID)
	if err != nil {
		return 0, err
	}
	doubts, err := listDoubts(tx, p.ID, false)
	if err != nil {
		return 0, err
	}
	dir, err := onTree(tx, p.IssuedDay)
	if err != nil {
		return 0, err
	}
	var faults errs.List
	for _, d := range doubts {
		faults = append(faults, errs.New(errs.Conflict, "plan.issue_doubt", "row", d.Row, "task", d.Task, "text", d.Text))
	}
	if len(tasks) == 0 {
		faults = append(faults, errs.New(errs.Invalid, "plan.issue_no_task"))
	}
	heads := map[string]org.Holder{}
	for _, t := range tasks {
		lead, _ := expand(t, dir)
		var headless []string
		for _, agency := range lead {
			h, known := heads[agency]
			if !known {
				if h, _, err = org.Head(tx, agency, p.IssuedDay); err != nil {
					return 0, err
				}
				heads[agency] = h
			}
			if h.PersonName == "" && t.HeadText == "" {
				headless = append(headless, dir.Name(agency))
			}
		}
		faults = append(faults, t.sixClear(len(lead), headless, p.accepts(t.LeadAgency))...)
	}
	if err := faults.Err(); err != nil {
		return 0, err
	}
	given := 0
	for _, t := range tasks {
		n, err := handOut(tx, p, t, dir, heads, who, now)
		if err != nil {
			return 0, err
		}
		given += n
	}
	return given, dir.fail
}

// handOut makes the assignments of one task.
func handOut(tx *db.Tx, p Plan, t Task, dir Directory, heads map[string]org.Holder, who audit.Who, now time.Time) (int, error) {
	lead, coordinating := expand(t, dir)
	for _, agency := range lead {
		head := heads[agency].PersonName
		if head == "" {
			head = t.HeadText
		}
		if _, err := give(tx, p, t, Lead, agency, head, t.finalDay(), who, now); err != nil {
			return 0, err
		}
	}
	for _, agency := range coordinating {
		if _, err := give(tx, p, t, Coordinating, agency, heads[agency].PersonName, t.finalDay(), who, now); err != nil {
			return 0, err
		}
	}
	return len(lead), index(tx, t, now)
}

// index makes a task findable by whoever reaches its accountable agency; one that
// every addressee answers for belongs to the province.
func index(tx *db.Tx, t Task, now time.Time) error {
	agency := ""
	if t.FanOut == Single {
		agency = t.LeadAgency
	}
	return search.Put(tx, "plan_task", t.ID, agency, now.UnixMilli(), t.Code+" "+t.Content+" "+t.Product)
}

// give makes one assignment with the beginning of its history, its first stretch of
// days and, for a recurring task, its period items.
func give(tx *db.Tx, p Plan, t Task, role AssignmentRole, agency, head, due string, who audit.Who, now time.Time) (Assignment, error) {
	a := Assignment{ID: db.NewID(), PlanID: p.ID, TaskID: t.ID, Agency: agency, Role: role, Head: head, Approver: p.accepts(agency), Standing: Assigned,
		Dated: t.dated() && role == Lead, AssignedDay: clock.Day(now), OriginalDue: due, EffectiveDue: due, SubmittedDay: NoDay, DoneDay: NoDay,
		ApprovedDay: NoDay, UpdatedMs: now.UnixMilli(), Version: 1}
	if err := addAssignment(tx, a); err != nil {
		return a, err
	}
	first := Entry{ID: db.NewID(), Move: "assign", Day: a.AssignedDay, AtMs: now.UnixMilli(), Account: who.Account, Name: who.Name, ByAgency: who.Agency, Due: due, Document: p.Number}
	if err := placeEntry(tx, a, first, 1); err != nil {
		return a, err
	}
	if role != Lead {
		return a, nil
	}
	list, _ := phases([]Event{{Move: "assign", Day: a.AssignedDay, Due: due}})
	if err := addPhases(tx, a, t.Area, list); err != nil {
		return a, err
	}
	for _, i := range schedule(t.Kind, p.Year, ParseDeadline(t.DeadlineText, p.Year).OnDay, t.DueDay) {
		i.ID = db.NewID()
		if err := addPeriod(tx, a, i); err != nil {
			return a, err
		}
	}
	return a, nil
}

// wellFormed checks a task as typed into a form.
func (t Task) wellFormed() error {
	var l errs.List
	if text.Clean(t.Content) == "" {
		l = append(l, errs.OnField("content", "plan.task_content_missing"))
	}
	known := false
	for _, k := range TaskKinds {
		known = known || k == t.Kind
	}
	if !known || t.FanOut != Single && t.FanOut != PerAgency {
		l = append(l, errs.OnField("kind", "plan.task_kind"))
	}
	if t.DueDay != "" {
		if _, err := clock.ParseDay(t.DueDay); err != nil {
			l = append(l, errs.OnField("due_day", "plan.day_unreadable", "day", t.DueDay))
		}
	}
	weight := 0
	for _, m := range t.Milestones {
		weight += m.Weight
	}
	if len(t.Milestones) > 0 && weight != 100 {
		l = append(l, errs.OnField("milestones", "plan.task_milestones", "sum", weight))
	}
	return l.Err()
}
