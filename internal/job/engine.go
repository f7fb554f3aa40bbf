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

// pollEvery is how often River looks for work. It could be told of new jobs instead:
// on SQLite that is a table it polls as often, with a row more for every job; on
// PostgreSQL LISTEN holds a connection, fails behind a transaction pooler, and every
// NOTIFY makes commits wait for each other. One short look is cheaper on both.
const pollEvery = 50 * time.Millisecond

func openEngine(ctx context.Context, d *db.DB, c *river.Config) (engine, error) {
	c.PollOnly, c.FetchPollInterval = true, pollEvery
	if d.Dialect() == db.SQLite {
		// River shares the one writing connection; the committer gives it back after each
		// batch. On a connection of its own it would starve behind the writer's locks.
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
	client, err := river.NewClient[TTx](quiet[TTx]{driver}, c)
	if err != nil {
		return nil, err
	}
	return &on[TTx]{client: client, exec: driver.GetExecutor(), unwrap: unwrap}, nil
}

// quiet is a driver that neither listens nor notifies: River asks it before it writes a
// notification in the transaction of every insert, also when it only polls.
type quiet[TTx any] struct{ riverdriver.Driver[TTx] }

// SupportsListener is River's question.
func (quiet[TTx]) SupportsListener() bool { return false }

// SupportsListenNotify is River's question.
func (quiet[TTx]) SupportsListenNotify() bool { return false }

// The two kinds of transaction that River is handed.
var (
	_ engine = (*on[*sql.Tx])(nil)
	_ engine = (*on[pgx.Tx])(nil)
)
