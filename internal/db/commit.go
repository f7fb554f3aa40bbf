package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"cchc/internal/errs"
)

// The group committer: one goroutine owns the right to write. It takes the calls
// that wait together, runs each in a SAVEPOINT of one transaction, and answers all
// of them after the one COMMIT, whose fsync costs as much as hundreds of calls.

const (
	batchLimit = 256                  // calls in one transaction: bounds how long the first one waits
	linger     = 1 * time.Millisecond // how long a batch waits to become as large as the one before
)

var (
	errClosed = errs.New(errs.Unavailable, "db.closed")
	// errEnded is the outcome of a function that ended its goroutine (t.Fatal).
	errEnded = errors.New("db: the function of a Write ended its goroutine")
)

// call is one Write on its way.
type call struct {
	ctx   context.Context
	fn    func(*Tx) error
	taken atomic.Bool // by the writer, or by a caller who leaves: whoever is first
	tx    *Tx
	err   error
	done  chan struct{}
}

// batch is the calls of one transaction. It is kept in the writer, not on a stack,
// because a function may end the goroutine that runs it; the next one goes on here.
type batch struct {
	calls   []*call
	next    int     // the call to run next
	bare    bool    // the first call runs without a SAVEPOINT
	open    bool    // calls[next-1] has run and is not settled
	lingers bool    // it has begun to wait for more
	tx      *sql.Tx // nil until begun
	lost    error   // why the transaction is gone
}

type writer struct {
	d       *DB
	mu      sync.Mutex
	waiting []*call
	asleep  bool          // the writer waits for wake
	wake    chan struct{} // capacity 1
	closed  bool
	stopped chan struct{}

	// Only the writer's goroutine touches these.
	batch *batch
	last  int // calls in the batch before
	timer *time.Timer
}

func startWriter(d *DB) *writer {
	w := &writer{d: d, wake: make(chan struct{}, 1), stopped: make(chan struct{}), timer: time.NewTimer(time.Hour)}
	w.timer.Stop()
	go w.run()
	return w
}

// submit queues fn and waits for its answer.
func (w *writer) submit(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := &call{ctx: ctx, fn: fn, done: make(chan struct{})}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil, errClosed
	}
	w.waiting = append(w.waiting, c)
	ring := w.asleep
	w.asleep = false // once is enough
	w.mu.Unlock()
	if ring {
		w.ring()
	}
	select {
	case <-c.done:
		return c.tx, c.err
	case <-ctx.Done():
		if c.taken.CompareAndSwap(false, true) {
			return nil, ctx.Err() // still queued: nothing has been done
		}
		<-c.done // too late to leave
		return c.tx, c.err
	}
}

func (w *writer) ring() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.ring()
	<-w.stopped
}

// run is the writer's goroutine. When a function ends it, another one takes over
// at the place where it stopped.
func (w *writer) run() {
	id := goroutine()
	w.d.nested.inside.Store(id, true)
	finished := false
	defer func() {
		w.d.nested.inside.Delete(id)
		if !finished {
			go w.run()
		}
	}()
	for w.batch != nil || w.collect() {
		w.serve()
	}
	finished = true
	close(w.stopped)
}

// collect waits for a call and begins a batch; false when closed and nobody waits
// any more.
func (w *writer) collect() bool {
	b := &batch{}
	for len(b.calls) == 0 {
		if w.await(nil) == 0 {
			return false
		}
		w.take(b)
	}
	w.batch = b
	return true
}

// await returns how many wait: at least one unless late has rung or we are closed.
func (w *writer) await(late <-chan time.Time) int {
	for {
		w.mu.Lock()
		have := len(w.waiting)
		sleep := have == 0 && !w.closed
		w.asleep = sleep
		w.mu.Unlock()
		if !sleep {
			return have
		}
		select {
		case <-w.wake:
		case <-late:
			return 0
		}
	}
}

// take moves those who wait into the batch, without those who have left.
func (w *writer) take(b *batch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.waiting), batchLimit-len(b.calls))
	for _, c := range w.waiting[:n] {
		if c.taken.CompareAndSwap(false, true) {
			b.calls = append(b.calls, c)
		}
	}
	rest := copy(w.waiting, w.waiting[n:])
	clear(w.waiting[rest:])
	w.waiting = w.waiting[:rest]
}

// serve runs the batch to its end and answers everyone. Calls that arrive while it
// runs join it. When it has fewer than the one before, the callers just answered
// are on their way back: it lingers for them, once.
func (w *writer) serve() {
	b := w.batch
	if b.tx == nil {
		b.tx, b.lost = w.d.write.BeginTx(context.Background(), nil)
	}
	if b.open { // its function ended the goroutine
		b.settle()
	}
	for !b.ended() {
		if b.next < len(b.calls) {
			w.runNext(b)
			b.settle()
		} else if w.take(b); b.next < len(b.calls) {
			continue
		} else if len(b.calls) >= w.last || !w.lingerFor(b) {
			break
		}
	}
	w.finish(b)
	w.batch, w.last = nil, len(b.calls)
	for _, c := range b.calls {
		close(c.done)
	}
}

// lingerFor waits for one more caller; false when the batch has waited enough.
func (w *writer) lingerFor(b *batch) bool {
	if !b.lingers {
		b.lingers = true
		w.timer.Reset(linger)
	}
	return w.await(w.timer.C) > 0
}

// ended: the transaction is gone, or its first call, which has no SAVEPOINT, failed.
func (b *batch) ended() bool {
	return b.lost != nil || (b.bare && b.next == 1 && b.calls[0].err != nil)
}

// runNext runs one call. The first call of a batch that expects no others needs no
// SAVEPOINT: if it fails, the whole transaction is rolled back, and it is all of it.
func (w *writer) runNext(b *batch) {
	c := b.calls[b.next]
	b.bare = b.bare || (len(b.calls) == 1 && w.last <= 1)
	b.next++
	if !b.bare || b.next > 1 {
		if b.exec("SAVEPOINT one_call"); b.lost != nil {
			return
		}
	}
	c.tx = w.newTx(c.ctx, b.tx)
	c.err = errEnded // stands if the function ends this goroutine
	b.open = true
	c.err = runFn(c.fn, c.tx)
}

func (w *writer) newTx(ctx context.Context, inner *sql.Tx) *Tx {
	return &Tx{ctx: w.d.inWrite(context.WithoutCancel(ctx)), run: recorded(ctx, inner), dialect: SQLite, sqlTx: inner}
}

// settle keeps or undoes what the last call did. If that fails, SQLite has ended
// the transaction (disk full, a cancelled statement): nothing more may run on it.
func (b *batch) settle() {
	if !b.open {
		return
	}
	b.open = false
	c := b.calls[b.next-1]
	c.tx.over = true
	if b.bare && b.next == 1 {
		return
	}
	if c.err != nil {
		b.exec("ROLLBACK TO one_call")
	}
	b.exec("RELEASE one_call")
}

func (b *batch) exec(query string) {
	if b.lost == nil {
		_, b.lost = b.tx.ExecContext(context.Background(), query)
	}
}

// finish commits, or rolls back and gives every call of the batch its error: also
// to one whose function had refused, for it judged by what was never committed.
func (w *writer) finish(b *batch) {
	w.timer.Stop()
	if b.lost == nil && !b.ended() {
		b.lost = w.runLast(b)
		if b.lost == nil {
			b.lost = b.tx.Commit()
		} else {
			b.tx.Rollback()
		}
	} else if b.tx != nil {
		b.tx.Rollback()
	}
	w.d.stats.calls.Add(int64(len(b.calls)))
	w.d.stats.batches.Add(1)
	if b.lost == nil {
		return
	}
	w.d.stats.lost.Add(1)
	cause := b.lost
	if codeOf(cause) == "" {
		cause = fmt.Errorf("%w: %w", errs.New(errs.Unavailable, "db.batch_lost"), b.lost)
	}
	slog.Error("a batch of writes was lost", "calls", len(b.calls), "error", b.lost)
	for _, c := range b.calls {
		c.err = cause
	}
}

// runLast does the work that calls asked for before COMMIT, each key once.
func (w *writer) runLast(b *batch) error {
	seen := map[string]bool{}
	for _, c := range b.calls {
		if c.err != nil || c.tx == nil {
			continue
		}
		for _, step := range c.tx.last {
			if seen[step.key] {
				continue
			}
			seen[step.key] = true
			tx := w.newTx(context.Background(), b.tx)
			if err := runFn(step.fn, tx); err != nil {
				return fmt.Errorf("before commit, %s: %w", step.key, err)
			}
			tx.over = true
		}
	}
	return nil
}

// runFn runs the function of a Write. A panic is a failing call, not the end of the
// process: its neighbours in the batch have done nothing wrong.
//
//go:noinline
func runFn(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			stack := debug.Stack()
			slog.Error("a write panicked", "panic", p, "stack", string(stack))
			err = fmt.Errorf("db: the function of a Write panicked: %v\n%s", p, stack)
		}
	}()
	return fn(tx)
}
