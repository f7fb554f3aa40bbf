package directory

import (
	"bytes"
	"context"
	"net/http"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/text"
	"cchc/internal/ui"
)

func (h *web) minutesList(w http.ResponseWriter, r *http.Request) error {
	all, more, err := h.dir.MinutesList(r.Context(), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	next := ""
	if more {
		next = address("/handovers", "after", all[len(all)-1].ID)
	}
	return show(w, r, "/agencies", i18n.T(r.Context(), "directory.minutes.list"), 0, minutesList(all, next))
}

func (h *web) minutes(w http.ResponseWriter, r *http.Request) error {
	after, ok := ui.ReadCursor(r.URL.Query().Get("after"), 2)
	if !ok {
		return errs.New(errs.Invalid, "directory.page_unknown")
	}
	kind, id := "", ""
	if len(after) == 2 {
		kind, id = after[0], after[1]
	}
	v, err := h.dir.Minutes(r.Context(), r.PathValue("id"), kind, id, pageSize)
	if err != nil {
		return err
	}
	return show(w, r, "/agencies", v.Minutes.Number, 0, minutes(v), i18n.T(r.Context(), "directory.minutes.list"), "/handovers")
}

// minutesDocx sends the minutes as a file. It is made in memory: the largest has some
// thousand lines, and a fault half-way must not leave half a file with status 200.
func (h *web) minutesDocx(w http.ResponseWriter, r *http.Request) error {
	rec, err := h.dir.Record(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := rec.Write(r.Context(), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(rec.Minutes.Number)+`.docx"`)
	_, err = w.Write(out.Bytes())
	return err
}

// fileName keeps letters and digits of a number: nothing that a path or header could read.
func fileName(number string) string {
	var b bytes.Buffer
	for _, c := range text.Fold(number) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteRune(c)
		} else if b.Len() > 0 && b.Bytes()[b.Len()-1] != '-' {
			b.WriteByte('-')
		}
	}
	return "bien-ban-" + b.String()
}

func (h *web) minutesContinue(w http.ResponseWriter, r *http.Request) error {
	m, err := h.dir.Continue(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	ui.Flash(w, r, "directory.done.continue", "left", i18n.Number(r.Context(), m.Left))
	return ui.Back(w, r, "/handovers/"+m.ID)
}

func minutesState(ctx context.Context, m org.Minutes) (tone, word string) {
	word = i18n.T(ctx, "state.org."+string(m.State))
	if m.State == org.Done {
		return ui.OK, word
	}
	return ui.Soon, word
}

func minutesTable(ctx context.Context, all []org.Minutes) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.minutes.list"),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "directory.minutes.number")},
			{Head: i18n.T(ctx, "directory.reorganise.change")},
			{Head: i18n.T(ctx, "directory.col.from_day")},
			{Head: i18n.T(ctx, "directory.minutes.basis")},
			{Head: i18n.T(ctx, "directory.minutes.state")},
		},
	}
	for _, m := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			ui.Go(m.Number, "/handovers/"+m.ID), ui.Txt(i18n.T(ctx, "org.change."+string(m.Change))), ui.Txt(i18n.Day(ctx, m.Day)), {Text: m.LegalBasis, Mute: true},
			ui.In(ui.State(minutesState(ctx, m))),
		}})
	}
	return t
}

func pairTable(ctx context.Context, pairs []pair) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.minutes.pairs"),
		Columns: []ui.Column{{Head: i18n.T(ctx, "directory.plan.ends")}, {Head: i18n.T(ctx, "directory.plan.takes")}, {Head: i18n.T(ctx, "directory.col.field")}},
	}
	for _, p := range pairs {
		field := fieldName(ctx, p.Field)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(p.From), ui.Txt(p.To), ui.Txt(field)}})
	}
	return t
}

func minutesNext(v MinutesView) string {
	if !v.More {
		return ""
	}
	last := v.Items[len(v.Items)-1]
	return address("/handovers/"+v.Minutes.ID, "after", ui.Cursor(last.Kind, last.ID))
}

func movedPercent(v MinutesView) int {
	if v.Total == 0 {
		return 100
	}
	return int((v.Total - v.Minutes.Left) * 100 / v.Total)
}
