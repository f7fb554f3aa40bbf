package plan

import (
	"io"
	"path"
	"slices"
	"strings"

	"cchc/internal/document"
)

// ReadFile reads the rows of a plan file, heading included: a Word document by its
// tables or its paragraphs, else a spreadsheet (XLSX, CSV). name only tells Word from
// the rest; what a file is, its content says. When nothing names the columns of a Word
// document, its widest table comes as it is, for a person to name them (see Remap).
//
// Refusals: those of document.ReadWord and document.ReadSheet, "plan.import_no_columns".
func ReadFile(r io.ReaderAt, size int64, name string) ([][]string, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx", ".docm", ".doc":
		w, err := document.ReadWord(r, size, document.SheetLimits)
		if err != nil {
			return nil, err
		}
		rows, err := WordRows(w)
		if err != nil && len(w.Tables) > 0 {
			return widest(w.Tables), nil
		}
		return rows, err
	}
	sheet, err := document.ReadSheet(r, size, name, document.SheetLimits)
	return sheet.Rows, err
}

func widest(all []document.Sheet) [][]string {
	return slices.MaxFunc(all, func(a, b document.Sheet) int { return len(a.Rows[0])*len(a.Rows) - len(b.Rows[0])*len(b.Rows) }).Rows
}

// section is the heading of an area that goes across a row: a spreadsheet repeats a
// merged cell's text in every column, Word keeps it in the first. "" when it is none.
func section(cells []string) string {
	first := ""
	for i, c := range cells {
		c = strings.TrimSpace(c)
		switch {
		case i == 0:
			first = c
		case c != "" && c != first:
			return ""
		}
	}
	if sectionLine.MatchString(first) {
		return first
	}
	return ""
}

// romanAreas are the numerals with which plans head their areas.
var romanAreas = []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"}

// areaOf reads "II. Cải cách thể chế" as an area; ok is false for a numeral beyond X.
func areaOf(heading string) (a Area, ok bool) {
	end := strings.IndexAny(heading, ".-) ")
	if end < 0 {
		return a, false
	}
	a.No = slices.Index(romanAreas, heading[:end])
	a.Name = strings.TrimSpace(strings.TrimLeft(heading[end:], ".-) "))
	return a, a.No > 0 && a.Name != ""
}
