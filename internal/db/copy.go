package db

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cchc/internal/errs"
)

// copyProgress is how many rows pass between two reports of progress.
const copyProgress = 1000

// derivedTables are not copied, because the program rebuilds them from the others
// (search), because they belong to a library that is drained first (the job queue),
// or because they must not survive a move (sessions). An ending _ means a prefix.
var derivedTables = []string{"schema_step", "sqlite_", "river_", "search_", "identity_session"}

func derived(table string) bool {
	return slices.ContainsFunc(derivedTables, func(d string) bool {
		return table == d || (strings.HasSuffix(d, "_") && strings.HasPrefix(table, d))
	})
}

// Copy moves every row of our tables from one database to another, whatever their
// engines. Both must be at the same migration (Conflict "db.schema_differs") and the
// target as its migrations left it (Conflict "db.target_not_empty"). The source is
// read in one snapshot and may be in use, but what it writes meanwhile is left
// behind: drain the queues and stop it before a move.
//
// The target is one transaction: it ends complete or untouched. Its foreign keys are
// off while rows arrive in whatever order, and checked before COMMIT; then each
// table's number of rows and content hash must equal the source's. progress, which
// may be nil, is told the rows copied so far of a table.
func Copy(ctx context.Context, from, to *DB, progress func(table string, rows int)) error {
	if progress == nil {
		progress = func(string, int) {}
	}
	return from.snapshot(ctx, 0, func(src *Tx) error {
		return to.receive(ctx, func(dst target) error {
			tables, err := sameTables(ctx, src, dst)
			if err != nil {
				return err
			}
			if err := to.refuseUsed(ctx, dst, tables); err != nil {
				return err
			}
			for _, t := range tables {
				if err := copyTable(ctx, src, dst, t, progress); err != nil {
					return fmt.Errorf("copy table %s: %w", t.name, err)
				}
			}
			return nil
		})
	})
}

// target is the open transaction that receives a copy.
type target interface {
	runner
	dialect() Dialect
	// fill appends rows to the empty table t.
	fill(ctx context.Context, t table, rows *rowStream) error
}

// table is one of ours: its columns sorted by name, which both engines agree on.
type table struct {
	name    string
	columns []string
}

func (t table) selectAll() string {
	return "SELECT " + quoted(t.columns) + " FROM " + quoted([]string{t.name})
}

func quoted(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}

func tablesOf(ctx context.Context, on runner, dialect Dialect) ([]table, error) {
	query := `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.name`
	if dialect == Postgres {
		query = `SELECT c.table_name, c.column_name FROM information_schema.columns c
			JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
			WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
			ORDER BY c.table_name COLLATE "C", c.column_name COLLATE "C"`
	}
	rows, err := on.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []table
	for rows.Next() {
		var name, column string
		if err := rows.Scan(&name, &column); err != nil {
			return nil, err
		}
		if derived(name) {
			continue
		}
		if n := len(all); n == 0 || all[n-1].name != name {
			all = append(all, table{name: name})
		}
		t := &all[len(all)-1]
		t.columns = append(t.columns, column)
	}
	return all, rows.Err()
}

// sameTables returns the tables to copy once both sides agree on them.
func sameTables(ctx context.Context, src *Tx, dst target) ([]table, error) {
	for _, list := range []func(context.Context, runner, Dialect) ([]table, error){stepsAsTables, tablesOf} {
		ours, err := list(ctx, src.run, src.dialect)
		if err != nil {
			return nil, err
		}
		theirs, err := list(ctx, dst, dst.dialect())
		if err != nil {
			return nil, err
		}
		same := func(a, b table) bool { return a.name == b.name && slices.Equal(a.columns, b.columns) }
		if !slices.EqualFunc(ours, theirs, same) {
			return nil, errs.New(errs.Conflict, "db.schema_differs")
		}
	}
	return tablesOf(ctx, src.run, src.dialect)
}

func stepsAsTables(ctx context.Context, on runner, _ Dialect) ([]table, error) {
	done, err := stepsDone(ctx, on)
	slices.Sort(done)
	return []table{{columns: done}}, err
}

// refuseUsed refuses a target that holds more than its migrations put there, and
// clears what they put. What that is, a fresh database of the same steps tells.
func (d *DB) refuseUsed(ctx context.Context, dst target, tables []table) error {
	var filled []table
	for _, t := range tables {
		var n int
		if err := dst.QueryRowContext(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM "+quoted([]string{t.name})+" LIMIT 1) x").Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			filled = append(filled, t)
		}
	}
	if len(filled) == 0 {
		return nil
	}
	return withFresh(ctx, d.steps, func(fresh *Tx) error {
		for _, t := range filled {
			want, err := digestOf(ctx, fresh.run, t)
			if err != nil {
				return err
			}
			got, err := digestOf(ctx, dst, t)
			if err != nil {
				return err
			}
			if got != want {
				return errs.New(errs.Conflict, "db.target_not_empty", "table", t.name)
			}
			if _, err := dst.ExecContext(ctx, "DELETE FROM "+quoted([]string{t.name})); err != nil {
				return err
			}
		}
		return nil
	})
}

func withFresh(ctx context.Context, steps fs.FS, fn func(*Tx) error) error {
	dir, err := os.MkdirTemp("", "cchc-fresh-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fresh, err := open(ctx, filepath.Join(dir, "fresh.db"), steps)
	if err != nil {
		return err
	}
	defer fresh.Close()
	return fresh.snapshot(ctx, 0, fn)
}

func copyTable(ctx context.Context, src *Tx, dst target, t table, progress func(string, int)) error {
	rows, err := src.Query(t.selectAll())
	if err != nil {
		return err
	}
	defer rows.Close()
	stream := newRowStream(rows, t, progress)
	if err := dst.fill(ctx, t, stream); err != nil {
		return err
	}
	if err := stream.Err(); err != nil {
		return err
	}
	progress(t.name, int(stream.digest.rows))
	arrived, err := digestOf(ctx, dst, t)
	if err != nil {
		return err
	}
	if arrived != stream.digest {
		return fmt.Errorf("%d rows left and %d arrived, or their content differs", stream.digest.rows, arrived.rows)
	}
	return nil
}

// rowStream reads rows one by one and sums them up on the way.
type rowStream struct {
	rows     *sql.Rows
	table    table
	progress func(string, int)
	values   []any
	into     []any
	digest   digest
	err      error
}

func newRowStream(rows *sql.Rows, t table, progress func(string, int)) *rowStream {
	s := &rowStream{rows: rows, table: t, progress: progress}
	s.values = make([]any, len(t.columns))
	s.into = make([]any, len(t.columns))
	for i := range s.values {
		s.into[i] = &s.values[i]
	}
	return s
}

// Next moves to the next row; false at the end or at an error.
func (s *rowStream) Next() bool {
	if s.err != nil || !s.rows.Next() {
		return false
	}
	s.err = s.rows.Scan(s.into...)
	for i, v := range s.values {
		if b, ok := v.([]byte); ok && b == nil {
			s.values[i] = []byte{} // SQLite's driver gives an empty BLOB so; it is not NULL
		}
	}
	if s.err == nil {
		s.err = s.digest.add(s.values)
	}
	if s.digest.rows%copyProgress == 0 {
		s.progress(s.table.name, int(s.digest.rows))
	}
	return s.err == nil
}

// Err is what ended the stream early.
func (s *rowStream) Err() error {
	if s.err != nil {
		return s.err
	}
	return s.rows.Err()
}
