package indicator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// Registry is every indicator and counter of the program: rooms add theirs when the
// program starts, everybody else reads.
type Registry struct {
	indicators map[string]Indicator
	counters   map[string]Counter
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry {
	return &Registry{indicators: map[string]Indicator{}, counters: map[string]Counter{}}
}

var codeForm = regexp.MustCompile(`^[a-z]+(\.[a-z][a-z0-9_]*)+$`)

// Add registers indicators. A code given twice, or a definition that lacks a part, is a
// mistake in the program: it panics at the start.
func (r *Registry) Add(indicators ...Indicator) {
	for _, i := range indicators {
		_, twice := r.indicators[i.Code]
		switch {
		case !codeForm.MatchString(i.Code):
			panic(fmt.Sprintf("indicator: %q is not a code like room.what_it_counts", i.Code))
		case twice:
			panic(fmt.Sprintf("indicator: %s is added twice", i.Code))
		case i.Read == nil || i.Open == nil:
			panic(fmt.Sprintf("indicator: %s must both read and open", i.Code))
		case i.Area < 0 || i.Area > 7:
			panic(fmt.Sprintf("indicator: %s names area %d", i.Code, i.Area))
		case !slices.Contains([]Kind{Flow, Stock, Distinct, Median}, i.Kind):
			panic(fmt.Sprintf("indicator: %s is of unknown kind %q", i.Code, i.Kind))
		case !slices.Contains([]string{"", Higher, Lower}, i.BetterIs):
			panic(fmt.Sprintf("indicator: %s says better is %q", i.Code, i.BetterIs))
		case i.Unit == "":
			panic(fmt.Sprintf("indicator: %s has no unit", i.Code))
		}
		r.indicators[i.Code] = i
	}
}

// AddCounters registers what is counted as it happens, so that Verify can recount it.
// It panics like Add.
func (r *Registry) AddCounters(counters ...Counter) {
	for _, c := range counters {
		_, twice := r.counters[c.Code]
		switch {
		case !codeForm.MatchString(c.Code):
			panic(fmt.Sprintf("indicator: counter %q is not a code like room.what_it_counts", c.Code))
		case twice:
			panic(fmt.Sprintf("indicator: counter %s is added twice", c.Code))
		case c.Recount == nil:
			panic(fmt.Sprintf("indicator: counter %s cannot be recounted from its records", c.Code))
		}
		r.counters[c.Code] = c
	}
}

// Get finds an indicator by code.
func (r *Registry) Get(code string) (Indicator, bool) { i, ok := r.indicators[code]; return i, ok }

// All lists the indicators by code: for pages, and for the documentation.
func (r *Registry) All() []Indicator {
	all := make([]Indicator, 0, len(r.indicators))
	for _, code := range slices.Sorted(maps.Keys(r.indicators)) {
		all = append(all, r.indicators[code])
	}
	return all
}

// Counters lists the counters by code.
func (r *Registry) Counters() []Counter {
	all := make([]Counter, 0, len(r.counters))
	for _, code := range slices.Sorted(maps.Keys(r.counters)) {
		all = append(all, r.counters[code])
	}
	return all
}
