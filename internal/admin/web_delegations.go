package admin

import (
	"context"
	"net/http"
	"time"

	"cchc/internal/clock"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

const delegationsURL = "/delegations"

func crumbDelegations(r *http.Request) ui.Crumb {
	return ui.Crumb{Text: word(r, "admin.delegations.title"), URL: delegationsURL}
}

func (h *web) delegations(w http.ResponseWriter, r *http.Request) error {
	l, err := h.admin.Delegations(r.Context())
	if err != nil {
		return err
	}
	return h.page(w, r, "", word(r, "admin.delegations.title"), 0, delegationsPage(l, h.admin.Clock()))
}

func (h *web) newDelegation(w http.ResponseWriter, r *http.Request) error {
	f := ui.NewForm("q", r.URL.Query().Get("q"), "from", i18n.Day(i18n.WithLang(r.Context(), i18n.Vi), clock.Day(h.admin.Clock())))
	return h.showDelegation(w, r, f)
}

func (h *web) showDelegation(w http.ResponseWriter, r *http.Request, f *ui.Form) error {
	v, err := h.admin.Handing(r.Context(), f.Text("q"))
	if err != nil {
		return err
	}
	return h.page(w, r, "", word(r, "admin.delegation.new"), f.Status(), delegationForm(v, f), crumbDelegations(r))
}

func (h *web) delegate(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	d := DelegationForm{To: f.Text("to_account"), Rights: f.All("rights"), From: f.Day("from"), Until: f.Day("to"), Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		err = h.admin.Delegate(r.Context(), d)
	}
	if err != nil {
		if f.Keep(err) {
			return h.showDelegation(w, r, f)
		}
		return err
	}
	ui.Flash(w, r, "admin.delegation.done")
	return ui.Back(w, r, delegationsURL)
}

func (h *web) askEnd(w http.ResponseWriter, r *http.Request) error {
	return h.showEnd(w, r, ui.NewForm("account", r.URL.Query().Get("account")))
}

func (h *web) showEnd(w http.ResponseWriter, r *http.Request, f *ui.Form) error {
	d, n, err := h.admin.Delegation(r.Context(), f.Text("account"), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := word(r, "admin.end.title")
	a := asking{form: f, reason: true, q: ui.Question{Title: title, Action: delegationsURL + "/" + d.ID + "/end", BackURL: delegationsBack(f),
		Text: word(r, "admin.end.text", "from", n.accountName(d.FromAccountID), "to", n.accountName(d.ToAccountID), "n", len(d.Rights)),
		Yes:  word(r, "admin.end.go"), Danger: true, Hidden: []string{"account", f.Text("account")}}}
	return h.page(w, r, "", title, f.Status(), askPage(a), crumbDelegations(r))
}

// delegationsBack is where the form of ending came from: an account, or one's own list.
func delegationsBack(f *ui.Form) string {
	if account := f.Text("account"); account != "" {
		return accountURL(account)
	}
	return delegationsURL
}

func (h *web) endDelegation(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.admin.EndDelegation(r.Context(), r.PathValue("id"), f.Text("reason")); err != nil {
		if f.Keep(err) {
			return h.showEnd(w, r, f)
		}
		return err
	}
	ui.Flash(w, r, "admin.end.done")
	return ui.Back(w, r, delegationsBack(f))
}

// spanState says where a stretch of time stands now.
func spanState(ctx context.Context, from, to, ended, now time.Time) (tone, words string) {
	switch {
	case !ended.IsZero():
		return ui.Neutral, i18n.T(ctx, "admin.span.ended", "day", i18n.Day(ctx, clock.Day(ended)))
	case !to.After(now):
		return ui.Neutral, i18n.T(ctx, "admin.span.over")
	case from.After(now):
		return ui.Wait, i18n.T(ctx, "admin.span.later")
	}
	return ui.OK, i18n.T(ctx, "admin.span.now")
}

// spanWords is the days of a stretch of time, both included.
func spanWords(ctx context.Context, from, to time.Time) string {
	if last := lastDay(to); last != "" {
		return i18n.T(ctx, "admin.span.days", "from", i18n.Day(ctx, clock.Day(from)), "to", i18n.Day(ctx, last))
	}
	return i18n.T(ctx, "admin.span.open", "from", i18n.Day(ctx, clock.Day(from)))
}

func colleagueChoices(ctx context.Context, h Handing) []ui.Choice {
	out := make([]ui.Choice, len(h.Colleagues))
	for i, c := range h.Colleagues {
		out[i] = ui.Choice{Value: c.ID, Text: c.Name + " – " + orNone(ctx, h.agencyName(c.AgencyID))}
	}
	return out
}

// running says whether a delegation may still be ended.
func running(d identity.Delegation, now time.Time) bool { return d.Ended.IsZero() && d.To.After(now) }

// delegationTable shows what one account gave and received. back names the account to
// come back to, "" for one's own page; act shows the way to end one early.
func delegationTable(ctx context.Context, n names, rows []identity.Delegation, self, back string, act bool, now time.Time) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.account.delegations"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.delegation")}, {Head: i18n.T(ctx, "admin.col.rights")}, {Head: i18n.T(ctx, "admin.col.span")},
		{Head: i18n.T(ctx, "admin.col.state")}, {Head: i18n.T(ctx, "admin.col.act"), Hidden: true},
	}}
	for _, d := range rows {
		key, other := "admin.delegation.given", d.ToAccountID
		if d.ToAccountID == self {
			key, other = "admin.delegation.received", d.FromAccountID
		}
		name := i18n.T(ctx, key, "name", n.accountName(other))
		tone, words := spanState(ctx, d.From, d.To, d.Ended, now)
		end := ui.Cell{}
		if act && running(d, now) {
			end.Body = ui.Button(ui.Btn{Text: i18n.T(ctx, "admin.end.go"), URL: address(delegationsURL+"/"+d.ID+"/end", "account", back), Small: true,
				Label: i18n.T(ctx, "admin.end.what", "what", name)})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: name, Sub: d.Reason}, ui.In(rightsList(d.Rights)), ui.Txt(spanWords(ctx, d.From, d.To)), ui.In(ui.State(tone, words)), end,
		}})
	}
	return t
}
