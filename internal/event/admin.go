package event

import (
	"context"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// Delivery is one announcement that one subscriber could not take yet.
type Delivery struct {
	EventID    string
	Subscriber string
	Kind       string
	Attempts   int64
	NextMs     int64 // when it is tried again; past for a parked one
	Parked     bool  // given up: waits for Replay
	Error      string
}

// Failing lists deliveries that failed and are not done, newest first.
func Failing(tx *db.Tx, limit int) ([]Delivery, error) { return failing(tx, limit) }

// Replay tries one delivery again at once: after the cause was mended. NotFound when
// it was told meanwhile or does not exist.
func Replay(tx *db.Tx, eventID, subscriber string) error {
	found, err := reopen(tx, eventID, subscriber)
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.NotFound, "event.delivery_unknown")
	}
	tx.AfterCommit(wakeAll)
	return nil
}

// Forget deletes what was finished before t, in short Writes.
func (b *Bus) Forget(ctx context.Context, t time.Time) error {
	for {
		var ids []string
		err := b.db.Read(ctx, func(tx *db.Tx) (err error) { ids, err = old(tx, t.UnixMilli(), 200); return err })
		if err != nil || len(ids) == 0 {
			return err
		}
		err = b.db.Write(ctx, func(tx *db.Tx) error {
			for _, id := range ids {
				if err := forget(tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// Kinds lists what the bus has subscribers for, as "kind -> subscriber, subscriber".
func (b *Bus) Kinds() map[string]string {
	out := map[string]string{}
	for kind, lines := range b.lines {
		var names []string
		for _, l := range lines {
			names = append(names, l.subscriber)
		}
		out[kind] = strings.Join(names, ", ")
	}
	return out
}
