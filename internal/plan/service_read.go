package plan

import (
	"context"
	"slices"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/identity"
)

// Filter narrows figures and lists. Zero values narrow nothing.
type Filter struct {
	Task   string // task id
	Area   int
	Agency string // agency of the assignment, with the units below it
}

// view is one reading of one plan by one person.
type view struct {
	tx    *db.Tx
	actor identity.Actor
	now   time.Time
	scope scope
	plan  Plan
}

// read opens a plan for the person of ctx. Refusals: identity.sign_in_first,
// plan.plan_unknown (also for a plan out of reach).
func (s *Service) read(ctx context.Context, id string, fn func(view) error) error {
	actor, now := identity.From(ctx), s.clock()
	if !actor.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := findPlan(tx, id)
		if err != nil {
			return err
		}
		v := view{tx: tx, actor: actor, now: now, scope: scopeOf(actor, RightView, now), plan: p}
		if ok, err := mayRead(tx, v.scope, p); err != nil || !ok {
			return orError(err, errs.New(errs.NotFound, "plan.plan_unknown"))
		}
		return fn(v)
	})
}

// ask makes the question behind every figure. Refusal: plan.day_unreadable.
func (v view) ask(day string, f Filter) (asked, error) {
	if day == "" {
		day = clock.Day(v.now)
	}
	if t, err := clock.ParseDay(day); err != nil || clock.Day(t) != day {
		return asked{}, errs.OnField("on", "plan.day_unreadable", "day", day)
	}
	until, err := soon(v.tx, v.plan.Issuer, day)
	return asked{scope: v.scope, plan: v.plan.ID, day: day, today: clock.Day(v.now), soon: until, task: f.Task, area: f.Area, agency: f.Agency}, err
}

// Plans lists the plans of a year (0: of all years) that the person may see; the
// provincial annual plan first.
func (s *Service) Plans(ctx context.Context, year int) (list []Plan, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listPlans(tx, scopeOf(actor, RightView, now), year)
		return err
	})
	return list, err
}

// Provincial finds the plan of a year that the whole province carries out, among those
// that the person may see; the latest issued one when there are several.
func (s *Service) Provincial(tx *db.Tx, a identity.Actor, year int) (Plan, bool, error) {
	list, err := listPlans(tx, scopeOf(a, RightView, s.clock()), year)
	for _, p := range list {
		if p.Kind == Annual && p.Parent == "" && p.published() {
			return p, true, err
		}
	}
	return Plan{}, false, err
}

// Plan reads one plan.
func (s *Service) Plan(ctx context.Context, id string) (p Plan, err error) {
	err = s.read(ctx, id, func(v view) error { p = v.plan; return nil })
	return p, err
}

// Areas lists the areas of reform.
func (s *Service) Areas(ctx context.Context) (list []Area, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error { list, err = listAreas(tx); return err })
	return list, err
}

// Targets lists the targets of a plan.
func (s *Service) Targets(ctx context.Context, id string) (list []Target, err error) {
	err = s.read(ctx, id, func(v view) error { list, err = listTargets(v.tx, v.plan.ID); return err })
	return list, err
}

// Doubts lists the doubts of a plan: the open ones, or all. Whoever drafts sees them.
func (s *Service) Doubts(ctx context.Context, id string, all bool) (list []Doubt, err error) {
	err = s.read(ctx, id, func(v view) error {
		if err := identity.Require(v.tx, v.actor, RightDraft, v.plan.Secretariat, v.now); err != nil {
			return err
		}
		list, err = listDoubts(v.tx, v.plan.ID, all)
		return err
	})
	return list, err
}

// DraftTasks lists the tasks of a plan with what they name, for editing and export.
func (s *Service) DraftTasks(ctx context.Context, id string) (list []Task, err error) {
	err = s.read(ctx, id, func(v view) error {
		if err := identity.Require(v.tx, v.actor, RightView, v.plan.Secretariat, v.now); err != nil {
			return err
		}
		list, err = listTasks(v.tx, v.plan.ID)
		return err
	})
	return list, err
}

// Status says where a plan stands on a day ("" is today), within the reader's reach.
func (s *Service) Status(ctx context.Context, id, day string, f Filter) (out Status, err error) {
	err = s.read(ctx, id, func(v view) error {
		q, err := v.ask(day, f)
		if err != nil {
			return err
		}
		out, err = status(v.tx, q)
		return err
	})
	return out, err
}

func status(tx *db.Tx, q asked) (Status, error) {
	tasks, err := taskFacts(tx, q)
	if err != nil {
		return Status{}, err
	}
	return statusWith(tx, q, tasks)
}

// statusWith is status where the facts of the tasks are known.
func statusWith(tx *db.Tx, q asked, tasks []TaskFacts) (Status, error) {
	var assignments Counts
	for _, t := range tasks {
		assignments = assignments.Plus(t.Counts)
	}
	periods, err := countPeriods(tx, q)
	return statusOf(q.plan, q.day, countTasks(tasks), assignments, periods), err
}

// Records opens a figure of assignments: one page of what it counted, by deadline.
// after is the key (day, id) of the last line of the page before, nil for the first.
// Refusal: plan.figure_unknown.
func (s *Service) Records(ctx context.Context, id string, figure Figure, day string, f Filter, after []string, limit int) (lines []Line, err error) {
	if !slices.Contains(Figures, figure) {
		return nil, errs.New(errs.NotFound, "plan.figure_unknown")
	}
	err = s.read(ctx, id, func(v view) error {
		q, err := v.ask(day, f)
		if err != nil {
			return err
		}
		lines, err = assignmentsBehind(v.tx, q, figure, part(after, 0), part(after, 1), limit)
		return err
	})
	return lines, err
}

// TaskRecords opens a figure of tasks: every task that it counted, in plan order.
func (s *Service) TaskRecords(ctx context.Context, id string, figure Figure, day string, f Filter) (rows []TaskRow, err error) {
	if !slices.Contains(Figures, figure) {
		return nil, errs.New(errs.NotFound, "plan.figure_unknown")
	}
	err = s.read(ctx, id, func(v view) error {
		q, err := v.ask(day, f)
		if err != nil {
			return err
		}
		all, err := taskRows(v.tx, q)
		for _, r := range all {
			if r.Facts.has(figure) {
				rows = append(rows, r)
			}
		}
		return err
	})
	return rows, err
}

func part(key []string, i int) string {
	if i < len(key) {
		return key[i]
	}
	return ""
}

// Overdue lists the open lead assignments past their day, of every plan within reach,
// the oldest first: the cockpit's worst, and what urging starts from.
func (s *Service) Overdue(ctx context.Context, after []string, limit int) (lines []Line, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		lines, err = overdueNow(tx, scopeOf(actor, RightView, now), clock.Day(now), part(after, 0), part(after, 1), limit)
		return err
	})
	return lines, err
}

// CountOverdue counts what Overdue lists, up to most.
func (s *Service) CountOverdue(ctx context.Context, most int) (n int, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, err = countOverdue(tx, scopeOf(actor, RightView, now), clock.Day(now), most)
		return err
	})
	return n, err
}

// WaitingExtensions lists the requests that the person may decide, oldest first.
func (s *Service) WaitingExtensions(ctx context.Context, afterMs int64, afterID string, limit int) (list []Extension, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = waitingExtensions(tx, scopeOf(actor, RightDecideExtension, now), afterMs, afterID, limit)
		return err
	})
	return list, err
}

// AssignmentView is one assignment with everything behind it.
type AssignmentView struct {
	Assignment Assignment
	AgencyName string
	Task       Task
	Plan       Plan
	Class      Class
	Moves      []string // that the person may make now
	History    []Entry  // newest first
	Audit      []audit.Row
	Evidence   []file.Document
	Periods    []PeriodItem
	Extensions []Extension
	Reached    map[string]string // milestone id -> day
}

// Assignment opens one assignment down to its history, evidence and audit entries.
// Refusal: plan.assignment_unknown, also out of reach.
func (s *Service) Assignment(ctx context.Context, id string) (out AssignmentView, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := findAssignment(tx, id)
		if err != nil {
			return err
		}
		if err := seen(tx, actor, RightView, a, now); err != nil {
			return err
		}
		out, err = s.openAssignment(tx, a, clock.Day(now))
		if err != nil {
			return err
		}
		out.Moves, err = s.possible(tx, actor, out, now)
		return err
	})
	return out, err
}

func (s *Service) openAssignment(tx *db.Tx, a Assignment, day string) (out AssignmentView, err error) {
	out.Assignment = a
	if out.Plan, err = findPlan(tx, a.PlanID); err != nil {
		return out, err
	}
	if out.Task, err = findTask(tx, a.TaskID); err != nil {
		return out, err
	}
	if out.AgencyName, err = nameOf(tx, a.Agency); err != nil {
		return out, err
	}
	if out.History, err = timelineOf(tx, a.ID, 200); err != nil {
		return out, err
	}
	if out.Audit, err = s.log.History(tx, "plan_assignment:"+a.ID, 100); err != nil {
		return out, err
	}
	if out.Evidence, err = file.Of(tx, "plan_assignment:"+a.ID); err != nil {
		return out, err
	}
	if out.Periods, err = periodsOf(tx, a.ID); err != nil {
		return out, err
	}
	if out.Extensions, err = extensionsOf(tx, a.ID); err != nil {
		return out, err
	}
	if out.Reached, err = reachedOf(tx, a.ID); err != nil {
		return out, err
	}
	events, err := historyOf(tx, a.ID)
	if err != nil {
		return out, err
	}
	list, done := phases(events)
	if p, ok := at(list, day); ok && a.Role == Lead {
		out.Class = Facts{Dated: a.Dated, Standing: p.Standing, Due: p.Due, Original: a.OriginalDue, Done: done, Hold: p.Hold}.classOn(day)
	}
	return out, nil
}

// possible lists the moves that the person may make on an assignment now: what the
// table allows, the rights cover and the separation of duties leaves.
func (s *Service) possible(tx *db.Tx, actor identity.Actor, v AssignmentView, now time.Time) ([]string, error) {
	if !v.Plan.open() {
		return nil, nil
	}
	needs := map[string]string{"acknowledge": RightReport, "progress": RightReport, "submit": RightReport, "return": RightApprove, "approve": RightApprove,
		"pause": RightAssign, "resume": RightAssign}
	var moves []string
	for _, move := range AssignmentMoves.From(v.Assignment.Standing) {
		right, offered := needs[move]
		if !offered || v.Assignment.Role != Lead && move != "acknowledge" {
			continue
		}
		x := &act{s: s, tx: tx, who: actor.Who(), now: now, plan: v.Plan, a: v.Assignment}
		err := identity.Require(tx, actor, right, v.Assignment.Agency, now)
		if err == nil && right == RightApprove {
			err = x.independent()
		}
		if err == nil {
			moves = append(moves, move)
		} else if errs.KindOf(err) == "" {
			return nil, err
		}
	}
	return moves, nil
}
