package plan

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/indicator"
	"cchc/internal/ui"
)

// mountTargets opens the targets and their measured values.
func (h *pages) mountTargets(rt *ui.Router) {
	rt.Handle("GET /plan/public/targets", ui.Public, h.publicTargets)
	rt.Handle("GET /plan/targets/{id}", RightView, h.target)
	rt.Handle("POST /plan/targets/{id}", RightDraft, h.measure)
	rt.Handle("POST /plan/targets/{id}/indicator", RightDraft, h.linkTarget)
}

// targets lists the numeric targets of a plan with what was measured.
func (h *pages) targets(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := h.plan.Plan(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	rows, err := h.plan.TargetBoard(ctx, p.ID, "")
	if err != nil {
		return err
	}
	areas, err := h.plan.Areas(ctx)
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "chi-tieu-"+p.Code, as, targetTable(ctx, rows, areas, true))
	}
	return ui.Render(w, r, deskPage(i18n.T(ctx, "planweb.targets.title"), crumbOf(ctx, p)), targetsPage(p, rows, areas, true))
}

// publicTargets shows everybody the targets of the programme and how far they are.
func (h *pages) publicTargets(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, rows, areas, err := h.plan.PublicTargets(ctx)
	if err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T(ctx, "planweb.targets.title"), Face: ui.Portal, Active: "/plan", Crumbs: []ui.Crumb{{Text: i18n.T(ctx, "planweb.home"), URL: "/"},
		{Text: i18n.T(ctx, "planweb.menu_public"), URL: "/plan/public"}, {Text: i18n.T(ctx, "planweb.targets.title")}}}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "chi-tieu-"+p.Code, as, targetTable(ctx, rows, areas, false))
	}
	return ui.Render(w, r, page, publicTargetsPage(p, rows, areas))
}

// targetFacts counts the targets of a page.
func targetFacts(ctx context.Context, rows []TargetRow) []ui.SumLine {
	measured, met := 0, 0
	for _, r := range rows {
		if r.measured() {
			measured++
		}
		if r.Met {
			met++
		}
	}
	n := func(x int) string { return i18n.Number(ctx, int64(x)) }
	return []ui.SumLine{{Term: i18n.T(ctx, "plantarget.all"), Text: n(len(rows))}, {Term: i18n.T(ctx, "plantarget.measured"), Text: n(measured)},
		{Term: i18n.T(ctx, "plantarget.met"), Text: n(met)}, {Term: i18n.T(ctx, "plantarget.unmet"), Text: n(measured - met)}}
}

func targetTable(ctx context.Context, rows []TargetRow, areas []Area, links bool) ui.Table {
	t := ui.Table{AsFile: true, Caption: i18n.T(ctx, "planweb.targets.title"), HeadCol: 1, Columns: []ui.Column{
		{Head: i18n.T(ctx, "planweb.col.code")}, {Head: i18n.T(ctx, "planweb.col.target")}, {Head: i18n.T(ctx, "plantarget.col.aim"), Numeric: true},
		{Head: i18n.T(ctx, "planweb.col.year"), Numeric: true}, {Head: i18n.T(ctx, "plantarget.col.value"), Numeric: true}, {Head: i18n.T(ctx, "planweb.col.state")}}}
	area := -1
	for _, r := range rows {
		g := r.Target
		if g.Area != area {
			area = g.Area
			t.Rows = append(t.Rows, ui.Row{Group: areaName(areas, area)})
		}
		name := ui.Cell{Text: g.Name, Sub: g.Source}
		if links {
			name.URL = "/plan/targets/" + g.ID
		}
		value := ui.Cell{Text: "–", Mute: true}
		if r.measured() {
			value = ui.Cell{Text: i18n.Decimal(ctx, r.Last.Value) + " " + g.Unit, Sub: i18n.T(ctx, "plantarget.as_of", "day", r.Last.Day)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: g.Code, Code: true, Mute: true}, name, ui.Txt(g.aim(ctx)), ui.Txt(strconv.Itoa(g.Year)), value, ui.In(targetState(r))}})
	}
	return t
}

// aim is the target as people read it: "≥ 30 %".
func (t Target) aim(ctx context.Context) string {
	return operator(t.Operator) + " " + i18n.Decimal(ctx, t.Value) + " " + t.Unit
}

func (h *pages) target(w http.ResponseWriter, r *http.Request) error {
	return h.showTarget(w, r, ui.NewForm(), http.StatusOK)
}

func (h *pages) showTarget(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	ctx := r.Context()
	v, err := h.plan.TargetPage(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	page := deskPage(v.Row.Target.Code, crumbOf(ctx, v.Plan), ui.Crumb{Text: i18n.T(ctx, "planweb.targets.title"), URL: "/plan/" + v.Plan.ID + "/targets"})
	page.Title, page.Status = v.Row.Target.Code+". "+v.Row.Target.Name, status
	return ui.Render(w, r, page, targetPage(v, f, clock.Day(h.plan.clock())))
}

// measure enters a value by hand.
func (h *pages) measure(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	m := Measure{Value: strings.Replace(f.Text("value"), ",", ".", 1), Day: f.Day("day"), Document: f.Text("document"), Note: f.Long("note")}
	return h.onTarget(w, r, f, "plantarget.did.measure", func(version int64) error {
		return h.plan.MeasureTarget(r.Context(), r.PathValue("id"), version, m)
	})
}

// linkTarget chooses the indicator that measures.
func (h *pages) linkTarget(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	return h.onTarget(w, r, f, "plantarget.did.link", func(version int64) error {
		return h.plan.LinkTarget(r.Context(), r.PathValue("id"), version, f.Text("indicator"))
	})
}

func (h *pages) onTarget(w http.ResponseWriter, r *http.Request, f *ui.Form, did string, do func(version int64) error) error {
	version := f.Version()
	err := f.Err()
	if err == nil {
		err = do(version)
	}
	if err == nil {
		ui.Flash(w, r, did)
		return ui.Back(w, r, "/plan/targets/"+r.PathValue("id"))
	}
	if !f.Keep(err) {
		return err
	}
	return h.showTarget(w, r, f, ui.Status(errs.KindOf(err)))
}

// facts are the particulars of a target.
func (p TargetPage) facts(ctx context.Context) []ui.SumLine {
	t := p.Row.Target
	by := i18n.T(ctx, "plantarget.by_hand")
	if t.Indicator != "" {
		by = i18n.T(ctx, "indicator."+t.Indicator)
	}
	return []ui.SumLine{{Term: i18n.T(ctx, "plantarget.col.aim"), Text: t.aim(ctx)}, {Term: i18n.T(ctx, "planweb.col.year"), Text: strconv.Itoa(t.Year)},
		{Term: i18n.T(ctx, "plantarget.how"), Text: t.Computation}, {Term: i18n.T(ctx, "plantarget.by"), Text: by},
		{Term: i18n.T(ctx, "planweb.col.source"), Text: t.Source}, {Term: i18n.T(ctx, "plantarget.check"), Text: t.Verification}}
}

func (p TargetPage) table(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "plantarget.values"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "plantarget.col.day")}, {Head: i18n.T(ctx, "plantarget.col.value"), Numeric: true},
		{Head: i18n.T(ctx, "planweb.col.source")}, {Head: i18n.T(ctx, "plantarget.col.proof")}}}
	for _, m := range p.Measures {
		source := ui.Cell{Text: i18n.T(ctx, "plantarget.source."+string(m.Source)), Sub: p.Names[m.Account]}
		value := ui.Cell{Text: i18n.Decimal(ctx, m.Value) + " " + p.Row.Target.Unit}
		if m.Denominator > 0 {
			value.Sub = i18n.Number(ctx, m.Numerator) + " / " + i18n.Number(ctx, m.Denominator)
		}
		proof := ui.Cell{Text: m.Document, Sub: m.Note}
		if m.Source == Live {
			proof = ui.Go(i18n.T(ctx, "plantarget.open"), "/figures/"+p.Row.Target.Indicator)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.Day(ctx, m.Day)), value, source, proof}})
	}
	return t
}

// indicatorChoices are the indicators by name.
func indicatorChoices(ctx context.Context, all []indicator.Indicator) []ui.Choice {
	list := make([]ui.Choice, len(all))
	for k, i := range all {
		list[k] = ui.Choice{Value: i.Code, Text: i18n.T(ctx, i.NameKey())}
	}
	slices.SortFunc(list, func(a, b ui.Choice) int { return strings.Compare(a.Text, b.Text) })
	return list
}
