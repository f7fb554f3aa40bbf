package citizen

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// lookupPath begins the address that the QR code of a slip holds.
const lookupPath = "/tra-cuu"

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Portal, Label: "citizen.menu", URL: lookupPath, Right: ui.Public, Order: 20})
	rt.Handle("GET "+lookupPath, ui.Public, h.ask)
	rt.Handle("GET "+lookupPath+"/{code}", ui.Public, h.show)
}

// ask shows the form; a code that was typed into it leads to the page of its dossier,
// which is the page that a slip's QR code opens too.
func (h *web) ask(w http.ResponseWriter, r *http.Request) error {
	f := ui.Query(r)
	if !f.Has("code") {
		return draw(w, r, http.StatusOK, askPage(ui.NewForm()))
	}
	at, err := h.s.Lookup(r.Context(), f.Text("code"))
	if err != nil {
		return refuse(w, r, f, err)
	}
	return ui.Back(w, r, lookupPath+"/"+url.PathEscape(at.Code))
}

func (h *web) show(w http.ResponseWriter, r *http.Request) error {
	typed := r.PathValue("code")
	at, err := h.s.Lookup(r.Context(), typed)
	if err != nil {
		return refuse(w, r, ui.NewForm("code", typed), err)
	}
	return draw(w, r, http.StatusOK, standingPage(at, h.s.Clock()), ui.Crumb{Text: at.Code})
}

// refuse shows the form again with what was typed and why it led nowhere. Not found and
// too many tries are answers to a typed code, too: the reader stays at the form.
func refuse(w http.ResponseWriter, r *http.Request, f *ui.Form, err error) error {
	kind := errs.KindOf(err)
	if kind == errs.NotFound || kind == errs.TooMany {
		e := *errs.All(err)[0]
		e.Kind, e.Field = errs.Invalid, "code"
		err = &e
	}
	if !f.Keep(err) {
		return err
	}
	return draw(w, r, ui.Status(kind), askPage(f))
}

// draw shows a page that no search engine and no shared cache keeps: a code in an address
// is enough to see where a dossier stands.
func draw(w http.ResponseWriter, r *http.Request, status int, body templ.Component, trail ...ui.Crumb) error {
	ctx := r.Context()
	title := i18n.T(ctx, "citizen.menu")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	crumbs := []ui.Crumb{{Text: i18n.T(ctx, "portal.menu.home"), URL: "/"}, {Text: title}}
	if len(trail) > 0 {
		crumbs[1].URL = lookupPath
	}
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Portal, Active: lookupPath, Status: status, Robots: "noindex", Crumbs: append(crumbs, trail...)}, body)
}

func momentOf(ctx context.Context, ms int64) string { return i18n.Time(ctx, clock.FromMs(ms)) }

// timeline is what happened, what goes on now, and what is still to come.
func timeline(ctx context.Context, s Standing) []ui.Step {
	var steps []ui.Step
	for _, e := range s.Events {
		steps = append(steps, ui.Step{Tone: "done", Title: i18n.T(ctx, "citizen.event."+e.Move), At: momentOf(ctx, e.AtMs)})
	}
	ahead := s.Ahead()
	if stage := s.Stage(); stage != StageDone && stage != StageOver {
		title := i18n.T(ctx, "state.dossier."+s.State)
		if s.State == "received" { // the event above says that it was
			title = i18n.T(ctx, "citizen.now.received")
		}
		steps = append(steps, ui.Step{Tone: "now", Title: title, Text: i18n.T(ctx, "citizen.where."+string(stage), "receiving", s.Receiving, "competent", s.Competent, "returning", s.Returning)})
	}
	for _, next := range ahead {
		step := ui.Step{Tone: "next", Title: i18n.T(ctx, "citizen.ahead."+string(next))}
		if next == StageReturn && s.Promised() {
			step.At = i18n.T(ctx, "citizen.before", "at", momentOf(ctx, s.DueMs))
		}
		steps = append(steps, step)
	}
	return steps
}

// facts are what tells the owner that it is this dossier.
func facts(ctx context.Context, s Standing) []ui.SumLine {
	procedure := s.Procedure
	if s.ProcedureCode != "" {
		procedure += " (" + s.ProcedureCode + ")"
	}
	lines := []ui.SumLine{
		{Term: i18n.T(ctx, "citizen.fact.procedure"), Text: procedure},
		{Term: i18n.T(ctx, "citizen.fact.applicant"), Text: s.Applicant},
	}
	if s.IDNumber != "" {
		lines = append(lines, ui.SumLine{Term: i18n.T(ctx, "citizen.fact.number"), Text: s.IDNumber})
	}
	lines = append(lines, ui.SumLine{Term: i18n.T(ctx, "citizen.fact.receiving"), Text: s.Receiving}, ui.SumLine{Term: i18n.T(ctx, "citizen.fact.competent"), Text: s.Competent})
	if s.OriginalDueMs > 0 {
		lines = append(lines, ui.SumLine{Term: i18n.T(ctx, "citizen.fact.promised"), Text: momentOf(ctx, s.OriginalDueMs)})
	}
	if s.DueMs > 0 && s.DueMs != s.OriginalDueMs {
		lines = append(lines, ui.SumLine{Term: i18n.T(ctx, "citizen.fact.now"), Text: momentOf(ctx, s.DueMs)})
	}
	return append(lines, ui.SumLine{Term: i18n.T(ctx, "citizen.fact.returning"), Text: s.Returning})
}
