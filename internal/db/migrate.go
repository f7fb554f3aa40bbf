package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"cchc/internal/errs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// step is one migration file. NNNN_what.sql runs on both engines; NNNN_what.sqlite.sql
// and NNNN_what.postgres.sql run on one and count as the same step.
type step struct{ name, file string }

func stepsOf(files fs.FS, dialect Dialect) ([]step, error) {
	names, err := fs.Glob(files, "*.sql") // Glob sorts
	if err != nil {
		return nil, err
	}
	var steps []step
	for _, file := range names {
		name, engine, special := strings.Cut(strings.TrimSuffix(file, ".sql"), ".")
		if special && engine != string(dialect) {
			continue
		}
		if n := len(steps); n > 0 && steps[n-1].name == name {
			return nil, fmt.Errorf("migration %s is there twice", name)
		}
		steps = append(steps, step{name, file})
	}
	return steps, nil
}

// migrate applies, in the order of their names, the steps not yet recorded, all in
// one transaction: after an interruption the database is as it was, and the old
// program still runs on it. Programs that start together wait for each other.
func (d *DB) migrate(ctx context.Context, files fs.FS) error {
	steps, err := stepsOf(files, d.dialect)
	if err != nil {
		return err
	}
	c, err := d.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer c.Close()
	// An error here means that there is no schema_step yet.
	if done, err := stepsDone(ctx, c); err == nil {
		if todo, err := stepsLeft(steps, done); err != nil || len(todo) == 0 {
			return err
		}
	}
	if d.dialect == SQLite {
		// Rebuilding a table, SQLite's way to change a column, needs foreign keys off,
		// which cannot be said inside a transaction. They are checked before COMMIT.
		if _, err := c.ExecContext(ctx, `PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 60000`); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		defer c.ExecContext(context.WithoutCancel(ctx), `PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000`)
	}
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer tx.Rollback()
	if d.dialect == Postgres {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('schema_step', 0))`); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	if err := applySteps(ctx, tx, files, steps); err != nil {
		return err
	}
	if d.dialect == SQLite {
		if err := checkReferences(ctx, tx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func applySteps(ctx context.Context, tx *sql.Tx, files fs.FS, steps []step) error {
	if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_step (name TEXT PRIMARY KEY)`); err != nil {
		return fmt.Errorf("create schema_step: %w", err)
	}
	done, err := stepsDone(ctx, tx) // again, now that we are alone
	if err != nil {
		return fmt.Errorf("read schema_step: %w", err)
	}
	todo, err := stepsLeft(steps, done)
	if err != nil {
		return err
	}
	for _, s := range todo {
		text, err := fs.ReadFile(files, s.file)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("migration %s: %w", s.file, err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO schema_step (name) VALUES ($1)`, s.name); err != nil {
			return fmt.Errorf("migration %s: %w", s.file, err)
		}
	}
	return nil
}

func stepsDone(ctx context.Context, on runner) ([]string, error) {
	rows, err := on.QueryContext(ctx, `SELECT name FROM schema_step ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var done []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		done = append(done, name)
	}
	return done, rows.Err()
}

// stepsLeft returns the steps not yet done, and refuses a database that has steps
// which this program does not know.
func stepsLeft(steps []step, done []string) ([]step, error) {
	known := map[string]bool{}
	var todo []step
	for _, s := range steps {
		known[s.name] = true
		if !slices.Contains(done, s.name) {
			todo = append(todo, s)
		}
	}
	for _, name := range done {
		if !known[name] {
			return nil, errs.New(errs.Conflict, "db.newer_than_program", "step", name)
		}
	}
	return todo, nil
}

// checkReferences fails when a row refers to one that is not there.
func checkReferences(ctx context.Context, on runner) error {
	rows, err := on.QueryContext(ctx, `PRAGMA foreign_key_check`)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		var table, parent string
		var row sql.NullInt64
		var key int
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return err
		}
		return fmt.Errorf("a row of %s refers to a row of %s that is not there", table, parent)
	}
	return rows.Err()
}

// Migrations returns the text of every embedded migration, one after the other with
// its name: what a prepared test database is keyed by.
func Migrations() ([]byte, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(append(append(all, name...), 0), text...)
	}
	return all, nil
}
