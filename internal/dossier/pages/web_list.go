package pages

import (
	"context"
	"net/http"
	"net/url"

	"cchc/internal/clock"
	"cchc/internal/dossier"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

type listView struct {
	dossier.Page
	Filter   dossier.Filter
	NowMs    int64
	Receives bool
}

// shownStates are the chips over the list, in the order of the work.
var shownStates = []dossier.State{dossier.Submitted, dossier.Received, dossier.InProcess, dossier.Coordinating, dossier.SupplementWait, dossier.FinanceWait, dossier.Approved,
	dossier.HandedToCounter, dossier.Returned}

func (h *web) list(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := listView{Filter: dossier.Filter{Agency: q.Get("agency"), State: dossier.State(q.Get("state")), Q: q.Get("q"), After: q.Get("after"), Limit: listPage},
		NowMs: h.Dossiers.Clock().UnixMilli(), Receives: identity.From(ctx).Has(dossier.RightReceive)}
	as := ui.Sheet(r)
	if as != "" {
		v.Filter.After, v.Filter.Limit = "", 200
	}
	var err error
	if v.Page, err = h.Dossiers.List(ctx, v.Filter); err != nil {
		return err
	}
	for f := v.Filter; as != "" && v.Next != "" && len(v.Lines) < ui.SheetMost; {
		f.After = v.Next
		more, err := h.Dossiers.List(ctx, f)
		if err != nil {
			return err
		}
		v.Lines, v.Next = append(v.Lines, more.Lines...), more.Next
	}
	if as != "" {
		return ui.SendTable(w, r, "ho-so", as, v.table(ctx))
	}
	return show(w, r, i18n.T(ctx, "dossierweb.menu"), 0, listBody(v))
}

func (v listView) address(pairs ...string) string {
	q := url.Values{}
	set := func(name, value string) {
		if q.Del(name); value != "" {
			q.Set(name, value)
		}
	}
	set("agency", v.Filter.Agency)
	set("state", string(v.Filter.State))
	set("q", v.Filter.Q)
	for i := 0; i+1 < len(pairs); i += 2 {
		set(pairs[i], pairs[i+1])
	}
	if len(q) == 0 {
		return "/dossiers"
	}
	return "/dossiers?" + q.Encode()
}

func (v listView) chips(ctx context.Context) []ui.ChipLink {
	list := []ui.ChipLink{{Text: i18n.T(ctx, "dossierweb.all"), URL: v.address("state", ""), On: v.Filter.State == ""}}
	for _, s := range shownStates {
		list = append(list, ui.ChipLink{Text: i18n.T(ctx, "state.dossier."+string(s)), URL: v.address("state", string(s)), On: v.Filter.State == s})
	}
	return list
}

func (v listView) total() int64 {
	if !v.Counted {
		return -1
	}
	return v.Total.N
}

func (v listView) next() string {
	if v.Next == "" {
		return ""
	}
	return v.address("after", v.Next)
}

func (v listView) table(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "dossierweb.menu"), HeadCol: 0, AsFile: true, Columns: []ui.Column{{Head: i18n.T(ctx, "dossierweb.col.code")}, {Head: i18n.T(ctx, "dossierweb.col.procedure")},
		{Head: i18n.T(ctx, "dossierweb.col.owner")}, {Head: i18n.T(ctx, "dossierweb.col.competent")}, {Head: i18n.T(ctx, "dossierweb.col.due")}, {Head: i18n.T(ctx, "dossierweb.col.state")}}}
	for _, l := range v.Lines {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Code, URL: pathOf(l.Code), Code: true}, {Text: l.ProcedureName, Sub: l.Content}, ui.Txt(l.Applicant), {Text: l.CompetentName, Mute: true},
			v.due(ctx, l), ui.In(stateTag(l.State))}})
	}
	return t
}

// due says until when, and whether it is late.
func (v listView) due(ctx context.Context, l dossier.Line) ui.Cell {
	c := ui.Cell{Text: moment(ctx, l.DueMs)}
	switch {
	case l.DueMs == 0:
		c.Text = i18n.T(ctx, "dossierweb.no_due")
	case l.PausedMs > 0:
		c.Sub = i18n.T(ctx, "dossierweb.clock_stands")
	case min(v.NowMs, l.FinishedMs) > l.DueMs:
		return ui.Cell{Body: ui.StateIcon(ui.Late, "late", moment(ctx, l.DueMs)), Sub: i18n.T(ctx, "dossierweb.late")}
	}
	return c
}

// moment writes an instant, "" for none.
func moment(ctx context.Context, ms int64) string {
	if ms == 0 || ms == dossier.Forever {
		return ""
	}
	return i18n.Time(ctx, clock.FromMs(ms))
}

// tones of the states, by what they ask for.
func tone(s dossier.State) (tone, icon string) {
	switch s {
	case dossier.Submitted, dossier.AskedBeforeReceipt:
		return ui.Soon, "inbox"
	case dossier.Received, dossier.InProcess:
		return ui.Info, "play"
	case dossier.Coordinating:
		return ui.Info, "users"
	case dossier.SupplementWait, dossier.FinanceWait:
		return ui.Wait, "pause"
	case dossier.Approved, dossier.HandedToCounter, dossier.Returned:
		return ui.OK, "done"
	case dossier.RejectedResult, dossier.Refused, dossier.Stopped:
		return ui.Late, "x"
	}
	return ui.Neutral, "dash"
}
