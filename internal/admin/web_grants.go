package admin

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

func (h *web) newGrant(w http.ResponseWriter, r *http.Request) error {
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	return h.showGrant(w, r, p, ui.NewForm("agency", p.agency[p.AgencyID].Code))
}

func (h *web) showGrant(w http.ResponseWriter, r *http.Request, p AccountPage, f *ui.Form) error {
	return h.page(w, r, accountsURL, word(r, "admin.grant.title"), f.Status(), grantForm(p, f), crumbAccount(r, p.Account)...)
}

func (h *web) grant(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	g := GrantForm{Role: f.Text("role"), Agency: f.Text("agency"), From: f.Day("from"), To: f.Day("to")}
	if err = f.Err(); err == nil {
		err = h.admin.Grant(r.Context(), p.ID, g)
	}
	if err != nil {
		if f.Keep(err) {
			return h.showGrant(w, r, p, f)
		}
		return err
	}
	ui.Flash(w, r, "admin.grant.done")
	return ui.Back(w, r, accountURL(p.ID))
}

// found is one grant of the page, the zero one when it is not there.
func (p AccountPage) found(grant string) identity.Grant {
	for _, g := range p.Grants {
		if g.ID == grant {
			return g
		}
	}
	return identity.Grant{}
}

func (h *web) askRevoke(w http.ResponseWriter, r *http.Request) error {
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	return h.showRevoke(w, r, p, ui.NewForm())
}

func (h *web) showRevoke(w http.ResponseWriter, r *http.Request, p AccountPage, f *ui.Form) error {
	g := p.found(r.PathValue("grant"))
	if g.ID == "" {
		return errs.New(errs.NotFound, "identity.grant_not_found")
	}
	text := word(r, "admin.revoke.text", "role", roleOf(r.Context(), p.Roles, g.Role), "scope", p.scope(r.Context(), g))
	return h.ask(w, r, p, f, asking{reason: true, q: ui.Question{Title: word(r, "admin.revoke.title", "name", p.Name), Text: text,
		Action: accountURL(p.ID, "grants", g.ID, "revoke"), Yes: word(r, "admin.revoke.go"), Danger: true}})
}

func (h *web) revoke(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := h.managed(r)
	if err != nil {
		return err
	}
	if err := h.admin.Revoke(r.Context(), p.ID, r.PathValue("grant"), f.Text("reason")); err != nil {
		if f.Keep(err) {
			return h.showRevoke(w, r, p, f)
		}
		return err
	}
	ui.Flash(w, r, "admin.revoke.done")
	return ui.Back(w, r, accountURL(p.ID))
}

// roleName is a role in words: the program's for a built-in one.
func roleName(ctx context.Context, r identity.Role) string {
	if r.Name != "" {
		return r.Name
	}
	return orCode(ctx, "role."+r.Code, r.Code)
}

func roleOf(ctx context.Context, all []identity.Role, code string) string {
	for _, r := range all {
		if r.Code == code {
			return roleName(ctx, r)
		}
	}
	return code
}

// scope says over which agencies a grant holds.
func (n names) scope(ctx context.Context, g identity.Grant) string {
	if g.AgencyID == "" {
		return i18n.T(ctx, "admin.scope.province")
	}
	return i18n.T(ctx, "admin.scope.agency", "name", n.agencyName(g.AgencyID))
}

func roleChoices(ctx context.Context, all []identity.Role) []ui.Choice {
	out := make([]ui.Choice, len(all))
	for i, r := range all {
		out[i] = ui.Choice{Value: r.Code, Text: roleName(ctx, r)}
	}
	return out
}

// granted says whether the account holds a role now or will.
func (p AccountPage) granted() bool {
	for _, g := range p.Grants {
		if g.Revoked.IsZero() && g.To.After(p.now) {
			return true
		}
	}
	return false
}

func (p AccountPage) grantTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "admin.account.grants"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.role")}, {Head: i18n.T(ctx, "admin.col.scope")}, {Head: i18n.T(ctx, "admin.col.span")},
		{Head: i18n.T(ctx, "admin.col.state")}, {Head: i18n.T(ctx, "admin.col.act"), Hidden: true},
	}}
	for _, g := range p.Grants {
		tone, words := spanState(ctx, g.From, g.To, g.Revoked, p.now)
		role := roleOf(ctx, p.Roles, g.Role)
		act := ui.Cell{}
		if p.Manage && g.Revoked.IsZero() && g.To.After(p.now) {
			act.Body = ui.Button(ui.Btn{Text: i18n.T(ctx, "admin.revoke.go"), URL: accountURL(p.ID, "grants", g.ID, "revoke"), Small: true,
				Label: i18n.T(ctx, "admin.revoke.what", "role", role, "scope", p.scope(ctx, g))})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: role, URL: rolesURL + "/" + g.Role, Sub: i18n.T(ctx, "admin.grant.by", "name", p.accountName(g.GrantedBy))},
			ui.Txt(p.scope(ctx, g)), ui.Txt(spanWords(ctx, g.From, g.To)), ui.In(ui.State(tone, words)), act,
		}})
	}
	return t
}
