package mining

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// long says a working time as people say it: "2 ngày 3 giờ", days of eight hours.
func long(ctx context.Context, m int64) string {
	days, hours, rest := wholeDays(m)
	var parts []string
	for _, p := range []struct {
		n    int64
		unit string
	}{{days, "day"}, {hours, "hour"}, {rest, "minute"}} {
		if p.n > 0 && len(parts) < 2 {
			parts = append(parts, i18n.T(ctx, "mining.unit."+p.unit, "n", p.n))
		}
	}
	if len(parts) == 0 {
		return i18n.T(ctx, "mining.unit.none")
	}
	return strings.Join(parts, " ")
}

// longOf is the median of a distribution, a dash when there is none.
func longOf(ctx context.Context, d Dist) string {
	if d.N == 0 {
		return "–"
	}
	return long(ctx, d.Median)
}

func share(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(whole))
}

func dossierURL(code string) string { return "/dossiers/" + url.PathEscape(code) }

func listTable(ctx context.Context, v listView) ui.Table {
	t := ui.Table{AsFile: true, Caption: i18n.T(ctx, "mining.title"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "mining.col.code")}, {Head: i18n.T(ctx, "mining.col.procedure")},
		{Head: i18n.T(ctx, "mining.col.finished"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.late"), Numeric: true}}}
	for _, p := range v.Rows {
		to := "/flow/" + url.PathEscape(p.Key) + "?" + url.Values{"from": {v.From}, "to": {v.To}}.Encode()
		late := ui.Txt(i18n.Number(ctx, p.Late))
		if p.N > 0 {
			late.Sub = share(int(p.Late), int(p.N))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Code, Code: true, Mute: true}, ui.Go(p.Name, to), ui.Txt(i18n.Number(ctx, p.N)), late}})
	}
	return t
}

// stats is the strip over a study.
func (v studyView) stats(ctx context.Context) []ui.Stat {
	g := v.Graph
	back := 0
	for _, n := range g.Nodes {
		back += n.Returns
	}
	onTime := ui.Stat{Label: i18n.T(ctx, "mining.stat.on_time"), Sub: i18n.T(ctx, "mining.stat.of", "n", v.Read-v.Late, "all", v.Read)}
	if v.Read > 0 {
		onTime.Value = share(v.Read-v.Late, v.Read)
	}
	list := []ui.Stat{
		{Label: i18n.T(ctx, "mining.stat.median"), Value: longOf(ctx, g.Total), Sub: i18n.T(ctx, "mining.stat.read", "n", v.Read)},
		{Label: i18n.T(ctx, "mining.stat.most9"), Value: "–", Sub: i18n.T(ctx, "mining.stat.most9_sub")},
		onTime,
		{Label: i18n.T(ctx, "mining.stat.back"), Value: i18n.Number(ctx, int64(back)), Sub: i18n.T(ctx, "mining.stat.back_sub")},
	}
	if g.Total.N > 0 {
		list[1].Value = long(ctx, g.Total.Most9)
	}
	return list
}

// bottlenecks are bars over the steps by the time spent there.
func (v studyView) bottlenecks(ctx context.Context) ui.BarChart {
	c := ui.BarChart{Title: i18n.T(ctx, "mining.bottlenecks"), Unit: "", Head: [2]string{i18n.T(ctx, "mining.col.step"), i18n.T(ctx, "mining.col.share")}}
	for i, n := range v.Graph.Bottlenecks() {
		if i == 8 {
			break
		}
		tone := ""
		if i == 0 {
			tone = ui.Late
		}
		c.Items = append(c.Items, ui.Bar{Name: strconv.Itoa(n.Step) + ". " + short(n.Name), Value: 100 * n.ShareTime, Text: fmt.Sprintf("%.0f %%", 100*n.ShareTime), Tone: tone})
	}
	return c
}

// short leaves as much of a name as stands beside a bar.
func short(name string) string {
	const most = 24
	if r := []rune(name); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return name
}

func (v studyView) stepTable(ctx context.Context) ui.Table {
	t := stepTable(ctx, v.Graph)
	t.AsFile = false // it has files of its own, with the whole study in them
	return t
}

func stepTable(ctx context.Context, g Graph) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "mining.steps"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "mining.col.n"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.step")},
		{Head: i18n.T(ctx, "mining.col.dossiers"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.wait"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.work"), Numeric: true},
		{Head: i18n.T(ctx, "mining.col.whole"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.most9"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.share"), Numeric: true},
		{Head: i18n.T(ctx, "mining.col.back"), Numeric: true}}}
	for _, n := range g.Nodes {
		most9 := "–"
		if n.Whole.N > 0 {
			most9 = long(ctx, n.Whole.Most9)
		}
		wait, work := ui.Txt(longOf(ctx, n.Wait)), ui.Txt(longOf(ctx, n.Work))
		if n.Wait.N > 0 && n.Wait.N < n.Visits { // not everybody said when they began
			wait.Sub = i18n.T(ctx, "mining.split_of", "n", n.Wait.N, "all", n.Visits)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(strconv.Itoa(n.Step)), ui.Txt(n.Name), ui.Txt(i18n.Number(ctx, int64(n.Dossiers))), wait, work,
			ui.Txt(longOf(ctx, n.Whole)), ui.Txt(most9), ui.Txt(fmt.Sprintf("%.0f %%", 100*n.ShareTime)), ui.Txt(i18n.Number(ctx, int64(n.Returns)))}})
	}
	return t
}

// stepName names an end of an edge.
func (v studyView) stepName(ctx context.Context, step int) string {
	switch step {
	case Start:
		return i18n.T(ctx, "mining.start")
	case End:
		return i18n.T(ctx, "mining.end")
	}
	for _, n := range v.Graph.Nodes {
		if n.Step == step {
			return strconv.Itoa(step) + ". " + n.Name
		}
	}
	return strconv.Itoa(step)
}

func (v studyView) edgeTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "mining.edges"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "mining.col.from")}, {Head: i18n.T(ctx, "mining.col.to")},
		{Head: i18n.T(ctx, "mining.col.times"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.kind")}}}
	for _, e := range v.Graph.Edges {
		kind := ui.Txt(i18n.T(ctx, "mining.forward"))
		if e.Back {
			kind = ui.In(ui.StateIcon(ui.Late, "refresh", i18n.T(ctx, "mining.backward")))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(v.stepName(ctx, e.From)), ui.Txt(v.stepName(ctx, e.To)), ui.Txt(i18n.Number(ctx, int64(e.N))), kind}})
	}
	return t
}

// variantsShown is how many ways the page lists; the rest are told as a number.
const variantsShown = 10

func (v studyView) variantTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "mining.variants"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "mining.col.way")}, {Head: i18n.T(ctx, "mining.col.dossiers"), Numeric: true},
		{Head: i18n.T(ctx, "mining.col.share"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.whole"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.late"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.example")}}}
	for i, w := range v.Variants {
		if i == variantsShown {
			break
		}
		steps := make([]string, len(w.Steps))
		for k, s := range w.Steps {
			steps[k] = strconv.Itoa(s)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(strings.Join(steps, " → ")), ui.Txt(i18n.Number(ctx, int64(w.N))), ui.Txt(share(w.N, v.Read)),
			ui.Txt(long(ctx, w.Median)), ui.Txt(i18n.Number(ctx, int64(w.Late))), {Text: w.Code, URL: dossierURL(w.Code), Code: true}}})
	}
	return t
}

func (v studyView) versionChoices(ctx context.Context) (list []ui.Choice) {
	for _, o := range v.Versions {
		list = append(list, ui.Choice{Value: o.ID, Text: i18n.T(ctx, "mining.version", "day", o.FromDay, "n", o.N)})
	}
	return list
}

func (v studyView) versionName(ctx context.Context, o Version) string {
	return i18n.T(ctx, "mining.version", "day", o.FromDay, "n", o.N)
}

func (v studyView) changeTable(ctx context.Context) ui.Table {
	c := v.Compared
	t := ui.Table{Caption: i18n.T(ctx, "mining.compare"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "mining.col.step")}, {Head: i18n.T(ctx, "mining.before"), Numeric: true},
		{Head: i18n.T(ctx, "mining.after"), Numeric: true}, {Head: i18n.T(ctx, "mining.col.change")}}}
	row := func(name string, before, after Dist, change ui.Cell) {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(name), ui.Txt(longOf(ctx, before)), ui.Txt(longOf(ctx, after)), change}})
	}
	for _, s := range c.Steps {
		switch {
		case s.New:
			row(s.Name, s.Before, s.After, ui.Txt(i18n.T(ctx, "mining.new_step")))
		case s.Gone:
			row(s.Name, s.Before, s.After, ui.Txt(i18n.T(ctx, "mining.gone_step")))
		default:
			row(s.Name, s.Before, s.After, v.change(ctx, s.Before.Median-s.After.Median, s.Before.N > 0 && s.After.N > 0))
		}
	}
	row(i18n.T(ctx, "mining.whole_way"), c.Before.Graph.Total, c.After.Graph.Total, v.change(ctx, c.Saved(), c.Before.Graph.N > 0 && c.After.Graph.N > 0))
	return t
}

// change says what a step won or lost.
func (v studyView) change(ctx context.Context, saved int64, known bool) ui.Cell {
	switch {
	case !known:
		return ui.Txt("–")
	case saved > 0:
		return ui.In(ui.StateIcon(ui.OK, "down", i18n.T(ctx, "mining.shorter", "by", long(ctx, saved))))
	case saved < 0:
		return ui.In(ui.StateIcon(ui.Late, "up", i18n.T(ctx, "mining.longer", "by", long(ctx, saved))))
	}
	return ui.Txt(i18n.T(ctx, "mining.same"))
}

// writeSheet gives the steps of a study as a file.
func writeSheet(w http.ResponseWriter, r *http.Request, st Study, kind string) error {
	return ui.SendTable(w, r, "quy-trinh-"+st.Key, kind, stepTable(r.Context(), st.Graph))
}
