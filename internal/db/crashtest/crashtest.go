// Package crashtest kills a writing program at random moments and checks that
// nothing it acknowledged is lost, and nothing is there twice.
//
// The program under test runs Work in a child process; the parent calls Run. Package
// db does so with its own Write; `cchc bench crash` does so through a service. Start
// at Run.
package crashtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"time"

	"cchc/internal/clock"
)

const acknowledged = "ack "

// Work runs in the child: each of writers goroutines calls write with a new id, for
// ever, and acknowledges on out each id whose write has returned nil. It ends when
// ctx does, when write fails, or (as meant) when the process is killed.
func Work(ctx context.Context, out io.Writer, writers int, newID func() string, write func(ctx context.Context, id string) error) error {
	var wg sync.WaitGroup
	failed := make(chan error, writers)
	fmt.Fprintln(out, "ready")
	for range writers {
		wg.Go(func() {
			for ctx.Err() == nil {
				id := newID()
				if err := write(ctx, id); err != nil {
					failed <- err
					return
				}
				// One write of one short line: a pipe never tears it.
				if _, err := io.WriteString(out, acknowledged+id+"\n"); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	return <-failed
}

// Plan says how to crash what.
type Plan struct {
	Kills    int
	Min, Max time.Duration // from "ready" to the kill, drawn evenly
	Seed     uint64        // of the draw; a failure prints it
	// Command makes the child, which calls Work with its standard output.
	Command func(ctx context.Context) *exec.Cmd
	// Check opens what the child left and returns how often each of ids is there. It
	// also checks whatever else must hold (integrity, both halves of a transaction).
	Check func(ctx context.Context, ids []string) (times map[string]int, err error)
	// Log reports progress; may be nil.
	Log func(format string, args ...any)
}

// Result sums up a Run.
type Result struct {
	Kills        int
	Acknowledged int
	Lost, Twice  []string
	Ready        time.Duration   // longest time from start to "ready", with recovery
	Starts       []time.Duration // each of these times
	Checked      time.Duration   // longest time that Check took
}

// Run starts, kills and checks Kills times. The error is the first failure of the
// machinery or of Check; lost and doubled ids are in the Result.
func Run(ctx context.Context, p Plan) (Result, error) {
	var res Result
	draw := rand.New(rand.NewPCG(p.Seed, p.Seed))
	for n := range p.Kills {
		after := p.Min + time.Duration(draw.Int64N(int64(p.Max-p.Min)+1))
		began := clock.System()
		ids, ready, err := p.crash(ctx, after)
		if err != nil {
			return res, fmt.Errorf("kill %d after %v (seed %d): %w", n+1, after, p.Seed, err)
		}
		checking := clock.System()
		times, err := p.Check(ctx, ids)
		if err != nil {
			return res, fmt.Errorf("check after kill %d after %v (seed %d): %w", n+1, after, p.Seed, err)
		}
		res.Checked = max(res.Checked, clock.System().Sub(checking))
		res.Ready = max(res.Ready, ready.Sub(began))
		res.Starts = append(res.Starts, ready.Sub(began))
		res.Kills++
		res.Acknowledged += len(ids)
		for _, id := range ids {
			switch k := times[id]; {
			case k == 0:
				res.Lost = append(res.Lost, id)
			case k > 1:
				res.Twice = append(res.Twice, id)
			}
		}
		if p.Log != nil && (n+1)%max(1, p.Kills/10) == 0 {
			p.Log("%d kills, %d acknowledged, %d lost, %d twice", res.Kills, res.Acknowledged, len(res.Lost), len(res.Twice))
		}
	}
	return res, nil
}

// crash runs one child and kills it after a while; it returns what the child
// acknowledged, to the last line that reached the pipe, and when it was ready.
func (p Plan) crash(ctx context.Context, after time.Duration) (ids []string, ready time.Time, err error) {
	cmd := p.Command(ctx)
	var complaint strings.Builder
	if cmd.Stderr == nil {
		cmd.Stderr = &complaint
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, ready, err
	}
	if err := cmd.Start(); err != nil {
		return nil, ready, err
	}
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		if lines.Text() == "ready" {
			ready = clock.System()
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		} else if id, ok := strings.CutPrefix(lines.Text(), acknowledged); ok {
			ids = append(ids, id)
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Exited() || ready.IsZero() {
		cmd.Process.Kill()
		return ids, ready, fmt.Errorf("the child ended by itself: %v: %s", err, complaint.String())
	}
	return ids, ready, nil
}
