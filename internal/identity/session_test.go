package identity_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
)

func TestSession_endsAfterHalfAnHourWithoutARequestAndTwelveHoursInAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		b := &browser{s: newSite(t, h)}
		h.Person("lan", "a", "")
		must(t, b.signIn("lan", secret, ""))
		c.wind(29 * time.Minute)
		if b.who() != "lan" {
			t.Fatal("signed out before half an hour")
		}
		c.wind(30 * time.Minute)
		if b.who() != "" {
			t.Fatal("still signed in after half an hour of nothing")
		}
		must(t, b.signIn("lan", secret, ""))
		for range 35 { // 11 h 40 min of steady work
			c.wind(20 * time.Minute)
			if b.who() != "lan" {
				t.Fatal("signed out while working")
			}
		}
		c.wind(20 * time.Minute)
		if b.who() != "" {
			t.Error("still signed in after twelve hours")
		}
		must(t, h.Sweep(context.Background()))
	})
}

func TestSession_revokedIsOverAtTheNextRequest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		s := newSite(t, h)
		lan := h.Person("lan", "a", "")
		other := h.Person("other", "a", "")
		office, home := &browser{s: s}, &browser{s: s}
		must(t, office.signIn("lan", secret, ""))
		c.wind(time.Second)
		must(t, home.signIn("lan", secret, ""))
		var list []identity.Session
		write(t, d, func(tx *db.Tx) (err error) { list, err = h.Sessions(tx, lan, lan.AccountID); return err })
		if len(list) != 2 || list[1].From != "10.0.0.7" {
			t.Fatalf("the list of sessions is %+v", list)
		}
		err := d.Write(context.Background(), func(tx *db.Tx) error { return h.RevokeSession(tx, other, list[1].ID) })
		refused(t, err, "identity.session_not_found")
		write(t, d, func(tx *db.Tx) error { return h.RevokeSession(tx, lan, list[1].ID) })
		if office.who() != "" || home.who() != "lan" {
			t.Error("the wrong session was revoked, or none")
		}
		// A request under way stores its session while it is revoked: it stays over.
		must(t, office.signIn("lan", secret, ""))
		office.do(func(ctx context.Context) error {
			return d.Write(context.Background(), func(tx *db.Tx) error { return h.RevokeSessions(tx, h.Admin(), lan.AccountID) })
		})
		must(t, s.err)
		if office.who() != "" || home.who() != "" {
			t.Error("a revoked session came back")
		}
		must(t, home.signIn("lan", secret, ""))
		home.do(h.SignOut)
		must(t, s.err)
		if home.who() != "" {
			t.Error("signed in after signing out")
		}
	})
}

func TestSession_ofALockedAccountIsOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		b := &browser{s: newSite(t, h)}
		lan := h.Person("lan", "a", "")
		must(t, b.signIn("lan", secret, ""))
		for _, move := range []string{"lock", "unlock"} {
			write(t, d, func(tx *db.Tx) error {
				acc, err := h.Account(tx, h.Admin(), lan.AccountID)
				if err != nil {
					return err
				}
				return h.ChangeState(tx, h.Admin(), acc.ID, acc.Version, move, "kiểm tra")
			})
			if b.who() != "" {
				t.Errorf("signed in after %s", move)
			}
		}
	})
}

func TestSession_getsANewTokenWhenItsRightsChange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		s := newSite(t, h)
		b := &browser{s: s}
		lan := h.Person("lan", "a", "")
		h.Person("model", "a", "a", "plan.view")
		must(t, b.signIn("lan", secret, ""))
		old := b.cookie
		if b.do(nil) != "lan false" || b.cookie != old {
			t.Fatal("the token changed without reason")
		}
		write(t, d, func(tx *db.Tx) error {
			_, err := h.Grant(tx, h.Admin(), identity.GrantInput{AccountID: lan.AccountID, Role: "role-model", AgencyID: "a"})
			return err
		})
		beside := &browser{s: s, cookie: old}
		if b.do(nil) != "lan true" || b.cookie == old {
			t.Error("the rights or the token did not change with the grant")
		}
		if beside.do(nil) != "lan true" || beside.cookie != old {
			t.Error("a request sent side by side with the renewal was thrown out")
		}
		write(t, d, func(tx *db.Tx) error { return h.RevokeSessions(tx, h.Admin(), lan.AccountID) })
		if b.who() != "" || beside.who() != "" {
			t.Error("a revoked session lives on under its old or new token")
		}
	})
}

func TestChangePassword_signsOutEverywhereElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		s := newSite(t, h)
		h.Person("lan", "a", "")
		here, thief := &browser{s: s}, &browser{s: s}
		must(t, here.signIn("lan", secret, ""))
		must(t, thief.signIn("lan", secret, ""))
		old := here.cookie
		change := func(current, fresh string) error {
			here.do(func(ctx context.Context) error { return h.ChangePassword(ctx, identity.From(ctx), current, fresh) })
			return s.err
		}
		refused(t, change("wrong", "another long secret"), "identity.password_wrong")
		refused(t, change(secret, secret), "identity.password_same")
		refused(t, change(secret, "matkhau12345"), "identity.password_common")
		c.wind(time.Second)
		must(t, change(secret, "another long secret"))
		if here.who() != "lan" || here.cookie == old || thief.who() != "" {
			t.Error("this session must go on under a new token and the other must be over")
		}
		refused(t, thief.signIn("lan", secret, ""), "identity.sign_in_failed")
		must(t, thief.signIn("lan", "another long secret", ""))
	})
}

func TestMustChange_allowsNothingElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		b := &browser{s: newSite(t, h)}
		lan := h.Person("lan", "a", "a", "plan.view")
		must(t, h.SetPassword(context.Background(), h.Admin().Who(), lan.AccountID, "printed on the slip", true))
		must(t, b.signIn("lan", "printed on the slip", ""))
		if b.do(nil) != "lan false" {
			t.Error("has a right before changing the password")
		}
		lan = h.Actor(lan.AccountID)
		err := d.Read(context.Background(), func(tx *db.Tx) error { return identity.Require(tx, lan, "plan.view", "a", morning) })
		refused(t, err, "identity.password_change_first")
		b.do(func(ctx context.Context) error {
			return h.ChangePassword(ctx, identity.From(ctx), "printed on the slip", secret)
		})
		must(t, b.s.err)
		if b.do(nil) != "lan true" {
			t.Error("has no right after changing the password")
		}
	})
}

func TestBearer_isForTheAPIAloneAndNeverMixesWithACookie(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		b := &browser{s: newSite(t, h)}
		lan := h.Person("lan", "a", "a", "plan.view")
		must(t, b.signIn("lan", secret, ""))
		var token string
		write(t, d, func(tx *db.Tx) (err error) {
			token, _, err = h.IssueToken(tx, lan, identity.TokenInput{AccountID: lan.AccountID, Name: "báo cáo"})
			return err
		})
		for _, c := range []struct {
			path, bearer, want string
			code               int
		}{
			{"/api/v1/plans", token, "lan true", 200},
			{"/api/v1/plans", "cchc_wrong", "", 401},
			{"/plans", token, " false", 200}, // pages do not take tokens
		} {
			r := httptest.NewRequest("GET", c.path, nil)
			r.Header.Set("Authorization", "bearer "+c.bearer)
			if c.code == 401 {
				r.AddCookie(&http.Cookie{Name: "cchc", Value: b.cookie})
			}
			w := httptest.NewRecorder()
			b.s.act = nil
			b.s.handler.ServeHTTP(w, r)
			if w.Code != c.code || c.code == 200 && w.Body.String() != c.want {
				t.Errorf("%s: %d %q", c.path, w.Code, w.Body)
			}
		}
	})
}
