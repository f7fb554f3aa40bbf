package quality

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.measure", Label: "quality.menu", URL: "/quality", Icon: "chart", Right: RightView, Order: 40})
	rt.Handle("GET /quality", RightView, h.index)
	rt.Handle("GET /quality/official", RightVerify, h.officialForm)
	rt.Handle("POST /quality/official", RightVerify, h.official)
	rt.Handle("GET /quality/freeze", RightVerify, h.freezeForm)
	rt.Handle("POST /quality/freeze", RightVerify, h.freeze)
	rt.Handle("GET /quality/form", RightView, h.form)
	rt.Handle("GET /quality/form/docx", RightView, h.formDocx)
	rt.Handle("GET /quality/units", RightView, h.units)
	rt.Handle("POST /quality/units", RightScore, h.begin)
	rt.Handle("GET /quality/sheets/{id}", RightView, h.sheet)
	rt.Handle("POST /quality/sheets/{id}/score", RightScore, h.score)
	rt.Handle("POST /quality/sheets/{id}/submit", RightScore, h.submit)
	rt.Handle("POST /quality/sheets/{id}/return", RightVerify, h.giveBack)
	rt.Handle("POST /quality/sheets/{id}/verify", RightVerify, h.verify)
	rt.Handle("GET /quality/settings", RightSettings, h.settings)
	rt.Handle("GET /quality/settings/{code}", RightSettings, h.weightForm)
	rt.Handle("POST /quality/settings/{code}", RightSettings, h.weight)
}

// asked is what a page is about: an agency and a period, with what else may be chosen.
type asked struct {
	agency, period string
	agencies       []org.Agency
	periods        []Period
}

// question reads agency and period of the address; without them the page opens on the
// reader's own agency and the last quarter that ended.
func (h *web) question(r *http.Request) (q asked, err error) {
	ctx := r.Context()
	if q.agencies, err = h.s.Agencies(ctx); err != nil {
		return q, err
	}
	q.periods = Choices(clock.Day(h.s.Clock()))
	q.agency, q.period = r.FormValue("agency"), r.FormValue("period")
	if q.agency == "" {
		q.agency = h.s.Home(ctx, q.agencies)
	}
	if q.period == "" {
		q.period = q.periods[1].Code
	}
	if q.agency == "" {
		err = errs.New(errs.NotFound, "quality.agency_unknown")
	}
	return q, err
}

// at is an address of the room about the same agency and period.
func (q asked) at(path string) string {
	return path + "?" + url.Values{"agency": {q.agency}, "period": {q.period}}.Encode()
}

func (q asked) agencyChoices() []ui.Choice {
	list := make([]ui.Choice, len(q.agencies))
	for i, o := range q.agencies {
		list[i] = ui.Choice{Value: o.ID, Text: o.Name}
	}
	return list
}

func (q asked) periodChoices(ctx context.Context, quarters bool) (list []ui.Choice) {
	listed := false
	for _, p := range q.periods {
		if !quarters || len(p.Code) == len("2026-Q3") && p.Code[5] == 'Q' {
			list = append(list, ui.Choice{Value: p.Code, Text: periodName(ctx, p.Code)})
			listed = listed || p.Code == q.period
		}
	}
	if p, err := ParsePeriod(q.period); !listed && err == nil {
		list = append(list, ui.Choice{Value: p.Code, Text: periodName(ctx, p.Code)})
	}
	return list
}

// periodName writes a period for the reader.
func periodName(ctx context.Context, code string) string {
	switch {
	case len(code) == 4:
		return i18n.T(ctx, "quality.period.year", "year", code)
	case code[5] == 'Q':
		return i18n.T(ctx, "quality.period.quarter", "n", code[6:], "year", code[:4])
	}
	return i18n.T(ctx, "quality.period.month", "n", code[5:], "year", code[:4])
}

func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/quality", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "quality.menu"), URL: "/quality"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

func (h *web) index(w http.ResponseWriter, r *http.Request) error {
	q, err := h.question(r)
	if err != nil {
		return err
	}
	v, err := h.s.Index(r.Context(), q.agency, q.period)
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "chi-so-phuc-vu-"+q.period, as, indexTable(r.Context(), v))
	}
	ranking, err := h.s.Ranking(r.Context(), q.period)
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "quality.index.title"), 0, indexPage(q, v, ranking))
}

func (h *web) officialForm(w http.ResponseWriter, r *http.Request) error {
	return h.showOfficial(w, r, ui.NewForm(), 0)
}

func (h *web) showOfficial(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	q, err := h.question(r)
	if err != nil {
		return err
	}
	v, err := h.s.Index(r.Context(), q.agency, q.period)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "quality.official.title")
	return show(w, r, title, status, officialPage(q, v, f, title), ui.Crumb{Text: title})
}

func (h *web) official(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err = h.s.SetOfficial(r.Context(), f.Text("agency"), f.Text("period"), f.Long("lines"), f.Text("evidence")); err == nil {
		ui.Flash(w, r, "quality.did.official")
		return ui.Back(w, r, asked{agency: f.Text("agency"), period: f.Text("period")}.at("/quality"))
	}
	if !f.Keep(err) {
		return err
	}
	return h.showOfficial(w, r, f, f.StatusFor(err))
}

func (h *web) freezeForm(w http.ResponseWriter, r *http.Request) error {
	q, err := h.question(r)
	if err != nil {
		return err
	}
	v, err := h.s.Index(r.Context(), q.agency, q.period)
	if err != nil {
		return err
	}
	ctx := r.Context()
	title := i18n.T(ctx, "quality.freeze.title")
	return show(w, r, title, 0, ui.Ask(ui.Question{Title: title, Text: i18n.T(ctx, "quality.freeze.text", "agency", v.Agency.Name, "period", periodName(ctx, q.period)),
		Action: "/quality/freeze", Yes: i18n.T(ctx, "quality.freeze.do"), BackURL: q.at("/quality"), Hidden: []string{"agency", q.agency, "period", q.period}}), ui.Crumb{Text: title})
}

func (h *web) freeze(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.s.Freeze(r.Context(), f.Text("agency"), f.Text("period")); err != nil {
		return err
	}
	ui.Flash(w, r, "quality.did.freeze")
	return ui.Back(w, r, asked{agency: f.Text("agency"), period: f.Text("period")}.at("/quality"))
}

// weights

func (h *web) settings(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Settings(r.Context())
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "trong-so-chi-so-phuc-vu", as, weightTable(r.Context(), v))
	}
	title := i18n.T(r.Context(), "quality.settings.title")
	return show(w, r, title, 0, settingsPage(v, title), ui.Crumb{Text: title})
}

func (h *web) weightForm(w http.ResponseWriter, r *http.Request) error {
	return h.showWeight(w, r, ui.NewForm(), 0)
}

func (h *web) line(r *http.Request) (l Line, today string, err error) {
	v, err := h.s.Settings(r.Context())
	if err != nil {
		return l, "", err
	}
	for _, l := range v.Lines {
		if l.Code == r.PathValue("code") {
			return l, v.Day, nil
		}
	}
	return l, "", errs.New(errs.NotFound, "quality.line_unknown")
}

func (h *web) showWeight(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	l, today, err := h.line(r)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "quality.weight.title", "code", l.Code)
	return show(w, r, title, status, weightPage(l, today, f, title), ui.Crumb{Text: i18n.T(r.Context(), "quality.settings.title"), URL: "/quality/settings"}, ui.Crumb{Text: l.Code})
}

func (h *web) weight(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	l, _, err := h.line(r)
	if err != nil {
		return err
	}
	in := Weight{Code: l.Code, FromDay: f.Day("from"), Max: f.Text("max"), Full: f.Text("full"), Source: f.Text("source"), Doubt: f.Bool("doubt")}
	if in.FromDay == l.FromDay {
		in.Version = f.Version()
	}
	if err = f.Err(); err == nil {
		if err = h.s.SetWeight(r.Context(), in); err == nil {
			ui.Flash(w, r, "quality.did.weight")
			return ui.Back(w, r, "/quality/settings")
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.showWeight(w, r, f, f.StatusFor(err))
}
