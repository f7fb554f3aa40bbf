package quality

import (
	"context"
	"io"
	"net/http"
	"strings"

	"cchc/internal/document"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/text"
	"cchc/internal/ui"
)

// formCell is one cell of form II.06a: its column, how many, and the figure that opens
// it; "" for sums, whose parts open.
type formCell struct {
	key, figure string
	n           int64
}

// cells lists the form from left to right, in the order of the annex.
func (f Form) cells() []formCell {
	return []formCell{{"received", "", f.Received}, {"online", "dossier.form_online", f.Online}, {"offline", "dossier.form_offline", f.Offline}, {"carried", "dossier.form_carried", f.Carried},
		{"solved", "", f.Solved}, {"early", "dossier.form_early", f.Early}, {"on_time", "dossier.form_on_time", f.OnTime}, {"late", "dossier.form_late", f.Late},
		{"in_process", "", f.InProcess}, {"in_time", "dossier.form_in_time", f.InTime}, {"overdue", "dossier.form_overdue", f.Overdue}}
}

func (h *web) form(w http.ResponseWriter, r *http.Request) error {
	q, err := h.question(r)
	if err != nil {
		return err
	}
	f, err := h.s.Form(r.Context(), q.agency, q.period)
	if err != nil {
		return err
	}
	if as := ui.Sheet(r); as != "" {
		return ui.SendTable(w, r, "bieu-II-06a-"+q.period, as, formTable(r.Context(), f))
	}
	title := i18n.T(r.Context(), "quality.form.title")
	return show(w, r, title, 0, formPage(q, f, title), ui.Crumb{Text: title})
}

func formTable(ctx context.Context, f Form) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "quality.form.caption", "agency", f.Agency.Name, "period", periodName(ctx, f.Period.Code)), AsFile: true,
		Columns: []ui.Column{{Head: i18n.T(ctx, "quality.form.part")}, {Head: i18n.T(ctx, "quality.form.number"), Numeric: true}}}
	for _, c := range f.cells() {
		if c.figure == "" {
			t.Rows = append(t.Rows, ui.Row{Group: i18n.T(ctx, "quality.form."+c.key+"_group")},
				ui.Row{Cells: []ui.Cell{ui.Txt(i18n.T(ctx, "quality.form."+c.key)), ui.Txt(i18n.Number(ctx, c.n))}})
			continue
		}
		number := ui.Cell{Text: i18n.Number(ctx, c.n), URL: figureURL(ctx, c.figure, f.Agency.ID, f.Period)}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.T(ctx, "quality.form."+c.key)), number}})
	}
	return t
}

func (h *web) formDocx(w http.ResponseWriter, r *http.Request) error {
	q, err := h.question(r)
	if err != nil {
		return err
	}
	f, err := h.s.Form(r.Context(), q.agency, q.period)
	if err != nil {
		return err
	}
	out := w.Header()
	out.Set("Cache-Control", "private, no-store")
	out.Set("Content-Disposition", file.Disposition(file.SafeName("bieu-II-06a-"+q.period+".docx")))
	out.Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	return f.docx(r.Context(), w)
}

// docx writes the form in the layout of Decree 30/2020/ND-CP, in Vietnamese whatever the
// reader's language: one row, the eleven numbers of the annex.
func (f Form) docx(ctx context.Context, out io.Writer) error {
	ctx = i18n.WithLang(ctx, i18n.Vi)
	title := i18n.T(ctx, "quality.form.title")
	t := document.Table{}
	row := document.Row{}
	for _, c := range f.cells() {
		t.Columns = append(t.Columns, document.Column{Title: i18n.T(ctx, "quality.form.docx."+c.key), Width: 1, Align: document.Center})
		row.Cells = append(row.Cells, i18n.Number(ctx, c.n))
	}
	t.Rows = []document.Row{row}
	return document.Docx(out, document.Document{Title: title, Blocks: []document.Block{
		document.Letterhead{Issuer: strings.ToUpper(f.Agency.Name), Symbol: document.Symbol("report"), Place: text.Place(f.Agency.Name), Day: f.Period.ToDay[:4]},
		document.Title{Type: document.KindName("report"), About: i18n.T(ctx, "quality.form.about")},
		document.Text(i18n.T(ctx, "quality.form.of_period", "period", periodName(ctx, f.Period.Code), "from", f.Period.FromDay, "to", f.Period.ToDay)),
		document.Text(i18n.T(ctx, "quality.form.note")),
		document.Recipients{i18n.T(ctx, "quality.form.to_file")},
		document.Signature{Title: i18n.T(ctx, "quality.form.signer")},
		document.Annex{Title: i18n.T(ctx, "quality.form.annex"), Landscape: true}, t}})
}
