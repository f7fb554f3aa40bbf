package document

import (
	"bytes"
	"errors"
	"io"

	"cchc/internal/errs"
	"cchc/internal/file"
)

// Limits bounds a spreadsheet that somebody sends in.
type Limits struct {
	Bytes   int64 // of the file
	Rows    int
	Columns int
	Cells   int // all sheets together
}

// SheetLimits suits plans, lists of agencies and other tables that people type.
var SheetLimits = Limits{Bytes: 20 << 20, Rows: 20_000, Columns: 300, Cells: 1_000_000}

// Sheet is one table as read: every row as long as the longest, text only.
type Sheet struct {
	Name string // of the sheet, "" in a CSV
	Rows [][]string
}

// ReadSheet reads the first sheet of a CSV or XLSX, which it tells by content; see
// ReadSheets.
func ReadSheet(r io.ReaderAt, size int64, name string, limits Limits) (Sheet, error) {
	sheets, err := ReadSheets(r, size, name, limits)
	if err != nil {
		return Sheet{}, err
	}
	return sheets[0], nil
}

// ReadSheets reads every visible sheet of a CSV or XLSX, at least one. Merged cells are filled
// with their value; dates become YYYY-MM-DD (with " HH:MM" when they have a time);
// percentages keep their sign; other numbers are plain digits with a point. Text is
// NFC. A formula gives the value that was saved with it: nothing is evaluated.
//
// Refusals: TooLarge "document.sheet_too_large" with max; Invalid "document.sheet_type",
// "document.sheet_damaged", and those of file.Sniff (macros, passwords, bombs). A
// zero limit is that of SheetLimits.
func ReadSheets(r io.ReaderAt, size int64, name string, limits Limits) ([]Sheet, error) {
	limits = limits.filled()
	if size > limits.Bytes {
		return nil, errs.New(errs.TooLarge, "document.file_too_large", "max", limits.Bytes>>20)
	}
	if size == 0 {
		return nil, errs.New(errs.Invalid, "file.empty")
	}
	head := make([]byte, min(size, 8))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("PK")) || bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0}) {
		if _, err := file.Sniff(r, size, "a.xlsx"); errs.CodeOf(err) == "file.extension_differs" || errs.CodeOf(err) == "file.type_refused" {
			return nil, errs.New(errs.Invalid, "document.sheet_type", "name", name)
		} else if err != nil {
			return nil, err
		}
		return readXLSX(r, size, limits)
	}
	rows, err := readCSV(r, size, name, limits)
	if err != nil {
		return nil, err
	}
	return []Sheet{{Rows: rows}}, nil
}

func (l Limits) filled() Limits {
	if l.Bytes == 0 {
		l.Bytes = SheetLimits.Bytes
	}
	if l.Rows == 0 {
		l.Rows = SheetLimits.Rows
	}
	if l.Columns == 0 {
		l.Columns = SheetLimits.Columns
	}
	if l.Cells == 0 {
		l.Cells = SheetLimits.Cells
	}
	return l
}

func tooManyCells(l Limits) error {
	return errs.New(errs.TooLarge, "document.sheet_too_large", "rows", l.Rows, "columns", l.Columns)
}

// square gives every row the same length and drops empty rows at the end.
func square(rows [][]string) [][]string {
	width, last := 0, 0
	for i, row := range rows {
		for j, cell := range row {
			if cell != "" {
				width, last = max(width, j+1), i+1
			}
		}
	}
	rows = rows[:last]
	for i, row := range rows {
		if len(row) >= width {
			rows[i] = row[:width]
			continue
		}
		rows[i] = append(row, make([]string, width-len(row))...)
	}
	return rows
}
