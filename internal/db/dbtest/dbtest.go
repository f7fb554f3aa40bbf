// Package dbtest gives each test a database of its own, on both engines. Start at
// Each. Migrations run once (a file per process on SQLite, a template database per
// server on PostgreSQL); each test gets a copy.
package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"cchc/internal/db"
)

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
	return open(t, SQLiteFile(t))
}

// SQLiteFile returns the path of an empty, migrated SQLite file, not yet open. It
// lies in memory where the machine has /dev/shm: a test about the disk itself makes
// its own file.
func SQLiteFile(t testing.TB) string {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(memory(), "cchc-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "test.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// migrated is the bytes of an empty, migrated database.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp(memory(), "cchc-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	d, err := db.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil { // folds the WAL into the file
		return nil, err
	}
	return os.ReadFile(path)
})

// memory is a folder in memory, or "" for the usual temporary folder.
func memory() string {
	const shm = "/dev/shm"
	if dir, err := os.MkdirTemp(shm, "cchc-probe-"); err == nil {
		os.Remove(dir)
		return shm
	}
	return ""
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
