package document

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"cchc/internal/clock"
)

// CellKind is what a column of an exported table holds. Cells come as text in the
// form of the database and are written as what they are.
type CellKind string

const (
	TextCell    CellKind = "text"    // as it stands; never a formula
	NumberCell  CellKind = "number"  // "1234.5", shown 1.234,5
	WholeCell   CellKind = "whole"   // "1234", shown 1.234
	PercentCell CellKind = "percent" // "13.16", shown 13,16%
	DayCell     CellKind = "day"     // "2026-06-29", shown 29/06/2026
)

// SheetColumn is a column of an exported table; Width in characters, 0 = 16.
type SheetColumn struct {
	Title string
	Kind  CellKind // "" = TextCell
	Width float64
}

// SheetOut is a table to export. Next gives one row after another and false at the
// end, so that a long list is never whole in memory.
type SheetOut struct {
	Name    string // of the sheet
	Columns []SheetColumn
	Next    func() (row []string, ok bool, err error)
}

// RowsOf is a Next over rows in memory.
func RowsOf(rows [][]string) func() ([]string, bool, error) {
	i := -1
	return func() ([]string, bool, error) {
		i++
		if i >= len(rows) {
			return nil, false, nil
		}
		return rows[i], true, nil
	}
}

// numberFormats are of the workbook's reader: a Vietnamese Excel shows "#,##0.##" with
// its own signs, 1.234,5.
var numberFormats = map[CellKind]string{
	TextCell: "@", NumberCell: "#,##0.##", WholeCell: "#,##0", PercentCell: "0.00%", DayCell: "dd/mm/yyyy",
}

// WriteXLSX writes tables as sheets of a workbook: header row frozen and bold, widths,
// number formats; text is stored and formatted as text, and guarded (see Guard).
func WriteXLSX(out io.Writer, sheets ...SheetOut) error {
	book := excelize.NewFile()
	defer book.Close()
	styles, err := sheetStyles(book)
	if err != nil {
		return err
	}
	for i, s := range sheets {
		name := sheetName(s.Name, i+1)
		if i == 0 {
			err = book.SetSheetName("Sheet1", name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err == nil {
			err = writeSheet(book, name, s, styles)
		}
		if err != nil {
			return fmt.Errorf("write sheet %q: %w", name, err)
		}
	}
	if _, err := book.WriteTo(out); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

func writeSheet(book *excelize.File, name string, s SheetOut, styles map[CellKind]int) error {
	w, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	header := make([]any, len(s.Columns))
	for i, c := range s.Columns {
		width := c.Width
		if width == 0 {
			width = 16
		}
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		header[i] = excelize.Cell{StyleID: styles["header"], Value: guardCell(plain(c.Title))}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := w.SetRow("A1", header); err != nil {
		return err
	}
	for n := 2; ; n++ {
		row, ok, err := s.Next()
		if err != nil {
			return err
		}
		if !ok {
			return w.Flush()
		}
		cells := make([]any, min(len(row), len(s.Columns)))
		for i := range cells {
			value, kind := typed(row[i], s.Columns[i].Kind)
			if value != nil {
				cells[i] = excelize.Cell{StyleID: styles[kind], Value: value}
			}
		}
		if err := w.SetRow("A"+strconv.Itoa(n), cells); err != nil {
			return err
		}
	}
}

// typed turns text into what its column holds; what does not fit stays text.
func typed(s string, kind CellKind) (any, CellKind) {
	s = plain(s)
	if s == "" {
		return nil, TextCell
	}
	switch kind {
	case NumberCell, WholeCell, PercentCell:
		// Excel keeps 15 digits: a longer number is a code and stays text.
		if n, err := strconv.ParseFloat(s, 64); err == nil && decimalText(s) && len(s) <= 15 {
			if kind == PercentCell {
				n /= 100
			}
			return n, kind
		}
	case DayCell:
		if t, err := clock.ParseDay(s); err == nil && t.Year() >= 1901 {
			return t, kind
		}
	}
	return excelText(guardCell(s)), TextCell
}

// excelText cuts a text to what a cell of Excel holds.
func excelText(s string) string {
	const most = excelize.TotalCellChars
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

func decimalText(s string) bool { return strings.Trim(s, "0123456789.-") == "" }

func sheetStyles(book *excelize.File) (map[CellKind]int, error) {
	styles := map[CellKind]int{}
	font := &excelize.Font{Family: decree.Font, Size: 12}
	for kind, format := range numberFormats {
		style := &excelize.Style{Font: font, CustomNumFmt: &format, Alignment: &excelize.Alignment{Vertical: "top", WrapText: kind == TextCell}}
		id, err := book.NewStyle(style)
		if err != nil {
			return nil, fmt.Errorf("style: %w", err)
		}
		styles[kind] = id
	}
	text := "@"
	id, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Family: decree.Font, Size: 12, Bold: true}, CustomNumFmt: &text,
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	if err != nil {
		return nil, fmt.Errorf("style: %w", err)
	}
	styles["header"] = id
	return styles, nil
}

// sheetName keeps within Excel's rules: 31 characters, none of :\/?*[] and no
// apostrophe at the ends.
func sheetName(s string, n int) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, plain(s)), " '")
	if r := []rune(s); len(r) > 31 {
		s = strings.TrimRight(string(r[:31]), " '")
	}
	if s == "" {
		s = "Sheet" + strconv.Itoa(n)
	}
	return s
}

// WriteCSV writes a table as UTF-8 with its mark, by which Excel knows it, guarded as
// Guard says; numbers with a sign before them stay numbers.
func WriteCSV(out io.Writer, s SheetOut) error {
	b := bufio.NewWriter(out)
	b.WriteString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	header := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		header[i] = Guard(plain(c.Title))
	}
	if err := w.Write(header); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	for {
		row, ok, err := s.Next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		cells := make([]string, len(s.Columns))
		for i := range min(len(row), len(cells)) {
			cells[i] = csvCell(plain(row[i]), s.Columns[i].Kind)
		}
		if err := w.Write(cells); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func csvCell(s string, kind CellKind) string {
	if _, real := typed(s, kind); real != TextCell {
		return s // a number or a day, whatever its first sign
	}
	return Guard(s)
}
