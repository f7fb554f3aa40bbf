package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// receive runs fn in one transaction in which foreign keys are off, and checks them
// before COMMIT.
func (d *DB) receive(ctx context.Context, fn func(target) error) error {
	c, err := d.write.Conn(ctx)
	if err != nil {
		return classify(err)
	}
	defer c.Close()
	if d.dialect == Postgres {
		return classify(receivePostgres(ctx, c, fn))
	}
	return classify(receiveSQLite(ctx, c, fn))
}

type sqliteTarget struct{ *sql.Tx }

func (sqliteTarget) dialect() Dialect { return SQLite }

func receiveSQLite(ctx context.Context, c *sql.Conn, fn func(target) error) error {
	if _, err := c.ExecContext(ctx, `PRAGMA foreign_keys = OFF`); err != nil { // not heeded inside a transaction
		return err
	}
	defer c.ExecContext(context.WithoutCancel(ctx), `PRAGMA foreign_keys = ON`)
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(sqliteTarget{tx}); err != nil {
		return err
	}
	if err := checkReferences(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (s sqliteTarget) fill(ctx context.Context, t table, rows *rowStream) error {
	marks := make([]string, len(t.columns))
	for i := range marks {
		marks[i] = fmt.Sprint("$", i+1)
	}
	insert, err := s.PrepareContext(ctx, "INSERT INTO "+quoted([]string{t.name})+" ("+quoted(t.columns)+") VALUES ("+strings.Join(marks, ", ")+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for rows.Next() {
		if _, err := insert.ExecContext(ctx, rows.values...); err != nil {
			return err
		}
	}
	return nil
}

type postgresTarget struct {
	*sql.Conn
	tx pgx.Tx
}

func (postgresTarget) dialect() Dialect { return Postgres }

// receivePostgres takes the foreign keys away and puts them back before COMMIT,
// which checks every row; switching triggers off instead would need a superuser.
func receivePostgres(ctx context.Context, c *sql.Conn, fn func(target) error) error {
	var native *pgx.Conn
	err := c.Raw(func(driverConn any) error {
		native = driverConn.(*stdlib.Conn).Conn()
		return nil
	})
	if err != nil {
		return err
	}
	tx, err := native.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	rows, err := tx.Query(ctx, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
		format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY oid`)
	if err != nil {
		return err
	}
	type key struct{ Drop, Add string }
	keys, err := pgx.CollectRows(rows, pgx.RowToStructByPos[key])
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := tx.Exec(ctx, k.Drop); err != nil {
			return err
		}
	}
	if err := fn(postgresTarget{c, tx}); err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := tx.Exec(ctx, k.Add); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

// fill uses COPY, some ten times as fast as INSERT, and moves the counter behind an
// identity column past the numbers that arrived.
func (p postgresTarget) fill(ctx context.Context, t table, rows *rowStream) error {
	booleans, err := p.booleans(ctx, t)
	if err != nil {
		return err
	}
	if _, err := p.tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, &typedRows{rows, booleans}); err != nil {
		return err
	}
	for _, column := range t.columns {
		var counter *string
		if err := p.tx.QueryRow(ctx, `SELECT pg_get_serial_sequence($1, $2)`, quoted([]string{t.name}), column).Scan(&counter); err != nil {
			return err
		}
		if counter == nil {
			continue
		}
		_, err := p.tx.Exec(ctx, `SELECT setval($1::regclass, GREATEST(1, (SELECT MAX(`+quoted([]string{column})+`) FROM `+quoted([]string{t.name})+`)))`, *counter)
		if err != nil {
			return err
		}
	}
	return nil
}

// booleans lists the places of the columns that are BOOLEAN here.
func (p postgresTarget) booleans(ctx context.Context, t table) ([]int, error) {
	rows, err := p.tx.Query(ctx, `SELECT column_name::text FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1 AND data_type = 'boolean'`, t.name)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	var places []int
	for i, column := range t.columns {
		if slices.Contains(names, column) {
			places = append(places, i)
		}
	}
	return places, err
}

// typedRows turns SQLite's 0 and 1 into truth values where PostgreSQL wants them.
type typedRows struct {
	*rowStream
	booleans []int
}

// Values are the current row's, as PostgreSQL wants them.
func (r *typedRows) Values() ([]any, error) {
	for _, i := range r.booleans {
		if n, ok := r.values[i].(int64); ok {
			r.values[i] = n != 0
		}
	}
	return r.values, r.err
}
