package indicator

import (
	"fmt"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// Counter is one thing that happens and is counted as it happens: results accepted,
// results accepted on time. A flow indicator reads one or two counters.
type Counter struct {
	Code string
	Dims [2]string // names of the dimensions that Count is given, "" for none: {"plan", "area"}
	// Recount tells from the records alone what should have been counted for the days
	// fromDay to toDay (both included): it calls add for each record or group of them.
	Recount func(tx *db.Tx, fromDay, toDay string, add func(agencyID, day string, dims [2]string, n int64)) error
}

// Count appends delta to the counter in the caller's transaction: day is the Vietnamese
// calendar day on which it happened (and is booked). It never reads and never waits for
// another writer, which is why a count is a row of its own until a job folds it.
func Count(tx *db.Tx, code, agencyID, day string, dims [2]string, delta int64) error {
	return Correct(tx, code, agencyID, day, day, dims, delta)
}

// Correct books a correction on today and names the day it corrects, so that a figure
// already published does not change silently: the period of today carries the
// difference, and Corrections tells whose it is.
func Correct(tx *db.Tx, code, agencyID, today, ofDay string, dims [2]string, delta int64) error {
	for _, day := range []string{today, ofDay} {
		if _, err := clock.ParseDay(day); err != nil {
			return fmt.Errorf("count %s on day %q: %w", code, day, err)
		}
	}
	if delta == 0 {
		return nil
	}
	return insertDelta(tx, code, key{agencyID, today, ofDay, dims[0], dims[1]}, delta)
}

// key is where a count belongs.
type key struct{ agency, day, ofDay, dim1, dim2 string }
