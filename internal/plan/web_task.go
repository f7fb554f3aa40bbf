package plan

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/ui"
)

// taskPageView is the page of a task as asked for.
type taskPageView struct {
	TaskPage
	On    string
	Urges bool
	Area  string
}

func (h *pages) task(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	t, err := h.plan.TaskPage(ctx, r.PathValue("id"), day)
	if err != nil {
		return err
	}
	areas, err := h.plan.Areas(ctx)
	if err != nil {
		return err
	}
	v := taskPageView{TaskPage: t, On: day, Urges: identity.From(ctx).Has(RightUrge), Area: areaName(areas, t.Task.Area)}
	page := ui.Page{Title: t.Task.Code + ". " + t.Task.Content, Face: ui.Desk, Active: "/plan", Crumbs: []ui.Crumb{crumbOf(ctx, t.Plan),
		{Text: v.Area, URL: urlOf("/plan/"+t.Plan.ID, "area", strconv.Itoa(t.Task.Area)) + "#tasks"}, {Text: t.Task.Code}}}
	return ui.Render(w, r, page, taskPage(v))
}

// six are the six clarities (sáu rõ): person, job, product, time, responsibility, authority.
func (v taskPageView) six(ctx context.Context) []ui.SumLine {
	due := i18n.Day(ctx, v.Task.finalDay())
	if f := v.Row.Facts; f.TaskID != "" && f.DueDay != NoDay {
		if due = i18n.Day(ctx, f.DueDay); f.OriginalDay != f.DueDay {
			due += " " + i18n.T(ctx, "planweb.original_in", "day", f.OriginalDay)
		}
	} else if v.Task.finalDay() == NoDay {
		due = v.Task.DeadlineText
	}
	return []ui.SumLine{
		{Term: i18n.T(ctx, "planweb.six.person"), Text: v.head(ctx)},
		{Term: i18n.T(ctx, "planweb.six.job"), Text: v.Task.Content},
		{Term: i18n.T(ctx, "planweb.six.product"), Text: v.Task.Product},
		{Term: i18n.T(ctx, "planweb.six.time"), Text: due},
		{Term: i18n.T(ctx, "planweb.six.duty"), Text: v.duty(ctx)},
		{Term: i18n.T(ctx, "planweb.six.power"), Text: i18n.T(ctx, "planweb.six.power_text", "agency", v.approvers(ctx))},
	}
}

// head names who is accountable: one person, or the heads of the addressees.
func (v taskPageView) head(ctx context.Context) string {
	if v.Task.FanOut == PerAgency {
		return i18n.T(ctx, "planweb.six.heads", "n", v.Row.Facts.Agencies)
	}
	for _, a := range v.Assignments {
		if a.Role == Lead && a.Head != "" {
			return a.Head
		}
	}
	return v.Task.HeadText
}

func (v taskPageView) duty(ctx context.Context) string {
	lead := v.LeadName
	if lead == "" {
		lead = v.Task.LeadText
	}
	if v.Task.FanOut == PerAgency {
		lead = i18n.T(ctx, "planweb.each", "n", v.Row.Facts.Agencies)
	}
	words := i18n.T(ctx, "planweb.six.leads", "agency", lead)
	var others []string
	for _, a := range v.Assignments {
		if a.Role == Coordinating {
			others = append(others, a.AgencyName)
		}
	}
	switch {
	case len(others) > 4:
		words += i18n.T(ctx, "planweb.six.many_help", "n", len(others))
	case len(others) > 0:
		words += i18n.T(ctx, "planweb.six.help", "agencies", strings.Join(others, ", "))
	}
	return words
}

// approvers names the agencies that accept: nobody accepts its own work, so a task of
// every agency has two.
func (v taskPageView) approvers(context.Context) string {
	var names []string
	for _, a := range v.Assignments {
		if a.Role == Lead && !slices.Contains(names, a.ApproverName) {
			names = append(names, a.ApproverName)
		}
	}
	if len(names) == 0 {
		return v.Approver
	}
	return strings.Join(names, "; ")
}

// facts are the other particulars of the task.
func (v taskPageView) facts(ctx context.Context) []ui.SumLine {
	t := v.Task
	lines := []ui.SumLine{{Term: i18n.T(ctx, "planweb.col.kind"), Text: i18n.T(ctx, "planweb.kind."+string(t.Kind))},
		{Term: i18n.T(ctx, "planweb.col.deadline_text"), Text: t.DeadlineText},
		{Term: i18n.T(ctx, "planweb.col.plan"), Body: link(v.Plan.Number, "/plan/"+v.Plan.ID)}}
	if t.From != "" {
		lines = slices.Insert(lines, 2, ui.SumLine{Term: i18n.T(ctx, "planyear.from_task"), Body: link(t.Code, "/plan/tasks/"+t.From)})
	}
	fixed := len(lines)
	for key, text := range map[string]string{"funding": t.Funding, "legal_ref": t.LegalRef, "note": t.Note} {
		if text != "" {
			lines = append(lines, ui.SumLine{Term: i18n.T(ctx, "planweb.col."+key), Text: text})
		}
	}
	slices.SortStableFunc(lines[fixed:], func(a, b ui.SumLine) int { return strings.Compare(a.Term, b.Term) })
	return lines
}

// count says how many of the leading agencies are done: "28/31 cơ quan".
func (v taskPageView) count(ctx context.Context) string {
	f := v.Row.Facts
	return i18n.T(ctx, "planweb.count", "done", f.DoneCount, "n", f.Agencies)
}

// milestoneTable is the steps of a task with where each stands.
func (v taskPageView) milestoneTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.milestones"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.milestone")},
		{Head: i18n.T(ctx, "planweb.col.product")}, {Head: i18n.T(ctx, "planweb.col.weight"), Numeric: true}, {Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.state")}}}
	for _, m := range v.Task.Milestones {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(m.Name), {Text: m.Product, Mute: true}, ui.Txt(percentText(m.Weight)),
			ui.Txt(i18n.Day(ctx, m.DueDay)), ui.In(stateOfLook(lookOfStep(ctx, m, v.Reached[m.ID], v.Day)))}})
	}
	return t
}

// lookOfStep says where a milestone stands on a day; a later day of reaching is unknown then.
func lookOfStep(ctx context.Context, m MilestoneStep, reached, day string) mark {
	switch {
	case reached != "" && reached <= day && reached <= m.DueDay:
		return lookOf(ctx, string(DoneOnTime))
	case reached != "" && reached <= day:
		return lookOf(ctx, "late_by", "n", daysBetween(m.DueDay, reached))
	case m.DueDay == NoDay:
		return lookOf(ctx, string(NoDeadline))
	case day > m.DueDay:
		return lookOf(ctx, string(Overdue), "n", daysBetween(m.DueDay, day))
	case daysBetween(day, m.DueDay) <= SoonDays:
		return lookOfSoon(ctx, m.DueDay, day)
	}
	return lookOf(ctx, "ahead")
}

// assignmentTable is the agencies of a task with where each stands.
func (v taskPageView) assignmentTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.assignments"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.agency")},
		{Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.done")}, {Head: i18n.T(ctx, "planweb.col.progress"), Numeric: true},
		{Head: i18n.T(ctx, "planweb.col.state")}, {Head: i18n.T(ctx, "planweb.col.act"), Hidden: true}}}
	for _, a := range v.Assignments {
		if a.Role != Lead {
			continue
		}
		name := ui.Txt(a.AgencyName)
		if v.Sees[a.Agency] {
			name.URL = "/plan/assignments/" + a.ID
		}
		due := ui.Txt(i18n.Day(ctx, a.EffectiveDue))
		if a.EffectiveDue != a.OriginalDue {
			due.Sub = i18n.T(ctx, "planweb.original", "day", a.OriginalDue)
		}
		act := ui.Cell{}
		if v.Urges && v.Sees[a.Agency] && a.Class == Overdue && a.Standing != Submitted && v.Plan.open() {
			act.Body = ui.Button(ui.Btn{Text: i18n.T(ctx, "planweb.act.urge"), URL: "/plan/assignments/" + a.ID + "/urge", Icon: "urge", Small: true,
				Label: i18n.T(ctx, "planweb.urge_what", "agency", a.AgencyName, "code", v.Task.Code)})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, due, ui.Txt(i18n.Day(ctx, a.DoneDay)), ui.Txt(percentText(a.Progress)),
			ui.In(stateOfLook(lookOfAssignment(ctx, a.Assignment, a.Class, v.Day))), act}})
	}
	return t
}

// evidenceItems are documents with what they are; one that the reader may not open is
// named without a link.
func evidenceItems(ctx context.Context, docs []file.Document, proves func(file.Document) string) []ui.EvidenceItem {
	items := make([]ui.EvidenceItem, len(docs))
	for i, d := range docs {
		title := d.Title
		if title == "" {
			title = d.Name
		}
		if d.Number != "" {
			title = d.Number + ": " + title
		}
		kind := strings.ToUpper(d.Name[strings.LastIndexByte(d.Name, '.')+1:])
		items[i] = ui.EvidenceItem{Title: title, URL: "/plan/evidence/" + d.ID, Proves: proves(d),
			Meta: i18n.T(ctx, "planweb.file_meta", "kind", kind, "kb", (d.Size+1023)/1024)}
	}
	return items
}

// steps of the timeline, newest first. proof gives the address of an entry's audit
// proof, "" for none.
func timelineSteps(ctx context.Context, list []Entry, names map[string]string, withAgency bool, proof func(Entry) string) []ui.Step {
	steps := make([]ui.Step, 0, len(list))
	for _, e := range list {
		m := moveLooks[e.Move]
		s := ui.Step{Tone: m.Tone, Icon: m.Icon, Title: i18n.T(ctx, "planweb.move."+e.Move, "percent", e.Percent, "due", e.Due, "period", e.Document)}
		if withAgency && names[e.Agency] != "" {
			s.Title += " – " + names[e.Agency]
		}
		s.At = i18n.Time(ctx, clock.FromMs(e.AtMs))
		for _, more := range []string{e.Name, names[e.ByAgency]} {
			if more != "" {
				s.At += " · " + more
			}
		}
		if e.Document != "" && e.Move != "accept_period" {
			s.At += " · " + i18n.T(ctx, "planweb.document", "number", e.Document)
		}
		s.Body = entryBody(e, proof(e))
		steps = append(steps, s)
	}
	return steps
}

// moveLooks are the tone and icon of each move in a timeline.
var moveLooks = map[string]mark{
	"assign": {"done", "flag", ""}, "acknowledge": {"done", "check", ""}, "progress": {"done", "up", ""}, "submit": {"done", "send", ""},
	"approve": {"done", "done", ""}, "return": {ui.Late, "left", ""}, "pause": {ui.Wait, "pause", ""}, "resume": {"done", "play", ""},
	"cancel": {ui.Wait, "x", ""}, "extend": {ui.Soon, "calendar", ""}, "amend": {ui.Soon, "edit", ""}, "ask_extension": {ui.Soon, "calendar", ""}, "refuse_extension": {ui.Late, "calendar", ""},
	"remind": {ui.Late, "urge", ""}, "input": {"done", "chat", ""}, "hand_over": {ui.Wait, "split", ""}, "accept_period": {"done", "check", ""},
}

func noProof(Entry) string { return "" }

func countRole(list []AssignmentRow, role AssignmentRole) int {
	n := 0
	for _, a := range list {
		if a.Role == role {
			n++
		}
	}
	return n
}

// helperTable is the coordinating agencies, each with whether it gave anything.
func (v taskPageView) helperTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.coordinating"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.agency")}, {Head: i18n.T(ctx, "planweb.col.state")}}}
	for _, a := range v.Assignments {
		if a.Role != Coordinating {
			continue
		}
		name := ui.Txt(a.AgencyName)
		if v.Sees[a.Agency] {
			name.URL = "/plan/assignments/" + a.ID
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Txt(i18n.T(ctx, "planweb.standing."+string(a.Standing)))}})
	}
	return t
}

// lateText says who still owes something.
func (v taskPageView) lateText(ctx context.Context) string {
	f := v.Row.Facts
	if f.Agencies == 1 {
		return i18n.T(ctx, "planweb.task.late_one", "agency", v.LeadName, "day", f.DueDay)
	}
	return i18n.T(ctx, "planweb.task.late_text", "done", f.DoneCount, "n", f.Agencies)
}

func taskTone(v taskPageView) string {
	if v.Row.Facts.Class == Overdue {
		return ui.Late
	}
	return ui.Neutral
}

// urgeURL leads to the one late agency, or to the list of agencies.
func (v taskPageView) urgeURL() string {
	url := "#agencies"
	for _, a := range v.Assignments {
		if a.Role == Lead && a.Class == Overdue {
			if url != "#agencies" {
				return "#agencies"
			}
			url = "/plan/assignments/" + a.ID + "/urge"
		}
	}
	return url
}

// opened are the documents that the reader may open.
func opened(docs []file.Document, sees map[string]bool) []file.Document {
	if sees == nil {
		return docs
	}
	return slices.DeleteFunc(slices.Clone(docs), func(d file.Document) bool { return !sees[d.AgencyID] })
}

func provesWhat(ctx context.Context) func(file.Document) string {
	return func(d file.Document) string {
		if d.IssuedDay == "" {
			return ""
		}
		return i18n.T(ctx, "planweb.signed_on", "day", d.IssuedDay)
	}
}
