package plan

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// BulkPath is the page for several assignments at once; lists send their ticks there.
const BulkPath = "/plan/bulk"

type bulkView struct {
	List []Chosen
	Form *ui.Form
	Done string // the act, after it
}

func (h *pages) mountBulk(rt *ui.Router) {
	rt.Handle("GET "+BulkPath, RightView, h.bulkForm)
	rt.Handle("POST "+BulkPath, RightView, h.bulkAct)
}

// bulkForm asks once for all that was ticked.
func (h *pages) bulkForm(w http.ResponseWriter, r *http.Request) error {
	return h.showBulk(w, r, r.URL.Query()["id"], ui.NewForm(), 0)
}

func (h *pages) showBulk(w http.ResponseWriter, r *http.Request, ids []string, f *ui.Form, status int) error {
	list, err := h.plan.Choose(r.Context(), ids)
	if err != nil {
		return err
	}
	page := deskPage(i18n.T(r.Context(), "planbulk.title"))
	page.Status = status
	return ui.Render(w, r, page, bulkPage(bulkView{List: list, Form: f}))
}

func (h *pages) bulkAct(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	var picks []Pick
	var ids []string
	for _, p := range f.All("pick") {
		id, version, _ := strings.Cut(p, ":")
		n, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			return errs.New(errs.Invalid, "plan.bulk_nothing")
		}
		picks, ids = append(picks, Pick{ID: id, Version: n}), append(ids, id)
	}
	list, err := h.plan.ActOnAll(r.Context(), f.Text("act"), picks, f.Long("words"))
	if err == nil {
		page := deskPage(i18n.T(r.Context(), "planbulk.done_title"))
		return ui.Render(w, r, page, bulkPage(bulkView{List: list, Done: f.Text("act")}))
	}
	if !f.Keep(err) {
		return err
	}
	return h.showBulk(w, r, ids, f, f.StatusFor(err))
}

// count says to how many of the list an act can be done.
func (v bulkView) count(act string) (n int) {
	for _, c := range v.List {
		for _, a := range c.Acts {
			if a == act {
				n++
			}
		}
	}
	return n
}

func (v bulkView) choices(ctx context.Context) (list []ui.Choice) {
	for _, act := range BulkActs {
		if n := v.count(act); n > 0 {
			list = append(list, ui.Choice{Value: act, Text: i18n.T(ctx, "planbulk.act."+act), Hint: i18n.T(ctx, "planbulk.act_of", "n", n, "all", len(v.List))})
		}
	}
	return list
}

func (v bulkView) first(ctx context.Context) string {
	if list := v.choices(ctx); len(list) > 0 {
		return list[0].Value
	}
	return ""
}

// refused counts what was not done.
func (v bulkView) refused() (n int) {
	for _, c := range v.List {
		if c.Err != nil {
			n++
		}
	}
	return n
}

func (v bulkView) table(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planbulk.caption"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.code")},
		{Head: i18n.T(ctx, "planweb.col.task")}, {Head: i18n.T(ctx, "planweb.col.agency")}, {Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planbulk.can")}}}
	if v.Done != "" {
		t.Columns[4].Head = i18n.T(ctx, "planbulk.outcome")
	}
	for _, c := range v.List {
		last := ui.Txt(v.acts(ctx, c))
		switch {
		case c.Err != nil:
			last = ui.In(ui.StateIcon(ui.Late, "warn", v.why(ctx, c.Err)))
		case v.Done != "":
			last = ui.In(ui.StateIcon(ui.OK, "done", i18n.T(ctx, "planbulk.did."+v.Done)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Code, Code: true, Mute: true}, ui.Go(c.Content, "/plan/assignments/"+c.Assignment.ID),
			ui.Txt(c.AgencyName), ui.Txt(i18n.Day(ctx, c.Assignment.EffectiveDue)), last}})
	}
	return t
}

func (v bulkView) acts(ctx context.Context, c Chosen) string {
	if len(c.Acts) == 0 {
		return i18n.T(ctx, "planbulk.none")
	}
	words := make([]string, len(c.Acts))
	for i, a := range c.Acts {
		words[i] = i18n.T(ctx, "planbulk.act."+a)
	}
	return strings.Join(words, ", ")
}

// why is the sentence of a refusal.
func (v bulkView) why(ctx context.Context, err error) string {
	for _, e := range errs.All(err) {
		return i18n.Error(ctx, e)
	}
	return ""
}
