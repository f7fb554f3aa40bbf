package report

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cchc/internal/decimal"
	"cchc/internal/i18n"
	"cchc/internal/indicator"
	"cchc/internal/ui"
)

type web struct{ report *Service }

// Mount adds the cockpit and the page of a figure to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{report: s}
	rt.Face(ui.Cockpit, "/cockpit", "report.view")
	rt.Menu(ui.MenuItem{Face: ui.Cockpit, Label: "report.menu.overview", URL: "/cockpit", Right: "report.view", Order: 10})
	rt.Handle("GET /cockpit", "report.view", h.cockpit)
	rt.Handle("GET /figures/{code}", ui.SignedIn, h.figure)
	h.mountPeriod(rt)
}

func (h *web) cockpit(w http.ResponseWriter, r *http.Request) error {
	c, err := h.report.Cockpit(r.Context())
	if err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T(r.Context(), "report.cockpit.title"), Face: ui.Cockpit, Active: "/cockpit"}
	return ui.Render(w, r, page, cockpit(c, h.report.UrgeURL))
}

func (h *web) figure(w http.ResponseWriter, r *http.Request) error {
	f, err := h.report.Figure(r.Context(), readQuestion(r), r.URL.Query().Get("after"), ui.Sheet(r) != "")
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, f.Indicator.Code, as, recordTable(r.Context(), f))
	}
	name := i18n.T(r.Context(), f.Indicator.NameKey())
	page := ui.Page{Title: name, Face: face(r), Crumbs: []ui.Crumb{{Text: i18n.T(r.Context(), "report.menu.overview"), URL: "/cockpit"}, {Text: name}}}
	return ui.Render(w, r, page, figure(f))
}

// face keeps the reader on the face from which the number was opened.
func face(r *http.Request) string {
	if r.URL.Query().Get("face") == ui.Cockpit {
		return ui.Cockpit
	}
	return ui.Desk
}

// known are the words of a question's address; every other one names a dimension.
var known = map[string]bool{"agency": true, "from": true, "to": true, "on": true, "after": true, "face": true, "as": true}

func readQuestion(r *http.Request) Question {
	v := r.URL.Query()
	q := Question{Code: r.PathValue("code"), AgencyID: v.Get("agency"), From: v.Get("from"), To: v.Get("to"), On: v.Get("on"), Dims: map[string]string{}}
	for name := range v {
		if !known[name] {
			q.Dims[name] = v.Get(name)
		}
	}
	return q
}

// address is the page of a question; the same question always has the same address.
func (q Question) address(more ...string) string {
	v := url.Values{}
	for name, value := range map[string]string{"agency": q.AgencyID, "from": q.From, "to": q.To, "on": q.On} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for name, value := range q.Dims {
		v.Set(name, value)
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	if len(v) == 0 {
		return "/figures/" + q.Code
	}
	return "/figures/" + q.Code + "?" + v.Encode()
}

// value writes a reading as its unit asks: 13,16 and %, or 31.
func value(ctx context.Context, ind indicator.Indicator, r indicator.Reading) (text, unit string) {
	if r.Value == "" {
		return "", ""
	}
	if ind.Unit == "percent" {
		return i18n.Decimal(ctx, r.Value), "%"
	}
	return i18n.Decimal(ctx, r.Value), ""
}

// under is the line under a figure: numerator and denominator, or that no case arose.
func under(ctx context.Context, ind indicator.Indicator, r indicator.Reading) string {
	switch {
	case r.Value == "":
		return i18n.T(ctx, "indicator.no_case")
	case r.Denominator > 0 && ind.Unit == "percent":
		return i18n.T(ctx, "report.out_of", "n", i18n.Number(ctx, r.Numerator), "of", i18n.Number(ctx, r.Denominator))
	case ind.Unit == "percent":
		return ""
	case r.Denominator > 1:
		return i18n.T(ctx, "report.out_of", "n", i18n.Number(ctx, r.Numerator), "of", i18n.Number(ctx, r.Denominator))
	}
	return i18n.T(ctx, "indicator.unit."+ind.Unit)
}

func tiles(ctx context.Context, all []Tile) []ui.Stat {
	out := make([]ui.Stat, len(all))
	for i, t := range all {
		text, unit := value(ctx, t.Indicator, t.Reading)
		out[i] = ui.Stat{
			Label: i18n.T(ctx, t.Indicator.NameKey()), Value: text, Unit: unit,
			Sub: under(ctx, t.Indicator, t.Reading), URL: t.Question.address("face", ui.Cockpit), Spark: spark(t.Points),
		}
		if t.Indicator.Code == lateFigure && t.Reading.Numerator > 0 {
			out[i].Tone = ui.Late
		}
	}
	return out
}

// spark draws a course of at least three points; the table of months stands on the figure's page.
func spark(points []indicator.Point) []float64 {
	var all []float64
	for _, p := range points {
		if p.Reading.Value == "" {
			continue
		}
		d, err := decimal.Parse(p.Reading.Value)
		if err != nil {
			continue
		}
		f, err := strconv.ParseFloat(d.Fixed(4), 64)
		if err == nil {
			all = append(all, f)
		}
	}
	if len(all) < 3 {
		return nil
	}
	return all
}

func recordTable(ctx context.Context, f Figure) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "report.records"), AsFile: true,
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "report.col.record")},
			{Head: i18n.T(ctx, "report.col.agency")},
			{Head: i18n.T(ctx, "report.col.note")},
		},
	}
	for _, rec := range f.Records.Rows {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: rec.Title, URL: rec.URL, Sub: rec.Code},
			ui.Txt(rec.Agency),
			ui.Txt(rec.Note),
		}})
	}
	return t
}

func lateTable(ctx context.Context, c Cockpit, urge func(code, id string) string) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "report.late"),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "report.col.record")},
			{Head: i18n.T(ctx, "report.col.agency")},
			{Head: i18n.T(ctx, "report.col.late")},
			{Head: i18n.T(ctx, "report.col.act"), Hidden: true},
		},
	}
	for _, rec := range c.Late {
		act := ui.Cell{}
		if u := urge(lateFigure, rec.ID); u != "" {
			act.Body = ui.Button(ui.Btn{Text: i18n.T(ctx, "report.urge"), URL: u, Icon: "urge", Small: true, Label: i18n.T(ctx, "report.urge_what", "what", rec.Title+", "+rec.Agency)})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: rec.Title, URL: rec.URL, Sub: rec.Code},
			ui.Txt(rec.Agency),
			ui.In(ui.DueState(-max(1, daysLate(rec.At, c.Now)))),
			act,
		}})
	}
	return t
}

// daysLate counts calendar days, as people tell lateness.
func daysLate(due, now time.Time) int { return int(now.Sub(due).Hours()) / 24 }

func basis(ctx context.Context, ind indicator.Indicator) string {
	if strings.TrimSpace(ind.Basis) == "" {
		return i18n.T(ctx, "report.basis_own")
	}
	return ind.Basis
}

func scopeWords(ctx context.Context, f Figure) string {
	if f.Agency != "" {
		return f.Agency
	}
	return i18n.T(ctx, "report.scope_province")
}

func next(f Figure) string {
	if f.Records.Next == "" {
		return ""
	}
	return f.Question.address("after", f.Records.Next)
}
