package file

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"cchc/internal/errs"
)

const xmlDepth = 200 // deeper than any honest document, shallow enough for any reader

// lookText accepts UTF-8, or UTF-16 with its mark: what spreadsheets and editors save.
// Older Vietnamese codings (TCVN3, VNI) are refused, because nobody can tell them apart.
// A NUL in the first bytes (not of UTF-16) means that it is no text at all.
func lookText(r io.ReaderAt, size int64, binary bool) (form, main string, err error) {
	in := bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 64<<10)
	next := in.ReadRune
	if mark, _ := in.Peek(2); len(mark) == 2 && (mark[0] == 0xff && mark[1] == 0xfe || mark[0] == 0xfe && mark[1] == 0xff) {
		little := mark[0] == 0xff
		next = func() (rune, int, error) { return readUTF16(in, little) }
	}
	for {
		c, n, err := next()
		if errors.Is(err, io.EOF) {
			return "text", "", nil
		}
		if err != nil {
			return "", "", err
		}
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
			return "binary", "", nil // not on the list: refused as a type
		}
		if c == utf8.RuneError && n <= 1 {
			if binary {
				return "binary", "", nil
			}
			return "", "", errs.New(errs.Invalid, "file.text_encoding")
		}
	}
}

func readUTF16(in *bufio.Reader, little bool) (rune, int, error) {
	unit := func() (rune, error) {
		var b [2]byte
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return 0, err
		}
		if little {
			return rune(b[1])<<8 | rune(b[0]), nil
		}
		return rune(b[0])<<8 | rune(b[1]), nil
	}
	a, err := unit()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return utf8.RuneError, 1, nil
	}
	if err != nil || !utf16.IsSurrogate(a) {
		return a, 2, err
	}
	b, err := unit()
	if c := utf16.DecodeRune(a, b); err == nil && c != utf8.RuneError {
		return c, 4, nil
	}
	return utf8.RuneError, 1, nil
}

// checkXML refuses what can grow or reach out when a careless program reads it later:
// any document type (so no entity can be declared) and absurd nesting.
func checkXML(r io.Reader) error {
	d := xml.NewDecoder(r)
	depth, roots := 0, 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && roots == 1 && depth == 0 {
			return nil
		}
		if err != nil {
			return errs.New(errs.Invalid, "file.xml_unsafe")
		}
		switch token.(type) {
		case xml.Directive:
			return errs.New(errs.Invalid, "file.xml_unsafe")
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > xmlDepth || depth < 0 || roots > 1 {
			return errs.New(errs.Invalid, "file.xml_unsafe")
		}
	}
}

// checkProlog is checkXML for a part of an office file, up to its root element: a
// document type can only stand before it.
func checkProlog(r io.Reader) error {
	d := xml.NewDecoder(io.LimitReader(r, 64<<10))
	for {
		token, err := d.RawToken()
		if err != nil {
			return errs.New(errs.Invalid, "file.xml_unsafe")
		}
		switch token.(type) {
		case xml.Directive:
			return errs.New(errs.Invalid, "file.xml_unsafe")
		case xml.StartElement:
			return nil
		}
	}
}
