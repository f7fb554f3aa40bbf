package document

import (
	"strings"

	"cchc/internal/text"
)

// The layout turns blocks into the few things that both writers draw: paragraphs,
// grids, pictures, page breaks, in sections. Lengths are twips, sizes half points.

type item interface{ item() }

type para struct {
	runs              []run
	align             Align // Justify fills the line
	first, left, edge int   // indents: first line, left, right
	before, after     int
	line              int  // 240ths of the font's height; 0 = single
	exact             int  // height of the line in twips instead
	rule              bool // a line above, as wide as the indents leave
	keep              bool // stay with what follows
}

type run struct {
	text         string
	size         int
	bold, italic bool
	red          bool
}

type grid struct {
	widths []int
	rows   []gridRow
	lines  string // "" none, else the colour of the lines
	header int    // rows that repeat
	pad    int    // left and right in a cell
	center bool   // the grid itself
}

type gridRow struct {
	cells  []gridCell
	height int // exact; 0 = as needed
}

type gridCell struct {
	items  []item
	span   int // columns; 0 = 1
	middle bool
}

type picture struct {
	png   []byte
	mm    int
	align Align
}

type pageBreak struct{}

func (para) item()      {}
func (grid) item()      {}
func (picture) item()   {}
func (pageBreak) item() {}

// section is a run of pages of one orientation.
type section struct {
	landscape bool
	restart   bool // pages are counted anew
	items     []item
}

func (s *section) add(items ...item) { s.items = append(s.items, items...) }

// width is the width of its text.
func (s *section) width() int {
	if s.landscape {
		return decree.Page.Height - decree.Page.Left - decree.Page.Right
	}
	return decree.Page.Width - decree.Page.Left - decree.Page.Right
}

func layout(d Document) ([]section, error) {
	blocks := endMark(d.Blocks)
	sections := []section{{}}
	var count counters
	for i := 0; i < len(blocks); i++ {
		s := &sections[len(sections)-1]
		switch b := blocks[i].(type) {
		case Letterhead, Subject, Urgency:
			n := headOf(blocks[i:])
			s.add(head(blocks[i : i+n]))
			i += n - 1
		case Signature, Recipients:
			n := closingOf(blocks[i:])
			s.add(closing(blocks[i:i+n], s.width())...)
			i += n - 1
		case Signatures:
			s.add(signatures(b, s.width())...)
		case Title:
			s.add(title(b, s.width())...)
		case Bases:
			s.add(bases(b)...)
		case Addressees:
			s.add(addressees(b)...)
		case Heading:
			s.add(heading(b, count.next(b.Rank))...)
		case Paragraph:
			s.add(paragraph(b))
		case List:
			for _, line := range b {
				s.add(body(run{text: "- " + line}))
			}
		case Table:
			s.add(table(b, s.width()), spacer())
		case Annex:
			if len(s.items) > 0 {
				sections = append(sections, section{})
				s = &sections[len(sections)-1]
			}
			s.landscape, s.restart = b.Landscape, true
			count = counters{}
			s.add(annex(b)...)
		case PageBreak:
			s.add(pageBreak{})
		case QR:
			png, err := QRPNG(b.Content, 8)
			if err != nil {
				return nil, err
			}
			s.add(picture{png: png, mm: or(b.MM, 25), align: b.Align})
		}
	}
	return sections, nil
}

// endMark writes "./." at the end of the text, before the signature.
func endMark(blocks []Block) []Block {
	blocks = append([]Block(nil), blocks...)
	last := -1
	for i, b := range blocks {
		switch b := b.(type) {
		case Heading, Paragraph, List:
			last = i
		case Signature, Recipients, Annex:
			if last < 0 {
				return blocks
			}
			switch b := blocks[last].(type) {
			case Heading:
				b.Text = ended(b.Text)
				blocks[last] = b
			case Paragraph:
				if n := len(b.Runs); n > 0 {
					b.Runs = append([]Run(nil), b.Runs...)
					b.Runs[n-1].Text = ended(b.Runs[n-1].Text)
					blocks[last] = b
				}
			case List:
				if n := len(b); n > 0 {
					b = append(List(nil), b...)
					b[n-1] = ended(b[n-1])
					blocks[last] = b
				}
			}
			return blocks
		case Title, Table:
			_ = b
			last = -1 // a text that ends in a table carries no mark
		}
	}
	return blocks
}

func ended(s string) string { return strings.TrimRight(s, " ./;") + decree.End }

// plain makes text fit for any writer: composed, no control characters but new lines.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case r == '\n':
			return r
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff || r == 0xfffd:
			return -1
		}
		return r
	}, text.NFC(strings.ToValidUTF8(s, "")))
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
