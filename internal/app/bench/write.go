package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cchc/internal/plan"
)

// The sizes of a round. Bare and ours take turns, so that neighbours on the machine
// disturb both alike, and what is reported is the median round.
const (
	rounds    = 5
	lonely    = 128  // acts with one commit each
	some      = 512  // acts of eight callers
	many      = 2560 // acts of 64 callers, and of bare batches of 64
	crowd     = 64
	fsyncTime = 300 * time.Millisecond
)

// round is what one round measured, a second: rates and shares of the bare engine.
type round struct {
	fsync, raw1, raw64, ours1, ours8, ours64 float64
	share1, share64                          float64
	cpuRaw, cpuOurs                          float64 // ms an act
	batch                                    float64 // calls a commit
}

func (r *run) writes(ctx context.Context, all *databases) error {
	r.say("recording what the acts execute")
	s, err := r.record(ctx, all, crowd, (rounds+1)*(lonely+many)/crowd+1, func(ctx context.Context, p *Program) ([]worker, error) {
		return workers(callers(ctx, p, r.fill.assignments, crowd))
	})
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	raw, err := r.bare(ctx, all)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, raw.close()) }()
	var list []round
	err = r.with(ctx, r.base, func(ctx context.Context, p *Program) error {
		people, err := callers(ctx, p, r.fill.assignments, crowd)
		if err != nil {
			return err
		}
		for i := range rounds + 1 {
			r.say("round %d of %d", i, rounds)
			one, err := r.round(ctx, p, people, raw, s)
			if err != nil {
				return err
			}
			if i > 0 { // the first one warms up
				list = append(list, one)
			}
		}
		r.fill.assignments = untouched(people)
		return nil
	})
	if err != nil {
		return err
	}
	r.report(list, s)
	return nil
}

// untouched are the assignments that no caller has acted on yet.
func untouched(people []*caller) (all []plan.Line) {
	for _, c := range people {
		all = append(all, c.lines[min(len(c.lines), c.step/actsEach+1):]...)
	}
	return all
}

func (r *run) round(ctx context.Context, p *Program, people []*caller, raw bare, s *script) (o round, err error) {
	rate := func(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }
	if o.fsync, err = fsyncs(r.dir, fsyncTime); err != nil {
		return o, err
	}
	took, err := raw.run(ctx, s, lonely, 1, 1)
	if err != nil {
		return o, err
	}
	o.raw1 = rate(lonely, took)
	if took, err = together(ctx, people[:1], lonely, justAct[*caller]); err != nil {
		return o, err
	}
	o.ours1 = rate(lonely, took)
	began := cpu()
	if took, err = raw.run(ctx, s, many, crowd, crowd); err != nil {
		return o, err
	}
	o.raw64, o.cpuRaw = rate(many, took), ms(cpu()-began)/many
	before := p.DB.Stats()
	began = cpu()
	if took, err = together(ctx, people, many, justAct[*caller]); err != nil {
		return o, err
	}
	o.ours64, o.cpuOurs = rate(many, took), ms(cpu()-began)/many
	after := p.DB.Stats()
	o.batch = float64(after.Calls-before.Calls) / float64(after.Batches-before.Batches)
	if took, err = together(ctx, people[:8], some, justAct[*caller]); err != nil {
		return o, err
	}
	o.ours8 = rate(some, took)
	o.share1, o.share64 = o.ours1/o.raw1, o.ours64/o.raw64
	return o, nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func middle(list []round, of func(round) float64) float64 {
	values := make([]float64, 0, len(list))
	for _, r := range list {
		values = append(values, of(r))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (r *run) report(list []round, s *script) {
	statements, changing := s.statements()
	engine, batch := "SQLite", "raw SQLite, batches of 64"
	if r.DB != "" {
		engine, batch = "PostgreSQL", "raw PostgreSQL, 64 clients"
	}
	r.add("statements of an act", statements, "", fmt.Sprintf("%.1f of them change something", changing))
	r.add("fsync: 4 KiB written and on the disk", middle(list, func(o round) float64 { return o.fsync }), "/s", "")
	r.add("raw "+engine+", one commit each", middle(list, func(o round) float64 { return o.raw1 }), "acts/s", "the same statements, bare driver")
	r.add(batch, middle(list, func(o round) float64 { return o.raw64 }), "acts/s", "the same statements, bare driver")
	r.add("durable writes, 1 caller", middle(list, func(o round) float64 { return o.ours1 }), "acts/s", "plan.Service: checks, history, audit, event")
	r.add("durable writes, 8 callers", middle(list, func(o round) float64 { return o.ours8 }), "acts/s", "")
	r.add("durable writes, 64 callers", middle(list, func(o round) float64 { return o.ours64 }), "acts/s",
		fmt.Sprintf("%.0f calls a commit", middle(list, func(o round) float64 { return o.batch })))
	r.add("1 caller / raw one commit each", 100*middle(list, func(o round) float64 { return o.share1 }), "%", "")
	share := 100 * middle(list, func(o round) float64 { return o.share64 })
	if r.DB == "" {
		r.aim("64 callers / raw batches of 64", share, "%", ">= 70 %", share >= 70)
	} else {
		r.aim("64 callers / raw 64 clients", share, "%", ">= 60 %", share >= 60)
	}
	r.add("CPU an act, raw", middle(list, func(o round) float64 { return o.cpuRaw }), "ms", "of this process")
	r.add("CPU an act, 64 callers", middle(list, func(o round) float64 { return o.cpuOurs }), "ms", "of this process")
	r.quiet = middle(list, func(o round) float64 { return o.ours64 })
}
