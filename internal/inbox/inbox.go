// Package inbox lists what a person owes (việc cần làm), what is due first on top.
//
// Rooms register a Source each; a source asks its own tables and keeps to what the
// actor may see. Start at Registry.List; merge.go is the rule of the order.
package inbox

import (
	"time"

	"cchc/internal/db"
	"cchc/internal/identity"
)

// Item is one thing owed.
type Item struct {
	DueMs    int64  // moment it is due, UTC ms; 0 when it has no date
	DueDay   string // the same as a Vietnamese day, "" without one
	Title    string
	URL      string // where it is done
	Kind     string // "plan.report_progress": locale key inbox.kind.<Kind>, the room's own file
	Code     string // as people read it: NV01
	AgencyID string
	Agency   string // short name
	State    string // "plan.submitted": the room's word for where it stands
	ID       string // of the record; with DueMs it places the item, so a source never gives it twice
	Late     bool   // due before now
}

// Source gives what an actor owes in one room, by (DueMs with 0 last, ID), each after
// the cursor "" or Key of the last item taken; at most limit.
type Source interface {
	Owed(tx *db.Tx, a identity.Actor, now time.Time, after string, limit int) ([]Item, error)
}
