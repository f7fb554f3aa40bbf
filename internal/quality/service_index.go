package quality

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/decimal"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
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

// FrozenTotal is the total of an agency's frozen table.
type FrozenTotal struct{ Agency, Name, Points, Most string }

// Ranking lists the agencies within reach whose index of a period is frozen, the largest
// share of the counted points first; the same share keeps the order of names.
func (s *Service) Ranking(ctx context.Context, period string) (list []FrozenTotal, err error) {
	p, err := ParsePeriod(period)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		rows, err := frozenWithin(tx, a.Reach(RightView), p.Code, now.UnixMilli())
		list = list[:0]
		for _, r := range rows {
			var t Table
			if digestOf(r.body) != r.digest || json.Unmarshal([]byte(r.body), &t) != nil || len(t.Sums) == 0 {
				return errs.New(errs.Conflict, "quality.frozen_changed")
			}
			total := t.Sums[len(t.Sums)-1]
			list = append(list, FrozenTotal{r.agency, r.name, total.Points, total.Most})
		}
		slices.SortStableFunc(list, func(x, y FrozenTotal) int { return y.share().Cmp(x.share()) })
		return err
	})
	return list, err
}

// share is what was earned of what could be; 0 when nothing was counted.
func (f FrozenTotal) share() decimal.D {
	points, _ := hundredths(f.Points)
	most, _ := hundredths(f.Most)
	d, _ := decimal.Ratio(points, most)
	return d
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
