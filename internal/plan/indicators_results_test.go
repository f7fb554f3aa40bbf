package plan

import (
	"context"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/indicator"
)

// A year of history: what was counted as it happened equals a recount from the
// history, and each of the three figures opens exactly the moves that it counted.
func TestResults_countAsTheHistorySaysAndOpenWhatTheyCount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		id, err := Seed2022(ctx, seeding(t, d))
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 10, 14, 9, 0, 0, 0, clock.Vietnam)
		s := New(d, clock.At(now), nil, nil)
		figures := indicator.NewRegistry()
		figures.Add(s.Indicators()...)
		figures.AddCounters(s.Counters()...)
		if diffs, err := indicator.Verify(ctx, d, figures); err != nil || len(diffs) > 0 {
			t.Fatalf("counted and recounted differ: %v, %v", diffs, err)
		}
		year := indicator.Period{FromDay: "2022-01-01", ToDay: "2022-12-31", OnDay: "2022-12-31"}
		scope := indicator.Scope{Now: now, Dims: map[string]string{"plan": id}}
		counts := map[string]int64{}
		err = d.Read(ctx, func(tx *db.Tx) error {
			for _, code := range countedMoves {
				ind, _ := figures.Get(code)
				r, err := ind.Read(tx, scope, year)
				if err != nil {
					return err
				}
				counts[code] = r.Numerator
				var opened int64
				for after := ""; ; {
					page, err := ind.Open(tx, scope, year, after, 100)
					if err != nil {
						return err
					}
					opened += int64(len(page.Rows))
					if after = page.Next; after == "" {
						break
					}
				}
				if opened != r.Numerator {
					t.Errorf("%s counts %d and opens %d", code, r.Numerator, opened)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if counts["plan.results_approved"] == 0 || counts["plan.results_submitted"] < counts["plan.results_approved"] {
			t.Errorf("a year of history counts %v", counts)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM plan_event WHERE move = 'approve' AND day = (SELECT MIN(day) FROM plan_event WHERE move = 'approve')`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if diffs, err := indicator.Verify(ctx, d, figures); err != nil || len(diffs) == 0 {
			t.Errorf("a history that lost an approval was not noticed: %v", err)
		}
	})
}
