package ui

import (
	"net/http"

	"cchc/internal/i18n"
)

func showComponents(w http.ResponseWriter, r *http.Request) error {
	return Render(w, r, Page{Title: i18n.T(r.Context(), "ui.dev.title"), Face: Portal, Robots: "noindex"}, examples())
}
