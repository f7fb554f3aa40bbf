package app

import (
	"context"
	"database/sql"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cchc/internal/app/bench"
)

func TestCrash_nothingAcknowledgedIsLostInAHundredKills(t *testing.T) {
	t.Parallel()
	kills := 100
	if testing.Short() {
		kills = 10
	}
	res, err := bench.Crash(t.Context(), bench.CrashOptions{
		Open: openForBench, Dir: t.TempDir(), Times: kills, Every: 25, Max: 250 * time.Millisecond, Seed: uint64(os.Getpid()), Progress: io.Discard,
		Child: func(ctx context.Context, what, dir, url string) *exec.Cmd {
			cmd := program(ctx, "--data", dir, "bench", "child", what)
			cmd.Env = append(cmd.Env, "CCHC_DB="+url)
			return cmd
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", res)
	if !res.Good() {
		t.Errorf("lost %v, twice %v, verify found %v", res.Lost, res.Twice, res.Findings)
	}
	if res.Acknowledged < kills || res.Verified == 0 {
		t.Errorf("%d writes in %d rounds, verified %d times: this proves nothing", res.Acknowledged, kills, res.Verified)
	}
}

// TestMigrate_killedAtAnyMomentLeavesOldOrNew kills the command in its first second and
// asks the file, without our code, what stands in it: nothing, or every step.
func TestMigrate_killedAtAnyMomentLeavesOldOrNew(t *testing.T) {
	t.Parallel()
	steps := func(dir string) (n int) {
		h, err := sql.Open("sqlite", filepath.Join(dir, databaseName))
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		var tables int
		if err := h.QueryRow(`SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_step'`).Scan(&tables); err != nil {
			t.Fatal(err)
		}
		if tables == 0 {
			return 0
		}
		if err := h.QueryRow(`SELECT COUNT(*) FROM schema_step`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	whole := t.TempDir()
	began := time.Now()
	if out, err := program(t.Context(), "--data", whole, "migrate").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	takes, all := time.Since(began), steps(whole)
	if all == 0 {
		t.Fatal("no migration ran")
	}
	old := 0
	for i := range 12 {
		dir := t.TempDir()
		cmd := program(t.Context(), "--data", dir, "migrate")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(takes))))
		cmd.Process.Kill()
		cmd.Wait()
		if n := steps(dir); n == 0 {
			old++
		} else if n != all {
			t.Errorf("kill %d left %d of %d steps", i, n, all)
		}
		if out, err := program(t.Context(), "--data", dir, "verify").CombinedOutput(); err != nil {
			t.Errorf("kill %d: the next start failed: %v\n%s", i, err, out)
		}
	}
	t.Logf("%d of 12 kills came before the migration was committed", old)
}

// TestCrash_everySlipPrintedExists: killed during receipt, over and over, no dossier whose
// code was answered is missing or there twice, and no number is.
func TestCrash_everySlipPrintedExists(t *testing.T) {
	t.Parallel()
	kills := 20
	if testing.Short() {
		kills = 4
	}
	res, err := bench.CrashReceipts(t.Context(), bench.CrashOptions{
		Open: openForBench, Dir: t.TempDir(), Times: kills, Max: 250 * time.Millisecond, Seed: uint64(os.Getpid()), Progress: io.Discard,
		Child: func(ctx context.Context, what, dir, url string) *exec.Cmd {
			cmd := program(ctx, "--data", dir, "bench", "child", what)
			cmd.Env = append(cmd.Env, "CCHC_DB="+url)
			return cmd
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", res)
	if !res.Good() || res.Acknowledged < kills {
		t.Errorf("%d acknowledged, lost %v, twice %v", res.Acknowledged, res.Lost, res.Twice)
	}
}
