package pages

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/procedure"
	"cchc/internal/ui"
)

func (h *web) catalogue(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	as, limit := ui.Sheet(r), listPage
	if as != "" {
		limit = ui.SheetMost
	}
	q, list, next, err := h.page(r, "/catalogue", limit)
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "danh-muc-thu-tuc", as, catalogueTable(ctx, list))
	}
	fields, err := h.s.Fields(ctx)
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(ctx, "procedure.catalogue"), 0, cataloguePage(q, list, fields, next, identity.From(ctx).Has(procedure.RightEdit)))
}

func catalogueTable(ctx context.Context, list []procedure.Row) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.catalogue"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.name")}, {Head: i18n.T(ctx, "procedure.col.field")},
		{Head: i18n.T(ctx, "procedure.col.level")}, {Head: i18n.T(ctx, "procedure.col.limit")}, {Head: i18n.T(ctx, "procedure.col.service")}, {Head: i18n.T(ctx, "procedure.col.state")}}}
	for _, p := range list {
		limit, service := "–", ui.Txt("–")
		if p.InForce {
			limit, service = procedure.LimitWords(ctx, p.Current.Content.Limit), ui.In(serviceState(p.Current.Content.ServiceLevel))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Name, URL: "/catalogue/" + p.Key, Sub: p.Code}, {Text: p.Field, Mute: true},
			ui.Txt(word(ctx, "procedure.level.", string(p.Level))), ui.Txt(limit), service, ui.In(rowState(p))}})
	}
	return t
}

func stateChips(ctx context.Context, q procedure.Query) []ui.ChipLink {
	list := []ui.ChipLink{{Text: i18n.T(ctx, "procedure.all_states"), URL: address(q, "/catalogue", "state", ""), On: q.State == ""}}
	for _, s := range []procedure.State{procedure.Unpublished, procedure.Published, procedure.Amended, procedure.Abolished} {
		list = append(list, ui.ChipLink{Text: i18n.T(ctx, "state.procedure."+string(s)), URL: address(q, "/catalogue", "state", string(s)), On: q.State == s})
	}
	return list
}

func (h *web) newForm(w http.ResponseWriter, r *http.Request) error {
	return h.showNew(w, r, ui.NewForm("kind", string(procedure.Single)), 0)
}

func (h *web) showNew(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	title := i18n.T(r.Context(), "procedure.new")
	return show(w, r, title, status, newPage(f, title), ui.Crumb{Text: title})
}

func (h *web) create(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	var v procedure.Version
	if err = f.Err(); err == nil {
		v, err = h.s.Create(r.Context(), f.Text("key"), procedure.Kind(f.Text("kind")), procedure.Content{Name: f.Text("name"), Code: f.Text("code"), ReceiptNeeded: true})
	}
	if f.Keep(err) {
		return h.showNew(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "procedure.did.create")
	return ui.Back(w, r, "/procedure-versions/"+v.ID)
}

func (h *web) one(w http.ResponseWriter, r *http.Request) error {
	return h.showOne(w, r, ui.NewForm(), 0)
}

func (h *web) showOne(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Open(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	return show(w, r, v.Name, status, onePage(v, f), ui.Crumb{Text: v.Name})
}

// draftOf is the draft of a procedure, if the reader sees one.
func draftOf(v procedure.View) (procedure.Version, bool) {
	for _, one := range v.Versions {
		if one.State == procedure.Draft || one.State == procedure.Presented {
			return one, true
		}
	}
	return procedure.Version{}, false
}

func versionTable(ctx context.Context, v procedure.View) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.versions"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.version")}, {Head: i18n.T(ctx, "procedure.col.state")},
		{Head: i18n.T(ctx, "procedure.col.days")}, {Head: i18n.T(ctx, "procedure.col.decision")}, {Head: i18n.T(ctx, "procedure.col.compare")}}}
	list := v.Versions
	for i, one := range list {
		days, decision, compare := "–", ui.Txt("–"), ui.Txt("–")
		if one.State == procedure.InUse {
			days = daysWords(ctx, one.From, one.To)
			decision = ui.Cell{Text: one.Decision, Sub: i18n.Day(ctx, one.DecisionDay)}
		}
		if i+1 < len(list) {
			compare = ui.Go(i18n.T(ctx, "procedure.compare_with", "n", strconv.FormatInt(list[i+1].No, 10)),
				"/catalogue/"+v.Key+"/diff?from="+strconv.FormatInt(list[i+1].No, 10)+"&to="+strconv.FormatInt(one.No, 10))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Go(i18n.T(ctx, "procedure.version_n", "n", strconv.FormatInt(one.No, 10)), "/procedure-versions/"+one.ID),
			ui.In(versionTag(one, v.Current.ID)), ui.Txt(days), decision, compare}})
	}
	return t
}

func (h *web) amend(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.s.Amend(r.Context(), r.PathValue("key"))
	if f.Keep(err) {
		return h.showOne(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "procedure.did.amend")
	return ui.Back(w, r, "/procedure-versions/"+v.ID)
}

func (h *web) abolishForm(w http.ResponseWriter, r *http.Request) error {
	return h.showAbolish(w, r, ui.NewForm(), 0)
}

func (h *web) showAbolish(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Open(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "procedure.abolish")
	return show(w, r, title, status, abolishPage(v, f, title), ui.Crumb{Text: v.Name, URL: "/catalogue/" + v.Key}, ui.Crumb{Text: title})
}

func (h *web) abolish(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version, last, day := f.Version(), f.Day("from"), f.Day("decision_day")
	if err = f.Err(); err == nil && !f.Bool("sure") {
		err = errs.OnField("sure", "procedure.confirm_first")
	}
	if err == nil {
		err = h.s.Abolish(r.Context(), r.PathValue("key"), version, last, f.Text("decision"), day)
	}
	if f.Keep(err) {
		return h.showAbolish(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "procedure.did.abolish")
	return ui.Back(w, r, "/catalogue/"+r.PathValue("key"))
}

func (h *web) diff(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := r.URL.Query()
	from, _ := strconv.ParseInt(q.Get("from"), 10, 64)
	to, _ := strconv.ParseInt(q.Get("to"), 10, 64)
	p, old, fresh, err := h.s.Pair(ctx, r.PathValue("key"), from, to)
	if err != nil {
		return err
	}
	t := diffTable(ctx, old, fresh)
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "so-sanh-"+p.Key, as, t)
	}
	title := i18n.T(ctx, "procedure.diff", "from", strconv.FormatInt(old.No, 10), "to", strconv.FormatInt(fresh.No, 10))
	return show(w, r, title, 0, diffPage(p, t, title), ui.Crumb{Text: p.Name, URL: "/catalogue/" + p.Key}, ui.Crumb{Text: title})
}
