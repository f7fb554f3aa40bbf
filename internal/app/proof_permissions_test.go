package app

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/plan"
	"cchc/internal/ui"
)

// What a route answers to somebody before it looks at the record that was asked for.
const (
	letsIn  = "yes"
	asksWho = "sign in"
	refuses = "no"
)

const visitor = "visitor"

// TestPermissions asks for every route of the running program as a visitor and as each
// built-in role, and holds the answers to the rights that the route and the role have.
// docs/permissions.md is the matrix: a route that is not in it fails.
func TestPermissions(t *testing.T) {
	a := openDemo(t)
	rt, _ := a.handler(slog.New(slog.DiscardHandler))
	who := append([]string{visitor}, identity.Roles...)
	people := map[string]string{} // role -> login
	for _, role := range identity.Roles {
		people[role] = oneOf(t, a, role)
	}
	holds := map[string][]string{} // right -> roles
	for _, r := range a.rooms.rights.All() {
		holds[r.Code] = r.Roles
	}
	var b strings.Builder
	b.WriteString("# Permissions\n\nWho gets past the door of each route: `yes`, `no` (403), or asked to sign in. Behind the door each record is still looked at: what is out of reach is not found (404). Made from the running program by `make generate`; the test asks for every line over HTTP.\n\n")
	fmt.Fprintf(&b, "| route | right | %s |\n|%s\n", strings.Join(who, " | "), strings.Repeat(" --- |", len(who)+2))
	for _, route := range rt.Routes() {
		line := []string{"`" + route.Method + " " + route.Path + "`", "`" + route.Right + "`"}
		for _, role := range who {
			want := expected(route, role, holds)
			var session *http.Cookie
			if role != visitor {
				var err error // a fresh one: a route may end it
				if session, err = demoSession(rt, people[role]); err != nil {
					t.Fatal(role, err)
				}
			}
			if got, status := answerOf(rt, route, session); got != want {
				t.Errorf("%s %s as %s: %s (%d), the rights say %s", route.Method, route.Path, role, got, status, want)
			}
			line = append(line, want)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(line, " | "))
	}
	holdDocument(t, "permissions.md", b.String())
}

func expected(route ui.Route, role string, holds map[string][]string) string {
	switch {
	case route.Right == ui.Public:
		return letsIn
	case role == visitor:
		return asksWho
	case route.Right == ui.SignedIn || slices.Contains(holds[route.Right], role):
		return letsIn
	}
	return refuses
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// answerOf asks for a route with an id that no record has, or an empty form.
func answerOf(h http.Handler, route ui.Route, session *http.Cookie) (string, int) {
	path := strings.TrimSuffix(route.Path, "{$}")
	path = placeholder.ReplaceAllString(path, "00000000-0000-7000-8000-000000000000")
	var body io.Reader
	if route.Method != http.MethodGet {
		body = strings.NewReader("")
	}
	req := httptest.NewRequest(route.Method, "http://"+defaultListen+path, body)
	req.RemoteAddr = "127.0.0.1:9"
	switch {
	case body == nil:
	case route.API:
		req.Header.Set("Content-Type", "application/json")
	default:
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if session != nil {
		req.AddCookie(session)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	text := w.Body.String()
	switch {
	case w.Code == http.StatusUnauthorized && strings.Contains(text, "sign_in_first"), // a wrong password is a 401 too
		session == nil && w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/sign-in?"),
		session == nil && w.Code == http.StatusSeeOther && route.Right != ui.Public && w.Header().Get("Location") == "/sign-in":
		return asksWho, w.Code
	case w.Code == http.StatusForbidden && (strings.Contains(text, "ui.right_missing") || strings.Contains(text, "api.right_missing")):
		return refuses, w.Code
	}
	return letsIn, w.Code
}

// oneOf is the login of somebody who holds just this role: the demonstration's own, or
// one made as the administrator would.
func oneOf(t *testing.T, a *App, role string) string {
	t.Helper()
	for _, p := range demoAccounts {
		if p.role == role {
			return p.login
		}
	}
	login := "proof." + strings.ReplaceAll(role, "_", ".")
	var acc identity.Account
	err := a.db.Write(t.Context(), func(tx *db.Tx) error {
		admin, _, err := a.rooms.identity.ActorByLogin(tx, demoAccounts[0].login)
		if err != nil {
			return err
		}
		o, _, err := org.FindByCode(tx, "GL.D07", clock.Day(a.clock()))
		if err != nil {
			return err
		}
		if acc, err = a.rooms.identity.CreateAccount(tx, admin, identity.AccountInput{Login: login, Name: role, AgencyID: o.ID}); err != nil {
			return err
		}
		_, err = a.rooms.identity.Grant(tx, admin, identity.GrantInput{AccountID: acc.ID, Role: role, AgencyID: o.ID})
		return err
	})
	if err == nil {
		err = a.rooms.identity.SetPassword(t.Context(), seeder, acc.ID, "a long pass phrase of a test", false)
	}
	if err != nil {
		t.Fatal(role, err)
	}
	return login
}

// TestForeignRecords_areNotFound: an agency does not learn whether a record of another
// one exists, by page, by API, or by an attempt to change it.
func TestForeignRecords_areNotFound(t *testing.T) {
	t.Parallel()
	a := openDemo(t)
	rt, _ := a.handler(slog.New(slog.DiscardHandler))
	noivu := actor(t, a, "noivu")
	plans, err := a.rooms.plan.Plans(noivu, 2026)
	if err != nil || len(plans) == 0 {
		t.Fatal(plans, err)
	}
	lines, err := a.rooms.plan.Records(noivu, plans[0].ID, plan.FigureTotal, clock.Day(a.clock()), plan.Filter{}, nil, 10000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ login, own string }{{"tuyphuoc", "GL.X033"}, {"soxd.cv", "GL.D07"}} {
		var mine, foreign string
		own := agencyOf(t, a, c.own)
		for _, l := range lines {
			if l.Agency == own && mine == "" {
				mine = l.Assignment
			}
			if l.Agency != own && foreign == "" {
				foreign = l.Assignment
			}
		}
		if mine == "" || foreign == "" {
			t.Fatalf("%s: own %q, foreign %q", c.login, mine, foreign)
		}
		session, err := demoSession(rt, c.login)
		if err != nil {
			t.Fatal(err)
		}
		status := func(method, path, body string) int {
			req := httptest.NewRequest(method, "http://"+defaultListen+path, strings.NewReader(body))
			if body != "" {
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("If-Match", `"1"`)
			}
			req.AddCookie(session)
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, req)
			return w.Code
		}
		for path, want := range map[string]int{
			"/plan/assignments/" + mine: http.StatusOK, "/api/v1/assignments/" + mine: http.StatusOK,
			"/plan/assignments/" + foreign: http.StatusNotFound, "/api/v1/assignments/" + foreign: http.StatusNotFound,
		} {
			if got := status(http.MethodGet, path, ""); got != want {
				t.Errorf("%s reads %s: %d, want %d", c.login, path, got, want)
			}
		}
		if got := status(http.MethodPost, "/api/v1/assignments/"+foreign+"/moves", `{"move":"progress","percent":50,"text":"x"}`); got != http.StatusNotFound {
			t.Errorf("%s changes a foreign assignment: %d", c.login, got)
		}
	}
}

func agencyOf(t *testing.T, a *App, code string) (id string) {
	t.Helper()
	err := a.db.Read(t.Context(), func(tx *db.Tx) error {
		o, found, err := org.FindByCode(tx, code, clock.Day(a.clock()))
		if err == nil && !found {
			err = fmt.Errorf("no agency %s", code)
		}
		id = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
