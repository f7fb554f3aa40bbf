package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cchc/internal/db/dbtest"
	"cchc/internal/plan"
)

// TestCopy_toPostgreSQLAndBackIsTheSame moves a whole province to the other engine and
// back by the command line. Each copy compares every table's rows and content hash
// itself; here the log must verify on both, and the counts agree at the end.
func TestCopy_toPostgreSQLAndBackIsTheSame(t *testing.T) {
	t.Parallel()
	if os.Getenv("TEST_DATABASE_URL") == "" {
		t.Log("TEST_DATABASE_URL names no PostgreSQL server: copied between SQLite files only")
	}
	from := demoFolder(t)
	thereURL, backFile := filepath.Join(t.TempDir(), databaseName), filepath.Join(t.TempDir(), databaseName)
	if os.Getenv("TEST_DATABASE_URL") != "" {
		thereURL = dbtest.PostgresURL(t)
	}

	// The rest of the folder follows the database: draining may sign a checkpoint, which
	// stands in the folder and in what is copied.
	first := copyTo(t, from, "", thereURL)
	there := withoutDatabase(t, from)
	green(t, there, thereURL)
	second := copyTo(t, there, thereURL, backFile)
	green(t, withoutDatabase(t, there), backFile)
	for table, n := range first {
		// The log's own bookkeeping grows when a database is opened and verified.
		if strings.HasPrefix(table, "plan_") || strings.HasPrefix(table, "org_") || strings.HasPrefix(table, "identity_") || table == "audit_entry" {
			if second[table] != n {
				t.Errorf("%s: %d rows went out, %d came back", table, n, second[table])
			}
		}
	}
	if first["plan_assignment"] == 0 || first["audit_entry"] == 0 {
		t.Errorf("nothing was copied: %v", first)
	}
}

func withoutDatabase(t *testing.T, from string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, databaseName+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func copyTo(t *testing.T, dir, url, to string) map[string]int {
	t.Helper()
	code, out, complaint := command(t, "--data", dir, "--db", url, "copy", "--to", to, "--json")
	var answer struct{ Tables map[string]int }
	if code != exitOK || json.Unmarshal([]byte(out), &answer) != nil {
		t.Fatalf("copy: exit %d\n%s%s", code, out, complaint)
	}
	return answer.Tables
}

func green(t *testing.T, dir, url string) {
	t.Helper()
	if code, out, complaint := command(t, "--data", dir, "--db", url, "verify", "--json"); code != exitOK {
		t.Fatalf("verify: exit %d\n%s%s", code, out, complaint)
	}
}

// TestBackup_underLoadRestoresToTheSameAndAFlippedBitIsRefused takes a backup while
// people work, restores it elsewhere, and verifies; then one bit of the archive turns.
func TestBackup_underLoadRestoresToTheSameAndAFlippedBitIsRefused(t *testing.T) {
	t.Parallel()
	a := openDemo(t)
	if err := a.startWork(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	noivu := actor(t, a, "noivu")
	assignment, err := anAssignment(noivu, a)
	if err != nil {
		t.Fatal(err)
	}
	var load sync.WaitGroup
	written := 0
	load.Go(func() {
		for ctx.Err() == nil {
			v, err := a.rooms.plan.Assignment(noivu, assignment)
			if err == nil {
				_, err = a.rooms.plan.ReportProgress(noivu, assignment, v.Assignment.Version, plan.Report{Percent: 20, Text: "đang làm"})
			}
			if err != nil {
				t.Error(err)
				return
			}
			written++
		}
	})
	dir := t.TempDir()
	archive, phrase := filepath.Join(dir, "province.cchc"), filepath.Join(dir, "phrase")
	if err := os.WriteFile(phrase, []byte("correct horse battery staple\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = backup(t.Context(), a, backupRequest{Out: archive, Passphrase: "correct horse battery staple"})
	stop()
	load.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if written == 0 {
		t.Error("nobody wrote meanwhile: this proves nothing")
	}
	restored := filepath.Join(dir, "restored")
	if code, out, complaint := command(t, "--data", restored, "restore", archive, "--passphrase-file", phrase); code != exitOK {
		t.Fatalf("restore: exit %d\n%s%s", code, out, complaint)
	}
	green(t, restored, "")
	if code, _, complaint := command(t, "--data", restored, "restore", archive, "--passphrase-file", phrase); code != exitRefused {
		t.Errorf("restoring over data: exit %d %s", code, complaint)
	}

	raw, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(archive, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty")
	code, _, complaint := command(t, "--data", empty, "restore", archive, "--passphrase-file", phrase)
	if code != exitRefused || !strings.Contains(complaint, "[vault.") {
		t.Errorf("a flipped bit: exit %d %s", code, complaint)
	}
	if _, err := os.Stat(filepath.Join(empty, databaseName)); !os.IsNotExist(err) {
		t.Errorf("a refused archive left a database behind: %v", err)
	}
}

// TestVerify_namesAChangedADeletedAndAnInsertedRow changes the database as somebody
// with its file would, and asks the command line.
func TestVerify_namesAChangedADeletedAndAnInsertedRow(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	green(t, dir, "")
	h, err := sql.Open("sqlite", filepath.Join(dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var ids []string
	for _, at := range []int{10, 200, 3000} {
		var id string
		if err := h.QueryRow(`SELECT id FROM audit_entry WHERE leaf_index = $1`, at).Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for _, attack := range []struct{ query, id string }{
		{`UPDATE audit_entry SET reason = 'nothing happened' WHERE id = $1`, ids[0]},
		{`DELETE FROM audit_entry WHERE id = $1`, ids[1]},
		{`INSERT INTO audit_entry SELECT 'planted', at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
			before_json, after_json, reason, row_key, content_mac, row_mac, NULL, FALSE, '' FROM audit_entry WHERE id = $1`, ids[2]},
	} {
		if _, err := h.Exec(attack.query, attack.id); err != nil {
			t.Fatal(err)
		}
	}
	code, out, complaint := command(t, "--data", dir, "verify", "--json")
	if code != exitFound {
		t.Fatalf("exit %d %s", code, complaint)
	}
	var rep verifyReport
	if err := json.Unmarshal([]byte(out), &rep); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range rep.Findings {
		got[f.Subject] = f.What
	}
	want := map[string]string{ids[0]: "changed", ids[1]: "deleted", "planted": "inserted"}
	for id, what := range want {
		if got[id] != what {
			t.Errorf("%s: named %q, want %s; all: %+v", id, got[id], what, rep.Findings)
		}
	}
	if len(rep.Findings) != len(want) {
		t.Errorf("named %d rows, want %d: %+v", len(rep.Findings), len(want), rep.Findings)
	}
}
