package org

import (
	"slices"
	"strings"
	"unicode"

	"cchc/internal/text"
)

// How names are compared. A name is folded (no marks, no case), cut into words, the
// usual long forms are replaced by their short ones (Ủy ban nhân dân -> UBND), "và"
// and punctuation fall away, and so does "tỉnh …" at the end. What is left is the
// key under which org_alias is searched.

// matchCode is how codes are compared: without marks, case or blanks.
func matchCode(code string) string { return strings.ReplaceAll(text.Fold(code), " ", "") }

// cut folds a text and cuts it at everything that is neither letter nor digit. The
// dot stays inside a code (GL.D01).
func cut(s string) []string {
	w := strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '_' })
	for i := range w {
		w[i] = strings.Trim(w[i], ".")
	}
	return slices.DeleteFunc(w, func(s string) bool { return s == "" })
}

// shorten replaces long forms and drops connectors.
func (l lexicon) shorten(w []string) []string {
	var out []string
	for i := 0; i < len(w); {
		if p, ok := l.phraseAt(w[i:]); ok {
			out = append(out, p.short)
			i += len(p.words)
			continue
		}
		if long, ok := l.places[w[i]]; ok && i+1 < len(w) && (i == 0 || w[i-1] == l.committee || len(out) > 0 && out[len(out)-1] == l.committee) {
			out = append(out, long...)
		} else if !l.connectors[w[i]] {
			out = append(out, w[i])
		}
		i++
	}
	return out
}

func (l lexicon) phraseAt(w []string) (phrase, bool) {
	for _, p := range l.phrases {
		if len(w) >= len(p.words) && slices.Equal(w[:len(p.words)], p.words) {
			return p, true
		}
	}
	return phrase{}, false
}

// key returns the match key of a name, and the province it names at its end.
func (l lexicon) key(name string) (key, place string) {
	w := l.shorten(cut(name))
	for i := len(w) - 1; i > 0; i-- {
		if w[i] != l.province {
			continue
		}
		place = strings.Join(w[i+1:], " ")
		if i == 1 && w[0] == l.committee { // UBND tỉnh itself
			i++
		}
		return strings.Join(w[:i], " "), place
	}
	if len(w) > 1 && w[0] == l.province { // "tỉnh Gia Lai" alone
		return l.committee + " " + l.province, strings.Join(w[1:], " ")
	}
	return strings.Join(w, " "), ""
}

// tight is the key with all but its first word written together: "sở khcn" for
// "sở kh cn". Abbreviations are stored so, because people join and part them freely.
func tight(key string) string {
	first, rest, _ := strings.Cut(key, " ")
	if rest == "" {
		return key
	}
	return first + " " + strings.ReplaceAll(rest, " ", "")
}

// generated lists further keys by which people call an agency of this name: its
// initials after "Sở", its place without "UBND".
func (l lexicon) generated(name string) []string {
	var keys []string
	w := l.shorten(cut(name))
	if len(w) > 2 && slices.Contains(l.initials, w[0]) {
		initials := ""
		for _, word := range w[1:] {
			r := []rune(word)
			initials += string(r[0])
		}
		keys = append(keys, w[0]+" "+initials)
	}
	if len(w) > 2 && w[0] == l.committee && w[1] != l.province {
		place := strings.Join(w[1:], " ")
		keys = append(keys, place)
		for _, kind := range l.placeKinds {
			if bare, ok := strings.CutPrefix(place, kind+" "); ok {
				keys = append(keys, bare, l.committee+" "+bare)
			}
		}
	}
	return keys
}

// place is the name of a province: "gia lai" of "UBND tỉnh Gia Lai".
func (l lexicon) place(provinceName string) string {
	_, place := l.key(provinceName)
	return place
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
