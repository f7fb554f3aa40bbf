package job

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

// TestMain lets this test binary be the program that is killed: with JOB_CHILD_URL set
// it works jobs of that database, each of which writes a row and then hangs.
func TestMain(m *testing.M) {
	if url := os.Getenv("JOB_CHILD_URL"); url != "" {
		if err := child(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func child(url string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, url)
	if err != nil {
		return err
	}
	q, err := New(d, clock.System)
	if err != nil {
		return err
	}
	Register(q, func(_ context.Context, r *Run, a send) error {
		if err := attempted(d, a.To); err != nil || a.To%2 == 0 {
			return err // even ones finish, odd ones hang
		}
		select {}
	})
	if err := q.Start(ctx); err != nil {
		return err
	}
	select {}
}

func attempted(d *db.DB, to int) error {
	return d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO test_attempt (n) VALUES ($1)`, to)
		return err
	})
}

// urls returns a database of each engine that two processes can open.
func urls(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{"sqlite": filepath.Join(t.TempDir(), "test.db")}
	if url := os.Getenv("TEST_DATABASE_URL"); url != "" {
		h, err := sql.Open("pgx", url)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("test_crash_%d", os.Getpid())
		if _, err := h.Exec("CREATE SCHEMA " + name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			h.Exec("DROP SCHEMA " + name + " CASCADE")
			h.Close()
		})
		out["postgres"] = url + "&search_path=" + name
		if !strings.Contains(url, "?") {
			out["postgres"] = url + "?search_path=" + name
		}
	}
	return out
}

func TestWork_thatAKilledProcessLeftRunsAgainAndFinishedWorkDoesNot(t *testing.T) {
	t.Parallel()
	for name, url := range urls(t) {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			d, err := db.Open(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			const jobs = 10
			q, err := New(d, clock.System)
			if err != nil {
				t.Fatal(err)
			}
			Register(q, func(context.Context, *Run, send) error { return nil })
			write(t, d, func(tx *db.Tx) error {
				if _, err := tx.Exec(`CREATE TABLE test_attempt (n BIGINT NOT NULL)`); err != nil {
					return err
				}
				for i := range jobs {
					if err := q.Insert(tx, send{i}, Track(fmt.Sprint("job:", i))); err != nil {
						return err
					}
				}
				return nil
			})
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			killAfter(t, url, jobs)

			if d, err = db.Open(ctx, url); err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			now, settings := clock.System, Settings{}
			if d.Dialect() == db.Postgres {
				rescued(t, d, jobs/2)
				// River waits before it tries again what it rescued: an hour later is enough.
				now, settings = func() time.Time { return clock.System().Add(time.Hour) }, Settings{OwnClock: true}
			}
			if q, err = New(d, now, settings); err != nil {
				t.Fatal(err)
			}
			Register(q, func(_ context.Context, r *Run, a send) error {
				if r.Attempt != 2 {
					t.Errorf("job %d: attempt %d, want 2", a.To, r.Attempt)
				}
				return attempted(d, a.To)
			})
			if err := q.Drain(ctx); err != nil {
				t.Fatal(err)
			}
			for i := range jobs {
				want := int64(1 + i%2)
				if got := count(t, d, i); got != want {
					t.Errorf("job %d ran %d times, want %d", i, got, want)
				}
				if p := see(t, d, fmt.Sprint("job:", i)); p.State != "done" {
					t.Errorf("job %d: %+v", i, p)
				}
			}
		})
	}
}

// rescued has a second node find what the dead one left running.
func rescued(t *testing.T, d *db.DB, jobs int64) {
	t.Helper()
	ctx := context.Background()
	write(t, d, func(tx *db.Tx) error { // the dead node's lease, which would end in 15 s
		_, err := tx.Exec(`DELETE FROM river_leader`)
		return err
	})
	q, err := New(d, clock.System, Settings{Rescue: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	Register(q, func(_ context.Context, _ *Run, a send) error { return attempted(d, a.To) })
	if err := q.Start(ctx); err != nil {
		t.Fatal(err)
	}
	for found := int64(-1); found != jobs; time.Sleep(10 * time.Millisecond) {
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			found, _, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM river_job WHERE state = 'retryable'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := q.Stop(ctx); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB, i int) (n int64) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, _, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM test_attempt WHERE n = $1`, i)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// killAfter runs the child until every job was attempted and the even ones are
// finished, then kills it as a power cut would.
func killAfter(t *testing.T, url string, jobs int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=NONE")
	cmd.Env = append(os.Environ(), "JOB_CHILD_URL="+url)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	engine, dsn := "pgx", url
	if !strings.HasPrefix(url, "postgres") {
		engine, dsn = "sqlite", "file:"+url+"?mode=ro&_pragma=busy_timeout(5000)"
	}
	h, err := sql.Open(engine, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for range 2000 {
		var began, finished int64
		err := h.QueryRow(`SELECT (SELECT COUNT(*) FROM test_attempt), (SELECT COUNT(*) FROM river_job WHERE state = 'completed')`).Scan(&began, &finished)
		if err == nil && began == jobs && finished == jobs/2 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the jobs did not begin")
}

// TestInsert_isWorkedSoonWhileSixtyFourCallersKeepTheWriterBusy prints how old jobs
// grew; it asserts only that all were worked.
func TestInsert_isWorkedSoonWhileSixtyFourCallersKeepTheWriterBusy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, err := New(d, clock.System)
		if err != nil {
			t.Fatal(err)
		}
		var oldest, total, worked, writes atomic.Int64
		Register(q, func(_ context.Context, _ *Run, a stamped) error {
			age := clock.System().UnixMilli() - a.Ms
			total.Add(age)
			worked.Add(1)
			for was := oldest.Load(); age > was && !oldest.CompareAndSwap(was, age); was = oldest.Load() {
			}
			return nil
		})
		if err := q.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		var inserted atomic.Int64
		var wg sync.WaitGroup
		end := clock.System().Add(2 * time.Second)
		for w := range 64 {
			wg.Go(func() {
				for i := 0; clock.System().Before(end); i++ {
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						if i%10 == 0 {
							if err := q.Insert(tx, stamped{clock.System().UnixMilli()}); err != nil {
								return err
							}
						}
						_, err := tx.Exec(`INSERT INTO job_progress (key, kind, state, created_ms, updated_ms) VALUES ($1, 'x', 'done', 1, 1)`, fmt.Sprint(w, ".", i))
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
					writes.Add(1)
					if i%10 == 0 {
						inserted.Add(1)
					}
				}
			})
		}
		wg.Wait()
		left := inserted.Load() - worked.Load()
		if err := q.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := q.Stop(context.Background()); err != nil {
			t.Fatal(err)
		}
		if worked.Load() != inserted.Load() {
			t.Errorf("%d inserted, %d worked", inserted.Load(), worked.Load())
		}
		t.Logf("%s: %d writes, %d jobs; mean age %d ms, oldest %d ms; %d were left when the writers ended",
			d.Dialect(), writes.Load(), worked.Load(), total.Load()/max(1, worked.Load()), oldest.Load(), left)
	})
}

type stamped struct {
	Ms int64 `json:"ms"`
}

func (stamped) Kind() string { return "test.stamped" }
