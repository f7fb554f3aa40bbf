package plan

import (
	"context"
	"net/http"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// newTask stands in the address for a task that the amendment adds.
const newTask = "new"

func (h *pages) amendForm(w http.ResponseWriter, r *http.Request) error {
	v, p, err := h.amendView(r)
	if err != nil {
		return err
	}
	return h.renderAmendTask(w, r, v, p, http.StatusOK)
}

// amendView is the form of a task as an amendment has it.
func (h *pages) amendView(r *http.Request) (v editView, p AmendmentPage, err error) {
	ctx := r.Context()
	id := r.PathValue("task")
	if id == newTask {
		id = ""
	}
	if v.Task, p, err = h.plan.AmendedTask(ctx, r.PathValue("id"), id); err != nil {
		return v, p, err
	}
	added := id == ""
	for _, c := range p.Changes {
		added = added || c.TaskID == id && c.Kind == AddTask
	}
	v.Plan, v.Action, v.BackURL, v.Version = p.Plan, p.path()+"/tasks/"+r.PathValue("task"), p.path(), p.Amendment.Version
	v.Fixed, v.Fresh, v.Title = !added, added, i18n.T(ctx, "planamend.change_task")
	if added {
		v.Title = i18n.T(ctx, "planamend.add_task")
		if v.Task.Area == 0 && len(p.Areas) > 0 {
			v.Task.Area = p.Areas[0].No
		}
	}
	v, err = h.fill(ctx, v)
	return v, p, err
}

func (h *pages) renderAmendTask(w http.ResponseWriter, r *http.Request, v editView, p AmendmentPage, status int) error {
	ctx := r.Context()
	page := deskPage(v.Title, append(p.crumbs(ctx), ui.Crumb{Text: i18n.T(ctx, "planamend.title", "n", p.Version), URL: p.path()})...)
	page.Status = status
	return ui.Render(w, r, page, editPage(v))
}

// amendTask keeps a task as the amendment shall have it.
func (h *pages) amendTask(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, p, err := h.amendView(r)
	if err != nil {
		return err
	}
	v.Form = f
	version := f.Version()
	t, err := h.amendedBy(ctx, v, f)
	if err == nil {
		if _, err = h.plan.ProposeChange(ctx, p.Amendment.ID, version, t); err == nil {
			ui.Flash(w, r, "planamend.did.change")
			return ui.Back(w, r, p.path())
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.renderAmendTask(w, r, v, p, ui.Status(errs.KindOf(err)))
}

// amendedBy reads the task from the form over the task as it stands.
func (h *pages) amendedBy(ctx context.Context, v editView, f *ui.Form) (Task, error) {
	stood := v.Task
	t := readTask(v.Task, f, len(v.Steps))
	t.Version = stood.Version
	if v.Fixed {
		t.Kind, t.Area = stood.Kind, stood.Area
		if stood.FanOut == PerAgency {
			t.LeadAgency, t.Mentions = stood.LeadAgency, stood.Mentions
		}
	}
	if err := f.Err(); err != nil {
		return t, err
	}
	switch {
	case v.Fresh && f.Text("fan_out") == string(PerAgency):
		return h.plan.ForEveryAgency(ctx, t)
	case v.Fresh || t.FanOut == Single:
		t.FanOut = Single
		for _, a := range v.Agencies {
			if a.Value == t.LeadAgency {
				t.LeadText = a.Text
			}
		}
		return h.plan.Recoordinate(ctx, t, f.Text("coordinating"))
	}
	return t, nil
}

func fanOutChoices(ctx context.Context) []ui.Choice {
	return []ui.Choice{{Value: string(Single), Text: i18n.T(ctx, "planamend.one_agency")}, {Value: string(PerAgency), Text: i18n.T(ctx, "planamend.every_agency")}}
}

func (v editView) leadHint(ctx context.Context) string {
	if v.Task.LeadText == "" {
		return ""
	}
	return i18n.T(ctx, "planweb.edit.lead_hint", "words", v.Task.LeadText)
}
