package ui

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync"
	"time"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
)

// DefaultMaxBytes is the largest request body of a route that declares nothing else: 1 MiB.
const DefaultMaxBytes = 1 << 20

// DefaultTimeout ends the context of a request that takes longer.
const DefaultTimeout = 30 * time.Second

// Route is one line of the permission matrix.
type Route struct {
	Method, Path string // "GET", "/plan/{id}"
	Right        string // a right, Public or SignedIn
	MaxBytes     int64  // largest body
	API          bool   // answers programs: recorded by package api
}

// Option changes one route.
type Option func(*route)

type route struct {
	Route
	timeout time.Duration
}

// MaxBytes lets a route take a larger body than DefaultMaxBytes: an upload.
func MaxBytes(n int64) Option { return func(r *route) { r.MaxBytes = n } }

// Timeout gives a route more or less time than DefaultTimeout.
func Timeout(d time.Duration) Option { return func(r *route) { r.timeout = d } }

// Router is the one door: it knows every route and the right that opens it.
type Router struct {
	cfg     Config
	mux     *http.ServeMux
	use     []func(http.Handler) http.Handler
	menu    []MenuItem
	faces   []FaceLink
	account []Link
	cop     *http.CrossOriginProtection
	once    sync.Once
	root    http.Handler
	mu      sync.Mutex
	routes  []Route
}

// NewRouter makes a router that serves the static files and the display settings.
func NewRouter(cfg Config) *Router {
	if cfg.Clock == nil {
		cfg.Clock = clock.System
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.SignIn == "" {
		cfg.SignIn = "/sign-in"
	}
	rt := &Router{cfg: cfg, mux: http.NewServeMux(), cop: http.NewCrossOriginProtection()}
	rt.Handle("GET /static/{name...}", Public, serveStatic)
	rt.Handle("POST /display", Public, rt.setDisplay)
	if cfg.Dev {
		rt.Handle("GET /dev/components", Public, showComponents)
	}
	return rt
}

// Use adds a layer around every route, inside the safety headers: the session layer of
// identity, which puts the Actor into the context. It must be called before the first request.
func (rt *Router) Use(layer func(http.Handler) http.Handler) { rt.use = append(rt.use, layer) }

// Handle opens a route. The pattern has a method ("GET /plan/{id}"); the right is a
// literal "room.verb", Public or SignedIn. Holding a right for one agency opens the
// page; whether it reaches the record is decided by the service.
func (rt *Router) Handle(pattern, right string, h Handler, opts ...Option) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok || right == "" {
		panic("ui: a route needs a method and a right: " + pattern)
	}
	one := route{Route: Route{Method: method, Path: path, Right: right, MaxBytes: DefaultMaxBytes}, timeout: DefaultTimeout}
	for _, o := range opts {
		o(&one)
	}
	rt.Record(one.Route)
	rt.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if v, ok := r.Context().Value(viewKey{}).(*view); ok {
			v.pattern = path
		}
		ctx, cancel := context.WithTimeout(accountLang(r), one.timeout)
		defer cancel()
		r = r.WithContext(ctx)
		if err := rt.admit(r, right); err != nil {
			rt.refuse(w, r, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, one.MaxBytes)
		if err := h(w, r); err != nil {
			rt.refuse(w, r, err)
		}
	})
}

// accountLang is the language of the signed-in account until this browser chose one.
func accountLang(r *http.Request) context.Context {
	lang := identity.From(r.Context()).Lang
	if _, err := r.Cookie(displayCookie); err == nil || lang == "" {
		return r.Context()
	}
	return i18n.WithLang(r.Context(), lang)
}

// admit refuses a reader who may not use the route.
func (rt *Router) admit(r *http.Request, right string) error {
	if right == Public {
		return nil
	}
	actor := identity.From(r.Context())
	switch {
	case !actor.SignedIn():
		return errs.New(errs.Unauthenticated, "ui.sign_in_first")
	case right != SignedIn && !actor.Has(right):
		return errs.New(errs.Forbidden, "ui.right_missing", "right", right)
	}
	return nil
}

// Record adds a line to the permission matrix without opening a route: package api does
// so for its operations, which it mounts itself.
func (rt *Router) Record(r Route) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.routes = append(rt.routes, r)
}

// Routes returns every route with its right, by path, then method.
func (rt *Router) Routes() []Route {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	all := append([]Route(nil), rt.routes...)
	sort.Slice(all, func(i, j int) bool {
		if all[i].Path != all[j].Path {
			return all[i].Path < all[j].Path
		}
		return all[i].Method < all[j].Method
	})
	return all
}

// Mux is for package api, which checks rights itself and records its routes.
func (rt *Router) Mux() *http.ServeMux { return rt.mux }

// signInURL leads to the sign-in page and back to where the reader wanted to go.
func (rt *Router) signInURL(r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return rt.cfg.SignIn
	}
	return rt.cfg.SignIn + "?next=" + url.QueryEscape(r.URL.RequestURI())
}
