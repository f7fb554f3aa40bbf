package db

import (
	"context"
	"database/sql"
	"fmt"

	"modernc.org/sqlite"
)

// Statement is one statement that a Write ran, so that a measurement can run the very
// same ones without the program around them.
type Statement struct {
	Query   string
	Args    []any
	Reads   bool  // a query; else an Exec
	Changed int64 // rows changed by an Exec
}

type recordingKey struct{}

// Recording returns a context under which a Write tells note each statement it runs.
// An empty Statement says that the function begins: what was told before it belongs to
// an attempt that lost against another transaction. What BeforeCommit adds for a whole
// batch is not told.
func Recording(ctx context.Context, note func(Statement)) context.Context {
	return context.WithValue(ctx, recordingKey{}, note)
}

// recorded wraps the transaction of a call that is recorded.
func recorded(ctx context.Context, r runner) runner {
	if note, ok := ctx.Value(recordingKey{}).(func(Statement)); ok {
		note(Statement{})
		return recorder{r, note}
	}
	return r
}

type recorder struct {
	runner
	note func(Statement)
}

// ExecContext runs and notes a statement.
func (r recorder) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	res, err := r.runner.ExecContext(ctx, query, args...)
	if err == nil {
		changed, _ := res.RowsAffected()
		r.note(Statement{Query: query, Args: args, Changed: changed})
	}
	return res, err
}

// QueryContext runs and notes a query.
func (r recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.note(Statement{Query: query, Args: args, Reads: true})
	return r.runner.QueryContext(ctx, query, args...)
}

// QueryRowContext runs and notes a query for one row.
func (r recorder) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	r.note(Statement{Query: query, Args: args, Reads: true})
	return r.runner.QueryRowContext(ctx, query, args...)
}

// RawSQLite opens a file with the driver and the settings of the writer and nothing
// else: no committer, no statement cache. It is what the committer is measured against.
func RawSQLite(path string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(fileURI(path) + "?" + writerPragma + "&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	h := sql.OpenDB(c)
	h.SetMaxOpenConns(1)
	return h, nil
}
