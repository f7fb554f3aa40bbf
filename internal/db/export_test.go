package db

import "time"

// OpenWith is Open with another list of migrations.
var OpenWith = open

// SetReadLimit changes how long a Read may last.
func (d *DB) SetReadLimit(limit time.Duration) { d.readLimit = limit }

// Queued is how many Writes wait for the SQLite writer.
func (d *DB) Queued() int {
	d.writer.mu.Lock()
	defer d.writer.mu.Unlock()
	return len(d.writer.waiting)
}

// StatementCache is the capacity of a connection's cache.
const StatementCache = statementCache
