package plan

import "cchc/internal/decimal"

// Figure is one count of a plan on a day; every figure opens the records it counted.
type Figure string

// The figures. Six are the classes; the others are flags and the parts of the rates.
const (
	FigureTotal          Figure = "total"
	FigureDone           Figure = "done"
	FigureOnTime         Figure = "on_time"
	FigureLate           Figure = "late"
	FigureOverdue        Figure = "overdue"
	FigureInProgress     Figure = "in_progress"
	FigureNotStarted     Figure = "not_started"
	FigureNoDeadline     Figure = "no_deadline"
	FigureDue            Figure = "due"              // denominator of the rates
	FigureDueOnTime      Figure = "due_on_time"      // of those: done on time
	FigureDueLate        Figure = "due_late"         // of those: done late
	FigureDueOverdue     Figure = "due_overdue"      // of those: still open after the day
	FigureDueOriginal    Figure = "due_original"     // due by the deadline first set
	FigureOnTimeOriginal Figure = "on_time_original" // of those: done by it
	FigureDueSoon        Figure = "due_soon"         // sắp đến hạn: at most seven working days left
	FigureAwaiting       Figure = "awaiting"         // chờ xác nhận
	FigurePaused         Figure = "paused"           // tạm dừng
)

// Figures lists every figure in the order in which they are shown.
var Figures = []Figure{FigureTotal, FigureDone, FigureOnTime, FigureLate, FigureOverdue, FigureInProgress, FigureNotStarted, FigureNoDeadline,
	FigureDue, FigureDueOnTime, FigureDueLate, FigureDueOverdue, FigureDueOriginal, FigureOnTimeOriginal, FigureDueSoon, FigureAwaiting, FigurePaused}

// SoonDays is how many working days before its day an open item counts as due soon.
const SoonDays = 7

// Counts are the figures of a set of tasks or assignments on one day.
type Counts struct {
	Total, Done                                               int64
	OnTime, Late, Overdue, InProgress, NotStarted, NoDeadline int64 // the six classes: they add up to Total
	Due, DueOnTime, DueLate, DueOverdue                       int64
	DueOriginal, OnTimeOriginal                               int64
	DueSoon, Awaiting, Paused                                 int64
}

// Of reads one figure.
func (c Counts) Of(f Figure) int64 {
	if p := c.place(f); p != nil {
		return *p
	}
	return 0
}

func (c *Counts) place(f Figure) *int64 {
	switch f {
	case FigureTotal:
		return &c.Total
	case FigureDone:
		return &c.Done
	case FigureOnTime:
		return &c.OnTime
	case FigureLate:
		return &c.Late
	case FigureOverdue:
		return &c.Overdue
	case FigureInProgress:
		return &c.InProgress
	case FigureNotStarted:
		return &c.NotStarted
	case FigureNoDeadline:
		return &c.NoDeadline
	case FigureDue:
		return &c.Due
	case FigureDueOnTime:
		return &c.DueOnTime
	case FigureDueLate:
		return &c.DueLate
	case FigureDueOverdue:
		return &c.DueOverdue
	case FigureDueOriginal:
		return &c.DueOriginal
	case FigureOnTimeOriginal:
		return &c.OnTimeOriginal
	case FigureDueSoon:
		return &c.DueSoon
	case FigureAwaiting:
		return &c.Awaiting
	case FigurePaused:
		return &c.Paused
	}
	return nil
}

// add counts one item under each figure that it belongs to.
func (c *Counts) add(has func(Figure) bool) {
	for _, f := range Figures {
		if has(f) {
			*c.place(f)++
		}
	}
}

// Plus adds two sets.
func (c Counts) Plus(o Counts) Counts {
	for _, f := range Figures {
		*c.place(f) += o.Of(f)
	}
	return c
}

// Rates are the published percentages of a set: text with two decimals, rounded half
// up, "" when nothing was due, because no case is not zero.
type Rates struct{ Completion, OnTime, Late, Overdue, OnTimeOriginal string }

// Rates computes the percentages (plan.md section 6).
func (c Counts) Rates() Rates {
	return Rates{
		Completion: percent(c.Done, c.Total), OnTime: percent(c.DueOnTime, c.Due), Late: percent(c.DueLate, c.Due),
		Overdue: percent(c.DueOverdue, c.Due), OnTimeOriginal: percent(c.OnTimeOriginal, c.DueOriginal),
	}
}

// percent is 100 × a/b with two decimals, "" when b is 0.
func percent(a, b int64) string {
	d, ok := decimal.Percent(a, b)
	if !ok {
		return ""
	}
	return d.Fixed(2)
}

// PeriodCounts are the period items of recurring tasks that fell due by a day.
type PeriodCounts struct{ Due, Received, OnTime int64 }

// TaskFacts is what the lead assignments of one task amount to on a day.
type TaskFacts struct {
	TaskID                                 string
	Area                                   int
	Lead                                   string // accountable agency, '' when each addressee answers for itself
	Agencies, DoneCount                    int64  // "28/31 cơ quan"
	Class                                  Class
	Done, Due, DueOriginal, OnTimeOriginal bool
	DueSoon, Awaiting, Paused              bool
	DueDay, OriginalDay                    string // the last among the assignments, NoDay when none
	DoneDay                                string // the last completion once all are done
	Counts                                 Counts // of its lead assignments
	FirstOverdue                           string // earliest deadline missed by an open assignment, '' when none
}

// has says whether the task counts under a figure.
func (t TaskFacts) has(f Figure) bool {
	switch f {
	case FigureTotal:
		return true
	case FigureDone:
		return t.Done
	case FigureDue:
		return t.Due
	case FigureDueOnTime:
		return t.Due && t.Class == DoneOnTime
	case FigureDueLate:
		return t.Due && t.Class == DoneLate
	case FigureDueOverdue:
		return t.Due && t.Class == Overdue
	case FigureDueOriginal:
		return t.DueOriginal
	case FigureOnTimeOriginal:
		return t.DueOriginal && t.OnTimeOriginal
	case FigureDueSoon:
		return t.DueSoon
	case FigureAwaiting:
		return t.Awaiting
	case FigurePaused:
		return t.Paused
	}
	return t.Class == Class(f)
}

// countTasks adds up many tasks.
func countTasks(tasks []TaskFacts) (c Counts) {
	for _, t := range tasks {
		c.add(t.has)
	}
	return c
}
