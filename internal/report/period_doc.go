package report

import (
	"context"
	"io"
	"strconv"
	"strings"

	"cchc/internal/document"
	"cchc/internal/i18n"
)

// Issuer is who sends the reports: the province, its place and its signing line. app
// wires it, because its name changes when provinces merge.
type Issuer struct{ Name, Short, Place string }

// Docx writes a report in the layout of Decree 30/2020/ND-CP, with its tables as
// appendices on landscape pages. It is Vietnamese, whatever the reader's language.
func (s *Service) Docx(ctx context.Context, d Draft, out io.Writer) error {
	ctx = i18n.WithLang(ctx, i18n.Vi)
	from, err := s.Issuer(ctx, d.ToDay)
	if err != nil {
		return err
	}
	return document.Docx(out, d.letter(ctx, from))
}

func (d Draft) letter(ctx context.Context, from Issuer) document.Document {
	t := func(key string, args ...any) string { return i18n.T(ctx, "report.docx."+key, args...) }
	number, symbol := 0, document.Symbol("report", from.Short)
	if n, rest, ok := strings.Cut(d.Number, "/"); ok {
		if v, err := strconv.Atoi(n); err == nil {
			number, symbol = v, rest
		}
	}
	day := d.SignedDay
	if day == "" {
		day = strconv.Itoa(d.Year)
	}
	blocks := []document.Block{
		document.Letterhead{Issuer: strings.ToUpper(from.Name), Number: number, Symbol: symbol, Place: from.Place, Day: day},
		document.Title{Type: document.KindName("report"), About: reportTitle(ctx, d.Report)},
	}
	for _, p := range d.Parts {
		blocks = append(blocks, document.Heading{Rank: document.Roman, Text: i18n.T(ctx, "report.part."+p.Code)})
		for line := range strings.SplitSeq(p.Text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				blocks = append(blocks, document.Text(line))
			}
		}
	}
	blocks = append(blocks,
		document.Recipients{t("to_ministry"), t("to_agencies"), t("to_file")},
		document.Signature{Authority: []string{t("on_behalf")}, Title: t("chairman"), Name: d.Signer},
		document.Annex{Number: 1, Title: t("annex_figures"), Landscape: true},
		d.figureGrid(ctx))
	for i, tab := range d.Annex.Tables {
		blocks = append(blocks, document.Annex{Number: i + 2, Title: i18n.T(ctx, "report.table."+tab.Key), Landscape: true}, grid(ctx, tab))
	}
	return document.Document{Title: reportTitle(ctx, d.Report), Blocks: blocks}
}

func (d Draft) figureGrid(ctx context.Context) document.Table {
	g := document.Table{Columns: []document.Column{
		{Title: i18n.T(ctx, "report.col.figure"), Width: 6, Align: document.Left}, {Title: i18n.T(ctx, "report.col.unit"), Width: 2, Align: document.Left},
		{Title: i18n.T(ctx, "report.col.numerator"), Width: 2, Align: document.Right}, {Title: i18n.T(ctx, "report.col.denominator"), Width: 2, Align: document.Right},
		{Title: i18n.T(ctx, "report.col.value"), Width: 2, Align: document.Right},
	}}
	for _, f := range d.Annex.Figures {
		g.Rows = append(g.Rows, document.Row{Cells: []string{i18n.T(ctx, "indicator."+f.Code), i18n.T(ctx, "indicator.unit."+f.Unit),
			part(ctx, f, f.Numerator), part(ctx, f, f.Denominator), valueText(ctx, f)}})
	}
	return g
}

// valueText writes a value, or that no case arose, which is not zero.
func valueText(ctx context.Context, f FrozenFigure) string {
	switch {
	case f.Value == "":
		return i18n.T(ctx, "indicator.no_case")
	case f.Unit == "percent":
		return i18n.Decimal(ctx, f.Value) + "%"
	}
	return i18n.Decimal(ctx, f.Value)
}

// numeric says whether a column of the annex holds numbers: all but the names.
func numeric(column string) bool { return !strings.HasPrefix(column, "name") }

func grid(ctx context.Context, t Table) document.Table {
	var g document.Table
	for _, c := range t.Columns {
		col := document.Column{Title: i18n.T(ctx, "report.annex."+c), Width: 2, Align: document.Right}
		if !numeric(c) {
			col.Width, col.Align = 7, document.Left
		}
		g.Columns = append(g.Columns, col)
	}
	for _, r := range t.Rows {
		row := document.Row{}
		for _, c := range r {
			row.Cells = append(row.Cells, c.Text)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// XLSX writes the annex as a workbook: the figures first, then a sheet a table.
func (d Draft) XLSX(ctx context.Context, out io.Writer) error {
	ctx = i18n.WithLang(ctx, i18n.Vi)
	figures := document.SheetOut{Name: i18n.T(ctx, "report.sheet.figures"), Columns: []document.SheetColumn{
		{Title: i18n.T(ctx, "report.col.figure"), Width: 44}, {Title: i18n.T(ctx, "report.col.unit")},
		{Title: i18n.T(ctx, "report.col.numerator"), Kind: document.WholeCell}, {Title: i18n.T(ctx, "report.col.denominator"), Kind: document.WholeCell},
		{Title: i18n.T(ctx, "report.col.value"), Kind: document.NumberCell},
	}}
	var rows [][]string
	for _, f := range d.Annex.Figures {
		rows = append(rows, []string{i18n.T(ctx, "indicator."+f.Code), i18n.T(ctx, "indicator.unit."+f.Unit),
			strconv.FormatInt(f.Numerator, 10), strconv.FormatInt(f.Denominator, 10), f.Value})
	}
	figures.Next = document.RowsOf(rows)
	sheets := []document.SheetOut{figures}
	for _, t := range d.Annex.Tables {
		sheets = append(sheets, sheet(ctx, t))
	}
	return document.WriteXLSX(out, sheets...)
}

func sheet(ctx context.Context, t Table) document.SheetOut {
	s := document.SheetOut{Name: i18n.T(ctx, "report.sheet."+t.Key)}
	for _, c := range t.Columns {
		col := document.SheetColumn{Title: i18n.T(ctx, "report.annex."+c), Kind: document.NumberCell, Width: 16}
		if !numeric(c) {
			col.Kind, col.Width = document.TextCell, 48
		}
		s.Columns = append(s.Columns, col)
	}
	var rows [][]string
	for _, r := range t.Rows {
		var row []string
		for i, c := range r {
			if numeric(t.Columns[i]) {
				row = append(row, c.Number)
			} else {
				row = append(row, c.Text)
			}
		}
		rows = append(rows, row)
	}
	s.Next = document.RowsOf(rows)
	return s
}
