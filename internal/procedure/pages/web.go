// Package pages shows the catalogue of procedures: to citizens what a procedure asks of
// them, to officers its versions, and to who keeps it the forms that write them. It
// belongs to room procedure and only shows what its service offers.
//
// Start at Mount. web_public.go is the citizen's page, web_desk.go the officers' list,
// web_version.go one version, web_lines.go the forms of its lines.
package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/procedure"
	"cchc/internal/process"
	"cchc/internal/ui"
)

const listPage = 50

type web struct{ s *procedure.Service }

// Mount adds the public catalogue and the pages of officers to the router.
func Mount(rt *ui.Router, s *procedure.Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Portal, Label: "procedure.menu", URL: "/procedures", Right: ui.Public, Order: 15},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.manage", Label: "procedure.catalogue", URL: "/catalogue", Icon: "file", Right: procedure.RightView, Order: 5})
	rt.Handle("GET /procedures", ui.Public, h.public)
	rt.Handle("GET /procedures/{key}", ui.Public, h.publicOne)
	rt.Handle("GET /procedures/{key}/steps.bpmn", ui.Public, h.publicBPMN)

	rt.Handle("GET /catalogue", procedure.RightView, h.catalogue)
	rt.Handle("GET /catalogue/new", procedure.RightEdit, h.newForm)
	rt.Handle("POST /catalogue/new", procedure.RightEdit, h.create)
	rt.Handle("GET /catalogue/import", procedure.RightEdit, h.importForm)
	rt.Handle("POST /catalogue/import", procedure.RightEdit, h.importRead, ui.MaxBytes(2*procedure.MostFileBytes))
	rt.Handle("GET /catalogue/export.json", procedure.RightView, h.export)
	rt.Handle("GET /catalogue/export.xlsx", procedure.RightView, h.export)
	rt.Handle("GET /catalogue/{key}", procedure.RightView, h.one)
	rt.Handle("GET /catalogue/{key}/diff", procedure.RightView, h.diff)
	rt.Handle("POST /catalogue/{key}/amend", procedure.RightEdit, h.amend)
	rt.Handle("GET /catalogue/{key}/abolish", procedure.RightPublish, h.abolishForm)
	rt.Handle("POST /catalogue/{key}/abolish", procedure.RightPublish, h.abolish)
	h.mountVersions(rt)
}

func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/catalogue", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "procedure.catalogue"), URL: "/catalogue"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

// readQuery reads what a list is narrowed by.
func readQuery(r *http.Request) procedure.Query {
	v := r.URL.Query()
	return procedure.Query{Words: v.Get("q"), Field: v.Get("field"), Level: procedure.Level(v.Get("level")), State: procedure.State(v.Get("state")), Online: v.Get("service")}
}

// address is a list with its filters, one of them changed.
func address(q procedure.Query, path, name, value string) string {
	v := url.Values{}
	for _, f := range [][2]string{{"q", q.Words}, {"field", q.Field}, {"level", string(q.Level)}, {"state", string(q.State)}, {"service", q.Online}} {
		if f[0] == name {
			f[1] = value
		}
		if f[1] != "" {
			v.Set(f[0], f[1])
		}
	}
	if name == "after" && value != "" {
		v.Set("after", value)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// page reads one page of a list, or all of it for a file; next is the address of the
// page after it.
func (h *web) page(r *http.Request, path string, limit int) (q procedure.Query, list []procedure.Row, next string, err error) {
	q = readQuery(r)
	after, _ := ui.ReadCursor(r.URL.Query().Get("after"), 2)
	list, err = h.s.List(r.Context(), q, after, limit+1)
	if len(list) > limit {
		list = list[:limit]
		next = address(q, path, "after", ui.Cursor(list[limit-1].Cursor()...))
	}
	return q, list, next, err
}

func (h *web) public(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	as, limit := ui.Sheet(r), listPage
	if as != "" {
		limit = ui.SheetMost
	}
	q, list, next, err := h.page(r, "/procedures", limit)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(p procedure.Row) bool { return !p.InForce })
	title := i18n.T(ctx, "procedure.menu")
	if as != "" {
		return ui.SendTable(w, r, "thu-tuc", as, publicTable(ctx, list))
	}
	fields, err := h.s.Fields(ctx)
	if err != nil {
		return err
	}
	page := ui.Page{Title: title, Face: ui.Portal, Active: "/procedures", Crumbs: publicCrumbs(ctx)}
	return ui.Render(w, r, page, publicList(q, list, fields, next))
}

// publicCrumbs leads from the first page to the catalogue and on to where somebody is.
func publicCrumbs(ctx context.Context, more ...ui.Crumb) []ui.Crumb {
	list := []ui.Crumb{{Text: i18n.T(ctx, "procedure.home"), URL: "/"}, {Text: i18n.T(ctx, "procedure.menu"), URL: "/procedures"}}
	return append(list, more...)
}

func (h *web) publicOne(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := h.s.Open(ctx, r.PathValue("key"))
	if err != nil {
		return err
	}
	shown, ok := shownOf(v, h.s.Today())
	if !ok {
		return errs.New(errs.NotFound, "procedure.unknown", "key", v.Key)
	}
	variant := r.URL.Query().Get("case")
	if _, there := shown.Content.VariantOf(variant); !there {
		return errs.OnField("case", "procedure.variant_unknown", "variant", variant, "name", v.Name)
	}
	apply := ""
	if h.s.Apply != nil && v.InForce && v.Kind == procedure.Single {
		apply = h.s.Apply(v.Key)
	}
	page := ui.Page{Title: shown.Content.Name, Face: ui.Portal, Active: "/procedures", Crumbs: publicCrumbs(ctx, ui.Crumb{Text: shown.Content.Name})}
	return ui.Render(w, r, page, publicPage(publicView{View: v, Shown: shown, Variant: variant, Day: h.s.Today(), Apply: apply}))
}

// shownOf is the version that the public page tells of: the one in force, else the last
// one that was.
func shownOf(v procedure.View, today string) (procedure.Version, bool) {
	if v.InForce {
		return v.Current, true
	}
	for _, one := range v.Versions {
		if one.State == procedure.InUse && one.From <= today {
			return one, true
		}
	}
	return procedure.Version{}, false
}

func (h *web) publicBPMN(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Open(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	if !v.InForce || len(v.Current.Content.Steps) == 0 {
		return errs.New(errs.NotFound, "procedure.no_steps", "name", v.Name)
	}
	return sendBPMN(w, v.Key, v.Current.Content.Name, v.Current.Content.Steps)
}

func sendBPMN(w http.ResponseWriter, key, name string, steps []process.Step) error {
	head := w.Header()
	head.Set("Content-Type", "application/xml; charset=utf-8")
	head.Set("Content-Disposition", `attachment; filename="`+key+`.bpmn"`)
	_, err := w.Write(process.WriteBPMN(key, name, steps))
	return err
}
