package quality

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"cchc/internal/decimal"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// figureURL is the page that opens a figure, "" for who may not see that room.
func figureURL(ctx context.Context, code, agency string, p Period) string {
	room, _, _ := strings.Cut(code, ".")
	if !identity.From(ctx).Has(room + ".view") {
		return ""
	}
	return "/figures/" + code + "?" + url.Values{"agency": {agency}, "from": {p.FromDay}, "to": {p.ToDay}, "on": {p.ToDay}}.Encode()
}

// points writes decimal text for the reader, "–" without.
func points(ctx context.Context, s string) string {
	if s == "" {
		return "–"
	}
	return i18n.Decimal(ctx, s)
}

func groupName(ctx context.Context, group string) string {
	if group == "" {
		return i18n.T(ctx, "quality.group.all")
	}
	return i18n.T(ctx, "quality.group."+group)
}

// indexTable is the index as a table: what was counted, what it gives, what the portal
// says. The columns of the portal stand only where it says something.
func indexTable(ctx context.Context, v IndexView) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "quality.index.caption", "agency", v.Agency.Name, "period", periodName(ctx, v.Period.Code)), AsFile: true, HeadCol: 1, Columns: []ui.Column{
		{Head: i18n.T(ctx, "quality.col.code")}, {Head: i18n.T(ctx, "quality.col.line")}, {Head: i18n.T(ctx, "quality.col.counted"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.rate"), Numeric: true, Phone: true},
		{Head: i18n.T(ctx, "quality.col.points"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.max"), Numeric: true}}}
	if len(v.Official) > 0 {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "quality.col.official"), Numeric: true}, ui.Column{Head: i18n.T(ctx, "quality.col.why")})
	}
	group := ""
	for _, line := range v.Values {
		if line.Group != group {
			group = line.Group
			t.Rows = append(t.Rows, ui.Row{Group: groupHead(ctx, v, group)})
		}
		most := ui.Txt(points(ctx, line.Max))
		if line.Doubt {
			most.Sub = i18n.T(ctx, "quality.unverified")
		}
		row := ui.Row{Cells: []ui.Cell{{Text: line.Code, Code: true}, {Text: line.Name, Sub: ruleWords(ctx, line.Line)}, countedCell(ctx, v, line), ui.Txt(rateText(ctx, line)), ui.Txt(pointsText(ctx, line)), most}}
		if len(v.Official) > 0 {
			row.Cells = append(row.Cells, officialCells(ctx, v, line)...)
		}
		t.Rows = append(t.Rows, row)
	}
	total := v.Sums[len(v.Sums)-1]
	foot := ui.Row{Cells: []ui.Cell{ui.Txt(""), ui.Txt(groupName(ctx, "")), ui.Txt(""), ui.Txt(""), ui.Txt(points(ctx, total.Points)), {Text: i18n.Decimal(ctx, total.Most), Sub: i18n.T(ctx, "quality.of_whole", "n", i18n.Decimal(ctx, total.Whole))}}}
	if len(v.Official) > 0 {
		foot.Cells = append(foot.Cells, ui.Txt(officialTotal(ctx, v)), ui.Txt(""))
	}
	t.Foot = []ui.Row{foot}
	return t
}

// groupHead names a group with what it earned of what was counted.
func groupHead(ctx context.Context, v IndexView, group string) string {
	for _, g := range v.Sums {
		if g.Name == group && g.Points != "" {
			return i18n.T(ctx, "quality.group_points", "name", groupName(ctx, group), "points", i18n.Decimal(ctx, g.Points), "most", i18n.Decimal(ctx, g.Most))
		}
	}
	return groupName(ctx, group)
}

// officialCells are the portal's points with their evidence, and why they differ.
func officialCells(ctx context.Context, v IndexView, line Value) []ui.Cell {
	o, found := v.Official[line.Code]
	if !found {
		return []ui.Cell{ui.Txt("–"), ui.Txt("")}
	}
	official, why := decimal.FromScaled(o.Points, 2).Fixed(2), ""
	if key := line.Why(official); key != "" {
		why = i18n.T(ctx, "quality.why."+key)
	}
	return []ui.Cell{ui.Txt(points(ctx, official)), {Text: why, Sub: o.Evidence, Mute: true}}
}

func officialTotal(ctx context.Context, v IndexView) string {
	sum := int64(0)
	for _, o := range v.Official {
		sum += o.Points
	}
	return points(ctx, decimal.FromScaled(sum, 2).Fixed(2))
}

// facts are the figures over the table.
func facts(ctx context.Context, v IndexView) []ui.SumLine {
	total := v.Sums[len(v.Sums)-1]
	without := 0
	for _, l := range v.Values {
		if l.Standing == NoSource {
			without++
		}
	}
	own, official := i18n.T(ctx, "quality.facts.none"), i18n.T(ctx, "quality.facts.not_typed")
	if total.Points != "" {
		own = i18n.T(ctx, "quality.facts.points", "points", i18n.Decimal(ctx, total.Points), "most", i18n.Decimal(ctx, total.Most))
	}
	if len(v.Official) > 0 {
		official = officialTotal(ctx, v)
	}
	return []ui.SumLine{{Term: i18n.T(ctx, "quality.col.points"), Text: own}, {Term: i18n.T(ctx, "quality.col.official"), Text: official},
		{Term: i18n.T(ctx, "quality.facts.without"), Text: i18n.T(ctx, "quality.facts.of", "n", strconv.Itoa(without), "all", strconv.Itoa(len(v.Values)))}}
}

// rankingTable lists the frozen totals; the same share of points has the same place.
func rankingTable(ctx context.Context, q asked, list []FrozenTotal) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "quality.ranking"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "quality.col.rank"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.agency")},
		{Head: i18n.T(ctx, "quality.col.points"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.max"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.rate"), Numeric: true}}}
	place := 0
	for i, f := range list {
		if i == 0 || f.share().Cmp(list[i-1].share()) != 0 {
			place = i + 1
		}
		rank, rate := strconv.Itoa(place), i18n.Percent(ctx, f.share().Mul(hundred).Fixed(2))
		if f.Points == "" {
			rank, rate = "–", "–"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(rank), ui.Go(f.Name, asked{agency: f.Agency, period: q.period}.at("/quality")), ui.Txt(points(ctx, f.Points)), ui.Txt(points(ctx, f.Most)), ui.Txt(rate)}})
	}
	return t
}

// countedCell is numerator / denominator, which opens, or why there is none.
func countedCell(ctx context.Context, v IndexView, line Value) ui.Cell {
	switch line.Standing {
	case NoSource:
		return ui.Cell{Text: i18n.T(ctx, "quality.no_source"), Mute: true}
	case NoCase:
		return ui.Cell{Text: i18n.T(ctx, "indicator.no_case"), Mute: true}
	}
	c := ui.Cell{Text: i18n.Number(ctx, line.Fact.Numerator) + "/" + i18n.Number(ctx, line.Fact.Denominator), URL: figureURL(ctx, line.Figure, v.Agency.ID, v.Period)}
	if line.Times != "" {
		c.Sub = i18n.T(ctx, "quality.times_sync", "a", i18n.Number(ctx, line.By.Numerator), "b", i18n.Number(ctx, line.By.Denominator))
	}
	return c
}

func rateText(ctx context.Context, line Value) string {
	if line.Rate == "" {
		return "–"
	}
	return i18n.Percent(ctx, line.Rate)
}

func pointsText(ctx context.Context, line Value) string {
	if line.Standing == NoWeight {
		return i18n.T(ctx, "quality.not_scored")
	}
	return points(ctx, line.Points)
}

// ruleWords says how a line turns a rate into points.
func ruleWords(ctx context.Context, l Line) string {
	switch {
	case !l.Scored():
		return ""
	case l.Full != "":
		return i18n.T(ctx, "quality.rule.full", "n", i18n.Decimal(ctx, l.Full))
	}
	return i18n.T(ctx, "quality.rule.linear")
}

// groupBars shows how much of its counted points each group earns.
func groupBars(ctx context.Context, v IndexView) ui.BarChart {
	c := ui.BarChart{Title: i18n.T(ctx, "quality.bars"), Unit: "%", Max: 100, Head: [2]string{i18n.T(ctx, "quality.col.group"), i18n.T(ctx, "quality.col.earned")}}
	for _, g := range v.Sums {
		points, err := strconv.ParseFloat(g.Points, 64)
		most, err2 := strconv.ParseFloat(g.Most, 64)
		if g.Name == "" || err != nil || err2 != nil || most == 0 {
			continue
		}
		c.Items = append(c.Items, ui.Bar{Name: groupName(ctx, g.Name), Value: 100 * points / most, Text: i18n.Decimal(ctx, g.Points) + "/" + i18n.Decimal(ctx, g.Most)})
	}
	return c
}

func weightTable(ctx context.Context, v Settings) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "quality.settings.title"), AsFile: true, HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "quality.col.code")}, {Head: i18n.T(ctx, "quality.col.line")},
		{Head: i18n.T(ctx, "quality.col.max"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.full"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.from")}, {Head: i18n.T(ctx, "quality.col.source")}}}
	for _, l := range v.Lines {
		from, full := i18n.T(ctx, "quality.shipped"), "–"
		if l.FromDay != "" {
			from = i18n.Day(ctx, l.FromDay)
		}
		if l.Full != "" {
			full = i18n.Percent(ctx, l.Full)
		}
		most := ui.Txt(points(ctx, l.Max))
		if l.Doubt {
			most.Sub = i18n.T(ctx, "quality.unverified")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Code, Code: true, URL: "/quality/settings/" + l.Code}, ui.Txt(l.Name), most, ui.Txt(full), ui.Txt(from), {Text: l.Source, Mute: true}}})
	}
	return t
}

// frozenTable lists the lines that read otherwise today than when they were frozen.
func frozenTable(ctx context.Context, v IndexView) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "quality.frozen_caption"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "quality.col.code")}, {Head: i18n.T(ctx, "quality.col.line")},
		{Head: i18n.T(ctx, "quality.col.frozen"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.today"), Numeric: true}}}
	then, today := map[string]string{}, map[string]Value{}
	for _, l := range v.Frozen.Table.Lines {
		then[l.Code] = l.Points
	}
	for _, l := range v.Values {
		today[l.Code] = l
	}
	for _, code := range v.Frozen.Changed {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: code, Code: true}, ui.Txt(today[code].Name), ui.Txt(points(ctx, then[code])), ui.Txt(points(ctx, today[code].Points))}})
	}
	return t
}

// frozenTotal is the total as it was kept.
func frozenTotal(ctx context.Context, v IndexView) string {
	sums := v.Frozen.Table.Sums
	if len(sums) == 0 {
		return "–"
	}
	total := sums[len(sums)-1]
	return points(ctx, total.Points) + "/" + points(ctx, total.Most)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
