package directory

import (
	"context"
	"io"
	"strconv"

	"cchc/internal/document"
	"cchc/internal/i18n"
	"cchc/internal/org"
)

// Record is the minutes of a hand-over (biên bản bàn giao) as a document, in the layout
// of Decree 30/2020/ND-CP: who ended, who takes over, and every piece of open work.
type Record struct {
	Minutes org.Minutes
	Pairs   []pair
	Items   []org.Item
	Names   map[string]string
}

// Write writes the document as .docx. It is Vietnamese, whatever the reader's language.
func (r Record) Write(ctx context.Context, out io.Writer) error {
	ctx = i18n.WithLang(ctx, i18n.Vi)
	t := func(key string, args ...any) string { return i18n.T(ctx, "directory.docx."+key, args...) }
	m := r.Minutes
	blocks := []document.Block{
		document.Letterhead{Issuer: t("issuer"), Symbol: document.Symbol("minutes"), Place: t("place"), Day: m.SignedDay},
		document.Title{Type: document.KindName("minutes"), About: t("about", "change", i18n.T(ctx, "org.change."+string(m.Change)))},
	}
	if m.LegalBasis != "" {
		blocks = append(blocks, document.Bases{t("basis", "basis", m.LegalBasis)})
	}
	blocks = append(blocks,
		document.Text(t("opening", "number", m.Number, "signed", i18n.Day(ctx, m.SignedDay), "day", i18n.Day(ctx, m.Day))),
		document.Heading{Rank: document.Roman, Text: t("parties")},
		document.Text(t("giver", "name", m.GiverSigner)),
		document.Text(t("taker", "name", m.TakerSigner)),
		document.Heading{Rank: document.Roman, Text: t("agencies")},
		r.pairTable(ctx, t),
		document.Heading{Rank: document.Roman, Text: t("work", "n", i18n.Number(ctx, int64(len(r.Items))))},
	)
	if len(r.Items) == 0 {
		blocks = append(blocks, document.Text(t("work_none")))
	} else {
		blocks = append(blocks, r.itemTable(ctx, t))
	}
	blocks = append(blocks,
		document.Text(t("closing")),
		document.Text(t("signers")),
		document.Table{
			Columns: []document.Column{{Title: t("sign_giver"), Width: 1, Align: document.Center}, {Title: t("sign_taker"), Width: 1, Align: document.Center}},
			Rows:    []document.Row{{Cells: []string{m.GiverSigner, m.TakerSigner}}},
		})
	return document.Docx(out, document.Document{Title: t("file_title", "number", m.Number), Blocks: blocks})
}

func (r Record) pairTable(ctx context.Context, t func(string, ...any) string) document.Table {
	tab := document.Table{Columns: []document.Column{
		{Title: t("col_ends"), Width: 3, Align: document.Left},
		{Title: t("col_successor"), Width: 3, Align: document.Left},
		{Title: t("col_field"), Width: 2, Align: document.Left},
	}}
	for _, p := range r.Pairs {
		field := p.Field
		switch key := "directory.field." + field; {
		case field == "":
			field = t("all_fields")
		case i18n.Has(key):
			field = i18n.T(ctx, key)
		}
		tab.Rows = append(tab.Rows, document.Row{Cells: []string{p.From, p.To, field}})
	}
	return tab
}

func (r Record) itemTable(ctx context.Context, t func(string, ...any) string) document.Table {
	tab := document.Table{Columns: []document.Column{
		{Title: t("col_n"), Width: 1, Align: document.Center},
		{Title: t("col_code"), Width: 2, Align: document.Left},
		{Title: t("col_title"), Width: 5, Align: document.Left},
		{Title: t("col_due"), Width: 2, Align: document.Center},
		{Title: t("col_from"), Width: 3, Align: document.Left},
		{Title: t("col_to"), Width: 3, Align: document.Left},
	}}
	for i, it := range r.Items {
		due := ""
		if it.DueDay != "" {
			due = i18n.Day(ctx, it.DueDay)
		}
		tab.Rows = append(tab.Rows, document.Row{Cells: []string{strconv.Itoa(i + 1), it.Code, it.Title, due, r.Names[it.From], r.Names[it.To]}})
	}
	return tab
}
