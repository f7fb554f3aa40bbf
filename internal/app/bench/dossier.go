package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"cchc/internal/clock"
	"cchc/internal/dossier"
	"cchc/internal/identity"
	"cchc/internal/indicator"
)

// Measured is what Dossier found.
type Measured struct {
	Operations []Operation `json:"operations"`
	PerDossier float64     `json:"bytes_per_dossier"` // of the database, with steps, history, search text and all else
	RSS        float64     `json:"rss_mb"`            // the most that a server of its own held while it answered
	Start      float64     `json:"start_ms"`          // from its start to the first page
	Rows       int         `json:"rows"`
	RecountOff int         `json:"recount_differences"`
}

// Operation is one thing that was done over and over.
type Operation struct {
	Name    string  `json:"name"`
	Callers int     `json:"callers"`
	Rate    float64 `json:"per_second"`
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	CPU     float64 `json:"cpu_ms"`                 // of the process that does it, an operation
	OfRaw   float64 `json:"of_raw_batch,omitempty"` // share of a raw batch of 64 of the same statements
	Note    string  `json:"note,omitempty"`
	Aim     string  `json:"aim,omitempty"`
	Met     *bool   `json:"met,omitempty"`
}

func (o Operation) aim(words string, met bool) Operation {
	o.Aim, o.Met = words, &met
	return o
}

// Print writes the table for people.
func (m Measured) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "operation\tcallers\ta second\tp50 ms\tp95 ms\tcpu ms\tof raw\taim\t\tnote")
	for _, o := range m.Operations {
		met, share := "", ""
		if o.Met != nil {
			met = map[bool]string{true: "met", false: "MISSED"}[*o.Met]
		}
		if o.OfRaw > 0 {
			share = fmt.Sprintf("%.0f %%", 100*o.OfRaw)
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", o.Name, o.Callers, figure(o.Rate), figure(o.P50), figure(o.P95), figure(o.CPU), share, o.Aim, met, o.Note)
	}
	fmt.Fprintf(t, "%d dossiers; %.0f bytes a dossier; %.0f MiB resident; %.0f ms to the first page; %d differences in the recount\n", m.Rows, m.PerDossier, m.RSS, m.Start, m.RecountOff)
	return t.Flush()
}

// shop is the agency that has six of ten dossiers, where the handlers of the
// demonstration sit; the others share the rest.
const shop = "GL.D08"

// The people who act on dossiers, and the first day of the ten years.
const (
	handler   = "thuly"
	clerk     = "motcua"
	clerkAt   = "GL.X001"
	benchFrom = "2016-10-03"
	openKey   = "karaoke-new" // of those in somebody's hands: two steps before the leader's
)

// openOf is how many dossiers of so many are in somebody's hands: one in a hundred, and
// enough for 64 people to act on.
func openOf(rows int) int { return max(rows/100, 12_000) }

// Dossier measures the room on Rows dossiers: ten years of one agency and its neighbours.
func Dossier(ctx context.Context, o Options) (m Measured, err error) {
	dir, err := os.MkdirTemp(o.Dir, "cchc-bench-")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(dir)
	r := &run{Options: o, dir: dir, began: time.Now()}
	all, err := openDatabases(ctx, dir, o.DB)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, all.close()) }()
	if r.base, err = all.create(ctx); err != nil {
		return m, err
	}
	d := &dossiers{run: r, all: all}
	for _, part := range []func(context.Context) error{d.fill, d.writes, d.beside, d.serve} {
		if err := part(ctx); err != nil {
			return m, err
		}
	}
	d.m.Rows = o.Rows
	return d.m, nil
}

// dossiers is the measurement under way.
type dossiers struct {
	*run
	all   *databases
	m     Measured
	empty int64 // bytes of the database before
}

func (d *dossiers) add(o Operation) { d.m.Operations = append(d.m.Operations, o) }

// fill makes the demonstration province and the dossiers, and recounts them.
func (d *dossiers) fill(ctx context.Context) error {
	d.say("making %d dossiers", d.Rows)
	err := d.with(ctx, d.base, func(ctx context.Context, p *Program) error {
		if err := p.Seed(ctx); err != nil {
			return err
		}
		d.empty = d.size()
		began, told := time.Now(), 0
		err := p.Dossiers(ctx, dossier.Bulk{From: benchFrom, Until: p.Clock().AddDate(0, 0, -20), Rows: d.Rows, Open: openOf(d.Rows), OpenKey: openKey,
			Keys:     []string{"karaoke-new", "hkd-new", "karaoke-adjust", "hkd-change"},
			Agencies: []string{shop, "GL.X001", "GL.X002", "GL.X007", "GL.D05"},
			Progress: func(done int) {
				if done*10/d.Rows > told {
					told = done * 10 / d.Rows
					d.say("%d %% made", told*10)
				}
			}})
		if err != nil {
			return err
		}
		made := time.Since(began)
		d.add(Operation{Name: "make in bulk", Callers: 1, Rate: float64(d.Rows) / made.Seconds(), Note: "with steps, history, search text, counters, one log entry"})
		d.say("folding the counts")
		began = time.Now()
		if err := p.Fold(ctx); err != nil {
			return err
		}
		d.add(Operation{Name: "fold all counts", Callers: 1, Rate: 1 / time.Since(began).Seconds(), P50: ms(time.Since(began)), Note: "ten years at once; a job does so each half minute"})
		d.say("recounting")
		began = time.Now()
		if d.m.RecountOff, err = p.Recount(ctx); err != nil {
			return err
		}
		took := time.Since(began)
		d.add(Operation{Name: "recount", Callers: 1, Rate: 1 / took.Seconds(), P50: ms(took), P95: ms(took), Note: "folded and held to the records, every counter"}.aim("< 60 s", took < time.Minute))
		return nil
	})
	if err != nil {
		return err
	}
	d.m.PerDossier = float64(d.size()-d.empty) / float64(d.Rows)
	return nil
}

// size is the bytes of the database file with its log; 0 on PostgreSQL.
func (d *dossiers) size() (n int64) {
	for _, tail := range []string{"", "-wal"} {
		if info, err := os.Stat(database(d.base.dir) + tail); err == nil {
			n += info.Size()
		}
	}
	return n
}

// hand is one person who moves dossiers on.
type hand struct {
	s              *dossier.Service
	handler, clerk context.Context
	lines          []dossier.Line
	turn           int
	took           []time.Duration
	receiving      bool
	n              int
}

// hands shares the open dossiers out among n people.
func (d *dossiers) hands(ctx context.Context, p *Program, n int) (list []*hand, err error) {
	as := map[string]identity.Actor{}
	for _, login := range []string{handler, clerk} {
		if as[login], err = p.Actor(ctx, login); err != nil {
			return nil, err
		}
	}
	list = make([]*hand, n)
	for i := range list {
		list[i] = &hand{s: p.Dossier, handler: identity.With(ctx, as[handler]), clerk: identity.With(ctx, as[clerk])}
	}
	f := dossier.Filter{Agency: shop, State: dossier.InProcess, Limit: 200}
	for many := 0; many < openOf(d.Rows); {
		page, err := p.Dossier.List(list[0].handler, f)
		if err != nil {
			return nil, err
		}
		for _, l := range page.Lines {
			if l.Step == 2 && l.Procedure == openKey {
				h := list[many%n]
				h.lines = append(h.lines, l)
				many++
			}
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	if len(list[n-1].lines) == 0 {
		return nil, fmt.Errorf("bench: too few open dossiers for %d people", n)
	}
	return list, nil
}

// act moves the next dossier one step on: two steps each, to the leader's desk. Who has
// none left receives.
func (h *hand) act(ctx context.Context) error {
	if h.receiving || h.turn/2 >= len(h.lines) {
		return h.receive(ctx)
	}
	l := &h.lines[h.turn/2]
	began := time.Now()
	after, err := h.s.Move(carry(ctx, h.handler), l.Code, dossier.Act{Move: "advance", Version: l.Version})
	if err == nil {
		h.took = append(h.took, time.Since(began))
		l.Version = after.Version
		h.turn++
	}
	return err
}

// receive takes a dossier in at the counter of the ward for the department.
func (h *hand) receive(ctx context.Context) error {
	h.n++
	began := time.Now()
	_, err := h.s.Receive(carry(ctx, h.clerk), dossier.Receipt{Procedure: "karaoke-new", Channel: dossier.Counter, Receiving: clerkAt, Competent: shop, Content: "Co so karaoke so " + fmt.Sprint(h.n),
		Applicant: dossier.Party{Kind: "citizen", Name: "Nguyen Van An", IDKind: "citizen_id", IDNumber: "999100200300", Phone: "0900000000"},
		Papers:    []dossier.PaperInput{{Name: "Giay to kem theo", Originals: 1}}})
	if err == nil {
		h.took = append(h.took, time.Since(began))
	}
	return err
}

// carry puts the person of one context into another, which may record statements.
func carry(ctx, who context.Context) context.Context { return identity.With(ctx, identity.From(who)) }

// taken are the times of all, sorted, and forgets them.
func taken(list []*hand) (all []time.Duration) {
	for _, h := range list {
		all = append(all, h.took...)
		h.took = nil
	}
	slices.Sort(all)
	return all
}

// yearOf reads a flow for the whole province over a year of the ten.
func yearOf(p *Program, year int) (indicator.Scope, indicator.Period) {
	return indicator.Scope{Now: p.Clock()}, indicator.Period{FromDay: fmt.Sprintf("%d-01-01", year), ToDay: fmt.Sprintf("%d-12-31", year), OnDay: clock.Day(p.Clock())}
}
