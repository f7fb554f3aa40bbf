package directory

import (
	"context"
	"net/http"
	"net/url"

	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

func (h *web) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := Filter{Day: dayOf(q.Get("on")), Kind: org.Kind(q.Get("kind")), Query: q.Get("q")}
	after, ok := ui.ReadCursor(q.Get("after"), 3)
	form := ui.Query(r)
	if ok {
		f.After = after
	}
	v, err := h.dir.List(r.Context(), f)
	st := 0
	if err != nil {
		if !form.Keep(err) {
			return err
		}
		st = form.Status()
	}
	title := i18n.T(r.Context(), "directory.menu.agencies")
	return show(w, r, "/agencies", title, st, list(v, form))
}

func listAddress(f Filter, pairs ...string) string {
	v := url.Values{}
	for k, x := range map[string]string{"on": f.Day, "kind": string(f.Kind), "q": f.Query} {
		if x != "" {
			v.Set(k, x)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		}
	}
	return "/agencies?" + v.Encode()
}

// kindChips are the kinds as quick filters with how many there are.
func kindChips(ctx context.Context, v List) []ui.ChipLink {
	var sum int64
	for _, k := range v.Kinds {
		sum += k.N
	}
	chips := []ui.ChipLink{{Text: i18n.T(ctx, "directory.kind_all"), Count: i18n.Number(ctx, sum), URL: listAddress(v.Filter, "kind", ""), On: v.Filter.Kind == ""}}
	for _, k := range v.Kinds {
		chips = append(chips, ui.ChipLink{Text: kindName(ctx, k.Kind), Count: i18n.Number(ctx, k.N), URL: listAddress(v.Filter, "kind", string(k.Kind)), On: v.Filter.Kind == k.Kind})
	}
	return chips
}

// dayChips lead to the province as it was before the merger, and as it is.
func dayChips(ctx context.Context, f Filter, today string) []ui.ChipLink {
	var chips []ui.ChipLink
	for _, d := range []struct{ key, day string }{{"directory.day_before_merger", "2022-06-30"}, {"directory.day_today", today}} {
		chips = append(chips, ui.ChipLink{Text: i18n.T(ctx, d.key), URL: listAddress(Filter{Query: f.Query}, "on", d.day), On: f.Day == d.day})
	}
	return chips
}

func listTable(ctx context.Context, v List) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.list.caption", "day", i18n.Day(ctx, v.Filter.Day)),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "directory.col.name")},
			{Head: i18n.T(ctx, "directory.col.code")},
			{Head: i18n.T(ctx, "directory.col.parent")},
			{Head: i18n.T(ctx, "directory.col.valid")},
			{Head: i18n.T(ctx, "directory.col.mark")},
		},
	}
	var kind org.Kind
	for _, a := range v.Rows {
		if a.Kind != kind {
			kind = a.Kind
			t.Rows = append(t.Rows, ui.Row{Group: kindName(ctx, kind)})
		}
		now := ""
		if a.OnName != a.Name {
			now = i18n.T(ctx, "directory.now_called", "name", a.Name)
		}
		mark := ui.Txt("")
		if a.Sample {
			mark = ui.In(ui.StateIcon(ui.Soon, "warn", i18n.T(ctx, "directory.sample")))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: a.OnName, URL: address("/agencies/"+a.ID, "on", v.Filter.Day), Sub: now},
			{Text: a.Code, Code: true},
			{Text: a.ParentName, Mute: true},
			ui.Txt(span(ctx, a.ValidFrom, a.ValidTo)),
			mark,
		}})
	}
	return t
}

func listNext(v List) string {
	if !v.More {
		return ""
	}
	return listAddress(v.Filter, "after", ui.Cursor(v.Rows[len(v.Rows)-1].Key()...))
}

func (h *web) tree(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	t, err := h.dir.Tree(r.Context(), q.Get("at"), dayOf(q.Get("on")))
	if err != nil {
		return err
	}
	return show(w, r, "/agencies", i18n.T(r.Context(), "directory.tree.title"), 0, treePage(t))
}

func treeAddress(at, day string) string { return address("/agencies/tree", "at", at, "on", day) }

// treeOpen is the longest branch that a page shows unfolded.
const treeOpen = 30

// byKind groups nodes by kind, in the order of kinds.
func byKind(nodes []Node) [][]Node {
	var out [][]Node
	for _, k := range org.Kinds {
		var group []Node
		for _, n := range nodes {
			if n.Agency.Kind == k {
				group = append(group, n)
			}
		}
		if len(group) > 0 {
			out = append(out, group)
		}
	}
	return out
}

func treeTitle(ctx context.Context, t Tree) string {
	if t.At.ID == "" {
		return i18n.T(ctx, "directory.tree.title")
	}
	return i18n.T(ctx, "directory.tree.title_below", "name", t.At.Name)
}
