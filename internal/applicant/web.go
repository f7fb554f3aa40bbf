package applicant

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
	"cchc/internal/ui"
)

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Portal, Label: "applicant.submit.menu", URL: "/submit/guide", Right: ui.Public, Order: 22},
		ui.MenuItem{Face: ui.Portal, Label: "applicant.my.menu", URL: "/my", Right: ui.SignedIn, Order: 24},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.measure", Label: "applicant.ratings.menu", URL: "/applicants/ratings", Icon: "star", Right: RightView, Order: 40},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.manage", Label: "applicant.settings.menu", URL: "/applicants/settings", Icon: "gear", Right: RightSetup, Order: 64})
	rt.Handle("GET /submit/guide", ui.Public, h.guide)
	rt.Handle("GET /submit", ui.SignedIn, h.find)
	rt.Handle("GET /submit/{key}", ui.SignedIn, h.choose)
	rt.Handle("POST /submit/{key}", ui.SignedIn, h.begin)
	rt.Handle("GET /my", ui.SignedIn, h.home)
	rt.Handle("POST /my/quiet", ui.SignedIn, h.quiet)
	rt.Handle("GET /my/dossiers/{code}", ui.SignedIn, h.one)
	rt.Handle("POST /my/dossiers/{code}/answer", ui.SignedIn, h.answer)
	rt.Handle("GET /my/dossiers/{code}/withdraw", ui.SignedIn, h.withdrawForm)
	rt.Handle("POST /my/dossiers/{code}/withdraw", ui.SignedIn, h.withdraw)
	rt.Handle("GET /my/dossiers/{code}/rate", ui.SignedIn, h.rateForm)
	rt.Handle("POST /my/dossiers/{code}/rate", ui.SignedIn, h.rate)
	h.mountDrafts(rt)
	h.mountDesk(rt)
}

// show draws a page for citizens; what is personal is never kept by a cache.
func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component) error {
	w.Header().Set("Cache-Control", "private, no-store")
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Portal, Status: status, Robots: "noindex"}, body)
}

func (h *web) guide(w http.ResponseWriter, r *http.Request) error {
	e, err := h.s.Entry(r.Context())
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "applicant.guide.title"), 0, guidePage(e))
}

func (h *web) find(w http.ResponseWriter, r *http.Request) error {
	e, err := h.s.Entry(r.Context())
	if err != nil {
		return err
	}
	if !e.Direct {
		return ui.Back(w, r, "/submit/guide")
	}
	words := ui.Query(r).Text("q")
	list, err := h.s.Find(r.Context(), words)
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "applicant.submit.menu"), 0, findPage(list, words))
}

func (h *web) choose(w http.ResponseWriter, r *http.Request) error {
	return h.showChoose(w, r, ui.NewForm(), 0)
}

func (h *web) showChoose(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	o, list, err := h.s.Choose(r.Context(), r.PathValue("key"), ui.Query(r).Text("variant"))
	if err != nil {
		return err
	}
	choices := make([]ui.Choice, len(list))
	for i, a := range list {
		choices[i] = ui.Choice{Value: a.ID, Text: a.Name}
	}
	return show(w, r, o.Name, status, choosePage(o, choices, f))
}

func (h *web) begin(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	d, err := h.s.Begin(r.Context(), r.PathValue("key"), ui.Query(r).Text("variant"), f.Text("agency"))
	if f.Keep(err) {
		return h.showChoose(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	return ui.Back(w, r, d.path())
}

func (h *web) home(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Home(r.Context())
	if err != nil {
		return err
	}
	return show(w, r, i18n.T(r.Context(), "applicant.my.menu"), 0, homePage(v))
}

func (h *web) quiet(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.s.SetQuiet(r.Context(), f.Bool("quiet")); err != nil {
		return err
	}
	ui.Flash(w, r, "applicant.did.quiet")
	return ui.Back(w, r, "/my")
}

func (h *web) one(w http.ResponseWriter, r *http.Request) error {
	c, err := h.s.Case(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	return show(w, r, c.Code, 0, casePage(c))
}

func (h *web) answer(w http.ResponseWriter, r *http.Request) error {
	d, err := h.s.Answer(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	return ui.Back(w, r, d.path()+"/papers")
}

// form is a page about one dossier that asks before it acts.
func (h *web) form(w http.ResponseWriter, r *http.Request, f *ui.Form, status int, key string, page func(Case, *ui.Form, string) templ.Component) error {
	c, err := h.s.Case(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), key)
	return show(w, r, title, status, page(c, f, title))
}

func (h *web) act(w http.ResponseWriter, r *http.Request, key, did string, page func(Case, *ui.Form, string) templ.Component, do func(context.Context, string, *ui.Form) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err = do(r.Context(), r.PathValue("code"), f); f.Keep(err) {
		return h.form(w, r, f, f.StatusFor(err), key, page)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, did)
	return ui.Back(w, r, CasePath+url.PathEscape(r.PathValue("code")))
}

func (h *web) withdrawForm(w http.ResponseWriter, r *http.Request) error {
	return h.form(w, r, ui.NewForm(), 0, "applicant.withdraw", withdrawPage)
}

func (h *web) withdraw(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "applicant.withdraw", "applicant.did.withdraw", withdrawPage, func(ctx context.Context, code string, f *ui.Form) error {
		version := f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		return h.s.Withdraw(ctx, code, version, f.Long("reason"))
	})
}

func (h *web) rateForm(w http.ResponseWriter, r *http.Request) error {
	return h.form(w, r, ui.NewForm(), 0, "applicant.rate", ratePage)
}

func (h *web) rate(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "applicant.rate", "applicant.did.rate", ratePage, func(ctx context.Context, code string, f *ui.Form) error {
		score, _ := strconv.ParseInt(f.Text("score"), 10, 64)
		return h.s.Rate(ctx, code, score, f.Long("comment"))
	})
}
