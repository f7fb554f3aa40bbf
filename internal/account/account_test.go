package account

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity/identitytest"
	"cchc/internal/ui"
)

const secret = "một câu dài dễ nhớ 2026"

// door is the room behind a real server with one account, and a browser with cookies.
func door(t *testing.T, d *db.DB) (*httptest.Server, *http.Client) {
	t.Helper()
	now := clock.At(time.Date(2026, 10, 14, 9, 0, 0, 0, clock.Vietnam))
	house := identitytest.New(t, d, now)
	a := house.Person("lan", "", "")
	if err := house.Service.SetPassword(context.Background(), audit.System("test"), a.AccountID, secret, false); err != nil {
		t.Fatal(err)
	}
	rt := ui.NewRouter(ui.Config{Clock: now})
	rt.Use(house.Service.SessionMiddleware)
	Mount(rt, &Service{DB: d, Clock: now, Identity: house.Service}, nil)
	srv := httptest.NewServer(rt)
	t.Cleanup(srv.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return srv, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func post(t *testing.T, c *http.Client, to string, pairs ...string) (status int, where, body string) {
	t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	resp, err := c.PostForm(to, v)
	return read(t, resp, err)
}

func read(t *testing.T, resp *http.Response, err error) (status int, where, body string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b strings.Builder
	if err := resp.Write(&b); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("Location"), b.String()
}

func TestSignIn_opensTheDeskAndLeadsWhereThePersonWasGoing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv, c := door(t, d)
		if status, _, body := post(t, c, srv.URL+"/sign-in", "login", "lan", "password", "sai mật khẩu rồi"); status != http.StatusUnauthorized || !strings.Contains(body, "errsum") {
			t.Errorf("a wrong password: %d", status)
		}
		status, where, _ := post(t, c, srv.URL+"/sign-in", "login", "lan", "password", secret, "next", "/account")
		if status != http.StatusSeeOther || where != "/account" {
			t.Fatalf("a right password: %d to %q", status, where)
		}
		resp, err := c.Get(srv.URL + "/account")
		if status, _, body := read(t, resp, err); status != http.StatusOK || !strings.Contains(body, "lan") {
			t.Errorf("one's own account: %d", status)
		}
		if status, where, _ := post(t, c, srv.URL+"/sign-out"); status != http.StatusSeeOther || where != "/" {
			t.Errorf("signing out: %d to %q", status, where)
		}
		resp, err = c.Get(srv.URL + "/account")
		if status, where, _ := read(t, resp, err); status != http.StatusSeeOther || !strings.HasPrefix(where, "/sign-in?next=") {
			t.Errorf("after signing out: %d to %q", status, where)
		}
	})
}

func TestSignIn_neverLeadsToAnotherSite(t *testing.T) {
	t.Parallel()
	srv, c := door(t, dbtest.NewSQLite(t))
	for _, next := range []string{"//evil.example/", "https://evil.example/", `/\evil.example`} {
		if _, where, _ := post(t, c, srv.URL+"/sign-in", "login", "lan", "password", secret, "next", next); where != "/inbox" {
			t.Errorf("next %q led to %q", next, where)
		}
	}
}

func TestForgotten_answersAlikeForEveryName(t *testing.T) {
	t.Parallel()
	srv, c := door(t, dbtest.NewSQLite(t))
	_, _, known := post(t, c, srv.URL+"/forgotten", "login", "lan")
	_, _, unknown := post(t, c, srv.URL+"/forgotten", "login", "nobody")
	cut := func(s string) string { return s[strings.Index(s, "<main"):] }
	if cut(known) != cut(unknown) {
		t.Error("the page tells which accounts exist")
	}
}

func TestPassword_typedInTwoWaysIsRefusedOnTheForm(t *testing.T) {
	t.Parallel()
	srv, c := door(t, dbtest.NewSQLite(t))
	post(t, c, srv.URL+"/sign-in", "login", "lan", "password", secret)
	status, _, body := post(t, c, srv.URL+"/account/password", "current", secret, "password", "câu mới rất dài 1", "again", "câu mới rất dài 2")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "f-again") {
		t.Errorf("got %d", status)
	}
	if status, where, _ := post(t, c, srv.URL+"/account/password", "current", secret, "password", "câu mới rất dài 1", "again", "câu mới rất dài 1"); status != http.StatusSeeOther || where != "/account" {
		t.Errorf("the change: %d to %q", status, where)
	}
}

func TestLink_thatIsOverIsNotFound(t *testing.T) {
	t.Parallel()
	srv, c := door(t, dbtest.NewSQLite(t))
	resp, err := c.Get(srv.URL + "/link/no-such-token")
	if status, _, _ := read(t, resp, err); status != http.StatusNotFound {
		t.Errorf("got %d", status)
	}
}
