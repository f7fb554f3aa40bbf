package payment

import (
	"io"
	"net"
	"net/http"

	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// noticeBytes is the largest call of a gateway that is read.
const noticeBytes = 64 << 10

func (h *web) mountPublic(rt *ui.Router) {
	rt.Handle("GET /pay/{token}", ui.Public, h.pay)
	rt.Handle("POST /pay/{token}/start", ui.Public, h.start)
	rt.Handle("GET /gateways/{id}/notice", ui.Public, h.notice)
	rt.Handle("POST /gateways/{id}/notice", ui.Public, h.notice, ui.MaxBytes(noticeBytes))
}

// pay is the page of an order for its payer: whatever a platform adds to its address when
// the browser comes back is not looked at.
func (h *web) pay(w http.ResponseWriter, r *http.Request) error {
	from, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		from = r.RemoteAddr
	}
	p, err := h.s.PayPage(r.Context(), r.PathValue("token"), from)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "payment.pay.title")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	return ui.Render(w, r, ui.Page{Title: title, Face: ui.Portal, Robots: "noindex"}, payPage(p, title))
}

func (h *web) start(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.s.Start(r.Context(), r.PathValue("token"), f.Text("gateway")); err != nil {
		return err
	}
	return ui.Back(w, r, "/pay/"+r.PathValue("token")+"#go")
}

// notice takes the call of a gateway and answers in its words. Nothing of it is logged.
func (h *web) notice(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return ui.BadForm(err)
	}
	a, err := h.s.Take(r.Context(), r.PathValue("id"), Incoming{Query: r.URL.Query(), Body: body, Header: r.Header.Get})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", a.Type)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(a.Status)
	_, err = w.Write(a.Body)
	return err
}
