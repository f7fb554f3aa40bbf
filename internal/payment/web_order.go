package payment

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

func (h *web) order(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return show(w, r, v.Code, 0, orderPage(v, h.s.BaseURL+"/pay/"+v.Token), ui.Crumb{Text: v.Code})
}

// form is a page about one order that asks before it acts.
func (h *web) form(w http.ResponseWriter, r *http.Request, f *ui.Form, status int, key string, page func(View, *ui.Form, string) templ.Component) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), key)
	return show(w, r, title, status, page(v, f, title), ui.Crumb{Text: v.Code, URL: v.path()}, ui.Crumb{Text: title})
}

// act does something with an order and shows the same form again when it is refused.
func (h *web) act(w http.ResponseWriter, r *http.Request, key, did string, page func(View, *ui.Form, string) templ.Component, do func(context.Context, string, int64, *ui.Form) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = do(r.Context(), r.PathValue("id"), version, f)
	}
	if f.Keep(err) {
		return h.form(w, r, f, f.StatusFor(err), key, page)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, did)
	return ui.Back(w, r, "/payments/orders/"+r.PathValue("id"))
}

func (h *web) collectForm(w http.ResponseWriter, r *http.Request) error {
	return h.form(w, r, ui.NewForm(), 0, "payment.collect", collectPage)
}

func (h *web) collect(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "payment.collect", "payment.did.collect", collectPage, func(ctx context.Context, id string, version int64, f *ui.Form) error {
		_, err := h.s.Collect(ctx, id, version, Taken{Way: Way(f.Text("way")), Reference: f.Text("reference")})
		return err
	})
}

func (h *web) cancelForm(w http.ResponseWriter, r *http.Request) error {
	return h.form(w, r, ui.NewForm(), 0, "payment.cancel", cancelPage)
}

func (h *web) cancel(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "payment.cancel", "payment.did.cancel", cancelPage, func(ctx context.Context, id string, version int64, f *ui.Form) error {
		_, err := h.s.Cancel(ctx, id, version, f.Long("reason"))
		return err
	})
}

func (h *web) giveReceipt(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "payment.receipt.give", "payment.did.receipt", func(v View, f *ui.Form, _ string) templ.Component { return refusedPage(v, f) },
		func(ctx context.Context, id string, version int64, _ *ui.Form) error {
			_, err := h.s.GiveReceipt(ctx, id, version)
			return err
		})
}

// receipts

func (h *web) receipt(w http.ResponseWriter, r *http.Request) error {
	rc, err := h.s.Receipt(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "payment.receipt.title", "no", rc.Number())
	return show(w, r, title, 0, receiptPage(rc, mayReissue(r.Context())), ui.Crumb{Text: rc.OrderCode, URL: "/payments/orders/" + rc.OrderID}, ui.Crumb{Text: title})
}

func mayReissue(ctx context.Context) bool {
	a := identity.From(ctx)
	return a.Has(RightCollect) || a.Has(RightSettle)
}

func (h *web) reissueForm(w http.ResponseWriter, r *http.Request) error {
	return h.showReissue(w, r, ui.NewForm(), 0)
}

func (h *web) showReissue(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	rc, err := h.s.Receipt(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "payment.receipt.reissue")
	return show(w, r, title, status, reissuePage(rc, f, title), ui.Crumb{Text: rc.OrderCode, URL: "/payments/orders/" + rc.OrderID}, ui.Crumb{Text: title})
}

func (h *web) reissue(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version, fresh := f.Version(), ""
	if err = f.Err(); err == nil {
		fresh, err = h.s.Reissue(r.Context(), r.PathValue("id"), version, f.Text("payer"), f.Long("reason"))
	}
	if f.Keep(err) {
		return h.showReissue(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "payment.did.reissue")
	return ui.Back(w, r, "/payments/receipts/"+fresh)
}
