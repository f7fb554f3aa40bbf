package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/job"
)

// besideTime is how long the writes with everything beside them are watched.
const besideTime = 10 * time.Second

// probe is a job that says how long it waited for its turn.
type probe struct {
	SentNs int64 `json:"sent_ns"`
}

// Kind names the job.
func (probe) Kind() string { return "bench.probe" }

// readerPause lies between two pages of one reader: four of them ask for some 200 a second,
// more than the burst of a province (170/s, docs/performance.md).
const readerPause = 20 * time.Millisecond

// beside measures the same writes as the server meets them: the log's integrator and
// the event bus at work, one job put into the queue for every ten writes, and four
// readers who open assignments one after the other.
func (r *run) beside(ctx context.Context, _ *databases) error {
	r.say("writes with jobs and readers beside them")
	return r.with(ctx, r.base, func(ctx context.Context, p *Program) error {
		var mu sync.Mutex
		var waited []time.Duration
		job.Register(p.Jobs, func(_ context.Context, _ *job.Run, args probe) error {
			mu.Lock()
			defer mu.Unlock()
			waited = append(waited, time.Duration(time.Now().UnixNano()-args.SentNs))
			return nil
		})
		people, err := callers(ctx, p, r.fill.assignments, crowd)
		if err != nil {
			return err
		}
		if err := p.Work(ctx); err != nil {
			return err
		}
		within, stop := context.WithTimeout(ctx, besideTime)
		defer stop()
		var reads, sent atomic.Int64
		failed := make(chan error, 4)
		var readers sync.WaitGroup
		for i := range 4 {
			readers.Go(func() {
				c := people[i]
				for n := i; within.Err() == nil; n += 4 {
					id := c.lines[n%len(c.lines)].Assignment
					if _, err := p.Plan.Assignment(identity.With(ctx, c.officer), id); err != nil {
						failed <- fmt.Errorf("read: %w", err)
						return
					}
					reads.Add(1)
					time.Sleep(readerPause)
				}
			})
		}
		var writes atomic.Int64
		took, err := together(within, people, 1<<30, func(_ context.Context, c *caller, _ int) error {
			if within.Err() != nil {
				return errEnough
			}
			if err := c.act(ctx); err != nil {
				return err
			}
			if writes.Add(1)%10 != 0 {
				return nil
			}
			sent.Add(1)
			return p.DB.Write(ctx, func(tx *db.Tx) error { return p.Jobs.Insert(tx, probe{SentNs: time.Now().UnixNano()}) })
		})
		if err != errEnough {
			return err
		}
		readers.Wait()
		select {
		case err := <-failed:
			return err
		default:
		}
		if err := p.Jobs.Drain(ctx); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if len(waited) < int(sent.Load()) {
			return fmt.Errorf("%d jobs were sent and %d ran", sent.Load(), len(waited))
		}
		slices.Sort(waited)
		r.fill.assignments = untouched(people)
		rate := float64(writes.Load()) / took.Seconds()
		r.add("64 callers with jobs and 4 readers", rate, "acts/s", fmt.Sprintf("a job for every 10 writes; %.0f reads/s", float64(reads.Load())/took.Seconds()))
		r.aim("  of the same without them", 100*rate/r.quiet, "%", ">= 50 %", rate >= r.quiet/2)
		r.add("  a job waits, p95", seconds(at(waited, 95)), "s", fmt.Sprintf("%d jobs", len(waited)))
		oldest := waited[len(waited)-1]
		r.aim("  the oldest job", seconds(oldest), "s", "<= 1 s", oldest <= time.Second)
		return nil
	})
}

// errEnough ends the callers when the time is up.
var errEnough = fmt.Errorf("bench: the time is up")

func seconds(d time.Duration) float64 { return d.Seconds() }

// at is a percentile of sorted durations.
func at(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}
