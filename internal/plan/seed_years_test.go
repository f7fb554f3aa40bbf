package plan

import (
	"context"
	"testing"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

// What a benchmark measures is a history that people could have made: every year has
// its plan, the years before the last are closed, and nothing happens after today.
func TestSeedYears_leavesTheWorkOfSeveralYears(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const today = "2026-04-10"
		made, err := SeedYears(context.Background(), Seeding{DB: d, Log: func(clock.Clock) *audit.Log { return h.s.log }},
			Years{From: 2024, To: 2026, PerYear: 310, Until: today, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(made) != 3 {
			t.Fatalf("%d plans, want 3", len(made))
		}
		for _, y := range made {
			var p Plan
			var c Counts
			later := int64(0)
			h.write(func(tx *db.Tx) (err error) {
				if p, err = findPlan(tx, y.ID); err != nil {
					return err
				}
				if c, err = countAssignments(tx, asked{scope: scope{account: everything}, plan: y.ID, day: today, soon: today}); err != nil {
					return err
				}
				later, _, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM plan_event WHERE plan_id = $1 AND day > $2`, y.ID, today)
				return err
			})
			if int(c.Total) != y.Assignments || c.Total == 0 {
				t.Errorf("%d: %d assignments are counted, %d were made", y.Year, c.Total, y.Assignments)
			}
			if closed := p.State == Closed; closed != (y.Year < 2026) {
				t.Errorf("%d: the plan is %s", y.Year, p.State)
			}
			if y.Year < 2026 && c.Done != c.Total {
				t.Errorf("%d: %d of %d are done at the end", y.Year, c.Done, c.Total)
			}
			if y.Year == 2026 && (c.Done == 0 || c.Done == c.Total) {
				t.Errorf("2026: %d of %d are done in the middle of the year", c.Done, c.Total)
			}
			if later > 0 {
				t.Errorf("%d: %d acts lie after today", y.Year, later)
			}
		}
	})
}
