package slip

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"cchc/internal/clock"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.manage", Label: "slip.menu", URL: "/slips", Icon: "print", Right: RightTemplate, Order: 60})
	rt.Handle("GET /slips", RightTemplate, h.list)
	rt.Handle("GET /slips/forms/{kind}", RightTemplate, h.form)
	rt.Handle("POST /slips/forms/{kind}", RightTemplate, h.change)
	rt.Handle("GET /slips/forms/{kind}/preview/{format}", RightTemplate, h.preview)
	rt.Handle("GET /slips/of/{code}/{kind}/{format}", RightPrint, h.print)
}

// URL is where a slip of a dossier is had.
func URL(code string, kind Kind, format Format) string {
	return "/slips/of/" + code + "/" + string(kind) + "/" + string(format)
}

func (h *web) send(w http.ResponseWriter, r *http.Request, name string, format Format, make func(b *bytes.Buffer) error) error {
	var b bytes.Buffer // a refusal is a page, never half a file
	if err := make(&b); err != nil {
		return err
	}
	ext, media := ".pdf", "application/pdf"
	if format == Word {
		ext, media = ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	}
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition(file.SafeName(name+ext)))
	head.Set("Content-Type", media)
	_, err := w.Write(b.Bytes())
	return err
}

func (h *web) print(w http.ResponseWriter, r *http.Request) error {
	kind, code, format := Kind(r.PathValue("kind")), r.PathValue("code"), Format(r.PathValue("format"))
	return h.send(w, r, string(kind)+"-"+code, format, func(b *bytes.Buffer) error { return h.s.Print(r.Context(), kind, code, format, b) })
}

func (h *web) preview(w http.ResponseWriter, r *http.Request) error {
	kind, format := Kind(r.PathValue("kind")), Format(r.PathValue("format"))
	return h.send(w, r, string(kind)+"-xem-thu", format, func(b *bytes.Buffer) error { return h.s.Preview(r.Context(), kind, format, b) })
}

func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/slips", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "slip.menu"), URL: "/slips"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

func (h *web) list(w http.ResponseWriter, r *http.Request) error {
	list, err := h.s.Forms(r.Context())
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "slip.menu"), 0, formsPage(list))
}

func (h *web) form(w http.ResponseWriter, r *http.Request) error {
	return h.showForm(w, r, ui.NewForm(), 0)
}

func (h *web) showForm(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Form(r.Context(), Kind(r.PathValue("kind")))
	if err != nil {
		return err
	}
	return show(w, r, v.Title, status, formPage(v, f, clock.Day(h.s.Clock()), identity.From(r.Context()).Has(RightTemplate)), ui.Crumb{Text: v.Title})
}

func (h *web) change(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	kind := Kind(r.PathValue("kind"))
	v, err := h.s.Form(r.Context(), kind)
	if err != nil {
		return err
	}
	t := Template{Title: f.Text("title"), Symbol: f.Text("symbol"), Basis: f.Text("basis"), Lines: strings.Split(f.Long("lines"), "\n"), After: strings.Split(f.Long("after"), "\n")}
	for i := range v.Sign {
		n := string(rune('0' + i))
		t.Sign = append(t.Sign, Signer{Title: f.Text("sign_title_" + n), Name: f.Text("sign_name_" + n)})
	}
	day := f.Day("from_day")
	if err = f.Err(); err == nil {
		if err = h.s.Change(r.Context(), kind, day, t); err == nil {
			ui.Flash(w, r, "slip.did_change")
			return ui.Back(w, r, "/slips/forms/"+string(kind))
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.showForm(w, r, f, f.StatusFor(err))
}

func formsTable(ctx context.Context, list []FormPage) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "slip.menu"), HeadCol: 1, AsFile: false, Columns: []ui.Column{{Head: i18n.T(ctx, "slip.form.no")}, {Head: i18n.T(ctx, "slip.form.title")},
		{Head: i18n.T(ctx, "slip.form.basis")}, {Head: i18n.T(ctx, "slip.form.source")}}}
	for _, f := range list {
		source := ui.Txt(i18n.T(ctx, "slip.form.shipped"))
		if f.Own {
			source = ui.Txt(i18n.T(ctx, "slip.form.own", "day", f.FromDay))
		} else if f.Mark != "" {
			source.Sub = i18n.T(ctx, "slip.mark."+f.Mark)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: f.Form, Mute: true}, ui.Go(i18n.T(ctx, "slip.kind."+string(f.Kind)), "/slips/forms/"+string(f.Kind)), ui.Txt(f.Basis), source}})
	}
	return t
}

// fieldList says which fields a form may use, the required ones marked.
func fieldList(ctx context.Context, kind Kind) string {
	var words []string
	for _, f := range required[kind] {
		words = append(words, "{"+f+"}")
	}
	return i18n.T(ctx, "slip.form.required", "fields", strings.Join(words, " "))
}
