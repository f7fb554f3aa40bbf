package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNoRows is what QueryRow(..).Scan returns when nothing matched.
var ErrNoRows = sql.ErrNoRows

// Scanner is one row: *sql.Row or *sql.Rows.
type Scanner interface{ Scan(dest ...any) error }

type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is a transaction. It carries its own context: no request's context reaches a
// statement of a Write.
type Tx struct {
	ctx     context.Context
	run     runner
	dialect Dialect
	after   []func()
}

// Dialect names the engine, for the few statements that differ.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

// Context is the transaction's own context.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Exec runs a statement and returns the number of rows it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	res, err := tx.run.ExecContext(tx.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a query; the caller closes the rows. All is shorter.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	return tx.run.QueryContext(tx.ctx, query, args...)
}

// QueryRow runs a query for one row.
func (tx *Tx) QueryRow(query string, args ...any) Scanner {
	return tx.run.QueryRowContext(tx.ctx, query, args...)
}

// AfterCommit runs fn once the transaction is durable: caches, wake-ups.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Lock makes transactions that lock the same name wait for each other until they
// end. On SQLite every Write is alone already.
func (tx *Tx) Lock(name string) error {
	if tx.dialect != Postgres {
		return nil
	}
	_, err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtext($1))`, name)
	return err
}

// One reads one row with scan; found is false when there is none.
func One[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) (v T, found bool, err error) {
	v, err = scan(tx.QueryRow(query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, err
}

// All reads every row with scan.
func All[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// Value scans a single column: db.One(tx, db.Value[int64], `SELECT COUNT(*) …`).
func Value[T any](row Scanner) (v T, err error) { err = row.Scan(&v); return v, err }
