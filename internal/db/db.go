// Package db opens the database, runs migrations, and hands out transactions.
//
// Every statement in the program is one text that runs on both SQLite and
// PostgreSQL; docs/sql.md lists the shared subset. The few that cannot ask
// Tx.Dialect. Start at Write and Read; Tx is the only way to run SQL.
//
// How a Write becomes durable is in commit.go (SQLite: many calls, one fsync) and
// postgres.go (SERIALIZABLE, retried); docs/adr/0002-group-commit.md says why.
package db

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Dialect names the engine behind a DB.
type Dialect string

const (
	SQLite   Dialect = "sqlite"   // one file, one machine: the default
	Postgres Dialect = "postgres" // several machines
)

// readLimit is how long one Read may last: a reader that stays keeps the WAL from
// being reused (SQLite) or dead rows from being removed (PostgreSQL).
const readLimit = 5 * time.Second

// DB is an open database, safe for use by many goroutines.
type DB struct {
	dialect     Dialect
	steps       fs.FS // the migrations
	url         string
	write, read *sql.DB
	writer      *writer       // SQLite only
	pool        *pgxpool.Pool // PostgreSQL only
	places      chan struct{} // PostgreSQL only: one for each Write that may be under way
	crowd       sync.RWMutex  // PostgreSQL only: held for reading by each Write, for writing by one that must run alone
	readLimit   time.Duration
	closed      atomic.Bool
	nested      nesting
	stats       counters
}

// Open opens url and migrates it; a postgres:// URL selects PostgreSQL, anything
// else is the path of an SQLite file, created when missing. It refuses a database
// written by a newer program: Conflict "db.newer_than_program".
func Open(ctx context.Context, url string) (*DB, error) {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return open(ctx, url, steps)
}

// open is Open with another list of migrations, for tests.
func open(ctx context.Context, url string, steps fs.FS) (*DB, error) {
	d := &DB{dialect: SQLite, url: url, steps: steps, readLimit: readLimit}
	var err error
	if isPostgres(url) {
		d.dialect = Postgres
		err = d.openPostgres(ctx)
	} else {
		err = d.openSQLite(ctx)
	}
	if err == nil {
		err = d.migrate(ctx, steps)
	}
	if err != nil {
		return nil, errors.Join(classify(err), d.Close())
	}
	return d, nil
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Dialect names the engine.
func (d *DB) Dialect() Dialect { return d.dialect }

// Writer is SQLite's only writing connection as a *sql.DB, for a library that keeps
// its own tables in our file (the job queue). The committer takes the connection
// for each batch and gives it back, so both take turns. Nil on PostgreSQL.
func (d *DB) Writer() *sql.DB {
	if d.dialect != SQLite {
		return nil
	}
	return d.write
}

// Pool is PostgreSQL's pool of connections, for the same purpose. Nil on SQLite.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// Close lets the Writes that wait finish, then closes the database. A Write or Read
// that comes later is refused: Unavailable "db.closed".
func (d *DB) Close() error {
	d.closed.Store(true)
	if d.writer != nil {
		d.writer.close()
	}
	var err error
	if d.write != nil {
		err = d.write.Close()
	}
	if d.read != nil && d.read != d.write {
		err = errors.Join(err, d.read.Close())
	}
	if d.pool != nil {
		d.pool.Close()
	}
	return err
}

// Write runs fn in one read-write transaction and commits unless fn fails or
// panics; it returns nil only when the change is durable. fn may run twice and
// touches nothing but tx and variables that it sets afresh; what must happen
// afterwards goes through tx.AfterCommit. No Write or Read inside fn: ErrNested.
//
// The caller may leave (ctx cancelled) only while the call waits for its turn;
// then nothing was done. Errors: what fn returned; Unavailable "db.disk_full",
// "db.io_error", "db.busy", "db.batch_lost", "db.closed": nothing was saved;
// Unavailable "db.outcome_unknown": the connection broke during COMMIT.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if d.closed.Load() {
		return errClosed
	}
	if err := d.refuseNested(ctx); err != nil {
		return err
	}
	d.nested.active.Add(1)
	defer d.nested.active.Add(-1)
	var tx *Tx
	var err error
	if d.dialect == SQLite {
		tx, err = d.writer.submit(ctx, fn)
	} else {
		tx, err = d.writePostgres(ctx, fn)
	}
	if err != nil {
		return classify(err)
	}
	for _, after := range tx.after {
		after()
	}
	return nil
}

// NewID makes a UUIDv7: ids sort by the moment they were made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
