// Package flow holds tables of moves: which named move leads from which state to
// which. A room declares one table per record kind; the table is the documentation,
// and tests walk every pair of states along it.
package flow

import (
	"slices"

	"cchc/internal/errs"
)

// Move is one allowed change of state.
type Move[S ~string] struct {
	Name string // what the person does: "submit", "return"
	From []S
	To   S
}

// Table is every move of one record kind.
type Table[S ~string] []Move[S]

// Next returns the state that the named move leads to. It refuses an unknown move
// as invalid, and a known one from the wrong state as a conflict, both with code.
func (t Table[S]) Next(from S, name, code string) (S, error) {
	known := false
	for _, m := range t {
		if m.Name != name {
			continue
		}
		known = true
		if slices.Contains(m.From, from) {
			return m.To, nil
		}
	}
	kind := errs.Conflict
	if !known {
		kind = errs.Invalid
	}
	var none S
	return none, errs.New(kind, code, "state", string(from), "move", name)
}

// From lists the names of the moves possible in a state, in table order.
func (t Table[S]) From(state S) []string {
	var names []string
	for _, m := range t {
		if slices.Contains(m.From, state) && !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
}

// States lists every state named in the table, once, in order of appearance.
func (t Table[S]) States() []S {
	var all []S
	for _, m := range t {
		for _, s := range append(slices.Clone(m.From), m.To) {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}
