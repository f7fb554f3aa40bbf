// Package event announces what happened (sự kiện) to the rooms that react to it.
//
// Post writes an outbox row in the transaction that made the fact true; the Bus tells
// every subscriber afterwards, at least once, in a Write of the subscriber's own whose
// delivery row makes the effect happen exactly once. Start at Post and Bus.
package event

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"cchc/internal/db"
)

// Fact is one thing that happened. It is a JSON-able struct of ids and codes: names and
// other personal data stay in the room's own tables. Kinds ("plan.result_confirmed") are
// stored and never renamed.
type Fact interface{ Kind() string }

// Post announces f in the caller's transaction; at is when it happened.
func Post(tx *db.Tx, at time.Time, f Fact) error {
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("event %s: %w", f.Kind(), err)
	}
	if err := insert(tx, db.NewID(), f.Kind(), string(body), at.UnixMilli()); err != nil {
		return err
	}
	tx.AfterCommit(wakeAll)
	return nil
}

// buses that run in this process. Post knows only its transaction, so a commit wakes
// them all; a needless look at an empty index costs nothing that matters.
var buses struct {
	sync.Mutex
	wake map[*Bus]chan struct{}
}

// join lets a commit wake b until leave is called.
func join(b *Bus) (wake chan struct{}, leave func()) {
	wake = make(chan struct{}, 1)
	buses.Lock()
	defer buses.Unlock()
	if buses.wake == nil {
		buses.wake = map[*Bus]chan struct{}{}
	}
	buses.wake[b] = wake
	return wake, func() {
		buses.Lock()
		defer buses.Unlock()
		delete(buses.wake, b)
	}
}

func wakeAll() {
	buses.Lock()
	defer buses.Unlock()
	for _, ch := range buses.wake {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
