package views

import (
	"context"
	"net/http"

	"cchc/internal/clock"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// SavePath is the page that asks for a name; ?to= says which list.
const SavePath = "/views/new"

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.mine", Label: "views.menu", URL: "/views", Icon: "star", Right: ui.SignedIn, Order: 40})
	rt.Handle("GET /views", ui.SignedIn, h.list)
	rt.Handle("GET "+SavePath, ui.SignedIn, h.form)
	rt.Handle("POST "+SavePath, ui.SignedIn, h.save)
	rt.Handle("POST /views/{id}/remove", ui.SignedIn, h.remove)
}

func (h *web) list(w http.ResponseWriter, r *http.Request) error {
	list, err := h.s.List(r.Context())
	if err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T(r.Context(), "views.menu"), Face: ui.Desk, Active: "/views"}
	return ui.Render(w, r, page, listPage(list))
}

func (h *web) form(w http.ResponseWriter, r *http.Request) error {
	return h.ask(w, r, ui.Query(r), r.URL.Query().Get("to"), 0)
}

func (h *web) ask(w http.ResponseWriter, r *http.Request, f *ui.Form, to string, status int) error {
	title := i18n.T(r.Context(), "views.save_title")
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/views", Status: status,
		Crumbs: []ui.Crumb{{Text: i18n.T(r.Context(), "views.menu"), URL: "/views"}, {Text: title}}}
	return ui.Render(w, r, page, savePage(f, to))
}

func (h *web) save(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.s.Save(r.Context(), f.Text("name"), f.Raw("to"))
	if err == nil {
		ui.Flash(w, r, "views.did_save", "name", v.Name)
		return ui.Back(w, r, v.Address)
	}
	if !f.Keep(err) {
		return err
	}
	return h.ask(w, r, f, f.Raw("to"), f.StatusFor(err))
}

func (h *web) remove(w http.ResponseWriter, r *http.Request) error {
	if err := h.s.Remove(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, "views.did_remove")
	return ui.Back(w, r, "/views")
}

func viewTable(ctx context.Context, list []View) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "views.menu"), Columns: []ui.Column{{Head: i18n.T(ctx, "views.name")}, {Head: i18n.T(ctx, "views.since")}, {Head: i18n.T(ctx, "views.remove"), Hidden: true}}}
	for _, v := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Go(v.Name, v.Address), {Text: i18n.Time(ctx, clock.FromMs(v.CreatedMs)), Mute: true},
			ui.In(ui.PostButton("/views/"+v.ID+"/remove", ui.Btn{Text: i18n.T(ctx, "views.remove"), Small: true, Label: i18n.T(ctx, "views.remove_of", "name", v.Name)}))}})
	}
	return t
}
