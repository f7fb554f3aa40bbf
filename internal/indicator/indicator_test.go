package indicator_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/decimal"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/indicator"
)

var (
	october = indicator.Period{FromDay: "2026-10-01", ToDay: "2026-10-31"}
	got     = counter("plan.done", &[]record{})
	onTime  = counter("plan.done_on_time", &[]record{})
	rate    = indicator.Indicator{Code: "plan.on_time_rate", Unit: "percent", BetterIs: indicator.Higher, Area: 1, Kind: indicator.Flow,
		Read: indicator.ReadRate(onTime, got, 2), Points: indicator.PointsRate(onTime, got, 2), Open: noRecords}
)

func noRecords(*db.Tx, indicator.Scope, indicator.Period, string, int) (indicator.Records, error) {
	return indicator.Records{}, nil
}

func count(t testing.TB, d *db.DB, code, agency, day string, n int64) {
	t.Helper()
	do(t, d, func(tx *db.Tx) error { return indicator.Count(tx, code, agency, day, none, n) })
}

func TestRead_ofNoCaseIsEmptyAndNotZero(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		read := func() (r indicator.Reading) {
			if err := d.Read(ctx, func(tx *db.Tx) (err error) { r, err = rate.Read(tx, all, october); return err }); err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := read(); r.Value != "" || !r.AsOf.Equal(now) {
			t.Errorf("nothing happened: %+v", r)
		}
		count(t, d, "plan.done", "D1", "2026-10-05", 3)
		if r := read(); r.Value != "0.00" {
			t.Errorf("three late ones: %+v", r)
		}
		count(t, d, "plan.done_on_time", "D1", "2026-10-05", 2)
		if r := read(); r.Value != "66.67" || r.Numerator != 2 || r.Denominator != 3 {
			t.Errorf("two of three: %+v", r)
		}
	})
}

func TestRead_countsOnlyWhatTheReaderReaches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		province(t, d)
		ms := now.UnixMilli()
		do(t, d, func(tx *db.Tx) error {
			for _, q := range []string{
				`INSERT INTO identity_account (id, login, name, name_sort, search_fold, state, created_ms) VALUES ('an', 'an', 'An', '', '', 'active', 1)`,
				`INSERT INTO identity_role (code, sort_no, built_in) VALUES ('reader', 1, FALSE)`,
				`INSERT INTO identity_right (code, created_ms) VALUES ('plan.view', 1)`,
				`INSERT INTO identity_role_right (role_code, right_code) VALUES ('reader', 'plan.view')`,
			} {
				if _, err := tx.Exec(q); err != nil {
					return err
				}
			}
			_, err := tx.Exec(`INSERT INTO identity_grant (id, account_id, role_code, agency_id, from_ms, to_ms, granted_by, created_ms) VALUES ('g', 'an', 'reader', 'D2', $1, $2, 'x', 1)`, ms-10, ms+10)
			return err
		})
		for agency, n := range map[string]int64{"": 1, "P": 10, "D1": 100, "D2": 1000, "S": 10000} {
			count(t, d, "plan.done", agency, "2026-10-05", n)
		}
		for _, c := range []struct {
			what  string
			scope indicator.Scope
			want  int64
		}{
			{"the program", indicator.Scope{Now: now}, 11111},
			{"a reader sees the agency and all below it", indicator.Scope{Account: "an", Right: "plan.view", Now: now}, 11000},
			{"within one agency", indicator.Scope{Account: "an", Right: "plan.view", Now: now, AgencyID: "S"}, 10000},
			{"not another's", indicator.Scope{Account: "an", Right: "plan.view", Now: now, AgencyID: "D1"}, 0},
			{"not with another right", indicator.Scope{Account: "an", Right: "plan.approve", Now: now}, 0},
			{"not when the grant is over", indicator.Scope{Account: "an", Right: "plan.view", Now: now.Add(time.Second)}, 0},
			{"a token that does not cover the right reaches nothing", indicator.Scope{Right: "plan.view", Now: now}, 0},
		} {
			if n := sum(t, d, got, c.scope, october); n != c.want {
				t.Errorf("%s: got %d, want %d", c.what, n, c.want)
			}
		}
	})
}

func TestRead_refusesAnUnknownDimensionAndAPeriodBackwards(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(ctx, func(tx *db.Tx) error {
			s := indicator.Scope{Now: now, Dims: map[string]string{"colour": "red"}}
			_, err := got.Sum(tx, s, october)
			if errs.CodeOf(err) != "indicator.unknown_dimension" {
				t.Errorf("got %v", err)
			}
			for _, p := range []indicator.Period{{}, {FromDay: "2026-10-02", ToDay: "2026-10-01"}, {FromDay: "x", ToDay: "2026-10-01"}} {
				if _, err := got.Sum(tx, all, p); errs.CodeOf(err) != "indicator.period_without_days" {
					t.Errorf("%+v: got %v", p, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestSeries_cutsAtMonthsAndQuartersAndTellsGapsFromZero(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		count(t, d, "plan.done", "D1", "2025-12-31", 4)
		count(t, d, "plan.done", "D1", "2026-02-10", 4)
		count(t, d, "plan.done_on_time", "D1", "2026-02-10", 1)
		if err := indicator.FoldAll(ctx, d); err != nil {
			t.Fatal(err)
		}
		count(t, d, "plan.done", "D1", "2026-04-01", 2)
		count(t, d, "plan.done", "D1", "2026-04-21", 2) // after the period
		count(t, d, "plan.done_on_time", "D1", "2026-04-01", 2)
		err := d.Read(ctx, func(tx *db.Tx) error {
			for step, want := range map[indicator.Step]string{
				indicator.Month:   "2025-12-20..2025-12-31=0.00 2026-01-01..2026-01-31= 2026-02-01..2026-02-28=25.00 2026-03-01..2026-03-31= 2026-04-01..2026-04-20=100.00 ",
				indicator.Quarter: "2025-12-20..2025-12-31=0.00 2026-01-01..2026-03-31=25.00 2026-04-01..2026-04-20=100.00 ",
			} {
				for _, i := range []indicator.Indicator{rate, {Read: rate.Read}} { // by its own Points, and by one Read a step
					points, err := indicator.Series(tx, i, all, indicator.Period{FromDay: "2025-12-20", ToDay: "2026-04-20"}, step)
					if err != nil {
						return err
					}
					text := ""
					for _, p := range points {
						text += p.Period.FromDay + ".." + p.Period.ToDay + "=" + p.Value + " "
					}
					if text != want {
						t.Errorf("%s:\ngot  %s\nwant %s", step, text, want)
					}
				}
			}
			_, err := indicator.Series(tx, rate, all, indicator.Period{FromDay: "1900-01-01", ToDay: "2026-01-01"}, indicator.Month)
			if errs.CodeOf(err) != "indicator.series_too_long" {
				t.Errorf("got %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestReadMedian_isExactOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		run := 0
		rapid.Check(t, func(r *rapid.T) {
			run++
			code := fmt.Sprintf("m%d", run)
			values := rapid.SliceOfN(rapid.Int64Range(-1000, 1000), 0, 9).Draw(r, "values")
			do(t, d, func(tx *db.Tx) error {
				for n, v := range values {
					if _, err := tx.Exec(`INSERT INTO indicator_fold (code, day, agency_id, dim1, dim2, of_day, total) VALUES ($1, $2, '', '', '', '', $3)`, code, fmt.Sprint(n), v); err != nil {
						return err
					}
				}
				return nil
			})
			want := ""
			if n := len(values); n > 0 {
				sort.Slice(values, func(a, b int) bool { return values[a] < values[b] })
				half, _ := decimal.Ratio(values[(n-1)/2]+values[n/2], 2)
				want = half.Fixed(1)
			}
			err := d.Read(ctx, func(tx *db.Tx) error {
				got, err := indicator.ReadMedian(tx, 1, now, `
					WITH v AS (SELECT x.total AS v, ROW_NUMBER() OVER (ORDER BY x.total) AS r, COUNT(*) OVER () AS n FROM indicator_fold x WHERE x.code = $1)
					SELECT CAST(COALESCE(SUM(v), 0) AS BIGINT), COUNT(*), COALESCE(MAX(n), 0) FROM v WHERE r IN ((n + 1) / 2, (n + 2) / 2)`, code)
				if got.Value != want {
					r.Fatalf("%v: got %q, want %q", values, got.Value, want)
				}
				return err
			})
			if err != nil {
				r.Fatal(err)
			}
		})
	})
}

func TestVerify_namesWhatTheRecordsDoNotBearOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		records := []record{{agency: "D1", ofDay: "2026-10-05", n: 2}, {agency: "D2", ofDay: "2024-03-01", n: 1}}
		reg := indicator.NewRegistry()
		reg.AddCounters(counter("plan.done", &records))
		count(t, d, "plan.done", "D1", "2026-10-05", 3)
		count(t, d, "plan.lost", "D1", "2026-10-05", 1)
		if err := indicator.FoldAll(ctx, d); err != nil {
			t.Fatal(err)
		}
		do(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE indicator_month SET total = total + 7 WHERE code = 'plan.done'`)
			return err
		})
		found, err := indicator.Verify(ctx, d, reg)
		if err != nil {
			t.Fatal(err)
		}
		var text []string
		for _, f := range found {
			text = append(text, f.String())
		}
		want := []string{
			"plan.lost: agency , , dimensions [ ]: counted 1, unknown say 0",
			"plan.done: agency D2, 2024-03-01, dimensions [ ]: counted 0, records say 1",
			"plan.done: agency D1, 2026-10-05, dimensions [ ]: counted 3, records say 2",
			"plan.done: agency D1, 2026-10, dimensions [ ]: counted 10, month say 3",
		}
		if !slices.Equal(text, want) {
			t.Errorf("got %q", text)
		}
	})
}

func TestSnapshot_staysTheSameAndSaysWhatLaterCorrectionsChanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		province(t, d)
		reg := indicator.NewRegistry()
		total := indicator.Indicator{Code: "plan.done_total", Unit: "count", Kind: indicator.Flow, Read: indicator.ReadCount(got), Open: noRecords}
		reg.Add(rate, total)
		count(t, d, "plan.done", "D1", "2026-10-05", 4)
		count(t, d, "plan.done_on_time", "D1", "2026-10-05", 3)
		cells := []indicator.Wanted{
			{Code: "plan.on_time_rate", Scope: indicator.Scope{AgencyID: "D1"}, Period: october},
			{Code: "plan.done_total", Scope: indicator.Scope{Dims: map[string]string{"area": ""}}, Period: october},
			{Code: "plan.on_time_rate", Scope: indicator.Scope{AgencyID: "D2"}, Period: october}, // no case
		}
		var made indicator.Snapshot
		do(t, d, func(tx *db.Tx) (err error) {
			made, err = indicator.Freeze(tx, reg, "Quý IV", "an", now, cells)
			return err
		})
		// A correction in November, of October: its own month carries it, October keeps its count.
		do(t, d, func(tx *db.Tx) error {
			return indicator.Correct(tx, "plan.done_on_time", "D1", "2026-11-03", "2026-10-05", none, -1)
		})
		// And a record of October that came in late, booked on its own day by mistake.
		count(t, d, "plan.done", "D1", "2026-10-30", 1)
		if err := indicator.FoldAll(ctx, d); err != nil {
			t.Fatal(err)
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			again, err := indicator.Load(tx, made.ID)
			if err != nil {
				return err
			}
			if again.Digest != made.Digest || again.Values[0].Value != "75.00" || again.Values[1].Value != "4" || again.Values[2].Value != "" {
				t.Errorf("the published table changed: %+v", again)
			}
			changes, err := indicator.Compare(tx, reg, again, now.Add(time.Hour))
			if err != nil {
				return err
			}
			if len(changes) != 2 || changes[0].Today.Value != "60.00" || changes[1].Today.Value != "5" {
				t.Errorf("changes: %+v", changes)
			}
			fixed, err := onTime.Corrections(tx, indicator.Scope{Now: now, AgencyID: "P"}, october)
			want := indicator.Correction{AgencyID: "D1", BookedDay: "2026-11-03", OfDay: "2026-10-05", Delta: -1}
			if len(fixed) != 1 || fixed[0] != want {
				t.Errorf("corrections: %+v", fixed)
			}
			gone, err2 := indicator.Compare(tx, indicator.NewRegistry(), again, now)
			if len(gone) != 3 || !gone[0].Gone || err2 != nil {
				t.Errorf("without indicators: %+v %v", gone, err2)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		do(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE indicator_snapshot_value SET value = '99.00' WHERE place = 0`)
			return err
		})
		err = d.Read(ctx, func(tx *db.Tx) error { _, err := indicator.Load(tx, made.ID); return err })
		if errs.CodeOf(err) != "indicator.snapshot_changed" {
			t.Errorf("a value changed behind the program's back: %v", err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			cells[0].Scope.Right = "plan.view"
			_, err := indicator.Freeze(tx, reg, "x", "an", now, cells)
			return err
		})
		if err == nil {
			t.Error("froze what only one reader sees")
		}
	})
}

func TestRegistry_refusesWhatIsTwiceOrIncomplete(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*indicator.Indicator){
		"twice":       func(*indicator.Indicator) {},
		"no code":     func(i *indicator.Indicator) { i.Code = "On time" },
		"no unit":     func(i *indicator.Indicator) { i.Code, i.Unit = "plan.y", "" },
		"cannot open": func(i *indicator.Indicator) { i.Code, i.Open = "plan.y", nil },
		"area 8":      func(i *indicator.Indicator) { i.Code, i.Area = "plan.y", 8 },
		"a kind":      func(i *indicator.Indicator) { i.Code, i.Kind = "plan.y", "guess" },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			reg := indicator.NewRegistry()
			reg.Add(rate)
			bad := rate
			change(&bad)
			reg.Add(bad)
		}()
	}
	reg := indicator.NewRegistry()
	reg.Add(rate)
	if i, ok := reg.Get("plan.on_time_rate"); !ok || i.NameKey() != "indicator.plan.on_time_rate" || len(reg.All()) != 1 {
		t.Error("what was added is not there")
	}
}

func TestTotal_isExactToAThousand(t *testing.T) {
	t.Parallel()
	vi := i18n.WithLang(context.Background(), i18n.Vi)
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1.000", 1001: "1.000+", math.MaxInt64: "1.000+"} {
		if got := indicator.Capped(n).Text(vi); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
