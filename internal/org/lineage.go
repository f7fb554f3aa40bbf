package org

import (
	"slices"

	"cchc/internal/db"
)

// Link is one line of succession: To took over From's work in Field ("" all fields
// without a line of their own) on Day.
type Link struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Field string `json:"field"`
	Day   string `json:"day"`
}

// Lineage is every line of succession: who follows whom. It is small (a few hundred
// lines after a merger) and read once for a whole statistic.
type Lineage struct {
	byFrom, byTo map[string][]Link
	agencies     map[string]Agency
}

// ReadLineage reads all lines of succession.
func ReadLineage(tx *db.Tx) (Lineage, error) {
	l := Lineage{byFrom: map[string][]Link{}, byTo: map[string][]Link{}, agencies: map[string]Agency{}}
	links, err := readLinks(tx)
	if err != nil {
		return l, err
	}
	for _, k := range links {
		l.byFrom[k.From] = append(l.byFrom[k.From], k)
		l.byTo[k.To] = append(l.byTo[k.To], k)
	}
	all, err := List(tx, "")
	for _, a := range all {
		l.agencies[a.ID] = a
	}
	return l, err
}

// AsIs maps an agency of some day to those that do its work on another day ("theo cơ
// cấu hiện nay"): itself while it exists, else its successors in the field, and theirs.
// For a day before it existed, its predecessors. Several mean that the work was
// divided; none that nobody is recorded.
func (l Lineage) AsIs(agencyID, field, day string) []Agency {
	var out []Agency
	seen := map[string]bool{}
	var walk func(id string, forward bool)
	walk = func(id string, forward bool) {
		a, known := l.agencies[id]
		if !known || seen[id] {
			return
		}
		seen[id] = true
		switch {
		case a.On(day):
			out = append(out, a)
		case day > a.ValidTo && forward:
			for _, k := range follow(l.byFrom[id], field) {
				walk(k.To, true)
			}
		case day < a.ValidFrom && !forward:
			for _, k := range l.byTo[id] {
				// Only where the predecessor's work in this field came here.
				if slices.Contains(follow(l.byFrom[k.From], field), k) {
					walk(k.From, false)
				}
			}
		}
	}
	walk(agencyID, day >= l.agencies[agencyID].ValidFrom)
	slices.SortFunc(out, func(a, b Agency) int {
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
	return out
}

// AsWas maps an agency of today to those whose work it does, as they were on day:
// the other direction of AsIs, for reading an old table beside a new one.
func (l Lineage) AsWas(agencyID, field, day string) []Agency { return l.AsIs(agencyID, field, day) }

// follow keeps the lines of one field, else those for all fields.
func follow(links []Link, field string) []Link {
	of := func(f string) (out []Link) {
		for _, k := range links {
			if k.Field == f {
				out = append(out, k)
			}
		}
		return out
	}
	if named := of(field); len(named) > 0 {
		return named
	}
	return of("")
}
