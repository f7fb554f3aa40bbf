// Package dbtest gives each test a database of its own, on both engines.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"cchc/internal/db"
)

var serial atomic.Int64

// Each runs fn in parallel on every engine at hand: SQLite always, PostgreSQL when
// TEST_DATABASE_URL names a server (make test starts one).
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); fn(t, NewSQLite(t)) })
	if os.Getenv("TEST_DATABASE_URL") != "" {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); fn(t, NewPostgres(t)) })
	}
}

// NewSQLite returns an empty, migrated SQLite database that vanishes with the test.
func NewSQLite(t testing.TB) *db.DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "test.db"))
}

// NewPostgres returns a fresh, migrated schema in the server of TEST_DATABASE_URL.
func NewPostgres(t testing.TB) *db.DB {
	t.Helper()
	url := os.Getenv("TEST_DATABASE_URL")
	h, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), serial.Add(1))
	if _, err := h.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.Exec("DROP SCHEMA " + name + " CASCADE")
		h.Close()
	})
	sep := "?"
	if strings.Contains(url, "?") {
		sep = "&"
	}
	return open(t, url+sep+"search_path="+name)
}

func open(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}
