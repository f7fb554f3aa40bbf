package plan

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// public is the plan of the year for everybody: tasks and their standing.
func (h *pages) public(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(r.URL.Query().Get("year"))
	if err != nil {
		year = 0 // the latest
	}
	b, err := h.plan.Public(ctx, year, day)
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" && b.Plan.ID != "" {
		return send(w, b.Plan.Code+"-"+b.Day, as, boardSheet(ctx, Board{Plan: b.Plan, Day: b.Day, Areas: b.Areas, Rows: b.Rows}))
	}
	title := i18n.T(ctx, "planweb.public.title")
	if b.Plan.ID != "" {
		title = b.Plan.Title
	}
	page := ui.Page{Title: title, Face: ui.Portal, Active: "/plan", Crumbs: []ui.Crumb{{Text: i18n.T(ctx, "planweb.home"), URL: "/"}, {Text: i18n.T(ctx, "planweb.menu_public")}}}
	return ui.Render(w, r, page, publicPage(b, day))
}

func (b PublicBoard) tabs() []ui.TabLink {
	list := make([]ui.TabLink, 0, len(b.Plans))
	for _, p := range b.Plans {
		list = append(list, ui.TabLink{Text: strconv.Itoa(p.Year), URL: "/plan/public?year=" + strconv.Itoa(p.Year), On: p.ID == b.Plan.ID})
	}
	return list
}

// facts is the strip of the public page: figures that its own table shows.
func (b PublicBoard) facts(ctx context.Context) []ui.SumLine {
	c, rates := b.Counts, b.Counts.Rates()
	return []ui.SumLine{
		{Term: i18n.T(ctx, "planweb.stat.done"), Text: i18n.Number(ctx, c.Done) + " / " + i18n.Number(ctx, c.Total)},
		{Term: i18n.T(ctx, "planweb.stat.on_time"), Text: i18n.Percent(ctx, rates.OnTime)},
		{Term: i18n.T(ctx, "planweb.stat.overdue"), Text: i18n.Number(ctx, c.Overdue)},
		{Term: i18n.T(ctx, "planweb.stat.in_progress"), Text: i18n.Number(ctx, c.InProgress)},
		{Term: i18n.T(ctx, "planweb.stat.not_started"), Text: i18n.Number(ctx, c.NotStarted)},
	}
}

func publicOn(ctx context.Context, b PublicBoard, on string) []ui.FilterOn {
	if on == "" {
		return nil
	}
	return []ui.FilterOn{{Text: i18n.T(ctx, "planweb.filter.on", "day", on), OffURL: "/plan/public?year=" + strconv.Itoa(b.Plan.Year)}}
}

// openData are the files of the public board: the same rows, for whoever wants to count
// for themselves.
func (b PublicBoard) openData(ctx context.Context) []ui.Link {
	at := urlOf("/plan/public", "year", strconv.Itoa(b.Plan.Year), "on", b.Day)
	return []ui.Link{{Text: "CSV", URL: at + "&as=csv"}, {Text: "XLSX", URL: at + "&as=xlsx"},
		{Text: "JSON", URL: urlOf("/api/v1/plans/"+b.Plan.ID+"/tasks", "on", b.Day)}, {Text: i18n.T(ctx, "planweb.public.api"), URL: "/api"}}
}
