package counter

import (
	"net/http"
	"slices"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

const setupPath = "/counter/settings"

func (h *web) mountSetup(rt *ui.Router) {
	rt.Handle("GET /counter/settings", RightSetup, h.setup)
	rt.Handle("POST /counter/settings/hall", RightSetup, h.saveHall)
	rt.Handle("POST /counter/settings/token", RightSetup, h.newToken)
	rt.Handle("GET /counter/settings/queues/{id}", RightSetup, h.queueForm)
	rt.Handle("POST /counter/settings/queues/{id}", RightSetup, h.queue)
	rt.Handle("GET /counter/settings/desks/{id}", RightSetup, h.deskForm)
	rt.Handle("POST /counter/settings/desks/{id}", RightSetup, h.desk)
}

func (h *web) setup(w http.ResponseWriter, r *http.Request) error {
	return h.showSetup(w, r, "", ui.NewForm(), 0, "")
}

// showSetup shows the settings of one hall; token is the machine's new word, shown once.
func (h *web) showSetup(w http.ResponseWriter, r *http.Request, agency string, f *ui.Form, status int, token string) error {
	asked, list, err := h.where(r, RightSetup)
	if err != nil {
		return err
	}
	if agency == "" {
		agency = asked
	}
	var v Setup
	if agency != "" {
		if v, err = h.s.Setup(r.Context(), agency); err != nil {
			return err
		}
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return show(w, r, setupPath, i18n.T(r.Context(), "counter.setup.menu"), status, setupPage(v, list, f, token))
}

func (h *web) saveHall(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	g := Hall{Agency: f.Text("agency"), TargetMin: f.Int("target_min"), PriorityMin: f.Int("priority_min"), SlotMin: f.Int("slot_min"), NoShowMin: f.Int("no_show_min"),
		NoShowLimit: f.Int("no_show_limit"), DaysAhead: f.Int("days_ahead"), Version: f.Version()}
	if err = f.Err(); err == nil {
		err = h.s.WriteHall(r.Context(), g)
	}
	if f.Keep(err) {
		return h.showSetup(w, r, g.Agency, f, f.StatusFor(err), "")
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "counter.did.setup")
	return ui.Back(w, r, setupPath+"?agency="+g.Agency)
}

// newToken answers the post with the page itself: the word is shown once and never lies
// in an address of ours.
func (h *web) newToken(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	token, err := h.s.NewToken(r.Context(), f.Text("agency"))
	if err != nil {
		return err
	}
	return h.showSetup(w, r, f.Text("agency"), ui.NewForm(), 0, token)
}

func (h *web) queueForm(w http.ResponseWriter, r *http.Request) error {
	return h.showQueue(w, r, ui.NewForm(), 0)
}

func (h *web) showQueue(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	agency, _, err := h.where(r, RightSetup)
	if err != nil {
		return err
	}
	v, err := h.s.Setup(r.Context(), agency)
	if err != nil {
		return err
	}
	q, title := Queue{Agency: agency, Active: true}, i18n.T(r.Context(), "counter.queue.new")
	if id := r.PathValue("id"); id != "new" {
		i := slices.IndexFunc(v.Queues, func(q Queue) bool { return q.ID == id })
		if i < 0 {
			return errs.New(errs.NotFound, "counter.queue_unknown")
		}
		q, title = v.Queues[i], v.Queues[i].Name
	}
	return show(w, r, setupPath, title, status, queuePage(q, f, title), crumbs(r, agency, title)...)
}

func crumbs(r *http.Request, agency, title string) []ui.Crumb {
	return []ui.Crumb{{Text: i18n.T(r.Context(), "counter.setup.menu"), URL: setupPath + "?agency=" + agency}, {Text: title}}
}

func (h *web) queue(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	q := Queue{Agency: ui.Query(r).Text("agency"), Letter: f.Text("letter"), Name: f.Text("name"), Capacity: f.Int("capacity"), Active: f.Bool("active")}
	if id := r.PathValue("id"); id != "new" {
		q.ID, q.Version = id, f.Version()
	}
	if err = f.Err(); err == nil {
		_, err = h.s.WriteQueue(r.Context(), q)
	}
	if f.Keep(err) {
		return h.showQueue(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "counter.did.setup")
	return ui.Back(w, r, setupPath+"?agency="+ui.Query(r).Text("agency"))
}

func (h *web) deskForm(w http.ResponseWriter, r *http.Request) error {
	return h.showDesk(w, r, ui.NewForm(), 0)
}

func (h *web) showDesk(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	agency, _, err := h.where(r, RightSetup)
	if err != nil {
		return err
	}
	v, err := h.s.Setup(r.Context(), agency)
	if err != nil {
		return err
	}
	d, title := Desk{Agency: agency, Active: true, No: int64(len(v.Desks) + 1)}, i18n.T(r.Context(), "counter.desk.new")
	if id := r.PathValue("id"); id != "new" {
		i := slices.IndexFunc(v.Desks, func(d Desk) bool { return d.ID == id })
		if i < 0 {
			return errs.New(errs.NotFound, "counter.desk_unknown")
		}
		d, title = v.Desks[i], i18n.T(r.Context(), "counter.desk.no", "no", v.Desks[i].No)
	}
	return show(w, r, setupPath, title, status, deskPage(d, v.Queues, f, title), crumbs(r, agency, title)...)
}

func (h *web) desk(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	d := Desk{Agency: ui.Query(r).Text("agency"), No: f.Int("no"), Queues: f.All("queues"), Active: f.Bool("active")}
	if id := r.PathValue("id"); id != "new" {
		d.ID, d.Version = id, f.Version()
	}
	if err = f.Err(); err == nil {
		_, err = h.s.WriteDesk(r.Context(), d)
	}
	if f.Keep(err) {
		return h.showDesk(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "counter.did.setup")
	return ui.Back(w, r, setupPath+"?agency="+ui.Query(r).Text("agency"))
}
