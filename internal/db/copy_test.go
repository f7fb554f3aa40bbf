package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

// copySteps has every kind of column of the shared SQL, a table that refers to
// itself, two that refer to each other's neighbours out of alphabetical order, a row
// put there by a migration, and a table that is not copied.
var copySteps = steps(
	"0001_tables.sql", `CREATE TABLE test_parent (id TEXT PRIMARY KEY, parent_id TEXT REFERENCES test_parent (id), name TEXT NOT NULL);
		CREATE TABLE test_child (id TEXT PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES test_parent (id), done BOOLEAN NOT NULL, maybe BOOLEAN,
			at_ms BIGINT NOT NULL, day TEXT, share DOUBLE PRECISION);
		CREATE TABLE search_word (word TEXT);
		INSERT INTO test_parent (id, name) VALUES ('root', 'made by a migration')`,
	"0002_blob.sqlite.sql", `CREATE TABLE test_blob (n INTEGER PRIMARY KEY, body BLOB)`,
	"0002_blob.postgres.sql", `CREATE TABLE test_blob (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body BYTEA)`,
)

type child struct {
	ID, Parent string
	Done       bool
	Maybe      *bool
	At         int64
	Day        *string
	Share      *float64
}

func TestCopy_thereAndBackIsEqual(t *testing.T) {
	t.Parallel()
	over := filepath.Join(t.TempDir(), "over.db") // without a server, over another file
	if os.Getenv("TEST_DATABASE_URL") != "" {
		over = dbtest.EmptyPostgresURL(t)
	}
	from, middle, back := openStep(t, filepath.Join(t.TempDir(), "from.db")), openStep(t, over), openStep(t, filepath.Join(t.TempDir(), "back.db"))
	rapid.Check(t, func(r *rapid.T) {
		ctx := context.Background()
		content := drawContent(r)
		for _, d := range []*db.DB{from, middle, back} {
			if err := d.Write(ctx, resetCopy); err != nil {
				r.Fatal(err)
			}
		}
		if err := from.Write(ctx, content.insert); err != nil {
			r.Fatal(err)
		}
		if err := errors.Join(db.Copy(ctx, from, middle, nil), db.Copy(ctx, middle, back, nil)); err != nil {
			r.Fatal(err)
		}
		want := contentOf(r, from)
		for name, d := range map[string]*db.DB{"there": middle, "back": back} {
			if got := contentOf(r, d); !reflect.DeepEqual(got, want) {
				r.Fatalf("%s: got %v, want %v", name, got, want)
			}
		}
	})
}

// resetCopy brings the tables back to what the migration left.
func resetCopy(tx *db.Tx) error {
	_, err1 := tx.Exec(`DELETE FROM test_child`)
	_, err2 := tx.Exec(`UPDATE test_parent SET parent_id = NULL`)
	_, err3 := tx.Exec(`DELETE FROM test_parent WHERE id <> 'root'`)
	_, err4 := tx.Exec(`DELETE FROM test_blob`)
	return errors.Join(err1, err2, err3, err4)
}

type content struct {
	children []child
	names    []string
	blobs    [][]byte
}

func drawContent(r *rapid.T) content {
	text := rapid.StringOf(rapid.RuneFrom([]rune("aZ09 'đĐạộế\n\"\\$%_")))
	children := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) child {
		return child{
			Done: rapid.Bool().Draw(r, "done"), Maybe: rapid.Ptr(rapid.Bool(), true).Draw(r, "maybe"),
			At: rapid.Int64().Draw(r, "at"), Day: rapid.Ptr(text, true).Draw(r, "day"),
			Share: rapid.Ptr(rapid.Float64Range(-1e300, 1e300), true).Draw(r, "share"),
		}
	}), 0, 20).Draw(r, "children")
	return content{
		children: children,
		names:    rapid.SliceOfN(text, len(children), len(children)).Draw(r, "names"),
		blobs:    rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 0, 5).Draw(r, "blobs"),
	}
}

func (c content) insert(tx *db.Tx) error {
	// A chain of parents: each refers to one whose id sorts after its own.
	above := "root"
	for i, child := range c.children {
		id := fmt.Sprintf("p%02d", 99-i)
		if _, err := tx.Exec(`INSERT INTO test_parent (id, parent_id, name) VALUES ($1, $2, $3)`, id, above, c.names[i]); err != nil {
			return err
		}
		above = id
		if _, err := tx.Exec(`INSERT INTO test_child (id, parent_id, done, maybe, at_ms, day, share) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			fmt.Sprintf("c%02d", i), id, child.Done, child.Maybe, child.At, child.Day, child.Share); err != nil {
			return err
		}
	}
	for i, b := range c.blobs {
		if _, err := tx.Exec(`INSERT INTO test_blob (n, body) VALUES ($1, $2)`, i+1, b); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO search_word (word) VALUES ('derived')`)
	return err
}

func contentOf(r *rapid.T, d *db.DB) (all []any) {
	if err := d.Read(context.Background(), func(tx *db.Tx) error {
		parents, err := db.All(tx, func(row db.Scanner) (v [3]string, err error) {
			return v, row.Scan(&v[0], &v[1], &v[2])
		}, `SELECT id, COALESCE(parent_id, '-'), name FROM test_parent ORDER BY id`)
		if err != nil {
			return err
		}
		children, err := db.All(tx, func(row db.Scanner) (c child, err error) {
			return c, row.Scan(&c.ID, &c.Parent, &c.Done, &c.Maybe, &c.At, &c.Day, &c.Share)
		}, `SELECT id, parent_id, done, maybe, at_ms, day, share FROM test_child ORDER BY id`)
		if err != nil {
			return err
		}
		blobs, err := db.All(tx, func(row db.Scanner) (string, error) {
			var body []byte
			err := row.Scan(&body)
			return fmt.Sprintf("%x", body), err
		}, `SELECT body FROM test_blob ORDER BY n`)
		all = []any{parents, children, blobs}
		return err
	}); err != nil {
		r.Fatal(err)
	}
	return all
}

func TestCopy_refusesATargetThatIsInUseAndOneOfAnotherSchema(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	eachEmpty(t, func(t *testing.T, url string) {
		from, to := openStep(t, filepath.Join(t.TempDir(), "from.db")), openStep(t, url)
		if err := to.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO test_parent (id, name) VALUES ('x', 'y')`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		err := db.Copy(context.Background(), from, to, nil)
		if all := errs.All(err); len(all) != 1 || all[0].Code != "db.target_not_empty" || all[0].Args["table"] != "test_parent" {
			t.Errorf("got %v", err)
		}
		other := dbtest.NewSQLite(t)
		if err := db.Copy(context.Background(), other, to, nil); errs.CodeOf(err) != "db.schema_differs" {
			t.Errorf("got %v", err)
		}
	})
}

func openStep(t *testing.T, url string) *db.DB {
	t.Helper()
	d, err := db.OpenWith(context.Background(), url, copySteps)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestCopy_movesTheRealTablesBetweenTheEngines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rows := 0
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 2500 {
				if _, err := tx.Exec(`INSERT INTO event_outbox (id, kind, body, created_ms) VALUES ($1, 'x.y', '{}', $2)`, db.NewID(), i); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		to := dbtest.NewSQLite(t)
		calls := 0
		if err := db.Copy(t.Context(), d, to, func(table string, n int) {
			if table == "event_outbox" {
				rows, calls = n, calls+1
			}
		}); err != nil {
			t.Fatal(err)
		}
		if rows != 2500 || calls != 3 {
			t.Errorf("told of %d rows in %d reports", rows, calls)
		}
	})
}
