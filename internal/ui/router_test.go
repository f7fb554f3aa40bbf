package ui

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
)

var noon = clock.At(time.Date(2026, 10, 14, 5, 0, 0, 0, time.UTC))

// desk is a router where requests come from one actor; out holds its log.
func desk(t *testing.T, actor identity.Actor) (rt *Router, out *bytes.Buffer) {
	t.Helper()
	out = &bytes.Buffer{}
	rt = NewRouter(Config{Clock: noon, Log: slog.New(slog.NewTextHandler(out, nil)), Dev: true})
	rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.With(r.Context(), actor)))
		})
	})
	return rt, out
}

var officer = identity.Actor{AccountID: "a1", Name: "Trần Minh Hạnh", AgencyName: "Sở Nội vụ"}

func ask(rt http.Handler, method, target string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r)
	return w
}

func ok(w http.ResponseWriter, r *http.Request) error {
	_, err := w.Write([]byte("ok"))
	return err
}

func TestRouter_asksAVisitorToSignInAndBringsThemBack(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, identity.Actor{})
	rt.Handle("GET /plan/{id}", "plan.view", ok)
	rt.Handle("POST /plan/{id}", "plan.view", ok)
	w := ask(rt, "GET", "/plan/7?tab=log", nil)
	if w.Code != 303 || w.Header().Get("Location") != "/sign-in?next=%2Fplan%2F7%3Ftab%3Dlog" {
		t.Errorf("got %d to %s", w.Code, w.Header().Get("Location"))
	}
	if w := ask(rt, "POST", "/plan/7", url.Values{}); w.Code != 401 || !strings.Contains(w.Body.String(), "ui.sign_in_first") {
		t.Errorf("a posted form is answered on the spot, got %d", w.Code)
	}
}

func TestRouter_opensARouteOnlyWithItsRight(t *testing.T) {
	t.Parallel()
	h := identitytest.New(t, dbtest.NewSQLite(t), noon, "plan.view", "plan.edit")
	rt, _ := desk(t, h.Person("viewer", "", "", "plan.view"))
	rt.Handle("GET /view", "plan.view", ok)
	rt.Handle("GET /edit", "plan.edit", ok)
	rt.Handle("GET /mine", SignedIn, ok)
	for path, want := range map[string]int{"/view": 200, "/edit": 403, "/mine": 200} {
		if w := ask(rt, "GET", path, nil); w.Code != want {
			t.Errorf("%s: got %d, want %d", path, w.Code, want)
		}
	}
}

func TestRouter_listsEveryRouteWithItsRight(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	rt.Handle("POST /plan", "plan.edit", ok, MaxBytes(5<<20))
	rt.Record(Route{Method: "GET", Path: "/api/plans", Right: "plan.view", API: true})
	var lines []string
	for _, r := range rt.Routes() {
		lines = append(lines, r.Method+" "+r.Path+" "+r.Right)
	}
	want := "GET /api/plans plan.view|GET /dev/components public|POST /display public|POST /plan plan.edit|GET /static/{name...} public"
	if got := strings.Join(lines, "|"); got != want {
		t.Errorf("got %s", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a route without a right must not be possible")
		}
	}()
	rt.Handle("GET /open", "", ok)
}

func TestRouter_answersEachRefusalWithItsStatusSentenceAndCode(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	for path, err := range map[string]error{
		"/403": errs.New(errs.Forbidden, "ui.right_missing", "right", "plan.edit"),
		"/404": errs.New(errs.NotFound, "ui.page_not_found"),
		"/409": errs.New(errs.Conflict, "ui.version_missing"),
		"/413": &http.MaxBytesError{Limit: 1 << 20},
		"/422": errs.List{errs.OnField("n", "ui.not_a_number", "text", "x")},
		"/429": errs.New(errs.TooMany, "ui.took_too_long"),
		"/503": context.DeadlineExceeded,
	} {
		rt.Handle("GET "+path, SignedIn, func(http.ResponseWriter, *http.Request) error { return err })
		w := ask(rt, "GET", path, nil)
		if got := "/" + http.StatusText(w.Code); got != "/"+http.StatusText(mustInt(path)) {
			t.Errorf("%s: got %d", path, w.Code)
		}
		if !strings.Contains(w.Body.String(), `class="code">ui.`) || strings.Contains(w.Body.String(), "error.ui.") {
			t.Errorf("%s: no sentence or no code", path)
		}
	}
	if w := ask(rt, "GET", "/nowhere", nil); w.Code != 404 || !strings.Contains(w.Body.String(), "ui.page_not_found") {
		t.Errorf("got %d", w.Code)
	}
	if w := ask(rt, "POST", "/403", url.Values{}); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("got %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func mustInt(path string) int {
	n := 0
	for _, c := range strings.TrimPrefix(path, "/") {
		n = n*10 + int(c-'0')
	}
	return n
}

func TestRouter_apologisesWithAReferenceAndShowsNoDetail(t *testing.T) {
	t.Parallel()
	rt, out := desk(t, officer)
	rt.Handle("GET /broken", SignedIn, func(http.ResponseWriter, *http.Request) error {
		return &url.Error{Op: "read", URL: "disk", Err: http.ErrServerClosed}
	})
	rt.Handle("GET /panic", SignedIn, func(http.ResponseWriter, *http.Request) error { panic("secret detail") })
	for _, path := range []string{"/broken", "/panic"} {
		w := ask(rt, "GET", path, nil)
		id := w.Header().Get("X-Request-Id")
		body := w.Body.String()
		if w.Code != 500 || len(id) != 10 || !strings.Contains(body, id) || !strings.Contains(out.String(), id) {
			t.Errorf("%s: got %d, reference %q", path, w.Code, id)
		}
		if strings.Contains(body, "secret") || strings.Contains(body, "disk") {
			t.Errorf("%s: the page tells what only the log may know", path)
		}
	}
}

func TestRouter_logsThePatternAndNoPersonalData(t *testing.T) {
	t.Parallel()
	rt, out := desk(t, officer)
	rt.Handle("GET /dossier/{code}", SignedIn, ok)
	ask(rt, "GET", "/dossier/079012345678?phone=0905123456", nil, "Cookie", "session=abc")
	if line := out.String(); !strings.Contains(line, "route=/dossier/{code}") || strings.Contains(line, "0790") || strings.Contains(line, "0905") || strings.Contains(line, "abc") || strings.Contains(line, "Hạnh") {
		t.Errorf("got %s", line)
	}
}

func TestRouter_limitsTheBody(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	read := func(w http.ResponseWriter, r *http.Request) error {
		_, err := ReadForm(r)
		return err
	}
	rt.Handle("POST /small", SignedIn, read)
	rt.Handle("POST /large", SignedIn, read, MaxBytes(3<<20))
	big := url.Values{"a": {strings.Repeat("x", 2<<20)}}
	if w := ask(rt, "POST", "/small", big); w.Code != 413 {
		t.Errorf("got %d", w.Code)
	}
	if w := ask(rt, "POST", "/large", big); w.Code != 200 {
		t.Errorf("got %d", w.Code)
	}
}

func TestRouter_refusesAFormOfAnotherSite(t *testing.T) {
	t.Parallel()
	rt, _ := desk(t, officer)
	rt.Handle("POST /act", SignedIn, ok)
	if w := ask(rt, "POST", "/act", url.Values{}, "Sec-Fetch-Site", "cross-site"); w.Code != 403 || !strings.Contains(w.Body.String(), "ui.cross_origin") {
		t.Errorf("got %d", w.Code)
	}
	if w := ask(rt, "POST", "/act", url.Values{}, "Origin", "https://evil.example"); w.Code != 403 {
		t.Errorf("got %d", w.Code)
	}
	if w := ask(rt, "POST", "/act", url.Values{}, "Sec-Fetch-Site", "same-origin"); w.Code != 200 {
		t.Errorf("got %d", w.Code)
	}
}
