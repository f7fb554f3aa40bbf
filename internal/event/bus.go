package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

const (
	batchSize   = 32 // announcements told in one Write
	parallel    = 8  // lines served at once: their Writes share one fsync on SQLite
	maxAttempts = 16 // some two hours of trying, then a person decides
	keep        = 90 * 24 * time.Hour
)

// Bus delivers announcements. Each pair of a kind and a subscriber is a line: served
// in the order of creation, waiting behind an announcement that fails, while other
// lines go on. Several nodes may run a Bus on one database.
type Bus struct {
	db    *db.DB
	clock clock.Clock
	lines map[string][]line // by kind
}

type line struct {
	kind, subscriber string
	fn               func(tx *db.Tx, body []byte) error
}

// NewBus makes a bus with no subscriber.
func NewBus(d *db.DB, c clock.Clock) *Bus {
	return &Bus{db: d, clock: c, lines: map[string][]line{}}
}

// On registers fn for a kind, before Run. fn works in a Write of its own: it touches
// nothing but tx, and may run twice when that Write is tried again, but its effect is
// committed once. The subscriber's name is stored with each delivery: never rename it.
// What was announced before a subscriber existed and is finished is not told again.
func (b *Bus) On(kind, subscriber string, fn func(tx *db.Tx, body []byte) error) {
	for _, l := range b.lines[kind] {
		if l.subscriber == subscriber {
			panic("event: two subscribers named " + subscriber + " for " + kind)
		}
	}
	b.lines[kind] = append(b.lines[kind], line{kind, subscriber, fn})
}

// Run delivers until ctx ends: at once after a commit of this process, and each second
// what another node or a crash left.
func (b *Bus) Run(ctx context.Context) {
	wake, leave := join(b)
	defer leave()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	if err := b.finishAll(ctx); err != nil && ctx.Err() == nil {
		slog.Error("event: start", "error", err)
	}
	swept := time.Time{}
	for {
		told, _, err := b.pass(ctx, false)
		if err != nil && ctx.Err() == nil {
			slog.Error("event: deliver", "error", err)
		}
		if now := b.clock(); now.Sub(swept) >= time.Hour {
			swept = now
			if err := b.Forget(ctx, now.Add(-keep)); err != nil && ctx.Err() == nil {
				slog.Error("event: forget", "error", err)
			}
		}
		if told > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
	}
}

// Drain delivers until nothing waits, without regard to back-off: for tests, and
// before `copy`. It returns what subscribers failed with; those stay undelivered.
func (b *Bus) Drain(ctx context.Context) error {
	if err := b.finishAll(ctx); err != nil {
		return err
	}
	for {
		told, failed, err := b.pass(ctx, true)
		if err != nil || failed != nil || told == 0 {
			return errors.Join(err, failed)
		}
	}
}

// pass serves every line once: at most one batch each. told counts deliveries; failed
// joins what subscribers answered; err is a fault of the database or an end of ctx.
func (b *Bus) pass(ctx context.Context, hurry bool) (told int, failed, err error) {
	var kinds []string
	err = b.db.Read(ctx, func(tx *db.Tx) (err error) { kinds, err = waitingKinds(tx); return err })
	if err != nil || len(kinds) == 0 {
		return 0, nil, err
	}
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		slots = make(chan struct{}, parallel)
		faced = map[string]map[string]bool{} // kind -> ids served
	)
	for _, kind := range kinds {
		faced[kind] = map[string]bool{}
		for _, l := range b.lines[kind] {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				ids, refusal, fault := b.serve(ctx, l, hurry)
				mu.Lock()
				defer mu.Unlock()
				for _, id := range ids {
					faced[kind][id] = true
				}
				told += len(ids)
				failed, err = errors.Join(failed, refusal), errors.Join(err, fault)
			})
		}
	}
	wg.Wait()
	if err != nil {
		return told, failed, err
	}
	err = b.db.Write(ctx, func(tx *db.Tx) error { return b.close(tx, faced) })
	return told, failed, err
}

// close finishes what every subscriber was told, in one Write for the whole pass: if
// each line did it, parallel lines would collide on the same rows.
func (b *Bus) close(tx *db.Tx, faced map[string]map[string]bool) error {
	now := b.clock().UnixMilli()
	for kind, ids := range faced {
		if len(b.lines[kind]) == 0 {
			if err := finishKind(tx, kind, now, 0); err != nil {
				return err
			}
		}
		for id := range ids {
			if err := finish(tx, id, now, len(b.lines[kind])); err != nil {
				return err
			}
		}
	}
	return nil
}

// finishAll closes what a crash left between a delivery and the end of its pass.
func (b *Bus) finishAll(ctx context.Context) error {
	return b.db.Write(ctx, func(tx *db.Tx) error {
		kinds, err := waitingKinds(tx)
		if err != nil {
			return err
		}
		for _, kind := range kinds {
			if err := finishKind(tx, kind, b.clock().UnixMilli(), len(b.lines[kind])); err != nil {
				return err
			}
		}
		return nil
	})
}

// serve tells one line its next batch, first in one Write, then, if that fails, one by
// one to find the announcement at fault. ids are those told or given up.
func (b *Bus) serve(ctx context.Context, l line, hurry bool) (ids []string, refusal, fault error) {
	var batch []posted
	fault = b.db.Read(ctx, func(tx *db.Tx) (err error) { batch, err = waitingFor(tx, l.kind, l.subscriber, batchSize); return err })
	if fault != nil {
		return nil, nil, fault
	}
	now := b.clock().UnixMilli()
	for i, e := range batch {
		if e.nextMs > now && !hurry {
			batch = batch[:i] // the line waits behind it
			break
		}
	}
	if len(batch) == 0 {
		return nil, nil, nil
	}
	if b.tell(ctx, l, batch) == nil {
		for _, e := range batch {
			ids = append(ids, e.id)
		}
		return ids, nil, nil
	}
	for _, e := range batch {
		if err := b.tell(ctx, l, []posted{e}); err != nil {
			if ctx.Err() != nil || ofDatabase(err) {
				return ids, nil, err
			}
			parked, fault := b.remember(ctx, l, e, err)
			if parked {
				ids = append(ids, e.id)
			}
			return ids, fmt.Errorf("event %s to %s: %w", l.kind, l.subscriber, err), fault
		}
		ids = append(ids, e.id)
	}
	return ids, nil, nil
}

// tell runs the subscriber and writes the delivery rows in one transaction.
func (b *Bus) tell(ctx context.Context, l line, batch []posted) error {
	return b.db.Write(ctx, func(tx *db.Tx) error {
		// One node at a time serves a line: its order holds on PostgreSQL too.
		if err := tx.Lock("event." + l.kind + "." + l.subscriber); err != nil {
			return err
		}
		for _, e := range batch {
			mine, err := claim(tx, e.id, l.kind, l.subscriber, b.clock().UnixMilli())
			if err != nil {
				return err
			}
			if !mine {
				continue
			}
			if err := guard(l.fn, tx, []byte(e.body)); err != nil {
				return err
			}
		}
		return nil
	})
}

// guard turns a panic of a subscriber into an error: one bad body must not end the bus.
func guard(fn func(*db.Tx, []byte) error, tx *db.Tx, body []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return fn(tx, body)
}

// ofDatabase tells a full disk or a lost server from a subscriber's own refusal: the
// former says nothing about the announcement and is not counted against it.
func ofDatabase(err error) bool {
	code := errs.CodeOf(err)
	return errs.KindOf(err) == errs.Unavailable && len(code) > 3 && code[:3] == "db."
}

// remember keeps the failure, with the time of the next attempt: 1 s, doubled each
// time up to 15 minutes, then parked.
func (b *Bus) remember(ctx context.Context, l line, e posted, cause error) (parked bool, err error) {
	now := b.clock()
	wait := min(15*time.Minute, time.Second<<min(e.attempts, 20))
	var parkedMs *int64
	if e.attempts+1 >= maxAttempts {
		ms := now.UnixMilli()
		parkedMs = &ms
	}
	text := cause.Error()
	if len(text) > 500 {
		text = text[:500]
	}
	slog.Warn("event: subscriber failed", "kind", l.kind, "subscriber", l.subscriber, "event", e.id, "attempt", e.attempts+1, "error", text)
	err = b.db.Write(ctx, func(tx *db.Tx) error {
		return fail(tx, e.id, l.kind, l.subscriber, text, now.Add(wait).UnixMilli(), parkedMs)
	})
	return parkedMs != nil, err
}
