package admin

import (
	"context"
	"net/http"
	"slices"

	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

const rolesURL = "/admin/roles"

func crumbRoles(r *http.Request) ui.Crumb {
	return ui.Crumb{Text: word(r, "admin.menu.roles"), URL: rolesURL}
}

func (h *web) roles(w http.ResponseWriter, r *http.Request) error {
	t, err := h.admin.Roles(r.Context())
	if err != nil {
		return err
	}
	return h.page(w, r, rolesURL, word(r, "admin.roles.title"), 0, rolesPage(t))
}

func (h *web) newRole(w http.ResponseWriter, r *http.Request) error {
	return h.showRole(w, r, identity.Role{}, ui.NewForm(), 0)
}

// showRole is the form of a role, or for a reader who changes none its rights; the zero
// role is a new one.
func (h *web) showRole(w http.ResponseWriter, r *http.Request, role identity.Role, f *ui.Form, version int64) error {
	t, err := h.admin.Roles(r.Context())
	if err != nil {
		return err
	}
	title := word(r, "admin.role.new")
	if role.Code != "" {
		title = roleName(r.Context(), role)
	}
	return h.page(w, r, rolesURL, title, f.Status(), rolePage(roleView{RoleTable: t, Role: role, Form: f, Title: title, Version: version}), crumbRoles(r))
}

type roleView struct {
	RoleTable
	Role    identity.Role
	Form    *ui.Form
	Title   string
	Version int64
}

func (v roleView) action() string {
	if v.Role.Code == "" {
		return rolesURL
	}
	return rolesURL + "/" + v.Role.Code
}

func (h *web) createRole(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	role := identity.Role{Code: f.Text("code"), Name: f.Text("name"), Rights: f.All("rights")}
	if err := h.admin.SetRole(r.Context(), role, 0); err != nil {
		if f.Keep(err) {
			return h.showRole(w, r, identity.Role{}, f, 0)
		}
		return err
	}
	ui.Flash(w, r, "admin.role.created", "name", role.Name)
	return ui.Back(w, r, rolesURL)
}

func (h *web) findRole(r *http.Request) (identity.Role, error) {
	t, err := h.admin.Roles(r.Context())
	if err != nil {
		return identity.Role{}, err
	}
	return t.Role(r.PathValue("code"))
}

func (h *web) role(w http.ResponseWriter, r *http.Request) error {
	role, err := h.findRole(r)
	if err != nil {
		return err
	}
	pairs := []string{"name", role.Name}
	for _, right := range role.Rights {
		pairs = append(pairs, "rights", right)
	}
	return h.showRole(w, r, role, ui.NewForm(pairs...), role.Version)
}

func (h *web) updateRole(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	role, err := h.findRole(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.admin.SetRole(r.Context(), identity.Role{Code: role.Code, Name: f.Text("name"), Rights: f.All("rights")}, version)
	}
	if err != nil {
		if f.Keep(err) {
			return h.showRole(w, r, role, f, version)
		}
		return err
	}
	ui.Flash(w, r, "admin.role.updated", "name", roleName(r.Context(), role))
	return ui.Back(w, r, rolesURL)
}

// rightName explains a right; the code stands for one whose room has no words for it.
func rightName(ctx context.Context, code string) string { return orCode(ctx, "right."+code, code) }

// roomName names the room that a code belongs to.
func roomName(ctx context.Context, code string) string {
	return orCode(ctx, "admin.room."+room(code), room(code))
}

func rightChoices(ctx context.Context, codes []string) []ui.Choice {
	out := make([]ui.Choice, len(codes))
	for i, code := range codes {
		out[i] = ui.Choice{Value: code, Text: rightName(ctx, code), Hint: code}
	}
	return out
}

// cellClass shades the cells of what a role may do.
func cellClass(r identity.Role, right string) string {
	if slices.Contains(r.Rights, right) {
		return "h1"
	}
	return "h0"
}

// roleList is the roles as lines that open.
func roleList(ctx context.Context, t RoleTable) ui.Table {
	out := ui.Table{Caption: i18n.T(ctx, "admin.roles.list"), Columns: []ui.Column{
		{Head: i18n.T(ctx, "admin.col.role")}, {Head: i18n.T(ctx, "admin.col.kind")}, {Head: i18n.T(ctx, "admin.col.rights"), Numeric: true},
	}}
	for _, r := range t.Roles {
		kind := "admin.role.own"
		if r.BuiltIn {
			kind = "admin.role.built_in"
		}
		out.Rows = append(out.Rows, ui.Row{Cells: []ui.Cell{
			{Text: roleName(ctx, r), URL: rolesURL + "/" + r.Code, Sub: r.Code}, {Text: i18n.T(ctx, kind), Mute: true}, ui.Txt(i18n.Number(ctx, int64(len(r.Rights)))),
		}})
	}
	return out
}

// has says whether a box of the form is ticked.
func has(f *ui.Form, name, value string) bool { return slices.Contains(f.All(name), value) }
