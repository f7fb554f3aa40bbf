package counter

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// Seconds after which the pages of the hall ask again. The browser is told by a header,
// so nothing needs script.
const (
	boardEvery  = 8
	ticketEvery = 20
	slipShown   = 12
)

func (h *web) mountPublic(rt *ui.Router) {
	rt.Handle("GET /hall/{token}", ui.Public, h.kiosk)
	rt.Handle("GET /hall/{token}/queues/{queue}", ui.Public, h.kioskQueue)
	rt.Handle("POST /hall/{token}/draw", ui.Public, h.draw)
	rt.Handle("GET /hall/{token}/tickets/{ticket}", ui.Public, h.slip)
	rt.Handle("GET /hall/{token}/board", ui.Public, h.board)
	rt.Handle("GET /ticket/{ticket}", ui.Public, h.place)
	rt.Handle("GET /appointments", ui.SignedIn, h.mine)
	rt.Handle("GET /appointments/new", ui.SignedIn, h.bookOwn)
	rt.Handle("POST /appointments/new", ui.SignedIn, h.bookOwnSave)
	rt.Handle("POST /appointments/{id}/cancel", ui.SignedIn, h.cancelOwn)
	rt.Menu(ui.MenuItem{Face: ui.Portal, Label: "counter.mine.menu", URL: "/appointments", Right: ui.SignedIn, Order: 40})
}

// hall draws a page of the hall's machine: never kept, never indexed, its address never
// told to others.
func hall(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component) error {
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Referrer-Policy", "no-referrer")
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Portal, Robots: "noindex", Status: status}, body)
}

func (h *web) kiosk(w http.ResponseWriter, r *http.Request) error {
	return h.showKiosk(w, r, ui.NewForm(), 0)
}

func (h *web) showKiosk(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	k, err := h.s.Kiosk(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return hall(w, r, i18n.T(r.Context(), "counter.kiosk.title"), status, kioskPage(k, r.PathValue("token"), f))
}

func (h *web) kioskQueue(w http.ResponseWriter, r *http.Request) error {
	k, err := h.s.Kiosk(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	for _, q := range k.Queues {
		if q.ID == r.PathValue("queue") {
			return hall(w, r, q.Name, 0, kioskQueuePage(k, q, r.PathValue("token")))
		}
	}
	return errs.New(errs.NotFound, "counter.queue_unknown")
}

func (h *web) draw(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	token := r.PathValue("token")
	t, err := h.s.Draw(r.Context(), token, f.Text("queue"), Priority(f.Text("priority")), f.Text("code"))
	if f.Keep(err) {
		return h.showKiosk(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	return ui.Back(w, r, "/hall/"+token+"/tickets/"+t.Token)
}

// slip shows the number that was drawn, then the machine is free for the next person.
func (h *web) slip(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	if _, err := h.s.Kiosk(r.Context(), token); err != nil {
		return err
	}
	p, err := h.s.Place(r.Context(), r.PathValue("ticket"))
	if err != nil {
		return err
	}
	w.Header().Set("Refresh", strconv.Itoa(slipShown)+"; url=/hall/"+token)
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return hall(w, r, p.Label, 0, slipPage(p, token, scheme+r.Host+"/ticket/"+p.Token))
}

// board is the screen of the hall.
func (h *web) board(w http.ResponseWriter, r *http.Request) error {
	k, err := h.s.Kiosk(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	w.Header().Set("Refresh", strconv.Itoa(boardEvery))
	return hall(w, r, i18n.T(r.Context(), "counter.board.title"), 0, boardPage(k))
}

// place is a ticket on its holder's phone.
func (h *web) place(w http.ResponseWriter, r *http.Request) error {
	p, err := h.s.Place(r.Context(), r.PathValue("ticket"))
	if err != nil {
		return err
	}
	if p.State == Waiting || p.State == Called || p.State == Skipped {
		w.Header().Set("Refresh", strconv.Itoa(ticketEvery))
	}
	return hall(w, r, p.Label, 0, placePage(p))
}

func (h *web) mine(w http.ResponseWriter, r *http.Request) error {
	list, err := h.s.Mine(r.Context())
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "counter.mine.menu")
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Portal, Active: "/appointments"}, minePage(list, title))
}

func (h *web) bookOwn(w http.ResponseWriter, r *http.Request) error {
	return h.showBook(w, r, ui.Portal, "/appointments/new", ui.NewForm(), 0)
}

func (h *web) bookOwnSave(w http.ResponseWriter, r *http.Request) error {
	return h.saveBook(w, r, ui.Portal, "/appointments/new", h.s.Book, func(Appointment) string { return "/appointments" })
}

func (h *web) cancelOwn(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.s.CancelAppointment(r.Context(), r.PathValue("id"), version)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "counter.did.cancel")
	return ui.Back(w, r, "/appointments")
}
