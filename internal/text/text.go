// Package text prepares Vietnamese text for searching and sorting. Both engines
// get the same folded text and the same sort keys, computed here, because SQLite
// folds ASCII only and PostgreSQL sorts by its own collation.
package text

import (
	"encoding/hex"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// NFC composes marks: the one form in which text is stored. Every input passes it once, at the edge.
func NFC(s string) string { return norm.NFC.String(s) }

// Clean is NFC with runs of white space folded to one blank and the ends trimmed.
func Clean(s string) string { return strings.Join(strings.Fields(NFC(s)), " ") }

// Fold returns the text without marks, in lower case, with đ as d, and white space
// folded: "Đất đai" and "dat dai" fold to the same text.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := true
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsSpace(r):
			if !blank {
				b.WriteByte(' ')
			}
			blank = true
			continue
		case r == 'đ' || r == 'Đ':
			r = 'd'
		}
		b.WriteRune(unicode.ToLower(r))
		blank = false
	}
	return strings.TrimSuffix(b.String(), " ")
}

var collators = sync.Pool{New: func() any { return collate.New(language.Vietnamese) }}

// SortKey returns the hex of the Vietnamese collation key of s (hex because the key
// contains NUL, which a PostgreSQL text refuses). Sorting keys as bytes sorts the
// texts as a Vietnamese dictionary does: An, Ân, Bình, Dung, Đà, Zung.
func SortKey(s string) string {
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	var buf collate.Buffer
	return hex.EncodeToString(c.KeyFromString(&buf, NFC(s)))
}
