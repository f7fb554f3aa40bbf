package directory

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/calendar"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

func (h *web) hours(w http.ResponseWriter, r *http.Request) error {
	v, err := h.dir.Hours(r.Context())
	if err != nil {
		return err
	}
	return show(w, r, "/calendar", i18n.T(r.Context(), "directory.hours.title"), 0, hoursPage(v))
}

func (h *web) hoursForm(w http.ResponseWriter, r *http.Request) error {
	pairs := []string{"sessions", calendar.DefaultSessions}
	weekdays := "12345"
	if id := r.URL.Query().Get("id"); id != "" {
		e, err := h.dir.HoursEntry(r.Context(), id)
		if err != nil {
			return err
		}
		weekdays = e.Weekdays
		pairs = []string{"id", e.ID, "version", strconv.FormatInt(e.Version, 10), "agency", e.AgencyID, "name", e.Name, "from_day", shownDay(e.FromDay), "to_day", shownDay(e.ToDay),
			"season_from", e.SeasonFrom, "season_to", e.SeasonTo, "sessions", e.Sessions, "basis", e.Basis}
	}
	for _, d := range strings.Split(weekdays, "") {
		pairs = append(pairs, "weekdays", d)
	}
	return h.showHours(w, r, ui.NewForm(pairs...), 0)
}

func (h *web) showHours(w http.ResponseWriter, r *http.Request, f *ui.Form, st int) error {
	all, err := h.dir.Choices(r.Context(), h.dir.today())
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "directory.hours.new")
	if f.Text("id") != "" {
		title = i18n.T(r.Context(), "directory.hours.edit")
	}
	return show(w, r, "/calendar", title, st, hoursEntry(f, all, title), i18n.T(r.Context(), "directory.hours.title"), "/calendar/hours")
}

func (h *web) hoursSet(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	e := calendar.Hours{
		ID: f.Text("id"), AgencyID: f.Text("agency"), Name: f.Text("name"), Weekdays: strings.Join(f.All("weekdays"), ""), FromDay: f.Day("from_day"), ToDay: f.Day("to_day"),
		SeasonFrom: f.Text("season_from"), SeasonTo: f.Text("season_to"), Sessions: f.Text("sessions"), Basis: f.Text("basis"),
	}
	if e.ID != "" {
		e.Version = f.Version()
	}
	c := change{action: "/calendar/hours/entry", form: f, changes: []calendar.Change{{SetHours: &e}}, reason: e.Basis, back: "/calendar/hours", done: "directory.done.hours"}
	return h.decide(w, r, c, nil, h.showHours)
}

func (h *web) hoursRemove(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	ref := calendar.Ref{ID: f.Text("id"), Version: f.Version()}
	c := change{action: "/calendar/hours/remove", form: f, changes: []calendar.Change{{RemoveHours: &ref}}, back: "/calendar/hours", done: "directory.done.hours_remove"}
	return h.decide(w, r, c, nil, h.showHours)
}

// weekdayWords writes "12345" as "Monday – Friday".
func weekdayWords(ctx context.Context, days string) string {
	var all []string
	for _, d := range days {
		all = append(all, i18n.T(ctx, "directory.weekday."+strconv.Itoa(int(d-'0')%7)))
	}
	return strings.Join(all, ", ")
}

func seasonWords(ctx context.Context, h calendar.Hours) string {
	words := span(ctx, h.FromDay, h.ToDay)
	if h.SeasonFrom != "" {
		words += " · " + i18n.T(ctx, "directory.hours.season", "from", dayMonth(h.SeasonFrom), "to", dayMonth(h.SeasonTo))
	}
	return words
}

// dayMonth turns a stored MM-DD into DD/MM.
func dayMonth(s string) string {
	m, d, ok := strings.Cut(s, "-")
	if !ok {
		return s
	}
	return d + "/" + m
}

func sessionWords(ctx context.Context, sessions string) string {
	if sessions == "" {
		return i18n.T(ctx, "directory.hours.closed")
	}
	return strings.ReplaceAll(sessions, ",", ", ")
}

func hoursTable(ctx context.Context, v Hours) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.hours.title"),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "directory.hours.name")},
			{Head: i18n.T(ctx, "directory.hours.who")},
			{Head: i18n.T(ctx, "directory.hours.weekdays")},
			{Head: i18n.T(ctx, "directory.hours.sessions")},
			{Head: i18n.T(ctx, "directory.hours.when")},
		},
	}
	if v.Changeable {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "directory.col.act"), Hidden: true})
	}
	for _, h := range v.All {
		row := ui.Row{Cells: []ui.Cell{
			{Text: h.Name, Sub: h.Basis}, ui.Txt(agencyOrAll(ctx, v.Names, h.AgencyID)), ui.Txt(weekdayWords(ctx, h.Weekdays)),
			ui.Txt(sessionWords(ctx, h.Sessions)), ui.Txt(seasonWords(ctx, h)),
		}}
		if v.Changeable {
			row.Cells = append(row.Cells, ui.In(ui.Button(ui.Btn{Text: i18n.T(ctx, "directory.day.change"), URL: address("/calendar/hours/entry", "id", h.ID), Small: true, Label: i18n.T(ctx, "directory.hours.change_what", "name", h.Name)})))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func weekdayChoices(ctx context.Context) []ui.Choice {
	var all []ui.Choice
	for i := 1; i <= 7; i++ {
		all = append(all, ui.Choice{Value: strconv.Itoa(i), Text: i18n.T(ctx, "directory.weekday."+strconv.Itoa(i%7))})
	}
	return all
}

// changeLines says in words what a change of the calendar would write.
func changeLines(ctx context.Context, changes []calendar.Change) []string {
	var out []string
	for _, c := range changes {
		switch {
		case c.SetDay != nil:
			out = append(out, i18n.T(ctx, "directory.impact.set_day", "day", i18n.Day(ctx, c.SetDay.Day), "weekday", weekday(ctx, c.SetDay.Day),
				"kind", i18n.T(ctx, "calendar.kind."+string(c.SetDay.Kind)), "name", c.SetDay.Name))
		case c.RemoveDay != nil:
			out = append(out, i18n.T(ctx, "directory.impact.remove_day"))
		case c.SetHours != nil:
			out = append(out, i18n.T(ctx, "directory.impact.set_hours", "name", c.SetHours.Name, "weekdays", weekdayWords(ctx, c.SetHours.Weekdays), "sessions", sessionWords(ctx, c.SetHours.Sessions)))
		case c.RemoveHours != nil:
			out = append(out, i18n.T(ctx, "directory.impact.remove_hours"))
		}
	}
	return out
}
