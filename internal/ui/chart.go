package ui

import (
	"context"
	"math"
	"strconv"
	"strings"

	"cchc/internal/i18n"
)

// Charts are SVG made here: they print, need no script, and a table with the same
// figures stands under each. Missing values are NaN, which leaves a gap: no case is not zero.

// Bar is one bar.
type Bar struct {
	Name  string
	Value float64
	Text  string // the value as written, "" writes Value
	Tone  string // Late is red
	URL   string
}

// BarChart starts at zero.
type BarChart struct {
	Title string // over the chart; also read aloud
	Unit  string
	Items []Bar
	Head  [2]string // heads of the table under it: name, value
	Max   float64   // longest possible bar, 0 takes the largest value
}

// Series is one line.
type Series struct {
	Name   string
	Values []float64
}

// LineChart is one or two lines over the same points, the first one drawn strong.
type LineChart struct {
	Title    string
	PointsAs string   // head of the first column: month, year
	Points   []string // under the axis
	Series   []Series // at most three
	Target   float64  // a dashed line, NaN or 0 for none
	TargetAs string
	Digits   int // decimals in the table
}

// RadarChart compares one or two series over axes, all from 0 to Max.
type RadarChart struct {
	Title  string
	Axes   []string
	Series []Series // the first strong, the second dotted
	Max    float64
	AxisAs string // head of the table's first column
}

// HeatMap is a table of counts whose cells open.
type HeatMap struct {
	Caption string
	Corner  string // head of the first column
	Columns []string
	TotalAs string // head of the last column, "" for none
	Rows    []HeatRow
}

// HeatRow is one line of a heat map.
type HeatRow struct {
	Name  string
	Cells []HeatCell
	Total int64
}

// HeatCell is a count and how many of them are late.
type HeatCell struct {
	N, Late int64
	URL     string
}

// Span is a stretch of a SpanChart, in units of its columns.
type Span struct {
	From, To float64
	Kind     string // "used", "wait" or "left"
}

// SpanMark is a line across a SpanChart.
type SpanMark struct {
	At   float64
	Text string
	Due  bool // red
}

// SpanChart shows time used, paused and left over days; Off marks days without work.
type SpanChart struct {
	Title string
	Days  []string
	Off   []bool
	Spans []Span
	Marks []SpanMark
	Note  string
}

// QuarterBar is one line of a plan over a year: positions are parts of the year, 0 to 1.
type QuarterBar struct {
	Name       string
	From, To   float64
	Done       float64 // part of the bar that is done, 0 to 1
	State      string  // "done", "doing", "late"
	Now        float64 // 0 for none
	LateTo     float64 // end of the overrun, 0 for none
	StateWords string  // for the table
}

func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

func maxOf(items []Bar, atLeast float64) float64 {
	m := atLeast
	for _, b := range items {
		m = math.Max(m, b.Value)
	}
	if m <= 0 {
		return 1
	}
	return m
}

func (c BarChart) width(b Bar) string { return num(math.Max(0, b.Value) / maxOf(c.Items, c.Max) * 360) }

func (c BarChart) end(b Bar) string {
	return num(188 + math.Max(0, b.Value)/maxOf(c.Items, c.Max)*360)
}

func (b Bar) words(ctx context.Context) string {
	if b.Text != "" {
		return b.Text
	}
	return written(ctx, b.Value, -1)
}

// written is a value with the reader's marks; digits -1 writes as many as it has.
func written(ctx context.Context, v float64, digits int) string {
	if math.IsNaN(v) {
		return i18n.Decimal(ctx, "")
	}
	return i18n.Decimal(ctx, strconv.FormatFloat(v, 'f', digits, 64))
}

// sparkPath draws values over 100 by 28; with area the path is closed for the tint under it.
func sparkPath(values []float64, area bool) string {
	low, high := bounds(values)
	var b strings.Builder
	for i, v := range values {
		x := 100 * float64(i) / float64(len(values)-1)
		b.WriteString(step(i) + num(x) + " " + num(25-22*(v-low)/(high-low)))
	}
	if area {
		return "M0 28" + strings.Replace(b.String(), "M", "L", 1) + "L100 28z"
	}
	return b.String()
}

func bounds(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	if math.IsInf(low, 1) {
		return 0, 1
	}
	if low == high {
		return low - 1, high + 1
	}
	return low, high
}

func step(i int) string {
	if i == 0 {
		return "M"
	}
	return "L"
}

// axis is the scale of a line chart: round steps around all values and the target.
type axis struct{ low, high, step float64 }

func (c LineChart) axis() axis {
	var all []float64
	for _, s := range c.Series {
		all = append(all, s.Values...)
	}
	if c.Target != 0 {
		all = append(all, c.Target)
	}
	low, high := bounds(all)
	raw := (high - low) / 5
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5, 10} {
		if unit*m >= raw {
			unit *= m
			break
		}
	}
	return axis{low: math.Floor(low/unit) * unit, high: math.Ceil(high/unit) * unit, step: unit}
}

func (a axis) ticks() []float64 {
	var out []float64
	for v := a.low; v <= a.high+a.step/2; v += a.step {
		out = append(out, math.Round(v*1e6)/1e6)
	}
	return out
}

func (a axis) y(v float64) float64 { return 186 - 170*(v-a.low)/(a.high-a.low) }

func (c LineChart) x(i int) float64 {
	if len(c.Points) < 2 {
		return 52
	}
	return 52 + 528*float64(i)/float64(len(c.Points)-1)
}

// path draws a series; a missing value breaks the line.
func (c LineChart) path(a axis, s Series) string {
	var b strings.Builder
	pen := 0
	for i, v := range s.Values {
		if math.IsNaN(v) {
			pen = 0
			continue
		}
		b.WriteString(step(pen) + num(c.x(i)) + " " + num(a.y(v)))
		pen++
	}
	return b.String()
}

// last is the index of the last value of a series, -1 when all are missing.
func (s Series) last() int {
	for i := len(s.Values) - 1; i >= 0; i-- {
		if !math.IsNaN(s.Values[i]) {
			return i
		}
	}
	return -1
}

// lineClass gives the look of series number i.
func lineClass(i int) string { return []string{"l1", "l2", "l5"}[min(i, 2)] }

// point is a place on a radar: axis i of n at r of 92 units from the centre.
func point(i, n int, r float64) (x, y float64) {
	angle := 2*math.Pi*float64(i)/float64(n) - math.Pi/2
	return 150 + r*math.Cos(angle), 118 + r*math.Sin(angle)
}

func (c RadarChart) ring(part float64) string {
	values := make([]float64, len(c.Axes))
	for i := range values {
		values[i] = part * c.Max
	}
	return c.path(values)
}

func (c RadarChart) path(values []float64) string {
	var b strings.Builder
	for i := range c.Axes {
		v := 0.0
		if i < len(values) && !math.IsNaN(values[i]) {
			v = math.Max(0, math.Min(values[i], c.Max))
		}
		x, y := point(i, len(c.Axes), 92*v/c.Max)
		b.WriteString(step(i) + num(x) + " " + num(y))
	}
	return b.String() + "z"
}

// label places the name of an axis outside the ring.
func (c RadarChart) label(i int) (x, y, anchor string) {
	px, py := point(i, len(c.Axes), 104)
	anchor = "middle"
	if px > 155 {
		anchor = "start"
	} else if px < 145 {
		anchor = "end"
	}
	return num(px), num(py + 4), anchor
}

// shade is the class of a heat cell: 0 none, 1 to 4 by its share of the largest count.
func (h HeatMap) shade(c HeatCell) string {
	var most int64 = 1
	for _, r := range h.Rows {
		for _, cell := range r.Cells {
			most = max(most, cell.N)
		}
	}
	class := "h0"
	if c.N > 0 {
		class = "h" + strconv.FormatInt(min(4, 1+c.N*4/(most+1)), 10)
	}
	if c.Late > 0 {
		class += " bad"
	}
	return class
}

// column is the width of a day in a SpanChart, whose drawing is 940 units wide.
func (c SpanChart) column() float64 { return 920 / math.Max(1, float64(len(c.Days))) }

func (c SpanChart) x(at float64) string { return num(10 + at*c.column()) }

func (s Span) class() string {
	return map[string]string{"used": "f1", "wait": "f-wait", "left": "f-left"}[s.Kind]
}

// anchor keeps the words of a mark inside the drawing.
func (c SpanChart) anchor(at float64) string {
	switch days := float64(len(c.Days)); {
	case at < days*0.1:
		return "start"
	case at > days*0.9:
		return "end"
	}
	return "middle"
}

func (q QuarterBar) class() string {
	return map[string]string{"done": "g-d", "doing": "g-p", "late": "g-o"}[q.State]
}

func part(v float64) string { return num(v * 100) }
