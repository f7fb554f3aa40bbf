package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Settings of a queue; zero values take the defaults.
type Settings struct {
	Workers int            // jobs at once on the default queue; 100
	Queues  map[string]int // further queues and how many jobs each works at once
	Rescue  time.Duration  // on PostgreSQL: after how long a dead node's job runs again; 10 minutes
	// OwnClock has River ask our clock too: for tests that move time on.
	OwnClock bool
}

// Queue holds and works the jobs.
type Queue struct {
	db      *db.DB
	clock   clock.Clock
	river   engine
	workers *river.Workers
	queues  map[string]bool
	kinds   map[string]bool
	every   []schedule

	mu       sync.Mutex
	ownClock bool
	started  bool
	stop     context.CancelFunc // ends the schedules
	timers   sync.WaitGroup
	failed   []error // what failed since Drain began
}

// New migrates River's tables and makes a queue. Register kinds and schedules, then
// Start. A queue that is never started only inserts.
func New(d *db.DB, c clock.Clock, settings ...Settings) (*Queue, error) {
	var s Settings
	if len(settings) > 0 {
		s = settings[0]
	}
	if s.Workers == 0 {
		s.Workers = 100
	}
	q := &Queue{db: d, clock: c, workers: river.NewWorkers(), queues: map[string]bool{}, kinds: map[string]bool{}, ownClock: s.OwnClock}
	for name := range s.Queues {
		q.queues[name] = true
	}
	var err error
	if q.river, err = openEngine(context.Background(), d, q.config(s)); err != nil {
		return nil, fmt.Errorf("job: %w", err)
	}
	return q, nil
}

// KindOption changes how every job of a kind is worked.
type KindOption func(*limits)

type limits struct{ timeout time.Duration }

// Within lets jobs of the kind run longer than the usual two minutes before their
// context ends.
func Within(d time.Duration) KindOption { return func(l *limits) { l.timeout = d } }

// Register names the function that works jobs of T, before Start. An error has the job
// tried again later (10 s, doubled each time up to an hour, 12 times in all); a refusal
// of package errs ends it at once, for the same input would be refused again.
func Register[T Args](q *Queue, work func(ctx context.Context, r *Run, args T) error, opts ...KindOption) {
	var l limits
	for _, o := range opts {
		o(&l)
	}
	var zero T
	q.kinds[zero.Kind()] = true
	river.AddWorker(q.workers, &worker[T]{q: q, work: work, limits: l})
}

type worker[T Args] struct {
	river.WorkerDefaults[T]
	q      *Queue
	work   func(ctx context.Context, r *Run, args T) error
	limits limits
}

// Timeout is River's question.
func (w *worker[T]) Timeout(*river.Job[T]) time.Duration { return w.limits.timeout }

// Work is River's call.
func (w *worker[T]) Work(ctx context.Context, j *river.Job[T]) error {
	return w.q.attempt(ctx, j.JobRow, func(r *Run) error { return w.work(ctx, r, j.Args) })
}

// attempt runs one job and keeps its progress.
func (q *Queue) attempt(ctx context.Context, row *rivertype.JobRow, work func(*Run) error) error {
	var note struct {
		Track string `json:"track"`
	}
	if err := json.Unmarshal(row.Metadata, &note); err != nil {
		return err
	}
	r := &Run{ID: row.ID, Attempt: row.Attempt, Attempts: row.MaxAttempts, Key: note.Track, q: q, kind: row.Kind}
	if err := r.save(ctx, running, ""); err != nil {
		return err
	}
	err := guard(work, r)
	if err == nil {
		return r.save(context.WithoutCancel(ctx), done, "")
	}
	slog.Warn("job: failed", "kind", row.Kind, "job", row.ID, "attempt", row.Attempt, "error", err)
	q.mu.Lock()
	q.failed = append(q.failed, fmt.Errorf("job %s: %w", row.Kind, err))
	q.mu.Unlock()
	next := retrying
	if row.Attempt >= row.MaxAttempts || final(err) {
		next = failed
	}
	err = errors.Join(err, r.save(context.WithoutCancel(ctx), next, codeOf(err)))
	if final(err) {
		return river.JobCancel(err)
	}
	return err
}

// guard turns a panic into an error, so that its progress says "failed" too.
func guard(work func(*Run) error, r *Run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return work(r)
}

// Insert adds a job in the caller's transaction. With Unique it may add nothing.
func (q *Queue) Insert(tx *db.Tx, args Args, opts ...Option) error {
	var c choice
	for _, o := range opts {
		o(&c)
	}
	if !q.kinds[args.Kind()] {
		return fmt.Errorf("job: nobody works jobs of kind %q", args.Kind())
	}
	if c.queue != "" && !q.queues[c.queue] {
		return fmt.Errorf("job: there is no queue %q", c.queue)
	}
	o := &river.InsertOpts{Queue: c.queue}
	if !c.at.IsZero() { // as far from now in River's time as it is in ours
		o.ScheduledAt = q.riverTime().Add(c.at.Sub(q.clock()))
	}
	if c.track != "" {
		var err error
		if o.Metadata, err = json.Marshal(map[string]string{"track": c.track}); err != nil {
			return err
		}
	}
	if c.unique != "" {
		args = marked{Args: args, Key: c.unique}
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{rivertype.JobStateAvailable,
			rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}
	}
	added, err := q.river.insert(tx, args, o)
	if err != nil || !added || c.track == "" {
		return err
	}
	return beginProgress(tx, c.track, args.Kind(), q.clock().UnixMilli())
}

// Start works jobs until Stop. On SQLite, where only one process may have the file,
// jobs that a crash left running begin again at once.
func (q *Queue) Start(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.started {
		return errors.New("job: started already")
	}
	if q.db.Dialect() == db.SQLite {
		if err := q.river.rescue(ctx, q.riverTime()); err != nil {
			return fmt.Errorf("job: %w", err)
		}
	}
	if err := q.river.start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("job: %w", err)
	}
	ctx, q.stop = context.WithCancel(context.WithoutCancel(ctx))
	q.timers.Go(func() { q.keepTime(ctx) })
	q.started = true
	return nil
}

// Stop takes no more jobs and lets running ones finish; when ctx ends first, theirs
// end too and they run again after the next start.
func (q *Queue) Stop(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.started {
		return nil
	}
	q.started = false
	q.stop()
	q.timers.Wait()
	return q.river.stop(ctx)
}

// Drain works until no job is due, starting the queue for that time if need be: for
// tests, and before `copy`. Jobs for later stay. It returns what failed meanwhile.
func (q *Queue) Drain(ctx context.Context) error {
	q.mu.Lock()
	q.failed = nil
	running := q.started
	q.mu.Unlock()
	if !running {
		if err := q.Start(ctx); err != nil {
			return err
		}
		defer q.Stop(context.WithoutCancel(ctx))
	}
	for {
		if err := q.river.promote(ctx, q.riverTime()); err != nil {
			return err
		}
		var left int64
		err := q.db.Read(ctx, func(tx *db.Tx) (err error) { left, err = unfinished(tx); return err })
		if err != nil || left == 0 {
			q.mu.Lock()
			defer q.mu.Unlock()
			return errors.Join(append(q.failed, err)...)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Dead is a job that was given up: every attempt failed, or its input was refused.
type Dead struct {
	ID      int64
	Kind    string
	Args    string // JSON
	Attempt int
	At      time.Time
	Error   string // the last one, for the administrator
}

// Dead lists jobs that were given up, newest first. They are kept for 90 days.
func (q *Queue) Dead(ctx context.Context, limit int) ([]Dead, error) {
	return q.river.dead(ctx, limit)
}

// Replay tries a dead job again. NotFound when there is none under id.
func (q *Queue) Replay(tx *db.Tx, id int64) error {
	err := q.river.retry(tx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return errs.New(errs.NotFound, "job.unknown")
	}
	return err
}
