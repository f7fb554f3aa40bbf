package file

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"cchc/internal/text"
)

const maxName = 150 // bytes: fits every file system and most mail programs

// SafeName makes a file name harmless: no folder, no control or invisible character
// (right-to-left override makes "exe.pdf" of "fdp.exe"), nothing a Windows disk
// refuses, not hidden, not longer than a file system takes. It is never empty.
func SafeName(name string) string {
	name = path.Base(strings.ReplaceAll(text.NFC(strings.ToValidUTF8(name, "")), `\`, "/"))
	var b strings.Builder
	for _, r := range name {
		switch {
		case unicode.Is(unicode.C, r): // control, format (bidi, zero width), private use, surrogate
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case strings.ContainsRune(`/\:*?"<>|`, r):
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	name = strings.Trim(strings.Join(strings.Fields(b.String()), " "), ". ")
	stem, ext := name, path.Ext(name)
	if ext == "" || len(ext) > 10 {
		ext = ""
	}
	stem = strings.TrimSuffix(stem, ext)
	for len(stem)+len(ext) > maxName {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	stem = strings.TrimRight(stem, " ")
	if stem == "" {
		stem = "file"
	}
	return stem + ext
}

// extension is the lower-case extension without its dot.
func extension(name string) string { return strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) }

// Disposition is the Content-Disposition header (RFC 6266) that makes a browser save
// rather than show: an ASCII name for old programs, the exact one beside it (RFC 8187).
func Disposition(name string) string {
	name = SafeName(name)
	var plain, exact strings.Builder
	for _, r := range unmark(name) {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '%' {
			r = '_'
		}
		plain.WriteRune(r)
	}
	for _, c := range []byte(name) {
		if c < 0x80 && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)) || strings.IndexByte("!#$&+-.^_`|~", c) >= 0) {
			exact.WriteByte(c)
		} else {
			fmt.Fprintf(&exact, "%%%02X", c)
		}
	}
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain.String(), exact.String())
}

// unmark takes the marks off but, unlike text.Fold, keeps capitals.
func unmark(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '\u0111':
			return 'd'
		case r == '\u0110':
			return 'D'
		}
		return r
	}, norm.NFD.String(s))
}
