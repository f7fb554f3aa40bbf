package directive

import (
	"context"
	"io"
	"strconv"
	"strings"

	"cchc/internal/document"
	"cchc/internal/i18n"
	"cchc/internal/text"
)

// Docx writes a directive as a notice of conclusions (thông báo) in the layout of Decree
// 30/2020/ND-CP, with its items as an appendix. It is Vietnamese, whatever the reader's
// language.
func (s *Service) Docx(ctx context.Context, v View, out io.Writer) error {
	return document.Docx(out, v.notice(i18n.WithLang(ctx, i18n.Vi)))
}

func (v View) notice(ctx context.Context) document.Document {
	t := func(key string, args ...any) string { return i18n.T(ctx, "directive.docx."+key, args...) }
	issuer := v.Names[v.Issuer]
	number, symbol, _ := strings.Cut(v.Number, "/")
	n, err := strconv.Atoi(number)
	if err != nil {
		n, symbol = 0, document.Symbol("notice", "UBND", "NC")
	}
	day := v.IssuedDay
	if day == "" {
		day = v.Day[:4]
	}
	blocks := []document.Block{
		document.Letterhead{Issuer: strings.ToUpper(t("issuer", "name", strings.TrimPrefix(issuer, "UBND "))), Number: n, Symbol: symbol, Place: text.Place(issuer), Day: day},
		document.Title{Type: document.KindName("notice"), About: v.Title},
	}
	for line := range strings.SplitSeq(v.Text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			blocks = append(blocks, document.Text(line))
		}
	}
	blocks = append(blocks, document.Text(t("items", "n", i18n.Number(ctx, int64(len(v.List))))), document.Recipients{t("to_agencies"), t("to_file")},
		document.Signature{Authority: []string{t("on_behalf")}, Title: t("chairman"), Name: v.Signer}, document.Annex{Title: t("annex")}, v.grid(ctx))
	return document.Document{Title: v.Title, Blocks: blocks}
}

func (v View) grid(ctx context.Context) document.Table {
	t := document.Table{Columns: []document.Column{
		{Title: i18n.T(ctx, "directive.docx.n"), Width: 1, Align: document.Center}, {Title: i18n.T(ctx, "directive.col.item"), Width: 7, Align: document.Left},
		{Title: i18n.T(ctx, "directive.col.product"), Width: 4, Align: document.Left}, {Title: i18n.T(ctx, "directive.col.lead"), Width: 4, Align: document.Left},
		{Title: i18n.T(ctx, "directive.col.due"), Width: 3, Align: document.Center}}}
	for _, i := range v.List {
		lead := i.LeadName
		for _, h := range i.Helpers {
			lead += "; " + i18n.T(ctx, "directive.docx.helps", "agency", v.Names[h])
		}
		due := ""
		if i.Due != "" {
			due = i18n.Day(ctx, i.Due)
		}
		t.Rows = append(t.Rows, document.Row{Cells: []string{strconv.Itoa(i.No), i.Text, i.Product, lead, due}})
	}
	return t
}
