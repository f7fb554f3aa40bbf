package plan

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// boardView is the board with how it was asked for.
type boardView struct {
	Board
	On     string // day in the address, "" for today
	Filter BoardFilter
	Drafts bool // the reader drafts plans
	Urges  bool
	Export bool // the reader may take the whole plan as a file
	Offers BoardOffers
}

// board is the page of a plan; a draft has a page of its own.
func (h *pages) board(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := h.readBoard(r)
	if err != nil {
		return err
	}
	if v.Plan.IssuedDay == "" {
		http.Redirect(w, r, "/plan/drafts/"+v.Plan.ID, http.StatusSeeOther)
		return nil
	}
	page := ui.Page{Title: v.Plan.Title, Face: ui.Desk, Active: "/plan",
		Crumbs: []ui.Crumb{{Text: i18n.T(ctx, "planweb.menu"), URL: "/plan/all"}, {Text: crumbOf(ctx, v.Plan).Text}}}
	return ui.Render(w, r, page, boardPage(v))
}

func (h *pages) readBoard(r *http.Request) (boardView, error) {
	ctx := r.Context()
	q := r.URL.Query()
	v := boardView{Filter: BoardFilter{Figure: Figure(q.Get("figure")), Lead: q.Get("lead"), Query: q.Get("q")}}
	day, err := dayOf(r)
	if err != nil {
		return v, err
	}
	v.On = day
	if n, err := strconv.Atoi(q.Get("area")); err == nil {
		v.Filter.Area = n
	}
	actor := identity.From(ctx)
	v.Urges = actor.Has(RightUrge)
	// The strip and the heat map stand for the whole plan; only the list below narrows.
	whole := v.Filter
	whole.Area = 0
	v.Board, err = h.plan.PlanBoard(ctx, r.PathValue("id"), day, whole)
	if err == nil && v.Filter.Area != 0 {
		v.Rows = slices.DeleteFunc(v.Rows, func(row TaskRow) bool { return row.Facts.Area != v.Filter.Area })
		v.Total = len(v.Rows)
	}
	if err == nil && (actor.Has(RightDraft) || actor.Has(RightIssue)) {
		v.Offers, err = h.plan.Offers(ctx, v.Plan.ID)
		v.Drafts = v.Offers.Draft
	}
	return v, err
}

func (v boardView) path() string { return "/plan/" + v.Plan.ID }

// with is the address of the board with some of its filters changed.
func (v boardView) with(pairs ...string) string {
	all := []string{"on", v.On, "figure", string(v.Filter.Figure), "lead", v.Filter.Lead, "area", areaText(v.Filter.Area), "q", v.Filter.Query}
	return urlOf(v.path(), append(all, pairs...)...)
}

func areaText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (v boardView) figure(f Figure) string { return urlOf(v.path()+"/figures/"+string(f), "on", v.On) }

func (v boardView) export(kind string) string {
	return urlOf(v.path()+"/export."+kind, "on", v.On, "figure", string(v.Filter.Figure), "lead", v.Filter.Lead, "area", areaText(v.Filter.Area), "q", v.Filter.Query)
}

// stats is the strip of figures: each opens what it counted.
func (v boardView) stats(ctx context.Context) []ui.Stat {
	s := v.Status
	n := func(x int64) string { return i18n.Number(ctx, x) }
	strip := []ui.Stat{
		{Label: i18n.T(ctx, "planweb.stat.done"), Value: n(s.Done), Unit: "/ " + n(s.Tasks), URL: v.figure(FigureDone),
			Sub: i18n.T(ctx, "planweb.stat.done_sub", "on_time", s.OnTime, "late", s.Late, "rate", s.Completion)},
		{Label: i18n.T(ctx, "planweb.stat.on_time"), URL: v.figure(FigureDueOnTime),
			Sub: i18n.T(ctx, "planweb.stat.on_time_sub", "n", s.Counts.DueOnTime, "due", s.Due)},
		{Label: i18n.T(ctx, "planweb.stat.overdue"), Value: n(s.Overdue), URL: v.figure(FigureOverdue), Sub: v.longest(ctx)},
		{Label: i18n.T(ctx, "planweb.stat.due_soon"), Value: n(s.DueSoon), URL: v.figure(FigureDueSoon), Sub: v.codes(ctx, FigureDueSoon)},
		{Label: i18n.T(ctx, "planweb.stat.not_started"), Value: n(s.NotStarted), URL: v.figure(FigureNotStarted), Sub: v.codes(ctx, FigureNotStarted)},
	}
	if s.OnTimeRate != "" {
		strip[1].Value, strip[1].Unit = i18n.Decimal(ctx, s.OnTimeRate), "%"
	}
	if s.Overdue > 0 {
		strip[2].Tone = ui.Late
	}
	if s.DueSoon > 0 {
		strip[3].Tone = ui.Soon
	}
	return strip
}

// longest names the task that is late for the longest.
func (v boardView) longest(ctx context.Context) string {
	var worst TaskRow
	for _, r := range v.Rows {
		if r.DaysLate > worst.DaysLate {
			worst = r
		}
	}
	if worst.DaysLate == 0 {
		return i18n.T(ctx, "planweb.stat.none")
	}
	return i18n.T(ctx, "planweb.stat.longest", "n", worst.DaysLate, "code", worst.Task.Code)
}

// codes names the first tasks of a figure.
func (v boardView) codes(ctx context.Context, f Figure) string {
	words, n := "", 0
	for _, r := range v.Rows {
		if !r.Facts.has(f) {
			continue
		}
		if n++; n <= 3 {
			if words != "" {
				words += ", "
			}
			words += r.Task.Code
		}
	}
	switch {
	case n == 0:
		return i18n.T(ctx, "planweb.stat.none")
	case n > 3:
		return words + "…"
	}
	return words
}

// heatMap is who holds which work: lead agencies by area.
func (v boardView) heatMap(ctx context.Context) ui.HeatMap {
	m := ui.HeatMap{Caption: i18n.T(ctx, "planweb.heat.caption"), Corner: i18n.T(ctx, "planweb.col.lead"), TotalAs: i18n.T(ctx, "planweb.heat.total")}
	var areas []int
	for _, a := range v.Areas {
		if slices.ContainsFunc(v.Heat, func(c HeatCell) bool { return c.Area == a.No }) {
			areas = append(areas, a.No)
			m.Columns = append(m.Columns, a.Name)
		}
	}
	var leads []string
	row := map[string]*ui.HeatRow{}
	for _, c := range v.Heat {
		if row[c.Agency] == nil {
			name := c.AgencyName
			if c.Agency == "" {
				name = i18n.T(ctx, "planweb.each_agency")
			}
			row[c.Agency] = &ui.HeatRow{Name: name, Cells: make([]ui.HeatCell, len(areas))}
			leads = append(leads, c.Agency)
		}
		lead := c.Agency
		if lead == "" {
			lead = EachAgency
		}
		row[c.Agency].Cells[slices.Index(areas, c.Area)] = ui.HeatCell{N: int64(c.Tasks), Late: int64(c.Overdue),
			URL: urlOf(v.path(), "on", v.On, "lead", lead, "area", strconv.Itoa(c.Area)) + "#tasks"}
		row[c.Agency].Total += int64(c.Tasks)
	}
	slices.SortStableFunc(leads, func(a, b string) int {
		switch {
		case a == "":
			return 1
		case b == "":
			return -1
		}
		return int(row[b].Total - row[a].Total)
	})
	for _, l := range leads {
		m.Rows = append(m.Rows, *row[l])
	}
	return m
}

// chips are the quick filters.
func (v boardView) chips(ctx context.Context) []ui.ChipLink {
	one := func(f Figure, key string, n int64) ui.ChipLink {
		return ui.ChipLink{Text: i18n.T(ctx, key), Count: i18n.Number(ctx, n), URL: v.with("figure", string(f)) + "#tasks", On: v.Filter.Figure == f}
	}
	s := v.Status
	list := []ui.ChipLink{
		{Text: i18n.T(ctx, "planweb.chip.all"), Count: i18n.Number(ctx, s.Tasks), URL: urlOf(v.path(), "on", v.On) + "#tasks", On: v.plain()},
		one(FigureOverdue, "planweb.chip.overdue", s.Overdue), one(FigureDueSoon, "planweb.chip.due_soon", s.DueSoon),
	}
	if s.Awaiting > 0 || v.Filter.Figure == FigureAwaiting {
		list = append(list, one(FigureAwaiting, "planweb.chip.awaiting", s.Awaiting))
	}
	return list
}

// plain says that nothing narrows the list.
func (v boardView) plain() bool {
	f := v.Filter
	return f.Figure == "" && f.Lead == "" && f.Area == 0 && f.Query == ""
}

// filtersOn are the filters in force, each with the address that takes it off.
func (v boardView) filtersOn(ctx context.Context) []ui.FilterOn {
	var on []ui.FilterOn
	// url.Values.Set with "" is left out by urlOf, so an empty pair takes a filter off.
	off := func(name string) string {
		pairs := []string{"on", v.On, "figure", string(v.Filter.Figure), "lead", v.Filter.Lead, "area", areaText(v.Filter.Area), "q", v.Filter.Query}
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				pairs[i+1] = ""
			}
		}
		return urlOf(v.path(), pairs...) + "#tasks"
	}
	if v.Filter.Lead != "" {
		on = append(on, ui.FilterOn{Text: i18n.T(ctx, "planweb.filter.lead", "name", v.leadName(ctx)), OffURL: off("lead")})
	}
	if v.Filter.Area != 0 {
		on = append(on, ui.FilterOn{Text: i18n.T(ctx, "planweb.filter.area", "name", areaName(v.Areas, v.Filter.Area)), OffURL: off("area")})
	}
	if v.Filter.Query != "" {
		on = append(on, ui.FilterOn{Text: i18n.T(ctx, "planweb.filter.words", "words", v.Filter.Query), OffURL: off("q")})
	}
	if v.On != "" {
		on = append(on, ui.FilterOn{Text: i18n.T(ctx, "planweb.filter.on", "day", v.On), OffURL: off("on")})
	}
	return on
}

func (v boardView) leadName(ctx context.Context) string {
	if v.Filter.Lead == EachAgency {
		return i18n.T(ctx, "planweb.each_agency")
	}
	for _, c := range v.Heat {
		if c.Agency == v.Filter.Lead {
			return c.AgencyName
		}
	}
	return v.Filter.Lead
}

func areaName(areas []Area, no int) string {
	for _, a := range areas {
		if a.No == no {
			return a.Name
		}
	}
	return strconv.Itoa(no)
}

func (v boardView) leads(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, c := range v.Heat {
		one := ui.Choice{Value: c.Agency, Text: c.AgencyName}
		if c.Agency == "" {
			one = ui.Choice{Value: EachAgency, Text: i18n.T(ctx, "planweb.each_agency")}
		}
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

func areaChoices(areas []Area) []ui.Choice {
	list := make([]ui.Choice, len(areas))
	for i, a := range areas {
		list[i] = ui.Choice{Value: strconv.Itoa(a.No), Text: strconv.Itoa(a.No) + ". " + a.Name}
	}
	return list
}

// areaRows is one area with its tasks on the board.
type areaRows struct {
	Area Area
	Done int
	Rows []TaskRow
}

// byArea groups the rows in the order of the areas.
func byArea(areas []Area, rows []TaskRow) []areaRows {
	var list []areaRows
	at := map[int]int{}
	for _, r := range rows {
		i, known := at[r.Facts.Area]
		if !known {
			i = len(list)
			at[r.Facts.Area] = i
			list = append(list, areaRows{Area: Area{No: r.Facts.Area, Name: areaName(areas, r.Facts.Area)}})
		}
		list[i].Rows = append(list[i].Rows, r)
		if r.Facts.Done {
			list[i].Done++
		}
	}
	slices.SortStableFunc(list, func(a, b areaRows) int { return a.Area.No - b.Area.No })
	return list
}

func (g areaRows) count() string { return strconv.Itoa(g.Done) + "/" + strconv.Itoa(len(g.Rows)) }
