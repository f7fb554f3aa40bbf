package quality

import (
	"slices"

	"cchc/internal/decimal"
)

// Line is one indicator of the service index as it counts on a day.
type Line struct {
	Code   string `json:"code"` // "3.3"
	Group  string `json:"group"`
	Name   string `json:"name"` // as the decision names it
	Max    string `json:"max"`  // points, "" while nobody knows: then it is not scored
	Full   string `json:"full"` // percent from which points are full, "" linear up to 100
	Figure string `json:"figure"`
	Times  string `json:"times"` // figure whose rate multiplies this one: 3.3 by the rate of synchronisation
	Source string `json:"source"`
	Doubt  bool   `json:"doubt"` // the weight or the threshold is not certain
	// FromDay and Version belong to the dated row in force, "" and 0 while the shipped one is.
	FromDay string `json:"-"`
	Version int64  `json:"-"`
}

// Scored says whether the line gives points.
func (l Line) Scored() bool { return l.Max != "" && l.Max != "0" }

// Fact is what a figure reads: Known false when no room offers it yet.
type Fact struct {
	Known                  bool
	Numerator, Denominator int64
}

// Standing says what a line's value rests on.
type Standing string

// The standings.
const (
	Counted  Standing = "counted"   // a figure
	NoCase   Standing = "no_case"   // empty denominator: not 0, and outside the total
	NoSource Standing = "no_source" // nobody counts it yet: outside the total
	NoWeight Standing = "no_weight" // shown, not scored
)

// Value is a line with its result.
type Value struct {
	Line
	Standing Standing
	Fact     Fact
	By       Fact   // the multiplier
	Rate     string // percent, two decimals, "" without
	Points   string // two decimals, "" without

	exact, most decimal.D
}

// hundred and one are whole percents and no change.
var hundred, one = decimal.Int(100), decimal.Int(1)

// Evaluate gives the points of a line: rate × max, or rate × max / full below the
// threshold from which points are full. Everything is exact and rounded once, half up, to
// two decimals when it is shown.
func Evaluate(l Line, f, by Fact) Value {
	v := Value{Line: l, Fact: f, By: by}
	switch {
	case !f.Known || l.Times != "" && !by.Known:
		v.Standing = NoSource
		return v
	case f.Denominator == 0 || l.Times != "" && by.Denominator == 0:
		v.Standing = NoCase
		return v
	}
	share, _ := decimal.Ratio(f.Numerator, f.Denominator)
	if l.Times != "" {
		// An indicator counts only what the national portal received (QĐ 766, 3.3).
		sync, _ := decimal.Ratio(by.Numerator, by.Denominator)
		share = share.Mul(sync)
	}
	v.Rate, v.Standing = share.Mul(hundred).Fixed(2), Counted
	if !l.Scored() {
		v.Standing = NoWeight
		return v
	}
	most, err := decimal.Parse(l.Max)
	if err != nil {
		v.Standing = NoWeight
		return v
	}
	part := share
	if full, err := decimal.Parse(l.Full); l.Full != "" && err == nil {
		// share / (full/100), from exact hundredths of a percent
		if scaled, ok := full.Scaled(2); ok && scaled > 0 {
			inverse, _ := decimal.Ratio(10_000, scaled)
			part = share.Mul(inverse)
		}
	}
	if part.Cmp(one) > 0 {
		part = one
	}
	v.exact, v.most = part.Mul(most), most
	v.Points = v.exact.Fixed(2)
	return v
}

// GroupSum is the points of a group, or of all.
type GroupSum struct {
	Name   string
	Points string // two decimals, rounded once; "" when nothing in it was counted
	Most   string // points that the counted lines could give
	Whole  string // points that the group has by the decision
}

// Sums adds up by group in the order of the lines; the last one is the total.
func Sums(values []Value) []GroupSum {
	type sum struct {
		points, most, whole decimal.D
		counted             bool
	}
	var names []string
	sums := map[string]*sum{"": {}}
	for _, v := range values {
		if !slices.Contains(names, v.Group) {
			names = append(names, v.Group)
			sums[v.Group] = &sum{}
		}
		for _, s := range []*sum{sums[v.Group], sums[""]} {
			if whole, err := decimal.Parse(v.Max); err == nil {
				s.whole = s.whole.Add(whole)
			}
			if v.Standing == Counted {
				s.points, s.most, s.counted = s.points.Add(v.exact), s.most.Add(v.most), true
			}
		}
	}
	out := make([]GroupSum, 0, len(names)+1)
	for _, name := range append(names, "") {
		s := sums[name]
		g := GroupSum{Name: name, Most: s.most.Fixed(2), Whole: s.whole.Fixed(2)}
		if s.counted {
			g.Points = s.points.Fixed(2)
		}
		out = append(out, g)
	}
	return out
}

// Why says what most likely makes an official value differ from ours: a key for words.
// "" when they are equal or one is missing.
func (v Value) Why(official string) string {
	theirs, err := decimal.Parse(official)
	if official == "" || err != nil {
		return ""
	}
	switch v.Standing {
	case NoSource:
		return "no_source"
	case NoCase:
		return "no_case"
	case NoWeight:
		return "no_weight"
	}
	ours, _ := decimal.Parse(v.Points)
	switch {
	case ours.Cmp(theirs) == 0:
		return ""
	case theirs.Cmp(v.most) > 0:
		return "over_max" // the portal gives more than our weight allows
	case v.Times != "" && v.By.Numerator < v.By.Denominator || v.Figure == "sync.synced_rate" && ours.Cmp(theirs) > 0:
		return "sync"
	case v.Doubt:
		return "weight"
	case ours.Cmp(theirs) > 0:
		return "ours_more"
	}
	return "theirs_more"
}
