package directory

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// The steps of the wizard. Each is a page with an address: nothing is kept between
// them but what the address or the form says, so the way back is the browser's.
const (
	stepKind = "kind" // which change, on which day
	stepFrom = "from" // who ends
	stepTo   = "to"   // who takes over
	stepLast = "minutes"
)

type wizardView struct {
	Step   string
	Form   *ui.Form
	Change org.Change
	Day    string
	From   []org.Agency // chosen so far
	To     []org.Agency
	Found  List // what the search of this step found
	Plan   *Plan
}

// readWizard reads the choices made so far.
func (h *web) readWizard(r *http.Request, f *ui.Form) (wizardView, error) {
	v := wizardView{Form: f, Step: f.Text("step"), Change: org.Change(f.Text("change")), Day: f.Day("day")}
	if !slices.Contains([]string{stepFrom, stepTo, stepLast}, v.Step) {
		v.Step = stepKind
	}
	for name, list := range map[string]*[]org.Agency{"from": &v.From, "to": &v.To} {
		for _, id := range f.All(name) {
			if slices.ContainsFunc(*list, func(a org.Agency) bool { return a.ID == id }) {
				continue
			}
			a, err := h.dir.Agency(r.Context(), id, "")
			if err != nil {
				return v, err
			}
			*list = append(*list, a.Agency)
		}
	}
	return v, nil
}

// faults says what a step still lacks; the wizard stays on that step.
func (v *wizardView) faults() error {
	var all errs.List
	all = append(all, errs.All(v.Form.Err())...)
	if v.Step == stepKind {
		return all.Err()
	}
	if !slices.Contains([]org.Change{org.Merge, org.Split, org.Dissolve}, v.Change) {
		all = append(all, errs.OnField("change", "directory.change_missing"))
	}
	if v.Day == "" && v.Form.Err() == nil {
		all = append(all, errs.OnField("day", "directory.day_missing"))
	}
	switch {
	case len(all) > 0:
		v.Step = stepKind
	case v.Step != stepFrom && len(v.From) == 0:
		v.Step = stepFrom
		all = append(all, errs.OnField("from", "org.nothing_ends"))
	case v.Step == stepLast && len(v.To) == 0:
		v.Step = stepTo
		all = append(all, errs.OnField("to", "org.successor_missing"))
	case v.Step == stepLast && v.Change == org.Merge && len(v.To) != 1, v.Step == stepLast && v.Change == org.Split && len(v.To) < 2:
		v.Step = stepTo
		all = append(all, errs.OnField("to", "org.successors_do_not_fit", "change", string(v.Change), "count", len(v.To)))
	}
	return all.Err()
}

func (h *web) wizard(w http.ResponseWriter, r *http.Request) error {
	f := ui.Query(r)
	v, err := h.readWizard(r, f)
	if err != nil {
		return err
	}
	st := 0
	if err := v.faults(); err != nil {
		if !f.Keep(err) {
			return err
		}
		st = f.Status()
	}
	return h.showWizard(w, r, v, st)
}

func (h *web) showWizard(w http.ResponseWriter, r *http.Request, v wizardView, st int) error {
	if v.Step == stepFrom || v.Step == stepTo {
		var err error
		v.Found, err = h.dir.List(r.Context(), Filter{Day: v.listDay(h.dir.today()), Kind: org.Kind(v.Form.Text("kind")), Query: v.Form.Text("q"), Limit: 200})
		if err != nil {
			return err
		}
	}
	return show(w, r, "/agencies", i18n.T(r.Context(), "directory.reorganise.title"), st, wizard(v))
}

// listDay is the day on which the agencies to choose from must exist: that of the change.
func (v wizardView) listDay(today string) string {
	day := v.Day
	if day == "" {
		day = today
	}
	return day
}

// order reads the whole reorganisation from the last step's form.
func order(f *ui.Form) (org.Reorganisation, error) {
	r := org.Reorganisation{
		Change: org.Change(f.Text("change")), From: f.All("from"), Day: f.Day("day"), Number: f.Text("number"), SignedDay: f.Day("signed_day"),
		GiverSigner: f.Text("giver_signer"), TakerSigner: f.Text("taker_signer"), LegalBasis: f.Text("legal_basis"), Choose: map[string]string{},
	}
	for _, from := range r.From {
		for _, to := range f.All("to") {
			if f.Has("pairs") && !f.Bool("pair_"+from+"_"+to) {
				continue
			}
			r.Successors = append(r.Successors, org.Successor{From: from, To: to, Field: f.Text("field_" + from + "_" + to)})
		}
	}
	for _, key := range f.All("choice") {
		r.Choose[key] = f.Text("choose_" + key)
	}
	return r, f.Err()
}

// missing asks for the minutes' own words before a preview: the deed needs them.
func missing(r org.Reorganisation) error {
	var all errs.List
	for field, v := range map[string]string{"number": r.Number, "giver_signer": r.GiverSigner, "taker_signer": r.TakerSigner} {
		if strings.TrimSpace(v) == "" {
			all = append(all, errs.OnField(field, "org.minutes_incomplete"))
		}
	}
	slices.SortFunc(all, func(a, b *errs.Error) int { return strings.Compare(a.Field, b.Field) })
	return all.Err()
}

func (h *web) wizardPreview(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	return h.preview(w, r, f, nil)
}

// preview shows the last step, or what it would do; refused is why the reorganisation
// itself was refused, to be shown over the plan.
func (h *web) preview(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) error {
	st := 0
	v, err := h.readWizard(r, f)
	if err != nil {
		return err
	}
	v.Step = stepLast
	err = v.faults()
	var o org.Reorganisation
	if err == nil {
		o, err = order(f)
	}
	if err == nil {
		err = missing(o)
	}
	if err == nil {
		var p Plan
		if p, err = h.dir.Plan(r.Context(), o); err == nil {
			v.Plan, err = &p, refused
		}
	}
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		st = status(f, err)
	}
	return h.showWizard(w, r, v, st)
}

func (h *web) reorganise(w http.ResponseWriter, r *http.Request) error {
	f, err := ui.ReadForm(r)
	if err != nil {
		return err
	}
	o, err := order(f)
	var m org.Minutes
	if err == nil {
		m, err = h.dir.Reorganise(r.Context(), o)
	}
	if err != nil {
		if !f.Keep(err) {
			return err
		}
		// The plan is read anew, so that a choice still missing stands beside its work.
		fresh, unread := ui.ReadForm(r)
		if unread != nil {
			return unread
		}
		return h.preview(w, r, fresh, err)
	}
	ui.Flash(w, r, "directory.done.reorganise", "number", m.Number)
	return ui.Back(w, r, "/handovers/"+m.ID)
}

// wizardSteps shows where the reader is.
func wizardSteps(ctx context.Context, v wizardView) []ui.Step {
	var out []ui.Step
	now := slices.Index([]string{stepKind, stepFrom, stepTo, stepLast}, v.Step)
	for i, s := range []string{stepKind, stepFrom, stepTo, stepLast} {
		tone := "next"
		if i < now {
			tone = "done"
		} else if i == now {
			tone = "now"
		}
		out = append(out, ui.Step{Tone: tone, Title: i18n.T(ctx, "directory.step."+s)})
	}
	return out
}

func changeChoices(ctx context.Context) []ui.Choice {
	var all []ui.Choice
	for _, c := range []org.Change{org.Merge, org.Split, org.Dissolve} {
		all = append(all, ui.Choice{Value: string(c), Text: i18n.T(ctx, "org.change."+string(c)), Hint: i18n.T(ctx, "directory.change."+string(c))})
	}
	return all
}

// pickChoices are the agencies found and not chosen yet.
func pickChoices(ctx context.Context, v wizardView) []ui.Choice {
	var out []ui.Choice
	for _, l := range v.Found.Rows {
		has := func(a org.Agency) bool { return a.ID == l.ID }
		if slices.ContainsFunc(v.From, has) || slices.ContainsFunc(v.To, has) {
			continue
		}
		out = append(out, ui.Choice{Value: l.ID, Text: l.Name, Hint: l.Code + " · " + kindName(ctx, l.Kind)})
	}
	return out
}

func itemTable(ctx context.Context, items []org.Item, names map[string]string, most int) ui.Table {
	t := ui.Table{
		Caption: i18n.T(ctx, "directory.minutes.items"),
		Columns: []ui.Column{
			{Head: i18n.T(ctx, "directory.col.work")},
			{Head: i18n.T(ctx, "directory.col.due")},
			{Head: i18n.T(ctx, "directory.col.gives")},
			{Head: i18n.T(ctx, "directory.col.takes")},
		},
	}
	for i, it := range items {
		if i == most {
			break
		}
		due := "–"
		if it.DueDay != "" {
			due = i18n.Day(ctx, it.DueDay)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: it.Title, Sub: it.Code + " · " + workName(ctx, it.Kind)}, ui.Txt(due), ui.Txt(names[it.From]), ui.Txt(names[it.To]),
		}})
	}
	return t
}

// itemsShown is how much work a preview lists; the counts are of all.
const itemsShown = 200

// split divides the work into what a person must decide and what is settled.
func splitItems(items []org.Item) (open, settled []org.Item) {
	for _, it := range items {
		if len(it.Choices) > 1 || it.To == "" {
			open = append(open, it)
		} else {
			settled = append(settled, it)
		}
	}
	return open, settled
}

func itemKey(it org.Item) string { return it.Kind + ":" + it.ID }

func itemChoices(it org.Item, names map[string]string) []ui.Choice {
	var out []ui.Choice
	for _, id := range it.Choices {
		out = append(out, ui.Choice{Value: id, Text: names[id]})
	}
	return out
}
