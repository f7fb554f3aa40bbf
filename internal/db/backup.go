package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cchc/internal/errs"
)

// Backup writes a consistent copy of the database to a new SQLite file at path, while
// reading and writing go on. One format serves both engines: PostgreSQL is exported
// through Copy (without what Copy leaves out), so that a backup can be restored to
// either. The file is on the disk, under its name, when Backup returns nil. Errors:
// Conflict "db.file_exists", Unavailable "db.disk_full".
//
// On SQLite it is VACUUM INTO on a connection of its own, in one read snapshot. The
// backup API was measured as well: neither makes the writer wait, both last about as
// long (130 MB in one second) and both only keep the WAL from being reused
// meanwhile. VACUUM INTO leaves deleted rows and empty pages out, so that a person's
// deleted data do not live on in backups, and stops at a damaged page.
func (d *DB) Backup(ctx context.Context, path string) error {
	return newFile(path, func(part string) error {
		if d.dialect == Postgres {
			return d.export(ctx, part)
		}
		own, err := openFile(d.url, everyPragma, "BEGIN")
		if err != nil {
			return err
		}
		defer own.Close()
		_, err = own.ExecContext(ctx, `VACUUM INTO $1`, part)
		return err
	})
}

func (d *DB) export(ctx context.Context, path string) error {
	to, err := open(ctx, path, d.steps)
	if err != nil {
		return err
	}
	return errors.Join(Copy(ctx, d, to, nil), to.Close()) // Close folds the WAL into the file
}

// Restore brings the backup at path to url: a new SQLite file, or an empty PostgreSQL
// database. It checks the backup's integrity first (Invalid "db.backup_damaged") and
// refuses one of a newer program. Errors: also Conflict "db.file_exists" and
// "db.target_not_empty".
func Restore(ctx context.Context, path, url string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	if err := soundFile(ctx, path); err != nil {
		return fmt.Errorf("%w: %w", errs.New(errs.Invalid, "db.backup_damaged"), err)
	}
	if !isPostgres(url) {
		return newFile(url, func(part string) error {
			if err := copyFile(path, part); err != nil {
				return err
			}
			d, err := Open(ctx, part) // migrates an older one, refuses a newer one
			if err != nil {
				return err
			}
			return d.Close()
		})
	}
	// Work on a copy: opening migrates, and a backup is never changed.
	dir, err := os.MkdirTemp("", "cchc-restore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	part := filepath.Join(dir, "restore.db")
	if err := copyFile(path, part); err != nil {
		return err
	}
	from, err := Open(ctx, part)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := Open(ctx, url)
	if err != nil {
		return err
	}
	return errors.Join(Copy(ctx, from, to, nil), to.Close())
}

// soundFile runs SQLite's own check over every page, without changing the file.
func soundFile(ctx context.Context, path string) error {
	h, err := openFile(path, "mode=ro&immutable=1&_pragma=query_only(1)", "BEGIN")
	if err != nil {
		return err
	}
	defer h.Close()
	var state string
	if err := h.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&state); err != nil {
		return err
	}
	if state != "ok" {
		return errors.New(state)
	}
	return nil
}

// newFile lets fill write beside path and gives the result its name once it is on
// the disk: a file under that name is complete.
func newFile(path string, fill func(part string) error) error {
	if _, err := os.Lstat(path); err == nil {
		return errs.New(errs.Conflict, "db.file_exists", "path", path)
	}
	part := path + ".part"
	sweep := func() {
		for _, end := range []string{"", "-wal", "-shm", "-journal"} {
			os.Remove(part + end)
		}
	}
	sweep() // left by an interrupted run
	if err := fill(part); err != nil {
		sweep()
		return classify(err)
	}
	if err := syncFile(part); err != nil {
		sweep()
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
