// Package errs is the one vocabulary for failures that a person may see.
//
// A rule that fails returns an *Error with a stable code. Anything else (a broken
// disk, a bug) stays an ordinary error: the web layer logs it and shows a plain
// apology with a reference number. Nothing below the web layer knows HTTP.
package errs

import (
	"errors"
	"strings"
)

// Kind says what the caller can do about the failure.
type Kind string

const (
	Invalid         Kind = "invalid"         // correct the input and try again
	Unauthenticated Kind = "unauthenticated" // sign in first
	Forbidden       Kind = "forbidden"       // ask someone with the right
	NotFound        Kind = "not_found"       // it is not there, or not for you
	Conflict        Kind = "conflict"        // someone changed it first, or its state forbids this
	TooLarge        Kind = "too_large"       // send less
	TooMany         Kind = "too_many"        // wait, then try again
	Unavailable     Kind = "unavailable"     // nothing was saved: disk full, shutting down; try again later
)

// Error is a refusal with a stable code; its sentence is the locale key "error."+Code.
type Error struct {
	Kind  Kind
	Code  string         // "plan.task_closed": documented in docs/errors.md, never reused
	Field string         // form field at fault, or ""
	Args  map[string]any // values for the localised sentence
}

// Error returns the code; a reader sees the localised sentence instead.
func (e *Error) Error() string {
	if e.Field != "" {
		return e.Code + " (" + e.Field + ")"
	}
	return e.Code
}

// New makes a refusal that is not tied to one field. Args are name, value pairs
// for the localised sentence.
func New(k Kind, code string, args ...any) *Error {
	return &Error{Kind: k, Code: code, Args: pairs(args)}
}

// OnField makes a refusal tied to one form field.
func OnField(field, code string, args ...any) *Error {
	return &Error{Kind: Invalid, Code: code, Field: field, Args: pairs(args)}
}

// List is several refusals at once: every fault of a form, not just the first.
type List []*Error

// Error joins the codes.
func (l List) Error() string {
	codes := make([]string, len(l))
	for i, e := range l {
		codes[i] = e.Error()
	}
	return strings.Join(codes, ", ")
}

// Err returns nil for an empty list, so that a check can end in `return l.Err()`.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All returns every refusal in err: one for an *Error, all for a List, none else.
func All(err error) []*Error {
	var list List
	if errors.As(err, &list) {
		return list
	}
	var e *Error
	if errors.As(err, &e) {
		return []*Error{e}
	}
	return nil
}

// KindOf returns the kind of err (of the first in a List), or "" when err is not a refusal.
func KindOf(err error) Kind {
	if all := All(err); len(all) > 0 {
		return all[0].Kind
	}
	return ""
}

// CodeOf returns the code of err (of the first in a List), or "" when err is not a refusal.
func CodeOf(err error) string {
	if all := All(err); len(all) > 0 {
		return all[0].Code
	}
	return ""
}

func pairs(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return m
}
