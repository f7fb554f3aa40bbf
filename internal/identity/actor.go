package identity

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"cchc/internal/audit"
)

// Actor is who asks: a signed-in person or a program with a token of theirs
// (người dùng). The zero Actor is a visitor: signed in nowhere, holding nothing.
type Actor struct {
	AccountID  string
	Login      string
	Name       string // as shown
	AgencyID   string // the agency they belong to, "" for none
	AgencyName string
	For        string // account acted for under a delegation (uỷ quyền), "" for nobody
	From       string // IP address
	Lang       string // "vi" or "en"
	SessionID  string // of a browser
	TokenID    string // of a program; "" for a person
	MustChange bool   // must choose a password before anything else: holds no right until then

	scopes  []string                // a token's rights; nil for a person: no limit
	reading bool                    // a token without named scopes: reading only
	held    map[string]bool         // rights held for at least one agency, when the request began
	acting  *atomic.Pointer[string] // for whom the right last required was held; set by Require
}

type actorKey struct{}

// With returns a context that carries the actor.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// From returns the actor of a request; the zero Actor for a visitor.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// SignedIn says whether somebody is behind the request.
func (a Actor) SignedIn() bool { return a.AccountID != "" }

// Who is the actor as the audit log names them. When the right that was last
// required is held only under a delegation, both names are recorded.
func (a Actor) Who() audit.Who {
	w := audit.Who{Account: a.AccountID, Name: a.Name, For: a.For, Agency: a.AgencyID, From: a.From}
	if w.For == "" && a.acting != nil {
		if p := a.acting.Load(); p != nil {
			w.For = *p
		}
	}
	return w
}

// Has says whether the actor holds the right for at least one agency: enough to
// show a menu or enter a route, never enough to act on a record. Require decides that.
func (a Actor) Has(right string) bool { return a.held[right] && a.within(right) }

// Reach is the account id to put into the identity_reach filter for the right: ""
// (which reaches nothing) when the actor's token does not cover it.
func (a Actor) Reach(right string) string {
	if a.MustChange || !a.within(right) {
		return ""
	}
	return a.AccountID
}

// within says whether the actor's token, if any, covers the right.
func (a Actor) within(right string) bool {
	switch {
	case a.reading:
		return Reads(right)
	case a.scopes != nil:
		return slices.Contains(a.scopes, right)
	default:
		return true
	}
}

// Reads says whether a right only looks: its verb is view, open or read.
func Reads(right string) bool {
	verb := right[strings.LastIndexByte(right, '.')+1:]
	return verb == "view" || verb == "open" || verb == "read"
}
