package plan

import (
	"net/http"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// mountLinks adds the page that a reminder's link opens. Opening it changes nothing: a
// mail scanner that follows links reports nothing in anybody's name.
func (h *pages) mountLinks(rt *ui.Router) {
	rt.Handle("GET "+LinkPath+"{token}", ui.Public, h.link)
	rt.Handle("POST "+LinkPath+"{token}", ui.Public, h.reportByLink)
}

func (h *pages) link(w http.ResponseWriter, r *http.Request) error {
	return h.showLink(w, r, ui.NewForm(), 0)
}

func (h *pages) showLink(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.plan.OpenLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return h.renderLink(w, r, i18n.T(r.Context(), "planlink.title"), status, linkPage(v, f))
}

func (h *pages) reportByLink(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	report := Report{Percent: int(f.Int("percent")), Text: f.Long("text"), Difficulty: f.Long("difficulty")}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.plan.ReportByLink(r.Context(), r.PathValue("token"), version, report, identity.From(r.Context()).From)
	}
	if err == nil {
		return h.renderLink(w, r, i18n.T(r.Context(), "planlink.done"), 0, linkDone())
	}
	if !f.Keep(err) {
		return err
	}
	return h.showLink(w, r, f, f.StatusFor(err))
}

func (h *pages) renderLink(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component) error {
	w.Header().Set("Cache-Control", "private, no-store")
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Portal, Status: status, Robots: "noindex"}, body)
}
