package pages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/dossier"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// shape says which fields the form of a move has. Every move has a page of its own, so
// that nobody acts by a slip of the hand and everything works without script.
type shape struct {
	reason, text, document, number bool // number: of a result, with day, title and file
	until, due, agency, file       bool
	steps                          string // "open", "done": which step
	missing, papers                bool   // which papers lack; papers that come
	way, paper, online             bool
	danger                         bool
	textMust                       bool
}

var shapes = map[string]shape{
	"receive": {}, "refuse": {reason: true, danger: true}, "ask_supplement_before_receipt": {reason: true, missing: true, until: true},
	"hand_over": {}, "take": {steps: "open"}, "advance": {steps: "open", text: true}, "send_back": {steps: "done", reason: true}, "recall": {reason: true},
	"coordinate": {agency: true, text: true, textMust: true, due: true}, "give_opinion": {text: true, textMust: true, file: true},
	"ask_supplement": {reason: true, missing: true, until: true}, "supply": {papers: true}, "close_no_supplement": {danger: true},
	"ask_payment": {reason: true}, "pay": {online: true}, "approve": {number: true}, "reject": {reason: true, number: true, danger: true},
	"hand_to_counter": {}, "return_result": {way: true}, "withdraw": {reason: true, danger: true}, "stop": {reason: true, document: true, file: true, danger: true},
	"correct": {reason: true, number: true}, "apologise": {reason: true, due: true}, "transfer": {agency: true, reason: true, document: true}, "recount": {reason: true},
	"note": {text: true, textMust: true}, "digitise": {paper: true, file: true},
}

func hasForm(move string) bool { _, there := shapes[move]; return there }

type actView struct {
	dossier.View
	Move     string
	Shape    shape
	Form     *ui.Form
	Agencies []org.Agency
	Now      time.Time
}

func (v actView) title(ctx context.Context) string { return i18n.T(ctx, "move.dossier."+v.Move) }

func (h *web) actForm(w http.ResponseWriter, r *http.Request) error {
	return h.showAct(w, r, ui.NewForm(), 0)
}

// findAct reads the dossier and refuses a move that its reader cannot make now.
func (h *web) findAct(r *http.Request) (v actView, err error) {
	v = actView{Move: r.PathValue("move"), Now: h.Dossiers.Clock()}
	s, known := shapes[v.Move]
	if !known {
		return v, errs.New(errs.NotFound, "dossierweb.act_unknown")
	}
	v.Shape = s
	if v.View, err = h.Dossiers.Get(r.Context(), r.PathValue("code")); err == nil && s.agency {
		v.Agencies, err = h.Dossiers.Agencies(r.Context())
	}
	return v, err
}

func (h *web) showAct(w http.ResponseWriter, r *http.Request, f *ui.Form, status int) error {
	v, err := h.findAct(r)
	if err != nil {
		return err
	}
	if !v.Can[v.Move] && status == 0 {
		ui.Flash(w, r, "dossierweb.not_now")
		return ui.Back(w, r, pathOf(v.Code))
	}
	v.Form = f
	title := v.title(r.Context())
	return show(w, r, title, status, actPage(v), ui.Crumb{Text: v.Code, URL: pathOf(v.Code)}, ui.Crumb{Text: title})
}

func (h *web) act(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.findAct(r)
	if err != nil {
		return err
	}
	in, err := h.readAct(r, f, v)
	if err == nil {
		_, err = h.Dossiers.Move(r.Context(), v.Code, in)
	}
	if err == nil {
		ui.Flash(w, r, "dossierweb.did", "act", v.title(r.Context()))
		return ui.Back(w, r, pathOf(v.Code))
	}
	if !f.Keep(err) {
		return err
	}
	return h.showAct(w, r, f, f.StatusFor(err))
}

// readAct reads the form of a move; an upload is kept on the way.
func (h *web) readAct(r *http.Request, f *ui.Form, v actView) (in dossier.Act, err error) {
	s := v.Shape
	in = dossier.Act{Move: v.Move, Version: f.Version(), Reason: f.Long("reason"), Text: f.Long("text"), Document: f.Text("document"), Agency: f.Text("agency"), Way: f.Text("way"),
		TakenBy: f.Text("taken_by"), Waybill: f.Text("waybill"), Online: f.Bool("online")}
	if s.steps != "" && f.Has("step") {
		in.Step = int(f.Int("step"))
	}
	if s.until && f.Text("until") != "" {
		in.Until = f.Day("until")
	}
	if s.due && f.Text("due_day") != "" {
		in.Due, err = dueOf(f)
		if err != nil {
			return in, err
		}
	}
	if s.missing {
		if names := f.All("missing"); len(names) > 0 {
			in.Reason = strings.TrimSpace(i18n.T(r.Context(), "dossierweb.missing_line", "list", strings.Join(names, "; ")) + "\n" + in.Reason)
		}
	}
	if s.paper {
		in.Paper, in.Mark = int(f.Int("paper")), int(f.Int("mark"))
	}
	if s.file || s.number {
		if in.File, err = h.upload(r, "file", v.title(r.Context())+" "+v.Code); err != nil {
			return in, err
		}
	}
	if s.number {
		in.Result = dossier.ResultInput{Number: f.Text("number"), Title: f.Text("title"), File: in.File}
		if f.Text("day") != "" {
			in.Result.Day = f.Day("day")
		}
	}
	if s.papers {
		if in.Papers, err = h.readSupply(r, f, v); err != nil {
			return in, err
		}
	}
	return in, f.Err()
}

// dueOf reads a day and an hour as one moment in Vietnam.
func dueOf(f *ui.Form) (time.Time, error) {
	day := f.Day("due_day")
	if err := f.Err(); err != nil {
		return time.Time{}, err
	}
	hour := f.Text("due_time")
	if hour == "" {
		hour = "17:00"
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+hour, clock.Vietnam)
	if err != nil {
		return t, errs.OnField("due_time", "dossierweb.time_unreadable")
	}
	return t, nil
}

// readSupply reads the papers that came for a supplement.
func (h *web) readSupply(r *http.Request, f *ui.Form, v actView) (list []dossier.PaperInput, err error) {
	for i := range len(v.Terms.Components) + paperRows {
		n := "paper_" + strconv.Itoa(i) + "_"
		p := dossier.PaperInput{Originals: int(f.Int(n + "originals")), Certified: int(f.Int(n + "certified")), Copies: int(f.Int(n + "copies"))}
		if i < len(v.Terms.Components) {
			p.Component = v.Terms.Components[i].Code
		} else {
			p.Name = f.Text(n + "name")
		}
		if p.File, err = h.upload(r, n+"file", v.Code); err != nil {
			return nil, err
		}
		if p.File != "" {
			p.Digitised = 1
		}
		if p.Originals+p.Certified+p.Copies > 0 || p.File != "" {
			list = append(list, p)
		}
	}
	return list, nil
}

// stepChoices are the steps that the move may name.
func (v actView) stepChoices() (list []ui.Choice) {
	seen := map[int]bool{}
	for _, r := range v.Runs {
		open := r.End == "" && r.DoneMs == 0
		if seen[r.No] || (v.Shape.steps == "open") != open {
			continue
		}
		seen[r.No] = true
		list = append(list, ui.Choice{Value: strconv.Itoa(r.No), Text: strconv.Itoa(r.No) + ". " + capital(r.Do), Hint: r.Actor})
	}
	return list
}

func (v actView) agencies() []ui.Choice {
	list := make([]ui.Choice, 0, len(v.Agencies))
	for _, a := range v.Agencies {
		if a.ID != v.Competent {
			list = append(list, ui.Choice{Value: a.Code, Text: a.Name})
		}
	}
	return list
}

// missingChoices are the papers that the procedure asks for, those that came left out.
func (v actView) missingChoices() (list []ui.Choice) {
	for _, c := range v.Terms.Components {
		if !slices.ContainsFunc(v.Papers, func(p dossier.Paper) bool { return p.Component == c.Code }) {
			list = append(list, ui.Choice{Value: c.Name, Text: c.Name})
		}
	}
	return list
}

func (v actView) paperChoices() (list []ui.Choice) {
	for _, p := range v.Papers {
		list = append(list, ui.Choice{Value: strconv.Itoa(p.No), Text: p.Name})
	}
	return list
}

func (v actView) kind() string {
	if v.Shape.danger {
		return ui.Danger
	}
	return ui.Primary
}

func (v actView) facts(ctx context.Context) []ui.SumLine {
	list := []ui.SumLine{{Term: i18n.T(ctx, "dossierweb.col.code"), Text: v.Code}, {Term: i18n.T(ctx, "dossierweb.col.procedure"), Text: v.ProcedureName},
		{Term: i18n.T(ctx, "dossierweb.fact.owner"), Text: v.Owner.Name}}
	if v.DueMs > 0 {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "dossierweb.col.due"), Text: moment(ctx, v.DueMs)})
	}
	return list
}
