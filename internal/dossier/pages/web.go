// Package pages is the desk of the one-stop shop (bàn làm việc một cửa): the list of
// dossiers, receipt at the counter, and one page for a dossier with everything that may
// be done to it. It belongs to room dossier and only shows what its service offers.
//
// Start at Mount. web_receive.go takes a dossier in, web_one.go is its page, web_act.go
// every move with the form that it needs.
package pages

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"cchc/internal/dossier"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// Offer is a procedure that a counter may receive, as the catalogue lists it.
type Offer struct{ Key, Variant, Code, Name, Field string }

// Desk is what the pages need: the room's service, where uploads are kept, and the
// catalogue to choose from.
type Desk struct {
	Dossiers *dossier.Service
	Files    *file.Store
	// Offers finds procedures in force by words; app wires it to the catalogue.
	Offers func(ctx context.Context, words string) ([]Offer, error)
	// Slips are the slips that a dossier's page offers; empty while no room prints any.
	Slips func(ctx context.Context, v dossier.View) []ui.Link
}

const (
	listPage = 50
	maxFile  = 20 << 20
	maxForm  = 40 * maxFile / 10
)

type web struct{ Desk }

// Mount adds the pages to the router.
func Mount(rt *ui.Router, d Desk) {
	h := &web{d}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.serve", Label: "dossierweb.menu", URL: "/dossiers", Icon: "folder", Right: dossier.RightView, Order: 10},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.serve", Label: "dossierweb.menu_receive", URL: "/receive", Icon: "plus", Right: dossier.RightReceive, Order: 20})
	rt.Handle("GET /dossiers", dossier.RightView, h.list)
	rt.Handle("GET /receive", dossier.RightReceive, h.choose)
	rt.Handle("GET /receive/{procedure}", dossier.RightReceive, h.receiveForm)
	rt.Handle("POST /receive/{procedure}", dossier.RightReceive, h.receive, ui.MaxBytes(maxForm))
	rt.Handle("GET /receive/numbers", dossier.RightReceive, h.numbers)
	rt.Handle("POST /receive/numbers", dossier.RightReceive, h.reserve)
	rt.Handle("POST /receive/numbers/{block}/close", dossier.RightReceive, h.closeBlock)
	rt.Handle("GET /dossiers/{code}", dossier.RightView, h.one)
	rt.Handle("GET /dossiers/{code}/received", dossier.RightView, h.received)
	rt.Handle("GET /dossiers/{code}/files/{id}", dossier.RightView, h.file)
	rt.Handle("GET /dossiers/{code}/do/{move}", dossier.RightView, h.actForm)
	rt.Handle("POST /dossiers/{code}/do/{move}", dossier.RightView, h.act, ui.MaxBytes(maxFile+256<<10))
}

// pathOf is the page of a dossier.
func pathOf(code string) string { return "/dossiers/" + url.PathEscape(code) }

func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/dossiers", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "dossierweb.menu"), URL: "/dossiers"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

// upload keeps the file of a form before anything is written about it; "" when none came.
func (h *web) upload(r *http.Request, field, title string) (string, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[field]) == 0 {
		return "", nil
	}
	head := r.MultipartForm.File[field][0]
	in, err := head.Open()
	if err != nil {
		return "", ui.BadForm(err)
	}
	defer in.Close()
	blob, err := h.Files.Save(r.Context(), in, head.Filename, maxFile)
	if err != nil {
		return "", onField(field, err)
	}
	return h.Dossiers.KeepFile(r.Context(), file.Document{SHA256: blob.SHA256, Name: blob.Name, Title: title, Kind: "dossier"})
}

// onField ties refusals of another package to a field of the form.
func onField(name string, err error) error {
	var l errs.List
	for _, e := range errs.All(err) {
		at := *e
		at.Field = name
		l = append(l, &at)
	}
	if len(l) == 0 {
		return err
	}
	return l.Err()
}

func (h *web) file(w http.ResponseWriter, r *http.Request) error {
	d, err := h.Dossiers.FileOf(r.Context(), r.PathValue("code"), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.Files.Serve(w, r, d)
}
