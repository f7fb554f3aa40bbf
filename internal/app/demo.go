package app

import (
	"net"
	"net/http"
	"strings"

	"cchc/internal/account"
	"cchc/internal/errs"
	"cchc/internal/ui"
)

// demoAccounts are the people of the demonstration, in the order of the sign-in page.
var demoAccounts = []struct{ login, role, agency string }{
	{"admin", "admin", ""},
	{"chutich", "chairman", "GL.UBND"},
	{"noivu", "secretariat", "GL.D02"},
	{"vpubnd", "office", "GL.D01"},
	{"soxd.truong", "agency_head", "GL.D07"},
	{"soxd.cv", "focal_point", "GL.D07"},
	{"tuyphuoc", "agency_head", "GL.X033"},
	{"kiemtoan", "auditor", ""},
	{"congdan", "citizen", ""},
	{"motcua", "receptionist", "GL.X001"},
	{"thuly", "handler", "GL.D08"},
	{"lanhdao", "unit_leader", "GL.D08"},
	{"thutuc", "procedure_admin", "GL.D01"},
	{"thuphi", "cashier", "GL.X001"},
	{"giamdoc", "centre_head", "GL.X001"},
}

// mountDemo opens the one-click sign-in of a demonstration. Whoever can reach it can
// be anyone, so each request must show that it came from this machine alone.
func (a *App) mountDemo(rt *ui.Router) {
	if !a.demo() || !loopback(a.cfg.Listen) {
		return
	}
	rt.Handle("POST /demo/sign-in", ui.Public, func(w http.ResponseWriter, r *http.Request) error {
		if !fromThisMachine(r, a.cfg.Listen) {
			return errs.New(errs.Forbidden, "app.demo_elsewhere")
		}
		f, err := ui.ReadForm(r)
		if err != nil {
			return err
		}
		if _, err := a.rooms.identity.DemoSignIn(r.Context(), f.Text("login"), "127.0.0.1"); err != nil {
			return err
		}
		return ui.Back(w, r, ui.LocalPath(f.Text("next")))
	})
}

// demoChoices lists the accounts for the sign-in page, to a request that may use them.
func (a *App) demoChoices(r *http.Request) []account.DemoAccount {
	if !a.demo() || !loopback(a.cfg.Listen) || !fromThisMachine(r, a.cfg.Listen) {
		return nil
	}
	all := make([]account.DemoAccount, len(demoAccounts))
	for i, p := range demoAccounts {
		all[i] = account.DemoAccount{Login: p.login, Name: demoNames[p.login], Role: roleName(r.Context(), p.role)}
	}
	return all
}

// loopback says whether an address to listen on is reached from this machine only.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// fromThisMachine refuses everything that may have come through a proxy or by another
// name: a page elsewhere whose name was pointed at 127.0.0.1 sends its own Host.
func fromThisMachine(r *http.Request, listen string) bool {
	for name := range r.Header {
		if name == "Forwarded" || strings.HasPrefix(name, "X-Forwarded-") || name == "X-Real-Ip" {
			return false
		}
	}
	remote, _, err := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(remote); err != nil || ip == nil || !ip.IsLoopback() {
		return false
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil || host != "127.0.0.1" && host != "localhost" {
		return false
	}
	_, own, _ := net.SplitHostPort(listen)
	return own == "0" || port == own
}
