package event

import (
	"context"
	"fmt"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// Bus delivers announcements to subscribers.
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

// On registers fn for a kind before Run. The subscriber's name is stored with each
// delivery: never rename it.
func (b *Bus) On(kind, subscriber string, fn func(tx *db.Tx, body []byte) error) {
	b.lines[kind] = append(b.lines[kind], line{kind, subscriber, fn})
}

// Run delivers until ctx ends: at once after a commit of this process, and each second
// what another node or a crash left.
func (b *Bus) Run(ctx context.Context) {
	wake := make(chan struct{}, 1)
	buses.Lock()
	if buses.wake == nil {
		buses.wake = map[*Bus]chan struct{}{}
	}
	buses.wake[b] = wake
	buses.Unlock()
	defer func() { buses.Lock(); delete(buses.wake, b); buses.Unlock() }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		b.Drain(ctx)
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
	}
}

// Drain delivers until nothing waits.
func (b *Bus) Drain(ctx context.Context) error {
	for {
		var batch []posted
		err := b.db.Read(ctx, func(tx *db.Tx) (err error) { batch, err = waiting(tx, 100); return err })
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, e := range batch {
			err := b.db.Write(ctx, func(tx *db.Tx) error {
				for _, l := range b.lines[e.kind] {
					if err := l.fn(tx, []byte(e.body)); err != nil {
						return fmt.Errorf("event %s to %s: %w", e.kind, l.subscriber, err)
					}
				}
				return finish(tx, e.id, b.clock().UnixMilli())
			})
			if err != nil {
				return err
			}
		}
	}
}
