package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cchc/internal/errs"
)

// errTooLong is why a Read's context ends when it has lasted too long.
var errTooLong = errors.New("db: a Read lasted too long")

// Read runs fn in one read-only snapshot, for at most five seconds. It sees every
// Write that has returned, and neither blocks the writer nor waits for it. Refused
// inside a Write: ErrNested. Errors: what fn returned, ctx's own, Unavailable
// "db.read_too_long" and those of the machine, as for Write.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	if d.closed.Load() {
		return errClosed
	}
	if err := d.refuseNested(ctx); err != nil {
		return err
	}
	return d.snapshot(ctx, d.readLimit, fn)
}

// snapshot is Read with a limit of its own; 0 means none (copy, backup).
func (d *DB) snapshot(ctx context.Context, limit time.Duration, fn func(*Tx) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	opts := &sql.TxOptions{ReadOnly: true}
	if d.dialect == Postgres {
		opts.Isolation = sql.LevelRepeatableRead // READ COMMITTED would look anew at each statement
	}
	inner, err := d.read.BeginTx(ctx, opts)
	if err != nil {
		return classify(fmt.Errorf("begin: %w", err))
	}
	defer inner.Rollback()
	if limit > 0 {
		// The wait for a free connection does not count: it holds nothing.
		defer time.AfterFunc(limit, func() { cancel(errTooLong) }).Stop()
	}
	tx := &Tx{ctx: ctx, run: inner, dialect: d.dialect}
	err = fn(tx)
	tx.over = true
	if err != nil && errs.KindOf(err) == "" && errors.Is(context.Cause(ctx), errTooLong) {
		return fmt.Errorf("%w: %w", errs.New(errs.Unavailable, "db.read_too_long"), err)
	}
	return classify(err)
}
