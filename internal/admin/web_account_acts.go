package admin

import (
	"context"
	"net/http"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// asking is a page that asks before an act on an account.
type asking struct {
	form   *ui.Form
	q      ui.Question
	reason bool // asks for a reason, which the log keeps
	must   bool // and the act needs one
}

func (h *web) ask(w http.ResponseWriter, r *http.Request, p AccountPage, f *ui.Form, a asking) error {
	a.form, a.q.BackURL = f, accountURL(p.ID)
	return h.page(w, r, accountsURL, a.q.Title, f.Status(), askPage(a), crumbAccount(r, p.Account)...)
}

// known moves of an account that an administrator makes; "enter" is the person's own.
var moves = map[string]bool{"lock": true, "unlock": true, "disable": true, "enable": true}

func (h *web) askMove(w http.ResponseWriter, r *http.Request) error {
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	return h.showMove(w, r, p, ui.NewForm(), r.PathValue("move"), p.Version)
}

func (h *web) showMove(w http.ResponseWriter, r *http.Request, p AccountPage, f *ui.Form, move string, version int64) error {
	if !moves[move] {
		return errs.New(errs.NotFound, "admin.page_unknown")
	}
	harsh := move == "lock" || move == "disable"
	return h.ask(w, r, p, f, asking{reason: true, must: harsh, q: ui.Question{
		Title: word(r, "admin.move."+move+".title", "name", p.Name), Text: word(r, "admin.move."+move+".text"),
		Action: accountURL(p.ID, "state", move), Yes: word(r, "move.identity."+move), Danger: harsh, Hidden: []string{"version", number(version)}}})
}

func (h *web) move(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	move := r.PathValue("move")
	if !moves[move] {
		return errs.New(errs.NotFound, "admin.page_unknown")
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.admin.MoveAccount(r.Context(), p.ID, version, move, f.Text("reason"))
	}
	if err != nil {
		if f.Keep(err) {
			return h.showMove(w, r, p, f, move, version)
		}
		return err
	}
	ui.Flash(w, r, "admin.move."+move+".done", "name", p.Name)
	return ui.Back(w, r, accountURL(p.ID))
}

func (h *web) askLink(w http.ResponseWriter, r *http.Request) error {
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	return h.showAskLink(w, r, p, ui.NewForm())
}

func (h *web) showAskLink(w http.ResponseWriter, r *http.Request, p AccountPage, f *ui.Form) error {
	key := "admin.link.reset"
	if p.State == identity.Invited {
		key = "admin.link.invite"
	}
	return h.ask(w, r, p, f, asking{q: ui.Question{Title: word(r, key+".title", "name", p.Name), Text: word(r, key+".text"),
		Action: accountURL(p.ID, "link"), Yes: word(r, "admin.link.make")}})
}

// link makes the one-time link and shows its slip: the only page that ever holds it.
func (h *web) link(w http.ResponseWriter, r *http.Request) error {
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	l, err := h.admin.LinkFor(r.Context(), p.ID)
	if err != nil {
		if f := ui.NewForm(); f.Keep(err) {
			return h.showAskLink(w, r, p, f)
		}
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return h.page(w, r, accountsURL, word(r, "admin.slip.title"), 0, slip(p, l), crumbAccount(r, p.Account)...)
}

func (h *web) askFactor(w http.ResponseWriter, r *http.Request) error {
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	return h.showFactor(w, r, p, ui.NewForm())
}

func (h *web) showFactor(w http.ResponseWriter, r *http.Request, p AccountPage, f *ui.Form) error {
	return h.ask(w, r, p, f, asking{reason: true, must: true, q: ui.Question{Title: word(r, "admin.factor.title", "name", p.Name), Text: word(r, "admin.factor.text"),
		Action: accountURL(p.ID, "second-factor"), Yes: word(r, "admin.factor.go"), Danger: true}})
}

func (h *web) factor(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	if err := h.admin.ResetFactor(r.Context(), p.ID, f.Text("reason")); err != nil {
		if f.Keep(err) {
			return h.showFactor(w, r, p, f)
		}
		return err
	}
	ui.Flash(w, r, "admin.factor.done", "name", p.Name)
	return ui.Back(w, r, accountURL(p.ID))
}

func (h *web) askSessions(w http.ResponseWriter, r *http.Request) error {
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	return h.ask(w, r, p, ui.NewForm(), asking{q: ui.Question{Title: word(r, "admin.sessions.title", "name", p.Name), Text: word(r, "admin.sessions.text"),
		Action: accountURL(p.ID, "sessions"), Yes: word(r, "admin.sessions.go"), Danger: true}})
}

func (h *web) endSessions(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := h.admin.EndSessions(r.Context(), id); err != nil {
		return err
	}
	ui.Flash(w, r, "admin.sessions.done")
	return ui.Back(w, r, accountURL(id))
}

func (h *web) signIns(w http.ResponseWriter, r *http.Request) error {
	l, err := h.admin.SignIns(r.Context(), r.PathValue("id"), r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	return h.page(w, r, accountsURL, word(r, "admin.signins.title"), 0, signInsPage(l), crumbAccount(r, l.Account)...)
}

func (l SignIns) next() string {
	if l.Next == "" {
		return ""
	}
	return address(accountURL(l.Account.ID, "sign-ins"), "before", l.Next)
}

// reopening is the move that lets a stopped account in again.
var reopening = map[identity.State]string{identity.Locked: "unlock", identity.Disabled: "enable"}

// acts are what may be done with the account as it stands.
func (p AccountPage) acts(ctx context.Context) (links []ui.Link) {
	add := func(key string, path ...string) {
		links = append(links, ui.Link{Text: i18n.T(ctx, key), URL: accountURL(p.ID, path...)})
	}
	if p.State == identity.Invited || p.State == identity.Active {
		add("admin.link.slip", "link")
	}
	if p.Self {
		return links
	}
	if p.Factor {
		add("admin.factor.go", "second-factor")
	}
	if len(p.Sessions) > 0 {
		add("admin.sessions.go", "sessions")
	}
	for _, m := range identity.Moves.From(p.State) {
		if moves[m] {
			add("move.identity."+m, "state", m)
		}
	}
	return links
}

func onOff(on bool) string {
	if on {
		return "admin.factor.on"
	}
	return "admin.factor.off"
}

func signInTable(ctx context.Context, rows []identity.SignInRow) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.signins.title"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.when")}, {Head: i18n.T(ctx, "admin.col.result")}, {Head: i18n.T(ctx, "admin.entry.address")},
	}}
	for _, r := range rows {
		tone := ui.Late
		if r.Result == identity.ResultOK || r.Result == identity.ResultDemo {
			tone = ui.OK
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.Time(ctx, r.At)), ui.In(ui.State(tone, i18n.T(ctx, "identity.result."+r.Result))), ui.Txt(orNone(ctx, r.From))}})
	}
	return t
}
