package plan

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

func (h *pages) assignment(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := h.plan.AssignmentPage(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	return ui.Render(w, r, assignmentFrame(ctx, v, ""), assignmentPage(v))
}

// assignmentFrame is the frame of the page of an assignment, or of a page below it.
func assignmentFrame(ctx context.Context, v AssignmentPage, below string) ui.Page {
	title := v.Task.Code + " – " + v.AgencyName
	crumbs := []ui.Crumb{crumbOf(ctx, v.Plan), {Text: v.Task.Code, URL: "/plan/tasks/" + v.Task.ID}, {Text: v.AgencyName}}
	if below != "" {
		crumbs[2].URL = v.path()
		crumbs = append(crumbs, ui.Crumb{Text: below})
		title = below + " – " + title
	}
	return ui.Page{Title: title, Face: ui.Desk, Active: "/plan", Crumbs: crumbs}
}

func (p AssignmentPage) path() string { return "/plan/assignments/" + p.Assignment.ID }

// mark is where the assignment stands today.
func (p AssignmentPage) mark(ctx context.Context) mark {
	return lookOfAssignment(ctx, p.Assignment, p.Class, p.Day)
}

// actURL is the page of an act.
func (p AssignmentPage) actURL(act string) string {
	switch act {
	case "decide":
		e, _ := p.waiting()
		return "/plan/extensions/" + e.ID
	case "remind":
		return p.path() + "/urge"
	case "ask_extension":
		return p.path() + "/extend"
	}
	return p.path() + "/" + act
}

var actIcons = map[string]string{"acknowledge": "check", "progress": "up", "submit": "send", "approve": "done", "return": "left", "remind": "urge",
	"ask_extension": "calendar", "decide": "calendar", "input": "chat", "pause": "pause", "resume": "play"}

// button of an act; the first one of the page is the primary one.
func (p AssignmentPage) button(ctx context.Context, act string, first bool) ui.Btn {
	b := ui.Btn{Text: i18n.T(ctx, "planweb.do."+act), URL: p.actURL(act), Icon: actIcons[act]}
	if first {
		b.Kind = ui.Primary
	}
	return b
}

// shown are the acts with a button; the rest goes into a menu.
func (p AssignmentPage) shown() (buttons, menu []string) {
	if len(p.Offers) <= 3 {
		return p.Offers, nil
	}
	return p.Offers[:3], p.Offers[3:]
}

func (p AssignmentPage) menuLinks(ctx context.Context, acts []string) []ui.Link {
	list := make([]ui.Link, len(acts))
	for i, act := range acts {
		list[i] = ui.Link{Text: i18n.T(ctx, "planweb.do."+act), URL: p.actURL(act)}
	}
	return list
}

// next is what the page says first: the obvious act, or for whom the work waits.
func (p AssignmentPage) next() string {
	switch {
	case len(p.Offers) > 0 && p.Offers[0] != "input" && p.Offers[0] != "pause" && (p.Offers[0] != "remind" || p.Class == Overdue) && (p.Own || !p.ofAgency(p.Offers[0])):
		return p.Offers[0]
	case p.Assignment.Role == Coordinating:
		return "helper"
	case p.Assignment.Standing == Submitted:
		return "wait_approval"
	case p.Assignment.Standing == Approved:
		return "closed"
	case p.Assignment.Standing == Paused, p.Assignment.Standing == Cancelled:
		return string(p.Assignment.Standing)
	}
	return "wait_agency"
}

// ofAgency says that an act is the agency's own to do.
func (p AssignmentPage) ofAgency(act string) bool { return place(act, false) >= len(actOrder) }

func (p AssignmentPage) tone() string {
	if p.Class == Overdue {
		return ui.Late
	}
	return ui.Neutral
}

// reason is the sentence of a refusal, for beside a button that cannot be used.
func reason(ctx context.Context, err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return i18n.Error(ctx, e)
	}
	return ""
}

// facts are the particulars of an assignment: deadlines first.
func (p AssignmentPage) facts(ctx context.Context) []ui.SumLine {
	a := p.Assignment
	term := func(key, text string) ui.SumLine {
		return ui.SumLine{Term: i18n.T(ctx, "planweb.fact."+key), Text: text}
	}
	lines := []ui.SumLine{term("due", i18n.Day(ctx, a.EffectiveDue)), term("original", i18n.Day(ctx, a.OriginalDue)),
		term("extensions", strconv.Itoa(a.Extensions)+" / "+strconv.Itoa(MaxExtensions))}
	if !a.Dated {
		lines = []ui.SumLine{term("due", p.Task.DeadlineText)}
	}
	return append(lines, term("role", i18n.T(ctx, "planweb.role."+string(a.Role))), term("head", a.Head), term("officer", p.OfficerName),
		term("approver", p.Names[a.Approver]), term("assigned", i18n.Day(ctx, a.AssignedDay)), term("submitted", i18n.Day(ctx, a.SubmittedDay)),
		term("done", i18n.Day(ctx, a.DoneDay)), term("updated", i18n.Time(ctx, clock.FromMs(a.UpdatedMs))))
}

// proofOf finds the log entry that was written with an entry of the history, and gives
// the address of its proof: both were made in one transaction, moments apart.
func (p AssignmentPage) proofOf() func(Entry) string {
	used := map[string]bool{}
	return func(e Entry) string {
		for _, r := range slices.Backward(p.Audit) {
			gap := r.At.UnixMilli() - e.AtMs
			if !used[r.ID] && gap >= 0 && gap < 5000 {
				used[r.ID] = true
				return p.proofURL(r)
			}
		}
		return ""
	}
}

func (p AssignmentPage) proofURL(r audit.Row) string { return p.path() + "/proof/" + r.ID }

func auditWords(ctx context.Context, kind string) string {
	if key := "audit." + kind; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return kind
}

// auditTable is the log of the assignment: each line opens its proof.
func (p AssignmentPage) auditTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.audit.title"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.when")},
		{Head: i18n.T(ctx, "planweb.col.what")}, {Head: i18n.T(ctx, "planweb.col.who")}, {Head: i18n.T(ctx, "planweb.col.proof")}}}
	for _, r := range p.Audit {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.Time(ctx, r.At)), {Text: auditWords(ctx, r.Kind), Sub: r.Reason},
			ui.Txt(r.Who.Name), ui.Go(i18n.T(ctx, "planweb.proof.open"), p.proofURL(r))}})
	}
	return t
}

// periodTable is what is owed period by period.
func (p AssignmentPage) periodTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.periods"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.period")},
		{Head: i18n.T(ctx, "planweb.col.due")}, {Head: i18n.T(ctx, "planweb.col.submitted")}, {Head: i18n.T(ctx, "planweb.col.state")}, {Head: i18n.T(ctx, "planweb.col.act"), Hidden: true}}}
	for _, i := range p.Periods {
		act := ui.Cell{}
		switch {
		case i.State == PeriodOpen && p.offers("progress"):
			act.Body = ui.Button(ui.Btn{Text: i18n.T(ctx, "planweb.do.period"), URL: "/plan/periods/" + i.ID, Small: true, Label: i18n.T(ctx, "planweb.period_what", "period", i.Key)})
		case i.State == PeriodSubmitted && p.AcceptsPeriods:
			act.Body = ui.PostButton("/plan/periods/"+i.ID+"/approve", ui.Btn{Text: i18n.T(ctx, "planweb.do.period_approve"), Small: true,
				Label: i18n.T(ctx, "planweb.period_accept_what", "period", i.Key)}, "version", strconv.FormatInt(i.Version, 10))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: i.Key, Code: true, Sub: i.Text}, ui.Txt(i18n.Day(ctx, i.DueDay)), ui.Txt(i18n.Day(ctx, i.SubmittedDay)),
			ui.In(stateOfLook(lookOfPeriod(ctx, i, p.Day))), act}})
	}
	return t
}

func lookOfPeriod(ctx context.Context, i PeriodItem, day string) mark {
	switch {
	case i.State == PeriodSubmitted:
		return lookOf(ctx, "awaiting")
	case i.State == PeriodApproved && i.SubmittedDay > i.DueDay:
		return lookOf(ctx, "late_by", "n", daysBetween(i.DueDay, i.SubmittedDay))
	case i.State == PeriodApproved:
		return lookOf(ctx, string(DoneOnTime))
	case day > i.DueDay:
		return lookOf(ctx, string(Overdue), "n", daysBetween(i.DueDay, day))
	case daysBetween(day, i.DueDay) <= SoonDays:
		return lookOfSoon(ctx, i.DueDay, day)
	}
	return lookOf(ctx, "ahead")
}

// extensionTable is every wish for a later deadline with what was decided.
func (p AssignmentPage) extensionTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "planweb.extensions"), HeadCol: 1, Columns: []ui.Column{{Head: i18n.T(ctx, "planweb.col.day_old")},
		{Head: i18n.T(ctx, "planweb.col.day_asked")}, {Head: i18n.T(ctx, "planweb.col.reason")}, {Head: i18n.T(ctx, "planweb.col.decision")}}}
	marks := map[string]mark{"requested": {ui.Info, "clock", ""}, "approved": {ui.OK, "done", ""}, "rejected": {ui.Late, "x", ""}, "lapsed": {ui.Neutral, "dash", ""}}
	for _, e := range p.Extensions {
		m := marks[e.State]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.Day(ctx, e.OldDay)), ui.Txt(i18n.Day(ctx, e.NewDay)), ui.Txt(e.Reason),
			{Body: ui.StateIcon(m.Tone, m.Icon, i18n.T(ctx, "planweb.extension."+e.State)), Sub: e.DecisionText}}})
	}
	return t
}

// stepTable is the milestones of the task as this agency reached them.
func (p AssignmentPage) stepTable(ctx context.Context) ui.Table {
	return taskPageView{TaskPage: TaskPage{TaskView: TaskView{Task: p.Task, Reached: p.Reached}, Day: p.Day}}.milestoneTable(ctx)
}

// evidence hands out a document that proves an assignment which the reader sees.
func (h *pages) evidence(w http.ResponseWriter, r *http.Request) error {
	d, err := h.plan.Document(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.files.Serve(w, r, d)
}

// proof shows the audit proof of one entry of the log.
func (h *pages) proof(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := h.plan.Proof(ctx, r.PathValue("id"), r.PathValue("entry"))
	if err != nil {
		return err
	}
	v := AssignmentPage{AssignmentView: p.Assignment}
	return ui.Render(w, r, assignmentFrame(ctx, v, i18n.T(ctx, "planweb.proof.title")), proofPage(v, p))
}

// proofFile is the same proof as a file, for checking on another machine.
func (h *pages) proofFile(w http.ResponseWriter, r *http.Request) error {
	p, err := h.plan.Proof(r.Context(), r.PathValue("id"), r.PathValue("entry"))
	if err != nil {
		return err
	}
	if p.Text == "" {
		return errs.New(errs.Conflict, "audit.not_sealed_yet")
	}
	head := w.Header()
	head.Set("Content-Type", "application/json; charset=utf-8")
	head.Set("Cache-Control", "private, no-store")
	head.Set("Content-Disposition", file.Disposition("audit-proof-"+p.Row.ID+".json"))
	_, err = w.Write([]byte(p.Text))
	return err
}

// placeText is the place of an entry in the tree of the log, counted from 1.
func placeText(leaf int64) string {
	if leaf < 0 {
		return ""
	}
	return strconv.FormatInt(leaf+1, 10)
}
