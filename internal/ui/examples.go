package ui

import (
	"net/http"

	"cchc/internal/errs"
	"cchc/internal/i18n"
)

// showComponents is /dev/components: every component in each of its states. ?face=desk
// and ?face=cockpit show them in the other faces.
func showComponents(w http.ResponseWriter, r *http.Request) error {
	face := r.URL.Query().Get("face")
	if face != Desk && face != Cockpit {
		face = Portal
	}
	form := NewForm("days", "x", "due", "20/8/2026")
	form.Int("days")
	form.fault(errs.OnField("due", "ui.not_a_day", "text", "20/8/2026"))
	title := i18n.T(r.Context(), "ui.dev.title")
	page := Page{Title: title, Face: face, Robots: "noindex", Crumbs: []Crumb{{Text: i18n.T(r.Context(), "ui.home"), URL: "/"}, {Text: title}}}
	return Render(w, r, page, examples(form, face))
}
