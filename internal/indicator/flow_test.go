package indicator_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/indicator"
)

var (
	ctx  = context.Background()
	now  = time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)
	none [2]string
	all  = indicator.Scope{Now: now} // the program itself: everything
)

func TestMain(m *testing.M) {
	if path := os.Getenv("INDICATOR_TEST_COUNT"); path != "" {
		countAndFold(path)
		return
	}
	os.Exit(m.Run())
}

// counter is a flow over a table of the test's own memory.
func counter(code string, records *[]record) indicator.Counter {
	return indicator.Counter{Code: code, Dims: [2]string{"plan", "area"},
		Recount: func(_ *db.Tx, from, to string, add func(string, string, [2]string, int64)) error {
			for _, r := range *records {
				if r.ofDay >= from && r.ofDay <= to {
					add(r.agency, r.ofDay, r.dims, r.n)
				}
			}
			return nil
		}}
}

type record struct {
	agency, day, ofDay string
	dims               [2]string
	n                  int64
}

func do(t testing.TB, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func sum(t testing.TB, d *db.DB, c indicator.Counter, s indicator.Scope, p indicator.Period) (n int64) {
	t.Helper()
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { n, err = c.Sum(tx, s, p); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

// province builds: P over D1 and D2, D2 over S.
func province(t testing.TB, d *db.DB) {
	t.Helper()
	do(t, d, func(tx *db.Tx) error {
		for _, id := range []string{"P", "D1", "D2", "S"} {
			_, err := tx.Exec(`INSERT INTO org_agency (id, code, name, short_name, name_fold, name_sort, kind, from_day, to_day, sample, version)
				VALUES ($1, $1, $1, $1, $1, $1, 'department', '0001-01-01', '9999-12-31', TRUE, 1)`, id)
			if err != nil {
				return err
			}
		}
		for _, link := range []string{"P P", "P D1", "P D2", "P S", "D1 D1", "D2 D2", "D2 S", "S S"} {
			above, below, _ := strings.Cut(link, " ")
			if _, err := tx.Exec(`INSERT INTO org_tree (ancestor_id, descendant_id) VALUES ($1, $2)`, above, below); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestCount_refusesADayThatDoesNotExist(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, day := range []string{"2026-02-30", "", "14/10/2026"} {
			err := d.Write(ctx, func(tx *db.Tx) error { return indicator.Count(tx, "plan.x", "a", day, none, 1) })
			if err == nil {
				t.Errorf("counted on %q", day)
			}
		}
	})
}

// Counts, corrections, folds and readings in any order give what a plain list gives.
func TestSum_isTheSameWhateverIsFoldedWhen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		province(t, d)
		run := 0
		below := map[string][]string{"": {"", "P", "D1", "D2", "S"}, "P": {"P", "D1", "D2", "S"}, "D1": {"D1"}, "D2": {"D2", "S"}}
		rapid.Check(t, func(r *rapid.T) {
			run++
			var records []record
			c := counter(fmt.Sprintf("plan.run_%d", run), &records)
			day := rapid.Custom(func(r *rapid.T) string {
				return time.Date(2026, 1, 1+rapid.IntRange(0, 120).Draw(r, "n"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			})
			for range rapid.IntRange(1, 25).Draw(r, "steps") {
				switch rapid.IntRange(0, 5).Draw(r, "step") {
				case 0:
					if _, err := indicator.Fold(ctx, d); err != nil {
						r.Fatal(err)
					}
				case 1, 2:
					p := indicator.Period{FromDay: day.Draw(r, "from"), ToDay: day.Draw(r, "to")}
					if p.ToDay < p.FromDay {
						p.FromDay, p.ToDay = p.ToDay, p.FromDay
					}
					s := indicator.Scope{Now: now, AgencyID: rapid.SampledFrom([]string{"", "P", "D1", "D2"}).Draw(r, "agency"), Dims: map[string]string{}}
					if rapid.Bool().Draw(r, "by plan") {
						s.Dims["plan"] = "p1"
					}
					if rapid.Bool().Draw(r, "by area") {
						s.Dims["area"] = "2"
					}
					want := int64(0)
					for _, x := range records {
						in := false
						for _, a := range below[s.AgencyID] {
							in = in || a == x.agency
						}
						if in && x.day >= p.FromDay && x.day <= p.ToDay && (s.Dims["plan"] == "" || x.dims[0] == "p1") && (s.Dims["area"] == "" || x.dims[1] == "2") {
							want += x.n
						}
					}
					if got := sum(t, d, c, s, p); got != want {
						r.Fatalf("%+v %+v: got %d, want %d", s, p, got, want)
					}
				default:
					x := record{agency: rapid.SampledFrom([]string{"", "P", "D1", "D2", "S"}).Draw(r, "at"), day: day.Draw(r, "day"),
						dims: [2]string{rapid.SampledFrom([]string{"p1", "p2"}).Draw(r, "plan"), rapid.SampledFrom([]string{"1", "2"}).Draw(r, "area")},
						n:    int64(rapid.SampledFrom([]int{1, 1, 1, -1, 5}).Draw(r, "delta"))}
					x.ofDay = x.day
					if rapid.IntRange(0, 3).Draw(r, "corrects") == 0 {
						x.ofDay = day.Draw(r, "of day")
					}
					do(t, d, func(tx *db.Tx) error { return indicator.Correct(tx, c.Code, x.agency, x.day, x.ofDay, x.dims, x.n) })
					records = append(records, x)
				}
			}
			reg := indicator.NewRegistry()
			reg.AddCounters(c)
			found, err := indicator.Verify(ctx, d, reg)
			if err != nil {
				r.Fatal(err)
			}
			for _, f := range found {
				if f.Code == c.Code {
					r.Fatalf("verify: %s", f)
				}
			}
		})
	})
}

// Two nodes fold while others count: no reading is ever above what was begun or below
// what was acknowledged before it, and in the end nothing is lost or counted twice.
func TestFold_byTwoNodesWhileOthersCountLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const writers, each = 4, 60
		c := counter("plan.busy", &[]record{})
		year := indicator.Period{FromDay: "2026-01-01", ToDay: "2026-12-31"}
		var work, folders sync.WaitGroup
		done := make(chan struct{})
		for n := range writers {
			work.Add(1)
			go func() {
				defer work.Done()
				for k := range each {
					day := fmt.Sprintf("2026-%02d-%02d", 1+k%12, 1+n)
					if err := d.Write(ctx, func(tx *db.Tx) error { return indicator.Count(tx, c.Code, "D1", day, none, 1) }); err != nil {
						t.Error(err)
					}
				}
			}()
		}
		for range 2 {
			folders.Add(1)
			go func() {
				defer folders.Done()
				last := int64(0)
				for {
					if _, err := indicator.Fold(ctx, d); err != nil && errs.KindOf(err) == "" {
						t.Error(err)
					}
					n := int64(0)
					if err := d.Read(ctx, func(tx *db.Tx) (err error) { n, err = c.Sum(tx, all, year); return err }); err != nil {
						t.Error(err)
					}
					if n < last || n > writers*each {
						t.Errorf("read %d after %d", n, last)
					}
					last = n
					select {
					case <-done:
						return
					default:
					}
				}
			}()
		}
		work.Wait()
		close(done)
		folders.Wait()
		if err := indicator.FoldAll(ctx, d); err != nil {
			t.Fatal(err)
		}
		if n := sum(t, d, c, all, year); n != writers*each {
			t.Errorf("counted %d, want %d", n, writers*each)
		}
	})
}

// countAndFold is the child of the test below: it says each number once it is durable.
func countAndFold(path string) {
	d, err := db.Open(ctx, path)
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			if _, err := indicator.Fold(ctx, d); err != nil {
				panic(err)
			}
		}
	}()
	for n := 1; ; n++ {
		if err := d.Write(ctx, func(tx *db.Tx) error { return indicator.Count(tx, "plan.killed", "D1", "2026-10-14", none, 1) }); err != nil {
			panic(err)
		}
		fmt.Println(n)
	}
}

func TestFold_killedAtAnyMomentLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	c := counter("plan.killed", &[]record{})
	day := indicator.Period{FromDay: "2026-10-14", ToDay: "2026-10-14"}
	before := int64(0)
	for run := range 6 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "INDICATOR_TEST_COUNT="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		said, lines := int64(0), bufio.NewScanner(out)
		for said < int64(20+7*run) && lines.Scan() {
			said, _ = strconv.ParseInt(lines.Text(), 10, 64)
		}
		child.Process.Kill()
		for lines.Scan() { // what it still said before it died
			if n, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
				said = n
			}
		}
		io.Copy(io.Discard, out)
		child.Wait()
		d, err := db.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		n := sum(t, d, c, all, day)
		// the last one may be durable and not yet said
		if n != before+said && n != before+said+1 {
			t.Errorf("run %d: counted %d, want %d", run, n, before+said)
		}
		before = n
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
