// Package api is the face for programs: OpenAPI 3.1 at /api/openapi.json, a page that
// explains it at /api, problems as RFC 9457, versions as ETag, repeats made safe by
// Idempotency-Key, lists by opaque cursors. Start with Register; serve.go shows what a
// request passes before its handler.
package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// Config describes the program that offers the operations. Zero values work.
type Config struct {
	Version string  // of the program
	Contact string  // who answers questions: a name
	Email   string  // and an address
	Rate    float64 // public requests a second from one address, 0 is 5
	Burst   int     // and at once, 0 is 20
}

// API holds the operations and mounts them on the router's mux, under the same
// safety headers, request id and log as pages.
type API struct {
	huma   huma.API
	router *ui.Router
	db     *db.DB
	clock  clock.Clock
	limits *limiter
	ops    map[string]*operation // by "METHOD /path"
}

// Op describes one operation. ID, Method, Path, Right, Summary and Tag are required.
type Op struct {
	ID          string // "listPlans": unique, never renamed
	Method      string
	Path        string // "/api/plans/{id}"
	Right       string // a right, ui.Public or ui.SignedIn
	Summary     string // English, one line
	Description string // English: what it does, for whom, under which article
	Tag         string // the room
	Status      int    // of success, 0 is 200 (204 when nothing is answered)
	MaxBytes    int64  // 0 is ui.DefaultMaxBytes
	Versioned   bool   // the change needs If-Match: missing is 428, an old one 412
	Errors      []int  // statuses beside those that every operation may answer
}

type operation struct {
	Op
	query map[string]bool // names of its query parameters
}

// New makes the face for programs on a router and describes it.
func New(rt *ui.Router, d *db.DB, c clock.Clock, cfg Config) *API {
	a := &API{router: rt, db: d, clock: c, limits: newLimiter(c, cfg), ops: map[string]*operation{}}
	a.huma = humago.New(&mount{a}, describe(cfg))
	rt.Handle("GET /api/openapi.json", ui.Public, a.serveDocument)
	rt.Handle("GET /api", ui.Public, a.servePage)
	rt.Mux().HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		a.problem(w, r, errs.New(errs.NotFound, "api.unknown_operation"))
	})
	return a
}

// Tag describes a group of operations; a room calls it once.
func (a *API) Tag(name, description string) {
	doc := a.huma.OpenAPI()
	for _, t := range doc.Tags {
		if t.Name == name {
			return
		}
	}
	doc.Tags = append(doc.Tags, &huma.Tag{Name: name, Description: description})
}

// Register opens an operation. A refusal (errs) that h returns becomes a problem with
// its status, code and localised sentence; any other error an apology with a reference
// number. A faulty description is a mistake of ours and panics.
func Register[I, O any](a *API, op Op, h func(ctx context.Context, in *I) (*O, error)) {
	if op.ID == "" || op.Right == "" || op.Summary == "" || op.Tag == "" || !strings.HasPrefix(op.Path, "/api/") {
		panic("api: operation " + op.ID + " is not fully described")
	}
	if op.MaxBytes == 0 {
		op.MaxBytes = ui.DefaultMaxBytes
	}
	if op.Description == "" {
		op.Description = op.Summary + "."
	}
	if op.Versioned {
		needIfMatch[I](op)
	}
	known := &operation{Op: op, query: map[string]bool{}}
	a.ops[op.Method+" "+op.Path] = known
	a.router.Record(ui.Route{Method: op.Method, Path: op.Path, Right: op.Right, MaxBytes: op.MaxBytes, API: true})
	described := a.describeOp(op)
	huma.Register(a.huma, described, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			return nil, a.problemOf(ctx, err)
		}
		return out, nil
	})
	a.finish(known)
}

// Ready says that every operation is registered: tags without a description get one,
// so that the document is complete. app calls it once, before serving.
func (a *API) Ready() {
	for _, o := range a.ops {
		a.Tag(o.Tag, "Operations of the room "+o.Tag+".")
	}
}

// langOf is the language of a program: Accept-Language, else as for pages.
func langOf(r *http.Request) context.Context {
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), i18n.En) {
		return i18n.WithLang(r.Context(), i18n.En)
	}
	return r.Context()
}
