package admin

import (
	"context"
	"net/http"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

const accountsURL = "/admin/accounts"

func crumbAccounts(r *http.Request) ui.Crumb {
	return ui.Crumb{Text: word(r, "admin.menu.accounts"), URL: accountsURL}
}

func crumbAccount(r *http.Request, a identity.Account) []ui.Crumb {
	return []ui.Crumb{crumbAccounts(r), {Text: a.Name, URL: accountURL(a.ID)}}
}

// accountURL is a page of an account: its own, or the one that more names below it.
func accountURL(id string, more ...string) string {
	return strings.Join(append([]string{accountsURL, id}, more...), "/")
}

func (h *web) accounts(w http.ResponseWriter, r *http.Request) error {
	f := ui.Query(r)
	q := AccountQuery{Search: f.Text("q"), State: f.Text("state"), Agency: f.Text("agency"), After: f.Raw("after")}
	l, err := h.admin.Accounts(r.Context(), q)
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		l = AccountList{Query: q}
	}
	return h.page(w, r, accountsURL, word(r, "admin.menu.accounts"), f.Status(), accountsPage(l, f, identity.From(r.Context()).Has(identity.RightManage)))
}

func (q AccountQuery) url(change ...string) string {
	all := []string{"q", q.Search, "state", q.State, "agency", q.Agency}
	for i := 0; i+1 < len(change); i += 2 {
		for j := 0; j < len(all); j += 2 {
			if all[j] == change[i] {
				all[j+1] = change[i+1]
			}
		}
		if change[i] == "after" {
			all = append(all, "after", change[i+1])
		}
	}
	return address(accountsURL, all...)
}

func (q AccountQuery) empty() bool { return q.Search == "" && q.State == "" && q.Agency == "" }

func (l AccountList) next() string {
	if l.Next == "" {
		return ""
	}
	return l.Query.url("after", l.Next)
}

// accountStates in the order in which filters show them.
var accountStates = []identity.State{identity.Active, identity.Invited, identity.Locked, identity.Disabled}

func stateChips(ctx context.Context, q AccountQuery) []ui.ChipLink {
	chips := []ui.ChipLink{{Text: i18n.T(ctx, "admin.accounts.all"), URL: q.url("state", ""), On: q.State == ""}}
	for _, s := range accountStates {
		chips = append(chips, ui.ChipLink{Text: i18n.T(ctx, "state.identity."+string(s)), URL: q.url("state", string(s)), On: q.State == string(s)})
	}
	return chips
}

var stateTones = map[identity.State]string{identity.Invited: ui.Soon, identity.Active: ui.OK, identity.Locked: ui.Late, identity.Disabled: ui.Neutral}

func accountTable(ctx context.Context, l AccountList) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "admin.accounts.caption"),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "admin.col.name")},
			{Head: i18n.T(ctx, "admin.col.agency")},
			{Head: i18n.T(ctx, "admin.col.contact")},
			{Head: i18n.T(ctx, "admin.col.state")},
		},
	}
	for _, a := range l.Rows {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: a.Name, URL: accountURL(a.ID), Sub: a.Login},
			ui.Txt(orNone(ctx, l.agencyName(a.AgencyID))),
			{Text: orNone(ctx, a.Email), Sub: a.Phone, Mute: true},
			ui.In(ui.State(stateTones[a.State], i18n.T(ctx, "state.identity."+string(a.State)))),
		}})
	}
	return t
}

// orNone writes a dash for what is not there.
func orNone(ctx context.Context, s string) string {
	if s == "" {
		return i18n.T(ctx, "admin.none")
	}
	return s
}

func readAccount(f *ui.Form) AccountForm {
	return AccountForm{Login: f.Text("login"), Name: f.Text("name"), Email: f.Text("email"), Phone: f.Text("phone"), Agency: f.Text("agency"), Lang: f.Text("lang")}
}

func (h *web) newAccount(w http.ResponseWriter, r *http.Request) error {
	return h.showNew(w, r, ui.NewForm("lang", "vi"))
}

func (h *web) showNew(w http.ResponseWriter, r *http.Request, f *ui.Form) error {
	return h.page(w, r, accountsURL, word(r, "admin.account.new"), f.Status(), accountForm(f, accountsURL, accountsURL, "admin.account.new", 0), crumbAccounts(r))
}

func (h *web) createAccount(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	acc, err := h.admin.CreateAccount(r.Context(), readAccount(f))
	if err != nil {
		if f.Keep(err) {
			return h.showNew(w, r, f)
		}
		return err
	}
	ui.Flash(w, r, "admin.account.created", "name", acc.Name)
	return ui.Back(w, r, accountURL(acc.ID))
}

func (h *web) account(w http.ResponseWriter, r *http.Request) error {
	p, err := h.admin.Account(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.page(w, r, accountsURL, p.Name, 0, accountPage(p), crumbAccounts(r))
}

// managed opens an account for a page that changes it.
func (h *web) managed(r *http.Request) (AccountPage, error) {
	p, err := h.admin.Account(r.Context(), r.PathValue("id"))
	if err == nil && !p.Manage {
		err = errs.New(errs.Forbidden, "identity.right_missing", "right", identity.RightManage)
	}
	return p, err
}

func (h *web) editAccount(w http.ResponseWriter, r *http.Request) error {
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	f := ui.NewForm("login", p.Login, "name", p.Name, "email", p.Email, "phone", p.Phone, "agency", p.agency[p.AgencyID].Code, "lang", p.Lang)
	return h.showEdit(w, r, p, f, p.Version)
}

func (h *web) showEdit(w http.ResponseWriter, r *http.Request, p AccountPage, f *ui.Form, version int64) error {
	body := accountForm(f, accountURL(p.ID, "edit"), accountURL(p.ID), "admin.account.edit", version)
	return h.page(w, r, accountsURL, word(r, "admin.account.edit"), f.Status(), body, crumbAccount(r, p.Account)...)
}

func (h *web) updateAccount(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.admin.UpdateAccount(r.Context(), p.ID, version, readAccount(f))
	}
	if err != nil {
		if f.Keep(err) {
			return h.showEdit(w, r, p, f, version) // the version that was read: a stale form stays stale
		}
		return err
	}
	ui.Flash(w, r, "admin.account.updated")
	return ui.Back(w, r, accountURL(p.ID))
}
