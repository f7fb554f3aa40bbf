package admin_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/internal/admin"
	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/job"
	"cchc/internal/notice"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// morning is 09:00 on 14 October 2026 in Vietnam.
var morning = clock.At(time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC))

// house is the room behind its router, with two agencies side by side under a province.
type house struct {
	*identitytest.House
	t                      *testing.T
	d                      *db.DB
	s                      *admin.Service
	keys                   audit.Keys
	jobs                   *job.Queue
	rt                     *ui.Router
	province, home, abroad string // agency ids
}

type broken struct{ ID string }

func (broken) Kind() string { return "test.broken" }

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d}
	h.House = identitytest.New(t, d, morning, append([]string{"plan.view", "plan.edit"}, admin.Rights...)...)
	var err error
	h.keys, err = audit.NewKeys()
	must(t, err)
	log := audit.New(h.keys, morning)
	h.jobs, err = job.New(d, morning)
	must(t, err)
	job.Register(h.jobs, func(context.Context, *job.Run, broken) error { return errRefused })
	tell, err := notice.New(d, morning, log, h.jobs, notice.Options{Key: make([]byte, 32), BaseURL: "https://cchc.example.vn",
		Book: func(*db.Tx, string) (notice.Address, bool, error) {
			return notice.Address{Name: "Lan", Email: "lan@so.example.vn", Lang: "vi"}, true, nil
		}})
	must(t, err)
	h.s = &admin.Service{DB: d, Clock: morning, Identity: h.Service, Log: log, PublicKey: h.keys.Public, Jobs: h.jobs, Notice: tell}
	dir := org.NewDirectory(log, morning)
	h.province = h.agency(dir, "GL", "Ủy ban nhân dân tỉnh Gia Lai", org.Province, "")
	h.home = h.agency(dir, "GL.D07", "Sở Xây dựng", org.Department, h.province)
	h.abroad = h.agency(dir, "GL.D09", "Sở Y tế", org.Department, h.province)
	h.mount()
	return h
}

func (h *house) mount() {
	h.rt = ui.NewRouter(ui.Config{Clock: morning, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	h.rt.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id := r.Header.Get("Test-Account"); id != "" {
				r = r.WithContext(identity.With(r.Context(), h.Actor(id)))
			}
			next.ServeHTTP(w, r)
		})
	})
	admin.Mount(h.rt, h.s)
}

func (h *house) agency(dir *org.Directory, code, name string, kind org.Kind, parent string) (id string) {
	h.t.Helper()
	must(h.t, h.d.Write(context.Background(), func(tx *db.Tx) error {
		a, err := dir.Create(tx, audit.System("test"), org.New{Code: code, Name: name, Kind: kind, ParentID: parent})
		id = a.ID
		return err
	}))
	return id
}

// get and post ask as an account; "" is a visitor.
func (h *house) get(as identity.Actor, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Test-Account", as.AccountID)
	w := httptest.NewRecorder()
	h.rt.ServeHTTP(w, r)
	return w
}

func (h *house) post(as identity.Actor, path string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Test-Account", as.AccountID)
	w := httptest.NewRecorder()
	h.rt.ServeHTTP(w, r)
	return w
}

// want checks a status and that words stand on the page.
func (h *house) want(w *httptest.ResponseRecorder, status int, words ...string) {
	h.t.Helper()
	body := w.Body.String()
	if w.Code != status {
		h.t.Fatalf("status %d, want %d: %.1500s", w.Code, status, plain(body))
	}
	for _, one := range words {
		if !strings.Contains(body, one) {
			h.t.Errorf("the page does not say %q: %.3000s", one, plain(body))
		}
	}
}

func (h *house) lacks(w *httptest.ResponseRecorder, words ...string) {
	h.t.Helper()
	for _, one := range words {
		if strings.Contains(w.Body.String(), one) {
			h.t.Errorf("the page says %q", one)
		}
	}
}

// plain is the body of a page without what stands before it.
func plain(body string) string {
	if _, main, found := strings.Cut(body, "<main"); found {
		return main
	}
	return body
}

// version is the version that a form on the page carries.
func version(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	_, rest, found := strings.Cut(w.Body.String(), `name="version" value="`)
	if !found {
		t.Fatal("the form carries no version")
	}
	v, _, _ := strings.Cut(rest, `"`)
	return v
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
