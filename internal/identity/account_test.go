package identity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

func TestAccount_ofAnotherAgencyIsNotFoundHoweverTheIdWasGuessed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		boss := h.Person("boss.a", "a", "a", "identity.view", "identity.manage")
		far := h.Person("far", "b", "b", "plan.view")
		near := h.Person("near", "a1", "")
		reader := h.Person("reader", "a", "a", "identity.view")
		acts := map[string]func(tx *db.Tx, a identity.Actor, id string) error{
			"open": func(tx *db.Tx, a identity.Actor, id string) error { _, err := h.Account(tx, a, id); return err },
			"update": func(tx *db.Tx, a identity.Actor, id string) error {
				_, err := h.UpdateAccount(tx, a, id, 1, identity.AccountInput{})
				return err
			},
			"state":  func(tx *db.Tx, a identity.Actor, id string) error { return h.ChangeState(tx, a, id, 1, "lock", "x") },
			"invite": func(tx *db.Tx, a identity.Actor, id string) error { _, err := h.Invite(tx, a, id); return err },
			"grant": func(tx *db.Tx, a identity.Actor, id string) error {
				_, err := h.Grant(tx, a, identity.GrantInput{AccountID: id})
				return err
			},
			"grants":   func(tx *db.Tx, a identity.Actor, id string) error { _, err := h.Grants(tx, a, id); return err },
			"sessions": func(tx *db.Tx, a identity.Actor, id string) error { _, err := h.Sessions(tx, a, id); return err },
			"out":      func(tx *db.Tx, a identity.Actor, id string) error { return h.RevokeSessions(tx, a, id) },
			"sign-ins": func(tx *db.Tx, a identity.Actor, id string) error {
				_, err := h.ListSignIns(tx, a, id, "", 9)
				return err
			},
			"tokens": func(tx *db.Tx, a identity.Actor, id string) error { _, err := h.ListTokens(tx, a, id); return err },
			"token": func(tx *db.Tx, a identity.Actor, id string) error {
				_, _, err := h.IssueToken(tx, a, identity.TokenInput{AccountID: id})
				return err
			},
			"second": func(tx *db.Tx, a identity.Actor, id string) error { return h.ResetTOTP(tx, a, id, "x") },
			"lent":   func(tx *db.Tx, a identity.Actor, id string) error { _, err := h.Delegations(tx, a, id); return err },
		}
		looks := "open grants sessions sign-ins tokens lent"
		stop := errors.New("undo")
		for name, act := range acts {
			for who, c := range map[string]struct {
				actor  identity.Actor
				target string
				want   errs.Kind
			}{
				"manager, other agency": {boss, far.AccountID, errs.NotFound}, "manager, no such id": {boss, db.NewID(), errs.NotFound},
				"reader, other agency": {reader, far.AccountID, errs.NotFound}, "visitor": {identity.Actor{}, far.AccountID, errs.Unauthenticated},
				"reader, own agency": {reader, near.AccountID, errs.Forbidden}, "nobody in particular": {near, boss.AccountID, errs.NotFound},
			} {
				var got error
				if err := d.Write(context.Background(), func(tx *db.Tx) error { got = act(tx, c.actor, c.target); return stop }); !errors.Is(err, stop) {
					t.Fatal(err)
				}
				want := c.want
				if who == "reader, own agency" && slices.Contains(strings.Fields(looks), name) {
					want = ""
				}
				if errs.KindOf(got) != want {
					t.Errorf("%s by %s: %v, want %q", name, who, got, want)
				}
			}
		}
	})
}

func TestListAccounts_isTheReachInTheOrderOfNamesFoundWithoutMarks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		boss := h.Person("zz.boss", "b", "a", "identity.view")
		for login, name := range map[string]string{"u1": "Zung", "u2": "Đà", "u3": "Ân", "u4": "An", "u5": "Bình 100%"} {
			write(t, d, func(tx *db.Tx) error {
				_, err := h.CreateAccount(tx, h.Admin(), identity.AccountInput{Login: "acc-" + login, Name: name, AgencyID: "a1"})
				return err
			})
		}
		page := func(f identity.AccountFilter) string {
			var names []string
			must(t, d.Read(context.Background(), func(tx *db.Tx) error {
				names = nil
				for {
					list, total, err := h.ListAccounts(tx, boss, f)
					if err != nil || len(list) == 0 {
						names = append(names, fmt.Sprint(total))
						return err
					}
					for _, a := range list {
						names = append(names, a.Name)
					}
					f.After = list[len(list)-1].After()
				}
			}))
			return strings.Join(names, ",")
		}
		if got := page(identity.AccountFilter{Limit: 2}); got != "An,Ân,Bình 100%,Đà,Zung,5" {
			t.Errorf("got %s", got)
		}
		if got := page(identity.AccountFilter{Search: "DA"}); got != "Đà,1" {
			t.Errorf("search: got %s", got)
		}
		if got := page(identity.AccountFilter{Search: "0%"}); got != "Bình 100%,1" {
			t.Errorf("search for a sign: got %s", got)
		}
	})
}

func TestGrant_givesNoOneMoreThanTheGiverHas(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		boss := h.Person("boss.a", "a", "a", "identity.view", "identity.manage")
		root := h.Person("boss.gl", "gl", "gl", "identity.view", "identity.manage", "identity.roles")
		friend := h.Person("friend", "a", "")
		give := func(by identity.Actor, to, role, over string) error {
			return d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := h.Grant(tx, by, identity.GrantInput{AccountID: to, Role: role, AgencyID: over})
				return err
			})
		}
		must(t, give(boss, friend.AccountID, "officer", "a1"))
		refused(t, give(boss, friend.AccountID, "officer", "b"), "identity.right_missing")
		refused(t, give(boss, friend.AccountID, "officer", ""), "identity.right_missing")
		refused(t, give(boss, friend.AccountID, "admin", "a"), "identity.grant_exceeds")
		refused(t, give(root, friend.AccountID, "admin", ""), "identity.grant_exceeds") // of the province, not of every year
		refused(t, give(boss, boss.AccountID, "officer", "a"), "identity.not_on_oneself")
		refused(t, give(h.Admin(), friend.AccountID, "no-such-role", "a"), "identity.role_unknown")
		refused(t, d.Write(context.Background(), func(tx *db.Tx) error {
			return h.SetRole(tx, boss, identity.Role{Code: "mine", Name: "x", Rights: []string{"plan.approve"}}, 0)
		}), "identity.right_missing")
	})
}

func TestAdministrator_theLastOneStays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		second := h.Person("second", "a", "")
		write(t, d, func(tx *db.Tx) error {
			_, err := h.Grant(tx, h.Admin(), identity.GrantInput{AccountID: second.AccountID, Role: "admin"})
			return err
		})
		second = h.Actor(second.AccountID)
		state := func(by identity.Actor, id, move string) error {
			return d.Write(context.Background(), func(tx *db.Tx) error {
				acc, err := h.Account(tx, by, id)
				if err != nil {
					return err
				}
				return h.ChangeState(tx, by, id, acc.Version, move, "thử")
			})
		}
		refused(t, state(second, second.AccountID, "lock"), "identity.not_on_oneself")
		must(t, state(second, h.Admin().AccountID, "lock"))
		must(t, d.Read(context.Background(), func(tx *db.Tx) error {
			if err := identity.Require(tx, h.Admin(), "identity.manage", "", morning); errs.CodeOf(err) != "identity.right_missing" {
				t.Errorf("a locked administrator: %v", err)
			}
			return nil
		}))
		refused(t, d.Write(context.Background(), func(tx *db.Tx) error {
			roles, err := h.Roles(tx)
			if err != nil {
				return err
			}
			return h.SetRole(tx, second, identity.Role{Code: roles[0].Code, Rights: []string{"identity.view", "identity.roles"}}, roles[0].Version)
		}), "identity.last_administrator")
	})
}

func TestLink_worksOnceForAnHourAndSurvivesAWeakPassword(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		lan := h.Person("lan", "a", "")
		ctx := context.Background()
		link := func() (l identity.Link) {
			write(t, d, func(tx *db.Tx) (err error) { l, err = h.Invite(tx, h.Admin(), lan.AccountID); return err })
			return l
		}
		finish := func(token, password string) error {
			_, err := h.FinishReset(ctx, token, password, "10.0.0.1")
			return err
		}
		first := link()
		refused(t, finish(first.Token, "short"), "identity.password_short")
		second := link()
		refused(t, finish(first.Token, "a password of mine"), "identity.link_over") // a newer one was made
		must(t, finish(second.Token, "a password of mine"))
		refused(t, finish(second.Token, "a password of theirs"), "identity.link_over")
		third := link()
		c.wind(time.Hour)
		refused(t, finish(third.Token, "a password of theirs"), "identity.link_over")
		refused(t, finish("guess", "a password of theirs"), "identity.link_over")
		must(t, (&browser{s: newSite(t, h)}).signIn("lan", "a password of mine", ""))
		if png, err := identity.QR(third.URL, 256); err != nil || len(png) < 100 {
			t.Errorf("no slip: %v", err)
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			n, _, err := db.One(tx, db.Value[int], `SELECT COUNT(*) FROM identity_link WHERE token_hash = $1`, third.Token)
			if n != 0 {
				t.Error("the token itself is in the database")
			}
			return err
		}))
	})
}

func TestToken_isLimitedByItsScopeAndByItsAccount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		lan := h.Person("lan", "a", "a", "plan.view", "plan.submit")
		issue := func(scopes ...string) (plain string, tok identity.Token) {
			write(t, d, func(tx *db.Tx) (err error) {
				plain, tok, err = h.IssueToken(tx, lan, identity.TokenInput{AccountID: lan.AccountID, Name: "phần mềm", Scopes: scopes})
				return err
			})
			return plain, tok
		}
		auth := func(plain string) (a identity.Actor, err error) {
			err = d.Read(context.Background(), func(tx *db.Tx) error { a, err = h.Authenticate(tx, plain, c.at); return err })
			return a, err
		}
		reading, readingToken := issue()
		a, err := auth(reading)
		must(t, err)
		if !a.Has("plan.view") || a.Has("plan.submit") || !may(t, h, a, "plan.view", "a", c.at) || may(t, h, a, "plan.submit", "a", c.at) {
			t.Error("a token without scopes does more, or less, than look")
		}
		if reach(t, d, a, "plan.submit", c.at) != "[]" || reach(t, d, a, "plan.view", c.at) != "[a a1]" {
			t.Error("the reach of a token is not that of its scope")
		}
		submitting, _ := issue("plan.submit", "plan.approve")
		b, err := auth(submitting)
		must(t, err)
		if b.Has("plan.view") || !b.Has("plan.submit") || b.Has("plan.approve") || may(t, h, b, "plan.approve", "a", c.at) {
			t.Error("a scope gives what the account does not have, or not what was named")
		}
		for _, act := range []func(tx *db.Tx) error{
			func(tx *db.Tx) error {
				_, _, err := h.IssueToken(tx, a, identity.TokenInput{AccountID: lan.AccountID, Name: "x"})
				return err
			},
			func(tx *db.Tx) error { return h.RevokeSessions(tx, a, lan.AccountID) },
		} {
			refused(t, d.Write(context.Background(), act), "identity.person_only")
		}
		write(t, d, func(tx *db.Tx) error { return h.RevokeToken(tx, lan, readingToken.ID) })
		_, err = auth(reading)
		refused(t, err, "identity.token_bad")
		c.wind(24 * time.Hour)
		_, err = auth(submitting)
		refused(t, err, "identity.token_bad")
		_, err = auth("cchc_guess")
		refused(t, err, "identity.token_bad")
	})
}

func TestCheckPassword_refusesWhatOthersTryFirst(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"ngắn":                       "identity.password_short",
		"matkhau123456":              "identity.password_common",
		"Mật khẩu 2026!":             "identity.password_common",
		"P@ssw0rd20262026":           "identity.password_common",
		"111111111111":               "identity.password_common",
		"abcabcabcabcabc":            "identity.password_common",
		"202620262026":               "identity.password_common",
		"caicachhanhchinh2026":       "identity.password_common",
		"Nguyen.Van.Lan.2026":        "identity.password_has_login",
		"con trâu đi trước cái cày":  "",
		"correct horse and a staple": "",
		strings.Repeat("dài ", 33):   "identity.password_long",
	} {
		if got := errs.CodeOf(identity.CheckPassword("nguyen.van.lan", password)); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}
