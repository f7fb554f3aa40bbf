package plan

import (
	"context"
	"net/http"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// agencyView is the page of an agency in a plan.
type agencyView struct {
	AgencyPage
	On string
}

// agency shows an agency in a plan.
func (h *pages) agency(w http.ResponseWriter, r *http.Request) error {
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	v := agencyView{On: day}
	if v.AgencyPage, err = h.plan.AgencyPage(r.Context(), r.PathValue("id"), r.PathValue("key"), day); err != nil {
		return err
	}
	page := deskPage(v.Agency.Name, crumbOf(r.Context(), v.Plan))
	page.Active = "/plan/mine"
	return ui.Render(w, r, page, agencyPage(v))
}

// mine leads to the reader's own agency in the plan of the year.
func (h *pages) mine(w http.ResponseWriter, r *http.Request) error {
	plan, agency, found, err := h.plan.Own(r.Context())
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.NotFound, "plan.no_own_agency")
	}
	http.Redirect(w, r, agencyURL(plan, agency, ""), http.StatusSeeOther)
	return nil
}

func agencyURL(plan, agency, on string) string {
	return urlOf("/plan/"+plan+"/agencies/"+agency, "on", on)
}

func (v agencyView) figure(f Figure) string {
	return urlOf("/plan/"+v.Plan.ID+"/figures/"+string(f), "on", v.On, "agency", v.Agency.ID, "level", "assignments")
}

func (v agencyView) line(ctx context.Context) string {
	if v.Head == "" {
		return i18n.T(ctx, "planagency.line", "plan", v.Plan.Title, "day", i18n.Day(ctx, v.Status.On))
	}
	return i18n.T(ctx, "planagency.line_head", "head", v.Head, "plan", v.Plan.Title, "day", i18n.Day(ctx, v.Status.On))
}

// stats are the figures of the agency's own assignments: each opens what it counted.
func (v agencyView) stats(ctx context.Context) []ui.Stat {
	a := v.Status.Assignments
	n := func(x int64) string { return i18n.Number(ctx, x) }
	list := []ui.Stat{
		{Label: i18n.T(ctx, "planweb.stat.done"), Value: n(a.Done), Unit: "/ " + n(a.Total), URL: v.figure(FigureDone), Sub: i18n.Percent(ctx, a.Completion)},
		{Label: i18n.T(ctx, "planweb.stat.on_time"), URL: v.figure(FigureDueOnTime), Sub: i18n.T(ctx, "planweb.stat.on_time_sub", "n", a.Counts.DueOnTime, "due", a.Due)},
		{Label: i18n.T(ctx, "planweb.stat.overdue"), Value: n(a.Overdue), URL: v.figure(FigureOverdue)},
		{Label: i18n.T(ctx, "planweb.stat.due_soon"), Value: n(a.DueSoon), URL: v.figure(FigureDueSoon)},
		{Label: i18n.T(ctx, "planagency.awaiting"), Value: n(a.Awaiting), URL: v.figure(FigureAwaiting), Sub: v.requests(ctx)},
	}
	if a.OnTimeRate != "" {
		list[1].Value, list[1].Unit = i18n.Decimal(ctx, a.OnTimeRate), "%"
	}
	if a.Overdue > 0 {
		list[2].Tone = ui.Late
	}
	if a.DueSoon > 0 {
		list[3].Tone = ui.Soon
	}
	return list
}

func (v agencyView) requests(ctx context.Context) string {
	if v.Requests == 0 {
		return ""
	}
	return i18n.T(ctx, "planagency.requests", "n", v.Requests)
}

func (v agencyView) partTable(ctx context.Context, p AgencyPart) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.figure."+string(p.Figure)), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.code")}, {Head: i18n.T(ctx, "planweb.col.task")},
		{Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.progress"), Numeric: true}, {Head: i18n.T(ctx, "planweb.col.state")}}}
	for _, l := range p.Lines {
		name := ui.Go(l.Content, "/plan/assignments/"+l.Assignment)
		if l.Agency != v.Agency.ID { // of a unit below
			name.Sub = l.AgencyName
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Code, Code: true, Mute: true}, name, ui.Txt(i18n.Day(ctx, l.Due)), ui.Txt(percentText(l.Progress)),
			ui.In(stateOfLook(lookOfLine(ctx, l, v.Status.On)))}})
	}
	return t
}

func (v agencyView) silentTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planagency.silent"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.code")}, {Head: i18n.T(ctx, "planweb.col.task")}, {Head: i18n.T(ctx, "planagency.said")}}}
	for _, r := range v.Silent {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Code, Code: true, Mute: true}, ui.Go(r.Title, "/plan/assignments/"+r.ID), ui.Txt(i18n.Day(ctx, clock.Day(r.At)))}})
	}
	return t
}

// calm says that nothing asks for the head.
func (v agencyView) calm() bool {
	for _, p := range v.Parts {
		if len(p.Lines) > 0 {
			return false
		}
	}
	return v.SilentN == 0
}
