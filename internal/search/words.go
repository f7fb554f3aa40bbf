package search

import (
	"sort"
	"strconv"
	"strings"
	"unicode"

	"cchc/internal/text"
)

// What PostgreSQL's tsvector can hold bounds both engines, so that they agree:
// positions up to 16,383, words up to 2,046 bytes.
const (
	maxWords = 16_000 // of a record; what follows is not indexed
	maxWord  = 64     // letters
	maxBody  = 400 << 10
	maxTerms = 16 // of a query
)

// word is a run of letters and digits, folded, and where it stands in the text.
type word struct {
	fold       string
	start, end int
}

// cut finds the words of a text. It folds word by word, so that places stay known.
func cut(s string, most int) (words []word) {
	start := -1
	add := func(end int) {
		if start >= 0 {
			if fold := token(s[start:end]); fold != "" {
				words = append(words, word{fold, start, end})
			}
			start = -1
		}
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.Mn, r) && start >= 0:
			if start < 0 {
				start = i
			}
		default:
			add(i)
			if len(words) >= most {
				return words
			}
		}
	}
	add(len(s))
	return words
}

// token folds a word to letters and digits only, which need no quoting anywhere.
func token(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range text.Fold(s) {
		if (unicode.IsLetter(r) || unicode.IsNumber(r)) && n < maxWord {
			b.WriteRune(r)
			n++
		}
	}
	return b.String()
}

// blanks is the form for FTS5: words parted by blanks.
func blanks(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.fold)
	}
	return b.String()
}

// vector is the form for PostgreSQL: each word with its places, 'dat':1,7 'dai':2.
func vector(words []word) string {
	places := map[string][]string{}
	var names []string
	for i, w := range words {
		if places[w.fold] == nil {
			names = append(names, w.fold)
		}
		if len(places[w.fold]) < 255 { // all that it keeps
			places[w.fold] = append(places[w.fold], strconv.Itoa(i+1))
		}
	}
	sort.Strings(names)
	var b strings.Builder
	for _, name := range names {
		b.WriteString("'" + name + "':" + strings.Join(places[name], ",") + " ")
	}
	return b.String()
}

// term is a word or a phrase to be found; the last word of a prefix term may go on.
type term struct {
	words  []string // folded
	typed  []string // as typed, in lower case: marks tell exact matches
	prefix bool
}

// parse reads what somebody typed. Nothing in it is an operator but the quotes.
func parse(s string) (terms []term) {
	s = text.NFC(strings.ToValidUTF8(s, " "))
	s = strings.NewReplacer("\u201c", `"`, "\u201d", `"`).Replace(s)
	count := 0
	pieces := strings.Split(s, `"`)
	for i, piece := range pieces {
		words := cut(piece, maxTerms-count)
		words = words[:min(len(words), maxTerms-count)]
		count += len(words)
		if i%2 == 1 && len(words) > 0 { // an unclosed quote is a phrase to the end
			terms = append(terms, term{words: folds(words), typed: lowers(piece, words)})
			continue
		}
		for j, w := range words {
			last := i == len(pieces)-1 && j == len(words)-1 && w.end == len(piece)
			// One letter would begin half of all words.
			terms = append(terms, term{words: []string{w.fold}, typed: lowers(piece, words[j:j+1]), prefix: last && len([]rune(w.fold)) >= 2})
		}
	}
	return terms
}

func folds(words []word) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.fold
	}
	return list
}

func lowers(piece string, words []word) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = strings.ToLower(piece[w.start:w.end])
	}
	return list
}

// forFTS5 writes terms as an FTS5 expression. Words hold letters and digits only, so
// the quotes around them cannot be left.
func forFTS5(terms []term) string {
	var b strings.Builder
	for _, t := range terms {
		b.WriteString(`"` + strings.Join(t.words, " ") + `"`)
		if t.prefix {
			b.WriteString(` *`)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// forTSQuery writes terms as a tsquery.
func forTSQuery(terms []term) string {
	list := make([]string, len(terms))
	for i, t := range terms {
		list[i] = "('" + strings.Join(t.words, "' <-> '") + "'"
		if t.prefix {
			list[i] += ":*"
		}
		list[i] += ")"
	}
	return strings.Join(list, " & ")
}
