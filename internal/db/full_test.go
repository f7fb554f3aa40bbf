package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// TestWrite_goesOnAfterTheDiskWasFull fills a real, small file system in a child
// process with a mount of its own; where mounting is not allowed, a limit on the
// size of a file stands in for it.
func TestWrite_goesOnAfterTheDiskWasFull(t *testing.T) {
	t.Parallel()
	run := func(attr *syscall.SysProcAttr, how string) ([]byte, error) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), fullDir+"="+t.TempDir(), "CCHC_TEST_FULL_HOW="+how)
		cmd.SysProcAttr = attr
		return cmd.CombinedOutput()
	}
	out, err := run(&syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}, "mount")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || strings.Contains(string(out), errNoMount) {
		out, err = run(nil, "limit")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

const errNoMount = "mounting is not allowed"

func fullChild(dir string) error {
	const size = 4 << 20
	var raise func() error // makes room again
	if how := os.Getenv("CCHC_TEST_FULL_HOW"); how == "mount" {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
			return fmt.Errorf("%s: %w", errNoMount, err)
		}
		ballast := filepath.Join(dir, "ballast")
		if err := os.WriteFile(ballast, make([]byte, size/2), 0o600); err != nil {
			return err
		}
		raise = func() error { return os.Remove(ballast) }
	} else {
		signal.Ignore(syscall.SIGXFSZ)
		var was syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
			return err
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size / 2, Max: was.Max}); err != nil {
			return err
		}
		raise = func() error { return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was) }
	}
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(dir, "full.db"))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE full_row (id TEXT PRIMARY KEY, body TEXT NOT NULL)`)
		return err
	}); err != nil {
		return err
	}
	insert := func(id string) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO full_row (id, body) VALUES ($1, $2)`, id, strings.Repeat(benchBody, 100))
			return err
		})
	}
	saved := map[string]bool{}
	for n := 0; err == nil && n < 1000; n++ {
		id := db.NewID()
		if err = insert(id); err == nil {
			saved[id] = true
		}
	}
	if code := errs.CodeOf(err); code != "db.disk_full" && code != "db.io_error" {
		return fmt.Errorf("the disk is full, got %v", err)
	}
	fmt.Println("refused with", errs.CodeOf(err), "after", len(saved), "rows")
	if err := holds(ctx, d, saved); err != nil {
		return fmt.Errorf("while full: %w", err)
	}
	if err := raise(); err != nil {
		return err
	}
	for range 20 {
		id := db.NewID()
		if err := insert(id); err != nil {
			return fmt.Errorf("there is room again: %w", err)
		}
		saved[id] = true
	}
	return holds(ctx, d, saved)
}

// holds checks that exactly the saved rows are there and the file is sound.
func holds(ctx context.Context, d *db.DB, saved map[string]bool) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		ids, err := db.All(tx, db.Value[string], `SELECT id FROM full_row`)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if !saved[id] {
				return fmt.Errorf("%s was refused and is there", id)
			}
		}
		if len(ids) != len(saved) {
			return fmt.Errorf("%d rows were acknowledged, %d are there", len(saved), len(ids))
		}
		if state, _, err := db.One(tx, db.Value[string], `PRAGMA integrity_check`); err != nil || state != "ok" {
			return fmt.Errorf("integrity_check: %s %v", state, err)
		}
		return nil
	})
}
