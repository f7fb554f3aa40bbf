package directive

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

const listPage = 50

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.lead", Label: "directive.menu", URL: "/directives", Icon: "flag", Right: RightView, Order: 20},
		ui.MenuItem{Face: ui.Cockpit, Label: "directive.menu", URL: "/directives", Right: RightView, Order: 30})
	rt.Handle("GET /directives", RightView, h.list)
	rt.Handle("GET /directives/new", RightDraft, h.newForm)
	rt.Handle("POST /directives/new", RightDraft, h.create)
	rt.Handle("GET /directives/{id}", RightView, h.open)
	rt.Handle("GET /directives/{id}/docx", RightView, h.docx)
	rt.Handle("GET /directives/{id}/edit", RightDraft, h.editForm)
	rt.Handle("POST /directives/{id}/edit", RightDraft, h.edit)
	rt.Handle("GET /directives/{id}/items/{item}", RightDraft, h.itemForm)
	rt.Handle("POST /directives/{id}/items/{item}", RightDraft, h.item)
	rt.Handle("POST /directives/{id}/remove", RightDraft, h.remove)
	rt.Handle("POST /directives/{id}/lines", RightDraft, h.lines)
	rt.Handle("POST /directives/{id}/move", RightDraft, h.move)
	rt.Handle("GET /directives/{id}/return", RightIssue, h.returnForm)
	rt.Handle("POST /directives/{id}/return", RightIssue, h.giveBack)
	rt.Handle("GET /directives/{id}/issue", RightIssue, h.issueForm)
	rt.Handle("POST /directives/{id}/issue", RightIssue, h.issue)
}

func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/directives", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "directive.menu"), URL: "/directives"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

func (h *web) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	words := r.URL.Query().Get("q")
	after, _ := ui.ReadCursor(r.URL.Query().Get("after"), 2)
	as, limit := ui.Sheet(r), listPage+1
	if as != "" {
		limit = ui.SheetMost
	}
	list, err := h.s.List(ctx, words, after, limit)
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "y-kien-chi-dao", as, listTable(ctx, list))
	}
	next := ""
	if len(list) > listPage {
		list = list[:listPage]
		next = "/directives?q=" + words + "&after=" + ui.Cursor(list[listPage-1].Day, list[listPage-1].ID)
	}
	return show(w, r, i18n.T(ctx, "directive.menu"), 0, listPageOf(list, words, next, mayDraft(ctx)))
}

func (h *web) newForm(w http.ResponseWriter, r *http.Request) error {
	return h.showHead(w, r, Directive{Source: Minutes, Level: Provincial}, ui.NewForm(), 0)
}

func (h *web) showHead(w http.ResponseWriter, r *http.Request, d Directive, f *ui.Form, status int) error {
	title := i18n.T(r.Context(), "directive.new")
	if d.ID != "" {
		title = i18n.T(r.Context(), "directive.edit")
	}
	return show(w, r, title, status, headPage(d, f, title), ui.Crumb{Text: title})
}

// head reads the form of a directive over the directive as it stands.
func head(d Directive, f *ui.Form) Directive {
	d.Title, d.Number, d.Text, d.Day = f.Text("title"), f.Text("number"), f.Long("text"), f.Day("day")
	d.Source, d.Level = Source(f.Text("source")), Level(f.Text("level"))
	if d.ID != "" {
		d.Version = f.Version()
	}
	return d
}

func (h *web) create(w http.ResponseWriter, r *http.Request) error {
	return h.write(w, r, Directive{})
}

func (h *web) editForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.showHead(w, r, v.Directive, ui.NewForm(), 0)
}

func (h *web) edit(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.write(w, r, v.Directive)
}

func (h *web) write(w http.ResponseWriter, r *http.Request, d Directive) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	d = head(d, f)
	if err = f.Err(); err == nil {
		var kept Directive
		if kept, err = h.s.Write(r.Context(), d); err == nil {
			ui.Flash(w, r, "directive.did.write")
			return ui.Back(w, r, "/directives/"+kept.ID)
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.showHead(w, r, d, f, f.StatusFor(err))
}

func (h *web) open(w http.ResponseWriter, r *http.Request) error {
	return h.showOne(w, r, ui.NewForm(), 0)
}

func (h *web) showOne(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return show(w, r, v.Title, status, onePage(v, f), ui.Crumb{Text: v.Title})
}

func (h *web) docx(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	out := w.Header()
	out.Set("Cache-Control", "private, no-store")
	out.Set("Content-Disposition", file.Disposition(file.SafeName("thong-bao-"+v.Day+".docx")))
	out.Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	return h.s.Docx(r.Context(), v, w)
}

// act does something with a directive that needs no form of its own.
func (h *web) act(w http.ResponseWriter, r *http.Request, did string, do func(ctx context.Context, id string, version int64, f *ui.Form) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = do(r.Context(), r.PathValue("id"), version, f)
	}
	if f.Keep(err) {
		return h.showOne(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, did)
	return ui.Back(w, r, "/directives/"+r.PathValue("id"))
}

func (h *web) remove(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "directive.did.remove", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		_, err := h.s.RemoveItem(ctx, id, version, f.Text("item"))
		return err
	})
}

func (h *web) lines(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "directive.did.lines", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		_, err := h.s.Paste(ctx, id, version, f.Long("lines"))
		return err
	})
}

func (h *web) move(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "directive.did.move", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		_, err := h.s.Move(ctx, id, version, f.Text("move"), "")
		return err
	})
}

// items

func (h *web) itemForm(w http.ResponseWriter, r *http.Request) error {
	v, i, err := h.find(r)
	if err != nil {
		return err
	}
	return h.showItem(w, r, v, i, ui.NewForm(), 0)
}

// find reads the item of the address; "new" is none yet.
func (h *web) find(r *http.Request) (v View, i Item, err error) {
	if v, err = h.s.Open(r.Context(), r.PathValue("id")); err != nil {
		return v, i, err
	}
	if !v.Can["write"] {
		return v, i, errs.New(errs.Conflict, "directive.not_draft")
	}
	if r.PathValue("item") == "new" {
		return v, i, nil
	}
	for _, one := range v.List {
		if one.ID == r.PathValue("item") {
			return v, one, nil
		}
	}
	return v, i, errs.New(errs.NotFound, "directive.item_unknown")
}

func (h *web) showItem(w http.ResponseWriter, r *http.Request, v View, i Item, f *ui.Form, status int) error {
	agencies, err := h.s.Agencies(r.Context())
	if err != nil {
		return err
	}
	list := make([]ui.Choice, len(agencies))
	for k, a := range agencies {
		list[k] = ui.Choice{Value: a.ID, Text: a.Name}
	}
	title := i18n.T(r.Context(), "directive.item.new")
	if i.ID != "" {
		title = i18n.T(r.Context(), "directive.item.edit", "n", strconv.Itoa(i.No))
	}
	return show(w, r, title, status, itemPage(v, i, f, list, title), ui.Crumb{Text: v.Title, URL: "/directives/" + v.ID}, ui.Crumb{Text: title})
}

func (h *web) item(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, i, err := h.find(r)
	if err != nil {
		return err
	}
	i.Text, i.Product, i.Lead, i.Helpers, i.Due = f.Long("text"), f.Text("product"), f.Text("lead"), f.All("helpers"), f.Day("due")
	version := f.Version()
	if err = f.Err(); err == nil {
		if _, err = h.s.WriteItem(r.Context(), v.ID, version, i); err == nil {
			ui.Flash(w, r, "directive.did.item")
			return ui.Back(w, r, "/directives/"+v.ID)
		}
	}
	if !f.Keep(err) {
		return err
	}
	return h.showItem(w, r, v, i, f, f.StatusFor(err))
}
