package document

import "strings"

// headOf counts the blocks that belong to the head of page 1.
func headOf(blocks []Block) int {
	for i, b := range blocks {
		switch b.(type) {
		case Letterhead, Subject, Urgency:
			if _, again := b.(Letterhead); again && i > 0 {
				return i
			}
		default:
			return i
		}
	}
	return len(blocks)
}

// head is the two-column head: at 13 points the country's line is wider than any
// column that leaves room for the issuer, hence 12 over 13 and no padding.
func head(blocks []Block) grid {
	g := grid{widths: []int{decree.Head.Left, decree.Head.Right}}
	for _, b := range blocks {
		switch b := b.(type) {
		case Letterhead:
			g.rows = append(g.rows, gridRow{cells: []gridCell{{items: issuer(b)}, {items: country()}}})
			g.rows = append(g.rows, gridRow{cells: []gridCell{
				{items: []item{centred(run{text: decree.Number + " " + Number(b.Number, b.Symbol), size: decree.Sizes["number"]}, 120)}},
				{items: []item{centred(run{text: Date(b.Place, b.Day), size: decree.Sizes["date"], italic: true}, 120)}},
			}})
		case Subject:
			g.rows = append(g.rows, left(centred(run{text: decree.Subject + " " + b.Text, size: decree.Sizes["subject"]}, decree.Gap)))
		case Urgency:
			mark := decree.Urgencies[b.Level]
			box := grid{widths: []int{mark.Width}, lines: "FF0000", center: true, rows: []gridRow{{height: decree.UrgencyHeight,
				cells: []gridCell{{middle: true, items: []item{centred(run{text: mark.Text, size: decree.Sizes["urgency"], bold: true, red: true}, 0)}}}}}}
			g.rows = append(g.rows, left(small(120), box, small(0)))
		}
	}
	return g
}

func issuer(b Letterhead) []item {
	var items []item
	if b.Parent != "" {
		items = append(items, centred(run{text: strings.ToUpper(b.Parent), size: decree.Sizes["parent"]}, 0))
	}
	name := strings.ToUpper(b.Issuer)
	items = append(items, centred(run{text: name, size: decree.Sizes["issuer"], bold: true}, 0))
	// The line is a third to a half of the text: 5/12 gives 18 mm under 43.2 mm.
	return append(items, rule(widest(name, decree.Sizes["issuer"], decree.Head.Left)*5/12, decree.Head.Left))
}

func country() []item {
	return []item{
		centred(run{text: decree.Country, size: decree.Sizes["country"], bold: true}, 0),
		centred(run{text: decree.Motto, size: decree.Sizes["motto"], bold: true}, 0),
		rule(decree.Head.MottoLine, decree.Head.Right),
	}
}

func title(b Title, width int) []item {
	first := centred(run{text: strings.ToUpper(b.Type), size: decree.Sizes["title"], bold: true}, 240)
	first.keep = true
	items := []item{first}
	under := b.Type
	if b.About != "" {
		about := centred(run{text: b.About, size: decree.Sizes["about"], bold: true}, 0)
		about.keep = true
		items, under = append(items, about), b.About
	}
	return append(items, rule(widest(under, decree.Sizes["about"], width)*5/12, width), small(120))
}

// widest is the width of the widest line of a bold text, in twips, at most a column's.
func widest(s string, size, column int) int {
	wide := 0
	for _, line := range strings.Split(s, "\n") {
		wide = max(wide, textWidth(line, size, true))
	}
	return min(wide, column)
}

func annex(b Annex) []item {
	name := decree.Annex
	if b.Number > 0 {
		name += " " + roman(b.Number)
	}
	items := []item{centred(run{text: strings.ToUpper(b.Title), size: decree.Sizes["about"], bold: true}, 0)}
	if !b.Bare {
		items = append([]item{centred(run{text: name, size: decree.Sizes["title"], bold: true}, 0)}, items...)
	}
	if b.AttachedTo != "" {
		words := strings.ReplaceAll(decree.Attached, "{to}", b.AttachedTo)
		items = append(items, centred(run{text: words, size: decree.Sizes["attached"], italic: true}, 0))
	}
	return append(items, small(120))
}

func left(items ...item) gridRow {
	return gridRow{cells: []gridCell{{items: items}, {items: []item{small(0)}}}}
}

func centred(r run, before int) para {
	return para{runs: []run{r}, align: Center, before: before}
}

// rule is a line of a fixed width in the middle of a column, drawn as the border of an
// empty paragraph, so that neither fonts nor programs move it.
func rule(wide, column int) para {
	side := (column - wide) / 2
	return para{align: Center, left: side, edge: column - wide - side, before: 60, exact: 80, rule: true}
}

// small is an empty paragraph of a given height.
func small(height int) para { return para{exact: max(height, 20)} }

func spacer() para { return small(decree.Gap) }
