package document

import "strings"

// Word sets Times at 1.15 of its size from line to line, the ascent taking 0.891.
const (
	lineFactor = 1.149
	ascent     = 0.891
)

// piece is a word, or the part of one that has one style.
type piece struct {
	text  string
	style run
	width float64
	space bool // a blank stands before it
	turn  bool // a new line begins with it
}

func (w *pdfWriter) font(r run) {
	style := ""
	if r.bold {
		style = "B"
	}
	if r.italic {
		style += "I"
	}
	w.p.SetFont(family, style, float64(r.size)/2)
}

// pieces cuts runs at blanks and new lines; a word wider than the line is cut too.
func (w *pdfWriter) pieces(runs []run, width float64) []piece {
	var all []piece
	space, turn := false, false
	for _, r := range runs {
		w.font(r)
		for i, line := range strings.Split(plain(r.text), "\n") {
			if i > 0 {
				space, turn = false, true
			}
			for j, word := range strings.Split(line, " ") {
				space = space || j > 0
				for k, part := range w.cut(word, width) {
					// A word wider than the line goes on below, else its parts would be one again.
					all = append(all, piece{part, r, w.p.GetStringWidth(part), space, turn || k > 0})
					space, turn = false, false
				}
			}
		}
	}
	return all
}

func (w *pdfWriter) cut(word string, width float64) (parts []string) {
	if word == "" {
		return nil
	}
	if w.p.GetStringWidth(word) <= width {
		return []string{word}
	}
	start := 0
	for i := range word {
		if i > start && w.p.GetStringWidth(word[start:i]) > width-float64(10) {
			parts, start = append(parts, word[start:i]), i
		}
	}
	return append(parts, word[start:])
}

// boxes breaks a paragraph into lines. Spacing before and after is part of the first
// and the last line.
func (w *pdfWriter) boxes(p para, width float64) []box {
	width -= pt(p.left + p.edge)
	var lines []box
	var line []piece
	used, first := 0.0, true
	room := func() float64 {
		if first {
			return width - pt(p.first)
		}
		return width
	}
	flush := func(last bool) {
		indent := pt(p.left)
		if first {
			indent += pt(p.first)
		}
		lines = append(lines, w.line(p, line, indent, room()-used, last))
		line, used, first = nil, 0, false
	}
	for _, word := range w.words(w.pieces(p.runs, width)) {
		wide := wordWidth(word)
		blank := 0.0
		if len(line) > 0 && word[0].space {
			blank = w.blank(word[0].style)
		}
		if len(line) > 0 && (word[0].turn || used+blank+wide > room()+0.01) {
			flush(word[0].turn)
			blank = 0
		}
		line = append(line, word...)
		used += blank + wide
	}
	flush(true)
	lines[0] = raised(lines[0], pt(p.before))
	lines[len(lines)-1].height += pt(p.after)
	return lines
}

// words groups the pieces that no blank parts.
func (w *pdfWriter) words(all []piece) (words [][]piece) {
	for i, p := range all {
		if i == 0 || p.space || p.turn {
			words = append(words, nil)
		}
		words[len(words)-1] = append(words[len(words)-1], p)
	}
	return words
}

func wordWidth(word []piece) (sum float64) {
	for _, p := range word {
		sum += p.width
	}
	return sum
}

func (w *pdfWriter) blank(r run) float64 {
	w.font(r)
	return w.p.GetStringWidth(" ")
}

func raised(b box, by float64) box {
	draw := b.draw
	return box{b.height + by, func(x, y float64) { draw(x, y+by) }}
}

// line draws words from left to right; spare is the room left, shared by the blanks of
// a justified line unless it is the last.
func (w *pdfWriter) line(p para, words []piece, indent, spare float64, last bool) box {
	size, blanks := 0, 0
	for i, word := range words {
		size = max(size, word.style.size)
		if i > 0 && word.space {
			blanks++
		}
	}
	high := float64(or(size, decree.Sizes["body"])) / 2 * lineFactor
	tall := high * float64(or(p.line, 240)) / 240
	if p.exact > 0 {
		tall = pt(p.exact)
	}
	stretch := 0.0
	switch {
	case p.align == Center:
		indent += spare / 2
	case p.align == Right:
		indent += spare
	case p.align == Justify && !last && blanks > 0:
		stretch = spare / float64(blanks)
	}
	full := spare
	return box{tall, func(x, y float64) {
		if p.rule {
			w.p.SetLineWidth(0.75)
			w.p.SetDrawColor(0, 0, 0)
			w.p.Line(x+pt(p.left), y, x+pt(p.left)+full, y)
		}
		x += indent
		base := y + tall - high + high/lineFactor*ascent + high*(1-1/lineFactor)/2
		for i, word := range words {
			if i > 0 && word.space {
				x += w.blank(word.style) + stretch
			}
			w.font(word.style)
			if word.style.red {
				w.p.SetTextColor(255, 0, 0)
			} else {
				w.p.SetTextColor(0, 0, 0)
			}
			w.p.Text(x, base, word.text)
			x += word.width
		}
	}}
}
