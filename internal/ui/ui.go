// Package ui is what every room shows itself with: the router that lets a request in,
// the layout with its three faces (portal, desk, cockpit), the components, and the
// pages of refusal. Start with Router.Handle, then Render, then /dev/components, which
// shows every component in each of its states.
//
// Nothing here needs script in the browser (docs/adr/0008-pages-without-script.md).
package ui

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"cchc/internal/clock"
)

// Handler answers one request. A returned error is shown by the router: a refusal
// (errs) as a page with its sentence and code, anything else as an apology with a
// reference number while the log keeps the cause.
type Handler func(w http.ResponseWriter, r *http.Request) error

// The two values of a route's right that are not a right: everybody, and everybody
// who has signed in.
const (
	Public   = "public"
	SignedIn = "signed_in"
)

// Config is what the program knows when it builds the router. Zero values work.
type Config struct {
	Clock    clock.Clock
	Log      *slog.Logger
	Secure   bool                            // behind TLS: cookies are Secure, HSTS is sent
	Dev      bool                            // shows /dev/components
	Site     func(ctx context.Context) Site  // read per page: an administrator may change it
	Demo     func(ctx context.Context) *Demo // nil, or returning nil: no banner
	Search   string                          // address of the desk's search form, "" when there is none
	SignIn   string                          // "/sign-in"
	SaveView string                          // address that keeps a list under a name; "" when there is none
}

// Site is the identity of the province that runs the program (settings).
type Site struct {
	Authority string       // letterhead, in capitals: the People's Committee of the province
	Portal    string       // name of the portal, "" for the usual one
	Note      string       // last line of the footer: owner and standing office
	Footer    []FootColumn // help, transparency, opening hours
}

// FootColumn is one column of the portal's footer.
type FootColumn struct {
	Title string
	Lines []string
	Links []Link
}

// Link is an address with its words.
type Link struct{ Text, URL string }

// Demo feeds the banner of a demonstration: its data is invented, its clock may stand elsewhere.
type Demo struct{ Now time.Time }

// Crumb is one step of the breadcrumbs; the last one has no URL.
type Crumb struct{ Text, URL string }

// The three faces.
const (
	Portal  = "portal"  // citizens: room to read
	Desk    = "desk"    // officers: dense, with a side menu
	Cockpit = "cockpit" // leaders: dense, with tabs
)

// Page is the frame around a body.
type Page struct {
	Title  string // of the window; the body brings its own h1 (component Title)
	Face   string // Portal, Desk or Cockpit; "" is Portal for guests, Desk for others
	Crumbs []Crumb
	Active string // URL of the menu item to mark
	Status int    // 0 is 200
	Live   bool   // loads htmx for parts that refresh themselves; everything works without
	Robots string // "noindex" keeps search engines away
}
