package payment

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

const listPage = 50

// statementBytes is the largest list of a gateway that is taken.
const statementBytes = 4 << 20

type web struct{ s *Service }

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.serve", Label: "payment.menu", URL: "/payments", Icon: "shop", Right: RightView, Order: 40})
	rt.Handle("GET /payments", RightView, h.desk)
	rt.Handle("GET /payments/new", RightCollect, h.newForm)
	rt.Handle("POST /payments/new", RightCollect, h.create)
	rt.Handle("GET /payments/orders/{id}", RightView, h.order)
	rt.Handle("GET /payments/orders/{id}/collect", RightCollect, h.collectForm)
	rt.Handle("POST /payments/orders/{id}/collect", RightCollect, h.collect)
	rt.Handle("GET /payments/orders/{id}/cancel", RightCollect, h.cancelForm)
	rt.Handle("POST /payments/orders/{id}/cancel", RightCollect, h.cancel)
	rt.Handle("POST /payments/orders/{id}/receipt", RightCollect, h.giveReceipt)
	rt.Handle("GET /payments/receipts/{id}", RightView, h.receipt)
	rt.Handle("GET /payments/receipts/{id}/reissue", RightView, h.reissueForm)
	rt.Handle("POST /payments/receipts/{id}/reissue", RightView, h.reissue)
	rt.Handle("GET /payments/movements", RightView, h.movements)
	rt.Handle("GET /payments/movements/{id}", RightView, h.movement)
	rt.Handle("POST /payments/movements/{id}/match", RightSettle, h.match)
	rt.Handle("POST /payments/movements/{id}/refund", RightRefund, h.refund)
	rt.Handle("GET /payments/closings", RightView, h.closings)
	rt.Handle("GET /payments/closings/new", RightCollect, h.closeForm)
	rt.Handle("POST /payments/closings/new", RightCollect, h.closeDay)
	rt.Handle("GET /payments/closings/{id}", RightView, h.closing)
	rt.Handle("POST /payments/closings/{id}/confirm", RightSettle, h.confirm)
	rt.Handle("GET /payments/statements", RightView, h.statements)
	rt.Handle("GET /payments/statements/new", RightSettle, h.statementForm)
	rt.Handle("POST /payments/statements/new", RightSettle, h.reconcile, ui.MaxBytes(statementBytes))
	rt.Handle("GET /payments/statements/{id}", RightView, h.statement)
	rt.Handle("POST /payments/statements/{id}/explain", RightSettle, h.explain)
	h.mountSetup(rt)
	h.mountPublic(rt)
}

// show draws a page of the desk.
func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/payments", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "payment.menu"), URL: "/payments"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

// deskView is the cashier's desk.
type deskView struct {
	Waiting         Waiting
	Orders          []Order
	Filter          Filter
	Day, Next       string
	Collect, Settle bool
	Setup           bool
}

// desk lists what waits for money, or what the filters ask.
func (h *web) desk(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), ui.Query(r)
	a := identity.From(ctx)
	v := deskView{Filter: Filter{State: State(q.Text("state")), Words: q.Text("q"), Day: q.Day("day")}, Day: clock.Day(h.s.Clock()),
		Collect: a.Has(RightCollect), Settle: a.Has(RightSettle), Setup: a.Has(RightSetup)}
	if q.Err() != nil {
		v.Filter.Day = ""
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
	var err error
	if v.Orders, err = h.s.List(ctx, v.Filter, afterMs, afterID, limit); err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "phieu-thu-"+v.Day, as, ordersTable(ctx, v.Orders))
	}
	if v.Waiting, err = h.s.Desk(ctx, ""); err != nil {
		return err
	}
	if len(v.Orders) > listPage {
		v.Orders = v.Orders[:listPage]
		last := v.Orders[listPage-1]
		v.Next = v.url("after", ui.Cursor(strconv.FormatInt(last.CreatedMs, 10), last.ID))
	}
	return show(w, r, i18n.T(ctx, "payment.menu"), 0, deskPage(v))
}

// newView is the form that asks a dossier for its fees.
type newView struct {
	Quote Quote
	Ask   Ask
	Form  *ui.Form
}

func (h *web) newForm(w http.ResponseWriter, r *http.Request) error {
	code := ui.Query(r).Text("dossier")
	if code == "" {
		return h.showNew(w, r, newView{Form: ui.NewForm()}, 0)
	}
	q, err := h.s.Quote(r.Context(), Ask{Dossier: code})
	v := newView{Quote: q, Ask: Ask{Dossier: code}, Form: ui.NewForm("dossier", code)}
	if err != nil && q.Dossier.ID != "" && len(errs.All(err)) > 0 {
		if errs.All(err)[0].Field != "" { // a line or a number is still to be said: that is what the form is for
			err = nil
		}
	}
	if err != nil && !v.Form.Keep(notFoundOnField(err, "dossier")) {
		return err
	}
	return h.showNew(w, r, v, v.Form.StatusFor(err))
}

// notFoundOnField lets a code that leads nowhere stay on the form where it was typed.
func notFoundOnField(err error, field string) error {
	if errs.CodeOf(err) == "payment.dossier_unknown" {
		return errs.OnField(field, "payment.dossier_unknown")
	}
	return err
}

func (h *web) showNew(w http.ResponseWriter, r *http.Request, v newView, status int) error {
	title := i18n.T(r.Context(), "payment.new.title")
	return show(w, r, title, status, newPage(v, title), ui.Crumb{Text: title})
}

// create asks for the fees. The button "count" only shows what they come to.
func (h *web) create(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	in := Ask{Dossier: f.Text("dossier"), Exempt: f.Text("exempt"), Why: f.Text("why"), Choice: Choice{Items: f.Int("items")}}
	q, _ := h.s.Quote(ctx, Ask{Dossier: in.Dossier})
	for _, p := range q.Parts {
		if key := f.Text("line" + p.Code); key != "" {
			in.Keys = append(in.Keys, key)
		}
	}
	var o Order
	if err = f.Err(); err == nil && f.Text("do") == "count" {
		if q, err = h.s.Quote(ctx, in); err == nil {
			return h.showNew(w, r, newView{Quote: q, Ask: in, Form: f}, 0)
		}
	} else if err == nil {
		if o, err = h.s.Charge(ctx, in); err == nil {
			ui.Flash(w, r, "payment.did.charge")
			return ui.Back(w, r, "/payments/orders/"+o.ID)
		}
	}
	if !f.Keep(notFoundOnField(err, "dossier")) {
		return err
	}
	return h.showNew(w, r, newView{Quote: q, Ask: in, Form: f}, f.StatusFor(err))
}
