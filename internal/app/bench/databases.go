package bench

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// store is one data folder with its database: a file in it, or a URL.
type store struct{ dir, url string }

// databases makes and copies stores, all below one folder and, on PostgreSQL, as
// databases of their own on the server, which are dropped at the end.
type databases struct {
	dir    string
	server *pgx.Conn // nil: SQLite
	base   *url.URL
	names  []string
	n      int
}

func openDatabases(ctx context.Context, dir, server string) (*databases, error) {
	d := &databases{dir: dir}
	if server == "" {
		return d, nil
	}
	var err error
	if d.base, err = url.Parse(server); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	d.server, err = pgx.Connect(ctx, server)
	return d, err
}

func (d *databases) next() (store, error) {
	d.n++
	s := store{dir: filepath.Join(d.dir, "data"+strconv.Itoa(d.n))}
	return s, os.Mkdir(s.dir, 0o700)
}

// create makes an empty store.
func (d *databases) create(ctx context.Context) (store, error) {
	s, err := d.next()
	if err == nil && d.server != nil {
		s.url, err = d.database(ctx, `template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`)
	}
	return s, err
}

// copy makes a store with the same content; nobody may have the first one open.
func (d *databases) copy(ctx context.Context, from store) (store, error) {
	s, err := d.next()
	if err != nil {
		return s, err
	}
	if err := copyFolder(s.dir, from.dir); err != nil {
		return s, err
	}
	if d.server != nil {
		u, err := url.Parse(from.url)
		if err != nil {
			return s, err
		}
		s.url, err = d.database(ctx, pgx.Identifier{u.Path[1:]}.Sanitize())
		return s, err
	}
	return s, nil
}

func (d *databases) database(ctx context.Context, template string) (string, error) {
	name := fmt.Sprintf("cchc_bench_%d_%d", os.Getpid(), d.n)
	if _, err := d.server.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return "", err
	}
	d.names = append(d.names, name)
	u := *d.base
	u.Path = "/" + name
	return u.String(), nil
}

func (d *databases) close() error {
	if d.server == nil {
		return nil
	}
	ctx := context.Background()
	defer d.server.Close(ctx)
	for _, name := range d.names {
		if _, err := d.server.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case e.IsDir():
			return os.MkdirAll(target, 0o700)
		case !e.Type().IsRegular():
			return nil // a socket
		}
		return copyFile(target, path)
	})
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	if err := out.Sync(); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
