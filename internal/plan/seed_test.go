package plan

import (
	"context"
	"testing"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/file"
)

func seeding(t *testing.T, d *db.DB) Seeding {
	t.Helper()
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	start := clock.At(mustDay(t, "2026-10-14"))
	files, err := file.New(t.TempDir(), d, start)
	if err != nil {
		t.Fatal(err)
	}
	return Seeding{DB: d, Log: func(c clock.Clock) *audit.Log { return audit.New(keys, c) }, Files: files}
}

// The worked example of plan.md section 6, from history alone: 8 tasks have a day up
// to 14/9/2022, one of them extended, one running to its last milestone.
func TestSeed2022_givesTheWorkedExampleToTheLastDigit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		id, err := Seed2022(context.Background(), seeding(t, d))
		if err != nil {
			t.Fatal(err)
		}
		keys, err := audit.NewKeys()
		if err != nil {
			t.Fatal(err)
		}
		now := clock.At(mustDay(t, "2026-10-14"))
		s := New(d, now, audit.New(keys, now), nil)
		got, err := s.PublicStatus(context.Background(), id, "2022-09-14", Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Tasks != 38 || got.Done != 5 || got.Due != 6 || got.DueOrig != 7 || got.OnTime != 4 || got.Late != 1 || got.Overdue != 1 ||
			got.Completion != "13.16" || got.OnTimeRate != "66.67" || got.LateRate != "16.67" || got.OverdueRate != "16.67" || got.OnTimeOriginal != "57.14" {
			t.Errorf("14/9/2022: %+v", got)
		}
		if got.Assignments.Total != 488 {
			t.Errorf("%d lead assignments, want 488", got.Assignments.Total)
		}
		for _, c := range []struct {
			day                                 string
			done, overdue, due                  int64
			completion, onTime, onTimeOriginals string
		}{
			{"2021-12-19", 0, 0, 0, "", "", ""},
			{"2021-12-20", 0, 0, 0, "0.00", "", ""},
			{"2022-01-31", 0, 0, 2, "0.00", "0.00", "0.00"},
			{"2022-02-01", 0, 2, 2, "0.00", "0.00", "0.00"},
			{"2022-02-10", 1, 1, 2, "2.63", "0.00", "0.00"},
			{"2022-06-30", 5, 1, 6, "13.16", "66.67", "57.14"},
			{"2022-10-24", 11, 0, 11, "28.95", "72.73", "63.64"},
			{"2023-02-10", 38, 0, 27, "100.00", "81.48", "77.78"},
		} {
			st, err := s.PublicStatus(context.Background(), id, c.day, Filter{})
			if err != nil {
				t.Fatal(err)
			}
			if st.Done != c.done || st.Overdue != c.overdue || st.Due != c.due || st.Completion != c.completion || st.OnTimeRate != c.onTime || st.OnTimeOriginal != c.onTimeOriginals {
				t.Errorf("%s: done %d overdue %d due %d completion %s on time %s, by the original %s; want %+v",
					c.day, st.Done, st.Overdue, st.Due, st.Completion, st.OnTimeRate, st.OnTimeOriginal, c)
			}
			if st.OnTime+st.Late+st.Overdue+st.InProgress+st.NotStarted+st.NoDeadline != st.Tasks {
				t.Errorf("%s: the classes do not add up: %+v", c.day, st)
			}
		}
		// NV18: 31 agencies × 3 quarters.
		err = d.Read(context.Background(), func(tx *db.Tx) error {
			task, _, err := db.One(tx, db.Value[string], `SELECT id FROM plan_task WHERE plan_id = $1 AND code = 'NV18'`, id)
			if err != nil {
				return err
			}
			n, err := countPeriods(tx, asked{scope: scope{account: everything}, plan: id, day: "2022-09-14", task: task})
			if c := n[task]; c.Due != 93 || c.Received != 88 || c.OnTime != 84 || percent(c.Received, c.Due) != "94.62" || percent(c.OnTime, c.Due) != "90.32" {
				t.Errorf("NV18: %+v", c)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestSeed_makesTheLivingPlanAndTheProgramme(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t) // one engine: 2,258 assignments; the rules are held on both elsewhere
	in := seeding(t, d)
	out, err := Seed(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Seed(context.Background(), in); err != nil || again != out {
		t.Errorf("a second run made %+v, want %+v: %v", again, out, err)
	}
	now := clock.At(mustDay(t, "2026-10-14").Add(9 * 3600e9))
	s := New(d, now, in.Log(now), nil)
	st, err := s.PublicStatus(context.Background(), out.Plan2026, "", Filter{})
	if err != nil {
		t.Fatal(err)
	}
	// 23 + 15 × (14 + 135) lead assignments.
	if st.Tasks != 38 || st.Assignments.Total != 2258 || st.Overdue != 4 || st.DueSoon != 2 || st.Awaiting == 0 {
		t.Errorf("14/10/2026: %+v", st)
	}
	err = d.Read(context.Background(), func(tx *db.Tx) error {
		targets, err := listTargets(tx, out.Programme)
		if len(targets) != 45 {
			t.Errorf("%d targets, want 45", len(targets))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
