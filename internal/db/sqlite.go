package db

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"strings"

	"modernc.org/sqlite"
)

// Settings of every connection. foreign_keys and synchronous are per connection;
// FULL makes a COMMIT wait for the disk (NORMAL would lose the last seconds at a
// power failure). temp_store=MEMORY keeps the statement journals that a SAVEPOINT
// needs out of the file system: twice as fast. The WAL is folded into the database
// every 4,000 pages (16 MB), four times the default: fewer pages are written twice.
const (
	everyPragma  = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=synchronous(full)&_pragma=temp_store(memory)"
	writerPragma = everyPragma + "&_pragma=cache_size(-65536)&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(67108864)"
	readerPragma = everyPragma + "&_pragma=query_only(1)&_pragma=cache_size(-16384)"
)

func (d *DB) openSQLite(ctx context.Context) error {
	var err error
	if d.write, err = openFile(d.url, writerPragma, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = openFile(d.url, readerPragma, "BEGIN"); err != nil {
		return err
	}
	d.read.SetMaxOpenConns(runtime.NumCPU())
	d.read.SetMaxIdleConns(runtime.NumCPU())
	if err := turnToWAL(ctx, d.write); err != nil {
		return fmt.Errorf("open database %s: %w", d.url, err)
	}
	d.writer = startWriter(d)
	return nil
}

// turnToWAL creates the file if need be and gives it a write-ahead log, for good.
// Programs that start together on a new file collide here without SQLite's own
// waiting, which would be a deadlock; so we wait.
func turnToWAL(ctx context.Context, h *sql.DB) error {
	for attempt := 1; ; attempt++ {
		var mode string
		err := h.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode)
		if err == nil && mode != "wal" {
			return fmt.Errorf("the file system allows no write-ahead log (journal mode %s)", mode)
		}
		if err == nil || codeOf(err) != "db.busy" || attempt > 100 {
			return err
		}
		pause(attempt)
	}
}

// openFile opens an SQLite file through the statement cache of conn.go.
func openFile(path, pragmas, begin string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(fileURI(path) + "?" + pragmas)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return sql.OpenDB(&connector{Connector: c, begin: begin}), nil
}

// fileURI writes path as SQLite's file: URI; ?, # and % would end or change it.
func fileURI(path string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}
