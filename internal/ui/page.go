package ui

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
	"cchc/internal/identity"
)

// frame is what the layout needs to know about one page.
type frame struct {
	Page
	view  *view
	actor identity.Actor
	site  Site
	demo  *Demo
	here  string // address to come back to after a change of display
	flash string
}

// Render writes the page around body. It renders into memory first, so that a fault
// leaves no half page behind.
func Render(w http.ResponseWriter, r *http.Request, p Page, body templ.Component) error {
	ctx := withAddress(r.Context(), r.URL)
	v := viewOf(ctx)
	f := frame{Page: p, view: v, actor: identity.From(ctx), here: here(r)}
	if f.Face == "" {
		f.Face = Portal
		if f.actor.SignedIn() {
			f.Face = Desk
		}
	}
	if v.rt.cfg.Site != nil {
		f.site = v.rt.cfg.Site(ctx)
	}
	if v.rt.cfg.Demo != nil {
		f.demo = v.rt.cfg.Demo(ctx)
	}
	f.flash = takeFlash(ctx, w, r)
	var b bytes.Buffer
	if err := layout(f, body).Render(ctx, &b); err != nil {
		return err
	}
	return send(w, p.Status, b.Bytes())
}

// RenderPart writes a piece of a page without the layout: for htmx, which replaces the
// same piece of the full page.
func RenderPart(w http.ResponseWriter, r *http.Request, part templ.Component) error {
	var b bytes.Buffer
	if err := part.Render(r.Context(), &b); err != nil {
		return err
	}
	return send(w, http.StatusOK, b.Bytes())
}

func send(w http.ResponseWriter, status int, body []byte) error {
	if status == 0 {
		status = http.StatusOK
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Add("Vary", "Cookie")
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}

// windowTitle is the page's title followed by the name of its face.
func (f frame) windowTitle(ctx context.Context) string {
	name := i18n.T(ctx, "ui.face."+f.Face)
	if f.Title == "" {
		return name
	}
	return f.Title + " – " + name
}
