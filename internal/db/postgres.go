package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"cchc/internal/errs"
)

// conflictRetries is how often a Write is run again after a serialization failure.
const conflictRetries = 10

// conflictCrowd is how many attempts run beside other Writes of this process. Later
// ones run alone: with 64 callers on few cores a Write could lose ten times in a row
// against its own neighbours, and be refused although nothing is wrong.
const conflictCrowd = 5

// crowdOfWrites is how many Writes of this process are under way at once; the others
// wait for their turn. More of them only meet each other: on two cores 64 at once wrote
// half as much as 8.
func crowdOfWrites() int { return max(8, 2*runtime.NumCPU()) }

func (d *DB) openPostgres(ctx context.Context) error {
	config, err := pgxpool.ParseConfig(d.url)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if config.MaxConns < int32(4*runtime.NumCPU()) {
		config.MaxConns = int32(max(16, 4*runtime.NumCPU())) // pool_max_conns in the URL may ask for more
	}
	// A Read that has lasted too long is cancelled at the server, not merely left.
	config.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: time.Second}
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	d.write = stdlib.OpenDBFromPool(d.pool)
	d.read = d.write
	d.places = make(chan struct{}, crowdOfWrites())
	return nil
}

// isConflict: the transaction lost against another one and may be tried again.
func isConflict(err error) bool {
	code := postgresCode(err)
	return code == "40001" || code == "40P01" // serialization_failure, deadlock_detected
}

// writePostgres runs fn in a SERIALIZABLE transaction, again after a conflict. Only
// the wait for a free connection heeds the caller's ctx.
func (d *DB) writePostgres(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	sc, err := d.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer sc.Close()
	var native *pgx.Conn
	err = sc.Raw(func(driverConn any) error {
		native = driverConn.(*stdlib.Conn).Conn()
		return nil
	})
	if err != nil {
		return nil, err
	}
	id := goroutine()
	d.nested.inside.Store(id, true)
	defer d.nested.inside.Delete(id)

	ctx = d.inWrite(context.WithoutCancel(ctx))
	locks := &lockPlan{}
	defer locks.release(ctx, native)
	for attempt := 0; ; {
		tx, err := d.tryPostgres(ctx, sc, native, locks, fn, attempt >= conflictCrowd)
		d.stats.batches.Add(1)
		switch {
		case locks.wanted != "":
			if err := locks.acquire(ctx, native); err != nil {
				return nil, err
			}
		case isConflict(err) && attempt < conflictRetries:
			attempt++
			pause(attempt)
		default:
			d.stats.calls.Add(1)
			return tx, err
		}
		d.stats.retries.Add(1)
	}
}

// enter waits for a place among the Writes of this process, or to be the only one.
func (d *DB) enter(alone bool) (leave func()) {
	if alone {
		d.crowd.Lock()
		return d.crowd.Unlock
	}
	d.places <- struct{}{}
	d.crowd.RLock()
	return func() { d.crowd.RUnlock(); <-d.places }
}

// pause waits a random time that grows with each attempt, up to some 100 ms, so
// that those who collided do not collide again.
func pause(attempt int) {
	top := time.Millisecond << min(attempt, 7)
	time.Sleep(rand.N(top))
}

func (d *DB) tryPostgres(ctx context.Context, sc *sql.Conn, native *pgx.Conn, locks *lockPlan, fn func(*Tx) error, alone bool) (*Tx, error) {
	defer d.enter(alone)()
	inner, err := native.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer inner.Rollback(ctx)
	tx := &Tx{ctx: ctx, run: recorded(ctx, sc), dialect: Postgres, pgxTx: inner, locks: locks}
	locks.wanted = ""
	err = runFn(fn, tx)
	seen := map[string]bool{}
	for i := 0; err == nil && i < len(tx.last); i++ {
		if step := tx.last[i]; !seen[step.key] {
			seen[step.key] = true
			err = runFn(step.fn, tx)
		}
	}
	tx.over = true
	if err == nil && locks.wanted != "" {
		err = errLocked
	}
	if err != nil {
		return nil, err
	}
	if err := inner.Commit(ctx); err != nil {
		if postgresCode(err) == "" && !errors.Is(err, pgx.ErrTxCommitRollback) {
			// No answer came: the server may have committed. Running fn again could do
			// the work twice, so a person must look.
			return nil, fmt.Errorf("%w: %w", errs.New(errs.Unavailable, "db.outcome_unknown"), err)
		}
		return nil, fmt.Errorf("commit: %w", err)
	}
	return tx, nil
}

// errLocked leaves fn when another transaction holds the lock it asked for.
var errLocked = errors.New("db: the lock is held; the function runs again once we have it")

// lockPlan carries Tx.Lock over the attempts of one Write. A SERIALIZABLE snapshot
// is taken by the first statement; one that waits for a lock inside the transaction
// wakes up with a snapshot from before the other's COMMIT and is sure to fail. So a
// lock that is not free at once is awaited between two attempts, on the session,
// where no snapshot exists yet.
type lockPlan struct {
	wanted string   // the name that was not free in this attempt
	held   []string // on the session, sorted, until the Write ends
}

func (tx *Tx) lockPostgres(name string) error {
	free, _, err := One(tx, Value[bool], `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))`, name)
	if err == nil && !free {
		if tx.locks == nil {
			return errors.New("db: Lock outside a Write")
		}
		tx.locks.wanted = name
		return errLocked
	}
	return err
}

// acquire waits for the wanted lock. Everybody takes session locks in the order of
// their names, letting go of later ones first, and nobody waits inside a
// transaction: so two Writes that ask in opposite order cannot block each other.
func (p *lockPlan) acquire(ctx context.Context, c *pgx.Conn) error {
	todo := []string{p.wanted}
	if i, _ := slices.BinarySearch(p.held, p.wanted); i < len(p.held) {
		todo = slices.Insert(slices.Clone(p.held), i, p.wanted)
		p.release(ctx, c)
	}
	p.wanted = ""
	for _, name := range todo {
		if _, err := c.Exec(ctx, `SELECT pg_advisory_lock(hashtextextended($1, 0))`, name); err != nil {
			return err
		}
		p.held = append(p.held, name)
	}
	return nil
}

// release lets go of the session's locks, newest first. If that fails the
// connection is closed, which releases them too.
func (p *lockPlan) release(ctx context.Context, c *pgx.Conn) {
	for _, name := range slices.Backward(p.held) {
		if _, err := c.Exec(ctx, `SELECT pg_advisory_unlock(hashtextextended($1, 0))`, name); err != nil {
			c.Close(ctx)
			break
		}
	}
	p.held = nil
}
