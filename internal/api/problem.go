package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// Problem is an RFC 9457 answer. Code is stable and never reused; Detail is a sentence
// in the caller's language.
type Problem struct {
	Type      string  `json:"type" example:"urn:cchc:problem:api.unknown_parameter" doc:"A URN that names the kind of problem; it ends in the code"`
	Title     string  `json:"title" example:"Bad Request" doc:"Short name of the status, in English"`
	Status    int     `json:"status" example:"400" doc:"HTTP status"`
	Detail    string  `json:"detail" example:"The parameter colour is not known here." doc:"What is wrong and what to do, in the caller's language"`
	Code      string  `json:"code" example:"api.unknown_parameter" doc:"Stable code, listed in docs/errors.md"`
	Reference string  `json:"reference,omitempty" example:"7F00A1B2C3" doc:"Reference number to quote when asking for help"`
	Errors    []Fault `json:"errors,omitempty" doc:"Every fault found in the request"`
}

// Fault is one of several refusals of the same request.
type Fault struct {
	Field  string `json:"field,omitempty" example:"due_day" doc:"The field at fault, dotted from the body or the parameter"`
	Code   string `json:"code" example:"api.field_invalid" doc:"Stable code"`
	Detail string `json:"detail" example:"Enter a day as 2026-10-14." doc:"What is wrong and what to do"`
}

// Error returns the code; GetStatus and ContentType make it an answer of huma's.
func (p *Problem) Error() string { return p.Code }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is application/problem+json for JSON.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// huma asks this variable for every refusal of its own: a body that is no JSON, a
// field out of range. It is global, so it is set once, before any API exists.
func init() {
	huma.NewError = func(status int, msg string, details ...error) huma.StatusError {
		return fromHuma(context.Background(), status, details)
	}
	huma.NewErrorWithContext = func(c huma.Context, status int, msg string, details ...error) huma.StatusError {
		if c == nil {
			return huma.NewError(status, msg, details...)
		}
		return fromHuma(c.Context(), status, details)
	}
}

// fromHuma words a refusal of the library as one of ours.
func fromHuma(ctx context.Context, status int, details []error) *Problem {
	e := errs.New(errs.Invalid, "api.invalid")
	switch {
	case status == http.StatusRequestEntityTooLarge:
		e = errs.New(errs.TooLarge, "api.too_large")
	case status == http.StatusUnsupportedMediaType:
		e = errs.New(errs.Invalid, "api.media_type")
	case status == http.StatusBadRequest:
		e = errs.New(errs.Invalid, "api.body_unreadable")
	}
	p := toProblem(ctx, status, []*errs.Error{e})
	for _, d := range details {
		f := Fault{Code: "api.field_invalid", Detail: d.Error()}
		var known huma.ErrorDetailer
		if errors.As(d, &known) {
			f.Field, f.Detail = strings.TrimPrefix(known.ErrorDetail().Location, "body."), known.ErrorDetail().Message
		}
		p.Errors = append(p.Errors, f)
	}
	return p
}

// statusOf is the HTTP status of a refusal. Four of our own codes have statuses that
// no kind of errs has.
func statusOf(e *errs.Error) int {
	switch e.Code {
	case "api.unknown_parameter", "api.cursor_unreadable", "api.if_match_unreadable", "api.key_unreadable":
		return http.StatusBadRequest
	case "api.if_match_missing":
		return http.StatusPreconditionRequired
	case "api.version_old":
		return http.StatusPreconditionFailed
	}
	return ui.Status(e.Kind)
}

func toProblem(ctx context.Context, status int, all []*errs.Error) *Problem {
	first := all[0]
	p := &Problem{Type: "urn:cchc:problem:" + first.Code, Title: http.StatusText(status), Status: status,
		Detail: i18n.Error(ctx, first), Code: first.Code, Reference: ui.Reference(ctx)}
	if len(all) > 1 || first.Field != "" {
		for _, e := range all {
			p.Errors = append(p.Errors, Fault{Field: e.Field, Code: e.Code, Detail: i18n.Error(ctx, e)})
		}
	}
	return p
}

type ifMatchSent struct{}

// problemOf turns what a handler returned into the answer. A stale version is 409 on a
// page; to a program that sent If-Match it is 412.
func (a *API) problemOf(ctx context.Context, err error) *Problem {
	var done *Problem
	if errors.As(err, &done) {
		return done
	}
	all := errs.All(ui.Known(err))
	if len(all) == 0 {
		slog.ErrorContext(ctx, "operation failed", "id", ui.Reference(ctx), "error", err)
		return toProblem(ctx, http.StatusInternalServerError, []*errs.Error{errs.New("", "api.failed")})
	}
	status := statusOf(all[0])
	if status == http.StatusConflict && ctx.Value(ifMatchSent{}) != nil && strings.HasSuffix(all[0].Code, ".changed_meanwhile") {
		status = http.StatusPreconditionFailed
	}
	return toProblem(ctx, status, all)
}

// problem writes a refusal made before the handler.
func (a *API) problem(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problemOf(langOf(r), err)
	body, err := json.Marshal(p)
	if err != nil {
		http.Error(w, p.Code, p.Status)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(body) // the caller left: nobody to tell
}
