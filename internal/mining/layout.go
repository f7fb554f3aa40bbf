package mining

import (
	"fmt"
	"strings"
)

// The drawing: the steps stand under each other in the order of the process, so that it
// reads like the step table and fits a phone. What goes on to the next step runs down the
// middle, what skips steps passes on the right, what is sent back returns on the left.
const (
	drawWidth = 640
	boxX      = 150
	boxWidth  = 340
	boxHeight = 76
	rowHeight = 118
	pillRow   = 56 // height of the row of the start
	lineRunes = 44 // of a name in a box
)

type box struct {
	Node
	X, Y  int
	Lines []string
	Hot   bool // the step that takes the most time
}

type arrow struct {
	Path           string
	Width          string
	Back           bool
	N              int
	LabelX, LabelY int
	Anchor         string
}

type drawing struct {
	Height int
	Boxes  []box
	Arrows []arrow
	EndY   int
	Hidden int // edges too rare to be drawn; the table has them
}

// drawnFrom is the least share of dossiers that an edge needs to be drawn.
const drawnFrom = 0.02

func draw(g Graph) drawing {
	d := drawing{}
	row := map[int]int{}
	hot := int64(0)
	for _, n := range g.Nodes {
		hot = max(hot, n.Whole.Sum)
	}
	for i, n := range g.Nodes {
		row[n.Step] = i
		d.Boxes = append(d.Boxes, box{Node: n, X: boxX, Y: pillRow + i*rowHeight, Lines: wrapped(n.Name), Hot: n.Whole.Sum == hot && hot > 0})
	}
	d.EndY = pillRow + len(g.Nodes)*rowHeight + 8
	d.Height = d.EndY + 36
	lanes := [2]int{} // how many arrows already pass on the right and on the left
	for _, e := range g.Edges {
		if float64(e.N) < drawnFrom*float64(g.N) {
			d.Hidden++
			continue
		}
		d.Arrows = append(d.Arrows, arrowOf(e, row, len(g.Nodes), d.EndY, &lanes))
	}
	for i := range d.Arrows {
		d.Arrows[i].Width = fmt.Sprintf("%.1f", 1.2+4.8*float64(d.Arrows[i].N)/float64(max(1, g.N)))
	}
	return d
}

// arrowOf draws one edge.
func arrowOf(e Edge, row map[int]int, rows, endY int, lanes *[2]int) arrow {
	a := arrow{N: e.N, Back: e.Back, Anchor: "start"}
	from, to := -1, rows
	if e.From != Start {
		from = row[e.From]
	}
	if e.To != End {
		to = row[e.To]
	}
	bottom := func(r int) int {
		if r < 0 {
			return 30
		}
		return pillRow + r*rowHeight + boxHeight
	}
	top := func(r int) int {
		if r >= rows {
			return endY
		}
		return pillRow + r*rowHeight
	}
	middle := boxX + boxWidth/2
	switch {
	case e.Back:
		x := boxX - 26 - 14*min(lanes[1], 6)
		lanes[1]++
		y1, y2 := bottom(from)-boxHeight/2+8, top(to)+boxHeight/2-8
		a.Path = fmt.Sprintf("M%d %dC%d %d %d %d %d %d", boxX, y1, x, y1, x, y2, boxX-4, y2)
		a.LabelX, a.LabelY, a.Anchor = (x+boxX)/2-12, (y1+y2)/2+4, "end"
	case to == from+1:
		a.Path = fmt.Sprintf("M%d %dV%d", middle, bottom(from), top(to)-4)
		a.LabelX, a.LabelY = middle+10, (bottom(from)+top(to))/2+4
	default:
		x := boxX + boxWidth + 26 + 14*min(lanes[0], 6)
		lanes[0]++
		y1, y2 := bottom(from)-16, top(to)+16
		start, end := boxX+boxWidth, boxX+boxWidth+4
		if from < 0 {
			y1, start = 18, middle+54
		}
		if to >= rows {
			y2, end = endY+14, middle+58
		}
		a.Path = fmt.Sprintf("M%d %dC%d %d %d %d %d %d", start, y1, x, y1, x, y2, end, y2)
		a.LabelX, a.LabelY = x-4, (y1+y2)/2+4
	}
	return a
}

// wrapped cuts a name into at most two lines.
func wrapped(name string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(name) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > lineRunes {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	lines = append(lines, line)
	if len(lines) > 2 {
		lines = []string{lines[0], lines[1] + " …"}
	}
	return lines
}
