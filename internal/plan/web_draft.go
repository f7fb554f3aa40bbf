package plan

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// draft is the page of a plan before its issue.
func (h *pages) draft(w http.ResponseWriter, r *http.Request) error {
	v, err := h.plan.DraftPage(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.renderDraft(w, r, v, ui.NewForm(), http.StatusOK)
}

func (h *pages) renderDraft(w http.ResponseWriter, r *http.Request, v DraftPage, f *ui.Form, status int) error {
	ctx := r.Context()
	page := deskPage(v.Plan.Title, ui.Crumb{Text: i18n.T(ctx, "planweb.all.title"), URL: "/plan/all"})
	page.Status = status
	return ui.Render(w, r, page, draftPage(v, f))
}

func (v DraftPage) path() string { return "/plan/drafts/" + v.Plan.ID }

// moves are the moves of the plan besides issue that the reader may make.
func (v DraftPage) moves() []string {
	if !v.MayDraft {
		return nil
	}
	return slices.DeleteFunc(Moves.From(v.Plan.State), func(m string) bool { return m == "issue" || m == "amend" || m == "close" })
}

// faultLines are what the tasks lack, each leading to the form of its task.
func (v DraftPage) faultLines(ctx context.Context) []ui.TaskItem {
	ids := map[string]string{}
	for _, t := range v.Tasks {
		ids[t.Code] = t.ID
	}
	var list []ui.TaskItem
	for _, e := range v.Faults {
		code := argOf(e, "task")
		item := ui.TaskItem{Title: i18n.Error(ctx, e), Hint: code, Tone: ui.Late, State: i18n.T(ctx, "planweb.draft.missing")}
		if ids[code] != "" && v.MayDraft && v.Plan.editable() {
			item.URL = "/plan/tasks/" + ids[code] + "/edit#f-" + e.Field
		}
		list = append(list, item)
	}
	return list
}

// argOf reads a value that a refusal carries.
func argOf(e *errs.Error, name string) string {
	if v, ok := e.Args[name]; ok {
		return fmt.Sprint(v)
	}
	return ""
}

func (v DraftPage) table(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.draft.tasks"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.code")}, {Head: i18n.T(ctx, "planweb.col.task")},
		{Head: i18n.T(ctx, "planweb.col.lead")}, {Head: i18n.T(ctx, "planweb.col.deadline_text")}, {Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.agencies"), Numeric: true}}}
	area := -1
	for _, task := range v.Tasks {
		if task.Area != area {
			area = task.Area
			t.Rows = append(t.Rows, ui.Row{Group: strconv.Itoa(area) + ". " + areaName(v.Areas, area)})
		}
		name := ui.Cell{Text: task.Content, Sub: task.Product}
		if v.MayDraft && v.Plan.editable() {
			name.URL = "/plan/tasks/" + task.ID + "/edit"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: task.Code, Code: true, Mute: true}, name, {Text: v.lead(task), Mute: true}, ui.Txt(task.DeadlineText),
			ui.Txt(i18n.Day(ctx, task.finalDay())), ui.Txt(strconv.Itoa(v.Leads[task.ID]))}})
	}
	return t
}

func (v DraftPage) lead(t Task) string {
	if t.LeadAgency != "" && t.FanOut == Single {
		return v.Names[t.LeadAgency]
	}
	return t.LeadText
}

// choices are what a doubt offers; agencies when any may be meant.
func (v DraftPage) choices(ctx context.Context, d Doubt) []ui.Choice {
	var list []ui.Choice
	for _, c := range d.Choices {
		switch c {
		case chooseAgency, chooseDay, chooseText:
			continue // asks for a value: it has a field of its own
		}
		list = append(list, ui.Choice{Value: c, Text: choiceWords(ctx, c, v.Names)})
	}
	return list
}

func (v DraftPage) agencies() []ui.Choice {
	list := make([]ui.Choice, 0, len(v.Names))
	for id, name := range v.Names {
		list = append(list, ui.Choice{Value: id, Text: name})
	}
	slices.SortFunc(list, func(a, b ui.Choice) int { return strings.Compare(a.Text, b.Text) })
	return list
}

// settle decides one doubt: a choice that it offers, or a typed agency, day or text.
func (h *pages) settle(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version, choice := f.Version(), f.Text("choice")
	switch {
	case f.Text("agency") != "":
		choice = chooseAgency + f.Text("agency")
	case f.Text("day") != "":
		choice = chooseDay + f.Day("day")
	case f.Text("text") != "":
		choice = chooseText + f.Text("text")
	}
	back := "/plan/drafts/" + f.Text("plan")
	if err = f.Err(); err == nil {
		err = h.plan.SettleDoubt(r.Context(), r.PathValue("id"), version, choice)
	}
	if err == nil {
		ui.Flash(w, r, "planweb.did.doubt")
		return ui.Back(w, r, back+"#doubts")
	}
	if !f.Keep(err) {
		return err
	}
	v, fault := h.plan.DraftPage(r.Context(), f.Text("plan"))
	if fault != nil {
		return err
	}
	return h.renderDraft(w, r, v, f, ui.Status(errs.KindOf(err)))
}

// moveDraft takes a draft along its table of moves: consult, present, take back.
func (h *pages) moveDraft(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	p, err := h.plan.Move(r.Context(), r.PathValue("id"), version, f.Text("move"))
	if err != nil {
		return err
	}
	ui.Flash(w, r, "planweb.did.move", "state", i18n.T(r.Context(), "planweb.plan_state."+string(p.State)))
	return ui.Back(w, r, "/plan/drafts/"+p.ID)
}

func (h *pages) issueForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.plan.DraftPage(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.renderIssue(w, r, v, ui.NewForm("number", v.Plan.Number), http.StatusOK)
}

func (h *pages) renderIssue(w http.ResponseWriter, r *http.Request, v DraftPage, f *ui.Form, status int) error {
	ctx := r.Context()
	page := deskPage(i18n.T(ctx, "planweb.issue.title"), ui.Crumb{Text: i18n.T(ctx, "planweb.all.title"), URL: "/plan/all"}, ui.Crumb{Text: v.Plan.Title, URL: v.path()})
	page.Status = status
	return ui.Render(w, r, page, issuePage(v, f))
}

// issue makes the plan binding and hands its tasks out.
func (h *pages) issue(w http.ResponseWriter, r *http.Request) error {
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
		var p Plan
		if p, err = h.plan.Issue(ctx, r.PathValue("id"), version, f.Text("number"), f.Text("signer")); err == nil {
			ui.Flash(w, r, "planweb.did.issue", "number", p.Number)
			return ui.Back(w, r, "/plan/"+p.ID)
		}
	}
	if !f.Keep(err) {
		return err
	}
	v, fault := h.plan.DraftPage(ctx, r.PathValue("id"))
	if fault != nil {
		return fault
	}
	return h.renderIssue(w, r, v, f, ui.Status(errs.KindOf(err)))
}

// assignments is how many agencies would lead something.
func (v DraftPage) assignments() int {
	n := 0
	for _, leads := range v.Leads {
		n += leads
	}
	return n
}
