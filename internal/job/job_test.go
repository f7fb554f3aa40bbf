package job

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

var noon = time.Date(2026, 10, 14, 5, 0, 0, 0, time.UTC)

// wind is a clock that a test moves on.
type wind struct{ ms atomic.Int64 }

func newWind() *wind               { w := &wind{}; w.ms.Store(noon.UnixMilli()); return w }
func (w *wind) now() time.Time     { return clock.FromMs(w.ms.Load()) }
func (w *wind) on(d time.Duration) { w.ms.Add(d.Milliseconds()) }

type send struct {
	To int `json:"to"`
}

func (send) Kind() string { return "test.send" }

func newQueue(t *testing.T, d *db.DB, c clock.Clock) *Queue {
	t.Helper()
	q, err := New(d, c, Settings{OwnClock: true})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// sent counts how often each number was sent, in memory.
type sent struct {
	mu sync.Mutex
	n  map[int]int
}

func (s *sent) add(to int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n == nil {
		s.n = map[int]int{}
	}
	s.n[to]++
	return s.n[to]
}

func (s *sent) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.n)
}

func TestInsert_leavesNoJobWhenTheChangeIsRolledBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := newQueue(t, d, clock.At(noon))
		var s sent
		Register(q, func(_ context.Context, _ *Run, a send) error { s.add(a.To); return nil })
		broken := errors.New("broken")
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			if err := q.Insert(tx, send{1}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		write(t, d, func(tx *db.Tx) error { return q.Insert(tx, send{2}) })
		if err := q.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := s.String(); got != "map[2:1]" {
			t.Errorf("sent %s", got)
		}
	})
}

func TestInsert_refusesAKindAndAQueueThatNobodyWorks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := newQueue(t, d, clock.At(noon))
		if err := d.Write(context.Background(), func(tx *db.Tx) error { return q.Insert(tx, send{1}) }); err == nil {
			t.Error("an unknown kind was taken")
		}
		Register(q, func(context.Context, *Run, send) error { return nil })
		if err := d.Write(context.Background(), func(tx *db.Tx) error { return q.Insert(tx, send{1}, OnQueue("slow")) }); err == nil {
			t.Error("an unknown queue was taken")
		}
	})
}

func TestUnique_insertsNothingWhileOneOfTheKeyWaitsAndAgainAfterwards(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := newQueue(t, d, clock.At(noon))
		var s sent
		Register(q, func(_ context.Context, _ *Run, a send) error { s.add(a.To); return nil })
		insert := func(to int, key string) {
			write(t, d, func(tx *db.Tx) error { return q.Insert(tx, send{to}, Unique(key)) })
		}
		insert(1, "a")
		insert(2, "a") // the same key, other args: nothing
		insert(3, "b")
		// Inside one transaction too, which must stay usable.
		write(t, d, func(tx *db.Tx) error {
			return errors.Join(q.Insert(tx, send{4}, Unique("c")), q.Insert(tx, send{5}, Unique("c")), q.Insert(tx, send{6}))
		})
		if err := q.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := s.String(); got != "map[1:1 3:1 4:1 6:1]" {
			t.Errorf("sent %s", got)
		}
		insert(7, "a")
		if err := q.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := s.String(); got != "map[1:1 3:1 4:1 6:1 7:1]" {
			t.Errorf("sent %s", got)
		}
	})
}

func TestAt_waitsForItsTimeByOurClock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWind()
		q := newQueue(t, d, w.now)
		var s sent
		Register(q, func(_ context.Context, _ *Run, a send) error { s.add(a.To); return nil })
		write(t, d, func(tx *db.Tx) error { return q.Insert(tx, send{1}, At(noon.Add(time.Hour))) })
		for _, c := range []struct {
			on   time.Duration
			want string
		}{{0, "map[]"}, {time.Hour - time.Second, "map[]"}, {2 * time.Second, "map[1:1]"}} {
			w.on(c.on)
			if err := q.Drain(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := s.String(); got != c.want {
				t.Errorf("at %v: sent %s, want %s", w.now(), got, c.want)
			}
		}
	})
}

func TestAt_isAsFarAwayWhenTheProgramRunsInAnotherYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, year := range []int{2020, 2040} {
			c := clock.From(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
			q, err := New(d, c)
			if err != nil {
				t.Fatal(err)
			}
			var s sent
			Register(q, func(_ context.Context, _ *Run, a send) error { s.add(a.To); return nil })
			write(t, d, func(tx *db.Tx) error {
				return errors.Join(q.Insert(tx, send{1}, At(c().Add(-time.Second))), q.Insert(tx, send{2}, At(c().Add(time.Hour))))
			})
			if err := q.Drain(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := s.String(); got != "map[1:1]" {
				t.Errorf("%d: sent %s", year, got)
			}
		}
	})
}

func TestWork_isTriedAgainWithBackOffThenGivenUpListedAndReplayed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWind()
		q := newQueue(t, d, w.now)
		var attempts []int
		mended := false
		Register(q, func(_ context.Context, r *Run, a send) error {
			attempts = append(attempts, r.Attempt)
			if mended {
				return nil
			}
			if r.Attempt == 2 {
				panic("gone")
			}
			return errors.New("no line")
		})
		write(t, d, func(tx *db.Tx) error { return q.Insert(tx, send{1}, Track("send:1")) })
		for i := range maxAttempts {
			if err := q.Drain(ctx); err == nil {
				t.Fatalf("attempt %d: no error", i+1)
			}
			if err := q.Drain(ctx); err != nil || len(attempts) != i+1 {
				t.Fatalf("after attempt %d: tried before its time: %v %v", i+1, attempts, err)
			}
			want := "retrying"
			if i+1 == maxAttempts {
				want = "failed"
			}
			if p := see(t, d, "send:1"); p.State != want || p.Error != "job.failed" || p.Attempt != int64(i+1) {
				t.Errorf("attempt %d: %+v", i+1, p)
			}
			w.on(min(time.Hour, 10*time.Second<<i))
		}
		dead, err := q.Dead(ctx, 10)
		if err != nil || len(dead) != 1 || dead[0].Kind != "test.send" || dead[0].Error != "no line" || dead[0].Attempt != maxAttempts {
			t.Fatalf("dead: %+v %v", dead, err)
		}
		mended = true
		write(t, d, func(tx *db.Tx) error { return q.Replay(tx, dead[0].ID) })
		if err := q.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if p := see(t, d, "send:1"); p.State != "done" || !p.Over() || p.Error != "" {
			t.Errorf("replayed: %+v", p)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return q.Replay(tx, 999999) }); errs.CodeOf(err) != "job.unknown" {
			t.Errorf("replay of an unknown job: %v", err)
		}
	})
}

func see(t *testing.T, d *db.DB, key string) (p Progress) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		var found bool
		if p, found, err = ProgressOf(tx, key); err == nil && !found {
			err = errors.New("no progress under " + key)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWork_isNotTriedAgainWhenItsInputWasRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := newQueue(t, d, clock.At(noon))
		Register(q, func(context.Context, *Run, send) error {
			return fmt.Errorf("row 3: %w", errs.New(errs.Invalid, "test.bad_file"))
		})
		write(t, d, func(tx *db.Tx) error { return q.Insert(tx, send{1}, Track("import:1")) })
		if err := q.Drain(context.Background()); errs.CodeOf(err) != "test.bad_file" {
			t.Errorf("got %v", err)
		}
		if p := see(t, d, "import:1"); p.State != "failed" || p.Error != "test.bad_file" {
			t.Errorf("got %+v", p)
		}
		if dead, err := q.Dead(context.Background(), 5); err != nil || len(dead) != 1 {
			t.Errorf("dead: %+v %v", dead, err)
		}
	})
}

func TestProgress_isSeenWhileTheJobRuns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := newQueue(t, d, clock.At(noon))
		half, goOn := make(chan bool), make(chan bool)
		Register(q, func(_ context.Context, r *Run, a send) error {
			if err := r.Message("test.rows"); err != nil {
				return err
			}
			if err := r.Progress(50, 100); err != nil {
				return err
			}
			half <- true
			<-goOn
			return r.Progress(100, 100)
		})
		write(t, d, func(tx *db.Tx) error { return q.Insert(tx, send{1}, Track("send:1")) })
		if p := see(t, d, "send:1"); p.State != "waiting" {
			t.Errorf("before: %+v", p)
		}
		if err := q.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		<-half
		if p := see(t, d, "send:1"); p.State != "running" || p.Done != 50 || p.Total != 100 || p.Message != "test.rows" || p.Over() {
			t.Errorf("half way: %+v", p)
		}
		goOn <- true
		if err := q.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if p := see(t, d, "send:1"); p.State != "done" || p.Done != 100 || p.Attempt != 1 {
			t.Errorf("after: %+v", p)
		}
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestQueues_ofTwoNodesWorkEachJobOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		nodes := 2
		if d.Dialect() == db.SQLite {
			nodes = 1 // only one process may have the file
		}
		var s sent
		var last *Queue
		for range nodes {
			q, err := New(d, clock.System)
			if err != nil {
				t.Fatal(err)
			}
			Register(q, func(_ context.Context, _ *Run, a send) error { s.add(a.To); return nil })
			if err := q.Start(context.Background()); err != nil {
				t.Fatal(err)
			}
			defer q.Stop(context.Background())
			last = q
		}
		const jobs = 200
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range jobs / 4 {
					err := d.Write(context.Background(), func(tx *db.Tx) error { return last.Insert(tx, send{w*jobs/4 + i}) })
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if err := last.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(s.n) != jobs {
			t.Errorf("%d of %d were sent", len(s.n), jobs)
		}
		for to, n := range s.n {
			if n != 1 {
				t.Errorf("%d was sent %d times", to, n)
			}
		}
	})
}

func TestEvery_insertsOncePerRunOverTwoNodesAndMakesUpForMissedOnes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWind()
		var s sent
		var nodes []*Queue
		for range 2 {
			q := newQueue(t, d, w.now)
			Register(q, func(_ context.Context, _ *Run, a send) error { s.add(a.To); return nil })
			q.Every("test.hourly", time.Hour, func(now time.Time) Args { return send{now.In(clock.Vietnam).Hour()} })
			q.Daily("test.morning", 6, 30, func(time.Time) Args { return nil })
			nodes = append(nodes, q)
		}
		step := func(on time.Duration, want string) {
			t.Helper()
			w.on(on)
			for _, q := range nodes {
				if err := errors.Join(q.plan(ctx), q.insertDue(ctx)); err != nil {
					t.Fatal(err)
				}
			}
			if err := nodes[0].Drain(ctx); err != nil {
				t.Fatal(err)
			}
			if got := s.String(); got != want {
				t.Errorf("at %v: %s, want %s", w.now(), got, want)
			}
		}
		step(0, "map[]")
		step(time.Hour, "map[13:1]")
		step(59*time.Minute, "map[13:1]")
		step(time.Minute, "map[13:1 14:1]")
		step(5*time.Hour, "map[13:1 14:1 19:1]") // five were missed: one makes up for them
		if got := nodes[0].every[1].next(w.now()); !got.Equal(time.Date(2026, 10, 14, 23, 30, 0, 0, time.UTC)) {
			t.Errorf("the next morning is %v", got)
		}
	})
}

func TestOnQueue_keepsQuickWorkGoingWhileSlowWorkFillsItsQueue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, err := New(d, clock.System, Settings{Workers: 2, Queues: map[string]int{"slow": 1}})
		if err != nil {
			t.Fatal(err)
		}
		quick, goOn := make(chan bool), make(chan bool)
		Register(q, func(_ context.Context, _ *Run, a send) error {
			if a.To == 0 {
				<-goOn
			} else {
				quick <- true
			}
			return nil
		})
		write(t, d, func(tx *db.Tx) error {
			return errors.Join(q.Insert(tx, send{0}, OnQueue("slow")), q.Insert(tx, send{0}, OnQueue("slow")), q.Insert(tx, send{1}))
		})
		if err := q.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		<-quick
		close(goOn)
		if err := q.Drain(context.Background()); err != nil {
			t.Error(err)
		}
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
