package account

import (
	"net/http"

	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

type web struct {
	account *Service
	demo    func(r *http.Request) []DemoAccount
}

// Mount adds the pages of signing in and of one's own account to the router. demo lists
// the accounts that one click signs in, for a request that may; nil shows none.
func Mount(rt *ui.Router, s *Service, demo func(r *http.Request) []DemoAccount) {
	h := &web{account: s, demo: demo}
	rt.Account(ui.Link{Text: "account.menu.mine", URL: "/account"})
	rt.Handle("GET /sign-in", ui.Public, h.signInPage)
	rt.Handle("POST /sign-in", ui.Public, h.signIn)
	rt.Handle("POST /sign-in/code", ui.Public, h.signInCode)
	rt.Handle("POST /sign-out", ui.SignedIn, h.signOut)
	rt.Handle("GET /forgotten", ui.Public, h.forgottenPage)
	rt.Handle("POST /forgotten", ui.Public, h.forgotten)
	rt.Handle("GET /link/{token}", ui.Public, h.linkPage)
	rt.Handle("POST /link/{token}", ui.Public, h.link)
	rt.Handle("GET /account", ui.SignedIn, h.mine)
	rt.Handle("GET /account/password", ui.SignedIn, h.passwordPage)
	rt.Handle("POST /account/password", ui.SignedIn, h.password)
	rt.Handle("GET /account/second-factor", ui.SignedIn, h.factorPage)
	rt.Handle("POST /account/second-factor", ui.SignedIn, h.enrol)
	rt.Handle("POST /account/second-factor/confirm", ui.SignedIn, h.confirm)
	rt.Handle("POST /account/second-factor/off", ui.SignedIn, h.factorOff)
	rt.Handle("POST /account/sessions/{id}/revoke", ui.SignedIn, h.revokeSession)
	rt.Handle("POST /account/tokens/{id}/revoke", ui.SignedIn, h.revokeToken)
}

func (h *web) mine(w http.ResponseWriter, r *http.Request) error {
	m, err := h.account.Mine(r.Context())
	if err != nil {
		return err
	}
	return h.desk(w, r, "account.mine.title", 0, mine(m, identity.From(r.Context()).SessionID))
}

func (h *web) revokeSession(w http.ResponseWriter, r *http.Request) error {
	if err := h.account.RevokeSession(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, "account.session_revoked")
	return ui.Back(w, r, "/account")
}

func (h *web) revokeToken(w http.ResponseWriter, r *http.Request) error {
	if err := h.account.RevokeToken(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, "account.token_revoked")
	return ui.Back(w, r, "/account")
}

// title is the page's name in the reader's language.
func title(r *http.Request, key string) string { return i18n.T(r.Context(), key) }
