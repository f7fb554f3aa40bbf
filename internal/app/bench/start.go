package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// start runs the program as a process of its own on the full data: how long until it
// answers, and how much memory it holds.
func (r *run) start(ctx context.Context, _ *databases) error {
	r.say("starting the server")
	cmd := r.Child(ctx, "serve", r.base.dir, r.base.url)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(syscall.SIGTERM)
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		return fmt.Errorf("the server did not start: %q %w", line, err)
	}
	resp, err := http.Get(addr + "/sign-in")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the first page: %s %v", resp.Status, err)
	}
	took := time.Since(began)
	r.add("from start to the first page", took.Seconds(), "s", "a process of its own, all data there")
	rest, err := memory(strconv.Itoa(cmd.Process.Pid), "VmRSS")
	if err != nil {
		return err
	}
	r.add("memory of the server after it", rest, "MiB", "resident")
	most, err := memory("self", "VmHWM")
	if err != nil {
		return err
	}
	r.add("memory of this run, the most", most, "MiB", "with 64 callers, the recorded statements and the pages")
	if r.DB == "" {
		info, err := os.Stat(database(r.base.dir))
		if err != nil {
			return err
		}
		r.add("the database file", float64(info.Size())/(1<<20), "MiB", "")
	}
	return nil
}
