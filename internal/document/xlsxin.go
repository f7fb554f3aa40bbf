package document

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/text"
)

const unpackedSheets = 150 << 20 // bytes of XML in a workbook within SheetLimits

// readXLSX reads a workbook that file.Sniff has let pass. Its sheets are measured in a
// stream before excelize, which holds a whole sheet in memory, may open them.
func readXLSX(r io.ReaderAt, size int64, limits Limits) ([]Sheet, error) {
	if err := measure(r, size, limits); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{
		UnzipSizeLimit: unpackedSheets, UnzipXMLSizeLimit: 32 << 20, RawCellValue: true})
	if err != nil {
		return nil, errs.New(errs.Invalid, "document.sheet_damaged")
	}
	defer book.Close()
	var sheets []Sheet
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		rows, err := readRows(book, name, limits)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, Sheet{Name: text.Clean(name), Rows: rows})
	}
	if len(sheets) == 0 {
		return nil, errs.New(errs.Invalid, "document.sheet_damaged")
	}
	return sheets, nil
}

// measure reads every sheet's XML once, counting; it stops at the first excess.
func measure(r io.ReaderAt, size int64, limits Limits) error {
	z, err := file.OpenZip(r, size, file.ZipLimits{Entries: 5000, Unpacked: unpackedSheets, Ratio: 150})
	if err != nil {
		return err
	}
	cells := 0
	for _, f := range z.File {
		if !strings.HasSuffix(strings.ToLower(f.Name), ".xml") { // a sheet may lie anywhere
			continue
		}
		in, err := f.Open()
		if err != nil {
			return errs.New(errs.Invalid, "document.sheet_damaged")
		}
		err = measureSheet(in, limits, &cells)
		in.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func measureSheet(in io.Reader, limits Limits, cells *int) error {
	d := xml.NewDecoder(in)
	rows := 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errs.New(errs.Invalid, "document.sheet_damaged")
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "row":
			rows++
			if n, err := strconv.Atoi(attr(start, "r")); err == nil {
				rows = max(rows, n)
			}
		case "si": // a shared string
			*cells++
		case "c":
			*cells++
			if ref := attr(start, "r"); ref != "" {
				column, row, err := excelize.CellNameToCoordinates(ref)
				if err != nil {
					return errs.New(errs.Invalid, "document.sheet_damaged")
				}
				rows = max(rows, row)
				if column > limits.Columns {
					return tooManyCells(limits)
				}
			}
		case "mergeCell":
			from, to, _ := strings.Cut(attr(start, "ref"), ":")
			c1, r1, err1 := excelize.CellNameToCoordinates(from)
			c2, r2, err2 := excelize.CellNameToCoordinates(to)
			if err1 == nil && err2 == nil {
				// A merge over a whole column is honest; filling is cut at the last row.
				*cells += (abs(c2-c1) + 1) * min(abs(r2-r1)+1, max(rows, 1))
				if max(c1, c2) > excelize.MaxColumns {
					return tooManyCells(limits)
				}
			}
		}
		if rows > limits.Rows || *cells > limits.Cells {
			return tooManyCells(limits)
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func abs(n int) int { return max(n, -n) }

// readRows reads one sheet: raw values, turned to text by their number format.
func readRows(book *excelize.File, sheet string, limits Limits) ([][]string, error) {
	rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, errs.New(errs.Invalid, "document.sheet_damaged")
	}
	formats := formats{book: book, known: map[int]format{}}
	for i, row := range rows {
		for j, raw := range row {
			if raw == "" {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return nil, errs.New(errs.Invalid, "document.sheet_damaged")
			}
			row[j] = strings.TrimSpace(text.NFC(unguard(formats.show(sheet, cell, raw))))
		}
	}
	merged, err := book.GetMergeCells(sheet, true)
	if err != nil {
		return nil, errs.New(errs.Invalid, "document.sheet_damaged")
	}
	for _, m := range merged {
		fill(rows, m)
	}
	return square(rows), nil
}

// fill writes the value of a merged range into each of its cells, within the rows
// that hold anything.
func fill(rows [][]string, m excelize.MergeCell) {
	c1, r1, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
	c2, r2, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
	if err1 != nil || err2 != nil || r1 > len(rows) || c1 > len(rows[r1-1]) {
		return
	}
	value := rows[r1-1][c1-1]
	if value == "" {
		return
	}
	for r := r1; r <= min(r2, len(rows)); r++ {
		for len(rows[r-1]) < c2 {
			rows[r-1] = append(rows[r-1], "")
		}
		for c := c1; c <= c2; c++ {
			rows[r-1][c-1] = value
		}
	}
}

type format int

const (
	asIs format = iota
	date
	percent
)

// formats remembers what each style of a workbook means.
type formats struct {
	book  *excelize.File
	known map[int]format
}

// show turns a stored value into the text that a reader of the sheet means by it.
func (f *formats) show(sheet, cell, raw string) string {
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		if len(raw) >= 10 && raw[4] == '-' && raw[7] == '-' && strings.HasSuffix(raw, "Z") { // an ISO date cell
			return strings.TrimSuffix(raw[:10]+" "+raw[11:16], " 00:00")
		}
		return raw
	}
	if kind, err := f.book.GetCellType(sheet, cell); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		return raw // digits typed as text: a code such as 007 keeps its noughts
	}
	switch f.of(sheet, cell) {
	case date:
		props, err := f.book.GetWorkbookProps()
		if err != nil || n < 1 || n > 2_958_465 { // 9999-12-31
			return raw
		}
		t, err := excelize.ExcelDateToTime(n, props.Date1904 != nil && *props.Date1904)
		if err != nil {
			return raw
		}
		return strings.TrimSuffix(t.Format("2006-01-02 15:04"), " 00:00")
	case percent:
		return strconv.FormatFloat(math.Round(n*1e10)/1e8, 'f', -1, 64) + "%"
	}
	if strings.ContainsAny(raw, "eE") || len(raw) > 15 { // 0.30000000000000004 was typed as 0.3
		n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return raw
}

func (f *formats) of(sheet, cell string) format {
	id, err := f.book.GetCellStyle(sheet, cell)
	if err != nil {
		return asIs
	}
	if kind, ok := f.known[id]; ok {
		return kind
	}
	kind := asIs
	if style, err := f.book.GetStyle(id); err == nil {
		kind = formatOf(style)
	}
	f.known[id] = kind
	return kind
}

// formatOf reads a number format: built-in ones by number (ECMA-376 18.8.30), own ones
// by the letters outside quotes and brackets.
func formatOf(style *excelize.Style) format {
	switch n := style.NumFmt; {
	case n == 9 || n == 10:
		return percent
	case n >= 14 && n <= 17, n == 22, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
		return date
	}
	if style.CustomNumFmt == nil {
		return asIs
	}
	quoted, bracket := false, false
	for _, c := range strings.ToLower(*style.CustomNumFmt) {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == '%':
			return percent
		case c == 'd' || c == 'y':
			return date
		case c == ';':
			return asIs
		}
	}
	return asIs
}
