package account

import (
	"net/http"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

func (h *web) desk(w http.ResponseWriter, r *http.Request, key string, status int, body templ.Component) error {
	p := ui.Page{Title: title(r, key), Face: ui.Desk, Status: status}
	if key != "account.mine.title" {
		p.Crumbs = []ui.Crumb{{Text: i18n.T(r.Context(), "account.mine.title"), URL: "/account"}, {Text: p.Title}}
	}
	return ui.Render(w, r, p, body)
}

func (h *web) passwordPage(w http.ResponseWriter, r *http.Request) error {
	return h.desk(w, r, "account.password.title", 0, password(ui.NewForm()))
}

func (h *web) password(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	err = twice(f)
	if err == nil {
		err = h.account.Identity.ChangePassword(r.Context(), identity.From(r.Context()), f.Raw("current"), f.Raw("password"))
	}
	if err != nil {
		if f.Keep(err) {
			return h.desk(w, r, "account.password.title", f.Status(), password(f))
		}
		return err
	}
	ui.Flash(w, r, "account.password.done")
	return ui.Back(w, r, "/account")
}

func (h *web) factorPage(w http.ResponseWriter, r *http.Request) error {
	m, err := h.account.Mine(r.Context())
	if err != nil {
		return err
	}
	return h.desk(w, r, "account.factor.title", 0, factor(factorView{Form: ui.NewForm(), On: m.Factor, CodesLeft: m.CodesLeft}))
}

type factorView struct {
	Form      *ui.Form
	On        bool
	CodesLeft int
	URL       string // of the new factor, for the QR code
	Secret    string
	Codes     []string // recovery codes, shown once
}

// enrol shows the new factor's QR code after the password.
func (h *web) enrol(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	e, err := h.account.Identity.EnrolTOTP(r.Context(), identity.From(r.Context()), f.Raw("password"))
	if err != nil {
		if f.Keep(err) {
			return h.desk(w, r, "account.factor.title", f.Status(), factor(factorView{Form: f}))
		}
		return err
	}
	return h.desk(w, r, "account.factor.title", 0, factor(factorView{Form: ui.NewForm(), URL: e.URL, Secret: e.Secret}))
}

func (h *web) confirm(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	codes, err := h.account.ConfirmFactor(r.Context(), f.Text("code"))
	if err != nil {
		if f.Keep(err) {
			return h.desk(w, r, "account.factor.title", f.Status(), factor(factorView{Form: f, URL: f.Raw("url"), Secret: f.Raw("secret")}))
		}
		return err
	}
	return h.desk(w, r, "account.factor.title", 0, factor(factorView{Form: ui.NewForm(), On: true, CodesLeft: len(codes), Codes: codes}))
}

func (h *web) factorOff(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.account.Identity.DisableTOTP(r.Context(), identity.From(r.Context()), f.Raw("password")); err != nil {
		if f.Keep(err) {
			return h.desk(w, r, "account.factor.title", f.Status(), factor(factorView{Form: f, On: true}))
		}
		return err
	}
	ui.Flash(w, r, "account.factor.off_done")
	return ui.Back(w, r, "/account")
}
