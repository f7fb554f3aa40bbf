package document

// rowBox is a row made ready: what its cells hold, and how high it must be.
type rowBox struct {
	cells  []cellBox
	height float64
}

type cellBox struct {
	width  float64
	middle bool
	boxes  []box
}

func (w *pdfWriter) row(g grid, r gridRow) rowBox {
	ready, column := rowBox{}, 0
	for _, c := range r.cells {
		width := 0.0
		for range or(c.span, 1) {
			width += pt(g.widths[column])
			column++
		}
		boxes := w.cellBoxes(c.items, width-2*pt(g.pad))
		ready.cells = append(ready.cells, cellBox{width, c.middle, boxes})
		ready.height = max(ready.height, height(boxes))
	}
	if r.height > 0 {
		ready.height = pt(r.height)
	}
	return ready
}

// gridFlow draws a grid in the flow: rows stay whole, the header rows are repeated on
// every page, and only a row higher than a page is cut, between lines.
func (w *pdfWriter) gridFlow(g grid, x float64) {
	top := 0.0
	var header []rowBox
	for i, r := range g.rows {
		row := w.row(g, r)
		if i < g.header {
			header = append(header, row)
			top += row.height
		}
		if w.y+row.height > w.bottom()+0.01 && w.y > pt(decree.Page.Top)+top {
			w.newPage()
			if i >= g.header {
				w.rowsAt(g, header, x)
			}
		}
		for w.y+row.height > w.bottom()+0.01 {
			part, rest := split(row, w.bottom()-w.y)
			w.rowsAt(g, []rowBox{part}, x)
			w.newPage()
			w.rowsAt(g, header, x)
			row = rest
		}
		w.rowsAt(g, []rowBox{row}, x)
	}
}

// split cuts a row so that its first part fits a height; every cell gives at least a
// line, so that it ends.
func split(r rowBox, room float64) (part, rest rowBox) {
	part.height = room
	for _, c := range r.cells {
		used, n := 0.0, 0
		for n < len(c.boxes) && (n == 0 || used+c.boxes[n].height <= room) {
			used += c.boxes[n].height
			n++
		}
		part.cells = append(part.cells, cellBox{c.width, false, c.boxes[:n]})
		rest.cells = append(rest.cells, cellBox{c.width, false, c.boxes[n:]})
		rest.height = max(rest.height, height(c.boxes[n:]))
	}
	return part, rest
}

func (w *pdfWriter) rowsAt(g grid, rows []rowBox, x float64) {
	for _, r := range rows {
		w.drawRow(g, r, x, w.y)
		w.y += r.height
	}
}

func (w *pdfWriter) drawRow(g grid, r rowBox, x, y float64) {
	for _, c := range r.cells {
		if g.lines != "" {
			w.p.SetLineWidth(0.5)
			w.p.SetDrawColor(0, 0, 0)
			if g.lines == "FF0000" {
				w.p.SetDrawColor(255, 0, 0)
			}
			w.p.Rect(x, y, c.width, r.height, "D")
		}
		at := y
		if c.middle {
			at += (r.height - height(c.boxes)) / 2
		}
		for _, b := range c.boxes {
			b.draw(x+pt(g.pad), at)
			at += b.height
		}
		x += c.width
	}
}

// gridBox is a grid inside a cell: it moves as one.
func (w *pdfWriter) gridBox(g grid, width float64) box {
	var rows []rowBox
	sum, wide := 0.0, 0.0
	for _, r := range g.rows {
		rows = append(rows, w.row(g, r))
		sum += rows[len(rows)-1].height
	}
	for _, twips := range g.widths {
		wide += pt(twips)
	}
	return box{sum, func(x, y float64) {
		if g.center {
			x += (width - wide) / 2
		}
		for _, r := range rows {
			w.drawRow(g, r, x, y)
			y += r.height
		}
	}}
}
