package admin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

type web struct{ admin *Service }

// manage is the group of the side menu that holds this room's pages.
const manage = "ui.menu.manage"

// Mount adds the pages of the room to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{admin: s}
	rt.Account(ui.Link{Text: "admin.menu.delegations", URL: "/delegations"})
	rt.Menu(
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.mine", Label: "admin.menu.notices", URL: "/notices", Icon: "mail", Right: ui.SignedIn, Order: 30, Badge: h.unread},
		ui.MenuItem{Face: ui.Desk, Group: manage, Label: "admin.menu.accounts", URL: "/admin/accounts", Icon: "users", Right: identity.RightView, Order: 10},
		ui.MenuItem{Face: ui.Desk, Group: manage, Label: "admin.menu.roles", URL: "/admin/roles", Icon: "lock", Right: identity.RightView, Order: 20},
		ui.MenuItem{Face: ui.Desk, Group: manage, Label: "admin.menu.log", URL: "/admin/log", Icon: "book", Right: RightLog, Order: 30},
		ui.MenuItem{Face: ui.Desk, Group: manage, Label: "admin.menu.jobs", URL: "/admin/jobs", Icon: "gear", Right: RightJobs, Order: 40},
		ui.MenuItem{Face: ui.Desk, Group: manage, Label: "admin.menu.messages", URL: "/admin/messages", Icon: "send", Right: RightMessages, Order: 50},
	)
	h.mountAccounts(rt)
	h.mountOthers(rt)
}

func (h *web) mountAccounts(rt *ui.Router) {
	rt.Handle("GET /admin/accounts", identity.RightView, h.accounts)
	rt.Handle("GET /admin/accounts/new", identity.RightManage, h.newAccount)
	rt.Handle("POST /admin/accounts", identity.RightManage, h.createAccount)
	rt.Handle("GET /admin/accounts/{id}", identity.RightView, h.account)
	rt.Handle("GET /admin/accounts/{id}/edit", identity.RightManage, h.editAccount)
	rt.Handle("POST /admin/accounts/{id}/edit", identity.RightManage, h.updateAccount)
	rt.Handle("GET /admin/accounts/{id}/state/{move}", identity.RightManage, h.askMove)
	rt.Handle("POST /admin/accounts/{id}/state/{move}", identity.RightManage, h.move)
	rt.Handle("GET /admin/accounts/{id}/link", identity.RightManage, h.askLink)
	rt.Handle("POST /admin/accounts/{id}/link", identity.RightManage, h.link)
	rt.Handle("GET /admin/accounts/{id}/second-factor", identity.RightManage, h.askFactor)
	rt.Handle("POST /admin/accounts/{id}/second-factor", identity.RightManage, h.factor)
	rt.Handle("GET /admin/accounts/{id}/sessions", identity.RightManage, h.askSessions)
	rt.Handle("POST /admin/accounts/{id}/sessions", identity.RightManage, h.endSessions)
	rt.Handle("GET /admin/accounts/{id}/sign-ins", identity.RightView, h.signIns)
	rt.Handle("GET /admin/accounts/{id}/grants/new", identity.RightManage, h.newGrant)
	rt.Handle("POST /admin/accounts/{id}/grants", identity.RightManage, h.grant)
	rt.Handle("GET /admin/accounts/{id}/grants/{grant}/revoke", identity.RightManage, h.askRevoke)
	rt.Handle("POST /admin/accounts/{id}/grants/{grant}/revoke", identity.RightManage, h.revoke)
}

func (h *web) mountOthers(rt *ui.Router) {
	rt.Handle("GET /admin/roles", identity.RightView, h.roles)
	rt.Handle("GET /admin/roles/new", identity.RightRoles, h.newRole)
	rt.Handle("POST /admin/roles", identity.RightRoles, h.createRole)
	rt.Handle("GET /admin/roles/{code}", identity.RightView, h.role)
	rt.Handle("POST /admin/roles/{code}", identity.RightRoles, h.updateRole)
	rt.Handle("GET /delegations", ui.SignedIn, h.delegations)
	rt.Handle("GET /delegations/new", identity.RightDelegate, h.newDelegation)
	rt.Handle("POST /delegations", identity.RightDelegate, h.delegate)
	rt.Handle("GET /delegations/{id}/end", ui.SignedIn, h.askEnd)
	rt.Handle("POST /delegations/{id}/end", ui.SignedIn, h.endDelegation)
	rt.Handle("GET /admin/log", RightLog, h.log)
	rt.Handle("GET /admin/log/{id}", RightLog, h.entry)
	rt.Handle("GET /admin/log/{id}/proof", RightLog, h.proof)
	rt.Handle("GET /admin/checkpoints", RightLog, h.checkpoints)
	rt.Handle("GET /admin/checkpoints/key", RightLog, h.publicKey)
	rt.Handle("POST /admin/checkpoints/check", RightLog, h.checkProof)
	rt.Handle("GET /admin/jobs", RightJobs, h.jobs)
	rt.Handle("POST /admin/jobs/{id}/replay", RightJobs, h.replay)
	rt.Handle("GET /admin/messages", RightMessages, h.messages)
	rt.Handle("GET /admin/messages/{id}", RightMessages, h.message)
	rt.Handle("GET /admin/messages/settings", RightMessages, h.sending)
	rt.Handle("POST /admin/messages/settings", RightMessages, h.setSending)
	rt.Handle("POST /admin/messages/test", RightMessages, h.sendTest)
	rt.Handle("GET /admin/outbox", RightMessages, h.outbox)
	rt.Handle("GET /notices", ui.SignedIn, h.notices)
	rt.Handle("POST /notices/read", ui.SignedIn, h.readNotices)
	rt.Handle("POST /notices/{id}/open", ui.SignedIn, h.openNotice)
}

// page renders a body on the desk under a menu item; over are the crumbs before it.
func (h *web) page(w http.ResponseWriter, r *http.Request, active, title string, status int, body templ.Component, over ...ui.Crumb) error {
	p := ui.Page{Title: title, Face: ui.Desk, Active: active, Status: status}
	if len(over) > 0 {
		p.Crumbs = append(over, ui.Crumb{Text: title})
	}
	return ui.Render(w, r, p, body)
}

// word is a sentence of this room in the reader's language.
func word(r *http.Request, key string, args ...any) string { return i18n.T(r.Context(), key, args...) }

// orCode is the words of a key, or the code itself where a room has no words for it.
func orCode(ctx context.Context, key, code string) string {
	if i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return code
}

// address joins a path and the values that are not empty; pairs are name, value.
func address(path string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// unread is the badge of the notices in the menu. A menu without its figure is better
// than no page: a failing count shows nothing.
func (h *web) unread(ctx context.Context) ui.Badge {
	n, err := h.admin.Unread(ctx)
	switch {
	case err != nil || n == 0:
		return ui.Badge{}
	case n >= 100:
		return ui.Badge{Text: "99+"}
	}
	return ui.Badge{Text: strconv.Itoa(n)}
}
