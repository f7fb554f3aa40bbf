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

// indexTable is the index as a table: what was counted, what it gives, what the portal says.
func indexTable(ctx context.Context, v IndexView) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "quality.index.caption", "agency", v.Agency.Name, "period", periodName(ctx, v.Period.Code)), AsFile: true, HeadCol: 1, Columns: []ui.Column{
		{Head: i18n.T(ctx, "quality.col.code")}, {Head: i18n.T(ctx, "quality.col.line")}, {Head: i18n.T(ctx, "quality.col.counted"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.rate"), Numeric: true},
		{Head: i18n.T(ctx, "quality.col.points"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.max"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.official"), Numeric: true}, {Head: i18n.T(ctx, "quality.col.why")}}}
	group := ""
	for _, line := range v.Values {
		if line.Group != group {
			group = line.Group
			t.Rows = append(t.Rows, ui.Row{Group: groupName(ctx, group)})
		}
		official, why := "", ""
		if o, found := v.Official[line.Code]; found {
			official = decimal.FromScaled(o.Points, 2).Fixed(2)
			if key := line.Why(official); key != "" {
				why = i18n.T(ctx, "quality.why."+key)
			}
		}
		most := ui.Txt(points(ctx, line.Max))
		if line.Doubt {
			most.Sub = i18n.T(ctx, "quality.unverified")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: line.Code, Code: true}, {Text: line.Name, Sub: ruleWords(ctx, line.Line)}, countedCell(ctx, v, line), ui.Txt(rateText(ctx, line)),
			ui.Txt(pointsText(ctx, line)), most, ui.Txt(points(ctx, official)), {Text: why, Mute: true}}})
	}
	for _, g := range v.Sums {
		t.Foot = append(t.Foot, ui.Row{Cells: []ui.Cell{ui.Txt(""), ui.Txt(groupName(ctx, g.Name)), ui.Txt(""), ui.Txt(""), ui.Txt(points(ctx, g.Points)),
			{Text: i18n.Decimal(ctx, g.Most), Sub: i18n.T(ctx, "quality.of_whole", "n", i18n.Decimal(ctx, g.Whole))}, ui.Txt(""), ui.Txt("")}})
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
