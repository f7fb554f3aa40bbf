package pages

import (
	"context"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/procedure"
	"cchc/internal/ui"
)

// importView is the form that takes a catalogue file, and what was read of it. Between
// the two steps the file travels in the page, so that nothing half-done is kept.
type importView struct {
	Form       *ui.Form
	Read       *procedure.Reading // nil before a file was read
	Name, Kept string
}

func readKind(v importView) string {
	if v.Read == nil {
		return ui.Primary
	}
	return ui.Plain
}

func (h *web) importForm(w http.ResponseWriter, r *http.Request) error {
	return h.showImport(w, r, importView{Form: ui.NewForm()}, 0)
}

func (h *web) showImport(w http.ResponseWriter, r *http.Request, v importView, status int) error {
	title := i18n.T(r.Context(), "procedure.import")
	return show(w, r, title, status, importPage(v, title), ui.Crumb{Text: title})
}

// importRead answers both steps: a file is read and shown with its doubts; a file that
// was shown becomes drafts.
func (h *web) importRead(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v := importView{Form: f}
	var raw []byte
	keep := f.Text("do") == "keep"
	if keep {
		v.Name = f.Text("name")
		if raw, err = base64.StdEncoding.DecodeString(f.Raw("content")); err != nil {
			err = errs.OnField("file", "procedure.file_missing")
		}
	} else if raw, err = upload(r); err == nil {
		v.Name = r.MultipartForm.File["file"][0].Filename
	}
	var out procedure.Reading
	if err == nil {
		out, err = procedure.ReadFile(raw)
	}
	if err == nil && keep {
		var n procedure.Imported
		if n, err = h.s.Import(ctx, out); err == nil {
			ui.Flash(w, r, "procedure.did.import", "added", strconv.Itoa(n.Added), "amended", strconv.Itoa(n.Amended), "same", strconv.Itoa(n.Same), "skipped", strconv.Itoa(n.Skipped))
			return ui.Back(w, r, "/catalogue")
		}
	}
	if f.Keep(err) {
		return h.showImport(w, r, v, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	out = out.Explained(ctx)
	v.Read, v.Kept = &out, base64.StdEncoding.EncodeToString(raw)
	return h.showImport(w, r, v, 0)
}

func doubtTable(ctx context.Context, r procedure.Reading) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.doubts"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.procedure")}, {Head: i18n.T(ctx, "procedure.col.place")}, {Head: i18n.T(ctx, "procedure.col.why")}}}
	for _, d := range r.Doubts {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(d.Procedure), {Text: d.Field, Mute: true}, ui.Txt(d.Why)}})
	}
	return t
}

// export writes the whole catalogue as a file that imports again.
func (h *web) export(w http.ResponseWriter, r *http.Request) error {
	entries, groups, err := h.s.Export(r.Context())
	if err != nil {
		return err
	}
	kind := r.URL.Path[strings.LastIndexByte(r.URL.Path, '.')+1:]
	head := w.Header()
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition("danh-muc-thu-tuc-"+h.s.Today()+"."+kind))
	if kind == "json" {
		raw, err := procedure.ExportJSON(entries, groups)
		if err != nil {
			return err
		}
		head.Set("Content-Type", "application/json")
		_, err = w.Write(raw)
		return err
	}
	sheets, err := procedure.ExportSheets(entries, groups)
	if err != nil {
		return err
	}
	head.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return document.WriteXLSX(w, sheets...)
}

func same(list []string) (out []ui.Choice) {
	for _, s := range list {
		out = append(out, ui.Choice{Value: s, Text: s})
	}
	return out
}

func filtersOn(ctx context.Context, q procedure.Query) (list []ui.FilterOn) {
	for _, f := range [][3]string{{"q", q.Words, q.Words}, {"field", q.Field, q.Field}, {"level", string(q.Level), i18n.T(ctx, "procedure.level."+orBoth(q.Level))}} {
		if f[1] != "" {
			list = append(list, ui.FilterOn{Text: f[2], OffURL: address(q, "/catalogue", f[0], "")})
		}
	}
	return list
}

func orBoth(l procedure.Level) string {
	if l == "" {
		return string(procedure.LevelBoth)
	}
	return string(l)
}

func groupLine(ctx context.Context, g procedure.Group) string {
	key := "procedure.group_receives"
	if g.Leads {
		key = "procedure.group_leads"
	}
	return i18n.T(ctx, key, "promise", procedure.LimitWords(ctx, g.Promise), "basis", g.Basis)
}

func memberTable(ctx context.Context, g procedure.Group) ui.Table {
	t := ui.Table{Caption: g.Name, HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.member")}, {Head: i18n.T(ctx, "procedure.line.authority")}, {Head: i18n.T(ctx, "procedure.col.limit")}, {Head: i18n.T(ctx, "procedure.col.after")}}}
	for _, m := range g.Members {
		var needs []string
		for _, n := range m.Needs {
			if other, ok := g.Member(n); ok {
				needs = append(needs, other.Name)
			}
		}
		after := i18n.T(ctx, "procedure.first_step")
		switch {
		case len(needs) > 0 && m.Together:
			after = i18n.T(ctx, "procedure.together_with", "names", strings.Join(needs, "; "))
		case len(needs) > 0:
			after = i18n.T(ctx, "procedure.needs_result", "names", strings.Join(needs, "; "))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Go(m.Name, "/catalogue/"+m.Key), {Text: m.Authority, Mute: true}, ui.Txt(procedure.LimitWords(ctx, m.Limit)), ui.Txt(after)}})
	}
	return t
}
