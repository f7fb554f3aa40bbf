package identity_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// reach lists the agencies that the filter of every list lets through.
func reach(t *testing.T, d *db.DB, a identity.Actor, right string, now time.Time) string {
	t.Helper()
	var ids []string
	must(t, d.Read(context.Background(), func(tx *db.Tx) (err error) {
		ids, err = db.All(tx, db.Value[string], `SELECT id FROM org_agency WHERE id IN (
			SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)`, a.Reach(right), right, now.UnixMilli())
		return err
	}))
	slices.Sort(ids)
	return fmt.Sprint(ids)
}

func TestReach_isTheSubtreeOfTheGrant(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		for _, c := range []struct{ login, over, want string }{
			{"head.a", "a", "[a a1]"}, {"head.a1", "a1", "[a1]"}, {"of.gl", "gl", "[a a1 b gl]"}, {"of.all", "", "[a a1 b bd gl]"},
		} {
			p := h.Person(c.login, "a", c.over, "plan.view")
			if got := reach(t, d, p, "plan.view", morning); got != c.want {
				t.Errorf("%s reaches %s, want %s", c.login, got, c.want)
			}
			if got := reach(t, d, p, "plan.submit", morning); got != "[]" {
				t.Errorf("%s reaches %s with a right never given", c.login, got)
			}
			if provinceWide := c.over == "" || c.over == "gl"; may(t, h, p, "plan.view", "", morning) != provinceWide {
				t.Errorf("%s: province-wide records, want %v", c.login, provinceWide)
			}
			if !p.Has("plan.view") || p.Has("plan.submit") {
				t.Errorf("%s: Has does not say what is granted", c.login)
			}
		}
		if may(t, h, identity.Actor{}, "plan.view", "a", morning) {
			t.Error("a visitor holds a right")
		}
	})
}

func TestReach_beginsAndEndsWithTheGrant(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		p := h.Person("dated", "a", "", "plan.view")
		q := h.Person("plain", "a", "")
		var g identity.Grant
		write(t, d, func(tx *db.Tx) (err error) {
			g, err = h.Grant(tx, h.Admin(), identity.GrantInput{AccountID: q.AccountID, Role: "role-dated", AgencyID: "a", From: morning.Add(time.Hour), To: morning.Add(2 * time.Hour)})
			return err
		})
		for after, want := range map[time.Duration]bool{0: false, time.Hour - time.Millisecond: false, time.Hour: true, 2*time.Hour - time.Millisecond: true, 2 * time.Hour: false} {
			if got := may(t, h, q, "plan.view", "a1", morning.Add(after)); got != want {
				t.Errorf("%v after: %v, want %v", after, got, want)
			}
		}
		write(t, d, func(tx *db.Tx) error { return h.Revoke(tx, h.Admin(), g.ID, "đổi phân công") })
		if may(t, h, q, "plan.view", "a", morning.Add(time.Hour)) {
			t.Error("a grant revoked before it began still begins")
		}
		refused(t, d.Write(context.Background(), func(tx *db.Tx) error { return h.Revoke(tx, h.Admin(), g.ID, "") }), "identity.grant_ended")
		_ = p
	})
}

func TestReach_ofAnAccountThatIsNotActiveIsEmpty(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		p := h.Person("leaver", "a", "a", "plan.view")
		for _, move := range []string{"lock", "unlock", "disable"} {
			write(t, d, func(tx *db.Tx) error {
				acc, err := h.Account(tx, h.Admin(), p.AccountID)
				if err != nil {
					return err
				}
				return h.ChangeState(tx, h.Admin(), p.AccountID, acc.Version, move, "nghỉ")
			})
			want := map[string]string{"lock": "[]", "unlock": "[a a1]", "disable": "[]"}[move]
			if got := reach(t, d, p, "plan.view", morning); got != want {
				t.Errorf("after %s reaches %s, want %s", move, got, want)
			}
		}
	})
}

func TestDelegation_lendsNamedRightsForATime_andTheLogNamesBoth(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newHand()
		h := house(t, d, c)
		head := h.Person("head", "a", "a", "plan.view", "plan.submit", "identity.delegate")
		deputy := h.Person("deputy", "a1", "a1", "plan.view")
		write(t, d, func(tx *db.Tx) error {
			_, err := h.Delegate(tx, head, identity.DelegationInput{ToAccountID: deputy.AccountID, Rights: []string{"plan.submit"}, To: morning.Add(24 * time.Hour), Reason: "đi công tác"})
			return err
		})
		deputy = h.Actor(deputy.AccountID)
		if !deputy.Has("plan.submit") || !may(t, h, deputy, "plan.submit", "a", morning) {
			t.Fatal("the deputy cannot submit for the agency of the head")
		}
		if w := deputy.Who(); w.Account != deputy.AccountID || w.For != head.AccountID {
			t.Errorf("the log would name %+v, want the deputy for the head", w)
		}
		if may(t, h, deputy, "plan.view", "a", morning) {
			t.Error("a right that was not named was lent")
		}
		if !may(t, h, deputy, "plan.view", "a1", morning) || deputy.Who().For != "" {
			t.Error("an act by one's own right is recorded as done for another")
		}
		if may(t, h, deputy, "plan.submit", "a", morning.Add(24*time.Hour)) {
			t.Error("the delegation goes on after its last moment")
		}
		var all []identity.Delegation
		write(t, d, func(tx *db.Tx) (err error) { all, err = h.Delegations(tx, deputy, deputy.AccountID); return err })
		write(t, d, func(tx *db.Tx) error { return h.EndDelegation(tx, head, all[0].ID, "về sớm") })
		if may(t, h, deputy, "plan.submit", "a", morning) {
			t.Error("the delegation goes on after it was ended")
		}
	})
}

func TestDelegation_endsWithTheGrantAndTheAccountBehindIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		head := h.Person("head", "a", "a", "plan.submit", "identity.delegate")
		deputy := h.Person("deputy", "a", "")
		third := h.Person("third", "a", "a", "identity.delegate")
		give := func(from identity.Actor, to, right string) error {
			return d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := h.Delegate(tx, from, identity.DelegationInput{ToAccountID: to, Rights: []string{right}, To: morning.Add(time.Hour), Reason: "vắng"})
				return err
			})
		}
		must(t, give(head, deputy.AccountID, "plan.submit"))
		must(t, give(head, third.AccountID, "plan.submit"))
		refused(t, give(third, deputy.AccountID, "plan.submit"), "identity.right_not_delegable")
		refused(t, give(head, deputy.AccountID, "plan.approve"), "identity.right_not_delegable")
		refused(t, give(head, deputy.AccountID, "identity.delegate"), "identity.right_not_delegable")
		refused(t, give(head, head.AccountID, "plan.submit"), "identity.not_on_oneself")
		refused(t, give(deputy, third.AccountID, "plan.submit"), "identity.right_missing")
		far := h.Person("far", "b", "")
		refused(t, give(head, far.AccountID, "plan.submit"), "identity.account_not_found")

		if !may(t, h, deputy, "plan.submit", "a", morning) {
			t.Fatal("the delegation does not work")
		}
		write(t, d, func(tx *db.Tx) error {
			acc, err := h.Account(tx, h.Admin(), head.AccountID)
			if err != nil {
				return err
			}
			return h.ChangeState(tx, h.Admin(), head.AccountID, acc.Version, "disable", "nghỉ hưu")
		})
		if may(t, h, deputy, "plan.submit", "a", morning) {
			t.Error("the rights of a disabled account live on in its delegation")
		}
	})
}

func TestRequireSeen_hidesWhatIsOutOfReachAndRefusesWhatIsSeen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d, newHand())
		p := h.Person("reader", "a", "a", "plan.view")
		missing := errs.New(errs.NotFound, "plan.not_found")
		for agency, want := range map[string]errs.Kind{"b": errs.NotFound, "a": errs.Forbidden} {
			must(t, d.Read(context.Background(), func(tx *db.Tx) error {
				if err := identity.RequireSeen(tx, p, "plan.view", "plan.submit", agency, morning, missing); errs.KindOf(err) != want {
					t.Errorf("agency %s: %v, want %s", agency, err, want)
				}
				if err := identity.RequireSeen(tx, identity.Actor{}, "plan.view", "plan.submit", agency, morning, missing); errs.KindOf(err) != errs.Unauthenticated {
					t.Errorf("a visitor got %v", err)
				}
				return nil
			}))
		}
	})
}
