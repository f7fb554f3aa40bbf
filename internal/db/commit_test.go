package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

// rowTable gives d a table of its own for the test.
func rowTable(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE test_row (id TEXT PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func put(id string) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO test_row (id) VALUES ($1)`, id)
		return err
	}
}

// rowsOf lists the ids that are there, in order.
func rowsOf(t *testing.T, d *db.DB) string {
	t.Helper()
	var ids []string
	if err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		ids, err = db.All(tx, db.Value[string], `SELECT id FROM test_row ORDER BY id`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(ids, " ")
}

// batchOf makes fns wait behind a call that holds the writer, in this order, so that
// they run in one batch; it returns each one's error.
func batchOf(t *testing.T, d *db.DB, fns ...func(*db.Tx) error) []error {
	t.Helper()
	held, release := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		d.Write(context.Background(), func(*db.Tx) error { close(held); <-release; return nil })
	})
	<-held
	results := make([]error, len(fns))
	for i, fn := range fns {
		wg.Go(func() { results[i] = d.Write(context.Background(), fn) })
		for d.Queued() != i+1 {
			runtime.Gosched()
		}
	}
	close(release)
	wg.Wait()
	return results
}

func TestWrite_callTwoOfFourIsCancelledByItsCaller_allFourAreSaved(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	rowTable(t, d)
	for i, err := range batchOf(t, d, put("a"), func(tx *db.Tx) error {
		// The caller goes away at this very moment; it is too late.
		ctx, cancel := context.WithCancel(tx.Context())
		cancel()
		if ctx.Err() == nil || tx.Context().Done() != nil {
			t.Error("the transaction's context can be cancelled")
		}
		return put("b")(tx)
	}, put("c"), put("d")) {
		if err != nil {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	if got := rowsOf(t, d); got != "a b c d" {
		t.Errorf("got %s", got)
	}
}

func TestWrite_aCallerThatIsCancelledWhileItsFunctionRunsGetsTheTrueOutcome(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		ctx, cancel := context.WithCancel(context.Background())
		err := d.Write(ctx, func(tx *db.Tx) error { cancel(); return put("a")(tx) })
		if got := rowsOf(t, d); err != nil || got != "a" {
			t.Errorf("got %v and %q", err, got)
		}
	})
}

const endless = `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) SELECT COUNT(*) FROM n`

func TestWrite_callTwoOfFourRunsACancelledStatement_allFourFailAndNothingIsKept(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	rowTable(t, d)
	for i, err := range batchOf(t, d, put("a"), func(tx *db.Tx) error {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		tx.SQL().ExecContext(ctx, `INSERT INTO test_row (id, n) `+strings.Replace(endless, "SELECT COUNT(*) FROM n", "SELECT 'n' || x, x FROM n", 1))
		return nil // and hides it
	}, put("c"), put("d")) {
		if errs.CodeOf(err) != "db.batch_lost" {
			t.Errorf("call %d: got %v, want db.batch_lost", i+1, err)
		}
	}
	if got := rowsOf(t, d); got != "" {
		t.Errorf("%s stayed", got)
	}
	if err := d.Write(t.Context(), put("after")); err != nil || rowsOf(t, d) != "after" {
		t.Errorf("the writer did not recover: %v", err)
	}
}

func TestWrite_diskIsFullAtCallTwoOfFour_allFourFailAndWritingGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	for _, hides := range []bool{false, true} {
		d := dbtest.NewSQLite(t)
		rowTable(t, d)
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`CREATE TABLE test_big (body BLOB); PRAGMA max_page_count = 1000`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for i, err := range batchOf(t, d, put("a"), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO test_big (body) VALUES (zeroblob(20000000))`)
			if err == nil {
				t.Error("the disk took it")
			}
			if hides {
				return put("b")(tx)
			}
			return err
		}, put("c"), put("d")) {
			if errs.CodeOf(err) != "db.disk_full" || errs.KindOf(err) != errs.Unavailable {
				t.Errorf("call %d: got %v, want db.disk_full", i+1, err)
			}
		}
		if got := rowsOf(t, d); got != "" {
			t.Errorf("%s stayed", got)
		}
		if err := d.Write(t.Context(), put("after")); err != nil || rowsOf(t, d) != "after" {
			t.Errorf("there is room again: %v", err)
		}
	}
}

func TestWrite_callTwoOfFourPanics_theOtherThreeAreSaved(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	rowTable(t, d)
	got := batchOf(t, d, put("a"), func(tx *db.Tx) error {
		put("b")(tx)
		panic("at the disco")
	}, put("c"), put("d"))
	if got[0] != nil || got[2] != nil || got[3] != nil {
		t.Errorf("the neighbours got %v", got)
	}
	if got[1] == nil || !strings.Contains(got[1].Error(), "at the disco") || !strings.Contains(got[1].Error(), "commit_test.go") {
		t.Errorf("the panic became %v", got[1])
	}
	if got := rowsOf(t, d); got != "a c d" {
		t.Errorf("got %s", got)
	}
}

func TestWrite_aPanicIsAFailingCallOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		err := d.Write(t.Context(), func(tx *db.Tx) error { put("a")(tx); panic("alone") })
		if err == nil || rowsOf(t, d) != "" {
			t.Errorf("got %v", err)
		}
	})
}

func TestWrite_callTwoOfFourEndsItsGoroutine_theOtherThreeAreSaved(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	rowTable(t, d)
	got := batchOf(t, d, put("a"), func(tx *db.Tx) error {
		put("b")(tx)
		runtime.Goexit() // what t.Fatal does
		return nil
	}, put("c"), put("d"))
	if got[0] != nil || got[1] == nil || got[2] != nil || got[3] != nil || rowsOf(t, d) != "a c d" {
		t.Errorf("got %v", got)
	}
	// The same as a lone call.
	if err := d.Write(t.Context(), func(*db.Tx) error { runtime.Goexit(); return nil }); err == nil {
		t.Error("a function that ended its goroutine succeeded")
	}
	if err := d.Write(t.Context(), put("after")); err != nil {
		t.Error(err)
	}
}

func TestWrite_aCallerWhoLeavesWhileQueuedHasDoneNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	rowTable(t, d)
	held, release := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		d.Write(context.Background(), func(*db.Tx) error { close(held); <-release; return nil })
	})
	<-held
	ctx, cancel := context.WithCancel(context.Background())
	left := make(chan error)
	go func() { left <- d.Write(ctx, put("a")) }()
	for d.Queued() == 0 {
		runtime.Gosched()
	}
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) { // while the writer is still held
		t.Errorf("got %v", err)
	}
	close(release)
	wg.Wait()
	if err := d.Write(t.Context(), put("b")); err != nil || rowsOf(t, d) != "b" {
		t.Errorf("got %v and %s", err, rowsOf(t, d))
	}
}

func TestWrite_aRefusalHarmsNoNeighbourAndIsAnsweredAfterTheCommit(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	rowTable(t, d)
	refusal := errs.New(errs.Conflict, "test.refused")
	answered := make(chan error, 1)
	held, release := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		d.Write(context.Background(), func(*db.Tx) error { close(held); <-release; return nil })
	})
	<-held
	wg.Go(func() {
		answered <- d.Write(context.Background(), func(tx *db.Tx) error { put("a")(tx); return refusal })
	})
	for d.Queued() != 1 {
		runtime.Gosched()
	}
	wg.Go(func() {
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			if len(answered) > 0 {
				t.Error("the refusal was answered before the commit")
			}
			return put("b")(tx)
		})
		if err != nil {
			t.Error(err)
		}
	})
	for d.Queued() != 2 {
		runtime.Gosched()
	}
	close(release)
	wg.Wait()
	if err := <-answered; !errors.Is(err, refusal) || rowsOf(t, d) != "b" {
		t.Errorf("got %v and %s", err, rowsOf(t, d))
	}
}

func TestBeforeCommit_runsOnceForTheWholeBatchAndItsFailureFailsAll(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	rowTable(t, d)
	runs := 0
	var outcome error
	ask := func(id string) func(*db.Tx) error {
		return func(tx *db.Tx) error {
			tx.BeforeCommit("index", func(tx *db.Tx) error {
				runs++
				_, err := tx.Exec(`UPDATE test_row SET n = n + 1`)
				return errors.Join(err, outcome)
			})
			return put(id)(tx)
		}
	}
	if got := batchOf(t, d, ask("a"), ask("b"), ask("c")); errors.Join(got...) != nil || runs != 1 {
		t.Errorf("ran %d times, %v", runs, got)
	}
	outcome = errors.New("broken")
	for _, err := range batchOf(t, d, ask("d"), put("e")) {
		if !errors.Is(err, outcome) {
			t.Errorf("got %v", err)
		}
	}
	if got := rowsOf(t, d); got != "a b c" {
		t.Errorf("got %s", got)
	}
}

func TestWrite_sixtyFourWritersLoseNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		if err := d.Write(t.Context(), put("counter")); err != nil {
			t.Fatal(err)
		}
		const writers, each = 64, 10
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						// Everybody wants the same row: without the lock PostgreSQL gives up on some.
						if err := tx.Lock("counter"); err != nil {
							return err
						}
						n, _, err := db.One(tx, db.Value[int64], `SELECT n FROM test_row WHERE id = $1`, "counter")
						if err != nil {
							return err
						}
						if _, err := tx.Exec(`UPDATE test_row SET n = $1 WHERE id = $2`, n+1, "counter"); err != nil {
							return err
						}
						return put(fmt.Sprintf("%02d-%02d", w, i))(tx)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			n, _, err := db.One(tx, db.Value[int64], `SELECT n FROM test_row WHERE id = $1`, "counter")
			rows, _, err2 := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM test_row`)
			if n != writers*each || rows != writers*each+1 {
				t.Errorf("counted %d in %d rows", n, rows)
			}
			return errors.Join(err, err2)
		}); err != nil {
			t.Fatal(err)
		}
	})
}
