package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"cchc/internal/db/crashtest"
	"cchc/internal/identity"
	"cchc/internal/plan"
)

// CrashOptions of a crash run.
type CrashOptions struct {
	Open     Opener
	Child    func(ctx context.Context, what, dir, url string) *exec.Cmd
	Dir      string // where the temporary folder is made; "" the system's
	Times    int
	Every    int // verify after so many kills, and after the last one
	Max      time.Duration
	Seed     uint64
	Progress io.Writer
}

// CrashResult is what a crash run found. Lost and Twice must be empty.
type CrashResult struct {
	Kills        int      `json:"kills"`
	Acknowledged int      `json:"acknowledged"`
	Lost         []string `json:"lost"`
	Twice        []string `json:"twice"`
	Findings     []string `json:"findings"` // of verify
	Verified     int      `json:"verified"` // how often
	ReadyP95     float64  `json:"ready_p95_s"`
	ReadyMax     float64  `json:"ready_max_s"`
}

// Good says that nothing was lost and verify found nothing.
func (r CrashResult) Good() bool { return len(r.Lost)+len(r.Twice)+len(r.Findings) == 0 }

const crashWriters = 8

// Crash starts the program, has eight people report progress, kills the process at a
// random moment, and looks whether every acknowledged report is in the history of its
// assignment exactly once, with its audit entry; over and over, on the same data.
func Crash(ctx context.Context, o CrashOptions) (out CrashResult, err error) {
	dir, err := os.MkdirTemp(o.Dir, "cchc-crash-")
	if err != nil {
		return out, err
	}
	defer os.RemoveAll(dir)
	p, err := o.Open(ctx, dir, "")
	if err != nil {
		return out, err
	}
	err = p.Seed(ctx)
	if err == nil {
		_, err = fill(ctx, p, 1, crashTasks)
	}
	if err = errors.Join(err, p.Close()); err != nil {
		return out, err
	}
	kill := 0
	res, err := crashtest.Run(ctx, crashtest.Plan{
		Kills: o.Times, Min: 5 * time.Millisecond, Max: o.Max, Seed: o.Seed,
		Command: func(ctx context.Context) *exec.Cmd { return o.Child(ctx, "crash", dir, "") },
		Check: func(ctx context.Context, ids []string) (map[string]int, error) {
			kill++
			verify := kill%o.Every == 0 || kill == o.Times
			times, findings, err := look(ctx, o.Open, dir, ids, verify)
			if verify {
				out.Verified++
				out.Findings = append(out.Findings, findings...)
			}
			return times, err
		},
		Log: func(format string, args ...any) { fmt.Fprintf(o.Progress, "bench crash: "+format+"\n", args...) },
	})
	out.Kills, out.Acknowledged, out.Lost, out.Twice = res.Kills, res.Acknowledged, res.Lost, res.Twice
	slices.Sort(res.Starts)
	out.ReadyMax, out.ReadyP95 = res.Ready.Seconds(), at(res.Starts, 95).Seconds()
	return out, err
}

// crashTasks makes some 6,000 assignments: enough for short histories over many kills.
const crashTasks = 40

// look opens what a killed process left and counts the acknowledged reports. An id is
// "<assignment>:<number>", and the number stands in the report's text.
func look(ctx context.Context, open Opener, dir string, ids []string, verify bool) (times map[string]int, findings []string, err error) {
	p, err := open(ctx, dir, "")
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	office, err := p.Actor(ctx, officer)
	if err != nil {
		return nil, nil, err
	}
	ctx = identity.With(ctx, office)
	times = map[string]int{}
	seen := map[string]map[string]int{} // assignment -> text -> times
	for _, id := range ids {
		assignment, _, _ := strings.Cut(id, ":")
		if seen[assignment] == nil {
			v, err := p.Plan.Assignment(ctx, assignment)
			if err != nil {
				return nil, nil, err
			}
			texts := map[string]int{}
			for _, e := range v.History {
				texts[e.Text]++
			}
			seen[assignment] = texts
		}
		times[id] = seen[assignment][id]
	}
	if verify {
		findings, err = p.Verify(ctx)
	}
	return times, findings, err
}

// CrashChild is the process that is killed: it opens the data, starts everything that
// runs beside requests, says "ready", and reports progress until it dies.
func CrashChild(ctx context.Context, open Opener, dir, url string, out io.Writer) error {
	p, err := open(ctx, dir, url)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.Work(ctx); err != nil {
		return err
	}
	office, err := p.Actor(ctx, officer)
	if err != nil {
		return err
	}
	ctx = identity.With(ctx, office)
	all, err := reportable(ctx, p)
	if err != nil {
		return err
	}
	var turn atomic.Int64
	turn.Store(time.Now().UnixNano() % int64(len(all))) // each life begins elsewhere
	newID := func() string {
		n := turn.Add(1)
		return all[n%int64(len(all))] + ":" + strconv.FormatInt(time.Now().UnixNano(), 36) + "-" + strconv.FormatInt(n, 36)
	}
	return crashtest.Work(ctx, out, crashWriters, newID, func(ctx context.Context, id string) error {
		assignment, _, _ := strings.Cut(id, ":")
		v, err := p.Plan.Assignment(ctx, assignment)
		if err != nil {
			return err
		}
		_, err = p.Plan.ReportProgress(ctx, assignment, v.Assignment.Version, plan.Report{Percent: 10, Text: id})
		return err
	})
}

// reportable lists the assignments of the plan that was made for the run.
func reportable(ctx context.Context, p *Program) ([]string, error) {
	plans, err := p.Plan.Plans(ctx, 2026)
	if err != nil {
		return nil, err
	}
	for _, one := range plans {
		if one.Code != "BENCH-1" {
			continue
		}
		lines, err := p.Plan.Records(ctx, one.ID, plan.FigureTotal, one.IssuedDay, plan.Filter{}, nil, 5000)
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(lines))
		for i, l := range lines {
			ids[i] = l.Assignment
		}
		return ids, nil
	}
	return nil, errors.New("bench: the plan of the crash run is missing")
}
