package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// newest is above every num.
const newest = math.MaxInt64

// ranked scores documents, orders them by score, then newest first, and keeps those
// after the cursor.
func ranked(docs []doc, terms []term, after cursor) []doc {
	exact := exactWords(terms)
	for i := range docs {
		docs[i].score = score(docs[i].body, terms, exact)
	}
	slices.SortFunc(docs, func(a, b doc) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.num, a.num))
	})
	if after.num == newest {
		return docs
	}
	i := 0
	for i < len(docs) && (docs[i].score > after.score || docs[i].score == after.score && docs[i].num >= after.num) {
		i++
	}
	return docs[i:]
}

// exactWords are the words of a query as typed, marks and all.
func exactWords(terms []term) []string {
	var list []string
	for _, t := range terms {
		list = append(list, t.typed...)
	}
	return list
}

// score: 4 all words stand in the order typed, side by side, with the same marks; 3 all
// are there with the same marks; 2 side by side but for the marks; 1 merely found.
func score(body string, terms []term, exact []string) int {
	words := cut(body, maxWords)
	lower := make([]string, len(words))
	folded := make([]string, len(words))
	have := map[string]bool{}
	for i, w := range words {
		lower[i] = strings.ToLower(text.NFC(body[w.start:w.end]))
		folded[i] = w.fold
		have[lower[i]] = true
	}
	prefix := terms[len(terms)-1].prefix
	all := true
	for i, e := range exact {
		if have[e] || prefix && i == len(exact)-1 && slices.ContainsFunc(lower, func(w string) bool { return strings.HasPrefix(w, e) }) {
			continue
		}
		all = false
	}
	switch {
	case all && sideBySide(lower, exact, prefix):
		return 4
	case all:
		return 3
	}
	var plain []string
	for _, t := range terms {
		plain = append(plain, t.words...)
	}
	if sideBySide(folded, plain, prefix) {
		return 2
	}
	return 1
}

func sideBySide(words, wanted []string, prefix bool) bool {
	for i := 0; i+len(wanted) <= len(words); i++ {
		ok := true
		for j, w := range wanted {
			if words[i+j] != w && !(prefix && j == len(wanted)-1 && strings.HasPrefix(words[i+j], w)) {
				ok = false
				break
			}
		}
		if ok {
			return true
		}
	}
	return false
}

// snippet shows some twenty words around the first match, matches marked.
func snippet(body string, terms []term) []Part {
	const before, after = 6, 18
	words := cut(body, maxWords)
	hit := func(w word) bool {
		for _, t := range terms {
			for i, fold := range t.words {
				if w.fold == fold || t.prefix && i == len(t.words)-1 && strings.HasPrefix(w.fold, fold) {
					return true
				}
			}
		}
		return false
	}
	first := max(0, slices.IndexFunc(words, hit))
	from, to := max(0, first-before), min(len(words), first+after)
	if to == 0 {
		return nil
	}
	var parts []Part
	add := func(s string, match bool) {
		if s != "" {
			parts = append(parts, Part{s, match})
		}
	}
	at := words[from].start
	if from == 0 {
		at = 0
	} else {
		add("… ", false)
	}
	for _, w := range words[from:to] {
		if hit(w) {
			add(body[at:w.start], false)
			add(body[w.start:w.end], true)
			at = w.end
		}
	}
	if to == len(words) {
		add(body[at:], false)
	} else {
		add(body[at:words[to-1].end]+" …", false)
	}
	return parts
}

// cursor is where a page ended.
type cursor struct {
	score int
	num   int64
}

func (c cursor) String(ranked bool) string {
	if ranked {
		return fmt.Sprintf("%d.%x", c.score, c.num)
	}
	return strconv.FormatInt(c.num, 16)
}

func parseCursor(s string, ranked bool) (cursor, error) {
	if s == "" {
		return cursor{num: newest}, nil
	}
	c := cursor{}
	number := s
	var err error
	if ranked {
		score, rest, _ := strings.Cut(s, ".")
		number = rest
		c.score, err = strconv.Atoi(score)
	}
	var err2 error
	if c.num, err2 = strconv.ParseInt(number, 16, 64); err != nil || err2 != nil {
		return c, errs.New(errs.Invalid, "search.cursor")
	}
	return c, nil
}

// cutBody bounds what is kept of a text, at a letter's edge.
func cutBody(s string) string {
	if len(s) <= maxBody {
		return s
	}
	s = s[:maxBody]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s
}
