package counter

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/clock"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

const listPage = 100

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.serve", Label: "counter.menu", URL: "/counter", Icon: "users", Right: RightServe, Order: 10},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.serve", Label: "counter.today.menu", URL: "/counter/today", Icon: "clock", Right: RightView, Order: 12},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.serve", Label: "counter.appointments.menu", URL: "/counter/appointments", Icon: "calendar", Right: RightView, Order: 14},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.manage", Label: "counter.setup.menu", URL: "/counter/settings", Icon: "gear", Right: RightSetup, Order: 62})
	rt.Handle("GET /counter", RightServe, h.work)
	rt.Handle("POST /counter/sit", RightServe, h.sit)
	rt.Handle("POST /counter/leave", RightServe, h.leave)
	rt.Handle("POST /counter/next", RightServe, h.next)
	rt.Handle("POST /counter/draw", RightServe, h.drawFor)
	rt.Handle("POST /counter/tickets/{id}", RightServe, h.move)
	rt.Handle("GET /counter/today", RightView, h.today)
	rt.Handle("GET /counter/appointments", RightView, h.appointments)
	rt.Handle("GET /counter/appointments/new", RightBook, h.bookFor)
	rt.Handle("POST /counter/appointments/new", RightBook, h.bookForSave)
	rt.Handle("POST /counter/appointments/{id}/cancel", RightBook, h.cancelFor)
	h.mountSetup(rt)
	h.mountPublic(rt)
}

// show draws a page of the desk.
func show(w http.ResponseWriter, r *http.Request, active, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Desk, Active: active, Status: status, Crumbs: trail}, body)
}

// where is the agency of a page: asked for, the reader's own, or the only one.
func (h *web) where(r *http.Request, right string) (agency string, list []ui.Choice, err error) {
	all, err := h.s.Agencies(r.Context(), right)
	agency = ui.Query(r).Text("agency")
	for _, a := range all {
		list = append(list, ui.Choice{Value: a.ID, Text: a.Name})
		if agency == "" && (a.ID == identity.From(r.Context()).AgencyID || len(all) == 1) {
			agency = a.ID
		}
	}
	return agency, list, err
}

func (h *web) work(w http.ResponseWriter, r *http.Request) error {
	return h.showWork(w, r, ui.NewForm(), 0)
}

func (h *web) showWork(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	agency, list, err := h.where(r, RightServe)
	if err != nil {
		return err
	}
	v, err := h.s.Work(r.Context(), agency)
	if err != nil {
		return err
	}
	return show(w, r, "/counter", i18n.T(r.Context(), "counter.menu"), status, workPage(v, list, f))
}

// act does something at the officer's desk and comes back to it.
func (h *web) act(w http.ResponseWriter, r *http.Request, did string, do func(ctx context.Context, f *ui.Form) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err = do(r.Context(), f); err == nil {
		err = f.Err()
	}
	if f.Keep(err) {
		return h.showWork(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	if did != "" {
		ui.Flash(w, r, did)
	}
	return ui.Back(w, r, "/counter")
}

func (h *web) sit(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "", func(ctx context.Context, f *ui.Form) error { return h.s.Sit(ctx, f.Text("desk")) })
}

func (h *web) leave(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "counter.did.leave", func(ctx context.Context, _ *ui.Form) error { return h.s.Leave(ctx) })
}

func (h *web) next(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "", func(ctx context.Context, _ *ui.Form) error { _, err := h.s.Next(ctx); return err })
}

func (h *web) drawFor(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "counter.did.draw", func(ctx context.Context, f *ui.Form) error {
		_, err := h.s.DrawFor(ctx, f.Text("agency"), f.Text("queue"), Priority(f.Text("priority")), f.Text("code"))
		return err
	})
}

func (h *web) move(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "", func(ctx context.Context, f *ui.Form) error {
		in := Act{Move: f.Text("move"), Version: f.Version(), Queue: f.Text("queue"), Dossier: f.Text("dossier")}
		if err := f.Err(); err != nil {
			return err
		}
		_, err := h.s.Move(ctx, r.PathValue("id"), in)
		return err
	})
}

// todayView is the tickets of a hall on a day.
type todayView struct {
	Agency, Day string
	Agencies    []ui.Choice
	List        []Ticket
	Sum         Day
	Next        string
	Form        *ui.Form
}

func (h *web) today(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), ui.Query(r)
	v := todayView{Day: q.Day("day"), Form: q}
	var err error
	if v.Agency, v.Agencies, err = h.where(r, RightView); err != nil {
		return err
	}
	if v.Day == "" || q.Err() != nil {
		v.Day = clock.Day(h.s.Clock())
	}
	limit, as := listPage+1, ui.Sheet(r)
	if as != "" {
		limit = ui.SheetMost
	}
	afterMs, afterID := int64(0), ""
	if after, ok := ui.ReadCursor(r.URL.Query().Get("after"), 2); ok && len(after) == 2 {
		afterMs, _ = strconv.ParseInt(after[0], 10, 64)
		afterID = after[1]
	}
	if v.Agency != "" {
		if v.List, v.Sum, err = h.s.Today(ctx, v.Agency, v.Day, "", afterMs, afterID, limit); err != nil {
			return err
		}
	}
	if as != "" {
		return ui.SendTable(w, r, "so-thu-tu-"+v.Day, as, ticketsTable(ctx, v.List))
	}
	if len(v.List) > listPage {
		v.List = v.List[:listPage]
		last := v.List[listPage-1]
		v.Next = "/counter/today?agency=" + v.Agency + "&day=" + v.Day + "&after=" + ui.Cursor(strconv.FormatInt(last.TakenMs, 10), last.ID)
	}
	return show(w, r, "/counter/today", i18n.T(ctx, "counter.today.menu"), 0, todayPage(v))
}

// appointmentsView is the appointments of a hall on a day.
type appointmentsView struct {
	Agency, Day string
	Agencies    []ui.Choice
	List        []Appointment
	Book        bool
	Form        *ui.Form
}

func (h *web) appointments(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), ui.Query(r)
	v := appointmentsView{Day: q.Day("day"), Book: identity.From(ctx).Has(RightBook), Form: q}
	var err error
	if v.Agency, v.Agencies, err = h.where(r, RightView); err != nil {
		return err
	}
	if v.Day == "" || q.Err() != nil {
		v.Day = clock.Day(h.s.Clock())
	}
	if v.Agency != "" {
		if v.List, err = h.s.Appointments(ctx, v.Agency, v.Day); err != nil {
			return err
		}
	}
	if as := ui.Sheet(r); as != "" {
		v.Book = false
		return ui.SendTable(w, r, "lich-hen-"+v.Day, as, appointmentsTable(ctx, v))
	}
	return show(w, r, "/counter/appointments", i18n.T(ctx, "counter.appointments.menu"), 0, appointmentsPage(v))
}

func (h *web) bookFor(w http.ResponseWriter, r *http.Request) error {
	return h.showBook(w, r, ui.Desk, "/counter/appointments/new", ui.NewForm(), 0)
}

func (h *web) bookForSave(w http.ResponseWriter, r *http.Request) error {
	return h.saveBook(w, r, ui.Desk, "/counter/appointments/new", h.s.BookFor, func(ap Appointment) string {
		return "/counter/appointments?agency=" + ap.Agency + "&day=" + ap.Day
	})
}

func (h *web) cancelFor(w http.ResponseWriter, r *http.Request) error {
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
	return ui.Back(w, r, "/counter/appointments?agency="+f.Text("agency")+"&day="+f.Text("day"))
}

// showBook asks for hall, queue, day and slot, one after the other; what is chosen stands
// in the address, so that the way back is the browser's.
func (h *web) showBook(w http.ResponseWriter, r *http.Request, face, path string, f *ui.Form, status int) error {
	q := ui.Query(r)
	agency := q.Text("agency")
	if face == ui.Desk && agency == "" {
		agency = identity.From(r.Context()).AgencyID
	}
	o, err := h.s.Offer(r.Context(), q.Text("queue"), agency, q.Text("day"))
	if err != nil {
		if agency != "" && q.Text("queue") == "" { // the officer's own agency has no hall: choose another
			o, err = h.s.Offer(r.Context(), "", "", "")
		}
		if err != nil {
			return err
		}
	}
	title := i18n.T(r.Context(), "counter.book.title")
	page := ui.Page{Title: title, Face: face, Status: status}
	if face == ui.Desk {
		page.Active = "/counter/appointments"
	}
	return ui.Render(w, r, page, bookPage(o, path, f, title, face == ui.Portal, identity.From(r.Context()).Name))
}

func (h *web) saveBook(w http.ResponseWriter, r *http.Request, face, path string, book func(context.Context, Booking) (Appointment, error), to func(Appointment) string) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	start, _ := strconv.ParseInt(f.Text("start"), 10, 64)
	ap, err := book(r.Context(), Booking{Queue: ui.Query(r).Text("queue"), Name: f.Text("name"), Phone: f.Text("phone"), StartMs: start})
	if f.Keep(err) {
		return h.showBook(w, r, face, path, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "counter.did.book", "code", ap.Code)
	return ui.Back(w, r, to(ap))
}
