package document

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// readCSV reads comma, semicolon or tab separated text: Excel writes semicolons on a
// Vietnamese machine, and UTF-16 with tabs as "Unicode text".
func readCSV(r io.ReaderAt, size int64, name string, limits Limits) ([][]string, error) {
	body := make([]byte, size)
	if _, err := r.ReadAt(body, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	body, err := decodeText(body)
	if err != nil {
		return nil, err
	}
	if bytes.IndexByte(body, 0) >= 0 || bytes.HasPrefix(body, []byte("%PDF")) {
		return nil, errs.New(errs.Invalid, "document.sheet_type", "name", name)
	}
	// "sep=;" in the first line is Excel's own way to say it.
	comma := rune(0)
	if line, rest, _ := bytes.Cut(body, []byte("\n")); len(line) < 8 && bytes.HasPrefix(line, []byte("sep=")) && len(bytes.TrimRight(line, "\r")) == 5 {
		comma, body = rune(line[4]), rest
	}
	if comma == 0 {
		comma = separator(body)
	}
	in := csv.NewReader(bytes.NewReader(body))
	in.Comma = comma
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	var rows [][]string
	cells := 0
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return square(rows), nil
		}
		if err != nil {
			return nil, errs.New(errs.Invalid, "document.sheet_damaged")
		}
		if cells += len(row); len(rows) >= limits.Rows || len(row) > limits.Columns || cells > limits.Cells {
			return nil, tooManyCells(limits)
		}
		for i := range row {
			row[i] = strings.TrimSpace(text.NFC(unguard(row[i])))
		}
		rows = append(rows, row)
	}
}

// decodeText makes UTF-8 of UTF-8 or UTF-16, with or without a mark.
func decodeText(b []byte) ([]byte, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		order, b = binary.LittleEndian, b[2:]
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		order, b = binary.BigEndian, b[2:]
	case len(b) >= 4 && b[1] == 0 && b[3] == 0 && b[0] != 0: // Latin letters in UTF-16 without a mark
		order = binary.LittleEndian
	case len(b) >= 4 && b[0] == 0 && b[2] == 0 && b[1] != 0:
		order = binary.BigEndian
	}
	if order != nil {
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = order.Uint16(b[2*i:])
		}
		return []byte(string(utf16.Decode(units))), nil
	}
	if !utf8.Valid(b) {
		return nil, errs.New(errs.Invalid, "file.text_encoding")
	}
	return b, nil
}

// separator is the one that occurs most outside quotes in the first lines.
func separator(body []byte) rune {
	count := map[byte]int{}
	quoted, lines := false, 0
	for _, c := range body {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			lines++
		case c == ',' || c == ';' || c == '\t':
			count[c]++
		}
		if lines == 10 {
			break
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if count[c] > count[best] {
			best = c
		}
	}
	return rune(best)
}
