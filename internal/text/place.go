package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Place is the proper name within the name of an agency or a place: what kind of place
// it is stands before it in small letters. "UBND tỉnh Bình Định" gives "Bình Định"; a
// name without small letters at its beginning is given back.
func Place(name string) string {
	words := strings.Fields(strings.TrimPrefix(name, "UBND "))
	for i, w := range words {
		if first, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(first) {
			return strings.Join(words[i:], " ")
		}
	}
	return name
}
