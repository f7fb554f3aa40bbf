package dossier

import (
	"context"
	"slices"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/search"
)

// Filter narrows a list; empty fields do not.
type Filter struct {
	Agency string // any code that it has or had: as receiving, competent or returning agency
	State  State
	Q      string // words, names, or a code
	After  string // Page.Next of the page before
	Limit  int    // 1..200, 0 is 50
}

// Page is one page of dossiers, newest first. Total is exact to 1,000; with words in Q it
// is not counted: searching stops at a page.
type Page struct {
	Lines   []Line
	Next    string
	Total   indicator.Total
	Counted bool
}

// fewAgencies is up to how many agencies are listed one by one and merged.
const fewAgencies = 12

// last sorts after every id: the beginning of a list that goes downwards.
const last = "g"

// List reads the dossiers that the reader sees. Refusals: dossier.state_unknown,
// dossier.agency_unknown, identity.right_missing for an agency out of reach,
// search.cursor.
func (s *Service) List(ctx context.Context, f Filter) (p Page, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return p, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	if f.State != "" && !slices.Contains(Moves.States(), f.State) {
		return p, errs.OnField("state", "dossier.state_unknown", "state", string(f.State))
	}
	now := s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = list(tx, actor, now, f)
		return err
	})
	return p, err
}

func list(tx *db.Tx, actor identity.Actor, now time.Time, f Filter) (p Page, err error) {
	agency := ""
	if f.Agency != "" {
		o, err := agencyOn(tx, f.Agency, "", "agency")
		if err != nil {
			return p, err
		}
		if err := identity.Require(tx, actor, RightView, o.ID, now); err != nil {
			return p, err
		}
		agency = o.ID
	}
	if strings.TrimSpace(f.Q) != "" {
		return seek(tx, actor, now, f, agency)
	}
	before := f.After
	if before == "" {
		before = last
	}
	agencies := []string{agency}
	if agency == "" {
		if agencies, err = reached(tx, actor.Reach(RightView), RightView, now.UnixMilli()); err != nil {
			return p, err
		}
	}
	if len(agencies) > fewAgencies && f.State == "" {
		p.Lines, err = within(tx, actor.Reach(RightView), now.UnixMilli(), before, f.Limit+1)
	} else {
		p.Lines, err = merged(tx, agencies, f.State, before, f.Limit+1)
	}
	if err != nil {
		return p, err
	}
	var n int64
	if agency != "" {
		n, err = countAgency(tx, agency, f.State)
	} else {
		n, err = countWithin(tx, actor.Reach(RightView), now.UnixMilli(), f.State)
	}
	p.Total, p.Counted = indicator.Capped(n), true
	if len(p.Lines) > f.Limit {
		p.Lines = p.Lines[:f.Limit]
		p.Next = p.Lines[f.Limit-1].ID
	}
	return p, err
}

// merged lists agency by agency and takes the newest of all. A dossier in which two of
// them have a part stands once.
func merged(tx *db.Tx, agencies []string, state State, before string, limit int) (all []Line, err error) {
	for _, a := range agencies {
		var some []Line
		if state == "" {
			some, err = ofAgency(tx, a, before, limit)
		} else {
			some, err = ofAgencyState(tx, a, state, before, limit)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if len(agencies) > 1 {
		slices.SortFunc(all, func(a, b Line) int { return strings.Compare(b.ID, a.ID) })
		all = slices.CompactFunc(all, func(a, b Line) bool { return a.ID == b.ID })
	}
	return all[:min(len(all), limit)], nil
}

// seek lists what words find, newest first.
func seek(tx *db.Tx, actor identity.Actor, now time.Time, f Filter, agency string) (p Page, err error) {
	after := f.After
	for len(p.Lines) < f.Limit {
		found, err := search.Find(tx, search.Query{Text: f.Q, Kinds: []string{SearchKind, SearchKindCounter}, Account: actor.Reach(RightView), Right: RightView, Now: now,
			After: after, Limit: min(f.Limit-len(p.Lines), 100)})
		if err != nil {
			return p, err
		}
		for _, h := range found.Hits {
			l, there, err := lineOf(tx, h.ID)
			if err != nil {
				return p, err
			}
			if !there || f.State != "" && l.State != f.State || agency != "" && h.AgencyID != agency ||
				slices.ContainsFunc(p.Lines, func(o Line) bool { return o.ID == l.ID }) {
				continue
			}
			p.Lines = append(p.Lines, l)
		}
		if after = found.Next; after == "" {
			break
		}
	}
	p.Next = after
	return p, nil
}

// View is a dossier as its page shows it, with what the reader may do next.
type View struct {
	Dossier
	Terms      Procedure
	Owner      Party
	Submitter  *Party
	Runs       []StepRun
	Pauses     []Pause
	History    []Entry
	Papers     []Paper
	Results    []Result
	Opinions   []Opinion
	Can        map[string]bool // moves that the reader may make now
	LeftMin    int64           // working minutes until the due time, 0 when it is over or none
	NoticeDue  string          // last day to ask for a supplement in time, "" when not stated
	SecondAsk  bool            // a supplement was asked already: another counts as late and takes a leader
	LateNow    bool
	LateByRule bool // by the clock alone
}

// mostHistory is how many entries of a history a page shows.
const mostHistory = 1000

// Get reads one dossier. Refusal: dossier.unknown, also out of reach.
func (s *Service) Get(ctx context.Context, code string) (View, error) { return s.get(ctx, code, true) }

// get is Get with or without what only a page shows: the history and what is left of the
// time. Rights over the dossier's agencies are asked in one statement.
func (s *Service) get(ctx context.Context, code string, whole bool) (v View, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return v, err
	}
	now := s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := findCode(tx, strings.ToUpper(strings.TrimSpace(code)))
		if err != nil {
			return err
		}
		held, err := heldOver(tx, actor.AccountID, now.UnixMilli(), d)
		if err != nil {
			return err
		}
		if actor.Reach(RightView) == "" || !held.any(RightView, d) {
			if there, err := sees(tx, d, actor.Reach(RightView), now.UnixMilli()); err != nil || !there {
				if err == nil {
					err = unknown()
				}
				return err
			}
		}
		if v, err = s.view(tx, d, now, whole); err != nil {
			return err
		}
		v.Can, err = s.can(tx, actor, now, v, held)
		return err
	})
	return v, err
}

// seen reads a dossier that the reader sees.
func (s *Service) seen(tx *db.Tx, actor identity.Actor, now time.Time, code string) (Dossier, error) {
	d, err := findCode(tx, strings.ToUpper(strings.TrimSpace(code)))
	if err != nil {
		return d, err
	}
	there, err := sees(tx, d, actor.Reach(RightView), now.UnixMilli())
	if err == nil && !there {
		err = unknown()
	}
	return d, err
}

// rights are what an account holds over the agencies of a dossier: right and agency.
type rights map[[2]string]bool

func (r rights) any(right string, d Dossier) bool {
	return r[[2]string{right, d.Receiving}] || r[[2]string{right, d.Competent}] || r[[2]string{right, d.Returning}]
}

// can says which moves the reader may make: those possible in the state, under a right
// that they hold over the agency that makes them.
func (s *Service) can(tx *db.Tx, actor identity.Actor, now time.Time, v View, held rights) (map[string]bool, error) {
	out := map[string]bool{}
	t, err := s.termsOf(tx, v.Dossier.Terms)
	if err != nil {
		return nil, err
	}
	x := &act{s: s, tx: tx, actor: actor, now: now, d: v.Dossier, before: v.Dossier, course: &course{terms: t, runs: v.Runs}}
	for _, move := range possible(v.State) {
		if _, hasRule := rules[move]; !hasRule || move == "payment" {
			continue
		}
		x.in.Move = move
		right, agencies, err := x.needed()
		if err != nil {
			return nil, err
		}
		for _, a := range agencies {
			if move == "give_opinion" { // of an agency that has no other part
				out[move] = out[move] || requires(tx, actor, right, a, now)
				continue
			}
			out[move] = out[move] || actor.Reach(right) != "" && held[[2]string{right, a}]
		}
		if err := x.narrow(out, move); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// narrow takes away what the dossier itself forbids, so that no page offers it.
func (x *act) narrow(out map[string]bool, move string) error {
	if !out[move] {
		return nil
	}
	c, err := x.steps()
	if err != nil {
		return err
	}
	switch move {
	case "advance":
		out[move] = len(c.open()) > 1 || len(c.open()) == 1 && len(c.left()) > 0
	case "approve", "reject":
		_, err := c.signable()
		out[move] = err == nil
	case "take":
		open := c.open()
		out[move] = len(open) > 0 && open[0].StartedMs == 0
	case "send_back":
		out[move] = c.terms.step(c.current()).MaySendBack
	case "recall":
		out[move] = c.recallable(x.actor.AccountID) != nil
	case "close_no_supplement":
		out[move] = x.d.SupplyUntil != "" && x.d.SupplyUntil < clock.Day(x.now)
	case "apologise":
		out[move] = x.d.DueMs > 0 && x.d.ApologisedMs == 0 && clock.Day(x.now) < clock.Day(clock.FromMs(x.d.DueMs))
	case "recount":
		out[move] = x.d.DueMs > 0 && x.d.ApologisedMs == 0 && x.d.PausedMs == 0
	}
	if out[move] && (move == "apologise" || move == "recount") {
		err := x.apart()
		out[move] = err == nil
		if err != nil && errs.KindOf(err) != errs.Forbidden {
			return err
		}
	}
	return nil
}
