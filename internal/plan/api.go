package plan

import (
	"context"
	"net/url"
	"strconv"

	"cchc/internal/api"
	"cchc/internal/audit"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

type plansInput struct {
	Year int `query:"year" minimum:"0" maximum:"2100" example:"2022" doc:"Plans in force in this year; without it all."`
}

type planBody struct {
	ID        string `json:"id"`
	Code      string `json:"code" example:"KH-2022"`
	Kind      Kind   `json:"kind" enum:"annual,programme"`
	Year      int    `json:"year"`
	YearTo    int    `json:"year_to"`
	Title     string `json:"title"`
	Number    string `json:"number" example:"122/KH-UBND"`
	IssuedDay string `json:"issued_day,omitempty" example:"2021-12-20"`
	State     State  `json:"state" enum:"draft,consult,submitted,issued,amended,closed"`
	Parent    string `json:"parent,omitempty" doc:"The plan from which this one is derived; absent for a provincial plan."`
	Sample    bool   `json:"sample" doc:"True: sample data, never to be shown as the official text."`
	Version   int64  `json:"version"`
}

func bodyOf(p Plan) planBody {
	return planBody{ID: p.ID, Code: p.Code, Kind: p.Kind, Year: p.Year, YearTo: p.YearTo, Title: p.Title, Number: p.Number, IssuedDay: p.IssuedDay,
		State: p.State, Parent: p.Parent, Sample: p.Sample, Version: p.Version}
}

type idInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the record."`
}

type planOutput struct {
	api.ETag
	Body planBody
}

// StatusQuery asks about a plan on a day. It is exported because it is embedded in
// the inputs of operations.
type StatusQuery struct {
	ID     string `path:"id" maxLength:"64" doc:"Id of the record."`
	On     string `query:"on" example:"2022-09-14" doc:"The day, Vietnam time; without it today."`
	Area   int    `query:"area" minimum:"0" maximum:"99" doc:"Only this area of reform."`
	Agency string `query:"agency" maxLength:"64" doc:"Only assignments of this agency and the units below it."`
	Task   string `query:"task" maxLength:"64" doc:"Only this task."`
}

func (in StatusQuery) filter() Filter { return Filter{Area: in.Area, Agency: in.Agency, Task: in.Task} }

type statusOutput struct{ Body Status }

type taskBody struct {
	ID         string `json:"id"`
	Code       string `json:"code" example:"NV01"`
	Area       int    `json:"area"`
	Content    string `json:"content"`
	Product    string `json:"product"`
	Lead       string `json:"lead,omitempty" doc:"The accountable agency; absent when each addressee answers for itself."`
	Deadline   string `json:"deadline" doc:"The words of the plan."`
	Due        string `json:"due,omitempty" example:"2022-06-30"`
	Kind       string `json:"kind"`
	FanOut     string `json:"fan_out"`
	Class      Class  `json:"class" enum:"on_time,late,overdue,in_progress,not_started,no_deadline"`
	Done       bool   `json:"done"`
	Agencies   int64  `json:"agencies"`
	AgencyDone int64  `json:"agencies_done"`
	Progress   int    `json:"progress"`
	DaysLate   int    `json:"days_late"`
}

type tasksOutput struct {
	Body struct {
		Items []taskBody `json:"items"`
	}
}

type recordsInput struct {
	StatusQuery
	Figure string `path:"figure" example:"overdue" doc:"A figure of the status: total, done, on_time, late, overdue, in_progress, not_started, no_deadline, due, due_on_time, due_late, due_overdue, due_original, on_time_original, due_soon, awaiting, paused."`
	api.Paging
}

type assignmentBody struct {
	ID         string       `json:"id"`
	Plan       string       `json:"plan"`
	Task       string       `json:"task"`
	TaskCode   string       `json:"task_code"`
	Agency     string       `json:"agency"`
	AgencyName string       `json:"agency_name"`
	Role       string       `json:"role" enum:"lead,coordinating"`
	Standing   Standing     `json:"standing"`
	Class      Class        `json:"class,omitempty"`
	Progress   int          `json:"progress"`
	Due        string       `json:"due,omitempty"`
	Original   string       `json:"original_due,omitempty"`
	Done       string       `json:"done,omitempty"`
	Moves      []string     `json:"moves" doc:"What the caller may do now."`
	History    []Entry      `json:"history"`
	Audit      []auditBody  `json:"audit" doc:"Entries of the audit log with their place in the Merkle tree: each can be proven off line."`
	Evidence   []evidence   `json:"evidence"`
	Periods    []periodBody `json:"period_items,omitempty"`
	Version    int64        `json:"version"`
}

type auditBody struct {
	ID        string `json:"id"`
	AtMs      int64  `json:"at_ms"`
	Kind      string `json:"kind"`
	LeafIndex int64  `json:"leaf_index" doc:"-1: not yet in the tree."`
}

type evidence struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Number string `json:"number,omitempty"`
	SHA256 string `json:"sha256"`
}

type periodBody struct {
	ID        string      `json:"id"`
	Key       string      `json:"key" example:"2022-Q1"`
	Due       string      `json:"due"`
	State     PeriodState `json:"state"`
	Submitted string      `json:"submitted,omitempty"`
	Version   int64       `json:"version"`
}

type assignmentOutput struct {
	api.ETag
	Body assignmentBody
}

type moveInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the record."`
	api.IfMatch
	Body struct {
		Move     string   `json:"move" enum:"acknowledge,progress,submit,return,approve,pause,resume,input" doc:"What is done."`
		Percent  int      `json:"percent,omitempty" minimum:"0" maximum:"100"`
		Text     string   `json:"text,omitempty" maxLength:"5000"`
		Reason   string   `json:"reason,omitempty" maxLength:"5000" doc:"Needed to return and to pause."`
		Document string   `json:"document,omitempty" maxLength:"200" doc:"Number of the product's document."`
		Evidence []string `json:"evidence,omitempty" doc:"Ids of documents already kept."`
	}
}

// Operations opens the room for programs: the same methods as the pages.
func Operations(a *api.API, s *Service) {
	a.Tag("plan", "The yearly reform plan: tasks, assignments, and where they stand on any day, from history.")
	op := func(id, method, path, right, summary string) api.Op {
		return api.Op{ID: id, Method: method, Path: path, Right: right, Summary: summary, Tag: "plan"}
	}
	api.Register(a, op("listPlans", "GET", "/api/v1/plans", ui.Public, "List the plans of a year, the provincial plan first"),
		func(ctx context.Context, in *plansInput) (*api.List[planBody], error) {
			list, err := s.plansFor(ctx, in.Year)
			items := make([]planBody, 0, len(list))
			for _, p := range list {
				items = append(items, bodyOf(p))
			}
			return api.NewList(api.Paging{}, "/api/v1/plans", nil, items, nil), err
		})
	api.Register(a, op("getPlan", "GET", "/api/v1/plans/{id}", ui.Public, "Read one plan"),
		func(ctx context.Context, in *idInput) (*planOutput, error) {
			p, err := s.planFor(ctx, in.ID)
			return &planOutput{api.Tag(p.Version), bodyOf(p)}, err
		})
	api.Register(a, op("getPlanStatus", "GET", "/api/v1/plans/{id}/status", ui.Public, "Where a plan stands on a day, computed from history"),
		func(ctx context.Context, in *StatusQuery) (*statusOutput, error) {
			if !identity.From(ctx).SignedIn() {
				st, err := s.PublicStatus(ctx, in.ID, in.On, in.filter())
				return &statusOutput{st}, err
			}
			st, err := s.Status(ctx, in.ID, in.On, in.filter())
			return &statusOutput{st}, err
		})
	api.Register(a, op("listPlanTargets", "GET", "/api/v1/plans/{id}/targets", RightView, "The numeric targets of a plan with the values known on a day"),
		func(ctx context.Context, in *dayInput) (*targetsOutput, error) {
			rows, err := s.TargetBoard(ctx, in.ID, in.On)
			out := &targetsOutput{}
			out.Body.Items = make([]targetBody, 0, len(rows))
			for _, r := range rows {
				out.Body.Items = append(out.Body.Items, targetOf(r))
			}
			return out, err
		})
	api.Register(a, op("listPlanVersions", "GET", "/api/v1/plans/{id}/versions", RightView, "The versions of a plan: as issued, and as each amendment left it"),
		func(ctx context.Context, in *idInput) (*versionsOutput, error) {
			v, err := s.Versions(ctx, in.ID)
			out := &versionsOutput{}
			out.Body.Items = make([]versionBody, 0, len(v.List))
			for _, one := range v.List {
				out.Body.Items = append(out.Body.Items, versionBody{Version: one.No, Amendment: one.Amendment.ID, Number: one.Number, Day: one.Day, Reason: one.Amendment.Reason,
					Added: one.Added, Changed: one.Changed, Cancelled: one.Cancelled})
			}
			return out, err
		})
	api.Register(a, op("listPlanTasks", "GET", "/api/v1/plans/{id}/tasks", ui.Public, "The tasks of a plan with their class on a day; to a visitor as open data, without confidential ones"),
		func(ctx context.Context, in *StatusQuery) (*tasksOutput, error) {
			rows, err := s.tasksFor(ctx, in)
			out := &tasksOutput{}
			out.Body.Items = make([]taskBody, 0, len(rows))
			for _, r := range rows {
				out.Body.Items = append(out.Body.Items, taskOf(r))
			}
			return out, err
		})
	api.Register(a, op("listFigureRecords", "GET", "/api/v1/plans/{id}/figures/{figure}/records", RightView, "The assignments that a figure counted, by deadline"),
		func(ctx context.Context, in *recordsInput) (*api.List[Line], error) { return records(ctx, s, in) })
	api.Register(a, op("getAssignment", "GET", "/api/v1/assignments/{id}", RightView, "One assignment with its history, evidence and audit entries"),
		func(ctx context.Context, in *idInput) (*assignmentOutput, error) {
			return readAssignment(ctx, s, in.ID)
		})
	move := op("moveAssignment", "POST", "/api/v1/assignments/{id}/moves", RightView, "Acknowledge, report, hand in, return, approve, pause or resume")
	move.Versioned = true
	move.Description = "Each move needs its own right over the agency: plan.report, plan.approve or plan.assign. Nobody approves the work of their own agency."
	api.Register(a, move, func(ctx context.Context, in *moveInput) (*assignmentOutput, error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		if err := s.byName(ctx, in, version); err != nil {
			return nil, err
		}
		return readAssignment(ctx, s, in.ID)
	})
}

// plansFor lists what a person may see, or what is public for a visitor.
func (s *Service) plansFor(ctx context.Context, year int) ([]Plan, error) {
	if identity.From(ctx).SignedIn() {
		return s.Plans(ctx, year)
	}
	return s.PublicPlans(ctx, year)
}

// planFor reads one of them.
func (s *Service) planFor(ctx context.Context, id string) (Plan, error) {
	if identity.From(ctx).SignedIn() {
		return s.Plan(ctx, id)
	}
	return s.PublicPlan(ctx, id)
}

// byName makes the named move. Refusal: plan.move_unknown.
func (s *Service) byName(ctx context.Context, in *moveInput, version int64) (err error) {
	b := in.Body
	r := Report{Percent: b.Percent, Text: b.Text, Document: b.Document, Evidence: b.Evidence}
	switch b.Move {
	case "acknowledge":
		_, err = s.Acknowledge(ctx, in.ID, version, "")
	case "progress":
		_, err = s.ReportProgress(ctx, in.ID, version, r)
	case "submit":
		_, err = s.Submit(ctx, in.ID, version, r)
	case "return":
		_, err = s.Return(ctx, in.ID, version, b.Reason)
	case "approve":
		_, err = s.Approve(ctx, in.ID, version, b.Text)
	case "pause":
		_, err = s.Pause(ctx, in.ID, version, b.Reason)
	case "resume":
		_, err = s.Resume(ctx, in.ID, version)
	case "input":
		_, err = s.AddInput(ctx, in.ID, version, b.Text, b.Evidence)
	default:
		err = errs.OnField("move", "plan.move_unknown", "move", b.Move)
	}
	return err
}

func records(ctx context.Context, s *Service, in *recordsInput) (*api.List[Line], error) {
	after, err := in.Cursor(2)
	if err != nil {
		return nil, err
	}
	lines, err := s.Records(ctx, in.ID, Figure(in.Figure), in.On, in.filter(), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	filters := url.Values{}
	for name, value := range map[string]string{"on": in.On, "agency": in.Agency, "task": in.Task} {
		if value != "" {
			filters.Set(name, value)
		}
	}
	if in.Area != 0 {
		filters.Set("area", strconv.Itoa(in.Area))
	}
	path := "/api/v1/plans/" + url.PathEscape(in.ID) + "/figures/" + url.PathEscape(in.Figure) + "/records"
	return api.NewList(in.Paging, path, filters, lines, func(l Line) []string { return []string{l.Due, l.Assignment} }), nil
}

func taskOf(r TaskRow) taskBody {
	return taskBody{ID: r.Task.ID, Code: r.Task.Code, Area: r.Facts.Area, Content: r.Task.Content, Product: r.Task.Product, Lead: r.Facts.Lead,
		Deadline: r.Task.DeadlineText, Due: shown(r.Facts.DueDay), Kind: string(r.Task.Kind), FanOut: string(r.Task.FanOut), Class: r.Facts.Class,
		Done: r.Facts.Done, Agencies: r.Facts.Agencies, AgencyDone: r.Facts.DoneCount, Progress: r.Progress, DaysLate: r.DaysLate}
}

// shown is a day as programs see it: absent when there is none.
func shown(day string) string {
	if day == NoDay {
		return ""
	}
	return day
}

func readAssignment(ctx context.Context, s *Service, id string) (*assignmentOutput, error) {
	v, err := s.Assignment(ctx, id)
	if err != nil {
		return nil, err
	}
	a := v.Assignment
	b := assignmentBody{ID: a.ID, Plan: a.PlanID, Task: a.TaskID, TaskCode: v.Task.Code, Agency: a.Agency, AgencyName: v.AgencyName, Role: string(a.Role),
		Standing: a.Standing, Class: v.Class, Progress: a.Progress, Due: shown(a.EffectiveDue), Original: shown(a.OriginalDue), Done: shown(a.DoneDay),
		Moves: append([]string{}, v.Moves...), History: append([]Entry{}, v.History...), Audit: auditOf(v.Audit), Evidence: []evidence{}, Version: a.Version}
	for _, d := range v.Evidence {
		b.Evidence = append(b.Evidence, evidence{d.ID, d.Title, d.Number, d.SHA256})
	}
	for _, i := range v.Periods {
		b.Periods = append(b.Periods, periodBody{i.ID, i.Key, i.DueDay, i.State, shown(i.SubmittedDay), i.Version})
	}
	return &assignmentOutput{api.Tag(a.Version), b}, nil
}

func auditOf(rows []audit.Row) []auditBody {
	list := make([]auditBody, 0, len(rows))
	for _, r := range rows {
		list = append(list, auditBody{r.ID, r.At.UnixMilli(), r.Kind, r.LeafIndex})
	}
	return list
}
