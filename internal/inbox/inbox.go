// Package inbox lists what a person owes (việc cần làm), what is due first on top.
//
// Rooms register a Source each; a source asks its own tables and keeps to what the
// actor may see. Start at Registry.List; merge.go is the rule of the order, store_seen.go the
// mark behind "new since you last looked".
package inbox

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/identity"
)

// Item is one thing owed.
type Item struct {
	ID       string // of the record, ASCII; with DueMs it places the item
	DueMs    int64  // moment it is due, UTC ms; 0 when it has no date
	DueDay   string // the same as a Vietnamese day, "" without one
	SinceMs  int64  // moment since when it is owed; 0 unknown
	Title    string
	URL      string // where it is done
	Kind     string // "plan.report_progress": its name is the locale key inbox.kind.<Kind>
	Code     string // as people read it: NV01
	AgencyID string
	Agency   string // short name
	State    string // the room's word for where it stands
	Bulk     string // page that takes several of these at once, as GET with their ids; "" for none
	Late     bool   // due before now; List sets it
	New      bool   // owed since the actor last looked; List sets it
	Source   string // name of the source; List sets it
}

// Source gives what an actor owes in one room, ordered by (DueMs, ID), those without a
// date last: at most limit items after the place `after` (read it with Place). It keeps
// to the actor's reach by itself.
type Source interface {
	Owed(tx *db.Tx, a identity.Actor, now time.Time, after string, limit int) ([]Item, error)
}

// NoDate is the due moment in a place of an item without a date: after all dates.
const NoDate = int64(math.MaxInt64)

// Counter is a Source that counts what is owed by itself, where that is cheaper than
// listing it: all of it, and what was due before now, each to MaxCount + 1.
type Counter interface {
	OwedCount(tx *db.Tx, a identity.Actor, now time.Time) (all, late int, err error)
}

// After writes the place of an item for Owed: dueMs 0 is without a date.
func After(dueMs int64, id string) string {
	if dueMs == 0 {
		dueMs = NoDate
	}
	return fmt.Sprintf("%d/%s", dueMs, id)
}

// Place reads what After wrote, for a source's SQL:
// WHERE (COALESCE(due_ms, 9223372036854775807), id) > ($1, $2). "" is before everything.
func Place(after string) (dueMs int64, id string) {
	due, id, found := strings.Cut(after, "/")
	ms, err := strconv.ParseInt(due, 10, 64)
	if !found || err != nil {
		return math.MinInt64, ""
	}
	return ms, id
}

// Filter narrows the list; zero values are all.
type Filter struct {
	Kind     string
	AgencyID string
	LateOnly bool
}

func (f Filter) takes(i Item) bool {
	return (f.Kind == "" || i.Kind == f.Kind) && (f.AgencyID == "" || i.AgencyID == f.AgencyID) && (!f.LateOnly || i.Late)
}

// Page is one page of the list.
type Page struct {
	Items []Item
	Next  string // cursor of the next page, "" on the last
	// Cut says that the filter passed over so many items that the page stopped early:
	// Next goes on from there, even when Items is short or empty.
	Cut bool
}

// Count says how much one source holds for the actor, exact to MaxCount.
type Count struct {
	Source string
	All    int
	Late   int
	More   bool // there are more than MaxCount; Late may be too low then only if it is MaxCount as well
}

// MaxCount is how far counts are exact; pages write "1.000+" beyond.
const MaxCount = 1000
