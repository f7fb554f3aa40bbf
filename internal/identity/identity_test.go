package identity_test

import (
	"context"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
)

// morning is 09:00 on 14 October 2026 in Vietnam.
var morning = time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)

// hand is a clock that a test moves.
type hand struct{ at time.Time }

func (h *hand) clock() clock.Clock   { return func() time.Time { return h.at } }
func (h *hand) wind(d time.Duration) { h.at = h.at.Add(d) }
func newHand() *hand                 { return &hand{morning} }
func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	must(t, d.Write(context.Background(), fn))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused fails unless err is the refusal with that code.
func refused(t testing.TB, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Fatalf("got %v, want the refusal %s", err, code)
	}
}

// province puts up two small trees: gl over a (over a1) and b; and bd, a province of before.
func province(t testing.TB, d *db.DB) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, x := range []struct{ id, kind, parent string }{
			{"gl", "province", ""}, {"a", "department", "gl"}, {"a1", "public_unit", "a"}, {"b", "department", "gl"}, {"bd", "province", ""},
		} {
			var parent any
			if x.parent != "" {
				parent = x.parent
			}
			if _, err := tx.Exec(`INSERT INTO org_agency (id, code, name, short_name, name_fold, name_sort, kind, parent_id, from_day, to_day, sample, version)
				VALUES ($1, $1, $1, $1, $1, $1, $2, $3, '0001-01-01', '9999-12-31', FALSE, 1)`, x.id, x.kind, parent); err != nil {
				return err
			}
		}
		for _, p := range [][2]string{{"gl", "gl"}, {"gl", "a"}, {"gl", "a1"}, {"gl", "b"}, {"a", "a"}, {"a", "a1"}, {"a1", "a1"}, {"b", "b"}, {"bd", "bd"}} {
			if _, err := tx.Exec(`INSERT INTO org_tree (ancestor_id, descendant_id) VALUES ($1, $2)`, p[0], p[1]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// house is the test's people on a database with agencies.
func house(t *testing.T, d *db.DB, h *hand) *identitytest.House {
	t.Helper()
	province(t, d)
	return identitytest.New(t, d, h.clock(), "plan.view", "plan.submit", "plan.approve")
}

func may(t *testing.T, h *identitytest.House, a identity.Actor, right, agency string, now time.Time) bool {
	t.Helper()
	var verdict error
	must(t, h.DB.Read(context.Background(), func(tx *db.Tx) error {
		verdict = identity.Require(tx, a, right, agency, now)
		return nil
	}))
	if verdict != nil && errs.KindOf(verdict) == "" {
		t.Fatal(verdict)
	}
	return verdict == nil
}
