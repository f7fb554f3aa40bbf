package report

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

const (
	listPage    = 30
	countedPage = 100
	shortTable  = 12 // rows that stand on the report's own page; longer tables have theirs
)

// mountPeriod adds the pages of periodic reports.
func (h *web) mountPeriod(rt *ui.Router) {
	rt.Menu(ui.MenuItem{Face: ui.Cockpit, Label: "report.menu.reports", URL: "/reports", Right: "report.view", Order: 60},
		ui.MenuItem{Face: ui.Desk, Group: "ui.menu.measure", Label: "report.menu.reports", URL: "/reports", Icon: "file", Right: "report.view", Order: 60})
	rt.Handle("GET /reports", "report.view", h.reports)
	rt.Handle("POST /reports", "report.draft", h.createReport)
	rt.Handle("GET /reports/{id}", "report.view", h.report1)
	rt.Handle("GET /reports/{id}/docx", "report.view", h.docx)
	rt.Handle("GET /reports/{id}/xlsx", "report.view", h.xlsx)
	rt.Handle("GET /reports/{id}/figures/{code}", "report.view", h.counted)
	rt.Handle("GET /reports/{id}/tables/{key}", "report.view", h.table)
	rt.Handle("GET /reports/{id}/parts/{no}", "report.draft", h.partForm)
	rt.Handle("POST /reports/{id}/parts/{no}", "report.draft", h.partSave)
	for _, act := range reportActs {
		rt.Handle("GET /reports/{id}/"+act.name, act.right, h.reportActForm(act))
		rt.Handle("POST /reports/{id}/"+act.name, act.right, h.reportAct(act))
	}
}

// reportAct is one step of a report: a page that asks, and what its post does.
type reportAct struct {
	name, right string
	do          func(ctx context.Context, s *Service, id string, f *ui.Form) (next string, err error)
}

func stay(err error) (string, error) { return "", err }

var reportActs = []reportAct{
	{"refresh", "report.draft", func(ctx context.Context, s *Service, id string, f *ui.Form) (string, error) {
		return stay(s.Refresh(ctx, id, f.Version()))
	}},
	{"submit", "report.draft", func(ctx context.Context, s *Service, id string, f *ui.Form) (string, error) {
		return stay(s.Submit(ctx, id, f.Version()))
	}},
	{"return", "report.sign", func(ctx context.Context, s *Service, id string, f *ui.Form) (string, error) {
		return stay(s.Return(ctx, id, f.Version(), f.Long("reason")))
	}},
	{"sign", "report.sign", func(ctx context.Context, s *Service, id string, f *ui.Form) (string, error) {
		return stay(s.Sign(ctx, id, f.Version(), f.Text("number"), f.Text("signer")))
	}},
	{"revise", "report.draft", func(ctx context.Context, s *Service, id string, f *ui.Form) (string, error) {
		r, err := s.Revise(ctx, id, f.Version())
		return r.ID, err
	}},
}

func (h *web) show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: face(r), Active: "/reports", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "report.menu.reports"), URL: "/reports"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

func (h *web) reports(w http.ResponseWriter, r *http.Request) error {
	return h.showReports(w, r, ui.NewForm("year", strconv.Itoa(h.report.Clock().Year())), 0)
}

func (h *web) showReports(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	ctx := r.Context()
	after, _ := ui.ReadCursor(r.URL.Query().Get("after"), 2)
	list, err := h.report.Reports(ctx, after, listPage+1)
	if err != nil {
		return err
	}
	cuts, err := h.report.Cutoffs(ctx)
	if err != nil {
		return err
	}
	v := reportList{Rows: list, Cutoffs: cuts, May: mayDraft(ctx)}
	if len(list) > listPage {
		v.Rows = list[:listPage]
		last := v.Rows[listPage-1]
		v.Next = "/reports?after=" + ui.Cursor(last.ToDay, last.ID)
	}
	return h.show(w, r, i18n.T(ctx, "report.menu.reports"), status, reportsPage(v, f))
}

func (h *web) createReport(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	year := f.Int("year")
	made := Report{}
	if err = f.Err(); err == nil {
		made, err = h.report.Create(r.Context(), f.Text("code"), int(year))
	}
	if f.Keep(err) {
		return h.showReports(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "report.created")
	return ui.Back(w, r, "/reports/"+made.ID)
}

func (h *web) report1(w http.ResponseWriter, r *http.Request) error {
	d, err := h.report.Report(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := reportTitle(r.Context(), d.Report)
	return h.show(w, r, title, 0, reportPage(d), ui.Crumb{Text: title})
}

func (h *web) table(w http.ResponseWriter, r *http.Request) error {
	d, err := h.report.Report(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	for _, t := range d.Annex.Tables {
		if t.Key == r.PathValue("key") {
			title := i18n.T(r.Context(), "report.table."+t.Key)
			return h.show(w, r, title, 0, tablePage(d, t), ui.Crumb{Text: reportTitle(r.Context(), d.Report), URL: "/reports/" + d.ID}, ui.Crumb{Text: title})
		}
	}
	return errs.New(errs.NotFound, "report.unknown")
}

func (h *web) partForm(w http.ResponseWriter, r *http.Request) error {
	return h.showPart(w, r, ui.NewForm(), 0)
}

func (h *web) showPart(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	d, err := h.report.Report(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	no, _ := strconv.Atoi(r.PathValue("no"))
	if no < 1 || no > len(d.Parts) {
		return errs.New(errs.NotFound, "report.unknown")
	}
	p := d.Parts[no-1]
	title := i18n.T(r.Context(), "report.part."+p.Code)
	return h.show(w, r, title, status, partPage(d, p, f), ui.Crumb{Text: reportTitle(r.Context(), d.Report), URL: "/reports/" + d.ID}, ui.Crumb{Text: title})
}

func (h *web) partSave(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	no, _ := strconv.Atoi(r.PathValue("no"))
	id := r.PathValue("id")
	if err := h.report.Write(r.Context(), id, f.Version(), no, f.Long("text")); f.Keep(err) {
		return h.showPart(w, r, f, f.StatusFor(err))
	} else if err != nil {
		return err
	}
	ui.Flash(w, r, "report.saved")
	return ui.Back(w, r, "/reports/"+id)
}

func (h *web) reportActForm(a reportAct) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return h.showReportAct(w, r, a, ui.NewForm(), 0) }
}

func (h *web) showReportAct(w http.ResponseWriter, r *http.Request, a reportAct, f *ui.Form, status int) error {
	d, err := h.report.Report(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "report.act."+a.name)
	return h.show(w, r, title, status, reportActPage(d, a.name, f), ui.Crumb{Text: reportTitle(r.Context(), d.Report), URL: "/reports/" + d.ID}, ui.Crumb{Text: title})
}

func (h *web) reportAct(a reportAct) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := ui.ReadForm(r)
		if err != nil {
			return err
		}
		id := r.PathValue("id")
		next, err := a.do(r.Context(), h.report, id, f)
		if f.Keep(err) {
			return h.showReportAct(w, r, a, f, f.StatusFor(err))
		}
		if err != nil {
			return err
		}
		if next == "" {
			next = id
		}
		ui.Flash(w, r, "report.done."+a.name)
		return ui.Back(w, r, "/reports/"+next)
	}
}

func (h *web) counted(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	after := 0
	if values, ok := ui.ReadCursor(r.URL.Query().Get("after"), 1); ok && len(values) == 1 {
		after, _ = strconv.Atoi(values[0])
	}
	rep, fig, list, err := h.report.CountedBy(ctx, r.PathValue("id"), r.PathValue("code"), after, countedPage+1)
	if err != nil {
		return err
	}
	v := countedView{Report: rep, Figure: fig, Rows: list}
	if len(list) > countedPage {
		v.Rows = list[:countedPage]
		v.Next = "/reports/" + rep.ID + "/figures/" + fig.Code + "?after=" + ui.Cursor(strconv.Itoa(after+countedPage))
	}
	title := i18n.T(ctx, "indicator."+fig.Code)
	return h.show(w, r, title, 0, countedPageOf(v), ui.Crumb{Text: reportTitle(ctx, rep), URL: "/reports/" + rep.ID}, ui.Crumb{Text: title})
}

func (h *web) docx(w http.ResponseWriter, r *http.Request) error {
	d, err := h.report.Report(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition(file.SafeName(fileName(d.Report)+".docx")))
	head.Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	return h.report.Docx(r.Context(), d, w)
}

func (h *web) xlsx(w http.ResponseWriter, r *http.Request) error {
	d, err := h.report.Report(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition(file.SafeName(fileName(d.Report)+".xlsx")))
	head.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return d.XLSX(r.Context(), w)
}

func fileName(r Report) string {
	return "bao-cao-cchc-" + r.Code + "-" + strconv.Itoa(r.Year) + "-" + strconv.Itoa(r.Revision)
}
