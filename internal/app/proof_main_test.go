package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cchc/internal/clock"
	"cchc/internal/identity"
	"cchc/internal/vault"
)

// The proofs run the whole program: this test binary is also the program itself, for
// other processes (asProgram) and for scripts (testdata/script), and a child that does
// one thing under conditions that a test process must not have (asChild).
const (
	asProgram = "CCHC_TEST_AS_PROGRAM"
	asChild   = "CCHC_TEST_CHILD"
)

// children are what such a child does with the folder in CCHC_TEST_DIR.
var children = map[string]func(dir string) error{"full": fullChild}

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(asProgram) != "":
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	case os.Getenv(asChild) != "":
		if err := children[os.Getenv(asChild)](os.Getenv("CCHC_TEST_DIR")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	testscript.Main(cleaning{m}, map[string]func(){
		"cchc": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// cleaning removes the shared demonstration after the last test.
type cleaning struct{ *testing.M }

func (c cleaning) Run() int {
	defer func() {
		if sharedDir != "" {
			os.RemoveAll(sharedDir)
		}
	}()
	return c.M.Run()
}

var sharedDir string

// shared makes the demonstration once for the process; demoFolder copies it.
var shared = sync.OnceValue(func() (err error) {
	if sharedDir, err = os.MkdirTemp("", "cchc-proof-"); err != nil {
		return err
	}
	if err := vault.ForDemo(sharedDir, clock.System(), Version); err != nil {
		return err
	}
	a, err := Open(context.Background(), demoConfig(sharedDir))
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.seed(context.Background()); err != nil {
		return err
	}
	if _, err := a.placer.Integrate(context.Background()); err != nil {
		return err
	}
	_, err = a.placer.Checkpoint(context.Background())
	return err
})

func demoConfig(dir string) Config { return Config{Data: dir, Listen: defaultListen, Demo: true} }

// demoFolder is a demonstration of the test's own, on the real disk.
func demoFolder(t testing.TB) string {
	t.Helper()
	if err := shared(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(sharedDir)); err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{dir, filepath.Join(dir, "keys")} {
		if err := os.Chmod(private, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// openDemo opens a demonstration of the test's own.
func openDemo(t testing.TB) *App {
	t.Helper()
	a, err := Open(t.Context(), demoConfig(demoFolder(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// actor is somebody of the demonstration.
func actor(t testing.TB, a *App, login string) context.Context {
	t.Helper()
	who, err := a.actorByLogin(context.Background(), login)
	if err != nil {
		t.Fatal(err)
	}
	return identity.With(context.Background(), who)
}

// program makes the command that runs this program as another process.
func program(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// command runs the command line in this process.
func command(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, complaint bytes.Buffer
	code = Main(args, strings.NewReader(""), &out, &complaint)
	return code, out.String(), complaint.String()
}

// lineAfter reads a process's output until a line begins with prefix, and returns its rest.
func lineAfter(r io.Reader, prefix string, within time.Duration) (string, error) {
	found := make(chan string, 1)
	var seen bytes.Buffer
	go func() {
		defer close(found)
		one := make([]byte, 1)
		var line []byte
		for {
			if _, err := r.Read(one); err != nil {
				return
			}
			if one[0] != '\n' {
				line = append(line, one[0])
				continue
			}
			if rest, ok := strings.CutPrefix(string(line), prefix); ok {
				found <- rest
				io.Copy(io.Discard, r)
				return
			}
			seen.Write(append(line, '\n'))
			line = nil
		}
	}()
	select {
	case rest, ok := <-found:
		if !ok {
			return "", fmt.Errorf("the process ended without %q:\n%s", prefix, seen.String())
		}
		return rest, nil
	case <-time.After(within):
		return "", fmt.Errorf("no line %q within %v", prefix, within)
	}
}
