package directory

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

type web struct{ dir *Service }

// Mount adds the pages of the directories to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{dir: s}
	rt.Menu(
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.manage", Label: "directory.menu.agencies", URL: "/agencies", Icon: "building", Right: "directory.view", Order: 10},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.manage", Label: "directory.menu.calendar", URL: "/calendar", Icon: "calendar", Right: "directory.view", Order: 20},
	)
	rt.Handle("GET /agencies", "directory.view", h.list)
	rt.Handle("GET /agencies/tree", "directory.view", h.tree)
	rt.Handle("GET /agencies/{id}", "directory.view", h.agency)
	rt.Handle("GET /agencies/new", "directory.manage", h.newForm)
	rt.Handle("POST /agencies", "directory.manage", h.create)
	for _, act := range acts {
		rt.Handle("GET /agencies/{id}/"+act.name, "directory.manage", h.actForm(act))
		rt.Handle("POST /agencies/{id}/"+act.name, "directory.manage", h.act(act))
	}
	rt.Handle("POST /agencies/{id}/alias-off", "directory.manage", h.aliasOff)
	rt.Handle("GET /agencies/import", "directory.manage", h.importForm)
	rt.Handle("POST /agencies/import", "directory.manage", h.importPreview, ui.MaxBytes(uploadMost))
	rt.Handle("POST /agencies/import/commit", "directory.manage", h.importCommit, ui.MaxBytes(commitMost))

	rt.Handle("GET /agencies/reorganise", "directory.manage", h.wizard)
	rt.Handle("POST /agencies/reorganise/preview", "directory.manage", h.wizardPreview)
	rt.Handle("POST /agencies/reorganise", "directory.manage", h.reorganise, ui.MaxBytes(commitMost))
	rt.Handle("GET /handovers", "directory.view", h.minutesList)
	rt.Handle("GET /handovers/{id}", "directory.view", h.minutes)
	rt.Handle("GET /handovers/{id}/docx", "directory.view", h.minutesDocx)
	rt.Handle("POST /handovers/{id}/continue", "directory.manage", h.minutesContinue)

	rt.Handle("GET /calendar", "directory.view", h.year)
	rt.Handle("GET /calendar/day", "directory.calendar", h.dayForm)
	rt.Handle("POST /calendar/day", "directory.calendar", h.daySet)
	rt.Handle("POST /calendar/day/remove", "directory.calendar", h.dayRemove)
	rt.Handle("GET /calendar/swap", "directory.calendar", h.swapForm)
	rt.Handle("POST /calendar/swap", "directory.calendar", h.swap)
	rt.Handle("GET /calendar/suggest", "directory.calendar", h.suggest)
	rt.Handle("POST /calendar/suggest", "directory.calendar", h.suggestAccept)
	rt.Handle("GET /calendar/confirm", "directory.calendar", h.confirmForm)
	rt.Handle("POST /calendar/confirm", "directory.calendar", h.confirm)
	rt.Handle("GET /calendar/hours", "directory.view", h.hours)
	rt.Handle("GET /calendar/hours/entry", "directory.calendar", h.hoursForm)
	rt.Handle("POST /calendar/hours/entry", "directory.calendar", h.hoursSet)
	rt.Handle("POST /calendar/hours/remove", "directory.calendar", h.hoursRemove)
}

// show renders a page of the desk; trail is the way down to it, text and address.
func show(w http.ResponseWriter, r *http.Request, active, title string, status int, body templ.Component, trail ...string) error {
	ctx := r.Context()
	root := "directory.menu.agencies"
	if active == "/calendar" {
		root = "directory.menu.calendar"
	}
	crumbs := []ui.Crumb{{Text: i18n.T(ctx, root), URL: active}}
	for i := 0; i+1 < len(trail); i += 2 {
		crumbs = append(crumbs, ui.Crumb{Text: trail[i], URL: trail[i+1]})
	}
	if title == i18n.T(ctx, root) {
		crumbs = nil
	} else {
		crumbs = append(crumbs, ui.Crumb{Text: title})
	}
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Desk, Active: active, Crumbs: crumbs, Status: status}, body)
}

// status is 409 for a form that came back because somebody else was faster, 422 for one
// with faults.
func status(f *ui.Form, err error) int {
	if errs.KindOf(err) == errs.Conflict {
		return http.StatusConflict
	}
	return f.Status()
}

// dayOf reads a day of an address as people type it; what is no day is kept as it is,
// for the service to refuse.
func dayOf(text string) string {
	if day, ok := ui.ParseDay(text); ok {
		return day
	}
	return text
}

func address(path string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func number(n int) string { return strconv.Itoa(n) }

func kindName(ctx context.Context, k org.Kind) string { return i18n.T(ctx, "org.kind."+string(k)) }

func kindChoices(ctx context.Context) []ui.Choice {
	var all []ui.Choice
	for _, k := range org.Kinds {
		all = append(all, ui.Choice{Value: string(k), Text: kindName(ctx, k)})
	}
	return all
}

func agencyChoices(all []org.Agency, without string) []ui.Choice {
	var out []ui.Choice
	for _, a := range all {
		if a.ID != without {
			out = append(out, ui.Choice{Value: a.ID, Text: a.Name + " (" + a.Code + ")"})
		}
	}
	return out
}

// span writes a validity: "from 01/07/2025", "until 30/06/2025", both, or always.
func span(ctx context.Context, from, to string) string {
	open, end := from <= org.First, to >= org.Last
	switch {
	case open && end:
		return i18n.T(ctx, "directory.span.always")
	case open:
		return i18n.T(ctx, "directory.span.until", "to", i18n.Day(ctx, to))
	case end:
		return i18n.T(ctx, "directory.span.from", "from", i18n.Day(ctx, from))
	}
	return i18n.T(ctx, "directory.span.both", "from", i18n.Day(ctx, from), "to", i18n.Day(ctx, to))
}

// shownDay is a stored day as a form shows it; open ends are empty.
func shownDay(day string) string {
	if day <= org.First || day >= org.Last {
		return ""
	}
	t, err := clock.ParseDay(day)
	if err != nil {
		return day
	}
	return t.Format("02/01/2006")
}

// fieldName is a field of work in words: "" is every field, an unknown word stands as
// it was typed.
func fieldName(ctx context.Context, field string) string {
	if field == "" {
		return i18n.T(ctx, "directory.all_fields")
	}
	if key := "directory.field." + field; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return field
}
