package plan

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// editView is the form of one task: of a draft, or as an amendment has it.
type editView struct {
	Task     Task
	Plan     Plan
	Form     *ui.Form
	Agencies []ui.Choice
	Areas    []ui.Choice
	Steps    []MilestoneStep // the task's, with empty lines to fill
	Action   string          // where the form goes
	BackURL  string
	Title    string
	Version  int64
	Fixed    bool // an issued task: area, kind and fan-out stay
	Fresh    bool // a new task: it may be given to every agency
}

// spareSteps is how many empty lines the form of a task offers for milestones.
const spareSteps = 2

func (h *pages) taskForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editView(r)
	if err != nil {
		return err
	}
	return h.renderEdit(w, r, v, http.StatusOK)
}

func (h *pages) editView(r *http.Request) (v editView, err error) {
	ctx := r.Context()
	if v.Task, v.Plan, err = h.plan.DraftTask(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	v.Action, v.BackURL, v.Title, v.Version = "/plan/tasks/"+v.Task.ID+"/edit", "/plan/drafts/"+v.Plan.ID, i18n.T(ctx, "planweb.task.edit"), v.Task.Version
	return h.fill(ctx, v)
}

// fill adds what every form of a task offers.
func (h *pages) fill(ctx context.Context, v editView) (editView, error) {
	v.Form = ui.NewForm()
	list, err := h.plan.AgenciesOn(ctx, dayOfYear(v.Plan.Year, h.plan.clock()))
	if err != nil {
		return v, err
	}
	for _, a := range list {
		v.Agencies = append(v.Agencies, ui.Choice{Value: a.ID, Text: a.Name})
	}
	areas, err := h.plan.Areas(ctx)
	v.Areas = areaChoices(areas)
	v.Steps = append(v.Steps, v.Task.Milestones...)
	if v.Task.Kind == Milestone || v.Fresh {
		v.Steps = append(v.Steps, make([]MilestoneStep, spareSteps)...)
	}
	return v, err
}

func (h *pages) renderEdit(w http.ResponseWriter, r *http.Request, v editView, status int) error {
	ctx := r.Context()
	page := deskPage(i18n.T(ctx, "planweb.edit.title", "code", v.Task.Code), ui.Crumb{Text: v.Plan.Title, URL: "/plan/drafts/" + v.Plan.ID})
	page.Status = status
	return ui.Render(w, r, page, editPage(v))
}

// saveTask changes a task of a draft.
func (h *pages) saveTask(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.editView(r)
	if err != nil {
		return err
	}
	v.Form = f
	t := readTask(v.Task, f, len(v.Steps))
	if err = f.Err(); err == nil && t.FanOut == Single {
		t, err = h.plan.Recoordinate(r.Context(), t, f.Text("coordinating"))
	}
	if err == nil {
		if _, err = h.plan.UpdateTask(r.Context(), t); err == nil {
			ui.Flash(w, r, "planweb.did.task", "code", t.Code)
			return ui.Back(w, r, "/plan/drafts/"+v.Plan.ID)
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.renderEdit(w, r, v, ui.Status(errs.KindOf(err)))
}

// readTask takes what the form says over the task as it stands.
func readTask(t Task, f *ui.Form, steps int) Task {
	t.Version = f.Version()
	was := t.Kind
	t.Content, t.Product, t.DeadlineText = f.Text("content"), f.Text("product"), f.Text("deadline_text")
	t.HeadText, t.Funding, t.LegalRef = f.Text("head"), f.Text("funding"), f.Text("legal_ref")
	t.Kind, t.Priority, t.Confidential = TaskKind(f.Text("kind")), Priority(f.Text("priority")), f.Bool("confidential")
	if n := int(f.Int("area")); n > 0 {
		t.Area = n
	}
	if t.DueDay = f.Day("due_day"); t.DueDay == "" {
		t.DueDay = NoDay
	}
	t = t.withLead(f.Text("lead"))
	var list []MilestoneStep
	for i := range steps {
		n := strconv.Itoa(i + 1)
		m := MilestoneStep{No: len(list) + 1, Name: f.Text("step_name_" + n), Product: f.Text("step_product_" + n), DueDay: f.Day("step_day_" + n), Weight: int(f.Int("step_weight_" + n))}
		if i < len(t.Milestones) {
			m.ID = t.Milestones[i].ID
		}
		if m.DueDay == "" {
			m.DueDay = NoDay
		}
		if m.Name != "" {
			list = append(list, m)
		}
	}
	if t.Milestones = list; t.Kind == "" { // a form without the field
		t.Kind = was
	}
	return t
}

func kindChoices(ctx context.Context) []ui.Choice {
	list := make([]ui.Choice, len(TaskKinds))
	for i, k := range TaskKinds {
		list[i] = ui.Choice{Value: string(k), Text: i18n.T(ctx, "planweb.kind."+string(k))}
	}
	return list
}

func priorityChoices(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, p := range []Priority{Normal, Important, Breakthrough} {
		list = append(list, ui.Choice{Value: string(p), Text: i18n.T(ctx, "planweb.priority."+string(p))})
	}
	return list
}

// cancelView is the form that takes a task out of an issued plan.
type cancelView struct {
	Task Task
	Plan Plan
	Form *ui.Form
	Day  string
}

func (h *pages) cancelForm(w http.ResponseWriter, r *http.Request) error {
	t, p, err := h.plan.AmendTask(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.renderCancel(w, r, cancelView{Task: t, Plan: p, Form: ui.NewForm()}, http.StatusOK)
}

func (h *pages) renderCancel(w http.ResponseWriter, r *http.Request, v cancelView, status int) error {
	ctx := r.Context()
	v.Day = clock.Day(h.plan.clock())
	page := deskPage(i18n.T(ctx, "planweb.task.cancel"), crumbOf(ctx, v.Plan), ui.Crumb{Text: v.Task.Code, URL: "/plan/tasks/" + v.Task.ID})
	page.Status = status
	return ui.Render(w, r, page, cancelPage(v))
}

// cancel ends the open assignments of a task by an amendment; the history stays.
func (h *pages) cancel(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	t, p, err := h.plan.AmendTask(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	by := Amendment{Number: f.Text("number"), SignedDay: f.Day("signed_day"), Reason: f.Long("reason")}
	version := f.Version()
	if err = f.Err(); err == nil {
		if err = h.plan.CancelTask(ctx, t.ID, version, by); err == nil {
			ui.Flash(w, r, "planweb.did.cancel", "code", t.Code)
			return ui.Back(w, r, "/plan/tasks/"+t.ID)
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.renderCancel(w, r, cancelView{Task: t, Plan: p, Form: f}, ui.Status(errs.KindOf(err)))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func weightText(m MilestoneStep) string {
	if m.Weight == 0 {
		return ""
	}
	return strconv.Itoa(m.Weight)
}
