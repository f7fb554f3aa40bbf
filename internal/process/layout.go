package process

import (
	"slices"
	"strings"
)

// Picture is a table drawn: one lane an actor, boxes from left to right as the work
// goes, arrows between them. Lengths are in SVG units, the origin is top left.
type Picture struct {
	Width, Height int
	Lanes         []Lane
	Boxes         []Box
	Arrows        []Arrow
	Stages        []Band // where a stage begins, when there is more than one
}

// Lane is the row of one actor.
type Lane struct {
	Actor   string
	Lines   []string // Actor, broken to fit
	Y, High int
}

// Box is one step.
type Box struct {
	No         int
	Step       Step
	Lines      []string // Do, broken to fit
	X, Y       int
	Wide, High int
	Critical   bool // on the longest way
}

// Arrow leads from one box to another along right angles.
type Arrow struct {
	From, To int
	Points   [][2]int
	Critical bool
}

// Band is a stage: all boxes of it stand at or right of X.
type Band struct{ No, X int }

// Measures of the picture.
const (
	laneLabel = 150
	boxWide   = 168
	boxHigh   = 84
	gapWide   = 44
	gapHigh   = 22
	charWide  = 7.3 // of a letter at 12 px
	mostLines = 4
)

// Draw lays a table out. A table with a loop is drawn in the order of its lines, so that
// the loop can be seen.
func Draw(steps []Step) Picture {
	if len(steps) == 0 {
		return Picture{}
	}
	before, all := Before(steps), byNo(steps)
	column := columns(steps, before)
	way := Path(steps, false)
	p := Picture{}
	taken := map[[2]int]int{} // boxes of one actor in one column stand below each other
	var actors []string
	rows := map[string]int{}
	for _, s := range steps {
		if !slices.Contains(actors, s.Actor) {
			actors = append(actors, s.Actor)
		}
	}
	place := map[int][2]int{}
	for _, s := range steps {
		at := [2]int{slices.Index(actors, s.Actor), column[s.No]}
		place[s.No] = [2]int{at[1], taken[at]}
		taken[at]++
		rows[s.Actor] = max(rows[s.Actor], taken[at])
	}
	y, top := gapHigh, map[string]int{}
	for _, a := range actors {
		high := rows[a]*(boxHigh+gapHigh) + gapHigh
		p.Lanes = append(p.Lanes, Lane{a, Break(a, laneLabel-20, mostLines), y, high})
		top[a] = y + gapHigh
		y += high
	}
	p.Height = y + gapHigh
	for _, s := range steps {
		b := Box{No: s.No, Step: s, Lines: Break(s.Do, boxWide-16, mostLines-1), Wide: boxWide, High: boxHigh, Critical: slices.Contains(way.Steps, s.No),
			X: laneLabel + gapWide + place[s.No][0]*(boxWide+gapWide), Y: top[s.Actor] + place[s.No][1]*(boxHigh+gapHigh)}
		p.Boxes = append(p.Boxes, b)
		p.Width = max(p.Width, b.X+boxWide+gapWide)
	}
	p.arrows(steps, before)
	if stages := stagesOf(steps); len(stages) > 1 {
		for _, st := range stages {
			x := p.Width
			for _, b := range p.Boxes {
				if all[b.No].Stage == st {
					x = min(x, b.X-gapWide/2)
				}
			}
			p.Stages = append(p.Stages, Band{st, x})
		}
	}
	return p
}

// columns says how far right each step stands: right of what it waits for, and right of
// all earlier stages.
func columns(steps []Step, before map[int][]int) map[int]int {
	sorted, loop := order(steps, before)
	all, column := byNo(steps), map[int]int{}
	for _, stage := range stagesOf(steps) {
		start := 0
		for no, c := range column {
			if all[no].Stage < stage {
				start = max(start, c+1)
			}
		}
		for _, no := range append(slices.Clone(sorted), loop...) {
			if all[no].Stage != stage {
				continue
			}
			c := start
			for _, b := range before[no] {
				if at, placed := column[b]; placed && b != no {
					c = max(c, at+1)
				}
			}
			column[no] = c
		}
	}
	return column
}

func (p *Picture) arrows(steps []Step, before map[int][]int) {
	box := map[int]Box{}
	for _, b := range p.Boxes {
		box[b.No] = b
	}
	way := Path(steps, false).Steps
	for _, s := range steps {
		for _, from := range before[s.No] {
			a, found := box[from]
			if !found {
				continue
			}
			b := box[s.No]
			x1, y1, x2, y2 := a.X+a.Wide, a.Y+a.High/2, b.X, b.Y+b.High/2
			mid := x2 - gapWide/2
			line := [][2]int{{x1, y1}, {mid, y1}, {mid, y2}, {x2, y2}}
			if y1 == y2 && x2 > x1 {
				line = [][2]int{{x1, y1}, {x2, y2}}
			}
			at := slices.Index(way, from)
			p.Arrows = append(p.Arrows, Arrow{from, s.No, line, at >= 0 && at+1 < len(way) && way[at+1] == s.No})
		}
	}
}

// Break sets words in lines of a width, at most so many; what does not fit ends in "…".
func Break(words string, width, lines int) (out []string) {
	most := max(4, int(float64(width)/charWide))
	line := ""
	for _, w := range strings.Fields(words) {
		if line != "" && len([]rune(line))+1+len([]rune(w)) > most {
			out = append(out, line)
			line = ""
		}
		if r := []rune(w); len(r) > most {
			w = string(r[:most-1]) + "…"
		}
		line = strings.TrimSpace(line + " " + w)
	}
	if line != "" {
		out = append(out, line)
	}
	if len(out) > lines {
		last := []rune(out[lines-1])
		out = append(out[:lines-1:lines-1], string(last[:min(len(last), most-1)])+"…")
	}
	return out
}
