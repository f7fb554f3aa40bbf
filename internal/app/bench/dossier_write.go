package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"cchc/internal/db"
	"cchc/internal/dossier"
)

// writes measures receiving and advancing: alone, by eight, and by 64 people, in turns
// with the bare engine on the statements that advancing executes.
func (d *dossiers) writes(ctx context.Context) error {
	d.say("recording what advancing executes")
	s, err := d.record(ctx, d.all, crowd, (rounds+1)*many/crowd+1, func(ctx context.Context, p *Program) ([]worker, error) {
		list, err := d.hands(ctx, p, crowd)
		all := make([]worker, len(list))
		for i, h := range list {
			all[i] = h
		}
		return all, err
	})
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	raw, err := d.bare(ctx, d.all)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, raw.close()) }()
	return d.with(ctx, d.base, func(ctx context.Context, p *Program) error {
		list, err := d.hands(ctx, p, crowd)
		if err != nil {
			return err
		}
		var shares, rates, cpus, raws []float64
		var took []time.Duration
		for i := range rounds + 1 {
			d.say("round %d of %d", i, rounds)
			bare, err := raw.run(ctx, s, many, crowd, crowd)
			if err != nil {
				return err
			}
			began := cpu()
			ours, err := together(ctx, list, many, justAct[*hand])
			if err != nil {
				return err
			}
			used := ms(cpu()-began) / many
			times := taken(list)
			if i == 0 {
				continue // it warms up
			}
			shares, rates, cpus, raws = append(shares, bare.Seconds()/ours.Seconds()), append(rates, many/ours.Seconds()), append(cpus, used), append(raws, many/bare.Seconds())
			took = append(took, times...)
		}
		slices.Sort(took)
		statements, changing := s.statements()
		share := median(shares)
		d.add(Operation{Name: "advance, raw batches of 64", Callers: 1, Rate: median(raws), Note: fmt.Sprintf("%.1f statements an act, %.1f of them change something", statements, changing)})
		d.add(Operation{Name: "advance", Callers: crowd, Rate: median(rates), P50: ms(at(took, 50)), P95: ms(at(took, 95)), CPU: median(cpus), OfRaw: share,
			Note: "history, audit, event, step, in one durable transaction"}.aim(">= 70 % of raw", share >= 0.7 || d.DB != ""))
		for _, one := range []struct {
			name    string
			n, acts int
			receive bool
		}{{"advance", 8, some, false}, {"advance", 1, lonely, false}, {"receive", crowd, many, true}, {"receive", 1, lonely, true}} {
			for _, h := range list {
				h.receiving = one.receive
			}
			began := cpu()
			whole, err := together(ctx, list[:one.n], one.acts, justAct[*hand])
			if err != nil {
				return fmt.Errorf("%s: %w", one.name, err)
			}
			used, times := ms(cpu()-began)/float64(one.acts), taken(list)
			d.add(Operation{Name: one.name, Callers: one.n, Rate: float64(one.acts) / whole.Seconds(), P50: ms(at(times, 50)), P95: ms(at(times, 95)), CPU: used})
		}
		return d.year(ctx, p)
	})
}

func median(list []float64) float64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}

// year reads the indicator of a year for the whole province, another year each time.
func (d *dossiers) year(ctx context.Context, p *Program) error {
	var took []time.Duration
	began := cpu()
	for i := range pageTimes {
		from := time.Now()
		err := p.DB.Read(ctx, func(tx *db.Tx) error {
			scope, period := yearOf(p, 2017+i%9)
			for _, one := range dossier.Indicators() {
				if one.Code != "dossier.on_time_rate" {
					continue
				}
				got, err := one.Read(tx, scope, period)
				if err == nil && got.Denominator == 0 {
					err = fmt.Errorf("no dossier in %s", period.FromDay)
				}
				return err
			}
			return fmt.Errorf("no such indicator")
		})
		if err != nil {
			return err
		}
		took = append(took, time.Since(from))
	}
	used := ms(cpu()-began) / pageTimes
	slices.Sort(took)
	d.add(Operation{Name: "on-time rate of a year, whole province", Callers: 1, Rate: 1000 / ms(at(took, 50)), P50: ms(at(took, 50)), P95: ms(at(took, 95)), CPU: used}.aim("< 50 ms", at(took, 95) < pageLimit))
	return nil
}

// steadyWrites is how many moves a second go on while people read.
const steadyWrites = 500

// beside has people read while dossiers move at a steady rate.
func (d *dossiers) beside(ctx context.Context) error {
	d.say("reading while %d moves a second go on", steadyWrites)
	return d.with(ctx, d.base, func(ctx context.Context, p *Program) error {
		list, err := d.hands(ctx, p, crowd)
		if err != nil {
			return err
		}
		within, stop := context.WithCancel(ctx)
		defer stop()
		var moved sync.WaitGroup
		failed := newFailures(crowd)
		began := time.Now()
		for i, h := range list {
			moved.Go(func() {
				each := time.Second * crowd / steadyWrites
				next := began.Add(each * time.Duration(i) / crowd)
				for within.Err() == nil {
					time.Sleep(time.Until(next))
					next = next.Add(each)
					if err := h.act(ctx); err != nil {
						failed <- err
						return
					}
				}
			})
		}
		codes := make([]string, 0, 1000)
		for _, h := range list {
			for _, l := range h.lines[:min(len(h.lines), 15)] {
				codes = append(codes, l.Code)
			}
		}
		for _, one := range d.readings(codes) {
			from := cpu()
			took, _, err := askVarying(p, one.name, one.login, one.path)
			if err != nil {
				return err
			}
			d.add(Operation{Name: one.name + ", while moves go on", Callers: 1, Rate: 1000 / ms(at(took, 50)), P50: ms(at(took, 50)), P95: ms(at(took, 95)), Note: fmt.Sprintf("CPU of both %.1f s", (cpu() - from).Seconds())}.
				aim("p95 < 20 ms", at(took, 95) < 20*time.Millisecond))
		}
		stop()
		moved.Wait()
		times := taken(list)
		d.add(Operation{Name: "moves meanwhile", Callers: crowd, Rate: float64(len(times)) / time.Since(began).Seconds(), P50: ms(at(times, 50)), P95: ms(at(times, 95))})
		select {
		case err := <-failed:
			return err
		default:
			return nil
		}
	})
}

// reading is something that people look at, another each time.
type reading struct {
	name, login string
	path        func() string
}

// readings are what is asked for. Searches follow the mix of the domain: six of ten a
// phrase of two words, three a rare word, one a word that very many share.
func (d *dossiers) readings(codes []string) []reading {
	n := 0
	next := func() int { n++; return n }
	return []reading{
		{"inbox of a handler", handler, func() string { return "/inbox" }},
		{"list of 50 with its total", handler, func() string {
			state := []dossier.State{dossier.InProcess, dossier.Returned}[next()%2]
			return "/api/v1/dossiers?" + url.Values{"agency": {shop}, "state": {string(state)}, "limit": {"50"}}.Encode()
		}},
		{"search, 60/30/10 mix", handler, func() string {
			i := next()
			words := `"` + dossier.StreetPhrase(i) + `"`
			switch i % 10 {
			case 6, 7, 8:
				words = dossier.RareWord(i * 997)
			case 9:
				words = "dang ky" // marks do not matter
			}
			return "/api/v1/dossiers?" + url.Values{"q": {words}, "limit": {"50"}}.Encode()
		}},
		{"one dossier", handler, func() string { return "/api/v1/dossiers/" + codes[next()*7%len(codes)] }},
	}
}
