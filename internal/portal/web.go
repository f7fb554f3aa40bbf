package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

type web struct{ portal *Service }

// Mount adds the public pages to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{portal: s}
	rt.Face(ui.Portal, "/", ui.Public)
	rt.Menu(ui.MenuItem{Face: ui.Portal, Label: "portal.menu.due", URL: "/due", Right: ui.Public, Order: 30})
	rt.Menu(ui.MenuItem{Face: ui.Portal, Label: "portal.menu.home", URL: "/", Right: ui.Public, Order: 10})
	rt.Handle("GET /{$}", ui.Public, h.home)
	rt.Handle("GET /due", ui.Public, h.due)
	rt.Handle("GET /accessibility", ui.Public, h.accessibility)
}

type homeView struct {
	Figures  []Figure
	Now      time.Time
	SignedIn bool
	Due      *ui.Form
}

func (h *web) home(w http.ResponseWriter, r *http.Request) error {
	v := homeView{Now: h.portal.Clock(), SignedIn: identity.From(r.Context()).SignedIn(), Due: h.emptyDue()}
	if h.portal.Figures != nil {
		var err error
		if v.Figures, err = h.portal.Figures(r.Context()); err != nil {
			return err
		}
	}
	return ui.Render(w, r, ui.Page{Title: "", Face: ui.Portal, Active: "/"}, home(v))
}

func (h *web) accessibility(w http.ResponseWriter, r *http.Request) error {
	title := i18n.T(r.Context(), "portal.access.title")
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Portal, Crumbs: crumbs(r, "portal.access.title")}, accessibility())
}

// crumbs leads back to the first page.
func crumbs(r *http.Request, here string) []ui.Crumb {
	return []ui.Crumb{{Text: i18n.T(r.Context(), "portal.menu.home"), URL: "/"}, {Text: i18n.T(r.Context(), here)}}
}

// emptyDue is the form before anything is typed: five working days from now.
func (h *web) emptyDue() *ui.Form {
	return ui.NewForm("start", h.portal.Clock().In(clock.Vietnam).Format("02/01/2006 15:04"), "amount", "5", "unit", string(calendar.WorkingDay))
}

type dueView struct {
	Form   *ui.Form
	Answer *DueAnswer
}

// due shows the form and, when it was sent, the answer under it. It changes nothing,
// so it is a GET: the address of an answer can be kept and sent on.
func (h *web) due(w http.ResponseWriter, r *http.Request) error {
	v := dueView{Form: ui.Query(r)}
	page := ui.Page{Title: i18n.T(r.Context(), "portal.due.title"), Face: ui.Portal, Active: "/due", Crumbs: crumbs(r, "portal.due.title")}
	if !v.Form.Has("start") {
		v.Form = h.emptyDue()
		return ui.Render(w, r, page, due(v))
	}
	req, err := readDue(v.Form)
	if err == nil {
		var ans DueAnswer
		if ans, err = h.portal.Due(r.Context(), req); err == nil {
			v.Answer = &ans
		}
	}
	if err != nil && !v.Form.Keep(err) {
		return err
	}
	if err != nil {
		page.Status = v.Form.Status()
	}
	return ui.Render(w, r, page, due(v))
}

func readDue(f *ui.Form) (DueRequest, error) {
	var faults errs.List
	keep := func(err error) {
		faults = append(faults, errs.All(err)...)
	}
	req := DueRequest{Amount: int(f.Int("amount")), Unit: calendar.Unit(f.Text("unit")), Agency: f.Text("agency")}
	var err error
	req.Start, err = ParseMoment("start", f.Text("start"))
	keep(err)
	from, to := f.Text("pause_from"), f.Text("pause_to")
	if from != "" || to != "" {
		var span calendar.Span
		span.From, err = ParseMoment("pause_from", from)
		keep(err)
		span.To, err = ParseMoment("pause_to", to)
		keep(err)
		req.Pauses = []calendar.Span{span}
	}
	keep(f.Err())
	return req, faults.Err()
}

// stepTone gives each kind of day its colour; a word always stands beside it.
func stepTone(k calendar.StepKind) string {
	switch k {
	case calendar.StepFull, calendar.StepPartial, calendar.StepMakeUp, calendar.StepCalendar:
		return ui.OK
	case calendar.StepPause:
		return ui.Wait
	case calendar.StepToConfirm, calendar.StepUnconfirmed:
		return ui.Soon
	}
	return ui.Neutral
}

// hours writes minutes as hours and minutes: "7 giờ 30 phút".
func hours(ctx context.Context, minutes int64) string {
	if minutes == 0 {
		return "–"
	}
	h, m := minutes/60, minutes%60
	var parts []string
	if h > 0 {
		parts = append(parts, i18n.T(ctx, "portal.due.hours", "n", strconv.FormatInt(h, 10)))
	}
	if m > 0 {
		parts = append(parts, i18n.T(ctx, "portal.due.minutes", "n", strconv.FormatInt(m, 10)))
	}
	return strings.Join(parts, " ")
}

// weekday writes a day with its name: "Thứ Hai, 14/09/2026".
func weekday(ctx context.Context, day string) string {
	t, err := clock.ParseDay(day)
	if err != nil {
		return day
	}
	return i18n.T(ctx, "portal.weekday."+strconv.Itoa(int(t.Weekday()))) + ", " + i18n.Day(ctx, day)
}

func stepTable(ctx context.Context, steps []calendar.Step) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "portal.due.steps"),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "portal.due.col.day")},
			{Head: i18n.T(ctx, "portal.due.col.kind")},
			{Head: i18n.T(ctx, "portal.due.col.hours"), Phone: true},
			{Head: i18n.T(ctx, "portal.due.col.counted"), Numeric: true},
			{Head: i18n.T(ctx, "portal.due.col.left"), Numeric: true},
		},
	}
	for _, s := range steps {
		span := "–"
		if s.From != "" {
			span = s.From + "–" + s.To
		}
		words := i18n.T(ctx, "portal.step."+string(s.Kind))
		if s.Name != "" {
			words += ": " + s.Name
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Txt(weekday(ctx, s.Day)),
			ui.In(ui.State(stepTone(s.Kind), words)),
			ui.Txt(span),
			ui.Txt(hours(ctx, s.Minutes)),
			ui.Txt(hours(ctx, s.Left)),
		}})
	}
	return t
}

func units(ctx context.Context) []ui.Choice {
	var all []ui.Choice
	for _, u := range []calendar.Unit{calendar.WorkingDay, calendar.WorkingHour, calendar.Minute, calendar.CalendarDay} {
		all = append(all, ui.Choice{Value: string(u), Text: i18n.T(ctx, "portal.unit."+string(u))})
	}
	return all
}

func stats(figures []Figure) []ui.Stat {
	all := make([]ui.Stat, len(figures))
	for i, f := range figures {
		all[i] = ui.Stat{Label: f.Label, Value: f.Value, Unit: f.Unit, Sub: f.Sub, URL: f.URL, Tone: f.Tone}
	}
	return all
}

func moment(ctx context.Context, t time.Time) string {
	t = t.In(clock.Vietnam)
	return t.Format("15:04") + ", " + weekday(ctx, clock.Day(t))
}
