package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrNoRows is what QueryRow(..).Scan returns when nothing matched.
var ErrNoRows = sql.ErrNoRows

// errOver is what a Tx answers after its function has returned: a goroutine that
// outlives the transaction must not write into somebody else's.
var errOver = errors.New("db: this transaction is over")

// Scanner is one row: *sql.Row or *sql.Rows.
type Scanner interface{ Scan(dest ...any) error }

type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is a transaction. It carries its own context: no request's context reaches a
// statement of a Write. It belongs to one goroutine.
type Tx struct {
	ctx     context.Context
	run     runner
	dialect Dialect
	sqlTx   *sql.Tx
	pgxTx   pgx.Tx
	over    bool
	after   []func()
	last    []lastStep
	locks   *lockPlan // PostgreSQL only
}

// Dialect names the engine, for the few statements that differ.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

// Context is the transaction's own context. A Write that is given it is refused.
func (tx *Tx) Context() context.Context { return tx.ctx }

// SQL is the transaction underneath on SQLite, for the job queue's InsertTx; nil on
// PostgreSQL. Neither commit nor roll it back, and give it no context that can end:
// a cancelled statement ends the transaction of every caller in the batch.
func (tx *Tx) SQL() *sql.Tx { return tx.sqlTx }

// Pgx is the transaction underneath a Write on PostgreSQL, for the same purpose;
// nil on SQLite and in a Read.
func (tx *Tx) Pgx() pgx.Tx { return tx.pgxTx }

// Exec runs a statement and returns the number of rows it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if tx.over {
		return 0, errOver
	}
	res, err := tx.run.ExecContext(tx.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a query; the caller closes the rows. All is shorter.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	if tx.over {
		return nil, errOver
	}
	return tx.run.QueryContext(tx.ctx, query, args...)
}

// QueryRow runs a query for one row.
func (tx *Tx) QueryRow(query string, args ...any) Scanner {
	if tx.over {
		return noRow{errOver}
	}
	return tx.run.QueryRowContext(tx.ctx, query, args...)
}

type noRow struct{ err error }

func (r noRow) Scan(...any) error { return r.err }

// AfterCommit runs fn, in the caller's goroutine, once the transaction is durable:
// caches, wake-ups. It does not run when the Write fails.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

type lastStep struct {
	key string
	fn  func(*Tx) error
}

// BeforeCommit runs fn once just before COMMIT, however many calls of the same
// batch asked under the same key: work that is cheaper for many rows at once, such
// as indexing what the batch changed. An error fails every call of the batch.
func (tx *Tx) BeforeCommit(key string, fn func(*Tx) error) {
	tx.last = append(tx.last, lastStep{key, fn})
}

// Lock makes transactions that lock the same name wait for each other until they
// end. On SQLite every Write is alone already. Return its error as it is: on
// PostgreSQL it may mean "run me again, with the lock".
func (tx *Tx) Lock(name string) error {
	if tx.dialect != Postgres {
		return nil
	}
	return tx.lockPostgres(name)
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
