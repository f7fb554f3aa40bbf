package directive

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

func mayDraft(ctx context.Context) bool { return identity.From(ctx).Has(RightDraft) }

func (h *web) returnForm(w http.ResponseWriter, r *http.Request) error {
	return h.showReturn(w, r, ui.NewForm(), 0)
}

func (h *web) showReturn(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "directive.return")
	return show(w, r, title, status, returnPage(v, f, title), ui.Crumb{Text: v.Title, URL: "/directives/" + v.ID}, ui.Crumb{Text: title})
}

// giveBack returns a directive to who drafted it, with a reason.
func (h *web) giveBack(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		_, err = h.s.Move(r.Context(), r.PathValue("id"), version, "return", f.Long("reason"))
	}
	if f.Keep(err) {
		return h.showReturn(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "directive.did.move")
	return ui.Back(w, r, "/directives/"+r.PathValue("id"))
}

func (h *web) issueForm(w http.ResponseWriter, r *http.Request) error {
	return h.showIssue(w, r, ui.NewForm(), 0)
}

func (h *web) showIssue(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	ctx := r.Context()
	v, err := h.s.Open(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "directive.issue")
	return show(w, r, title, status, issuePage(v, f, title, identity.From(ctx).Name), ui.Crumb{Text: v.Title, URL: "/directives/" + v.ID}, ui.Crumb{Text: title})
}

// issue signs a directive and gives its items.
func (h *web) issue(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil && !f.Bool("sure") {
		err = errs.OnField("sure", "directive.confirm_first")
	}
	if err == nil {
		_, err = h.s.Issue(r.Context(), r.PathValue("id"), version, f.Text("number"), f.Text("signer"))
	}
	if f.Keep(err) {
		return h.showIssue(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "directive.did.issue")
	return ui.Back(w, r, "/directives/"+r.PathValue("id"))
}

func (v View) path() string { return "/directives/" + v.ID }

func (v View) version() string { return strconv.FormatInt(v.Version, 10) }

func sourceChoices(ctx context.Context) (list []ui.Choice) {
	for _, s := range Sources {
		list = append(list, ui.Choice{Value: string(s), Text: i18n.T(ctx, "directive.source."+string(s))})
	}
	return list
}

func levelChoices(ctx context.Context) (list []ui.Choice) {
	for _, l := range Levels {
		list = append(list, ui.Choice{Value: string(l), Text: i18n.T(ctx, "directive.level."+string(l))})
	}
	return list
}

func listTable(ctx context.Context, list []Directive) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "directive.menu"), AsFile: true, HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "directive.col.day")}, {Head: i18n.T(ctx, "directive.col.title")},
		{Head: i18n.T(ctx, "directive.col.level")}, {Head: i18n.T(ctx, "directive.col.items"), Numeric: true}, {Head: i18n.T(ctx, "directive.col.state")}}}
	for _, d := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.Day(ctx, d.Day)), {Text: d.Title, URL: "/directives/" + d.ID, Sub: d.Number},
			{Text: i18n.T(ctx, "directive.level."+string(d.Level)), Mute: true}, ui.Txt(i18n.Number(ctx, d.Items)), ui.In(stateTag(d.State))}})
	}
	return t
}

// classTone is how the class of a task shows.
func classTone(class string) string {
	switch class {
	case "on_time":
		return ui.OK
	case "late":
		return ui.Soon
	case "overdue":
		return ui.Late
	case "in_progress":
		return ui.Info
	}
	return ui.Neutral
}

func itemTable(ctx context.Context, v View) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "directive.items"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "directive.docx.n"), Numeric: true}, {Head: i18n.T(ctx, "directive.col.item")},
		{Head: i18n.T(ctx, "directive.col.lead")}, {Head: i18n.T(ctx, "directive.col.due")}, {Head: i18n.T(ctx, "directive.col.state")}}}
	if v.Can["write"] {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "directive.col.act")})
	}
	for _, i := range v.List {
		text := ui.Cell{Text: i.Text, Sub: i.Product}
		due := ""
		if i.Due != "" {
			due = i18n.Day(ctx, i.Due)
		}
		st, given := v.State[i.Task]
		if given {
			text.URL = st.URL
		}
		row := ui.Row{Cells: []ui.Cell{ui.Txt(strconv.Itoa(i.No)), text, {Text: i.LeadName, Sub: v.helpers(ctx, i), Mute: true}, ui.Txt(due), ui.In(itemState(v, i, st, given))}}
		if v.Can["write"] {
			row.Cells = append(row.Cells, ui.In(itemActs(v, i)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v View) helpers(ctx context.Context, i Item) string {
	words := ""
	for _, h := range i.Helpers {
		if words != "" {
			words += ", "
		}
		words += v.Names[h]
	}
	if words == "" {
		return ""
	}
	return i18n.T(ctx, "directive.docx.helps", "agency", words)
}

// lackWords names what an item lacks.
func lackWords(ctx context.Context, fields []string) string {
	words := ""
	for _, f := range fields {
		if words != "" {
			words += ", "
		}
		words += i18n.T(ctx, "directive.lack."+f)
	}
	return i18n.T(ctx, "directive.lacks", "what", words)
}
