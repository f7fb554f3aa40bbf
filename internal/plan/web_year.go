package plan

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// mountYears opens what happens to a plan as a whole: closing it, the next year, an
// agency's own plan, and tasks typed into a draft.
func (h *pages) mountYears(rt *ui.Router) {
	rt.Handle("POST /plan/closing/{id}", RightIssue, h.closePlan)
	rt.Handle("GET /plan/clone/{id}", RightDraft, h.cloneForm)
	rt.Handle("POST /plan/clone/{id}", RightDraft, h.clone)
	rt.Handle("POST /plan/derive/{id}", RightDraft, h.derive)
	rt.Handle("GET /plan/drafts/{id}/tasks/new", RightDraft, h.newTaskForm)
	rt.Handle("POST /plan/drafts/{id}/tasks/new", RightDraft, h.addTask)
	rt.Handle("POST /plan/tasks/{id}/remove", RightDraft, h.removeTask)
}

// closing shows the frozen figures of a plan, or what closing it would freeze.
func (h *pages) closing(w http.ResponseWriter, r *http.Request) error {
	v, err := h.plan.Closing(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.renderClosing(w, r, v, ui.NewForm(), http.StatusOK)
}

func (h *pages) renderClosing(w http.ResponseWriter, r *http.Request, v ClosingPage, f *ui.Form, status int) error {
	ctx := r.Context()
	title := i18n.T(ctx, "planyear.close")
	if v.Frozen {
		title = i18n.T(ctx, "planyear.closed")
	}
	page := deskPage(title, crumbOf(ctx, v.Plan))
	page.Status = status
	return ui.Render(w, r, page, closingPage(v, f, title))
}

// closePlan freezes the figures: a plan is closed once.
func (h *pages) closePlan(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil && !f.Bool("sure") {
		err = errs.OnField("sure", "planweb.confirm_first")
	}
	if err == nil {
		if _, err = h.plan.Move(ctx, r.PathValue("id"), version, "close"); err == nil {
			ui.Flash(w, r, "planyear.did.close")
			return ui.Back(w, r, "/plan/"+r.PathValue("id")+"/closing")
		}
	}
	if !f.Keep(err) {
		return err
	}
	v, fault := h.plan.Closing(ctx, r.PathValue("id"))
	if fault != nil {
		return fault
	}
	return h.renderClosing(w, r, v, f, ui.Status(errs.KindOf(err)))
}

// facts are the counts of a closing.
func (c Closing) facts(ctx context.Context) []ui.SumLine {
	rates := c.Tasks.Rates()
	n := func(x int64) string { return i18n.Number(ctx, x) }
	return []ui.SumLine{
		{Term: i18n.T(ctx, "planweb.stat.done"), Text: n(c.Tasks.Done) + " / " + n(c.Tasks.Total)},
		{Term: i18n.T(ctx, "planyear.completion"), Text: i18n.Percent(ctx, rates.Completion)},
		{Term: i18n.T(ctx, "planweb.stat.on_time"), Text: i18n.Percent(ctx, rates.OnTime)},
		{Term: i18n.T(ctx, "planyear.on_time_original"), Text: i18n.Percent(ctx, rates.OnTimeOriginal)},
		{Term: i18n.T(ctx, "planweb.stat.overdue"), Text: n(c.Tasks.Overdue)},
	}
}

// lineTable counts by area or by agency.
func lineTable(ctx context.Context, caption, head string, list []AnnexLine) ui.Table {
	t := ui.Table{Caption: caption, HeadCol: 0, Columns: []ui.Column{{Head: head}}}
	for _, c := range []Class{DoneOnTime, DoneLate, Overdue, Working, NotStarted, NoDeadline} {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "planyear.col."+string(c)), Numeric: true})
	}
	t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "planweb.heat.total"), Numeric: true})
	for _, l := range list {
		c := l.Counts
		row := ui.Row{Cells: []ui.Cell{ui.Txt(l.Name)}}
		for _, n := range []int64{c.OnTime, c.Late, c.Overdue, c.InProgress, c.NotStarted, c.NoDeadline, c.Total} {
			row.Cells = append(row.Cells, ui.Txt(i18n.Number(ctx, n)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (c Closing) taskTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.tasks.title"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.code")}, {Head: i18n.T(ctx, "planweb.col.task")},
		{Head: i18n.T(ctx, "planweb.col.lead")}, {Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.agencies_done"), Numeric: true}, {Head: i18n.T(ctx, "planweb.col.state")}}}
	for _, r := range c.Rows {
		lead := r.Lead
		if lead == "" {
			lead = i18n.T(ctx, "planweb.each_agency")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Code, Code: true, Mute: true}, {Text: r.Content, URL: "/plan/tasks/" + r.ID}, {Text: lead, Mute: true}, ui.Txt(dayWords(ctx, r.Due)),
			ui.Txt(i18n.Number(ctx, r.Done) + "/" + i18n.Number(ctx, r.Of)), ui.Txt(i18n.T(ctx, "plan.class."+string(r.Class)))}})
	}
	return t
}

func (h *pages) cloneForm(w http.ResponseWriter, r *http.Request) error {
	p, err := h.plan.Plan(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.renderClone(w, r, p, ui.NewForm(), http.StatusOK)
}

func (h *pages) renderClone(w http.ResponseWriter, r *http.Request, p Plan, f *ui.Form, status int) error {
	ctx := r.Context()
	page := deskPage(i18n.T(ctx, "planyear.clone"), crumbOf(ctx, p))
	page.Status = status
	return ui.Render(w, r, page, clonePage(p, f))
}

// clone makes the draft of another year.
func (h *pages) clone(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	year := int(f.Int("year"))
	if err = f.Err(); err == nil {
		made, read, fault := h.plan.CloneYear(ctx, r.PathValue("id"), year, f.Text("title"))
		if fault == nil {
			ui.Flash(w, r, "planyear.did.clone", "tasks", strconv.Itoa(read.Tasks), "doubts", strconv.Itoa(len(read.Doubts)))
			return ui.Back(w, r, "/plan/drafts/"+made.ID)
		}
		err = fault
	}
	if !f.Keep(err) {
		return err
	}
	p, fault := h.plan.Plan(ctx, r.PathValue("id"))
	if fault != nil {
		return fault
	}
	return h.renderClone(w, r, p, f, ui.Status(errs.KindOf(err)))
}

// derive makes the draft of the reader's agency from a plan of the province.
func (h *pages) derive(w http.ResponseWriter, r *http.Request) error {
	p, err := h.plan.DerivePlan(r.Context(), r.PathValue("id"), "")
	if err != nil {
		return err
	}
	ui.Flash(w, r, "planyear.did.derive")
	return ui.Back(w, r, "/plan/drafts/"+p.ID)
}

// draftView is the form of a new task of a draft.
func (h *pages) draftView(r *http.Request) (v editView, err error) {
	ctx := r.Context()
	page, err := h.plan.DraftPage(ctx, r.PathValue("id"))
	if err != nil {
		return v, err
	}
	v.Plan, v.Fresh, v.Title = page.Plan, true, i18n.T(ctx, "planamend.add_task")
	v.Action, v.BackURL, v.Version = page.path()+"/tasks/new", page.path(), page.Plan.Version
	v.Task = Task{Kind: OneOff, FanOut: Single, Priority: Normal, DueDay: NoDay, PlanID: page.Plan.ID}
	if len(page.Areas) > 0 {
		v.Task.Area = page.Areas[0].No
	}
	return h.fill(ctx, v)
}

func (h *pages) newTaskForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.draftView(r)
	if err != nil {
		return err
	}
	return h.renderEdit(w, r, v, http.StatusOK)
}

func (h *pages) addTask(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.draftView(r)
	if err != nil {
		return err
	}
	v.Form = f
	t, err := h.amendedBy(ctx, v, f)
	if err == nil {
		if t, err = h.plan.AddTask(ctx, t); err == nil {
			ui.Flash(w, r, "planweb.did.task", "code", t.Code)
			return ui.Back(w, r, v.BackURL)
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.renderEdit(w, r, v, ui.Status(errs.KindOf(err)))
}

// removeTask takes a task out of a draft.
func (h *pages) removeTask(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	t, err := h.plan.RemoveTask(r.Context(), r.PathValue("id"), version)
	if err != nil {
		return err
	}
	ui.Flash(w, r, "planyear.did.remove", "code", t.Code)
	return ui.Back(w, r, "/plan/drafts/"+t.PlanID)
}
