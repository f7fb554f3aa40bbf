package bench

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"cchc/internal/db"
)

// The bare engine, which the program is measured against: the statements that the
// program's own acts executed, recorded on one copy of the data and run again on
// another, prepared, without a savepoint, without a line of ours around them.

// script is the statements of the acts of some callers, an act a slice.
type script struct {
	acts [][][]db.Statement // by caller
	next []int
	turn int
}

// worker is somebody who does one act after the other.
type worker interface {
	act(ctx context.Context) error
}

// record has the workers that make gives do acts each on a copy of the data and writes
// down what they execute.
func (r *run) record(ctx context.Context, all *databases, n, acts int, make func(context.Context, *Program) ([]worker, error)) (*script, error) {
	copied, err := all.copy(ctx, r.base)
	if err != nil {
		return nil, err
	}
	s := newScript(n)
	err = r.with(ctx, copied, func(ctx context.Context, p *Program) error {
		list, err := make(ctx, p)
		if err != nil {
			return err
		}
		failed := newFailures(n)
		var wg sync.WaitGroup
		for i, c := range list {
			wg.Go(func() {
				for range acts {
					one, err := recordOne(ctx, c)
					if err != nil {
						failed <- err
						return
					}
					s.acts[i] = append(s.acts[i], one)
				}
			})
		}
		wg.Wait()
		close(failed)
		return <-failed
	})
	return s, errors.Join(err, os.RemoveAll(copied.dir))
}

func newScript(n int) *script {
	return &script{acts: make([][][]db.Statement, n), next: make([]int, n)}
}

func newFailures(n int) chan error { return make(chan error, n) }

// recordOne does one act and returns its statements, with arguments as a driver takes them.
func recordOne(ctx context.Context, c worker) (one []db.Statement, err error) {
	if err := c.act(db.Recording(ctx, func(st db.Statement) {
		if one = append(one, st); st.Query == "" { // from the beginning, or once more
			one = nil
		}
	})); err != nil {
		return nil, err
	}
	for _, st := range one {
		for k, v := range st.Args {
			if st.Args[k], err = driver.DefaultParameterConverter.ConvertValue(v); err != nil {
				return nil, err
			}
		}
	}
	return one, nil
}

// take returns the next act of whichever caller is next and has one left.
func (s *script) take() ([]db.Statement, error) {
	for range s.acts {
		i := s.turn
		s.turn = (s.turn + 1) % len(s.acts)
		if s.next[i] < len(s.acts[i]) {
			s.next[i]++
			return s.acts[i][s.next[i]-1], nil
		}
	}
	return nil, errors.New("bench: not enough acts were recorded")
}

// of returns the next act of one caller, when as many clients run as were recorded;
// a lone client takes from all.
func (s *script) of(i, clients int) ([]db.Statement, error) {
	if clients != len(s.acts) {
		return s.take()
	}
	if s.next[i] == len(s.acts[i]) {
		return nil, errors.New("bench: not enough acts were recorded")
	}
	s.next[i]++
	return s.acts[i][s.next[i]-1], nil
}

// statements is how many an act has, and how many of them change something.
func (s *script) statements() (all, changing float64) {
	n := 0
	for _, c := range s.acts {
		for _, act := range c {
			n++
			all += float64(len(act))
			for _, st := range act {
				if !st.Reads {
					changing++
				}
			}
		}
	}
	return all / float64(n), changing / float64(n)
}

// bare runs acts of a script on an engine: size acts a transaction, clients at once.
type bare interface {
	run(ctx context.Context, s *script, acts, size, clients int) (time.Duration, error)
	close() error
}

func (r *run) bare(ctx context.Context, all *databases) (bare, error) {
	copied, err := all.copy(ctx, r.base)
	if err != nil {
		return nil, err
	}
	if copied.url != "" {
		c, err := pgxpool.ParseConfig(copied.url)
		if err != nil {
			return nil, err
		}
		c.MaxConns = 64
		pool, err := pgxpool.NewWithConfig(ctx, c)
		return &barePostgres{pool}, err
	}
	h, err := db.RawSQLite(database(copied.dir))
	if err != nil {
		return nil, err
	}
	conn, err := h.Conn(ctx)
	return &bareSQLite{h: h, conn: conn, stmts: map[string]*sql.Stmt{}}, err
}

type bareSQLite struct {
	h     *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (b *bareSQLite) close() error {
	for _, s := range b.stmts {
		s.Close()
	}
	return errors.Join(b.conn.Close(), b.h.Close())
}

func (b *bareSQLite) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := b.stmts[query]; ok {
		return s, nil
	}
	s, err := b.conn.PrepareContext(ctx, query)
	b.stmts[query] = s
	return s, err
}

// run needs no clients: SQLite has one writer.
func (b *bareSQLite) run(ctx context.Context, s *script, acts, size, _ int) (time.Duration, error) {
	begin, err := b.prepared(ctx, "BEGIN IMMEDIATE")
	if err != nil {
		return 0, err
	}
	commit, err := b.prepared(ctx, "COMMIT")
	if err != nil {
		return 0, err
	}
	began := time.Now()
	for done := 0; done < acts; done += size {
		if _, err := begin.ExecContext(ctx); err != nil {
			return 0, err
		}
		for range min(size, acts-done) {
			act, err := s.take()
			if err != nil {
				return 0, err
			}
			for _, st := range act {
				if err := b.one(ctx, st); err != nil {
					return 0, fmt.Errorf("raw: %w: %s", err, st.Query)
				}
			}
		}
		if _, err := commit.ExecContext(ctx); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

func (b *bareSQLite) one(ctx context.Context, st db.Statement) error {
	s, err := b.prepared(ctx, st.Query)
	if err != nil {
		return err
	}
	if !st.Reads {
		res, err := s.ExecContext(ctx, st.Args...)
		if err != nil {
			return err
		}
		changed, err := res.RowsAffected()
		return sameWork(st, changed, err)
	}
	rows, err := s.QueryContext(ctx, st.Args...)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return errors.Join(rows.Err(), rows.Close())
}

// sameWork makes sure that the bare run is no easier than the program's.
func sameWork(st db.Statement, changed int64, err error) error {
	if err == nil && changed != st.Changed {
		err = fmt.Errorf("changed %d rows, the program %d", changed, st.Changed)
	}
	return err
}

type barePostgres struct{ pool *pgxpool.Pool }

func (b *barePostgres) close() error { b.pool.Close(); return nil }

// run has each client do the acts of one caller, as pgbench would: a transaction after
// the other, at the server's usual isolation.
func (b *barePostgres) run(ctx context.Context, s *script, acts, _, clients int) (time.Duration, error) {
	failed := make(chan error, clients)
	var wg sync.WaitGroup
	began := time.Now()
	for i := range clients {
		wg.Go(func() {
			for range acts / clients {
				act, err := s.of(i, clients)
				if err != nil {
					failed <- err
					return
				}
				if err := b.act(ctx, act); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	close(failed)
	return took, <-failed
}

func (b *barePostgres) act(ctx context.Context, act []db.Statement) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for _, st := range act {
		if !st.Reads {
			tag, err := tx.Exec(ctx, st.Query, st.Args...)
			if err := sameWork(st, tag.RowsAffected(), err); err != nil {
				return fmt.Errorf("raw: %w: %s", err, st.Query)
			}
			continue
		}
		rows, err := tx.Query(ctx, st.Query, st.Args...)
		if err != nil {
			return fmt.Errorf("raw: %w: %s", err, st.Query)
		}
		for rows.Next() {
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("raw: %w: %s", err, st.Query)
		}
	}
	return tx.Commit(ctx)
}

// fsyncs writes a page of 4 KiB and has it on the disk, over and over.
func fsyncs(dir string, within time.Duration) (rate float64, err error) {
	f, err := os.Create(filepath.Join(dir, "fsync"))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	page := make([]byte, 4096)
	began, n := time.Now(), 0
	for time.Since(began) < within {
		if _, err := f.WriteAt(page, 0); err != nil {
			return 0, err
		}
		if err := fdatasync(f); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds(), nil
}
