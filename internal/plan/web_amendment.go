package plan

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// mountAmendments opens the pages on which an issued plan is changed by a document.
func (h *pages) mountAmendments(rt *ui.Router) {
	rt.Handle("POST /plan/amendments", RightDraft, h.startAmendment)
	rt.Handle("GET /plan/amendments/{id}", RightView, h.amendment)
	rt.Handle("POST /plan/amendments/{id}/move", RightDraft, h.moveAmendment)
	rt.Handle("GET /plan/amendments/{id}/tasks/{task}", RightDraft, h.amendForm)
	rt.Handle("POST /plan/amendments/{id}/tasks/{task}", RightDraft, h.amendTask)
	rt.Handle("POST /plan/amendments/{id}/cancel", RightDraft, h.amendCancel)
	rt.Handle("POST /plan/amendments/{id}/withdraw", RightDraft, h.amendWithdraw)
	rt.Handle("GET /plan/amendments/{id}/issue", RightIssue, h.amendIssueForm)
	rt.Handle("POST /plan/amendments/{id}/issue", RightIssue, h.amendIssue)
}

// versionsView is the versions of a plan, and the comparison that was asked for.
type versionsView struct {
	VersionsPage
	Compared *Comparison
	Form     *ui.Form
}

// versions answers GET /plan/{id}/versions, with ?from= and &to= as a comparison.
func (h *pages) versions(w http.ResponseWriter, r *http.Request) error {
	return h.renderVersions(w, r, r.PathValue("id"), ui.NewForm(), http.StatusOK)
}

func (h *pages) renderVersions(w http.ResponseWriter, r *http.Request, id string, f *ui.Form, status int) error {
	ctx := r.Context()
	list, err := h.plan.Versions(ctx, id)
	if err != nil {
		return err
	}
	v := versionsView{VersionsPage: list, Form: f}
	if q := ui.Query(r); q.Text("from") != "" || q.Text("to") != "" {
		c, err := h.plan.CompareVersions(ctx, id, int(q.Int("from")), int(q.Int("to")))
		if err != nil {
			return err
		}
		v.Compared = &c
	}
	page := deskPage(i18n.T(ctx, "planamend.versions"), crumbOf(ctx, list.Plan))
	page.Status = status
	return ui.Render(w, r, page, versionsPage(v))
}

func (v versionsView) table(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planamend.versions"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "planamend.col.version")}, {Head: i18n.T(ctx, "planamend.col.document")},
		{Head: i18n.T(ctx, "planamend.col.reason")}, {Head: i18n.T(ctx, "planamend.col.added"), Numeric: true}, {Head: i18n.T(ctx, "planamend.col.changed"), Numeric: true}, {Head: i18n.T(ctx, "planamend.col.cancelled"), Numeric: true}}}
	n := func(x int) ui.Cell { return ui.Txt(i18n.Number(ctx, int64(x))) }
	for _, one := range v.List {
		name := ui.Txt(i18n.T(ctx, "planamend.version", "n", one.No))
		reason := ui.Txt(i18n.T(ctx, "planamend.as_issued"))
		cells := []ui.Cell{ui.Txt(""), ui.Txt(""), ui.Txt("")}
		if one.No > 1 {
			name.URL, reason.Text = "/plan/amendments/"+one.Amendment.ID, one.Amendment.Reason
			cells = []ui.Cell{n(one.Added), n(one.Changed), n(one.Cancelled)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append([]ui.Cell{name, {Text: one.Number, Sub: i18n.Day(ctx, one.Day)}, reason}, cells...)})
	}
	return t
}

func (v versionsView) choices(ctx context.Context) []ui.Choice {
	list := make([]ui.Choice, len(v.List))
	for i, one := range v.List {
		list[i] = ui.Choice{Value: strconv.Itoa(one.No), Text: i18n.T(ctx, "planamend.version", "n", one.No) + " (" + one.Number + ")"}
	}
	return list
}

// startAmendment begins an amendment of the plan named in the form.
func (h *pages) startAmendment(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	a, err := h.plan.StartAmendment(r.Context(), f.Text("plan"), f.Long("reason"))
	if err == nil {
		ui.Flash(w, r, "planamend.did.start")
		return ui.Back(w, r, "/plan/amendments/"+a.ID)
	}
	if !f.Keep(err) {
		return err
	}
	return h.renderVersions(w, r, f.Text("plan"), f, ui.Status(errs.KindOf(err)))
}

func (h *pages) amendment(w http.ResponseWriter, r *http.Request) error {
	v, err := h.plan.AmendmentPage(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.renderAmendment(w, r, v, ui.NewForm(), http.StatusOK)
}

func (p AmendmentPage) path() string { return "/plan/amendments/" + p.Amendment.ID }

func (p AmendmentPage) version() string { return strconv.FormatInt(p.Amendment.Version, 10) }

func (p AmendmentPage) crumbs(ctx context.Context) []ui.Crumb {
	return []ui.Crumb{crumbOf(ctx, p.Plan), {Text: i18n.T(ctx, "planamend.versions"), URL: "/plan/" + p.Plan.ID + "/versions"}}
}

func (h *pages) renderAmendment(w http.ResponseWriter, r *http.Request, v AmendmentPage, f *ui.Form, status int) error {
	ctx := r.Context()
	page := deskPage(i18n.T(ctx, "planamend.title", "n", v.Version), v.crumbs(ctx)...)
	page.Status = status
	return ui.Render(w, r, page, amendmentPage(v, f))
}

// moves are the moves of an amendment besides issue that the reader may make.
func (p AmendmentPage) moves() (list []string) {
	if !p.MayMove {
		return nil
	}
	for _, m := range AmendmentMoves.From(p.Amendment.State) {
		if m != "issue" && m != "present" { // those two are what comes next, said below
			list = append(list, m)
		}
	}
	return list
}

// taskTable are the tasks that the amendment does not touch yet.
func (p AmendmentPage) taskTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planamend.untouched"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.code")}, {Head: i18n.T(ctx, "planweb.col.task")},
		{Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.act")}}}
	for _, task := range p.Tasks {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: task.Code, Code: true, Mute: true}, {Text: task.Content, URL: p.path() + "/tasks/" + task.ID}, ui.Txt(dayWords(ctx, task.finalDay())),
			ui.In(taskActs(p, task))}})
	}
	return t
}

// dayWords is a day as people read it, or that there is none.
func dayWords(ctx context.Context, day string) string {
	if day == NoDay || day == "" {
		return i18n.T(ctx, "planamend.no_day")
	}
	return i18n.Day(ctx, day)
}

// fieldWords is the name of a compared field, valueWords what it says.
func fieldWords(ctx context.Context, field string) string {
	return i18n.T(ctx, "planamend.field."+field)
}

func valueWords(ctx context.Context, field, value string, areas []Area) string {
	switch {
	case value == "":
		return ""
	case field == "due":
		return i18n.Day(ctx, value)
	case field == "kind":
		return i18n.T(ctx, "planweb.kind."+value)
	case field == "priority":
		return i18n.T(ctx, "planweb.priority."+value)
	case field == "area" && len(areas) > 0:
		n, err := strconv.Atoi(value)
		if err == nil {
			return areaName(areas, n)
		}
	case field == "confidential":
		return i18n.T(ctx, "planweb.confidential")
	}
	return value
}

// moveAmendment presents an amendment, takes it back or drops it.
func (h *pages) moveAmendment(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	a, err := h.plan.MoveAmendment(r.Context(), r.PathValue("id"), version, f.Text("move"))
	if err != nil {
		return err
	}
	ui.Flash(w, r, "planamend.did."+f.Text("move"))
	if a.State == AmendmentDropped {
		return ui.Back(w, r, "/plan/"+a.PlanID+"/versions")
	}
	return ui.Back(w, r, "/plan/amendments/"+a.ID)
}

func (h *pages) amendCancel(w http.ResponseWriter, r *http.Request) error {
	return h.amendBy(w, r, "planamend.did.cancel", func(ctx context.Context, f *ui.Form, version int64) error {
		_, err := h.plan.ProposeCancel(ctx, r.PathValue("id"), version, f.Text("task"))
		return err
	})
}

func (h *pages) amendWithdraw(w http.ResponseWriter, r *http.Request) error {
	return h.amendBy(w, r, "planamend.did.withdraw", func(ctx context.Context, f *ui.Form, version int64) error {
		_, err := h.plan.WithdrawChange(ctx, r.PathValue("id"), version, f.Text("change"))
		return err
	})
}

// amendBy makes one change of an amendment that needs no form of its own.
func (h *pages) amendBy(w http.ResponseWriter, r *http.Request, did string, do func(context.Context, *ui.Form, int64) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = do(r.Context(), f, version)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, did)
	return ui.Back(w, r, "/plan/amendments/"+r.PathValue("id"))
}

func (h *pages) amendIssueForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.plan.AmendmentPage(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.renderAmendIssue(w, r, v, ui.NewForm(), http.StatusOK)
}

func (h *pages) renderAmendIssue(w http.ResponseWriter, r *http.Request, v AmendmentPage, f *ui.Form, status int) error {
	ctx := r.Context()
	page := deskPage(i18n.T(ctx, "planamend.issue"), append(v.crumbs(ctx), ui.Crumb{Text: i18n.T(ctx, "planamend.title", "n", v.Version), URL: v.path()})...)
	page.Status = status
	return ui.Render(w, r, page, amendIssuePage(v, f, clock.Day(h.plan.clock()), identity.From(ctx).Name))
}

// amendIssue makes the amendment binding.
func (h *pages) amendIssue(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version, day := f.Version(), f.Day("signed_day")
	if err = f.Err(); err == nil && !f.Bool("sure") {
		err = errs.OnField("sure", "planweb.confirm_first")
	}
	if err == nil {
		var a Amendment
		if a, err = h.plan.IssueAmendment(ctx, r.PathValue("id"), version, f.Text("number"), day, f.Text("signer")); err == nil {
			ui.Flash(w, r, "planamend.did.issue", "number", a.Number)
			return ui.Back(w, r, "/plan/amendments/"+a.ID)
		}
	}
	if !f.Keep(err) {
		return err
	}
	v, fault := h.plan.AmendmentPage(ctx, r.PathValue("id"))
	if fault != nil {
		return fault
	}
	return h.renderAmendIssue(w, r, v, f, ui.Status(errs.KindOf(err)))
}

// from and to are the versions that the form of the comparison offers first.
func (v versionsView) from() string {
	if v.Compared != nil {
		return strconv.Itoa(v.Compared.From.No)
	}
	return strconv.Itoa(max(1, len(v.List)-1))
}

func (v versionsView) to() string {
	if v.Compared != nil {
		return strconv.Itoa(v.Compared.To.No)
	}
	return strconv.Itoa(len(v.List))
}

// facts are the particulars of an amendment.
func (p AmendmentPage) facts(ctx context.Context) []ui.SumLine {
	lines := []ui.SumLine{{Term: i18n.T(ctx, "planamend.col.reason"), Text: p.Amendment.Reason}}
	if p.Amendment.State == AmendmentIssued {
		lines = append(lines, ui.SumLine{Term: i18n.T(ctx, "planweb.cancel.day"), Text: i18n.Day(ctx, p.Amendment.SignedDay)})
		if p.Amendment.Signer != "" {
			lines = append(lines, ui.SumLine{Term: i18n.T(ctx, "planweb.issue.signer"), Text: p.Amendment.Signer})
		}
	}
	return append(lines, ui.SumLine{Term: i18n.T(ctx, "planweb.col.plan"), Text: p.Plan.Number})
}

// noneText says why an amendment shows no change.
func (p AmendmentPage) noneText(ctx context.Context) string {
	if p.Amendment.State == AmendmentIssued {
		return i18n.T(ctx, "planamend.none_of_yours")
	}
	return i18n.T(ctx, "planamend.none_text")
}
