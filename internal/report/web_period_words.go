package report

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// reportList is the page of reports.
type reportList struct {
	Rows    []Report
	Cutoffs []Cutoff
	May     bool
	Next    string
}

// countedView is a figure of a signed report with one page of its records.
type countedView struct {
	Report Report
	Figure FrozenFigure
	Rows   []Counted
	Next   string
}

func mayDraft(ctx context.Context) bool { return identity.From(ctx).Has("report.draft") }

// reportTitle names a report as its document does.
func reportTitle(ctx context.Context, r Report) string {
	return i18n.T(ctx, "report.title."+r.Code, "year", strconv.Itoa(r.Year))
}

func reportLine(ctx context.Context, r Report) string {
	line := i18n.T(ctx, "report.span", "from", i18n.Day(ctx, r.FromDay), "to", i18n.Day(ctx, r.ToDay))
	if r.Revision > 1 {
		line += " " + i18n.T(ctx, "report.revision", "n", strconv.Itoa(r.Revision))
	}
	return line
}

func stateTone(s State) string {
	switch s {
	case Signed:
		return ui.OK
	case Submitted:
		return ui.Wait
	}
	return ui.Info
}

func cutoffChoices(ctx context.Context, all []Cutoff) []ui.Choice {
	var out []ui.Choice
	for _, c := range all {
		out = append(out, ui.Choice{Value: c.Code, Text: i18n.T(ctx, "report.kind."+c.Code)})
	}
	return out
}

func reportTable(ctx context.Context, all []Report) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "report.menu.reports"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "report.col.report")}, {Head: i18n.T(ctx, "report.col.span")}, {Head: i18n.T(ctx, "report.col.state")}, {Head: i18n.T(ctx, "report.col.signed")},
	}}
	for _, r := range all {
		signed := ""
		if r.State == Signed {
			signed = i18n.Day(ctx, r.SignedDay)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: reportTitle(ctx, r), URL: "/reports/" + r.ID, Sub: r.Number},
			ui.Txt(i18n.Day(ctx, r.FromDay) + " – " + i18n.Day(ctx, r.ToDay)),
			ui.In(reportTag(r)), ui.Txt(signed),
		}})
	}
	return t
}

func figuresNote(ctx context.Context, d Draft) string {
	switch {
	case d.State == Signed:
		return i18n.T(ctx, "report.figures.frozen", "day", i18n.Day(ctx, d.SignedDay))
	case d.Early:
		return i18n.T(ctx, "report.figures.early", "day", i18n.Day(ctx, d.ToDay))
	}
	return i18n.T(ctx, "report.figures.live")
}

// figureTable lists the figures; each opens to its records: today's while it is live,
// those of the signature once it is frozen.
func figureTable(ctx context.Context, d Draft) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "report.figures"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "report.col.figure")}, {Head: i18n.T(ctx, "report.col.value"), Numeric: true},
		{Head: i18n.T(ctx, "report.col.numerator"), Numeric: true}, {Head: i18n.T(ctx, "report.col.denominator"), Numeric: true},
	}}
	if d.State == Signed {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "report.col.today"), Numeric: true})
	}
	for _, f := range d.Annex.Figures {
		where := Question{Code: f.Code, From: d.FromDay, To: d.ToDay, On: d.ToDay, Dims: map[string]string{"plan": d.PlanID}}.address()
		if d.State == Signed {
			where = "/reports/" + d.ID + "/figures/" + f.Code
		}
		row := ui.Row{Cells: []ui.Cell{
			ui.Txt(i18n.T(ctx, "indicator."+f.Code)), {Text: valueText(ctx, f), URL: where},
			ui.Txt(part(ctx, f, f.Numerator)), ui.Txt(part(ctx, f, f.Denominator)),
		}}
		if d.State == Signed {
			today := i18n.T(ctx, "report.same")
			if now, ok := d.Today[f.Code]; ok {
				today = valueText(ctx, now)
			}
			row.Cells = append(row.Cells, ui.Txt(today))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// part is the numerator or the denominator of a rate; a count or a median has none.
func part(ctx context.Context, f FrozenFigure, n int64) string {
	if f.Unit != "percent" {
		return ""
	}
	return i18n.Number(ctx, n)
}

func annexTable(ctx context.Context, t Table) ui.Table {
	out := ui.Table{Caption: i18n.T(ctx, "report.table."+t.Key), Wide: true}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, ui.Column{Head: i18n.T(ctx, "report.annex."+c), Numeric: numeric(c)})
	}
	for _, r := range t.Rows {
		row := ui.Row{}
		for _, c := range r {
			row.Cells = append(row.Cells, ui.Cell{Text: c.Text, URL: c.URL})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func countedTable(ctx context.Context, rows []Counted) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "report.records"), Columns: []ui.Column{{Head: i18n.T(ctx, "report.col.record")}, {Head: i18n.T(ctx, "report.col.agency")}}}
	for _, c := range rows {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Title, URL: c.URL, Sub: c.Code}, ui.Txt(c.Agency)}})
	}
	return t
}

func partNote(ctx context.Context, p Part) string {
	if p.Edited {
		return i18n.T(ctx, "report.part.edited")
	}
	return i18n.T(ctx, "report.part.told")
}

func nextText(ctx context.Context, d Draft) string {
	if d.Early {
		return i18n.T(ctx, "report.next.early", "day", i18n.Day(ctx, d.ToDay))
	}
	return i18n.T(ctx, "report.next.submit_text")
}

// signText says why a report waits for somebody else, or what a signature does.
func signText(ctx context.Context, d Draft) string {
	if d.Why != nil {
		return i18n.Error(ctx, errs.All(d.Why)[0])
	}
	return i18n.T(ctx, "report.next.sign_text")
}

func roman(n int) string { return [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII"}[n] }

func paragraphs(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func joined(list []string) string { return strings.Join(list, "; ") }
