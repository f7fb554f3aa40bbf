package plan

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// pages is what the pages of the room need: the service, and where uploads are kept.
type pages struct {
	plan  *Service
	files *file.Store
}

// Mount adds the pages of the room to the router: board, task, assignment, import.
func Mount(rt *ui.Router, s *Service, files *file.Store) {
	h := &pages{plan: s, files: files}
	rt.Menu(
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.lead", Label: "planweb.menu", URL: "/plan", Icon: "plan", Right: RightView, Order: 10, Badge: h.badge},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.mine", Label: "planagency.menu", URL: "/plan/mine", Icon: "building", Right: RightReport, Order: 30},
		ui.MenuItem{Face: ui.Portal, Label: "planweb.menu_public", URL: "/plan", Right: ui.Public, Order: 20},
		ui.MenuItem{Face: ui.Cockpit, Label: "planweb.menu", URL: "/plan", Right: RightView, Order: 20},
	)
	rt.Handle("GET /plan", ui.Public, h.home)
	rt.Handle("GET /plan/public", ui.Public, h.public)
	rt.Handle("GET /plan/all", RightView, h.all)
	rt.Handle("GET /plan/mine", RightView, h.mine)
	rt.Handle("GET /plan/{id}", RightView, h.board)
	rt.Handle("GET /plan/{id}/{part}", RightView, h.part)
	rt.Handle("GET /plan/{id}/{part}/{key}", RightView, h.figure)
	rt.Handle("GET /plan/tasks/{id}", RightView, h.task)
	h.mountActs(rt)
	h.mountDrafts(rt)
	h.mountAmendments(rt)
	h.mountYears(rt)
	h.mountTargets(rt)
	h.mountLinks(rt)
	h.mountBulk(rt)
}

// home leads a reader of plans to the board of the year; everybody else sees the
// public board.
func (h *pages) home(w http.ResponseWriter, r *http.Request) error {
	actor := identity.From(r.Context())
	if !actor.SignedIn() || !actor.Has(RightView) {
		return h.public(w, r)
	}
	plans, err := h.plan.Plans(r.Context(), 0)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if p.Kind == Annual && p.Parent == "" && p.open() {
			http.Redirect(w, r, "/plan/"+p.ID, http.StatusSeeOther)
			return nil
		}
	}
	return h.all(w, r)
}

// all lists the plans by year.
func (h *pages) all(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	plans, err := h.plan.Plans(ctx, 0)
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "cac-ke-hoach", as, plansTable(ctx, plans))
	}
	title := i18n.T(ctx, "planweb.all.title")
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/plan"}
	return ui.Render(w, r, page, plansPage(plans, identity.From(ctx).Has(RightDraft)))
}

// badge says how many assignments of the current plan are late, within reach.
func (h *pages) badge(ctx context.Context) ui.Badge {
	count, err := h.plan.CountOverdue(ctx, 100)
	if err != nil || count == 0 { // a menu never fails a page
		return ui.Badge{}
	}
	n := strconv.Itoa(count)
	if count == 100 {
		n = "99+"
	}
	return ui.Badge{Text: i18n.T(ctx, "planweb.badge", "n", n), Late: true}
}

// urlOf is a path with the values that are not empty.
func urlOf(path string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// dayOf reads the day in the address, as typed or as stored; "" is today.
func dayOf(r *http.Request) (string, error) {
	f := ui.Query(r)
	day := f.Day("on")
	return day, f.Err()
}

// deskPage is the frame of a page below the board of a plan.
func deskPage(title string, crumbs ...ui.Crumb) ui.Page {
	return ui.Page{Title: title, Face: ui.Desk, Active: "/plan", Crumbs: append(crumbs, ui.Crumb{Text: title})}
}

// crumbOf leads back to the plan.
func crumbOf(ctx context.Context, p Plan) ui.Crumb {
	words := i18n.T(ctx, "planweb.plan_of", "year", strconv.Itoa(p.Year))
	if p.Year != p.YearTo {
		words = p.Title
	}
	return ui.Crumb{Text: words, URL: "/plan/" + p.ID}
}

// part answers the parts of a board that have an address of their own.
func (h *pages) part(w http.ResponseWriter, r *http.Request) error {
	switch r.PathValue("part") {
	case "export.csv", "export.xlsx", "export.docx":
		return h.export(w, r)
	case "targets":
		return h.targets(w, r)
	case "versions":
		return h.versions(w, r)
	case "closing":
		return h.closing(w, r)
	}
	return errs.New(errs.NotFound, "ui.page_not_found")
}
