package db

import "sync/atomic"

// Stats counts what the writer has done since Open.
type Stats struct {
	Calls   int64 // Writes answered
	Batches int64 // transactions that carried them (SQLite), equal to Calls on PostgreSQL
	Lost    int64 // batches whose transaction ended before COMMIT
	Retries int64 // functions run again after a conflict (PostgreSQL)
	Waiting int64 // Writes under way at this moment
}

type counters struct{ calls, batches, lost, retries atomic.Int64 }

// Stats returns the counters, for the metrics page.
func (d *DB) Stats() Stats {
	return Stats{
		Calls: d.stats.calls.Load(), Batches: d.stats.batches.Load(), Lost: d.stats.lost.Load(),
		Retries: d.stats.retries.Load(), Waiting: d.nested.active.Load(),
	}
}
