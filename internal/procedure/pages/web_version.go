package pages

import (
	"context"
	"net/http"
	"strconv"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/procedure"
	"cchc/internal/ui"
)

// mountVersions opens the pages of one version: reading, writing, publishing.
func (h *web) mountVersions(rt *ui.Router) {
	rt.Handle("GET /procedure-versions/{id}", procedure.RightView, h.version)
	rt.Handle("POST /procedure-versions/{id}/move", procedure.RightEdit, h.move)
	rt.Handle("GET /procedure-versions/{id}/return", procedure.RightPublish, h.returnForm)
	rt.Handle("POST /procedure-versions/{id}/return", procedure.RightPublish, h.giveBack)
	rt.Handle("GET /procedure-versions/{id}/publish", procedure.RightPublish, h.publishForm)
	rt.Handle("POST /procedure-versions/{id}/publish", procedure.RightPublish, h.publish)
	rt.Handle("GET /procedure-versions/{id}/steps.bpmn", procedure.RightView, h.getBPMN)
	rt.Handle("POST /procedure-versions/{id}/bpmn", procedure.RightEdit, h.putBPMN, ui.MaxBytes(3<<20))
	rt.Handle("GET /procedure-versions/{id}/head", procedure.RightEdit, h.headForm)
	rt.Handle("POST /procedure-versions/{id}/head", procedure.RightEdit, h.head)
	rt.Handle("GET /procedure-versions/{id}/rules", procedure.RightEdit, h.rulesForm)
	rt.Handle("POST /procedure-versions/{id}/rules", procedure.RightEdit, h.rules)
	rt.Handle("GET /procedure-versions/{id}/{list}/{n}", procedure.RightEdit, h.lineForm)
	rt.Handle("POST /procedure-versions/{id}/{list}/{n}", procedure.RightEdit, h.line)
	rt.Handle("POST /procedure-versions/{id}/arrange", procedure.RightEdit, h.arrange)
}

// versionView is a version with what its page asks of it.
type versionView struct{ procedure.VersionView }

func (h *web) openVersion(ctx context.Context, id string) (versionView, error) {
	v, err := h.s.OpenVersion(ctx, id)
	return versionView{v}, err
}

func (v versionView) path() string { return "/procedure-versions/" + v.ID }

func (v versionView) version() string { return strconv.FormatInt(v.Version.Version, 10) }

func (v versionView) blocked() bool { b, _ := procedure.Stands(v.Findings); return b }

func (v versionView) unknown() bool { _, u := procedure.Stands(v.Findings); return u }

func (h *web) version(w http.ResponseWriter, r *http.Request) error {
	return h.showVersion(w, r, ui.NewForm(), 0)
}

func (h *web) showVersion(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.openVersion(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return show(w, r, v.Content.Name, status, versionPage(v, f), v.crumbs(r.Context(), "")...)
}

// crumbs leads from the catalogue to a version and to a page of it.
func (v versionView) crumbs(ctx context.Context, here string) []ui.Crumb {
	list := []ui.Crumb{{Text: v.Content.Name, URL: "/catalogue/" + v.Of.Key}, {Text: i18n.T(ctx, "procedure.version_n", "n", strconv.FormatInt(v.No, 10))}}
	if here != "" {
		list[1].URL = v.path()
		list = append(list, ui.Crumb{Text: here})
	}
	return list
}

// act does something with a version that needs no page of its own.
func (h *web) act(w http.ResponseWriter, r *http.Request, did string, do func(ctx context.Context, id string, version int64, f *ui.Form) error) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = do(r.Context(), r.PathValue("id"), version, f)
	}
	if f.Keep(err) {
		return h.showVersion(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, did)
	return ui.Back(w, r, "/procedure-versions/"+r.PathValue("id")+f.Text("at"))
}

func (h *web) move(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "procedure.did.move", func(ctx context.Context, id string, version int64, f *ui.Form) error {
		if f.Text("move") == "return" { // asks for a reason on a page of its own
			return errs.New(errs.Invalid, "procedure.wrong_state", "state", "", "move", "return")
		}
		_, err := h.s.Move(ctx, id, version, f.Text("move"), "")
		return err
	})
}

func (h *web) returnForm(w http.ResponseWriter, r *http.Request) error {
	return h.showReturn(w, r, ui.NewForm(), 0)
}

func (h *web) showReturn(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.openVersion(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "move.procedure.return")
	return show(w, r, title, status, returnPage(v, f, title), v.crumbs(r.Context(), title)...)
}

func (h *web) giveBack(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		_, err = h.s.Move(r.Context(), r.PathValue("id"), version, "return", f.Long("reason"))
	}
	if f.Keep(err) {
		return h.showReturn(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "procedure.did.move")
	return ui.Back(w, r, "/procedure-versions/"+r.PathValue("id"))
}

func (h *web) publishForm(w http.ResponseWriter, r *http.Request) error {
	return h.showPublish(w, r, ui.NewForm(), 0)
}

func (h *web) showPublish(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.openVersion(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "move.procedure.publish")
	return show(w, r, title, status, publishPage(v, f, title, h.s.Today()), v.crumbs(r.Context(), title)...)
}

func (h *web) publish(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	version := f.Version()
	n := procedure.Announcement{From: f.Day("from"), Decision: f.Text("decision"), DecisionDay: f.Day("decision_day"), AcceptUnknown: f.Bool("accept_unknown")}
	if f.Text("effective_day") != "" {
		n.EffectiveDay = f.Day("effective_day")
	}
	if err = f.Err(); err == nil && !f.Bool("sure") {
		err = errs.OnField("sure", "procedure.confirm_first")
	}
	if err == nil {
		_, err = h.s.Publish(r.Context(), r.PathValue("id"), version, n)
	}
	if f.Keep(err) {
		return h.showPublish(w, r, f, f.StatusFor(err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, "procedure.did.publish")
	return ui.Back(w, r, "/procedure-versions/"+r.PathValue("id"))
}

func (h *web) getBPMN(w http.ResponseWriter, r *http.Request) error {
	v, err := h.openVersion(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	chosen, found := v.Content.VariantOf(r.URL.Query().Get("case"))
	if !found || len(chosen.Steps) == 0 {
		return errs.New(errs.NotFound, "procedure.no_steps", "name", v.Content.Name)
	}
	return sendBPMN(w, v.Of.Key, v.Content.Name, chosen.Steps)
}

// marks writes how sure what a version says is, one line a mark with what it is about.
func marks(ctx context.Context, c procedure.Content) (list []ui.SumLine) {
	for _, m := range procedure.Marks {
		n := 0
		for _, e := range c.Evidence {
			if e.Mark == m {
				n++
			}
		}
		if n > 0 {
			list = append(list, ui.SumLine{Term: i18n.T(ctx, "procedure.mark."+string(m)), Text: i18n.T(ctx, "procedure.mark_n", "n", strconv.Itoa(n))})
		}
	}
	return list
}

// rulesLines are the rules of a version in a few lines.
func rulesLines(ctx context.Context, v versionView) []ui.SumLine {
	c := v.Content
	edit := func(url string) string {
		if v.Can["write"] {
			return v.path() + url
		}
		return ""
	}
	list := []ui.SumLine{
		{Term: i18n.T(ctx, "procedure.line.code"), Text: word(ctx, "", c.Code), ChangeURL: edit("/head#f-code")},
		{Term: i18n.T(ctx, "procedure.line.field"), Text: word(ctx, "", c.Field), ChangeURL: edit("/head#f-field")},
		{Term: i18n.T(ctx, "procedure.line.level"), Text: word(ctx, "procedure.level.", string(c.Level)), ChangeURL: edit("/head#f-level")},
		{Term: i18n.T(ctx, "procedure.line.authority"), Text: word(ctx, "", c.Authority), ChangeURL: edit("/head#f-authority")},
		{Term: i18n.T(ctx, "procedure.line.applicants"), Text: word(ctx, "", c.Applicants), ChangeURL: edit("/head#f-applicants")},
		{Term: i18n.T(ctx, "procedure.line.channels"), Text: waysWords(ctx, c), ChangeURL: edit("/head#f-channels")},
		{Term: i18n.T(ctx, "procedure.line.limit"), Text: procedure.LimitWords(ctx, c.Limit), ChangeURL: edit("/rules#f-limit_amount")},
		{Term: i18n.T(ctx, "procedure.line.notice"), Text: procedure.LimitWords(ctx, c.SupplementNotice), ChangeURL: edit("/rules#f-notice_amount")},
		{Term: i18n.T(ctx, "procedure.line.service"), Text: word(ctx, "procedure.service.", c.ServiceLevel), ChangeURL: edit("/rules#f-service")},
		{Term: i18n.T(ctx, "procedure.line.pays"), Text: word(ctx, "procedure.pays.", c.Pays), ChangeURL: edit("/rules#f-pays")},
	}
	if v.State == procedure.InUse {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "procedure.col.days"), Text: daysWords(ctx, v.From, v.To)},
			ui.SumLine{Term: i18n.T(ctx, "procedure.col.decision"), Text: v.Decision + ", " + i18n.Day(ctx, v.DecisionDay)},
			ui.SumLine{Term: i18n.T(ctx, "procedure.digest"), Text: v.Digest})
	}
	return list
}
