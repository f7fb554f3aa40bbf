package db

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"cchc/internal/errs"
)

// IsDuplicate says whether err is a row that breaks a UNIQUE or PRIMARY KEY. On
// PostgreSQL such an error has ended the transaction: it is for the caller of Write,
// never for fn, which uses ON CONFLICT DO NOTHING and looks at the count.
func IsDuplicate(err error) bool {
	switch code := sqliteCode(err); code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return postgresCode(err) == "23505"
}

// sqliteCode is the extended result code in err, or 0.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// postgresCode is the SQLSTATE in err, or "".
func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// classify gives the failures of the machine a code that a person may see, and
// keeps the cause. What is a refusal already, or a mistake of ours, stays as it is.
func classify(err error) error {
	if err == nil || errs.KindOf(err) != "" {
		return err
	}
	if code := codeOf(err); code != "" {
		return fmt.Errorf("%w: %w", errs.New(errs.Unavailable, code), err)
	}
	return err
}

func codeOf(err error) string {
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_FULL:
		return "db.disk_full"
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return "db.io_error"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "db.busy"
	}
	switch code := postgresCode(err); {
	case code == "53100":
		return "db.disk_full"
	case code == "58030", code == "25006": // io_error, read_only_sql_transaction
		return "db.io_error"
	case isConflict(err), code == "53300", code == "55P03": // too many clients, lock not available
		return "db.busy"
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"): // connection, shutting down
		return "db.unreachable"
	case code != "":
		return ""
	}
	var network net.Error
	var connect *pgconn.ConnectError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ""
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, net.ErrClosed):
		return "db.unreachable"
	}
	return ""
}
