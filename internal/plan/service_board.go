package plan

import (
	"context"
	"slices"
	"strings"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// TaskRow is one task on the board.
type TaskRow struct {
	Task     Task // without mentions and milestones
	LeadName string
	Facts    TaskFacts
	Progress int
	DaysLate int // calendar days past the earliest missed deadline, 0 when none
}

// HeatCell counts the tasks of one lead agency in one area. Agency "" stands for the
// tasks that every addressee answers for itself.
type HeatCell struct {
	Agency, AgencyName string
	Area               int
	Tasks, Overdue     int
}

// BoardFilter is what the board is narrowed to.
type BoardFilter struct {
	Filter
	Figure Figure // '' shows all
	Lead   string // accountable agency
	Query  string // words of code or content
}

// Board is a plan on a day: strip, heat map and tasks (bảng kế hoạch).
type Board struct {
	Plan   Plan
	Day    string
	Status Status
	Areas  []Area
	Heat   []HeatCell
	Rows   []TaskRow
	Total  int  // tasks that the filters leave
	More   bool // there are rows after the last
}

// Board reads the plan board. Rows page by the key (sort, code): afterSort is the
// Sort of the last row of the page before, 0 for the first.
func (s *Service) Board(ctx context.Context, id, day string, f BoardFilter, afterSort, limit int) (b Board, err error) {
	err = s.read(ctx, id, func(v view) error {
		q, err := v.ask(day, f.Filter)
		if err != nil {
			return err
		}
		all, err := taskRows(v.tx, q)
		if err != nil {
			return err
		}
		b = Board{Plan: v.plan, Day: q.day, Heat: heat(all)}
		if b.Areas, err = listAreas(v.tx); err != nil {
			return err
		}
		facts := make([]TaskFacts, 0, len(all))
		for _, r := range all {
			facts = append(facts, r.Facts)
		}
		if b.Status, err = statusWith(v.tx, q, facts); err != nil {
			return err
		}
		words := text.Fold(f.Query)
		for _, r := range all {
			if f.Figure != "" && !r.Facts.has(f.Figure) || f.Lead != "" && r.Facts.Lead != f.Lead ||
				words != "" && !strings.Contains(text.Fold(r.Task.Code+" "+r.Task.Content), words) {
				continue
			}
			if b.Total++; r.Task.Sort <= afterSort {
				continue
			}
			if len(b.Rows) == limit {
				b.More = true
				continue
			}
			b.Rows = append(b.Rows, r)
		}
		return nil
	})
	return b, err
}

func heat(rows []TaskRow) []HeatCell {
	var cells []HeatCell
	for _, r := range rows {
		i := slices.IndexFunc(cells, func(c HeatCell) bool { return c.Agency == r.Facts.Lead && c.Area == r.Facts.Area })
		if i < 0 {
			i = len(cells)
			cells = append(cells, HeatCell{Agency: r.Facts.Lead, AgencyName: r.LeadName, Area: r.Facts.Area})
		}
		cells[i].Tasks++
		if r.Facts.Class == Overdue {
			cells[i].Overdue++
		}
	}
	return cells
}

// taskRows reads the board's rows: the tasks of a plan with what they amount to.
func taskRows(tx *db.Tx, q asked) ([]TaskRow, error) {
	facts, err := taskFacts(tx, q)
	if err != nil {
		return nil, err
	}
	heads, err := taskHeads(tx, q.plan)
	if err != nil {
		return nil, err
	}
	progress, err := progressOfTasks(tx, q)
	if err != nil {
		return nil, err
	}
	rows := make([]TaskRow, 0, len(facts))
	for _, f := range facts {
		h := heads[f.TaskID]
		r := TaskRow{Task: h.Task, Facts: f, Progress: progress[f.TaskID]}
		if f.Lead != "" {
			r.LeadName = h.LeadName
		}
		if f.Done {
			r.Progress = 100
		}
		if f.FirstOverdue != "" {
			r.DaysLate = daysBetween(f.FirstOverdue, q.day)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// progressOfTasks reads today's progress from the assignments, an earlier day's from
// their history, which costs ten times as much.
func progressOfTasks(tx *db.Tx, q asked) (map[string]int, error) {
	if q.day >= q.today {
		return progressNow(tx, q.plan)
	}
	return progressOn(tx, q.plan, q.day)
}

// daysBetween counts calendar days from a to b.
func daysBetween(a, b string) int {
	from, err := clock.ParseDay(a)
	if err != nil {
		return 0
	}
	to, err := clock.ParseDay(b)
	if err != nil {
		return 0
	}
	return int(to.Sub(from).Hours()) / 24
}

// TaskView is the page of one task.
type TaskView struct {
	Plan        Plan
	Task        Task
	LeadName    string
	Row         TaskRow
	Assignments []AssignmentRow // leads first, within reach or all for who follows the plan
	Periods     PeriodCounts
	Timeline    []Entry
	Evidence    []file.Document
	Extensions  []Extension
	Reached     map[string]string // of the one lead assignment: milestone id -> day
	Audit       []audit.Row
}

// AssignmentRow is one assignment on the task's page.
type AssignmentRow struct {
	Assignment
	AgencyName   string
	ApproverName string
	Class        Class // on the day of the page; '' for a coordinating agency
}

// Task opens one task on a day ("" is today). Who leads or coordinates it sees it; who
// follows the plan sees all of it. Refusal: plan.task_unknown, also out of reach.
func (s *Service) Task(ctx context.Context, id, day string) (out TaskView, err error) {
	actor, now := identity.From(ctx), s.clock()
	if !actor.SignedIn() {
		return out, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		t, err := findTask(tx, id)
		if err != nil {
			return err
		}
		p, err := findPlan(tx, t.PlanID)
		if err != nil {
			return err
		}
		v := view{tx: tx, actor: actor, now: now, scope: scopeOf(actor, RightView, now), plan: p}
		if ok, err := mayReadTask(tx, v.scope, t, p); err != nil || !ok {
			return orError(err, errs.New(errs.NotFound, "plan.task_unknown"))
		}
		out, err = s.openTask(v, t, day)
		return err
	})
	return out, err
}

func (s *Service) openTask(v view, t Task, day string) (out TaskView, err error) {
	v.scope.account = everything // a coordinator sees the whole task
	q, err := v.ask(day, Filter{Task: t.ID})
	if err != nil {
		return out, err
	}
	out = TaskView{Plan: v.plan, Task: t, Reached: map[string]string{}}
	rows, err := taskRows(v.tx, q)
	if err != nil {
		return out, err
	}
	if len(rows) == 1 {
		out.Row = rows[0]
	}
	if t.LeadAgency != "" {
		if out.LeadName, err = nameOf(v.tx, t.LeadAgency); err != nil {
			return out, err
		}
	}
	if out.Assignments, err = assignmentRows(v.tx, t.ID, q.day); err != nil {
		return out, err
	}
	periods, err := countPeriods(v.tx, q)
	if err != nil {
		return out, err
	}
	out.Periods = periods[t.ID]
	if out.Timeline, err = timeline(v.tx, t.ID, 100); err != nil {
		return out, err
	}
	if out.Audit, err = s.log.History(v.tx, "plan_task:"+t.ID, 50); err != nil {
		return out, err
	}
	leads := 0
	for _, a := range out.Assignments {
		if a.Role != Lead {
			continue
		}
		if leads++; leads > 40 { // the page of a task for 149 agencies lists; each opens its own
			break
		}
		docs, err := file.Of(v.tx, "plan_assignment:"+a.ID)
		if err != nil {
			return out, err
		}
		out.Evidence = append(out.Evidence, docs...)
		ext, err := extensionsOf(v.tx, a.ID)
		if err != nil {
			return out, err
		}
		out.Extensions = append(out.Extensions, ext...)
		if t.FanOut == Single {
			if out.Reached, err = reachedOf(v.tx, a.ID); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}
