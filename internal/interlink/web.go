package interlink

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

const listPage = 50

type web struct{ s *Service }

// Mount adds the pages of group cases to the router.
func Mount(rt *ui.Router, s *Service) {
	h := &web{s}
	rt.Menu(ui.MenuItem{Face: ui.Desk, Group: "ui.menu.serve", Label: "interlink.menu", URL: "/interlinks", Icon: "split", Right: RightView, Order: 40})
	rt.Handle("GET /interlinks", RightView, h.list)
	rt.Handle("GET /interlinks/new", RightDeclare, h.newForm)
	rt.Handle("POST /interlinks/new", RightDeclare, h.declare)
	rt.Handle("GET /interlinks/{id}", RightView, h.open)
	rt.Handle("GET /interlinks/{id}/note/{member}", RightRecord, h.noteForm)
	rt.Handle("POST /interlinks/{id}/note/{member}", RightRecord, h.note)
	rt.Handle("GET /groups/{code}", ui.Public, h.public)
}

func show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component, trail ...ui.Crumb) error {
	page := ui.Page{Title: title, Face: ui.Desk, Active: "/interlinks", Status: status}
	if len(trail) > 0 {
		page.Crumbs = append([]ui.Crumb{{Text: i18n.T(r.Context(), "interlink.menu"), URL: "/interlinks"}}, trail...)
	}
	return ui.Render(w, r, page, body)
}

func (h *web) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	as, limit := ui.Sheet(r), listPage+1
	if as != "" {
		limit = ui.SheetMost
	}
	after, _ := ui.ReadCursor(r.URL.Query().Get("after"), 2)
	list, err := h.s.List(ctx, after, limit)
	if err != nil {
		return err
	}
	if as != "" {
		return ui.SendTable(w, r, "ho-so-lien-thong", as, caseTable(ctx, list))
	}
	next := ""
	if len(list) > listPage {
		list = list[:listPage]
		last := list[listPage-1]
		next = "/interlinks?after=" + url.QueryEscape(ui.Cursor(strconv.FormatInt(last.DeclaredMs, 10), last.ID))
	}
	return show(w, r, i18n.T(ctx, "interlink.menu"), 0, listPageOf(list, next, identity.From(ctx).Has(RightDeclare)))
}

func (h *web) newForm(w http.ResponseWriter, r *http.Request) error {
	return h.showNew(w, r, ui.NewForm(), 0)
}

func (h *web) showNew(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	groups, err := h.s.OpenGroups(r.Context())
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "interlink.new")
	return show(w, r, title, status, newPage(f, groups, title), ui.Crumb{Text: title})
}

func (h *web) declare(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	in := Declaration{Group: f.Text("group"), Code: f.Text("code"), Agency: f.Text("agency"), Content: f.Long("content"), Competent: map[string]string{}, Skip: map[string]string{},
		Applicant: Applicant{Kind: f.Text("kind"), Name: f.Text("name"), IDKind: f.Text("id_kind"), IDNumber: f.Text("id_number"), Phone: f.Text("phone"), Email: f.Text("email"), Address: f.Text("address")}}
	groups, err := h.s.OpenGroups(r.Context())
	if err != nil {
		return err
	}
	for _, g := range groups {
		for _, m := range g.Members {
			if document := f.Text("skip_" + m.Key); g.Key == in.Group && document != "" {
				in.Skip[m.Key] = document
			}
			if code := f.Text("competent_" + m.Key); g.Key == in.Group && code != "" {
				in.Competent[m.Key] = code
			}
		}
	}
	var c Case
	if err = f.Err(); err == nil {
		c, err = h.s.Declare(r.Context(), in)
		for _, e := range errs.All(err) { // a receipt names the fields of its own body
			e.Field = strings.TrimPrefix(e.Field, "applicant.")
		}
	}
	if f.Keep(err) {
		return h.showNew(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "interlink.did.declare", "code", c.Code)
	return ui.Back(w, r, "/interlinks/"+c.ID)
}

func (h *web) open(w http.ResponseWriter, r *http.Request) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return show(w, r, v.Code, 0, casePage(v), ui.Crumb{Text: v.Code})
}

func (h *web) noteForm(w http.ResponseWriter, r *http.Request) error {
	return h.showNote(w, r, ui.NewForm(), 0)
}

func (h *web) showNote(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.s.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	m := v.member(r.PathValue("member"))
	if m == nil {
		return errs.New(errs.NotFound, "interlink.member_unknown", "member", r.PathValue("member"))
	}
	title := i18n.T(r.Context(), "interlink.note")
	return show(w, r, title, status, notePage(v, *m, f, title), ui.Crumb{Text: v.Code, URL: "/interlinks/" + v.ID}, ui.Crumb{Text: title})
}

func (h *web) note(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version, outcome := f.Version(), f.Text("outcome")
	if err = f.Err(); err == nil && outcome != "approved" && outcome != "refused" {
		err = errs.OnField("outcome", "interlink.outcome_missing")
	}
	if err == nil {
		_, err = h.s.Note(r.Context(), r.PathValue("id"), version, r.PathValue("member"), outcome == "approved", f.Text("document"), f.Text("reason"))
	}
	if f.Keep(err) {
		return h.showNote(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "interlink.did.note")
	return ui.Back(w, r, "/interlinks/"+r.PathValue("id"))
}

// public shows the one timeline of a group to whoever has its code.
func (h *web) public(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := h.s.Public(ctx, r.PathValue("code"))
	if err != nil {
		return err
	}
	page := ui.Page{Title: v.Name, Face: ui.Portal, Robots: "noindex", Crumbs: []ui.Crumb{{Text: i18n.T(ctx, "interlink.home"), URL: "/"}, {Text: v.Code}}}
	return ui.Render(w, r, page, publicPage(v))
}

func moment(ctx context.Context, ms int64) string { return i18n.Time(ctx, clock.FromMs(ms)) }

// promise writes until when the whole is promised.
func promise(ctx context.Context, c Case) string {
	if c.DueMs == 0 {
		return i18n.T(ctx, "interlink.no_promise")
	}
	return moment(ctx, c.DueMs)
}

func stateWords(ctx context.Context, c Case) string {
	return i18n.T(ctx, "state.interlink."+string(c.State), "n", strconv.Itoa(c.Finished()), "m", strconv.Itoa(len(c.Members)))
}

func stateTone(s State) (tone, icon string) {
	switch s {
	case Done:
		return ui.OK, "done"
	case Blocked:
		return ui.Late, "x"
	case PartlyDone:
		return ui.Soon, "warn"
	case Running:
		return ui.Info, "play"
	}
	return ui.Wait, "clock"
}

func caseTable(ctx context.Context, list []Case) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "interlink.menu"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "interlink.col.code")}, {Head: i18n.T(ctx, "interlink.col.group")},
		{Head: i18n.T(ctx, "interlink.col.declared")}, {Head: i18n.T(ctx, "interlink.col.due")}, {Head: i18n.T(ctx, "interlink.col.state")}}}
	for _, c := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Go(c.Code, "/interlinks/"+c.ID), ui.Txt(c.Name), ui.Txt(moment(ctx, c.DeclaredMs)), ui.Txt(promise(ctx, c)), ui.In(caseState(c))}})
	}
	return t
}

// timeline is the group as one line of members, for officers (with links) or the public.
func timeline(ctx context.Context, v View, inside bool) (list []ui.Step) {
	for _, m := range v.Members {
		s := ui.Step{Title: m.Name, Text: memberText(ctx, v.Case, m)}
		switch m.State {
		case MemberApproved, MemberSkipped:
			s.Tone = "done"
		case MemberRunning:
			s.Tone = "now"
		case MemberWaiting:
			s.Tone = "next"
		default:
			s.Tone, s.Icon = ui.Late, "x"
		}
		switch {
		case m.EndedMs > 0:
			s.At = moment(ctx, m.EndedMs)
		case m.StartedMs > 0:
			s.At = moment(ctx, m.StartedMs)
		}
		if inside {
			s.Body = memberActs(v, m)
		}
		list = append(list, s)
	}
	return list
}

// memberText says in a sentence where a member stands.
func memberText(ctx context.Context, c Case, m Member) string {
	words := i18n.T(ctx, "state.interlink.member."+string(m.State))
	if m.Authority != "" {
		words = m.Authority + ". " + words
	}
	switch {
	case m.Reason != "":
		words += ": " + m.Reason
	case m.Document != "":
		words += ": " + m.Document
	case m.State == MemberWaiting:
		for _, n := range m.Needs {
			words += ": " + c.member(n).Name
		}
	}
	return words + "."
}

func groupChoices(groups []Definition) (list []ui.Choice) {
	for _, g := range groups {
		list = append(list, ui.Choice{Value: g.Key, Text: g.Name, Hint: g.Basis})
	}
	return list
}

func choices(ctx context.Context, prefix string, list ...string) (out []ui.Choice) {
	for _, v := range list {
		out = append(out, ui.Choice{Value: v, Text: i18n.T(ctx, prefix+v)})
	}
	return out
}

// noticeText is what the applicant is told of a refusal.
func noticeText(ctx context.Context, n Notice) string {
	words := ""
	if n.Reason != "" {
		words = n.Reason + ". "
	}
	if len(n.Cancelled) == 0 {
		return words + i18n.T(ctx, "interlink.notice_alone")
	}
	return words + i18n.T(ctx, "interlink.notice_cancelled", "names", strings.Join(n.Cancelled, "; "))
}
