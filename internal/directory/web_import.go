package directory

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// uploadMost leaves room around the largest file for the form itself; commitMost is a
// form that carries what a preview read, or many choices.
const (
	uploadMost = org.MaxFile + 1<<20
	commitMost = 12 << 20
)

type importView struct {
	Form   *ui.Form
	Report *org.Report
	Rows   string // what the preview read, for the commit
	Faults []*errs.Error
	New    int
}

func (h *web) importForm(w http.ResponseWriter, r *http.Request) error {
	return h.showImport(w, r, importView{Form: ui.NewForm()}, 0)
}

func (h *web) showImport(w http.ResponseWriter, r *http.Request, v importView, st int) error {
	return show(w, r, "/agencies", i18n.T(r.Context(), "directory.import.title"), st, importPage(v))
}

// importPreview reads the file and says what it would do. The rows travel on in the
// form: a preview keeps nothing on the server, and the commit checks everything again.
func (h *web) importPreview(w http.ResponseWriter, r *http.Request) error {
	v := importView{Form: ui.NewForm()}
	f, err := ui.ReadForm(r)
	if err != nil {
		err = tooLarge(err)
		if errs.CodeOf(err) == "org.file_too_large" && v.Form.Keep(err) {
			return h.showImport(w, r, v, http.StatusRequestEntityTooLarge)
		}
		return err
	}
	v.Form = f
	rows, err := readUpload(r)
	if err == nil {
		var rep org.Report
		if rep, err = h.dir.PreviewImport(r.Context(), rows); err == nil {
			v.Report, v.Faults = &rep, rep.Faults
		}
	}
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		st := f.Status()
		if errs.KindOf(err) == errs.TooLarge {
			st = http.StatusRequestEntityTooLarge
		}
		return h.showImport(w, r, v, st)
	}
	for _, row := range v.Report.Rows {
		if row.State == "new" {
			v.New++
		}
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	v.Rows = string(raw)
	st := 0
	if len(v.Faults) > 0 {
		st = http.StatusUnprocessableEntity
	}
	return h.showImport(w, r, v, st)
}

// tooLarge says of a body over the route's limit what org says of a file over its own.
func tooLarge(err error) error {
	var most *http.MaxBytesError
	if errors.As(err, &most) || errs.KindOf(err) == errs.TooLarge {
		return errs.OnField("file", "org.file_too_large", "megabytes", org.MaxFile>>20)
	}
	return err
}

func readUpload(r *http.Request) (rows []org.Row, err error) {
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, errs.OnField("file", "directory.file_missing")
	}
	if err != nil {
		return nil, ui.BadForm(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	rows, err = org.ReadFile(io.Reader(file))
	return rows, onFile(err)
}

// onFile ties a refusal of the whole file to its field, so that the summary leads there.
func onFile(err error) error {
	for _, e := range errs.All(err) {
		if e.Field == "" {
			e.Field = "file"
		}
	}
	return err
}

func (h *web) importCommit(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v := importView{Form: f}
	var rows []org.Row
	if err := json.Unmarshal([]byte(f.Raw("rows")), &rows); err != nil {
		err := errs.OnField("file", "directory.file_missing")
		f.Keep(err)
		return h.showImport(w, r, v, f.Status())
	}
	rep, err := h.dir.Import(r.Context(), rows)
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		return h.showImport(w, r, v, status(f, err))
	}
	n := 0
	for _, row := range rep.Rows {
		if row.State == "new" {
			n++
		}
	}
	ui.Flash(w, r, "directory.done.import", "n", n)
	return ui.Back(w, r, "/agencies")
}

// importShown is how many rows a preview lists.
const importShown = 300

func importTable(ctx context.Context, v importView) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.import.caption"), HeadCol: 2,
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "directory.import.row"), Numeric: true},
			{Head: i18n.T(ctx, "directory.col.code")},
			{Head: i18n.T(ctx, "directory.col.name")},
			{Head: i18n.T(ctx, "directory.col.kind")},
			{Head: i18n.T(ctx, "directory.import.what")},
		},
	}
	for i, row := range v.Report.Rows {
		if i == importShown {
			break
		}
		tone := ui.Neutral
		if row.State == "new" {
			tone = ui.OK
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Txt(number(row.Row)), {Text: row.Code, Code: true}, ui.Txt(row.Name), {Text: kindName(ctx, row.Kind), Mute: true},
			ui.In(ui.State(tone, i18n.T(ctx, "org.import."+row.State))),
		}})
	}
	return t
}

func doubtTable(ctx context.Context, all []org.Doubt) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.import.doubts"), HeadCol: 2,
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "directory.import.row"), Numeric: true},
			{Head: i18n.T(ctx, "directory.import.column")},
			{Head: i18n.T(ctx, "directory.import.text")},
			{Head: i18n.T(ctx, "directory.import.why")},
		},
	}
	for _, d := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Txt(number(d.Row)), ui.Txt(d.Field), ui.Txt(d.Text), ui.In(ui.StateIcon(ui.Soon, "warn", i18n.T(ctx, "org.doubt."+d.Why))),
		}})
	}
	return t
}

// faultLine is a fault of a row with the number of the row before it.
func faultLine(ctx context.Context, e *errs.Error) string {
	if row := e.Args["row"]; row != nil {
		return i18n.T(ctx, "org.import.row", "row", row, "sentence", i18n.Error(ctx, e))
	}
	return i18n.Error(ctx, e)
}
