package plan

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// maxEvidence is the largest document of an upload, 20 MiB; the form around it may
// take a little more.
const (
	maxEvidence = 20 << 20
	maxUpload   = maxEvidence + 256<<10
)

// actView is the form of one act on an assignment.
type actView struct {
	Act      string // a move, "remind", "ask_extension", "decide", "input" or "period"
	Action   string // address that it posts to
	Version  int64  // of the assignment, the period item or the extension
	Page     AssignmentPage
	Form     *ui.Form
	Officers []Named
	Kept     []file.Document // documents of the upload before
	Period   PeriodItem
	Wish     Extension
}

func (v actView) title(ctx context.Context) string {
	return i18n.T(ctx, "planweb.do."+v.Act+"_title", "period", v.Period.Key)
}

// takesFile says whether the form has a place for a document.
func (v actView) takesFile() bool {
	return v.Act == "progress" || v.Act == "submit" || v.Act == "input" || v.Act == "period"
}

func (v actView) encoding() string {
	if v.takesFile() {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

func (v actView) kind() string {
	if v.Act == "pause" || v.Act == "return" {
		return ui.Danger
	}
	return ui.Primary
}

// wish is what an extension asks for.
func (v actView) wish(ctx context.Context) []ui.SumLine {
	return []ui.SumLine{{Term: i18n.T(ctx, "planweb.col.day_old"), Text: i18n.Day(ctx, v.Wish.OldDay)},
		{Term: i18n.T(ctx, "planweb.col.day_asked"), Text: i18n.Day(ctx, v.Wish.NewDay)},
		{Term: i18n.T(ctx, "planweb.fact.original"), Text: i18n.Day(ctx, v.Page.Assignment.OriginalDue)},
		{Term: i18n.T(ctx, "planweb.col.reason"), Text: v.Wish.Reason}}
}

func (v actView) steps(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, m := range v.Page.Task.Milestones {
		if v.Page.Reached[m.ID] == "" {
			list = append(list, ui.Choice{Value: m.ID, Text: m.Name, Hint: i18n.T(ctx, "planweb.step_hint", "day", m.DueDay, "weight", m.Weight)})
		}
	}
	return list
}

func peopleChoices(list []Named) []ui.Choice {
	out := make([]ui.Choice, len(list))
	for i, n := range list {
		out[i] = ui.Choice{Value: n.ID, Text: n.Name}
	}
	return out
}

// levels are the rungs of the escalation ladder (plan.md section 6).
func levels(ctx context.Context) []ui.Choice {
	list := make([]ui.Choice, 0, 6)
	for n := 1; n <= 6; n++ {
		list = append(list, ui.Choice{Value: strconv.Itoa(n), Text: i18n.T(ctx, "planweb.level."+strconv.Itoa(n))})
	}
	return list
}

func evidenceTypes() string { return "." + strings.Join(file.Extensions(), ",.") }

// acting is one act: how its form is found and what sending it does.
type acting struct {
	act  string
	find func(ctx context.Context, id string) (actView, error)
	do   func(ctx context.Context, v actView, f *ui.Form, r Report) error
}

// show answers GET with the form. Who may not act now is led to the assignment, whose
// page says why; whether the record is seen at all was decided by find.
func (h *pages) show(a acting) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		v, err := a.find(ctx, r.PathValue("id"))
		if err != nil {
			return err
		}
		if !v.Page.offers(a.needs()) {
			ui.Flash(w, r, "planweb.not_now")
			return ui.Back(w, r, v.Page.path())
		}
		v.Form = ui.NewForm()
		return h.renderAct(w, r, a, v, http.StatusOK)
	}
}

// needs is the offer of the assignment's page under which an act stands.
func (a acting) needs() string {
	if a.act == "period" {
		return "progress"
	}
	return a.act
}

func (h *pages) renderAct(w http.ResponseWriter, r *http.Request, a acting, v actView, status int) error {
	ctx := r.Context()
	v.Action = r.URL.Path
	if a.act == "acknowledge" {
		list, err := h.plan.Officers(ctx, v.Page.Assignment.ID)
		if err != nil {
			return err
		}
		v.Officers = list
	}
	page := assignmentFrame(ctx, v.Page, v.title(ctx))
	page.Status = status
	return ui.Render(w, r, page, actPage(v))
}

// take answers POST: keeps the document first, then acts. A refusal that belongs to the
// form shows it again, 422 for what is to be corrected, 409 for a form gone stale.
func (h *pages) take(a acting) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f, err := ui.ReadForm(r)
		if err != nil {
			return err
		}
		v, err := a.find(ctx, r.PathValue("id"))
		if err != nil {
			return err
		}
		fresh := v.Version
		v.Form, v.Version = f, f.Version()
		report := Report{Percent: int(f.Int("percent")), Text: f.Long("text"), Difficulty: f.Long("difficulty"), Proposal: f.Long("proposal"),
			Document: f.Text("document"), Reached: f.All("reached")}
		day := f.Day("file_day")
		if err = f.Err(); err == nil && v.takesFile() {
			v.Kept, err = h.keep(r, f, v, day)
		}
		for _, d := range v.Kept {
			report.Evidence = append(report.Evidence, d.ID)
		}
		if err == nil {
			err = a.do(ctx, v, f, report)
		}
		if err == nil {
			ui.Flash(w, r, "planweb.did."+a.act)
			return ui.Back(w, r, v.Page.path())
		}
		if !f.Keep(err) {
			return err
		}
		v.Version = fresh // what the reader sees now; a stale form is read again before it is sent again
		return h.renderAct(w, r, a, v, ui.Status(errs.KindOf(err)))
	}
}

// keep stores the upload of a form before anything is written about it, or finds the
// one that an earlier try kept.
func (h *pages) keep(r *http.Request, f *ui.Form, v actView, day string) ([]file.Document, error) {
	ctx := r.Context()
	var kept []file.Document
	for _, id := range f.All("kept") {
		d, err := h.plan.OwnDocument(ctx, v.Page.Assignment.ID, id)
		if err != nil {
			return nil, err
		}
		kept = append(kept, d)
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) == 0 || !v.Page.offers(acting{act: v.Act}.needs()) {
		return kept, nil
	}
	head := r.MultipartForm.File["file"][0]
	in, err := head.Open()
	if err != nil {
		return kept, ui.BadForm(err)
	}
	defer in.Close()
	blob, err := h.files.Save(ctx, in, head.Filename, maxEvidence)
	if err != nil {
		return kept, onField("file", err)
	}
	d := file.Document{SHA256: blob.SHA256, Name: blob.Name, Title: f.Text("file_title"), Number: f.Text("file_number"), IssuedDay: day,
		Issuer: v.Page.AgencyName, Kind: "evidence"}
	if d.ID, err = h.plan.KeepDocument(ctx, v.Page.Assignment.ID, d); err != nil {
		return kept, err
	}
	return append(kept, d), nil
}

// onField ties refusals of another package to a field of the form.
func onField(name string, err error) error {
	all := errs.All(err)
	if len(all) == 0 {
		return err
	}
	var l errs.List
	for _, e := range all {
		at := *e
		at.Field = name
		l = append(l, &at)
	}
	return l.Err()
}

// onAssignment finds the form of an act by the id of its assignment.
func (h *pages) onAssignment(act string) func(ctx context.Context, id string) (actView, error) {
	return func(ctx context.Context, id string) (actView, error) {
		p, err := h.plan.AssignmentPage(ctx, id)
		return actView{Act: act, Page: p, Version: p.Assignment.Version}, err
	}
}
