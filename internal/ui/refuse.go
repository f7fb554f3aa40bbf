package ui

import (
	"context"
	"errors"
	"net/http"

	"cchc/internal/errs"
	"cchc/internal/i18n"
)

// Status is the HTTP status of a kind of refusal; 500 for what is no refusal.
func Status(k errs.Kind) int {
	switch k {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.TooMany:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Known turns errors of the server itself into refusals: a body over the limit, a
// request that took too long, a form that cannot be read. Others come back unchanged.
func Known(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case len(errs.All(err)) > 0:
		return err
	case errors.As(err, &tooLarge):
		return errs.New(errs.TooLarge, "ui.too_large", "max", tooLarge.Limit/1024)
	case errors.Is(err, context.DeadlineExceeded):
		return errs.New(errs.Unavailable, "ui.took_too_long")
	}
	return err
}

// BadForm is the refusal of a form that the server cannot read: cut off, wrongly encoded, too large.
func BadForm(err error) error {
	if known := Known(err); len(errs.All(known)) > 0 {
		return known
	}
	return errs.New(errs.Invalid, "ui.form_unreadable")
}

// refuse answers an error with a page: the refusal's sentence and code, or an apology.
func (rt *Router) refuse(w http.ResponseWriter, r *http.Request, err error) {
	err = Known(err)
	all := errs.All(err)
	if len(all) == 0 {
		if !errors.Is(err, context.Canceled) { // the reader left: nothing is wrong here
			rt.cfg.Log.ErrorContext(r.Context(), "request failed", "id", Reference(r.Context()), "error", err)
		}
		rt.apologise(w, r)
		return
	}
	if all[0].Kind == errs.Unauthenticated && r.Method != http.MethodPost {
		http.Redirect(w, r, rt.signInURL(r), http.StatusSeeOther)
		return
	}
	if all[0].Kind == errs.TooMany || all[0].Kind == errs.Unavailable {
		w.Header().Set("Retry-After", "30")
	}
	rt.show(w, r, Status(all[0].Kind), all...)
}

// show renders the page of a refusal.
func (rt *Router) show(w http.ResponseWriter, r *http.Request, status int, all ...*errs.Error) {
	ctx := r.Context()
	page := Page{Title: i18n.T(ctx, refusalTitle(status)), Status: status, Robots: "noindex"}
	if err := Render(w, r, page, refusal(status, all)); err != nil {
		rt.cfg.Log.ErrorContext(ctx, "refusal page", "id", Reference(ctx), "error", err)
	}
}

// apologise answers a fault of ours with a reference number.
func (rt *Router) apologise(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	page := Page{Title: i18n.T(ctx, "ui.refusal.500"), Status: http.StatusInternalServerError, Robots: "noindex"}
	if err := Render(w, r, page, apology(Reference(ctx))); err != nil {
		rt.cfg.Log.ErrorContext(ctx, "apology page", "id", Reference(ctx), "error", err)
	}
}

// refusalTitle is the locale key of the heading for a status.
func refusalTitle(status int) string {
	switch status {
	case 401:
		return "ui.refusal.401"
	case 403:
		return "ui.refusal.403"
	case 404:
		return "ui.refusal.404"
	case 405:
		return "ui.refusal.405"
	case 409:
		return "ui.refusal.409"
	case 413:
		return "ui.refusal.413"
	case 429:
		return "ui.refusal.429"
	case 503:
		return "ui.refusal.503"
	}
	return "ui.refusal.422"
}
