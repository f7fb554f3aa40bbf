package directory

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

func (h *web) yearOf(f *ui.Form) (int, error) {
	text := f.Text("year")
	if text == "" {
		text = h.dir.today()[:4]
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, errs.OnField("year", "directory.year_unreadable", "text", text)
	}
	return n, nil
}

func (h *web) year(w http.ResponseWriter, r *http.Request) error {
	n, err := h.yearOf(ui.Query(r))
	if err != nil {
		return err
	}
	v, err := h.dir.Year(r.Context(), n)
	if err != nil {
		return err
	}
	return show(w, r, "/calendar", i18n.T(r.Context(), "directory.menu.calendar"), 0, year(v))
}

// yearAddress is the page of a year.
func yearAddress(n int) string { return address("/calendar", "year", number(n)) }

func (h *web) dayForm(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := ui.NewForm("day", q.Get("day"), "kind", string(calendar.DayOff))
	if id := q.Get("id"); id != "" {
		d, err := h.dir.Day(r.Context(), id)
		if err != nil {
			return err
		}
		f = ui.NewForm("id", d.ID, "version", strconv.FormatInt(d.Version, 10), "day", shownDay(d.Day), "kind", string(d.Kind), "name", d.Name, "basis", d.Basis,
			"swap_day", shownDay(d.SwapDay), "agency", d.AgencyID, "sample", yes(d.Sample))
	}
	return h.showDay(w, r, f, 0)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func (h *web) showDay(w http.ResponseWriter, r *http.Request, f *ui.Form, st int) error {
	all, err := h.dir.Choices(r.Context(), h.dir.today())
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "directory.day.new")
	if f.Text("id") != "" {
		title = i18n.T(r.Context(), "directory.day.edit")
	}
	return show(w, r, "/calendar", title, st, dayPage(f, all, title))
}

// change is a change of the calendar on its way: read from a form, previewed, made.
type change struct {
	action  string // where the form is posted
	form    *ui.Form
	changes []calendar.Change
	reason  string
	back    string
	done    string // key of the flash
}

// decide previews a change, or makes it once the preview was confirmed. bad shows the
// form again.
func (h *web) decide(w http.ResponseWriter, r *http.Request, c change, err error, bad func(w http.ResponseWriter, r *http.Request, f *ui.Form, st int) error) error {
	if err == nil {
		err = c.form.Err()
	}
	var impact Impact
	sure := c.form.Bool("sure")
	if err == nil && !sure {
		impact, err = h.dir.Preview(r.Context(), c.changes)
	}
	if err == nil && sure {
		err = h.dir.Change(r.Context(), c.changes, c.reason)
	}
	switch {
	case err != nil && !c.form.Keep(err):
		return err
	case err != nil:
		return bad(w, r, c.form, status(c.form, err))
	case !sure:
		title := i18n.T(r.Context(), "directory.impact.title")
		return show(w, r, "/calendar", title, 0, impactPage(c, impact))
	}
	ui.Flash(w, r, c.done)
	return ui.Back(w, r, c.back)
}

func readDay(f *ui.Form) calendar.Day {
	d := calendar.Day{
		ID: f.Text("id"), AgencyID: f.Text("agency"), Day: f.Day("day"), Kind: calendar.DayKind(f.Text("kind")), Name: f.Text("name"),
		Basis: f.Text("basis"), SwapDay: f.Day("swap_day"), Sample: f.Bool("sample"),
	}
	if d.ID != "" {
		d.Version = f.Version()
	}
	return d
}

func (h *web) daySet(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	d := readDay(f)
	c := change{action: "/calendar/day", form: f, changes: []calendar.Change{{SetDay: &d}}, reason: d.Basis, back: backToYear(d.Day), done: "directory.done.day"}
	return h.decide(w, r, c, nil, h.showDay)
}

func backToYear(day string) string {
	if len(day) < 4 {
		return "/calendar"
	}
	return address("/calendar", "year", day[:4])
}

func (h *web) dayRemove(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	ref := calendar.Ref{ID: f.Text("id"), Version: f.Version()}
	d, err := h.dir.Day(r.Context(), ref.ID)
	if err != nil {
		return err
	}
	c := change{action: "/calendar/day/remove", form: f, changes: []calendar.Change{{RemoveDay: &ref}}, reason: f.Text("basis"), back: backToYear(d.Day), done: "directory.done.day_remove"}
	return h.decide(w, r, c, nil, h.showDay)
}

func (h *web) swapForm(w http.ResponseWriter, r *http.Request) error {
	return h.showSwap(w, r, ui.NewForm(), 0)
}

func (h *web) showSwap(w http.ResponseWriter, r *http.Request, f *ui.Form, st int) error {
	return show(w, r, "/calendar", i18n.T(r.Context(), "directory.swap.title"), st, swapPage(f))
}

func (h *web) swap(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	off, up := f.Day("off"), f.Day("make_up")
	var faults errs.List
	faults = append(faults, errs.All(f.Err())...)
	if f.Err() == nil && off == "" {
		faults = append(faults, errs.OnField("off", "directory.day_missing"))
	}
	if f.Err() == nil && up == "" {
		faults = append(faults, errs.OnField("make_up", "directory.day_missing"))
	}
	if off != "" && off == up {
		faults = append(faults, errs.OnField("make_up", "directory.swap_same_day"))
	}
	ctx := i18n.WithLang(r.Context(), i18n.Vi) // the names are data of the calendar, in its language
	c := change{
		action: "/calendar/swap", form: f, reason: f.Text("basis"), back: backToYear(off), done: "directory.done.swap",
		changes: calendar.Swap(off, up, i18n.T(ctx, "directory.swap.off_name", "day", shownDay(up)), i18n.T(ctx, "directory.swap.up_name", "day", shownDay(off)), f.Text("basis")),
	}
	return h.decide(w, r, c, faults.Err(), h.showSwap)
}

func (h *web) suggest(w http.ResponseWriter, r *http.Request) error {
	return h.showSuggest(w, r, ui.Query(r), 0)
}

func (h *web) showSuggest(w http.ResponseWriter, r *http.Request, f *ui.Form, st int) error {
	n, err := h.yearOf(f)
	if err != nil {
		return err
	}
	all, err := h.dir.Suggestions(r.Context(), n)
	if err != nil {
		return err
	}
	return show(w, r, "/calendar", i18n.T(r.Context(), "directory.suggest.title", "year", number(n)), st, suggestPage(f, n, all))
}

// suggestAccept enters the chosen days. A lunar date that is accepted is a day off: it
// was a guess only until an officer compared it with the announcement.
func (h *web) suggestAccept(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	n, err := h.yearOf(f)
	if err != nil {
		return err
	}
	all, err := h.dir.Suggestions(r.Context(), n)
	if err != nil {
		return err
	}
	chosen := map[string]bool{}
	for _, d := range f.All("days") {
		chosen[d] = true
	}
	c := change{action: "/calendar/suggest", form: f, reason: f.Text("basis"), back: yearAddress(n), done: "directory.done.suggest"}
	for _, d := range all {
		if !chosen[d.Day] {
			continue
		}
		if d.Kind == calendar.LunarHint {
			d.Kind = calendar.DayOff
		}
		if f.Text("basis") != "" {
			d.Basis = f.Text("basis")
		}
		c.changes = append(c.changes, calendar.Change{SetDay: &d})
	}
	if len(c.changes) == 0 {
		err = errs.OnField("days", "directory.days_missing")
	}
	return h.decide(w, r, c, err, h.showSuggest)
}

func (h *web) confirmForm(w http.ResponseWriter, r *http.Request) error {
	return h.showConfirm(w, r, ui.Query(r), 0)
}

func (h *web) showConfirm(w http.ResponseWriter, r *http.Request, f *ui.Form, st int) error {
	n, err := h.yearOf(f)
	if err != nil {
		return err
	}
	v, err := h.dir.Year(r.Context(), n)
	if err != nil {
		return err
	}
	return show(w, r, "/calendar", i18n.T(r.Context(), "directory.confirm.title", "year", number(n)), st, confirmPage(f, v))
}

func (h *web) confirm(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	n, err := h.yearOf(f)
	if err != nil {
		return err
	}
	err = h.dir.Change(r.Context(), []calendar.Change{{ConfirmYear: &calendar.Confirmed{Year: n, Document: f.Text("document")}}}, f.Text("document"))
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		return h.showConfirm(w, r, f, status(f, err))
	}
	ui.Flash(w, r, "directory.done.confirm", "year", number(n))
	return ui.Back(w, r, yearAddress(n))
}

// dayTone gives each kind its colour; the icon and the word say the same.
func dayTone(k calendar.DayKind) (tone, icon string) {
	switch k {
	case calendar.DayOff:
		return ui.Wait, "leaf"
	case calendar.MakeUp:
		return ui.Info, "refresh"
	case calendar.LunarHint:
		return ui.Soon, "clock"
	}
	return ui.Soon, "warn"
}

func weekday(ctx context.Context, day string) string {
	t, err := clock.ParseDay(day)
	if err != nil {
		return ""
	}
	return i18n.T(ctx, "directory.weekday."+strconv.Itoa(int(t.Weekday())))
}

// dayTable lists the special days of a year under each month with its working days.
func dayTable(ctx context.Context, v Year) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.year.caption", "year", number(v.Year)),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "directory.day.day")},
			{Head: i18n.T(ctx, "directory.day.kind")},
			{Head: i18n.T(ctx, "directory.day.name")},
			{Head: i18n.T(ctx, "directory.day.basis")},
		},
	}
	if v.Changeable {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "directory.col.act"), Hidden: true})
	}
	for _, m := range v.Months {
		t.Rows = append(t.Rows, ui.Row{Group: i18n.T(ctx, "directory.year.month", "n", number(m.Number)), Count: i18n.T(ctx, "directory.year.working", "n", number(m.Working))})
		for _, d := range m.Days {
			t.Rows = append(t.Rows, dayRow(ctx, v, d))
		}
	}
	return t
}

func dayRow(ctx context.Context, v Year, d calendar.Day) ui.Row {
	tone, icon := dayTone(d.Kind)
	name := d.Name
	if d.AgencyID != "" {
		name += " (" + v.Names[d.AgencyID] + ")"
	}
	notes := []string{}
	if d.SwapDay != "" {
		notes = append(notes, i18n.T(ctx, "directory.day.swapped."+string(d.Kind), "day", i18n.Day(ctx, d.SwapDay)))
	}
	if d.Sample {
		notes = append(notes, i18n.T(ctx, "directory.sample"))
	}
	row := ui.Row{Cells: []ui.Cell{
		{Text: i18n.Day(ctx, d.Day), Sub: weekday(ctx, d.Day)},
		ui.In(ui.StateIcon(tone, icon, i18n.T(ctx, "calendar.kind."+string(d.Kind)))),
		{Text: name, Sub: strings.Join(notes, " · ")},
		{Text: d.Basis, Mute: true},
	}}
	if v.Changeable {
		row.Cells = append(row.Cells, ui.In(ui.Button(ui.Btn{Text: i18n.T(ctx, "directory.day.change"), URL: address("/calendar/day", "id", d.ID), Small: true, Label: i18n.T(ctx, "directory.day.change_what", "day", i18n.Day(ctx, d.Day))})))
	}
	return row
}

func workingDays(v Year) int {
	n := 0
	for _, m := range v.Months {
		n += m.Working
	}
	return n
}

func dayKindChoices(ctx context.Context) []ui.Choice {
	var all []ui.Choice
	for _, k := range []calendar.DayKind{calendar.DayOff, calendar.MakeUp, calendar.ToConfirm, calendar.LunarHint} {
		all = append(all, ui.Choice{Value: string(k), Text: i18n.T(ctx, "calendar.kind."+string(k)), Hint: i18n.T(ctx, "directory.day.kind."+string(k))})
	}
	return all
}

func suggestChoices(ctx context.Context, all []calendar.Day) []ui.Choice {
	var out []ui.Choice
	for _, d := range all {
		out = append(out, ui.Choice{
			Value: d.Day, Text: i18n.Day(ctx, d.Day) + " · " + weekday(ctx, d.Day) + " · " + d.Name,
			Hint: i18n.T(ctx, "calendar.kind."+string(d.Kind)) + basisWords(d.Basis),
		})
	}
	return out
}

func basisWords(basis string) string {
	if basis == "" {
		return ""
	}
	return " · " + basis
}

func moveTable(ctx context.Context, v Impact) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.impact.caption"),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "directory.impact.code")},
			{Head: i18n.T(ctx, "directory.impact.agency")},
			{Head: i18n.T(ctx, "directory.impact.promised")},
			{Head: i18n.T(ctx, "directory.impact.then")},
		},
	}
	for i, m := range v.Moves {
		if i == previewShown {
			break
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: m.Code, Code: true}, ui.Txt(v.Names[m.AgencyID]), ui.Txt(i18n.Time(ctx, m.Promised)), ui.Txt(i18n.Time(ctx, m.Then)),
		}})
	}
	return t
}

// hidden is what the confirming form carries on: everything typed but the answer.
func hidden(f *ui.Form) []string {
	var out []string
	for _, name := range []string{"id", "version", "agency", "day", "kind", "name", "basis", "swap_day", "sample", "off", "make_up", "year",
		"weekdays", "from_day", "to_day", "season_from", "season_to", "sessions"} {
		if f.Has(name) && name != "weekdays" {
			out = append(out, name, f.Text(name))
		}
	}
	for _, name := range []string{"days", "weekdays"} {
		for _, v := range f.All(name) {
			out = append(out, name, v)
		}
	}
	return out
}

func agencyOrAll(ctx context.Context, names map[string]string, id string) string {
	if id == "" {
		return i18n.T(ctx, "directory.hours.all")
	}
	return names[id]
}

func agenciesForEntry(all []org.Agency) []ui.Choice { return agencyChoices(all, "") }
