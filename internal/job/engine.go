package job

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"cchc/internal/db"
)

// pollEvery is how often River looks for work on SQLite. The driver could poll a table
// of notifications instead, every 50 ms and with a row written for every job: dearer.
const pollEvery = 50 * time.Millisecond

func openEngine(ctx context.Context, d *db.DB, c *river.Config) (engine, error) {
	if d.Dialect() == db.SQLite {
		// River shares the one writing connection; the committer gives it back after each
		// batch. On a connection of its own it would starve behind the writer's locks.
		c.PollOnly, c.FetchPollInterval = true, pollEvery
		return open(ctx, riversqlite.New(d.Writer()), c, (*db.Tx).SQL)
	}
	// Two nodes may start at once, and River's migrations take no lock of their own.
	conn, err := d.Pool().Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	if err := lockMigration(ctx, conn.Conn()); err != nil {
		return nil, err
	}
	defer unlockMigration(context.WithoutCancel(ctx), conn.Conn())
	c.FetchPollInterval = time.Second // LISTEN tells of new jobs; this is the safety net
	return open(ctx, riverpgxv5.New(d.Pool()), c, (*db.Tx).Pgx)
}

func open[TTx any](ctx context.Context, driver riverdriver.Driver[TTx], c *river.Config, unwrap func(*db.Tx) TTx) (engine, error) {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: c.Logger})
	if err != nil {
		return nil, err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	client, err := river.NewClient(driver, c)
	if err != nil {
		return nil, err
	}
	return &on[TTx]{client: client, exec: driver.GetExecutor(), unwrap: unwrap}, nil
}

// The two kinds of transaction that River is handed.
var (
	_ engine = (*on[*sql.Tx])(nil)
	_ engine = (*on[pgx.Tx])(nil)
)
