package plan

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// figurePage is how many records a page of a figure shows.
const figurePage = 50

// figureView is a figure with the records that it counted.
type figureView struct {
	Plan   Plan
	Figure Figure
	Status Status
	On     string
	Area   int
	Agency string
	Lines  []Line    // assignments, when ByAssignment
	Tasks  []TaskRow // tasks otherwise
	ByLine bool
	Urges  bool
	Next   string
}

// figure opens a number of the board: the tasks or the assignments that it counted.
func (h *pages) figure(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	if r.PathValue("part") == "agencies" {
		return h.agency(w, r)
	}
	if r.PathValue("part") != "figures" {
		return errs.New(errs.NotFound, "ui.page_not_found")
	}
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	v := figureView{Figure: Figure(r.PathValue("key")), On: day, Agency: q.Get("agency"), ByLine: q.Get("level") == "assignments",
		Urges: identity.From(ctx).Has(RightUrge)}
	if !slices.Contains(Figures, v.Figure) {
		return errs.New(errs.NotFound, "plan.figure_unknown")
	}
	if n, err := strconv.Atoi(q.Get("area")); err == nil {
		v.Area = n
	}
	f := Filter{Area: v.Area, Agency: v.Agency}
	if v.Plan, err = h.plan.Plan(ctx, r.PathValue("id")); err != nil {
		return err
	}
	if v.Status, err = h.plan.Status(ctx, v.Plan.ID, day, f); err != nil {
		return err
	}
	as, limit := ui.Sheet(r), figurePage
	if as != "" {
		limit = ui.SheetMost
	}
	if err := v.load(ctx, h.plan, f, q.Get("after"), limit); err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, v.Plan.Code+"-"+string(v.Figure), as, v.table(ctx))
	}
	return ui.Render(w, r, deskPage(v.title(ctx), crumbOf(ctx, v.Plan)), figureBody(v))
}

// load reads one page of records by key.
func (v *figureView) load(ctx context.Context, s *Service, f Filter, after string, limit int) error {
	width := 1
	if v.ByLine {
		width = 2
	}
	key, ok := ui.ReadCursor(after, width)
	if !ok {
		return errs.New(errs.NotFound, "ui.page_not_found")
	}
	if v.ByLine {
		lines, err := s.Records(ctx, v.Plan.ID, v.Figure, v.On, f, key, limit+1)
		if len(lines) > limit {
			lines = lines[:limit]
			last := lines[limit-1]
			v.Next = ui.Cursor(last.Due, last.Assignment)
		}
		v.Lines = lines
		return err
	}
	rows, err := s.TaskRecords(ctx, v.Plan.ID, v.Figure, v.On, f)
	if len(key) == 1 {
		rows = slices.DeleteFunc(rows, func(r TaskRow) bool { return !laterThan(r, key[0]) })
	}
	if len(rows) > limit {
		rows = rows[:limit]
		v.Next = ui.Cursor(sortKey(rows[limit-1]))
	}
	v.Tasks = rows
	return err
}

// sortKey is the place of a task in its plan as the text of a cursor.
func sortKey(r TaskRow) string { return strconv.Itoa(r.Task.Sort) + " " + r.Task.Code }

func laterThan(r TaskRow, key string) bool {
	n, code := 0, ""
	for i := range key {
		if key[i] == ' ' {
			n, _ = strconv.Atoi(key[:i]) // a broken cursor begins at the first page
			code = key[i+1:]
			break
		}
	}
	return r.Task.Sort > n || r.Task.Sort == n && r.Task.Code > code
}

func (v figureView) title(ctx context.Context) string {
	return i18n.T(ctx, "planweb.figure."+string(v.Figure))
}

func (v figureView) total() int64 {
	if v.ByLine {
		return v.Status.Assignments.Counts.Of(v.Figure)
	}
	return v.Status.Counts.Of(v.Figure)
}

func (v figureView) address(pairs ...string) string {
	all := []string{"on", v.On, "area", areaText(v.Area), "agency", v.Agency}
	return urlOf("/plan/"+v.Plan.ID+"/figures/"+string(v.Figure), append(all, pairs...)...)
}

func (v figureView) next() string {
	switch {
	case v.Next == "":
		return ""
	case v.ByLine:
		return v.address("level", "assignments", "after", v.Next)
	}
	return v.address("after", v.Next)
}

func (v figureView) tabs(ctx context.Context) []ui.TabLink {
	return []ui.TabLink{
		{Text: i18n.T(ctx, "planweb.tab.tasks"), Count: i18n.Number(ctx, v.Status.Counts.Of(v.Figure)), URL: v.address(), On: !v.ByLine},
		{Text: i18n.T(ctx, "planweb.tab.assignments"), Count: i18n.Number(ctx, v.Status.Assignments.Counts.Of(v.Figure)), URL: v.address("level", "assignments"), On: v.ByLine},
	}
}

func (v figureView) table(ctx context.Context) ui.Table {
	t := ui.Table{AsFile: true, Caption: v.title(ctx), HeadCol: 1, Columns: []ui.Column{
		{Head: i18n.T(ctx, "planweb.col.code")}, {Head: i18n.T(ctx, "planweb.col.task")}, {Head: i18n.T(ctx, "planweb.col.agency")},
		{Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.done")}, {Head: i18n.T(ctx, "planweb.col.progress"), Numeric: true},
		{Head: i18n.T(ctx, "planweb.col.state")}}}
	if v.ByLine {
		t.Joined = true
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "planbulk.col"), Hidden: true})
	}
	if v.ByLine && v.Urges {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "planweb.col.act"), Hidden: true})
	}
	for _, l := range v.Lines {
		cells := []ui.Cell{{Text: l.Code, Code: true, Mute: true}, ui.Go(l.Content, "/plan/assignments/"+l.Assignment), ui.Go(l.AgencyName, agencyURL(v.Plan.ID, l.Agency, v.On)),
			ui.Txt(i18n.Day(ctx, l.Due)), ui.Txt(i18n.Day(ctx, l.Done)), ui.Txt(percentText(l.Progress)), ui.In(stateOfLook(lookOfLine(ctx, l, v.Status.On)))}
		if l.Original != l.Due {
			cells[3].Sub = i18n.T(ctx, "planweb.original", "day", l.Original)
		}
		cells = append(cells, ui.In(ui.Pick("id", l.Assignment, i18n.T(ctx, "planbulk.pick", "code", l.Code, "agency", l.AgencyName), false)))
		if v.Urges {
			cells = append(cells, urgeCell(ctx, l))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	for _, r := range v.Tasks {
		progress := ui.Cell{Text: percentText(r.Progress), Sub: share(r.Facts)}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Task.Code, Code: true, Mute: true},
			ui.Go(r.Task.Content, urlOf("/plan/tasks/"+r.Task.ID, "on", v.On)), ui.Txt(leadWords(ctx, r)), ui.Txt(dueWords(ctx, r)),
			ui.Txt(i18n.Day(ctx, r.Facts.DoneDay)), progress, ui.In(stateOfLook(lookOfTask(ctx, r, v.Status.On)))}})
	}
	return t
}

// urgeCell offers to urge where something is still owed.
func urgeCell(ctx context.Context, l Line) ui.Cell {
	if l.Standing == Approved || l.Standing == Submitted {
		return ui.Cell{}
	}
	return ui.In(ui.Button(ui.Btn{Text: i18n.T(ctx, "planweb.act.urge"), URL: "/plan/assignments/" + l.Assignment + "/urge", Icon: "urge", Small: true,
		Label: i18n.T(ctx, "planweb.urge_what", "agency", l.AgencyName, "code", l.Code)}))
}

func operator(o string) string {
	switch o {
	case ">=":
		return "≥"
	case "<=":
		return "≤"
	}
	return o
}

// outOf says of how many the figure is a part.
func (v figureView) outOf(ctx context.Context) string {
	all := v.Status.Tasks
	key := "planweb.figure.of_tasks"
	if v.ByLine {
		all, key = v.Status.Assignments.Total, "planweb.figure.of_assignments"
	}
	return i18n.T(ctx, key, "n", all)
}
