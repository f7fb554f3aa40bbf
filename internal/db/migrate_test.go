package db_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

// eachEmpty runs fn with the URL of a database without a table, on each engine.
func eachEmpty(t *testing.T, fn func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); fn(t, filepath.Join(t.TempDir(), "empty.db")) })
	if os.Getenv("TEST_DATABASE_URL") != "" {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); fn(t, dbtest.EmptyPostgresURL(t)) })
	}
}

func steps(names ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for i := 0; i < len(names); i += 2 {
		files[names[i]] = &fstest.MapFile{Data: []byte(names[i+1])}
	}
	return files
}

const (
	one    = `CREATE TABLE test_row (id TEXT PRIMARY KEY); INSERT INTO test_row (id) VALUES ('a')`
	broken = `INSERT INTO test_row (id) VALUES ('b'); INSERT INTO test_gone (id) VALUES ('c')`
	two    = `INSERT INTO test_row (id) VALUES ('b')`
)

func TestMigrate_anInterruptedOneLeavesTheDatabaseAsItWas(t *testing.T) {
	t.Parallel()
	eachEmpty(t, func(t *testing.T, url string) {
		_, err := db.OpenWith(t.Context(), url, steps("0001_one.sql", one, "0002_two.sql", broken))
		if err == nil || !strings.Contains(err.Error(), "0002_two.sql") {
			t.Fatalf("got %v, want the name of the file", err)
		}
		// Neither the broken step nor the one before it is there: both run now.
		d, err := db.OpenWith(t.Context(), url, steps("0001_one.sql", one, "0002_two.sql", two))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if got := rowsOf(t, d); got != "a b" {
			t.Errorf("got %s", got)
		}
	})
}

func TestMigrate_runsEachStepOnceThoughSeveralStartTogether(t *testing.T) {
	t.Parallel()
	eachEmpty(t, func(t *testing.T, url string) {
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				d, err := db.OpenWith(context.Background(), url, steps("0001_one.sql", one, "0002_two.sql", two))
				if err != nil {
					t.Error(err)
					return
				}
				defer d.Close()
				if got := rowsOf(t, d); got != "a b" {
					t.Errorf("got %s", got)
				}
			})
		}
		wg.Wait()
	})
}

func TestMigrate_refusesADatabaseNewerThanTheProgram(t *testing.T) {
	t.Parallel()
	eachEmpty(t, func(t *testing.T, url string) {
		d, err := db.OpenWith(t.Context(), url, steps("0001_one.sql", one, "0002_two.sql", two))
		if err != nil {
			t.Fatal(err)
		}
		d.Close()
		_, err = db.OpenWith(t.Context(), url, steps("0001_one.sql", one))
		all := errs.All(err)
		if len(all) != 1 || all[0].Code != "db.newer_than_program" || all[0].Args["step"] != "0002_two" {
			t.Errorf("got %v", err)
		}
	})
}

func TestMigrate_takesTheFileOfItsEngine(t *testing.T) {
	t.Parallel()
	eachEmpty(t, func(t *testing.T, url string) {
		d, err := db.OpenWith(t.Context(), url, steps("0001_one.sql", one,
			"0002_two.sqlite.sql", `INSERT INTO test_row (id) VALUES ('sqlite')`,
			"0002_two.postgres.sql", `INSERT INTO test_row (id) VALUES ('postgres')`))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if got := rowsOf(t, d); got != "a "+string(d.Dialect()) && got != string(d.Dialect())+" a" {
			t.Errorf("got %s", got)
		}
	})
}

func TestMigrate_canRebuildATableThatOthersReferTo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rebuild.db")
	parent := `CREATE TABLE test_row (id TEXT PRIMARY KEY); INSERT INTO test_row VALUES ('a');
		CREATE TABLE test_child (row_id TEXT NOT NULL REFERENCES test_row (id)); INSERT INTO test_child VALUES ('a')`
	rebuild := `CREATE TABLE test_new (id TEXT PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0); INSERT INTO test_new (id) SELECT id FROM test_row;
		DROP TABLE test_row; ALTER TABLE test_new RENAME TO test_row`
	d, err := db.OpenWith(t.Context(), path, steps("0001_one.sql", parent, "0002_two.sqlite.sql", rebuild))
	if err != nil {
		t.Fatal(err)
	}
	d.Close()
	_, err = db.OpenWith(t.Context(), path, steps("0001_one.sql", parent, "0002_two.sqlite.sql", rebuild,
		"0003_three.sqlite.sql", `DELETE FROM test_row`))
	if err == nil || !strings.Contains(err.Error(), "test_child") {
		t.Errorf("a row that refers to nothing passed: %v", err)
	}
	if d, err = db.OpenWith(t.Context(), path, steps("0001_one.sql", parent, "0002_two.sqlite.sql", rebuild)); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM test_row`); return err }); err == nil {
		t.Error("foreign keys stayed off")
	}
}
