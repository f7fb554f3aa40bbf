package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"cchc/internal/i18n"
	"cchc/internal/inbox"
	"cchc/internal/ui"
)

type web struct{ desk *Service }

// Mount adds the inbox to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{desk: s}
	rt.Face(ui.Desk, "/inbox", ui.SignedIn)
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.mine", Label: "desk.menu.inbox", URL: "/inbox", Icon: "inbox", Right: ui.SignedIn, Order: 10})
	rt.Handle("GET /inbox", ui.SignedIn, h.list)
	rt.Handle("POST /inbox/seen", ui.SignedIn, h.seen)
}

func (h *web) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := inbox.Filter{LateOnly: q.Get("late") == "yes", Kind: q.Get("kind"), AgencyID: q.Get("agency")}
	as := ui.Sheet(r)
	v, err := h.desk.List(r.Context(), f, q.Get("after"), as != "")
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "viec-can-lam", as, table(r.Context(), v))
	}
	page := ui.Page{Title: i18n.T(r.Context(), "desk.inbox.title"), Face: ui.Desk, Active: "/inbox"}
	return ui.Render(w, r, page, list(v))
}

func (h *web) seen(w http.ResponseWriter, r *http.Request) error {
	if err := h.desk.MarkSeen(r.Context()); err != nil {
		return err
	}
	ui.Flash(w, r, "desk.inbox.seen_done")
	return ui.Back(w, r, "/inbox")
}

func table(ctx context.Context, v View) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "desk.inbox.caption"), HeadCol: 1, AsFile: true,
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "desk.col.due")},
			{Head: i18n.T(ctx, "desk.col.work")},
			{Head: i18n.T(ctx, "desk.col.agency")},
			{Head: i18n.T(ctx, "desk.col.next")},
		},
	}
	bulk := bulkPage(v)
	if bulk != "" {
		t.Joined = true
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "desk.pick_col"), Hidden: true})
	}
	var group Group
	for _, l := range v.Lines {
		if l.Group != group {
			group = l.Group
			t.Rows = append(t.Rows, ui.Row{Group: i18n.T(ctx, "desk.group."+string(group)), Tone: tones[group]})
		}
		due := ui.Txt(i18n.T(ctx, "desk.no_date"))
		if l.Group != Open {
			due = ui.Cell{Body: ui.Due(l.Left)}
		}
		sub := l.Code
		if l.New {
			sub += " · " + i18n.T(ctx, "desk.new")
		}
		cells := []ui.Cell{
			due,
			{Text: l.Title, URL: l.URL, Sub: sub},
			{Text: l.Agency, Mute: true},
			{Text: i18n.T(ctx, "inbox.kind."+l.Kind), URL: l.URL},
		}
		if bulk != "" {
			pick := ui.Cell{}
			if l.Bulk == bulk {
				pick.Body = ui.Pick("id", l.ID, i18n.T(ctx, "desk.pick", "code", l.Code, "agency", l.Agency), false)
			}
			cells = append(cells, pick)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// bulkPage is where the ticks of this page go: the page of the first thing that can be
// done several at a time, "" when fewer than two can.
func bulkPage(v View) string {
	count := map[string]int{}
	for _, l := range v.Lines {
		if l.Bulk == "" {
			continue
		}
		if count[l.Bulk]++; count[l.Bulk] > 1 {
			return l.Bulk
		}
	}
	return ""
}

var tones = map[Group]string{Late: ui.Late, Now: ui.Soon}

func tabs(ctx context.Context, v View) []ui.TabLink {
	all := strconv.Itoa(v.All)
	if v.More {
		all += "+"
	}
	return []ui.TabLink{
		{Text: i18n.T(ctx, "desk.tab.all"), Count: all, URL: "/inbox", On: !v.Filter.LateOnly},
		{Text: i18n.T(ctx, "desk.tab.late"), Count: strconv.Itoa(v.Late), URL: "/inbox?late=yes", On: v.Filter.LateOnly},
	}
}

func next(v View) string {
	if v.Next == "" {
		return ""
	}
	q := url.Values{"after": {v.Next}}
	if v.Filter.LateOnly {
		q.Set("late", "yes")
	}
	return "/inbox?" + q.Encode()
}
