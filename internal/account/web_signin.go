package account

import (
	"net/http"

	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

type signInView struct {
	Form *ui.Form
	Next string
	Code bool // the password was right; the code is missing
	Demo []DemoAccount
}

func (h *web) showSignIn(w http.ResponseWriter, r *http.Request, status int, v signInView) error {
	if h.demo != nil {
		v.Demo = h.demo(r)
	}
	return ui.Render(w, r, ui.Page{Title: title(r, "account.signin.title"), Face: ui.Portal, Status: status, Robots: "noindex"}, signIn(v))
}

func (h *web) signInPage(w http.ResponseWriter, r *http.Request) error {
	next := ui.LocalPath(r.URL.Query().Get("next"))
	if identity.From(r.Context()).SignedIn() {
		return ui.Back(w, r, start(next))
	}
	return h.showSignIn(w, r, 0, signInView{Form: ui.NewForm(), Next: next})
}

// start is where a person begins who did not say where they were going.
func start(next string) string {
	if next == "" || next == "/" {
		return "/inbox"
	}
	return next
}

func (h *web) signIn(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	_, err = h.account.Identity.SignIn(r.Context(), f.Text("login"), f.Raw("password"), "", identity.From(r.Context()).From)
	return h.entered(w, r, f, err)
}

func (h *web) signInCode(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	_, err = h.account.Identity.SignInCode(r.Context(), f.Text("code"), identity.From(r.Context()).From)
	return h.entered(w, r, f, err)
}

// entered leads on after a sign-in, or shows the form again with what was wrong.
func (h *web) entered(w http.ResponseWriter, r *http.Request, f *ui.Form, err error) error {
	next := ui.LocalPath(f.Text("next"))
	code := errs.CodeOf(err)
	switch {
	case err == nil:
		return ui.Back(w, r, start(next))
	case code == "identity.code_needed":
		return h.showSignIn(w, r, 0, signInView{Form: ui.NewForm(), Next: next, Code: true})
	case code == "identity.code_wrong":
		f.Fault(err)
		return h.showSignIn(w, r, http.StatusUnprocessableEntity, signInView{Form: f, Next: next, Code: true})
	case errs.KindOf(err) == errs.Unauthenticated, errs.KindOf(err) == errs.TooMany, errs.KindOf(err) == errs.Invalid:
		f.Fault(err)
		return h.showSignIn(w, r, ui.Status(errs.KindOf(err)), signInView{Form: f, Next: next})
	}
	return err
}

func (h *web) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := h.account.Identity.SignOut(r.Context()); err != nil {
		return err
	}
	return ui.Back(w, r, "/")
}

func (h *web) forgottenPage(w http.ResponseWriter, r *http.Request) error {
	return ui.Render(w, r, ui.Page{Title: title(r, "account.forgotten.title"), Face: ui.Portal, Robots: "noindex"}, forgotten(ui.NewForm(), false))
}

// forgotten answers the same whether the account exists or not.
func (h *web) forgotten(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.account.Identity.StartReset(r.Context(), f.Text("login"), identity.From(r.Context()).From); err != nil {
		return err
	}
	return ui.Render(w, r, ui.Page{Title: title(r, "account.forgotten.title"), Face: ui.Portal, Robots: "noindex"}, forgotten(f, true))
}

func (h *web) linkPage(w http.ResponseWriter, r *http.Request) error {
	return h.showLink(w, r, ui.NewForm(), 0)
}

func (h *web) showLink(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	token := r.PathValue("token")
	acc, err := h.account.LinkOwner(r.Context(), token)
	if err != nil {
		return err
	}
	return ui.Render(w, r, ui.Page{Title: title(r, "account.link.title"), Face: ui.Portal, Status: status, Robots: "noindex"}, link(f, acc.Login, token))
}

func (h *web) link(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	err = twice(f)
	if err == nil {
		_, err = h.account.Identity.FinishReset(r.Context(), r.PathValue("token"), f.Raw("password"), identity.From(r.Context()).From)
	}
	if err != nil {
		if f.Keep(err) {
			return h.showLink(w, r, f, f.Status())
		}
		return err
	}
	ui.Flash(w, r, "account.link.done")
	return ui.Back(w, r, "/sign-in")
}

// twice refuses a new password that was typed in two ways.
func twice(f *ui.Form) error {
	if f.Raw("password") != f.Raw("again") {
		return errs.OnField("again", "account.passwords_differ")
	}
	return nil
}
