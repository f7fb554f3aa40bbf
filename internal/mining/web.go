package mining

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.serve", Label: "mining.menu", URL: "/flow", Icon: "chart", Right: RightView, Order: 70})
	rt.Handle("GET /flow", RightView, h.list)
	rt.Handle("GET /flow/{procedure}", RightView, h.study)
	rt.Handle("GET /flow/{procedure}/steps/export/{kind}", RightView, h.sheet)
	rt.Handle("GET /flow/{procedure}/xes", RightView, h.xes)
}

func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/flow", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "mining.menu"), URL: "/flow"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

// days reads the period of the address; faults stand on the form.
func days(f *ui.Form) (from, to string) {
	if f.Has("from") && f.Text("from") != "" {
		from = f.Day("from")
	}
	if f.Has("to") && f.Text("to") != "" {
		to = f.Day("to")
	}
	return from, to
}

type listView struct {
	Rows     []Procedure
	From, To string
	Form     *ui.Form
}

func (h *web) list(w http.ResponseWriter, r *http.Request) error {
	f := ui.Query(r)
	v := listView{Form: f}
	from, to := days(f)
	err := f.Err()
	if err == nil {
		v.Rows, v.From, v.To, err = h.s.List(r.Context(), from, to)
	}
	if err != nil && !f.Keep(err) {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "mining.title"), status(f, err), listPage(v))
}

func status(f *ui.Form, err error) int {
	if err == nil {
		return 0
	}
	return f.StatusFor(err)
}

type studyView struct {
	Study
	Form *ui.Form
	Draw drawing
}

func (v studyView) path() string { return "/flow/" + url.PathEscape(v.Key) }

// days keeps the period in a link.
func (v studyView) days() string {
	return url.Values{"from": {v.Query.FromDay}, "to": {v.Query.ToDay}, "version": {v.Query.Version}}.Encode()
}

func query(r *http.Request, f *ui.Form) Query {
	q := Query{Key: r.PathValue("procedure"), Version: f.Text("version"), Agency: f.Text("agency")}
	q.FromDay, q.ToDay = days(f)
	return q
}

func (h *web) study(w http.ResponseWriter, r *http.Request) error {
	f := ui.Query(r)
	q := query(r, f)
	err := f.Err()
	var st Study
	if err == nil {
		st, err = h.s.Study(r.Context(), q, f.Text("before"), f.Text("after"))
	}
	code := 0
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		code = f.StatusFor(err)
		if st, err = h.s.Study(r.Context(), Query{Key: q.Key}, "", ""); err != nil { // the page with its fault marked
			return err
		}
	}
	return show(w, r, st.Name, code, studyPage(studyView{Study: st, Form: f, Draw: draw(st.Graph)}), ui.Crumb{Text: st.Name})
}

func (h *web) xes(w http.ResponseWriter, r *http.Request) error {
	f := ui.Query(r)
	q := query(r, f)
	if err := f.Err(); err != nil {
		return err
	}
	// Asked first, so that a refusal is a page and not half a file.
	if _, err := h.s.Study(r.Context(), q, "", ""); err != nil {
		return err
	}
	attach(w, "quy-trinh-"+q.Key+".xes", "application/xml; charset=utf-8")
	return h.s.XES(r.Context(), q, w)
}

func attach(w http.ResponseWriter, name, media string) {
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition(file.SafeName(name)))
	head.Set("Content-Type", media)
}

func (h *web) sheet(w http.ResponseWriter, r *http.Request) error {
	kind := r.PathValue("kind")
	if kind != "csv" && kind != "xlsx" {
		return errs.New(errs.NotFound, "mining.procedure_unknown")
	}
	f := ui.Query(r)
	q := query(r, f)
	if err := f.Err(); err != nil {
		return err
	}
	st, err := h.s.Study(r.Context(), q, "", "")
	if err != nil {
		return err
	}
	return writeSheet(w, r, st, kind)
}
