package plan

// Status is where a plan stands on a day, from its history (tình hình thực hiện).
// Percentages are text with two decimals, rounded half up; a rate without a case is
// absent. The JSON is the contract of GET /api/v1/plans/{id}/status.
type Status struct {
	Plan string `json:"plan"`
	On   string `json:"on"`

	Tasks      int64 `json:"tasks"`
	Done       int64 `json:"done"`
	OnTime     int64 `json:"on_time"`
	Late       int64 `json:"late"`
	Overdue    int64 `json:"overdue"`
	InProgress int64 `json:"in_progress"`
	NotStarted int64 `json:"not_started"`
	NoDeadline int64 `json:"no_deadline"`
	Due        int64 `json:"due"`
	DueOrig    int64 `json:"due_original"`
	DueSoon    int64 `json:"due_soon"`
	Awaiting   int64 `json:"awaiting"`

	Completion     string `json:"completion_percent,omitempty"`
	OnTimeRate     string `json:"on_time_percent,omitempty"`
	LateRate       string `json:"late_percent,omitempty"`
	OverdueRate    string `json:"overdue_percent,omitempty"`
	OnTimeOriginal string `json:"on_time_original_percent,omitempty"`

	Assignments AssignmentStatus `json:"assignments"`
	Periods     PeriodStatus     `json:"period_items"`
	Counts      Counts           `json:"-"`
}

// AssignmentStatus is the same at the level of assignments.
type AssignmentStatus struct {
	Total      int64 `json:"total"`
	Done       int64 `json:"done"`
	OnTime     int64 `json:"on_time"`
	Late       int64 `json:"late"`
	Overdue    int64 `json:"overdue"`
	InProgress int64 `json:"in_progress"`
	NotStarted int64 `json:"not_started"`
	NoDeadline int64 `json:"no_deadline"`
	Due        int64 `json:"due"`
	DueSoon    int64 `json:"due_soon"`
	Awaiting   int64 `json:"awaiting"`

	Completion     string `json:"completion_percent,omitempty"`
	OnTimeRate     string `json:"on_time_percent,omitempty"`
	LateRate       string `json:"late_percent,omitempty"`
	OverdueRate    string `json:"overdue_percent,omitempty"`
	OnTimeOriginal string `json:"on_time_original_percent,omitempty"`
	Counts         Counts `json:"-"`
}

// PeriodStatus counts the period items that fell due.
type PeriodStatus struct {
	Due          int64  `json:"due"`
	Received     int64  `json:"received"`
	OnTime       int64  `json:"on_time"`
	ReceivedRate string `json:"received_percent,omitempty"`
	OnTimeRate   string `json:"on_time_percent,omitempty"`
}

// statusOf puts the counts of the two levels and of the periods together.
func statusOf(plan, day string, tasks, assignments Counts, periods map[string]PeriodCounts) Status {
	t, a := tasks.Rates(), assignments.Rates()
	s := Status{
		Plan: plan, On: day, Tasks: tasks.Total, Done: tasks.Done, OnTime: tasks.OnTime, Late: tasks.Late, Overdue: tasks.Overdue,
		InProgress: tasks.InProgress, NotStarted: tasks.NotStarted, NoDeadline: tasks.NoDeadline, Due: tasks.Due, DueOrig: tasks.DueOriginal,
		DueSoon: tasks.DueSoon, Awaiting: tasks.Awaiting,
		Completion: t.Completion, OnTimeRate: t.OnTime, LateRate: t.Late, OverdueRate: t.Overdue, OnTimeOriginal: t.OnTimeOriginal, Counts: tasks,
		Assignments: AssignmentStatus{
			Total: assignments.Total, Done: assignments.Done, OnTime: assignments.OnTime, Late: assignments.Late, Overdue: assignments.Overdue,
			InProgress: assignments.InProgress, NotStarted: assignments.NotStarted, NoDeadline: assignments.NoDeadline, Due: assignments.Due,
			DueSoon: assignments.DueSoon, Awaiting: assignments.Awaiting,
			Completion: a.Completion, OnTimeRate: a.OnTime, LateRate: a.Late, OverdueRate: a.Overdue, OnTimeOriginal: a.OnTimeOriginal, Counts: assignments,
		},
	}
	for _, c := range periods {
		s.Periods.Due += c.Due
		s.Periods.Received += c.Received
		s.Periods.OnTime += c.OnTime
	}
	s.Periods.ReceivedRate = percent(s.Periods.Received, s.Periods.Due)
	s.Periods.OnTimeRate = percent(s.Periods.OnTime, s.Periods.Due)
	return s
}
