package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

var noon = clock.At(time.Date(2026, 10, 14, 5, 0, 0, 0, time.UTC))

type thing struct {
	Name    string `json:"name" example:"a" doc:"Its name"`
	Version int64  `json:"version" example:"7" doc:"Its version"`
}

type thingOut struct {
	ETag
	Body thing
}

type makeIn struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"20" example:"a" doc:"Its name"`
	}
}

type changeIn struct {
	ID string `path:"id" example:"1" doc:"Which one"`
	IfMatch
	Body struct {
		Name string `json:"name" example:"a" doc:"Its name"`
	}
}

// bench is an API with four operations over counters of its own.
type bench struct {
	rt    *ui.Router
	api   *API
	mu    sync.Mutex
	made  int
	fails error
}

func newBench(t *testing.T, d *db.DB, actor identity.Actor) *bench {
	t.Helper()
	b := &bench{}
	b.rt = ui.NewRouter(ui.Config{Clock: noon})
	b.rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), actor)))
		})
	})
	b.api = New(b.rt, d, noon, Config{Rate: 1, Burst: 3})
	Register(b.api, Op{ID: "listThings", Method: "GET", Path: "/api/things", Right: ui.Public, Summary: "List things", Tag: "things"},
		func(ctx context.Context, in *struct{ Paging }) (*List[thing], error) {
			if _, err := in.Cursor(1); err != nil {
				return nil, err
			}
			var all []thing
			for i := range in.Limit + 1 {
				all = append(all, thing{Name: strconv.Itoa(i)})
			}
			return NewList(in.Paging, "/api/things", nil, all, func(x thing) []string { return []string{x.Name} }), nil
		})
	Register(b.api, Op{ID: "makeThing", Method: "POST", Path: "/api/things", Right: ui.SignedIn, Summary: "Make a thing", Tag: "things"},
		func(ctx context.Context, in *makeIn) (*thingOut, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.fails != nil {
				return nil, b.fails
			}
			b.made++
			return &thingOut{ETag: Tag(1), Body: thing{Name: in.Body.Name, Version: 1}}, nil
		})
	Register(b.api, Op{ID: "changeThing", Method: "PUT", Path: "/api/things/{id}", Right: ui.SignedIn, Summary: "Change a thing", Tag: "things", Versioned: true},
		func(ctx context.Context, in *changeIn) (*thingOut, error) {
			v, err := in.Version()
			if err != nil {
				return nil, err
			}
			if v != 7 {
				return nil, errs.New(errs.Conflict, "things.changed_meanwhile")
			}
			return &thingOut{ETag: Tag(8), Body: thing{Name: in.Body.Name, Version: 8}}, nil
		})
	Register(b.api, Op{ID: "secret", Method: "GET", Path: "/api/secret", Right: "things.secret", Summary: "Read a secret", Tag: "things"},
		func(ctx context.Context, in *struct{}) (*thingOut, error) { return nil, context.Canceled })
	b.api.Tag("things", "Things of the test.")
	b.api.Ready()
	return b
}

func (b *bench) ask(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.rt.ServeHTTP(w, r)
	return w
}

// problemIn reads the problem of an answer and checks its form.
func problemIn(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("no problem: %d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	if p.Status != w.Code || p.Type != "urn:cchc:problem:"+p.Code || p.Title == "" || p.Detail == "" || strings.HasPrefix(p.Detail, "error.api") || p.Reference == "" {
		t.Errorf("incomplete: %+v", p)
	}
	return p
}

var caller = identity.Actor{AccountID: "a1", Name: "Phần mềm một cửa"}

func TestAPI_refusesEachFaultWithItsStatusAndCode(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	b, guest := newBench(t, d, caller), newBench(t, d, identity.Actor{})
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		who                      *bench
		status                   int
		code                     string
	}{
		{"unknown operation", "GET", "/api/nothing", "", nil, b, 404, "api.unknown_operation"},
		{"unknown parameter", "GET", "/api/things?colour=red", "", nil, b, 400, "api.unknown_parameter"},
		{"a limit out of range", "GET", "/api/things?limit=1000", "", nil, b, 422, "api.invalid"},
		{"a cursor made by hand", "GET", "/api/things?after=zzz", "", nil, b, 400, "api.cursor_unreadable"},
		{"nobody", "POST", "/api/things", `{"name":"a"}`, nil, guest, 401, "api.sign_in_first"},
		{"without the right", "GET", "/api/secret", "", nil, b, 403, "api.right_missing"},
		{"no JSON", "POST", "/api/things", `{"name":`, nil, b, 400, "api.body_unreadable"},
		{"a field too short", "POST", "/api/things", `{"name":""}`, nil, b, 422, "api.invalid"},
		{"a field nobody knows", "POST", "/api/things", `{"name":"a","colour":1}`, nil, b, 422, "api.invalid"},
		{"another type", "POST", "/api/things", `name=a`, []string{"Content-Type", "text/plain"}, b, 415, "api.media_type"},
		{"too large", "POST", "/api/things", `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, nil, b, 413, "api.too_large"},
		{"no version", "PUT", "/api/things/1", `{"name":"a"}`, nil, b, 428, "api.if_match_missing"},
		{"no readable version", "PUT", "/api/things/1", `{"name":"a"}`, []string{"If-Match", "seven"}, b, 400, "api.if_match_unreadable"},
		{"an old version", "PUT", "/api/things/1", `{"name":"a"}`, []string{"If-Match", `"6"`}, b, 412, "things.changed_meanwhile"},
		{"a key too short", "POST", "/api/things", `{"name":"a"}`, []string{"Idempotency-Key", "x"}, b, 400, "api.key_unreadable"},
	} {
		w := c.who.ask(c.method, c.path, c.body, c.headers...)
		if p := problemIn(t, w); p.Status != c.status || p.Code != c.code {
			t.Errorf("%s: got %d %s", c.name, p.Status, p.Code)
		}
	}
	if p := problemIn(t, b.ask("POST", "/api/things", `{"name":""}`)); len(p.Errors) != 1 || p.Errors[0].Field != "name" {
		t.Errorf("the field is named, got %+v", p.Errors)
	}
	if w := guest.ask("POST", "/api/things", `{}`); w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Error("401 says how to sign in")
	}
}

func TestAPI_answersVersionsAsETag(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.NewSQLite(t), caller)
	w := b.ask("PUT", "/api/things/1", `{"name":"b"}`, "If-Match", `"7"`)
	if w.Code != 200 || w.Header().Get("ETag") != `"8"` || strings.Contains(w.Body.String(), "$schema") || w.Header().Get("Link") != "" {
		t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestAPI_speaksTheCallersLanguage(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.NewSQLite(t), caller)
	vi, en := problemIn(t, b.ask("GET", "/api/x", "")), problemIn(t, b.ask("GET", "/api/things?x=1", "", "Accept-Language", "en-GB,en"))
	if !strings.Contains(vi.Detail, "Không có thao tác") || !strings.Contains(en.Detail, "has no parameter x") {
		t.Errorf("got %q and %q", vi.Detail, en.Detail)
	}
}

func TestAPI_hidesAFaultOfOursBehindAReference(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.NewSQLite(t), caller)
	b.fails = io.ErrUnexpectedEOF
	w := b.ask("POST", "/api/things", `{"name":"a"}`)
	if p := problemIn(t, w); p.Status != 500 || p.Code != "api.failed" || strings.Contains(w.Body.String(), "EOF") {
		t.Errorf("got %s", w.Body)
	}
}

func TestAPI_pagesByKeyAndLinksToTheNextPage(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.NewSQLite(t), caller)
	w := b.ask("GET", "/api/things?limit=2", "")
	var page struct {
		Items []thing
		Next  string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 2 || w.Header().Get("Link") != "</api/things?after="+page.Next+`&limit=2>; rel="next"` {
		t.Errorf("got %s, Link %s", w.Body, w.Header().Get("Link"))
	}
	if v, ok := ui.ReadCursor(page.Next, 1); !ok || v[0] != "1" {
		t.Errorf("the cursor names the last record shown, got %v", v)
	}
	last := NewList(Paging{Limit: 5}, "/x", nil, []thing(nil), nil)
	if last.Link != "" || last.Body.Items == nil {
		t.Error("an empty page is an empty list without a next one")
	}
}

func TestAPI_limitsAVisitorButNotASignedInProgram(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	guest := newBench(t, d, identity.Actor{From: "203.0.113.5"})
	for range 3 {
		if w := guest.ask("GET", "/api/things", ""); w.Code != 200 {
			t.Fatalf("got %d", w.Code)
		}
	}
	if p := problemIn(t, guest.ask("GET", "/api/things", "")); p.Code != "api.too_many" {
		t.Errorf("got %s", p.Code)
	}
	b := newBench(t, d, caller)
	for range 10 {
		if w := b.ask("GET", "/api/things", ""); w.Code != 200 {
			t.Fatalf("got %d", w.Code)
		}
	}
}

func TestLimiter_remembersABoundedNumberOfAddresses(t *testing.T) {
	t.Parallel()
	l := newLimiter(noon, Config{})
	for i := range maxVisitors + 50 {
		l.allow(strconv.Itoa(i))
	}
	if len(l.seen) != maxVisitors || l.order.Len() != maxVisitors {
		t.Errorf("got %d", len(l.seen))
	}
}

func TestAPI_recordsItsRoutesWithTheirRights(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.NewSQLite(t), caller)
	found := map[string]string{}
	for _, r := range b.rt.Routes() {
		if r.API {
			found[r.Method+" "+r.Path] = r.Right
		}
	}
	if len(found) != 4 || found["GET /api/secret"] != "things.secret" || found["GET /api/things"] != ui.Public {
		t.Errorf("got %v", found)
	}
	defer func() {
		if recover() == nil {
			t.Error("an operation without a right must not be possible")
		}
	}()
	Register(b.api, Op{ID: "x", Method: "GET", Path: "/api/x", Summary: "X", Tag: "things"}, func(context.Context, *struct{}) (*thingOut, error) { return nil, nil })
}

func TestDocument_isCompleteAndTellsNothingOfTheHost(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.NewSQLite(t), identity.Actor{})
	r := httptest.NewRequest("GET", "/api/openapi.json", nil)
	r.Host = "evil.example"
	w := httptest.NewRecorder()
	b.rt.ServeHTTP(w, r)
	if w.Code != 200 || strings.Contains(w.Body.String(), "evil.example") || strings.Contains(w.Body.String(), "$schema") {
		t.Fatalf("got %d", w.Code)
	}
	var doc struct {
		OpenAPI string
		Info    struct {
			Title, Description string
			License, Contact   map[string]string
		}
		Servers []struct{ URL string }
		Tags    []struct{ Name, Description string }
		Paths   map[string]map[string]struct {
			OperationID, Summary, Description string
			Tags                              []string
			Security                          []map[string][]string
			Parameters                        []struct{ Name, Description string }
			Responses                         map[string]struct {
				Description string
				Content     map[string]struct{ Example map[string]any }
			}
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" || doc.Info.License["name"] == "" || doc.Info.Contact["email"] == "" || doc.Servers[0].URL != "/" || len(doc.Tags) != 1 || doc.Tags[0].Description == "" {
		t.Errorf("got %+v", doc.Info)
	}
	seen := map[string]bool{}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			if o.OperationID == "" || seen[o.OperationID] || o.Summary == "" || o.Description == "" || len(o.Tags) != 1 || len(o.Security) == 0 {
				t.Errorf("%s %s is not fully described: %+v", method, path, o)
			}
			seen[o.OperationID] = true
			for _, p := range o.Parameters {
				if p.Description == "" {
					t.Errorf("%s %s: parameter %s has no description", method, path, p.Name)
				}
			}
			for _, status := range []string{"400", "422", "500"} {
				if o.Responses[status].Content["application/problem+json"].Example["code"] == nil {
					t.Errorf("%s %s: %s has no example", method, path, status)
				}
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("got %v", seen)
	}
}

func TestPage_explainsTheOperationsWithoutScript(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.NewSQLite(t), identity.Actor{})
	w := b.ask("GET", "/api", "")
	for _, want := range []string{"Giao diện lập trình", "/api/things/{id}", "If-Match", "Things of the test.", "/api/openapi.json"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(w.Body.String(), "<script") {
		t.Error("nothing is loaded")
	}
}
