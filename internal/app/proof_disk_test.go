package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/plan"
)

const noMount = "mounting is not allowed"

// TestDisk_fullRefusesWithASentenceAndTheServerGoesOn fills a real, small file system
// below the whole program, in a child with a mount of its own; where mounting is not
// allowed, a limit on the size of a file stands in for it.
func TestDisk_fullRefusesWithASentenceAndTheServerGoesOn(t *testing.T) {
	t.Parallel()
	from := demoFolder(t)
	run := func(attr *syscall.SysProcAttr, how string) ([]byte, error) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), asChild+"=full", "CCHC_TEST_DIR="+t.TempDir(), "CCHC_TEST_FROM="+from, "CCHC_TEST_HOW="+how)
		cmd.SysProcAttr = attr
		return cmd.CombinedOutput()
	}
	out, err := run(&syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}, "mount")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || strings.Contains(string(out), noMount) {
		out, err = run(nil, "limit")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// fillDisk takes away the room and returns how to give it back.
func fillDisk(dir string, size int64) (giveBack func() error, err error) {
	if os.Getenv("CCHC_TEST_HOW") == "mount" {
		ballast := filepath.Join(dir, "ballast")
		f, err := os.Create(ballast)
		if err != nil {
			return nil, err
		}
		var st syscall.Statfs_t
		if err := syscall.Statfs(dir, &st); err != nil {
			return nil, err
		}
		if free := int64(st.Bavail) * st.Bsize; free > 1<<20 {
			if _, err := f.Write(make([]byte, free-1<<20)); err != nil {
				return nil, err
			}
		}
		return func() error { return os.Remove(ballast) }, f.Close()
	}
	signal.Ignore(syscall.SIGXFSZ)
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		return nil, err
	}
	err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(size) + 1<<20, Max: was.Max})
	return func() error { return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was) }, err
}

func fullChild(dir string) error {
	ctx := context.Background()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	from := os.DirFS(os.Getenv("CCHC_TEST_FROM"))
	if os.Getenv("CCHC_TEST_HOW") == "mount" {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=400m"); err != nil {
			return fmt.Errorf("%s: %w", noMount, err)
		}
	}
	data := filepath.Join(dir, "data")
	if err := os.CopyFS(data, from); err != nil {
		return err
	}
	a, err := Open(ctx, demoConfig(data))
	if err != nil {
		return err
	}
	defer a.Close()
	handler, _ := a.handler(slog.New(slog.DiscardHandler))
	session, err := demoSession(handler, "noivu")
	if err != nil {
		return err
	}
	who, err := a.actorByLogin(ctx, "noivu")
	if err != nil {
		return err
	}
	as := identity.With(ctx, who)
	assignment, err := anAssignment(as, a)
	if err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(data, databaseName))
	if err != nil {
		return err
	}
	giveBack, err := fillDisk(dir, info.Size())
	if err != nil {
		return err
	}
	report := func() error {
		v, err := a.rooms.plan.Assignment(as, assignment)
		if err != nil {
			return err
		}
		_, err = a.rooms.plan.ReportProgress(as, assignment, v.Assignment.Version, plan.Report{Percent: 10, Text: strings.Repeat("đã làm ", 2000)})
		return err
	}
	said := 0
	for err = nil; err == nil && said < 20000; said++ {
		err = report()
	}
	refused := errs.All(err)
	code := errs.CodeOf(err)
	if limited := os.Getenv("CCHC_TEST_HOW") != "mount"; code != "db.disk_full" && !(limited && code == "db.io_error") || errs.KindOf(err) != errs.Unavailable {
		return fmt.Errorf("the disk is full, got %q: %w", code, err)
	}
	if words := i18n.Error(i18n.WithLang(ctx, "vi"), refused[0]); !strings.Contains(words, "đĩa") {
		return fmt.Errorf("the refusal says %q", words)
	}
	fmt.Printf("refused with %s after %d reports\n", code, said-1)
	// Reads go on, pages too; the same server works again when there is room.
	if _, err := a.rooms.plan.Assignment(as, assignment); err != nil {
		return fmt.Errorf("read while full: %w", err)
	}
	req := httptest.NewRequest(http.MethodGet, "/inbox", nil)
	req.AddCookie(session)
	w := httptest.NewRecorder()
	if handler.ServeHTTP(w, req); w.Code != http.StatusOK {
		return fmt.Errorf("a page while full: %d", w.Code)
	}
	if err := giveBack(); err != nil {
		return err
	}
	for range 20 {
		if err := report(); err != nil {
			return fmt.Errorf("there is room again: %w", err)
		}
	}
	v, err := a.rooms.plan.Assignment(as, assignment)
	if err != nil {
		return err
	}
	if n := len(v.History); n < said-1+20 {
		return fmt.Errorf("%d reports were acknowledged, the history has %d", said-1+20, n)
	}
	rep, err := verify(ctx, a, struct{}{})
	if err == nil && len(rep.Findings) > 0 {
		err = fmt.Errorf("verify: %+v", rep.Findings)
	}
	return err
}

// anAssignment finds an open lead assignment of the living plan on which progress can be
// reported, without milestones or periods.
func anAssignment(ctx context.Context, a *App) (string, error) {
	plans, err := a.rooms.plan.Plans(ctx, 2026)
	if err != nil || len(plans) == 0 {
		return "", fmt.Errorf("no plan of 2026: %w", err)
	}
	lines, err := a.rooms.plan.Records(ctx, plans[0].ID, plan.FigureTotal, clock.Day(a.clock()), plan.Filter{}, nil, 1000)
	if err != nil {
		return "", err
	}
	for _, l := range lines {
		if l.Standing == plan.InProgress || l.Standing == plan.Acknowledged {
			return l.Assignment, nil
		}
	}
	return "", errors.New("no open assignment")
}

// TestServe_aSecondServerOnTheFolderIsRefused starts two servers on one folder, as
// somebody does who forgot the first one.
func TestServe_aSecondServerOnTheFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	first := program(t.Context(), "--data", dir, "serve", "--listen", "127.0.0.1:0")
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer first.Wait()
	defer first.Process.Signal(syscall.SIGTERM)
	if _, err := lineAfter(out, "ready ", time.Minute); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	second, err := program(t.Context(), "--data", dir, "serve", "--listen", "127.0.0.1:0").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitRefused || !strings.Contains(string(second), "[vault.folder_in_use]") {
		t.Errorf("got %v\n%s", err, second)
	}
	t.Logf("refused after %v", time.Since(began))
}
