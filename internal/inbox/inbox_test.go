package inbox_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

var (
	ctx = context.Background()
	now = time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)
	me  = identity.Actor{AccountID: "an"}
)

// room is a source over a list in memory; by account, as a real one keeps to its reach.
type room map[string][]inbox.Item

func (r room) Owed(_ *db.Tx, a identity.Actor, _ time.Time, after string, limit int) ([]inbox.Item, error) {
	due, id := inbox.Place(after)
	items := slices.Clone(r[a.AccountID])
	slices.SortFunc(items, order)
	items = slices.DeleteFunc(items, func(i inbox.Item) bool {
		d := key(i)
		return d < due || (d == due && i.ID <= id)
	})
	return items[:min(limit, len(items))], nil
}

func key(i inbox.Item) int64 {
	if i.DueMs == 0 {
		return inbox.NoDate
	}
	return i.DueMs
}

func order(a, b inbox.Item) int {
	switch {
	case key(a) != key(b):
		if key(a) < key(b) {
			return -1
		}
		return 1
	case a.Source != b.Source:
		if a.Source < b.Source {
			return -1
		}
		return 1
	case a.ID < b.ID:
		return -1
	}
	return 1
}

func read(t testing.TB, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Read(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func TestList_equalsASortedListHoweverItIsPaged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(r *rapid.T) {
			reg := inbox.NewRegistry()
			var want []inbox.Item
			f := inbox.Filter{
				Kind:     rapid.SampledFrom([]string{"", "k0", "k1"}).Draw(r, "kind"),
				AgencyID: rapid.SampledFrom([]string{"", "a0", "a1"}).Draw(r, "agency"),
				LateOnly: rapid.Bool().Draw(r, "late only"),
			}
			for n := range rapid.IntRange(0, 4).Draw(r, "sources") {
				name := fmt.Sprintf("room%d", 9-n) // not added in the order of their names
				var items []inbox.Item
				for k := range rapid.IntRange(0, 30).Draw(r, "items") {
					i := inbox.Item{ID: fmt.Sprintf("%03d", k)}
					i.Kind = fmt.Sprintf("k%d", rapid.IntRange(0, 1).Draw(r, "k"))
					i.AgencyID = fmt.Sprintf("a%d", rapid.IntRange(0, 1).Draw(r, "a"))
					// few moments, so that many are due at once, some without a date
					if h := rapid.IntRange(-3, 3).Draw(r, "due"); h != 3 {
						i.DueMs = now.Add(time.Duration(h) * time.Hour).UnixMilli()
					}
					items = append(items, i)
					i.Source, i.Late = name, i.DueMs != 0 && i.DueMs < now.UnixMilli()
					if (f.Kind == "" || f.Kind == i.Kind) && (f.AgencyID == "" || f.AgencyID == i.AgencyID) && (!f.LateOnly || i.Late) {
						want = append(want, i)
					}
				}
				reg.Add(name, room{"an": items, "someone else": {{ID: "x"}}})
			}
			slices.SortFunc(want, order)
			var got []inbox.Item
			cursor, size := "", rapid.IntRange(1, 12).Draw(r, "page")
			for {
				var p inbox.Page
				read(t, d, func(tx *db.Tx) (err error) { p, err = reg.List(tx, me, now, f, cursor, size); return err })
				if len(p.Items) > size {
					r.Fatalf("%d items on a page of %d", len(p.Items), size)
				}
				got = append(got, p.Items...)
				if cursor = p.Next; cursor == "" {
					break
				}
			}
			same := slices.EqualFunc(got, want, func(a, b inbox.Item) bool {
				return a.Source == b.Source && a.ID == b.ID && a.Late == b.Late
			})
			if !same {
				r.Fatalf("got  %v\nwant %v", got, want)
			}
			read(t, d, func(tx *db.Tx) error {
				counts, err := reg.Counts(tx, me, now, f)
				for _, c := range counts {
					all, late := 0, 0
					for _, i := range want {
						if i.Source == c.Source {
							all++
							if i.Late {
								late++
							}
						}
					}
					if c.All != all || c.Late != late || c.More {
						r.Fatalf("counted %+v, want %d and %d late", c, all, late)
					}
				}
				return err
			})
		})
	})
}

func many(n int) (items []inbox.Item) {
	for k := range n {
		items = append(items, inbox.Item{ID: fmt.Sprintf("%05d", k), Kind: "common", DueMs: now.UnixMilli() - 5 + int64(k)})
	}
	return items
}

func TestCounts_areExactToAThousand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		reg := inbox.NewRegistry()
		reg.Add("full", room{"an": many(1000)})
		reg.Add("over", room{"an": many(1001)})
		read(t, d, func(tx *db.Tx) error {
			got, err := reg.Counts(tx, me, now, inbox.Filter{})
			want := []inbox.Count{{Source: "full", All: 1000, Late: 5}, {Source: "over", All: 1000, Late: 5, More: true}}
			if !slices.Equal(got, want) {
				t.Errorf("got %+v", got)
			}
			return err
		})
	})
}

func TestList_ofARareKindStopsEarlyAndGoesOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		items := many(6000)
		items[5500].Kind = "rare"
		reg := inbox.NewRegistry()
		reg.Add("room", room{"an": items})
		read(t, d, func(tx *db.Tx) error {
			p, err := reg.List(tx, me, now, inbox.Filter{Kind: "rare"}, "", 150)
			if err != nil || len(p.Items) > 0 || !p.Cut || p.Next == "" {
				t.Fatalf("%+v %v", p, err)
			}
			p, err = reg.List(tx, me, now, inbox.Filter{Kind: "rare"}, p.Next, 150)
			if err != nil || len(p.Items) != 1 || p.Cut || p.Next != "" {
				t.Fatalf("%+v %v", p, err)
			}
			return nil
		})
	})
}

// stuck gives the same page for ever.
type stuck struct{}

func (stuck) Owed(*db.Tx, identity.Actor, time.Time, string, int) ([]inbox.Item, error) {
	return many(2), nil
}

func TestList_refusesACursorOfItsOwnMakingAndASourceThatDoesNotGoForward(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		reg := inbox.NewRegistry()
		reg.Add("room", room{"an": many(3)})
		read(t, d, func(tx *db.Tx) error {
			for _, bad := range []string{"x", "!!", "MTIz", "YS9iL2M"} {
				if _, err := reg.List(tx, me, now, inbox.Filter{}, bad, 10); errs.CodeOf(err) != "inbox.cursor" {
					t.Errorf("%q: %v", bad, err)
				}
			}
			loop := inbox.NewRegistry()
			loop.Add("room", stuck{})
			p, err := loop.List(tx, me, now, inbox.Filter{}, "", 1)
			if err != nil || p.Next == "" {
				t.Fatalf("%+v %v", p, err)
			}
			if _, err := loop.List(tx, me, now, inbox.Filter{}, p.Next, 1); err == nil {
				t.Error("a source that stands still was believed")
			}
			return nil
		})
	})
}

func TestMarkSeen_neverGoesBackAndMarksWhatIsNew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO identity_account (id, login, name, name_sort, search_fold, state, created_ms) VALUES ('an', 'an', 'An', '', '', 'active', 1)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []time.Time{now, now.Add(-time.Hour)} {
			if err := d.Write(ctx, func(tx *db.Tx) error { return inbox.MarkSeen(tx, "an", at) }); err != nil {
				t.Fatal(err)
			}
		}
		reg := inbox.NewRegistry()
		reg.Add("room", room{"an": {
			{ID: "1", SinceMs: now.UnixMilli() - 1}, {ID: "2", SinceMs: now.UnixMilli() + 1},
		}})
		read(t, d, func(tx *db.Tx) error {
			if ms, err := inbox.SeenAt(tx, "an"); err != nil || ms != now.UnixMilli() {
				t.Errorf("seen at %d, %v", ms, err)
			}
			p, err := reg.List(tx, me, now, inbox.Filter{}, "", 10)
			if err != nil || p.Items[0].New || !p.Items[1].New {
				t.Errorf("%+v %v", p, err)
			}
			return nil
		})
	})
}
