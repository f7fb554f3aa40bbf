package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A spreadsheet takes text that begins with one of these for a formula, full-width
// forms and white space before them included (OWASP CSV injection).
const formulaSigns = "=+-@\t\r\n|%" + "\uff1d\uff0b\uff0d\uff20"

// Guard makes text safe for a cell: one that could be a formula gets an apostrophe in
// front, which spreadsheets show as text. Reading a sheet takes it off again.
func Guard(s string) string {
	if dangerous(s) {
		return "'" + s
	}
	return s
}

// guardCell is Guard for a cell that is stored as text and formatted as text, so that
// nothing evaluates it: a dash before a word, which begins half the lines that an
// official writes, may stay as it is.
func guardCell(s string) string {
	if rest, ok := strings.CutPrefix(s, "- "); ok {
		if first, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(first) {
			return s
		}
	}
	return Guard(s)
}

// unguard undoes Guard, and only Guard.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && dangerous(rest) {
		return rest
	}
	return s
}

func dangerous(s string) bool {
	if s == "" {
		return false
	}
	if rest, ok := strings.CutPrefix(s, "'"); ok { // so that a text that looks guarded comes back whole
		return dangerous(rest)
	}
	trimmed := strings.TrimLeft(s, " \u00a0\u3000\u200b\ufeff")
	return trimmed != "" && strings.ContainsRune(formulaSigns, []rune(trimmed)[0])
}
