package directory

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

func (h *web) agency(w http.ResponseWriter, r *http.Request) error {
	v, err := h.dir.Agency(r.Context(), r.PathValue("id"), dayOf(r.URL.Query().Get("on")))
	if err != nil {
		return err
	}
	return show(w, r, "/agencies", v.Agency.Name, 0, agency(v))
}

// act is one change of an agency: a form and what its post does.
type act struct {
	name   string // last part of the address, and of the locale keys
	fields func(v View, all []org.Agency, f *ui.Form) templ.Component
	do     func(ctx context.Context, s *Service, v View, f *ui.Form) error
}

// acts are what can be done to one agency. A slip is corrected by edit; a change that
// happened on a day is a name, a code or a parent of its own.
var acts = []act{
	{"edit", editFields, func(ctx context.Context, s *Service, v View, f *ui.Form) error {
		e := org.Edit{ShortName: f.Text("short_name"), Kind: org.Kind(f.Text("kind")), ValidFrom: f.Day("valid_from"), ValidTo: f.Day("valid_to"), Sample: f.Bool("sample")}
		version := f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		return s.Edit(ctx, v.Agency.ID, version, e)
	}},
	{"rename", renameFields, func(ctx context.Context, s *Service, v View, f *ui.Form) error {
		day, version := f.Day("day"), f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		return s.Rename(ctx, v.Agency.ID, version, f.Text("name"), f.Text("short_name"), day, f.Text("reason"))
	}},
	{"recode", recodeFields, func(ctx context.Context, s *Service, v View, f *ui.Form) error {
		day, version := f.Day("day"), f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		return s.Recode(ctx, v.Agency.ID, version, f.Text("code"), day, f.Text("reason"))
	}},
	{"move", moveFields, func(ctx context.Context, s *Service, v View, f *ui.Form) error {
		day, version := f.Day("day"), f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		return s.Move(ctx, v.Agency.ID, version, f.Text("parent"), day, f.Text("reason"))
	}},
	{"head", headFields, func(ctx context.Context, s *Service, v View, f *ui.Form) error {
		p := org.Appointment{
			AgencyID: v.Agency.ID, AccountID: f.Text("account"), PersonName: f.Text("person_name"), PostTitle: f.Text("post_title"),
			Acting: f.Bool("acting"), Document: f.Text("document"), FromDay: f.Day("from_day"), ToDay: f.Day("to_day"),
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.Appoint(ctx, p)
	}},
	{"alias", aliasFields, func(ctx context.Context, s *Service, v View, f *ui.Form) error {
		return s.AddAlias(ctx, v.Agency.ID, f.Text("alias"))
	}},
}

func (h *web) actForm(a act) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := h.dir.Agency(r.Context(), r.PathValue("id"), "")
		if err != nil {
			return err
		}
		return h.showAct(w, r, a, v, ui.NewForm(), 0)
	}
}

func (h *web) act(a act) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := ui.ReadForm(r)
		if err != nil {
			return err
		}
		v, err := h.dir.Agency(r.Context(), r.PathValue("id"), "")
		if err != nil {
			return err
		}
		if err := a.do(r.Context(), h.dir, v, f); err != nil {
			if !f.Keep(err) {
				return err
			}
			return h.showAct(w, r, a, v, f, status(f, err))
		}
		ui.Flash(w, r, "directory.done."+a.name, "name", v.Agency.Name)
		return ui.Back(w, r, "/agencies/"+v.Agency.ID)
	}
}

func (h *web) showAct(w http.ResponseWriter, r *http.Request, a act, v View, f *ui.Form, st int) error {
	all, err := h.dir.Choices(r.Context(), v.Day)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "directory."+a.name+".title")
	return show(w, r, "/agencies", title, st, actPage(a, v, f, a.fields(v, all, f)), v.Agency.Name, "/agencies/"+v.Agency.ID)
}

func (h *web) aliasOff(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	id, alias := r.PathValue("id"), f.Text("alias")
	if err := h.dir.RemoveAlias(r.Context(), id, alias); err != nil {
		return err
	}
	ui.Flash(w, r, "directory.done.alias_off", "name", alias)
	return ui.Back(w, r, "/agencies/"+id)
}

func (h *web) newForm(w http.ResponseWriter, r *http.Request) error {
	return h.showNew(w, r, ui.NewForm("parent", r.URL.Query().Get("parent"), "kind", string(org.Department)), 0)
}

func (h *web) showNew(w http.ResponseWriter, r *http.Request, f *ui.Form, st int) error {
	all, err := h.dir.Choices(r.Context(), h.dir.today())
	if err != nil {
		return err
	}
	return show(w, r, "/agencies", i18n.T(r.Context(), "directory.new.title"), st, newAgency(f, all))
}

func (h *web) create(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	n := org.New{
		Code: f.Text("code"), Name: f.Text("name"), ShortName: f.Text("short_name"), Kind: org.Kind(f.Text("kind")), ParentID: f.Text("parent"),
		ValidFrom: f.Day("valid_from"), ValidTo: f.Day("valid_to"), Sample: f.Bool("sample"),
	}
	err = f.Err()
	var a org.Agency
	if err == nil {
		a, err = h.dir.Create(r.Context(), n)
	}
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		return h.showNew(w, r, f, status(f, err))
	}
	ui.Flash(w, r, "directory.done.new", "name", a.Name)
	return ui.Back(w, r, "/agencies/"+a.ID)
}

func nameTable(ctx context.Context, v View) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.names.caption"),
		Columns: []ui.Column{{Head: i18n.T(ctx, "directory.names.text")}, {Head: i18n.T(ctx, "directory.names.kind")}, {Head: i18n.T(ctx, "directory.col.valid")}},
	}
	if v.Changeable {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "directory.col.act"), Hidden: true})
	}
	for _, n := range v.Names {
		if n.Kind == "generated" {
			continue
		}
		row := ui.Row{Cells: []ui.Cell{ui.Txt(n.Text), ui.Txt(i18n.T(ctx, "directory.names."+n.Kind)), ui.Txt(span(ctx, n.FromDay, n.ToDay))}}
		if v.Changeable {
			c := ui.Cell{}
			if n.Kind == "alias" {
				c.Body = ui.PostButton("/agencies/"+v.Agency.ID+"/alias-off", ui.Btn{Text: i18n.T(ctx, "directory.alias.off"), Small: true, Label: i18n.T(ctx, "directory.alias.off_what", "name", n.Text)}, "alias", n.Text)
			}
			row.Cells = append(row.Cells, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func headTable(ctx context.Context, v View) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.heads.caption"),
		Columns: []ui.Column{{Head: i18n.T(ctx, "directory.heads.person")}, {Head: i18n.T(ctx, "directory.heads.post")}, {Head: i18n.T(ctx, "directory.heads.span")}},
	}
	for _, p := range v.Heads {
		post := p.PostTitle
		if p.Acting {
			post = i18n.T(ctx, "directory.heads.acting", "post", post)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(p.PersonName), ui.Txt(post), ui.Txt(span(ctx, p.FromDay, p.ToDay))}})
	}
	return t
}

func successionTable(ctx context.Context, caption string, all []Succession) ui.Table {
	t := ui.Table{
		Caption: caption,
		Columns: []ui.Column{{Head: i18n.T(ctx, "directory.col.name")}, {Head: i18n.T(ctx, "directory.col.field")}, {Head: i18n.T(ctx, "directory.col.from_day")}},
	}
	for _, s := range all {
		field := fieldName(ctx, s.Field)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: s.Agency.Name, URL: "/agencies/" + s.Agency.ID, Sub: s.Agency.Code}, ui.Txt(field), ui.Txt(i18n.Day(ctx, s.Day)),
		}})
	}
	return t
}

func childTable(ctx context.Context, v View) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.children.caption", "day", i18n.Day(ctx, v.Day)),
		Columns: []ui.Column{{Head: i18n.T(ctx, "directory.col.name")}, {Head: i18n.T(ctx, "directory.col.code")}, {Head: i18n.T(ctx, "directory.col.kind")}},
	}
	for i, a := range v.Children {
		if i == childrenShown {
			break
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Go(a.Name, "/agencies/"+a.ID), {Text: a.Code, Code: true}, {Text: kindName(ctx, a.Kind), Mute: true}}})
	}
	return t
}

// childrenShown is how many agencies below one its page lists; the tree shows all.
const childrenShown = 20

// facts are the lines beside an agency.
func facts(ctx context.Context, v View) []ui.SumLine {
	change := func(name string) string {
		if !v.Changeable {
			return ""
		}
		return "/agencies/" + v.Agency.ID + "/" + name
	}
	a := v.Agency
	lines := []ui.SumLine{
		{Term: i18n.T(ctx, "directory.col.name"), Text: a.Name, ChangeURL: change("rename")},
		{Term: i18n.T(ctx, "directory.fact.short"), Text: a.ShortName, ChangeURL: change("edit")},
		{Term: i18n.T(ctx, "directory.col.code"), Text: a.Code, ChangeURL: change("recode")},
		{Term: i18n.T(ctx, "directory.col.kind"), Text: kindName(ctx, a.Kind), ChangeURL: change("edit")},
		{Term: i18n.T(ctx, "directory.col.valid"), Text: span(ctx, a.ValidFrom, a.ValidTo), ChangeURL: change("edit")},
		{Term: i18n.T(ctx, "directory.col.parent"), Text: i18n.T(ctx, "directory.fact.top"), ChangeURL: change("move")},
	}
	if v.HasParent {
		lines[5].Text, lines[5].Body = "", ui.Links([]ui.Link{{Text: v.Parent.Name, URL: "/agencies/" + v.Parent.ID}})
	}
	return lines
}

// headWords says who heads the agency on the day.
func headWords(ctx context.Context, v View) string {
	if !v.HasHead {
		return i18n.T(ctx, "directory.head.none")
	}
	return i18n.T(ctx, "directory.head.is", "name", v.Head.PersonName, "post", v.Head.PostTitle, "day", i18n.Day(ctx, v.Head.FromDay))
}

func agencyLinks(all []org.Agency) []ui.Link {
	out := make([]ui.Link, len(all))
	for i, a := range all {
		out[i] = ui.Link{Text: a.Name, URL: "/agencies/" + a.ID}
	}
	return out
}

func workStats(ctx context.Context, work []Count) []ui.SumLine {
	var out []ui.SumLine
	for _, c := range work {
		out = append(out, ui.SumLine{Term: workName(ctx, c.Kind), Text: i18n.T(ctx, "directory.work.count", "n", i18n.Number(ctx, int64(c.N)), "late", i18n.Number(ctx, int64(c.Late)))})
	}
	return out
}

// workName is what a room calls its work; the stored word where no file names it.
func workName(ctx context.Context, kind string) string {
	if key := "directory.work." + kind; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return kind
}

func accountChoices(all []person) []ui.Choice {
	var out []ui.Choice
	for _, p := range all {
		out = append(out, ui.Choice{Value: p.ID, Text: p.Name})
	}
	return out
}

// heldVersion is the version that the reader saw: of the form that came back, else the
// record's. A stale form stays stale until it is opened again.
func heldVersion(f *ui.Form, v View) string {
	if f.Has("version") {
		return f.Text("version")
	}
	return strconv.FormatInt(v.Agency.Version, 10)
}
