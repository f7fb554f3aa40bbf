package payment

import (
	"net/http"
	"slices"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

func (h *web) mountSetup(rt *ui.Router) {
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.manage", Label: "payment.setup.menu", URL: "/payments/settings", Icon: "gear", Right: RightSetup, Order: 60})
	rt.Handle("GET /payments/settings", RightSetup, h.setup)
	rt.Handle("GET /payments/settings/gateways/{id}", RightSetup, h.gatewayForm)
	rt.Handle("POST /payments/settings/gateways/{id}", RightSetup, h.gateway)
	rt.Handle("GET /payments/settings/books/new", RightSetup, h.bookForm)
	rt.Handle("POST /payments/settings/books/new", RightSetup, h.book)
	rt.Handle("POST /payments/settings/books/{id}", RightSetup, h.switchBook)
	rt.Handle("GET /payments/settings/exemptions/{id}", RightSetup, h.exemptionForm)
	rt.Handle("POST /payments/settings/exemptions/{id}", RightSetup, h.exemption)
}

const setupPath = "/payments/settings"

// setupCrumbs lead back to the settings.
func setupCrumbs(r *http.Request, title string) []ui.Crumb {
	return []ui.Crumb{{Text: i18n.T(r.Context(), "payment.setup.menu"), URL: setupPath}, {Text: title}}
}

func (h *web) setup(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Setup(r.Context(), ui.Query(r).Text("agency"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "payment.setup.menu")
	return show(w, r, title, 0, setupPage(v, h.s.BaseURL), ui.Crumb{Text: title})
}

func (h *web) gatewayForm(w http.ResponseWriter, r *http.Request) error {
	return h.showGateway(w, r, ui.NewForm(), 0)
}

func (h *web) showGateway(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Setup(r.Context(), "")
	if err != nil {
		return err
	}
	g, title := GatewaySetup{Kind: GatewayKind(ui.Query(r).Text("kind")), Active: true, Prefix: "vnp_", Way: OnlineProvince}, i18n.T(r.Context(), "payment.gateway.new")
	if id := r.PathValue("id"); id != "new" {
		i := slices.IndexFunc(v.Gateways, func(g GatewaySetup) bool { return g.ID == id })
		if i < 0 {
			return errs.New(errs.NotFound, "payment.gateway_unknown")
		}
		g, title = v.Gateways[i], v.Gateways[i].Name
	} else if g.Kind != Platform {
		g.Kind, g.Way = BankNotice, Transfer
	}
	return show(w, r, title, status, gatewayPage(g, v.Agencies, f, title, h.s.BaseURL), setupCrumbs(r, title)...)
}

func (h *web) gateway(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	g := GatewaySetup{Agency: f.Text("agency"), Kind: GatewayKind(f.Text("kind")), Name: f.Text("name"), Way: Way(f.Text("way")), BIN: f.Text("bin"), AccountNo: f.Text("account_no"),
		AccountName: f.Text("account_name"), Merchant: f.Text("merchant"), PayURL: f.Text("pay_url"), Prefix: f.Text("prefix"), Active: f.Bool("active")}
	if id := r.PathValue("id"); id != "new" {
		g.ID, g.Version = id, f.Version()
	}
	if err = f.Err(); err == nil {
		if _, err = h.s.WriteGateway(r.Context(), g, f.Raw("secret")); errs.CodeOf(err) == "payment.agency_unknown" {
			err = errs.OnField("agency", "payment.agency_unknown")
		}
	}
	if f.Keep(err) {
		return h.showGateway(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "payment.did.setup")
	return ui.Back(w, r, setupPath)
}

func (h *web) bookForm(w http.ResponseWriter, r *http.Request) error {
	return h.showBook(w, r, ui.NewForm(), 0)
}

func (h *web) showBook(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Setup(r.Context(), ui.Query(r).Text("agency"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "payment.book.new")
	return show(w, r, title, status, bookPage(v, f, title), setupCrumbs(r, title)...)
}

func (h *web) book(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	b := Book{Agency: f.Text("agency"), Form: f.Text("form"), Serial: f.Text("serial"), FromNo: f.Int("from_no"), ToNo: f.Int("to_no")}
	if err = f.Err(); err == nil {
		if _, err = h.s.AddBook(r.Context(), b); errs.CodeOf(err) == "payment.agency_unknown" {
			err = errs.OnField("agency", "payment.agency_unknown")
		}
	}
	if f.Keep(err) {
		return h.showBook(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "payment.did.setup")
	return ui.Back(w, r, setupPath+"?agency="+b.Agency)
}

func (h *web) switchBook(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.s.SwitchBook(r.Context(), f.Text("agency"), r.PathValue("id"), version, f.Bool("active"))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "payment.did.setup")
	return ui.Back(w, r, setupPath+"?agency="+f.Text("agency"))
}

func (h *web) exemptionForm(w http.ResponseWriter, r *http.Request) error {
	return h.showExemption(w, r, ui.NewForm(), 0)
}

func (h *web) showExemption(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Setup(r.Context(), "")
	if err != nil {
		return err
	}
	e, title := Exemption{Percent: 100, ToDay: "9999-12-31"}, i18n.T(r.Context(), "payment.exemption.new")
	if id := r.PathValue("id"); id != "new" {
		i := slices.IndexFunc(v.Exemptions, func(e Exemption) bool { return e.ID == id })
		if i < 0 {
			return errs.New(errs.NotFound, "payment.exemption_unknown")
		}
		e, title = v.Exemptions[i], v.Exemptions[i].Name
	}
	return show(w, r, title, status, exemptionPage(e, f, title), setupCrumbs(r, title)...)
}

func (h *web) exemption(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	e := Exemption{Name: f.Text("name"), Percent: f.Int("percent"), Basis: f.Text("basis"), FromDay: f.Day("from_day"), ToDay: f.Day("to_day"), Verified: f.Bool("verified")}
	if e.ToDay == "" {
		e.ToDay = "9999-12-31"
	}
	if id := r.PathValue("id"); id != "new" {
		e.ID, e.Version = id, f.Version()
	}
	if err = f.Err(); err == nil {
		_, err = h.s.WriteExemption(r.Context(), e)
	}
	if f.Keep(err) {
		return h.showExemption(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "payment.did.setup")
	return ui.Back(w, r, setupPath)
}
