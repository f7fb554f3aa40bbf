package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Finding is one thing that Doctor looked at. Its sentence is the locale key Code
// with Args, name and value in turn. A Finding that is not OK must be mended before
// the program serves people.
type Finding struct {
	Code string
	OK   bool
	Args []any
}

// oldestPostgres is the first version with everything that the shared SQL needs.
const oldestPostgres = 150000

// Doctor examines the database: engine and version, encoding, order of text,
// journal, sound pages and references. It reads every page of an SQLite file, so it
// may take minutes. The error says that it could not look.
func (d *DB) Doctor(ctx context.Context) ([]Finding, error) {
	var found []Finding
	note := func(ok bool, code string, args ...any) { found = append(found, Finding{code, ok, args}) }
	err := d.snapshot(ctx, 0, func(tx *Tx) error {
		if d.dialect == Postgres {
			return examinePostgres(tx, note)
		}
		return examineSQLite(tx, note)
	})
	return found, err
}

func examineSQLite(tx *Tx, note func(bool, string, ...any)) error {
	ask := func(query string) (string, error) {
		v, _, err := One(tx, Value[string], query)
		return v, err
	}
	version, err1 := ask(`SELECT sqlite_version()`)
	encoding, err2 := ask(`PRAGMA encoding`)
	journal, err3 := ask(`PRAGMA journal_mode`)
	pages, err4 := ask(`PRAGMA integrity_check(1)`)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	note(true, "db.doctor.sqlite_version", "version", version)
	note(encoding == "UTF-8", "db.doctor.encoding", "encoding", encoding)
	note(journal == "wal", "db.doctor.journal", "journal", journal)
	note(pages == "ok", "db.doctor.integrity", "result", pages)
	broken := checkReferences(tx.ctx, tx.run)
	note(broken == nil, "db.doctor.references", "result", orOK(broken))
	return nil
}

func orOK(err error) string {
	if err == nil {
		return "ok"
	}
	return err.Error()
}

func examinePostgres(tx *Tx, note func(bool, string, ...any)) error {
	var number int
	var version, encoding, collate, ctype, fsync string
	err := tx.QueryRow(`SELECT current_setting('server_version_num')::int, current_setting('server_version'), pg_encoding_to_char(encoding), datcollate, datctype, current_setting('fsync')
		FROM pg_database WHERE datname = current_database()`).Scan(&number, &version, &encoding, &collate, &ctype, &fsync)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	note(number >= oldestPostgres, "db.doctor.postgres_version", "version", version)
	note(encoding == "UTF8", "db.doctor.encoding", "encoding", encoding)
	// Text is compared byte by byte on SQLite; pages cut by key need the same order here.
	note(isC(collate) && isC(ctype), "db.doctor.collation", "collation", collate)
	note(fsync == "on", "db.doctor.fsync", "fsync", fsync)
	return nil
}

func isC(locale string) bool {
	return locale == "C" || locale == "POSIX" || strings.HasPrefix(locale, "C.")
}
