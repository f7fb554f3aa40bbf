package db_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/crashtest"
)

// The test binary runs itself as a child; these variables say what the child does.
const (
	crashFile = "CCHC_TEST_CRASH_FILE"
	fullDir   = "CCHC_TEST_FULL_DIR"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		fmt.Fprintln(os.Stderr, crashChild(path))
		os.Exit(1)
	}
	if dir := os.Getenv(fullDir); dir != "" {
		if err := fullChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// crashChild writes each id into two tables by one Write: both or neither.
func crashChild(path string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, path)
	if err != nil {
		return err
	}
	return crashtest.Work(ctx, os.Stdout, 8, db.NewID, func(ctx context.Context, id string) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO crash_left (id, body) VALUES ($1, $2)`, id, benchBody); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO crash_right (id) VALUES ($1)`, id)
			return err
		})
	})
}

func TestWrite_keepsWhatItAcknowledgedWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "crash.db") // on the real disk
	d, err := db.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		// No UNIQUE: a row written twice must be seen, not refused.
		_, err := tx.Exec(`CREATE TABLE crash_left (id TEXT NOT NULL, body TEXT NOT NULL);
			CREATE TABLE crash_right (id TEXT NOT NULL);
			CREATE INDEX crash_left_id ON crash_left (id);
			CREATE INDEX crash_right_id ON crash_right (id)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	kills := 100
	if testing.Short() {
		kills = 10
	}
	res, err := crashtest.Run(ctx, crashtest.Plan{
		Kills: kills, Min: 5 * time.Millisecond, Max: 300 * time.Millisecond, Seed: uint64(os.Getpid()),
		Command: func(ctx context.Context) *exec.Cmd {
			cmd := exec.CommandContext(ctx, os.Args[0])
			cmd.Env = append(os.Environ(), crashFile+"="+path)
			return cmd
		},
		Check: func(ctx context.Context, ids []string) (map[string]int, error) { return crashCheck(ctx, path, ids) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kills, %d acknowledged; ready again after at most %v", res.Kills, res.Acknowledged, res.Ready)
	if len(res.Lost) > 0 || len(res.Twice) > 0 {
		t.Errorf("lost %v, twice %v", res.Lost, res.Twice)
	}
	if res.Acknowledged < kills {
		t.Errorf("only %d writes in %d rounds: this proves nothing", res.Acknowledged, kills)
	}
	if res.Ready > 10*time.Second {
		t.Errorf("ready again only after %v", res.Ready)
	}
}

func crashCheck(ctx context.Context, path string, ids []string) (map[string]int, error) {
	d, err := db.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	times := map[string]int{}
	err = d.Read(ctx, func(tx *db.Tx) error {
		if state, _, err := db.One(tx, db.Value[string], `PRAGMA integrity_check`); err != nil || state != "ok" {
			return fmt.Errorf("integrity_check: %s %v", state, err)
		}
		for _, id := range ids {
			n, _, err := db.One(tx, db.Value[int], `SELECT COUNT(*) FROM crash_left WHERE id = $1`, id)
			if err != nil {
				return err
			}
			times[id] = n
		}
		halves, _, err := db.One(tx, db.Value[int], `SELECT COUNT(*) FROM crash_left l FULL JOIN crash_right r ON r.id = l.id WHERE l.id IS NULL OR r.id IS NULL`)
		if halves != 0 {
			return fmt.Errorf("%d transactions are there by half", halves)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	// Start the next round small, so that the checks stay quick.
	return times, d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM crash_left; DELETE FROM crash_right`)
		return err
	})
}
