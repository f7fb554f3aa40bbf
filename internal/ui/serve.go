package ui

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/i18n"
)

// view is what one request carries for the page that answers it.
type view struct {
	rt      *Router
	id      string // reference number of the request, shown in apologies, written in the log
	pattern string // path pattern of the route: the log never holds a raw address
	prefs   prefs
}

type viewKey struct{}

// viewOf returns the request's view, or an empty one when a test renders without a router.
func viewOf(ctx context.Context) *view {
	if v, ok := ctx.Value(viewKey{}).(*view); ok {
		return v
	}
	return &view{rt: &Router{cfg: Config{SignIn: "/sign-in"}}}
}

// Reference returns the reference number of the request, "" outside one.
func Reference(ctx context.Context) string { return viewOf(ctx).id }

// ServeHTTP takes a request through the safety layers to its route.
func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rt.once.Do(func() {
		rt.root = http.HandlerFunc(rt.dispatch)
		for i := len(rt.use) - 1; i >= 0; i-- {
			rt.root = rt.use[i](rt.root)
		}
	})
	p := readPrefs(r)
	v := &view{rt: rt, id: reference(), prefs: p}
	ctx := i18n.WithLang(context.WithValue(r.Context(), viewKey{}, v), p.Lang)
	r = r.WithContext(ctx)
	began := rt.cfg.Clock()
	seen := &recorder{ResponseWriter: w}
	rt.setHeaders(seen.Header(), r)
	seen.Header().Set("X-Request-Id", v.id)
	defer func() {
		if fault := recover(); fault != nil {
			if fault == http.ErrAbortHandler {
				panic(fault)
			}
			rt.cfg.Log.ErrorContext(ctx, "panic", "id", v.id, "route", v.pattern, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			if seen.status == 0 {
				rt.apologise(seen, r)
			}
		}
		rt.logRequest(ctx, r, v, seen, began)
	}()
	if err := rt.cop.Check(r); err != nil {
		rt.refuse(seen, r, errs.New(errs.Forbidden, "ui.cross_origin"))
		return
	}
	rt.root.ServeHTTP(seen, r)
}

// dispatch finds the route, or answers 404 and 405 with a page of ours.
func (rt *Router) dispatch(w http.ResponseWriter, r *http.Request) {
	h, pattern := rt.mux.Handler(r)
	if pattern != "" {
		rt.mux.ServeHTTP(w, r)
		return
	}
	// The mux answers itself: 404, or 405 with Allow. Only its status and Allow are kept.
	probe := &probe{header: http.Header{}}
	h.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		rt.show(w, r, http.StatusMethodNotAllowed, errs.New(errs.NotFound, "ui.method_not_allowed"))
		return
	}
	rt.refuse(w, r, errs.New(errs.NotFound, "ui.page_not_found"))
}

// logRequest writes one line without personal data: the pattern, never the address or its query.
func (rt *Router) logRequest(ctx context.Context, r *http.Request, v *view, seen *recorder, began time.Time) {
	level := slog.LevelInfo
	if strings.HasPrefix(v.pattern, "/static/") {
		level = slog.LevelDebug
	}
	rt.cfg.Log.LogAttrs(ctx, level, "request", slog.String("id", v.id), slog.String("method", r.Method),
		slog.String("route", v.pattern), slog.Int("status", seen.status), slog.Int64("bytes", seen.bytes),
		slog.Int64("ms", rt.cfg.Clock().Sub(began).Milliseconds()))
}

// reference is short enough to be read over the telephone: the random end of an id.
func reference() string {
	id := strings.ReplaceAll(db.NewID(), "-", "")
	return strings.ToUpper(id[len(id)-10:])
}

// recorder remembers what was answered; Unwrap keeps flushing and deadlines working.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(status int)      { p.status = status }

// Pattern names the route of a request for the log: package api, which mounts its own.
func Pattern(r *http.Request, path string) {
	if v, ok := r.Context().Value(viewKey{}).(*view); ok {
		v.pattern = path
	}
}
