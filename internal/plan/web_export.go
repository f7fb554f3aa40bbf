package plan

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// export writes the board as it is shown, as CSV or XLSX; whole=yes writes the plan as
// a file that imports again. Package document guards every cell against formulas.
func (h *pages) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	kind := strings.TrimPrefix(r.PathValue("part"), "export.")
	if r.URL.Query().Get("whole") == "yes" {
		p, err := h.plan.Plan(ctx, r.PathValue("id"))
		if err != nil {
			return err
		}
		rows, err := h.plan.Export(ctx, p.ID)
		if err != nil {
			return err
		}
		if kind == "docx" {
			wordHead(w, p.Code)
			return h.plan.WriteDocx(ctx, p.ID, rows, w)
		}
		out := document.SheetOut{Name: p.Code, Next: document.RowsOf(rows[1:])}
		for _, head := range rows[0] {
			out.Columns = append(out.Columns, document.SheetColumn{Title: head, Width: 24})
		}
		return send(w, p.Code, kind, out)
	}
	if kind == "docx" { // a document is the plan, not a view of its board
		return errs.New(errs.NotFound, "plan.plan_unknown")
	}
	v, err := h.readBoard(r)
	if err != nil {
		return err
	}
	return send(w, v.Plan.Code+"-"+v.Day, kind, boardSheet(ctx, v.Board))
}

// send writes a table as a file for downloading.
func send(w http.ResponseWriter, name, kind string, out document.SheetOut) error {
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition(file.SafeName(name+"."+kind)))
	if kind == "csv" {
		head.Set("Content-Type", "text/csv; charset=utf-8")
		return document.WriteCSV(w, out)
	}
	head.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return document.WriteXLSX(w, out)
}

// wordHead says that a Word document follows.
func wordHead(w http.ResponseWriter, name string) {
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition(file.SafeName(name+".docx")))
	head.Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
}

// boardSheet is the board as a table of a file.
func boardSheet(ctx context.Context, b Board) document.SheetOut {
	column := func(key string, kind document.CellKind, width float64) document.SheetColumn {
		return document.SheetColumn{Title: i18n.T(ctx, "planweb.col."+key), Kind: kind, Width: width}
	}
	out := document.SheetOut{Name: b.Plan.Code, Columns: []document.SheetColumn{
		column("code", "", 10), column("area", "", 24), column("task", "", 60), column("product", "", 40), column("lead", "", 30),
		column("deadline_text", "", 24), column("due", document.DayCell, 12), column("original", document.DayCell, 12), column("done", document.DayCell, 12),
		column("progress", document.WholeCell, 10), column("agencies_done", document.WholeCell, 12), column("agencies", document.WholeCell, 12), column("state", "", 24)}}
	rows := make([][]string, 0, len(b.Rows))
	for _, r := range b.Rows {
		f := r.Facts
		rows = append(rows, []string{r.Task.Code, areaName(b.Areas, f.Area), r.Task.Content, r.Task.Product, leadWords(ctx, r), r.Task.DeadlineText,
			openDay(f.DueDay), openDay(f.OriginalDay), openDay(f.DoneDay), strconv.Itoa(r.Progress), strconv.FormatInt(f.DoneCount, 10),
			strconv.FormatInt(f.Agencies, 10), lookOfTask(ctx, r, b.Day).Word})
	}
	out.Next = document.RowsOf(rows)
	return out
}

// openDay leaves a day that has not come empty.
func openDay(day string) string {
	if day == NoDay {
		return ""
	}
	return day
}

// boardMenu is what else may be done on the board.
func boardMenu(ctx context.Context, v boardView) []ui.Link {
	list := []ui.Link{
		{Text: i18n.T(ctx, "planweb.export.csv"), URL: v.export("csv")},
		{Text: i18n.T(ctx, "planweb.export.xlsx"), URL: v.export("xlsx")},
	}
	if v.Drafts {
		list = append(list, ui.Link{Text: i18n.T(ctx, "planweb.export.whole"), URL: v.path() + "/export.xlsx?whole=yes"},
			ui.Link{Text: i18n.T(ctx, "planimport.export_docx"), URL: v.path() + "/export.docx?whole=yes"})
	}
	if v.Drafts && v.Plan.Kind == Annual {
		list = append(list, ui.Link{Text: i18n.T(ctx, "planyear.clone"), URL: "/plan/clone/" + v.Plan.ID})
	}
	switch {
	case v.Plan.State == Closed:
		list = append(list, ui.Link{Text: i18n.T(ctx, "planyear.closed"), URL: v.path() + "/closing"})
	case v.Offers.Close:
		list = append(list, ui.Link{Text: i18n.T(ctx, "planyear.close"), URL: v.path() + "/closing"})
	}
	list = append(list, ui.Link{Text: i18n.T(ctx, "planweb.targets.title"), URL: v.path() + "/targets"},
		ui.Link{Text: i18n.T(ctx, "planamend.versions"), URL: v.path() + "/versions"},
		ui.Link{Text: i18n.T(ctx, "planweb.public.see"), URL: urlOf("/plan/public", "year", strconv.Itoa(v.Plan.Year))},
		ui.Link{Text: i18n.T(ctx, "planweb.all.title"), URL: "/plan/all"})
	if v.Drafts {
		list = append(list, ui.Link{Text: i18n.T(ctx, "planweb.import.start"), URL: "/plan/import"})
	}
	return list
}

func plansTable(ctx context.Context, plans []Plan) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.all.title"), AsFile: true, HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.year")},
		{Head: i18n.T(ctx, "planweb.col.plan")}, {Head: i18n.T(ctx, "planweb.col.number")}, {Head: i18n.T(ctx, "planweb.col.issued")}, {Head: i18n.T(ctx, "planweb.col.state")}}}
	for _, p := range plans {
		year := strconv.Itoa(p.Year)
		if p.YearTo != p.Year {
			year += "–" + strconv.Itoa(p.YearTo)
		}
		issued := ""
		if p.IssuedDay != "" {
			issued = i18n.Day(ctx, p.IssuedDay)
		}
		name := ui.Go(p.Title, "/plan/"+p.ID)
		if p.Sample {
			name.Sub = i18n.T(ctx, "planweb.sample")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(year), name, ui.Txt(p.Number), ui.Txt(issued), ui.In(statePlan(p.State))}})
	}
	return t
}
