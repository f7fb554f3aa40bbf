package api

import (
	"context"
	"net/http"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// mount is the mux that huma sees: it puts the guard before every operation.
type mount struct{ a *API }

func (m *mount) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	op := m.a.ops[pattern]
	if op == nil {
		panic("api: not registered through Register: " + pattern)
	}
	m.a.router.Mux().HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		ui.Pattern(r, op.Path)
		ctx, cancel := context.WithTimeout(langOf(r), ui.DefaultTimeout)
		defer cancel()
		if r.Header.Get("If-Match") != "" {
			ctx = context.WithValue(ctx, ifMatchSent{}, true)
		}
		r = r.WithContext(ctx)
		if err := m.a.admit(r, op); err != nil {
			m.a.problem(w, r, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, op.MaxBytes)
		m.a.once(w, r, op, h)
	})
}

func (m *mount) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.a.router.ServeHTTP(w, r) }

// admit refuses a caller who may not, comes too often, or asks for what nobody knows: a
// mistyped filter must not answer everything.
func (a *API) admit(r *http.Request, op *operation) error {
	actor := identity.From(r.Context())
	switch {
	case op.Right == ui.Public:
		if !actor.SignedIn() && !a.limits.allow(address(r)) {
			return errs.New(errs.TooMany, "api.too_many")
		}
	case !actor.SignedIn():
		return errs.New(errs.Unauthenticated, "api.sign_in_first")
	case op.Right != ui.SignedIn && !actor.Has(op.Right):
		return errs.New(errs.Forbidden, "api.right_missing", "right", op.Right)
	}
	var unknown errs.List
	for name := range r.URL.Query() {
		if !op.query[name] {
			unknown = append(unknown, errs.OnField(name, "api.unknown_parameter", "name", name))
		}
	}
	if len(unknown) > 0 {
		return unknown
	}
	if op.Versioned && r.Header.Get("If-Match") == "" {
		return errs.New(errs.Invalid, "api.if_match_missing")
	}
	return nil
}

// address is the caller's address without its port.
func address(r *http.Request) string {
	if from := identity.From(r.Context()).From; from != "" {
		return from
	}
	host, _, found := cutLast(r.RemoteAddr, ":")
	if !found {
		return r.RemoteAddr
	}
	return strings.Trim(host, "[]")
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
