package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"cchc/internal/clock"
	"cchc/internal/identity"
	"cchc/internal/plan"
)

// The years of history that Plan makes, up to the demonstration's own.
const (
	firstYear = 2017
	lastYear  = 2026
)

// Plan measures the room plan on ten years of history: Rows assignments in all, a tenth
// of them in each year's plan, every one with the acts that people leave behind. What
// is asked for a day is asked for another day each time, over all ten years.
func Plan(ctx context.Context, o Options) (rows []Row, err error) {
	dir, err := os.MkdirTemp(o.Dir, "cchc-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	r := &run{Options: o, dir: dir, began: time.Now()}
	all, err := openDatabases(ctx, dir, o.DB)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, all.close()) }()
	if r.base, err = all.create(ctx); err != nil {
		return nil, err
	}
	if err := r.with(ctx, r.base, r.planYears); err != nil {
		return nil, err
	}
	return r.rows, nil
}

func (r *run) planYears(ctx context.Context, p *Program) error {
	r.say("making ten years with %d assignments", r.Rows)
	if err := p.Seed(ctx); err != nil {
		return err
	}
	years, err := p.Plan.SeedYears(ctx, plan.Years{From: firstYear, To: lastYear, PerYear: r.Rows / (lastYear - firstYear + 1), Seed: 1})
	if err != nil {
		return err
	}
	made := 0
	for _, y := range years {
		made += y.Assignments
	}
	if err := p.Place(ctx); err != nil {
		return err
	}
	note := fmt.Sprintf("%d assignments in %d plans", made, len(years))
	now := years[len(years)-1].ID
	dice := rand.New(rand.NewPCG(2, 3))
	someDay := func() (plan, day string) { // a day while a plan lived, in any of the years
		y := years[dice.IntN(len(years))]
		at := time.Date(y.Year, 1, 10+dice.IntN(270), 0, 0, 0, 0, clock.Vietnam)
		return y.ID, at.Format(time.DateOnly)
	}
	for _, one := range []struct {
		name, login string
		path        func() string
	}{
		{"plan board", officer, func() string { return "/plan/" + now }},
		{"plan board on any earlier day", officer, func() string { id, day := someDay(); return "/plan/" + id + "?on=" + day }},
		{"overdue tasks of the board", officer, func() string { return "/plan/" + now + "?figure=overdue" }},
		{"heat map and figures of an earlier year", officer, func() string { return "/plan/" + years[dice.IntN(len(years))].ID }},
		{"inbox of a department", reader, func() string { return "/inbox" }},
		{"inbox of who accepts results", officer, func() string { return "/inbox" }},
		{"status on any day, by API", officer, func() string { id, day := someDay(); return "/api/v1/plans/" + id + "/status?on=" + day }},
	} {
		took, size, err := askVarying(p, one.name, one.login, one.path)
		if err != nil {
			return err
		}
		r.add(one.name+", p50", ms(at(took, 50)), "ms", fmt.Sprintf("%s; %.0f kB", note, float64(size)/1000))
		r.aim(one.name+", p95", ms(at(took, 95)), "ms", "< 50 ms", at(took, 95) < pageLimit)
	}
	if err := r.fanOut(ctx, p); err != nil {
		return err
	}
	return r.digests(ctx, p)
}

// fanOut issues plans of one task for every department and commune.
func (r *run) fanOut(ctx context.Context, p *Program) error {
	r.say("issuing")
	var took []time.Duration
	addressees := 0
	for i := range 20 {
		office, err := p.Actor(ctx, officer)
		if err != nil {
			return err
		}
		chair, err := p.Actor(ctx, chairman)
		if err != nil {
			return err
		}
		in, err := benchPlan(ctx, p, fmt.Sprintf("FAN-%d", i), 1)
		if err != nil {
			return err
		}
		made, _, err := p.Plan.ImportPlan(identity.With(ctx, office), in)
		if err != nil {
			return err
		}
		began := time.Now()
		if _, err := p.Plan.Issue(identity.With(ctx, chair), made.ID, made.Version, in.Code+"/KH-UBND", signerTitle); err != nil {
			return err
		}
		took = append(took, time.Since(began))
		s, err := p.Plan.Status(identity.With(ctx, office), made.ID, "", plan.Filter{})
		if err != nil {
			return err
		}
		addressees = int(s.Assignments.Total)
	}
	slices.Sort(took)
	note := fmt.Sprintf("one transaction, %d addressees", addressees)
	r.add("issue of a task to all, p50", ms(at(took, 50)), "ms", note)
	r.add("issue of a task to all, p95", ms(at(took, 95)), "ms", note)
	return nil
}

// digests runs the daily urging over every day of the last year.
func (r *run) digests(ctx context.Context, p *Program) error {
	r.say("a year of digests")
	var took []time.Duration
	var sent int
	day := time.Date(lastYear, 1, 1, 0, 0, 0, 0, clock.Vietnam)
	for ; day.Year() == lastYear; day = day.AddDate(0, 0, 1) {
		began := time.Now()
		n, err := p.Urge(ctx, day.Format(time.DateOnly))
		if err != nil {
			return err
		}
		sent += n
		took = append(took, time.Since(began))
	}
	var whole time.Duration
	for _, d := range took {
		whole += d
	}
	slices.Sort(took)
	r.add("a day's urging, p50", ms(at(took, 50)), "ms", fmt.Sprintf("%d reminders in the year", sent))
	r.add("a day's urging, p95", ms(at(took, 95)), "ms", "all open assignments are looked at")
	r.add("a year's urging", seconds(whole), "s", "365 days, one after the other")
	return nil
}
