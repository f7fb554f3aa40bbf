package plan

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// importView is the form that takes a plan file, and what was read of it.
type importView struct {
	Form     *ui.Form
	Agencies []ui.Choice
	Issuers  []ui.Choice
	Issuer   string
	Office   string
	Year     int
	File     string // hash under which the file is kept between the two steps
	Name     string
	Read     *Reading // nil before a file was read
	Names    map[string]string

	Raw     [][]string // the file's rows while a person says which column is what
	Heading int        // number of the heading row among them, from 0
	Picked  []string   // field of each column; nil: by the words of the heading
	Own     bool       // the plan of the reader's agency, not of the province
}

// mountDrafts opens the way of a plan from a file to its issue.
func (h *pages) mountDrafts(rt *ui.Router) {
	rt.Handle("GET /plan/import", RightDraft, h.importForm)
	rt.Handle("POST /plan/import", RightDraft, h.importRead, ui.MaxBytes(maxUpload))
	rt.Handle("GET /plan/drafts/{id}", RightView, h.draft)
	rt.Handle("POST /plan/drafts/{id}/move", RightDraft, h.moveDraft)
	rt.Handle("GET /plan/drafts/{id}/issue", RightIssue, h.issueForm)
	rt.Handle("POST /plan/drafts/{id}/issue", RightIssue, h.issue)
	rt.Handle("POST /plan/doubts/{id}", RightDraft, h.settle)
	rt.Handle("GET /plan/tasks/{id}/edit", RightDraft, h.taskForm)
	rt.Handle("POST /plan/tasks/{id}/edit", RightDraft, h.saveTask)
	rt.Handle("GET /plan/tasks/{id}/cancel", RightIssue, h.cancelForm)
	rt.Handle("POST /plan/tasks/{id}/cancel", RightIssue, h.cancel)
}

func (h *pages) importForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.importView(r.Context(), ui.NewForm())
	if err != nil {
		return err
	}
	return h.renderImport(w, r, v, http.StatusOK)
}

func (h *pages) renderImport(w http.ResponseWriter, r *http.Request, v importView, status int) error {
	ctx := r.Context()
	page := deskPage(i18n.T(ctx, "planweb.import.title"), ui.Crumb{Text: i18n.T(ctx, "planweb.all.title"), URL: "/plan/all"})
	page.Status = status
	return ui.Render(w, r, page, importPage(v))
}

// importView proposes the usual agencies: the province issues, its office accepts what
// the secretariat leads.
func (h *pages) importView(ctx context.Context, f *ui.Form) (importView, error) {
	now := h.plan.clock()
	v := importView{Form: f, Year: now.In(clock.Vietnam).Year() + 1, Names: map[string]string{}, Own: true}
	list, err := h.plan.AgenciesOn(ctx, clock.Day(now))
	if err != nil {
		return v, err
	}
	own := identity.From(ctx).AgencyID
	for _, a := range list {
		v.Names[a.ID] = a.Name
		one := ui.Choice{Value: a.ID, Text: a.Name}
		if a.Kind == org.Department && a.ID != own {
			v.Agencies = append(v.Agencies, one)
		}
		if a.Kind != org.Province && a.ID != own {
			continue
		}
		mine, err := h.plan.MayDraft(ctx, a.ID)
		if err != nil {
			return v, err
		}
		if mine {
			v.Issuers = append(v.Issuers, one)
		}
		if mine && (a.Kind == org.Province || v.Issuer == "") {
			v.Issuer, v.Own = a.ID, a.Kind != org.Province
		}
	}
	return v, nil
}

// importRead answers both steps: a new file is read and shown with its doubts; a file
// that was shown becomes a draft.
func (h *pages) importRead(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.importView(ctx, f)
	if err != nil {
		return err
	}
	v.Year, v.File, v.Name = int(f.Int("year")), f.Text("sha"), f.Text("name")
	if err = f.Err(); err == nil {
		err = h.upload(r, &v)
	}
	var rows [][]string
	if err == nil {
		rows, err = h.rows(v)
	}
	if err == nil {
		rows, err = v.columns(f, rows)
	}
	if err == nil && v.Raw != nil {
		return h.renderImport(w, r, v, f.Status())
	}
	if err == nil && f.Text("step") == "keep" {
		actor := identity.From(ctx)
		p, _, fault := h.plan.ImportPlan(ctx, Import{Code: f.Text("code"), Title: f.Text("title"), Year: v.Year, Issuer: f.Text("issuer"), Secretariat: actor.AgencyID,
			Office: f.Text("office"), Source: v.Name, Sample: f.Bool("sample"), Rows: rows})
		if fault == nil {
			ui.Flash(w, r, "planweb.did.import")
			return ui.Back(w, r, "/plan/drafts/"+p.ID)
		}
		err = fault
	}
	if rows != nil {
		read, fault := h.plan.PreviewImport(ctx, rows, v.Year)
		switch {
		case fault == nil:
			v.Read = &read
		case errs.CodeOf(fault) == "plan.import_no_columns" && err == nil && v.Picked == nil && len(rows[0]) > 1:
			v.ask(rows, 0) // nobody named the columns: a person does
			return h.renderImport(w, r, v, http.StatusOK)
		case err == nil && v.Picked != nil:
			err = onField("heading", fault)
			v.ask(rows, 0)
		case err == nil:
			err = onField("file", fault)
		}
	}
	if err != nil && !f.Keep(err) {
		return err
	}
	return h.renderImport(w, r, v, f.Status())
}

// upload keeps a new file; without one the file of the step before stays.
func (h *pages) upload(r *http.Request, v *importView) error {
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) == 0 {
		if v.File == "" {
			return errs.OnField("file", "planweb.file_missing")
		}
		return nil
	}
	head := r.MultipartForm.File["file"][0]
	in, err := head.Open()
	if err != nil {
		return ui.BadForm(err)
	}
	defer in.Close()
	// Read it as a plan first: its refusals say more about a table than those of a store.
	if _, err := ReadFile(in, head.Size, head.Filename); err != nil && errs.CodeOf(err) != "plan.import_no_columns" {
		return onField("file", err)
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	blob, err := h.files.Save(r.Context(), in, head.Filename, document.SheetLimits.Bytes)
	if err != nil {
		return onField("file", err)
	}
	v.File, v.Name = blob.SHA256, blob.Name
	return nil
}

// rows reads the kept file. Its hash names it: nobody knows it who did not have the file.
func (h *pages) rows(v importView) ([][]string, error) {
	in, err := h.files.Open(v.File)
	if err != nil {
		return nil, errs.OnField("file", "planweb.file_missing")
	}
	defer in.Close()
	size, err := in.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	rows, err := ReadFile(readerAt{in}, size, v.Name)
	return rows, onField("file", err)
}

// rowTable is what was read of the file, row by row.
func (v importView) rowTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.import.rows"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.code")},
		{Head: i18n.T(ctx, "planweb.col.task")}, {Head: i18n.T(ctx, "planweb.col.lead")}, {Head: i18n.T(ctx, "planweb.col.deadline_text")},
		{Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.kind")}, {Head: i18n.T(ctx, "planweb.col.doubts"), Numeric: true}}}
	doubts := map[string]int{}
	for _, d := range v.Read.Doubts {
		doubts[d.Task]++
	}
	for _, task := range v.Read.Draft {
		n := ""
		if doubts[task.Code] > 0 {
			n = strconv.Itoa(doubts[task.Code])
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: task.Code, Code: true, Mute: true}, {Text: task.Content, Sub: task.Product}, ui.Txt(task.LeadText),
			ui.Txt(task.DeadlineText), ui.Txt(i18n.Day(ctx, task.DueDay)), ui.Txt(i18n.T(ctx, "planweb.kind."+string(task.Kind))), ui.Txt(n)}})
	}
	return t
}

// doubtTable lists the doubts before anything is kept.
func (v importView) doubtTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.col.doubts"), HeadCol: 2, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.row"), Numeric: true},
		{Head: i18n.T(ctx, "planweb.col.code")}, {Head: i18n.T(ctx, "planweb.doubt.why")}, {Head: i18n.T(ctx, "planweb.doubt.text")}, {Head: i18n.T(ctx, "planweb.doubt.proposal")}}}
	for _, d := range v.Read.Doubts {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(strconv.Itoa(d.Row)), {Text: d.Task, Code: true}, ui.Txt(i18n.T(ctx, "planweb.doubt."+d.Code)),
			{Text: d.Text, Mute: true}, ui.Txt(choiceWords(ctx, d.Proposal, v.Names))}})
	}
	return t
}

// choiceWords says what a choice of a doubt means.
func choiceWords(ctx context.Context, choice string, names map[string]string) string {
	verb, value, _ := strings.Cut(choice, ":")
	switch verb + ":" {
	case chooseAgency:
		return names[value]
	case chooseDay:
		return i18n.Day(ctx, value)
	case chooseKind:
		return i18n.T(ctx, "planweb.kind."+value)
	case chooseGroup:
		return i18n.T(ctx, "planweb.group."+value)
	case chooseText:
		return value
	case ":":
		return ""
	}
	if key := "planweb.choice." + choice; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return choice
}

// readerAt reads at a place from what can only seek; one reader at a time.
type readerAt struct{ io.ReadSeeker }

// ReadAt reads from an offset.
func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if _, err := r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r.ReadSeeker, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
