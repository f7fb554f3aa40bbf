package org

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// The limits of an import file. A province has some hundred agencies; what is larger
// is a mistake or an attack.
const (
	MaxFile      = 5 << 20  // bytes as sent
	maxUnzipped  = 50 << 20 // bytes of a spreadsheet unpacked
	maxRows      = 5000
	maxCellRunes = 1000
)

// columns of an import file, by name in its first row; those after mark may be missing.
var columns = []string{"code", "name", "kind", "parent", "valid_from", "valid_to", "successor", "mark", "short_name", "aliases"}

// Row is one line of an import file as it is written there.
type Row struct {
	Row int // line or row number in the file, the header is 1
	Code, Name, Kind, Parent, ValidFrom, ValidTo,
	Successor, Mark, ShortName, Aliases string
}

// ReadFile reads an import file, CSV (UTF-8, comma or semicolon) or XLSX (first
// sheet), with the columns code, name, kind, parent, valid_from, valid_to, successor
// and mark, and perhaps short_name and aliases. It refuses, by code: a file that is
// too large or unpacks to more than it should, one with macros or a password, one
// whose columns are missing.
func ReadFile(r io.Reader) ([]Row, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > MaxFile {
		return nil, errs.New(errs.TooLarge, "org.file_too_large", "megabytes", MaxFile>>20)
	}
	var cells [][]string
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		cells, err = readSheet(raw)
	case bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")): // old .xls, or a spreadsheet with a password
		err = errs.New(errs.Invalid, "org.file_not_xlsx")
	default:
		cells, err = readCSV(raw)
	}
	if err != nil {
		return nil, err
	}
	return toRows(cells)
}

func readCSV(raw []byte) ([][]string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return nil, errs.New(errs.Invalid, "org.file_not_utf8")
	}
	first, _, _ := bytes.Cut(raw, []byte("\n"))
	in := csv.NewReader(bytes.NewReader(raw))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		in.Comma = ';'
	}
	in.FieldsPerRecord = -1
	var all [][]string
	for {
		record, err := in.Read()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			line, _ := in.FieldPos(0)
			return nil, errs.New(errs.Invalid, "org.file_unreadable", "row", line)
		}
		// Empty lines are skipped by the reader: keep the numbers that the person sees.
		for line, _ := in.FieldPos(0); len(all) < min(line-1, maxRows+1); {
			all = append(all, nil)
		}
		if all = append(all, record); len(all) > maxRows {
			return nil, errs.New(errs.TooLarge, "org.file_too_many_rows", "most", maxRows)
		}
	}
}

func readSheet(raw []byte) ([][]string, error) {
	if err := checkZip(raw); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return nil, errs.New(errs.Invalid, "org.file_not_xlsx")
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return nil, errs.New(errs.Invalid, "org.file_not_xlsx")
	}
	defer rows.Close()
	var all [][]string
	for rows.Next() {
		record, err := rows.Columns()
		if err != nil {
			return nil, errs.New(errs.Invalid, "org.file_unreadable", "row", len(all)+1)
		}
		if all = append(all, record); len(all) > maxRows {
			return nil, errs.New(errs.TooLarge, "org.file_too_many_rows", "most", maxRows)
		}
	}
	return all, rows.Error()
}

// checkZip looks at a spreadsheet before it is unpacked: macros, and parts that unpack
// to more than they may. Sizes in the directory can lie, so each part is unpacked
// against the limit, not trusted.
func checkZip(raw []byte) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) > 1000 {
		return errs.New(errs.Invalid, "org.file_not_xlsx")
	}
	left := int64(maxUnzipped)
	for _, part := range z.File {
		name := strings.ToLower(path.Base(part.Name))
		if strings.Contains(name, "vbaproject") || strings.HasSuffix(name, ".bin") && strings.Contains(name, "macro") {
			return errs.New(errs.Invalid, "org.file_with_macros")
		}
		in, err := part.Open()
		if err != nil {
			return errs.New(errs.Invalid, "org.file_not_xlsx")
		}
		var types macroFinder
		n, err := io.Copy(&types, io.LimitReader(in, left+1))
		in.Close()
		if part.Name == "[Content_Types].xml" && types.found {
			return errs.New(errs.Invalid, "org.file_with_macros")
		}
		if left -= n; left < 0 {
			return errs.New(errs.TooLarge, "org.file_bomb", "megabytes", maxUnzipped>>20)
		}
		if err != nil {
			return errs.New(errs.Invalid, "org.file_not_xlsx")
		}
	}
	return nil
}

// macroFinder looks for the content type of a workbook with macros, which stays even
// when the macros themselves were put under another name.
type macroFinder struct {
	found bool
	tail  []byte
}

func (m *macroFinder) Write(p []byte) (int, error) {
	const word = "macroEnabled"
	seen := append(m.tail, p...)
	m.found = m.found || bytes.Contains(seen, []byte(word))
	m.tail = append([]byte(nil), seen[max(0, len(seen)-len(word)):]...)
	return len(p), nil
}

// toRows puts the cells into their columns by the header.
func toRows(cells [][]string) ([]Row, error) {
	if len(cells) == 0 {
		return nil, errs.New(errs.Invalid, "org.file_empty")
	}
	at := map[string]int{}
	for i, name := range cells[0] {
		at[strings.ToLower(text.Clean(name))] = i
	}
	for _, name := range columns[:7] {
		if _, ok := at[name]; !ok {
			return nil, errs.New(errs.Invalid, "org.file_column_missing", "column", name, "columns", strings.Join(columns, ", "))
		}
	}
	var all []Row
	for i, record := range cells[1:] {
		cell := func(name string) string {
			n, ok := at[name]
			if !ok || n >= len(record) {
				return ""
			}
			r := []rune(text.Clean(record[n]))
			return string(r[:min(len(r), maxCellRunes)])
		}
		row := Row{Row: i + 2, Code: cell("code"), Name: cell("name"), Kind: cell("kind"), Parent: cell("parent"), ValidFrom: readDay(cell("valid_from")),
			ValidTo: readDay(cell("valid_to")), Successor: cell("successor"), Mark: cell("mark"), ShortName: cell("short_name"), Aliases: cell("aliases")}
		if row.Code+row.Name+row.Kind+row.Parent != "" {
			all = append(all, row)
		}
	}
	if len(all) == 0 {
		return nil, errs.New(errs.Invalid, "org.file_empty")
	}
	return all, nil
}

// readDay turns 30/6/2025 and a spreadsheet's day number into YYYY-MM-DD, and leaves
// anything else as it is, to be refused with its row.
func readDay(s string) string {
	for _, layout := range []string{"2/1/2006", "2-1-2006", "2.1.2006"} {
		if t, err := parseIn(layout, s); err == nil {
			return clock.Day(t)
		}
	}
	if serial, ok := wholeNumber(s); ok && serial > 10_000 && serial < 200_000 { // 1927 to 2447
		if t, err := clock.ParseDay("1899-12-30"); err == nil {
			return clock.Day(t.AddDate(0, 0, serial))
		}
	}
	return s
}
