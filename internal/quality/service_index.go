package quality

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/decimal"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// IndexView is the service index of an agency in a period.
type IndexView struct {
	Agency   org.Agency
	Period   Period
	Values   []Value
	Sums     []GroupSum // by group, the total last
	Official map[string]Official
	Frozen   *FrozenIndex
	Over     bool            // the period has ended
	Can      map[string]bool // "verify"
}

// FrozenIndex is the table as it was kept, and which lines read otherwise today.
type FrozenIndex struct {
	At      time.Time
	Digest  string
	Table   Table
	Changed []string // codes
}

// Table is what is frozen: lines with their weights, facts and points.
type Table struct {
	Lines []FrozenLine `json:"lines"`
	Sums  []GroupSum   `json:"sums"`
}

// FrozenLine is one line of it.
type FrozenLine struct {
	Line
	Standing    Standing `json:"standing"`
	Numerator   int64    `json:"numerator"`
	Denominator int64    `json:"denominator"`
	Rate        string   `json:"rate"`
	Points      string   `json:"points"`
}

// Index computes the index of an agency in a period, by the weights in force on its last
// day, with the official values beside it. Refusals: quality.period_unreadable,
// quality.agency_unknown.
func (s *Service) Index(ctx context.Context, agency, period string) (v IndexView, err error) {
	p, err := ParsePeriod(period)
	if err != nil {
		return v, err
	}
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.RequireSeen(tx, a, RightView, RightView, agency, now, unknownAgency()); err != nil {
			return err
		}
		v = IndexView{Period: p, Over: p.ToDay < clock.Day(now), Can: map[string]bool{"verify": identity.Require(tx, a, RightVerify, agency, now) == nil}}
		if v.Agency, err = org.Find(tx, agency); err != nil {
			return err
		}
		if v.Values, err = s.values(tx, agency, p, now); err != nil {
			return err
		}
		v.Sums = Sums(v.Values)
		if v.Official, err = officialsOf(tx, agency, p.Code); err != nil {
			return err
		}
		v.Frozen, err = thaw(tx, agency, p, v.Values)
		return err
	})
	return v, err
}

func (s *Service) values(tx *db.Tx, agency string, p Period, now time.Time) ([]Value, error) {
	dated, err := weightsOn(tx, p.ToDay)
	if err != nil {
		return nil, err
	}
	lines := inForce(Shipped(), dated)
	read := map[string]Fact{}
	fact := func(code string) (Fact, error) {
		if f, found := read[code]; found {
			return f, nil
		}
		f, err := s.fact(tx, code, agency, p, now)
		read[code] = f
		return f, err
	}
	out := make([]Value, len(lines))
	for i, l := range lines {
		f, err := fact(l.Figure)
		if err != nil {
			return nil, err
		}
		by, err := fact(l.Times)
		if err != nil {
			return nil, err
		}
		out[i] = Evaluate(l, f, by)
	}
	return out, nil
}

// thaw reads a frozen table, checks its digest and says what changed since. nil when the
// period is not frozen. Refusal: quality.frozen_changed.
func thaw(tx *db.Tx, agency string, p Period, today []Value) (*FrozenIndex, error) {
	kept, found, err := findFrozen(tx, agency, p.Code)
	if err != nil || !found {
		return nil, err
	}
	f := &FrozenIndex{At: clock.FromMs(kept.atMs), Digest: kept.digest}
	if digestOf(kept.body) != kept.digest || json.Unmarshal([]byte(kept.body), &f.Table) != nil {
		return nil, errs.New(errs.Conflict, "quality.frozen_changed")
	}
	then := map[string]string{}
	for _, l := range f.Table.Lines {
		then[l.Code] = l.Points
	}
	for _, v := range today {
		if was, there := then[v.Code]; !there || was != v.Points {
			f.Changed = append(f.Changed, v.Code)
		}
	}
	return f, nil
}

func digestOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// Freeze keeps the index of a period that has ended, once. Refusals: quality.period_open,
// quality.frozen_already.
func (s *Service) Freeze(ctx context.Context, agency, period string) error {
	p, err := ParsePeriod(period)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.RequireSeen(tx, a, RightView, RightVerify, agency, now, unknownAgency()); err != nil {
			return err
		}
		if p.ToDay >= clock.Day(now) {
			return errs.New(errs.Conflict, "quality.period_open")
		}
		if _, found, err := findFrozen(tx, agency, p.Code); err != nil || found {
			if err == nil {
				err = errs.New(errs.Conflict, "quality.frozen_already")
			}
			return err
		}
		values, err := s.values(tx, agency, p, now)
		if err != nil {
			return err
		}
		t := Table{Sums: Sums(values)}
		for _, v := range values {
			t.Lines = append(t.Lines, FrozenLine{v.Line, v.Standing, v.Fact.Numerator, v.Fact.Denominator, v.Rate, v.Points})
		}
		body, err := json.Marshal(t)
		if err != nil {
			return err
		}
		f := frozen{string(body), digestOf(string(body)), a.AccountID, now.UnixMilli()}
		if err := addFrozen(tx, agency, p.Code, f); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "quality.freeze", Subject: "quality_frozen:" + agency, Agency: agency,
			After: map[string]any{"period": p.Code, "digest": f.digest}})
	})
}

// ReadOfficial reads lines "code; points" as people copy them from the portal or from a
// spreadsheet (semicolon or tab). Refusals, on the field "lines": quality.official_empty,
// quality.official_line.
func ReadOfficial(lines string) (list []Official, err error) {
	known := map[string]bool{}
	for _, l := range shipped.Lines {
		known[l.Code] = true
	}
	n := 0
	for line := range strings.SplitSeq(lines, "\n") {
		n++
		if strings.TrimSpace(line) == "" {
			continue
		}
		code, points, _ := strings.Cut(strings.ReplaceAll(line, "\t", ";"), ";")
		d, fault := decimal.Parse(strings.TrimSpace(points))
		scaled, fits := d.Scaled(2)
		if code = strings.TrimSpace(code); fault != nil || !fits || !known[code] || scaled < 0 || scaled > 100_00 || d.Cmp(decimal.FromScaled(scaled, 2)) != 0 {
			return nil, errs.OnField("lines", "quality.official_line", "n", n)
		}
		list = append(list, Official{Code: code, Points: scaled})
	}
	if len(list) == 0 {
		return nil, errs.OnField("lines", "quality.official_empty")
	}
	return list, nil
}

// SetOfficial keeps what the portal says, line by line, with what proves it. Lines given
// again take the place of what stood. Refusals: those of ReadOfficial,
// quality.official_evidence.
func (s *Service) SetOfficial(ctx context.Context, agency, period, lines, evidence string) error {
	p, err := ParsePeriod(period)
	if err != nil {
		return err
	}
	list, err := ReadOfficial(lines)
	if err != nil {
		return err
	}
	if evidence = text.Clean(evidence); evidence == "" {
		return errs.OnField("evidence", "quality.official_evidence")
	}
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.RequireSeen(tx, a, RightView, RightVerify, agency, now, unknownAgency()); err != nil {
			return err
		}
		before, err := officialsOf(tx, agency, p.Code)
		if err != nil {
			return err
		}
		was, is := map[string]any{"period": p.Code}, map[string]any{"period": p.Code, "evidence": evidence}
		for _, o := range list {
			if b, found := before[o.Code]; found {
				was[o.Code] = decimal.FromScaled(b.Points, 2).Fixed(2)
			}
			is[o.Code] = decimal.FromScaled(o.Points, 2).Fixed(2)
			o.Evidence = evidence
			if err := saveOfficial(tx, agency, p.Code, a.AccountID, now.UnixMilli(), o); err != nil {
				return err
			}
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "quality.official", Subject: "quality_official:" + agency, Agency: agency, Before: was, After: is})
	})
}

// Settings are the weights in force today and every dated change.
type Settings struct {
	Day     string
	Lines   []Line
	History []Weight
	Seventh string // what the sources leave open
	Basis   string
	Can     bool
}

// Settings reads them for who may see the indices anywhere.
func (s *Service) Settings(ctx context.Context) (v Settings, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		v = Settings{Day: clock.Day(now), Seventh: shipped.Seventh, Basis: shipped.Basis}
		province, err := s.Province(tx, v.Day)
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, RightSettings, province, now); err != nil {
			return err
		}
		v.Can = true
		dated, err := weightsOn(tx, v.Day)
		if err != nil {
			return err
		}
		v.Lines = inForce(Shipped(), dated)
		v.History, err = weightHistory(tx)
		return err
	})
	return v, err
}

// SetWeight keeps a weight from a day on; the same day again changes that row. What is
// frozen keeps the weight it was frozen with. Refusals: quality.line_unknown,
// quality.day_unreadable, quality.max_range, quality.full_range, quality.source_missing,
// quality.changed_meanwhile.
func (s *Service) SetWeight(ctx context.Context, w Weight) error {
	w.Source, w.Max, w.Full = text.Clean(w.Source), text.Clean(w.Max), text.Clean(w.Full)
	if err := w.tidy(); err != nil {
		return err
	}
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		province, err := s.Province(tx, clock.Day(now))
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, RightSettings, province, now); err != nil {
			return err
		}
		old, found, err := findWeight(tx, w.Code, w.FromDay)
		if err != nil {
			return err
		}
		if found && old.Version != w.Version || !found && w.Version != 0 {
			return errs.New(errs.Conflict, "quality.changed_meanwhile")
		}
		if err := saveWeight(tx, w); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "quality.weight", Subject: "quality_weight:" + w.Code, Agency: province,
			Before: old.record(), After: w.record()})
	})
}

func (w Weight) record() map[string]any {
	return map[string]any{"from": w.FromDay, "max": w.Max, "full": w.Full, "source": w.Source, "doubt": w.Doubt}
}

// tidy checks a weight as typed and writes its numbers as they are stored.
func (w *Weight) tidy() error {
	var l errs.List
	known := false
	for _, line := range shipped.Lines {
		known = known || line.Code == w.Code
	}
	if !known {
		return errs.New(errs.NotFound, "quality.line_unknown")
	}
	if t, err := clock.ParseDay(w.FromDay); err != nil || clock.Day(t) != w.FromDay {
		l = append(l, errs.OnField("from", "quality.day_unreadable"))
	}
	if n, ok := hundredths(w.Max); !ok || n < 0 || n > 100_00 {
		l = append(l, errs.OnField("max", "quality.max_range"))
	} else {
		w.Max = plain(n)
	}
	if w.Full != "" {
		if n, ok := hundredths(w.Full); !ok || n <= 0 || n > 100_00 {
			l = append(l, errs.OnField("full", "quality.full_range"))
		} else {
			w.Full = plain(n)
		}
	}
	if w.Source == "" {
		l = append(l, errs.OnField("source", "quality.source_missing"))
	}
	return l.Err()
}

// hundredths reads a decimal of two places at most.
func hundredths(s string) (int64, bool) {
	d, err := decimal.Parse(s)
	n, ok := d.Scaled(2)
	return n, err == nil && ok && d.Cmp(decimal.FromScaled(n, 2)) == 0
}

// plain writes hundredths without needless zeros: "6", "5.5".
func plain(n int64) string {
	s := decimal.FromScaled(n, 2).Fixed(2)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
