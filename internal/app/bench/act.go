package bench

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cchc/internal/identity"
	"cchc/internal/plan"
)

// actsEach is how often one assignment is acted on before the next one is taken, so
// that its history stays as short as in real life.
const actsEach = 4

// caller is one person at work: results are handed in and returned in turn, each act a
// method of the plan room with its checks, history, audit entry and announcement.
type caller struct {
	s       *plan.Service
	officer identity.Actor
	chair   identity.Actor
	lines   []plan.Line
	step    int
}

// callers shares the assignments out among n people.
func callers(ctx context.Context, p *Program, all []plan.Line, n int) ([]*caller, error) {
	office, err := p.Actor(ctx, officer)
	if err != nil {
		return nil, err
	}
	chair, err := p.Actor(ctx, chairman)
	if err != nil {
		return nil, err
	}
	list := make([]*caller, n)
	for i := range list {
		list[i] = &caller{s: p.Plan, officer: office, chair: chair}
	}
	for i, a := range all {
		c := list[i%n]
		c.lines = append(c.lines, a)
	}
	return list, nil
}

// workers are callers as anybody who acts.
func workers(list []*caller, err error) ([]worker, error) {
	all := make([]worker, len(list))
	for i, c := range list {
		all[i] = c
	}
	return all, err
}

// act does the next act.
func (c *caller) act(ctx context.Context) error {
	a := &c.lines[c.step/actsEach%len(c.lines)]
	var after plan.Assignment
	var err error
	if c.step%2 == 0 {
		after, err = c.s.Submit(identity.With(ctx, c.officer), a.Assignment, a.Version, plan.Report{Text: "done as planned", Document: "128/BC-SNV"})
	} else {
		after, err = c.s.Return(identity.With(ctx, c.chair), a.Assignment, a.Version, "the list of annexes is missing")
	}
	if err == nil {
		a.Version = after.Version
		c.step++
	}
	return err
}

// together has the callers do n acts between them, and returns how long they took.
func together[W any](ctx context.Context, list []W, n int, do func(ctx context.Context, c W, i int) error) (time.Duration, error) {
	var left atomic.Int64
	left.Store(int64(n))
	failed := make(chan error, len(list))
	var wg sync.WaitGroup
	began := time.Now()
	for i, c := range list {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := do(ctx, c, i); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	close(failed)
	return took, <-failed
}

func justAct[W worker](ctx context.Context, c W, _ int) error { return c.act(ctx) }
