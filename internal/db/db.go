// Package db opens the database, runs migrations, and hands out transactions.
//
// Every statement in the program is one text that runs on both SQLite and
// PostgreSQL; docs/sql.md lists the shared subset. The few that cannot ask
// Tx.Dialect. Start at Write and Read; Tx is the only way to run SQL.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // the engine for scale
	_ "modernc.org/sqlite"             // the default engine
)

// Dialect names the engine behind a DB.
type Dialect string

const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// DB is an open database.
type DB struct {
	write, read *sql.DB
	dialect     Dialect
}

// Open opens url and migrates it; a postgres:// URL selects PostgreSQL, anything
// else is the path of an SQLite file.
func Open(ctx context.Context, url string) (*DB, error) {
	d := &DB{dialect: SQLite}
	var err error
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		d.dialect = Postgres
		if d.write, err = sql.Open("pgx", url); err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		d.read = d.write
	} else {
		const pragmas = "?_pragma=foreign_keys(1)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=temp_store(memory)&_pragma=busy_timeout(5000)"
		if d.write, err = sql.Open("sqlite", "file:"+url+pragmas+"&_txlock=immediate"); err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		d.write.SetMaxOpenConns(1)
		if d.read, err = sql.Open("sqlite", "file:"+url+pragmas); err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
	}
	if err := d.migrate(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Dialect names the engine.
func (d *DB) Dialect() Dialect { return d.dialect }

// Close closes the database.
func (d *DB) Close() error {
	err := d.write.Close()
	if d.read != nil && d.read != d.write {
		err = errors.Join(err, d.read.Close())
	}
	return err
}

// Write runs fn in one read-write transaction and commits unless fn fails. fn may
// run twice and touches nothing but tx; what must happen afterwards goes through
// tx.AfterCommit.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	ctx = context.WithoutCancel(ctx)
	inner, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer inner.Rollback()
	tx := &Tx{ctx: ctx, run: inner, dialect: d.dialect}
	if err := fn(tx); err != nil {
		return err
	}
	if err := inner.Commit(); err != nil {
		return err
	}
	for _, after := range tx.after {
		after()
	}
	return nil
}

// Read runs fn in one read-only snapshot.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	inner, err := d.read.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer inner.Rollback()
	return fn(&Tx{ctx: ctx, run: inner, dialect: d.dialect})
}

// NewID makes a UUIDv7: ids sort by the moment they were made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
