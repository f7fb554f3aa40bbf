package dbtest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"cchc/internal/db"
)

var serial atomic.Int64

// NewPostgres returns a fresh, migrated database on the server of TEST_DATABASE_URL:
// a database, not a schema, so that advisory locks and SERIALIZABLE conflicts of
// tests that run side by side never meet.
func NewPostgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t))
}

// PostgresURL returns the URL of an empty, migrated database, dropped with the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	return s.create(t, s.template)
}

// EmptyPostgresURL returns the URL of a database without a single table, for tests
// of the migrations themselves.
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	return s.create(t, "template0")
}

func (s *server) create(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprintf("cchctest_%d_%d", os.Getpid(), serial.Add(1))
	if err := s.exec("CREATE DATABASE " + name + " TEMPLATE " + template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Logf("drop %s: %v", name, err)
		}
	})
	return s.url(name)
}

// server is the test server with a migrated template database.
type server struct {
	base     *url.URL
	pool     *pgxpool.Pool
	template string
}

func (s *server) url(database string) string {
	u := *s.base
	u.Path = "/" + database
	return u.String()
}

func (s *server) exec(query string) error {
	_, err := s.pool.Exec(context.Background(), query)
	return err
}

// theServer prepares the template once per process; processes that start together
// wait for each other under an advisory lock.
var theServer = sync.OnceValues(func() (*server, error) {
	ctx := context.Background()
	base, err := url.Parse(os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	s := &server{base: base}
	if s.pool, err = pgxpool.New(ctx, base.String()); err != nil {
		return nil, err
	}
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock(hashtextextended('cchctest', 0))`); err != nil {
		return nil, err
	}
	defer c.Exec(ctx, `SELECT pg_advisory_unlock(hashtextextended('cchctest', 0))`)
	if err := s.sweep(ctx, c.Conn()); err != nil {
		return nil, err
	}
	return s, s.prepare(ctx, c.Conn())
})

// prepare makes the template for exactly these migrations, if it is not there yet.
// It is migrated under another name first: a half-made one is never used.
func (s *server) prepare(ctx context.Context, c *pgx.Conn) error {
	text, err := db.Migrations()
	if err != nil {
		return err
	}
	s.template = fmt.Sprintf("cchctemplate_%x", sha256.Sum256(text))[:28]
	var there bool
	err = c.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, s.template).Scan(&there)
	if err != nil || there {
		return err
	}
	raw := fmt.Sprintf("cchctest_%d_template", os.Getpid())
	if _, err := c.Exec(ctx, "CREATE DATABASE "+raw+" TEMPLATE template0"); err != nil {
		return err
	}
	d, err := db.Open(ctx, s.url(raw))
	if err != nil {
		return err
	}
	if err := d.Close(); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "ALTER DATABASE "+raw+" RENAME TO "+s.template)
	return err
}

var ofProcess = regexp.MustCompile(`^cchctest_(\d+)_`)

// templatesKept is how many templates stay: as many as branches tested in turn.
const templatesKept = 20

// sweep drops the databases of processes that are gone, and the oldest templates.
func (s *server) sweep(ctx context.Context, c *pgx.Conn) error {
	rows, err := c.Query(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 'cchctest_%'
		UNION ALL (SELECT datname FROM pg_database WHERE datname LIKE 'cchctemplate_%' ORDER BY oid DESC OFFSET $1)`, templatesKept)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if m := ofProcess.FindStringSubmatch(name); m != nil {
			pid, _ := strconv.Atoi(m[1])
			if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err == nil {
				continue // it still runs
			}
		}
		if _, err := c.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}
