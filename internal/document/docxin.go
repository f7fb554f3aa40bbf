package document

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/text"
)

// Word is what a .docx holds for a reader of tables: its tables in order, and the
// paragraphs that stand outside them.
type Word struct {
	Tables []Sheet  // joined: one that a page break or an editor cut in two is one again
	Lines  []string // paragraphs outside tables, empty ones left out
}

// ReadWord reads a .docx. A cell over several columns stands in the first of them, one
// over several rows is repeated in each; deleted text of tracked changes is left out,
// inserted text is kept; a table inside a cell becomes lines of that cell; a header row
// that a table repeats is kept once. Nothing is evaluated or fetched.
//
// Refusals: TooLarge "document.sheet_too_large"; Invalid "document.word_damaged" and
// those of file.Sniff (macros, passwords, bombs, another type).
func ReadWord(r io.ReaderAt, size int64, limits Limits) (Word, error) {
	limits = limits.filled()
	if size > limits.Bytes {
		return Word{}, errs.New(errs.TooLarge, "document.file_too_large", "max", limits.Bytes>>20)
	}
	if _, err := file.Sniff(r, size, "a.docx"); err != nil {
		return Word{}, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Word{}, errs.New(errs.Invalid, "document.word_damaged")
	}
	body, err := z.Open("word/document.xml")
	if err != nil {
		return Word{}, errs.New(errs.Invalid, "document.word_damaged")
	}
	defer body.Close()
	w := wordReader{dec: xml.NewDecoder(body), limits: limits}
	if err := w.read(); errors.Is(err, errWordLarge) {
		return Word{}, tooManyCells(limits)
	} else if err != nil {
		return Word{}, errs.New(errs.Invalid, "document.word_damaged")
	}
	w.out.Tables = joinTables(w.out.Tables)
	return w.out, nil
}

var errWordLarge = errors.New("document: too many cells")

// deepest is how far elements may nest: Word writes some thirty levels.
const deepest = 200

// wordReader walks word/document.xml once, from the first token to the last.
type wordReader struct {
	dec    *xml.Decoder
	limits Limits
	out    Word
	cells  int
	depth  int
}

// each hands every child element of the one that was just opened to fn, which must read
// it to its end, and returns after that one's end. fn nil reads over it.
func (w *wordReader) each(fn func(xml.StartElement) error) error {
	if w.depth++; w.depth > deepest {
		return errors.New("nested too deep")
	}
	defer func() { w.depth-- }()
	for {
		token, err := w.dec.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if fn == nil {
				err = w.each(nil)
			} else {
				err = fn(t)
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

func (w *wordReader) read() error {
	for {
		token, err := w.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if t, ok := token.(xml.StartElement); ok {
			if err := w.block(t, func(line string) {
				if line = strings.TrimSpace(line); line != "" {
					w.out.Lines = append(w.out.Lines, line)
				}
			}); err != nil {
				return err
			}
		}
	}
}

// block reads an element that may hold paragraphs and tables.
func (w *wordReader) block(t xml.StartElement, say func(string)) error {
	switch t.Name.Local {
	case "p":
		var b strings.Builder
		err := w.text(&b)
		say(b.String())
		return err
	case "tbl":
		s, err := w.table()
		if err == nil && len(s.Rows) > 0 {
			w.out.Tables = append(w.out.Tables, s)
		}
		return err
	case "del", "moveFrom":
		return w.each(nil)
	}
	return w.each(func(c xml.StartElement) error { return w.block(c, say) })
}

// text gathers the characters of the element that was just opened.
func (w *wordReader) text(b *strings.Builder) error {
	return w.each(func(t xml.StartElement) error {
		switch t.Name.Local {
		case "t":
			return w.characters(b)
		case "tab":
			b.WriteByte(' ')
		case "br", "cr":
			b.WriteByte('\n')
		case "noBreakHyphen":
			b.WriteByte('-')
		case "del", "moveFrom", "delText", "instrText", "pPr", "rPr", "txbxContent", "Fallback":
			return w.each(nil)
		}
		return w.text(b)
	})
}

func (w *wordReader) characters(b *strings.Builder) error {
	for {
		token, err := w.dec.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			if err := w.each(nil); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// wordCell is a cell as it stands in the file.
type wordCell struct {
	text string
	span int    // columns that it covers
	down string // "" alone, "restart" the first of several rows, "continue" below it
}

func (w *wordReader) table() (Sheet, error) {
	var s Sheet
	var above []string // what stands in each column of the row before
	err := w.each(func(t xml.StartElement) error {
		if t.Name.Local != "tr" {
			return w.descend(t, "tr", func() error { return w.row(&s, &above) })
		}
		return w.row(&s, &above)
	})
	s.Rows = square(s.Rows)
	return s, err
}

// descend looks for wrapped rows or cells (content controls, tracked insertions).
func (w *wordReader) descend(t xml.StartElement, want string, found func() error) error {
	switch t.Name.Local {
	case "sdt", "sdtContent", "ins", "customXml", "moveTo":
		return w.each(func(c xml.StartElement) error {
			if c.Name.Local == want {
				return found()
			}
			return w.descend(c, want, found)
		})
	}
	return w.each(nil)
}

func (w *wordReader) row(s *Sheet, above *[]string) error {
	var cells []wordCell
	deleted := false
	one := func() error {
		c, err := w.cell()
		cells = append(cells, c)
		return err
	}
	err := w.each(func(t xml.StartElement) error {
		switch t.Name.Local {
		case "tc":
			return one()
		case "trPr":
			return w.each(func(p xml.StartElement) error {
				deleted = deleted || p.Name.Local == "del"
				return w.each(nil)
			})
		}
		return w.descend(t, "tc", one)
	})
	if err != nil || deleted {
		return err
	}
	var row []string
	for _, c := range cells {
		words := c.text
		if c.down == "continue" && len(row) < len(*above) {
			words = (*above)[len(row)]
		}
		row = append(row, words)
		for range c.span - 1 {
			row = append(row, "")
		}
	}
	w.cells += len(row)
	if w.cells > w.limits.Cells || len(s.Rows) >= w.limits.Rows || len(row) > w.limits.Columns {
		return errWordLarge
	}
	*above = slices.Clone(row)
	s.Rows = append(s.Rows, row)
	return nil
}

func (w *wordReader) cell() (wordCell, error) {
	c := wordCell{span: 1}
	var lines []string
	say := func(line string) { lines = append(lines, strings.TrimSpace(line)) }
	var inside func(t xml.StartElement) error
	inside = func(t xml.StartElement) error {
		switch t.Name.Local {
		case "tcPr":
			return w.cellShape(&c)
		case "p":
			var b strings.Builder
			err := w.text(&b)
			say(b.String())
			return err
		case "del", "moveFrom":
			return w.each(nil)
		}
		return w.each(inside) // also a table in the cell: its paragraphs become lines
	}
	err := w.each(inside)
	c.text = text.NFC(strings.TrimSpace(strings.Join(lines, "\n")))
	return c, err
}

func (w *wordReader) cellShape(c *wordCell) error {
	return w.each(func(t xml.StartElement) error {
		value := ""
		for _, a := range t.Attr {
			if a.Name.Local == "val" {
				value = a.Value
			}
		}
		switch t.Name.Local {
		case "gridSpan":
			n := 0
			for _, d := range value {
				if d < '0' || d > '9' || n > w.limits.Columns {
					return errors.New("no number")
				}
				n = 10*n + int(d-'0')
			}
			if n > w.limits.Columns {
				return errWordLarge
			}
			c.span = max(1, n)
		case "vMerge":
			if c.down = value; value == "" {
				c.down = "continue"
			}
		}
		return w.each(nil)
	})
}

// joinTables puts together what belongs together: a table as wide as the one before it
// goes on with it, without the header that it repeats.
func joinTables(all []Sheet) []Sheet {
	var out []Sheet
	for _, s := range all {
		rows := s.Rows
		if n := len(out); n > 0 && len(out[n-1].Rows[0]) == len(rows[0]) {
			last := &out[n-1]
			for _, r := range rows {
				if !slices.Equal(r, last.Rows[0]) {
					last.Rows = append(last.Rows, r)
				}
			}
			continue
		}
		first, kept := rows[0], rows[:1]
		for _, r := range rows[1:] {
			if !slices.Equal(r, first) {
				kept = append(kept, r)
			}
		}
		out = append(out, Sheet{Rows: kept})
	}
	return out
}
