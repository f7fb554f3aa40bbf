package vault

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cchc/internal/errs"
)

// children are what this test binary does when it is started as another process.
var children = map[string]func(){
	"hold": func() {
		_, err := Hold(os.Getenv("VAULT_TEST_DIR"))
		fmt.Println("held", err)
		select {}
	},
	// A limit on the size of a file stands in for a full disk where no disk can be mounted.
	"full": func() {
		scryptWork = 10
		signal.Ignore(syscall.SIGXFSZ)
		dir := os.Getenv("VAULT_TEST_DIR")
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 3000, Max: 3000}); err != nil {
			panic(err)
		}
		_, err := Restore(ctx, filepath.Join(dir, "a"), filepath.Join(dir, "data"), phrase)
		fmt.Println("restore", errs.CodeOf(err))
		p := Parts{Database: func(path string) error { return os.WriteFile(path, make([]byte, 2500), 0o600) }}
		_, err = Backup(ctx, p, filepath.Join(dir, "b"), phrase)
		fmt.Println("backup", errs.CodeOf(err))
	},
}

func child(t *testing.T, name, dir string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "VAULT_TEST_CHILD="+name, "VAULT_TEST_DIR="+dir)
	return c
}

func TestHold_namesTheProcessThatHoldsTheFolderAndForgetsAKilledOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := child(t, "hold", dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "held <nil>\n" {
		t.Fatal(line, err)
	}
	_, err = Hold(dir)
	wantCode(t, err, "vault.folder_in_use")
	if errs.KindOf(err) != errs.Conflict || errs.All(err)[0].Args["pid"] != fmt.Sprint(c.Process.Pid) {
		t.Errorf("got %+v, want pid %d", errs.All(err)[0], c.Process.Pid)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait()
	release, err := Hold(dir) // its pid still stands in the file
	if err != nil {
		t.Fatal(err)
	}
	release()
	release() // twice does no harm
	again, err := Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestBackupAndRestore_leaveNothingWhenTheDiskIsFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := sample(t)
	p.Database = func(path string) error { return os.WriteFile(path, make([]byte, 5000), 0o600) }
	if _, err := Backup(ctx, p, filepath.Join(dir, "a"), phrase); err != nil {
		t.Fatal(err)
	}
	out, err := child(t, "full", dir).CombinedOutput()
	if err != nil || string(out) != "restore vault.disk_full\nbackup vault.disk_full\n" {
		t.Errorf("got %s %v", out, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

func TestMarks_keepDemonstrationAndRealDataApart(t *testing.T) {
	t.Parallel()
	demo, real := t.TempDir(), t.TempDir()
	release, err := Hold(demo) // a lock does not make a folder full
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for range 2 { // the first start and every later one
		if err := ForDemo(demo, created, "1.0"); err != nil {
			t.Fatal(err)
		}
		if err := ForServe(real, created, "1.0"); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, ForServe(demo, created, "1.0"), "vault.demo_folder")
	wantCode(t, ForDemo(real, created, "1.0"), "vault.not_empty")
	wantCode(t, WriteMark(real, Mark{Kind: Demo}), "vault.other_kind")
	if m, found, err := ReadMark(demo); err != nil || !found || m != (Mark{Demo, created, "1.0"}) {
		t.Errorf("%+v %v %v", m, found, err)
	}
	other := t.TempDir()
	write(t, filepath.Join(other, "holiday.jpg"), "x")
	wantCode(t, ForDemo(other, created, "1.0"), "vault.not_empty")
	write(t, filepath.Join(other, markName), strings.Repeat("{", 3))
	wantCode(t, ForServe(other, created, "1.0"), "vault.mark_unreadable")
}
