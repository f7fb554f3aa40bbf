package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

func TestRead_seesEveryWriteThatHasReturned(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range 50 {
					id := fmt.Sprintf("%d-%d", w, i)
					if err := d.Write(context.Background(), put(id)); err != nil {
						t.Error(err)
						return
					}
					err := d.Read(context.Background(), func(tx *db.Tx) error {
						_, found, err := db.One(tx, db.Value[string], `SELECT id FROM test_row WHERE id = $1`, id)
						if !found {
							t.Errorf("the writer of %s does not see it", id)
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestRead_staysInItsSnapshotAndDoesNotBlockTheWriter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		count := func(tx *db.Tx) int64 {
			n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM test_row`)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			before := count(tx)
			done := make(chan error)
			go func() { done <- d.Write(context.Background(), put("a")) }()
			if err := <-done; err != nil { // while this Read is open
				return err
			}
			if after := count(tx); after != before {
				t.Errorf("the snapshot moved from %d to %d", before, after)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRead_cannotChangeAnything(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		if err := d.Read(t.Context(), put("a")); err == nil {
			t.Error("a Read wrote")
		}
	})
}

func TestRead_thatLastsTooLongIsEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		d.SetReadLimit(50 * time.Millisecond)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			_, _, err := db.One(tx, db.Value[int64], endless)
			return err
		})
		if errs.CodeOf(err) != "db.read_too_long" || errs.KindOf(err) != errs.Unavailable {
			t.Errorf("got %v", err)
		}
		// Long because the function dawdles, not because of one statement.
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			<-tx.Context().Done()
			_, _, err := db.One(tx, db.Value[int64], `SELECT 1`)
			return err
		})
		if errs.CodeOf(err) != "db.read_too_long" {
			t.Errorf("got %v", err)
		}
		d.SetReadLimit(time.Minute)
		if err := d.Read(t.Context(), func(tx *db.Tx) error { _, _, err := db.One(tx, db.Value[int64], `SELECT 1`); return err }); err != nil {
			t.Errorf("the next Read fails: %v", err)
		}
	})
}

func TestWrite_refusesAWriteOrReadInsideIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		nothing := func(*db.Tx) error { return nil }
		other := dbtest.NewSQLite(t)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := d.Write(context.Background(), nothing); !errors.Is(err, db.ErrNested) {
				t.Errorf("a Write inside: %v", err)
			}
			if err := d.Read(context.Background(), nothing); !errors.Is(err, db.ErrNested) {
				t.Errorf("a Read inside: %v", err)
			}
			elsewhere := make(chan error)
			go func() { elsewhere <- d.Write(tx.Context(), nothing) }()
			if err := <-elsewhere; !errors.Is(err, db.ErrNested) {
				t.Errorf("a Write inside, from another goroutine: %v", err)
			}
			if err := other.Write(context.Background(), nothing); err != nil {
				t.Errorf("a Write to another database: %v", err)
			}
			return put("a")(tx)
		})
		if err != nil || rowsOf(t, d) != "a" {
			t.Errorf("the outer Write: %v", err)
		}
	})
}

func TestAfterCommit_runsOnlyWhenTheWriteIsDurableAndMayWriteAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		ran := 0
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			tx.AfterCommit(func() {
				ran++
				if err := d.Write(context.Background(), put("b")); err != nil {
					t.Error(err)
				}
			})
			return put("a")(tx)
		}); err != nil {
			t.Fatal(err)
		}
		d.Write(t.Context(), func(tx *db.Tx) error {
			tx.AfterCommit(func() { ran++ })
			return errors.New("refused")
		})
		if ran != 1 || rowsOf(t, d) != "a b" {
			t.Errorf("ran %d times, rows %s", ran, rowsOf(t, d))
		}
	})
}

func TestTx_doesNothingOnceItsFunctionHasReturned(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		var kept *db.Tx
		if err := d.Write(t.Context(), func(tx *db.Tx) error { kept = tx; return put("a")(tx) }); err != nil {
			t.Fatal(err)
		}
		_, _, err := db.One(kept, db.Value[int64], `SELECT 1`)
		if put("b")(kept) == nil || err == nil {
			t.Error("the transaction lives on")
		}
	})
}

func TestWrite_runsAgainAfterAConflictOnPostgres(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		if err := d.Write(t.Context(), put("a")); err != nil {
			t.Fatal(err)
		}
		add := func(tx *db.Tx) error {
			n, _, err := db.One(tx, db.Value[int64], `SELECT n FROM test_row WHERE id = $1`, "a")
			if err != nil {
				return err
			}
			_, err = tx.Exec(`UPDATE test_row SET n = $1 WHERE id = $2`, n+1, "a")
			return err
		}
		runs := 0
		var between sync.WaitGroup
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			runs++
			if d.Dialect() == db.Postgres && runs == 1 {
				// Take the snapshot, then let another one change the row.
				if _, _, err := db.One(tx, db.Value[int64], `SELECT n FROM test_row WHERE id = $1`, "a"); err != nil {
					return err
				}
				between.Go(func() {
					if err := d.Write(context.Background(), add); err != nil {
						t.Error(err)
					}
				})
				between.Wait()
			}
			return add(tx)
		})
		if err != nil {
			t.Fatal(err)
		}
		want := map[db.Dialect]int{db.SQLite: 1, db.Postgres: 2}[d.Dialect()]
		if runs != want {
			t.Errorf("ran %d times, want %d", runs, want)
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			n, _, err := db.One(tx, db.Value[int64], `SELECT n FROM test_row WHERE id = $1`, "a")
			if n != int64(want) {
				t.Errorf("counted %d, want %d", n, want)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLock_makesThoseOfOneNameTakeTurns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		var mu sync.Mutex
		inside := map[string]int{}
		var wg sync.WaitGroup
		for w := range 16 {
			wg.Go(func() {
				// Every second one wants the two locks in the opposite order.
				names := []string{"north", "south"}
				if w%2 == 1 {
					names[0], names[1] = names[1], names[0]
				}
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					for _, name := range names {
						if err := tx.Lock(name); err != nil {
							return err
						}
					}
					mu.Lock()
					if inside["both"]++; inside["both"] > 1 {
						t.Error("two are inside at once")
					}
					mu.Unlock()
					err := put(fmt.Sprintf("%02d", w))(tx)
					mu.Lock()
					inside["both"]--
					mu.Unlock()
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestIsDuplicate_knowsARowThatIsThereAlready(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rowTable(t, d)
		if err := d.Write(t.Context(), put("a")); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(t.Context(), put("a")); !db.IsDuplicate(err) || errs.KindOf(err) != "" {
			t.Errorf("got %v", err)
		}
		if db.IsDuplicate(nil) || db.IsDuplicate(errors.New("x")) {
			t.Error("another error is not a duplicate")
		}
	})
}

func TestStatements_areKeptWithinBoundsAndServeNestedQueries(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	rowTable(t, d)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if err := errors.Join(put("a")(tx), put("b")(tx)); err != nil {
			return err
		}
		outer, err := tx.Query(`SELECT id FROM test_row ORDER BY id`)
		if err != nil {
			return err
		}
		defer outer.Close()
		seen := ""
		for outer.Next() {
			var id string
			if err := outer.Scan(&id); err != nil {
				return err
			}
			// The same text while its rows are open, and enough others to push it out.
			inner, err := db.All(tx, db.Value[string], `SELECT id FROM test_row ORDER BY id`)
			if err != nil {
				return err
			}
			for i := range db.StatementCache + 10 {
				if _, _, err := db.One(tx, db.Value[int], fmt.Sprintf(`SELECT %d`, i)); err != nil {
					return err
				}
			}
			seen += fmt.Sprint(id, len(inner), " ")
		}
		if seen != "a2 b2 " {
			t.Errorf("saw %s", seen)
		}
		return outer.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestClose_refusesLaterCalls(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		nothing := func(*db.Tx) error { return nil }
		for _, err := range []error{d.Write(t.Context(), nothing), d.Read(t.Context(), nothing)} {
			if errs.CodeOf(err) != "db.closed" {
				t.Errorf("got %v", err)
			}
		}
	})
}

func TestOpen_takesAPathWithSignsThatMeanSomethingInAURI(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hồ sơ 100% #1?.db")
	d, err := db.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	rowTable(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if again, err := db.Open(t.Context(), path); err != nil || rowsOf(t, again) != "" || again.Close() != nil {
		t.Errorf("not the same file: %v", err)
	}
}

func TestRecording_tellsTheBeginningAndTheStatementsOfItsOwnWritesOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var told []db.Statement
		ctx := db.Recording(t.Context(), func(s db.Statement) { told = append(told, s) })
		write := func(ctx context.Context, id string) {
			if err := d.Write(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(`INSERT INTO test_row (id) VALUES ($1)`, id); err != nil {
					return err
				}
				_, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM test_row WHERE id = $1`, id)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(`CREATE TABLE test_row (id TEXT PRIMARY KEY)`); return err }); err != nil {
			t.Fatal(err)
		}
		write(t.Context(), "unheard")
		write(ctx, "heard")
		if len(told) != 3 || told[0].Query != "" || told[1].Args[0] != "heard" || told[1].Changed != 1 || told[1].Reads || !told[2].Reads {
			t.Errorf("got %+v", told)
		}
	})
}
