package admin_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

var errRefused = errs.New(errs.Invalid, "admin.page_unknown")

func TestRoutes_refuseAVisitorAndAPersonWithoutTheRight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		nobody := h.Person("nobody", h.home, "", "plan.view")
		for _, r := range h.rt.Routes() {
			if r.Right == ui.Public {
				continue
			}
			path := strings.NewReplacer("{id}", "x", "{move}", "lock", "{grant}", "x", "{code}", "admin").Replace(r.Path)
			ask := func(as identity.Actor) *httptest.ResponseRecorder {
				if r.Method == "GET" {
					return h.get(as, path)
				}
				return h.post(as, path)
			}
			if w := ask(identity.Actor{}); r.Method == "GET" && w.Code != 303 || r.Method == "POST" && w.Code != 401 {
				t.Errorf("%s %s answers %d to a visitor", r.Method, path, w.Code)
			}
			if w := ask(nobody); r.Right != ui.SignedIn && w.Code != 403 {
				t.Errorf("%s %s answers %d to a person without %s", r.Method, path, w.Code, r.Right)
			}
		}
	})
}

func TestRoutes_hideAnAccountOfAnotherAgency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		manager := h.Person("manager", h.home, h.home, identity.RightView, identity.RightManage)
		stranger := h.Person("stranger", h.abroad, h.abroad, "plan.view")
		base := "/admin/accounts/" + stranger.AccountID
		for _, path := range []string{"", "/edit", "/state/lock", "/link", "/second-factor", "/sessions", "/sign-ins", "/grants/new"} {
			h.want(h.get(manager, base+path), 404)
		}
		for _, path := range []string{"/edit", "/state/lock", "/link", "/second-factor", "/sessions", "/grants"} {
			h.want(h.post(manager, base+path, "version", "1", "reason", "x"), 404)
		}
		h.lacks(h.get(manager, "/admin/accounts"), "STRANGER")
		h.want(h.get(manager, "/admin/accounts"), 200, "MANAGER")
		h.want(h.get(manager, "/delegations/none/end?account="+stranger.AccountID), 404)
	})
}

func TestRoutes_letOnlyTheWholeProvinceSeeJobsAndMessages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		local := h.Person("local", h.home, h.home, "admin.jobs", "admin.messages")
		for _, path := range []string{"/admin/jobs", "/admin/messages", "/admin/messages/settings", "/admin/messages/x"} {
			h.want(h.get(local, path), 403)
		}
		for _, path := range []string{"/admin/jobs/1/replay", "/admin/messages/settings", "/admin/messages/test"} {
			h.want(h.post(local, path, "version", "1"), 403)
		}
		all := h.Person("all", "", "", "admin.jobs", "admin.messages")
		for _, path := range []string{"/admin/jobs", "/admin/messages", "/admin/messages/settings"} {
			h.want(h.get(all, path), 200)
		}
		h.want(h.get(all, "/admin/messages/x"), 404)
		h.want(h.get(all, "/admin/outbox"), 404)
		h.want(h.post(all, "/admin/jobs/x/replay"), 404)
		h.want(h.post(all, "/admin/jobs/77/replay"), 404)
	})
}
