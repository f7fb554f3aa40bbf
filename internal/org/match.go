package org

import (
	"slices"
	"strings"
	"unicode"

	"cchc/internal/text"
)

// matchCode is how codes are compared: without marks, case or blanks.
func matchCode(code string) string { return strings.ReplaceAll(text.Fold(code), " ", "") }

// matchKeys returns the two keys by which a text is looked up: its words, and its
// first word with the rest written together, as in "Sở KH&CN", "Sở KHCN".
func matchKeys(name string) [2]string {
	w := words(name)
	if len(w) < 2 {
		return [2]string{strings.Join(w, " "), matchCode(name)}
	}
	return [2]string{strings.Join(w, " "), w[0] + " " + strings.Join(w[1:], "")}
}

// words folds a text and cuts it at everything that is neither letter nor digit.
func words(name string) []string {
	return strings.FieldsFunc(text.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' })
}

// strength of the ways to match: a smaller one hides the larger ones.
var strength = map[string]int{"name": 0, "short_name": 0, "code": 0, "old_name": 1, "old_short_name": 1, "old_code": 1, "alias": 1, "generated": 2}

func strongest(found []match) []Agency {
	best := 9
	for _, m := range found {
		best = min(best, strength[m.by])
	}
	var all []Agency
	for _, m := range found {
		if strength[m.by] == best && !slices.ContainsFunc(all, func(a Agency) bool { return a.ID == m.agency.ID }) {
			all = append(all, m.agency)
		}
	}
	return all
}

// byKind keeps the agencies of the given kinds, in the order of Kinds; no kind keeps all.
func byKind(all []Agency, kinds []Kind) []Agency {
	if len(kinds) > 0 {
		all = slices.DeleteFunc(all, func(a Agency) bool { return !slices.Contains(kinds, a.Kind) })
	}
	slices.SortStableFunc(all, func(a, b Agency) int { return slices.Index(Kinds, a.Kind) - slices.Index(Kinds, b.Kind) })
	return all
}
