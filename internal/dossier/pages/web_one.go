package pages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cchc/internal/clock"
	"cchc/internal/dossier"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

func today(now time.Time) string { return clock.Day(now) }

type oneView struct {
	dossier.View
	Drawn dossier.Drawn
	Slips []ui.Link
	Now   time.Time
}

// one is the page of a dossier: the next act first, then the clock, the papers, the steps
// and what happened.
func (h *web) one(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := oneView{Now: h.Dossiers.Clock()}
	var err error
	if v.View, err = h.Dossiers.Get(ctx, r.PathValue("code")); err != nil {
		return err
	}
	if v.Drawn, err = h.Dossiers.Draw(ctx, v.View); err != nil {
		return err
	}
	v.Slips = h.slips(ctx, v.View)
	return show(w, r, v.Code, 0, onePage(v), ui.Crumb{Text: v.Code})
}

// first are the moves that carry a dossier on, in the order in which one is the next act.
var first = []string{"receive", "hand_over", "approve", "take", "give_opinion", "advance", "supply", "pay", "hand_to_counter", "return_result"}

// next is the act that the reader is expected to do now, "" when it is somebody else's turn.
func (v oneView) next() string {
	for _, m := range first {
		if v.Can[m] {
			return m
		}
	}
	return ""
}

// beside are the other acts that belong next to the main one.
func (v oneView) beside() (list []string) {
	for _, m := range []string{"approve", "take", "advance", "reject", "coordinate", "ask_supplement", "ask_supplement_before_receipt", "refuse", "send_back", "ask_payment"} {
		if v.Can[m] && m != v.next() {
			list = append(list, m)
		}
	}
	return list
}

// more are the acts of the menu.
func (v oneView) more(ctx context.Context) (list []ui.Link) {
	for _, m := range dossier.MoveNames() {
		if v.Can[m] && m != v.next() && !slices.Contains(v.beside(), m) && hasForm(m) {
			list = append(list, ui.Link{Text: i18n.T(ctx, "move.dossier."+m), URL: v.actURL(m)})
		}
	}
	return list
}

func (v oneView) actURL(move string) string { return pathOf(v.Code) + "/do/" + move }

// nextTitle and nextText say what to do, or whose turn it is.
func (v oneView) nextTitle(ctx context.Context) string {
	if m := v.next(); m != "" {
		return i18n.T(ctx, "dossierweb.next.do", "act", i18n.T(ctx, "move.dossier."+m))
	}
	if !v.State.Open() {
		return i18n.T(ctx, "dossierweb.next.over")
	}
	return i18n.T(ctx, "dossierweb.next.wait."+string(v.State))
}

func (v oneView) nextText(ctx context.Context) string {
	for _, run := range v.Runs {
		if run.End == "" && run.DoneMs == 0 && v.State.Open() {
			due := moment(ctx, run.DueMs)
			if due == "" {
				return i18n.T(ctx, "dossierweb.next.step", "do", capital(run.Do), "actor", run.Actor)
			}
			return i18n.T(ctx, "dossierweb.next.step_due", "do", capital(run.Do), "actor", run.Actor, "due", due)
		}
	}
	return ""
}

func (v oneView) line(ctx context.Context) string {
	parts := []string{v.Owner.Name, v.Owner.Address, i18n.T(ctx, "dossierweb.channel_line."+string(v.Channel))}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// dueWords are the words of the chip beside the state.
func (v oneView) dueWords(ctx context.Context) (tone, icon, words string) {
	switch {
	case v.DueMs == 0:
		return ui.Neutral, "clock", i18n.T(ctx, "dossierweb.no_due")
	case v.PausedMs > 0:
		return ui.Wait, "pause", i18n.T(ctx, "dossierweb.clock_stands")
	case v.LateNow && v.FinishedMs == dossier.Forever:
		return ui.Late, "late", i18n.T(ctx, "dossierweb.late_since", "at", moment(ctx, v.DueMs))
	case v.LateNow:
		return ui.Late, "late", i18n.T(ctx, "dossierweb.finished_late")
	case v.FinishedMs != dossier.Forever:
		return ui.OK, "done", i18n.T(ctx, "dossierweb.finished_in_time")
	}
	days, hours := v.LeftMin/480, v.LeftMin%480/60
	if days > 0 {
		return ui.Info, "clock", i18n.T(ctx, "dossierweb.left_days", "n", days)
	}
	return ui.Soon, "soon", i18n.T(ctx, "dossierweb.left_hours", "n", hours)
}

// chart is the clock drawn over days, its pauses with it.
func (v oneView) chart(ctx context.Context) ui.SpanChart {
	c := ui.SpanChart{Title: i18n.T(ctx, "dossierweb.clock_chart")}
	for _, d := range v.Drawn.Days {
		c.Days, c.Off = append(c.Days, strings.TrimLeft(d.Day[8:], "0")), append(c.Off, d.Off)
	}
	for _, p := range v.Drawn.Parts {
		c.Spans = append(c.Spans, ui.Span{From: p.From, To: p.To, Kind: p.Kind})
	}
	if v.FinishedMs == dossier.Forever {
		c.Marks = append(c.Marks, ui.SpanMark{At: v.Drawn.Now, Text: i18n.T(ctx, "dossierweb.now")})
	}
	c.Marks = append(c.Marks, ui.SpanMark{At: v.Drawn.Due, Text: i18n.T(ctx, "dossierweb.due_at", "at", moment(ctx, v.DueMs)), Due: true})
	c.Note = i18n.T(ctx, "dossierweb.clock_note")
	return c
}

func (v oneView) facts(ctx context.Context) []ui.SumLine {
	list := []ui.SumLine{{Term: i18n.T(ctx, "dossierweb.fact.owner"), Text: v.Owner.Name}, {Term: i18n.T(ctx, "dossierweb.fact.phone"), Text: v.Owner.Phone}}
	if v.Submitter != nil {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.submitter"), Text: v.Submitter.Name})
	}
	list = append(list, ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.competent"), Text: v.CompetentName}, ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.receiving"), Text: v.ReceivingName},
		ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.returning"), Text: v.ReturningName}, ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.limit"), Text: limitWords(ctx, v.Terms)},
		ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.received"), Text: moment(ctx, v.ReceivedMs)}, ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.original"), Text: moment(ctx, v.OriginalDueMs)})
	if v.DueMs != v.OriginalDueMs {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.due"), Text: moment(ctx, v.DueMs)})
	}
	if v.PaidMs > 0 {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.paid"), Text: moment(ctx, v.PaidMs)})
	}
	list = append(list, ui.SumLine{Term: i18n.T(ctx, "dossierweb.fact.procedure"), Text: strings.TrimSpace(v.ProcedureCode + " " + v.Terms.Variant)})
	return slices.DeleteFunc(list, func(l ui.SumLine) bool { return l.Text == "" })
}

func (v oneView) paperTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "dossierweb.papers"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "dossierweb.paper.name")}, {Head: i18n.T(ctx, "dossierweb.paper.counts")},
		{Head: i18n.T(ctx, "dossierweb.paper.digitised")}, {Head: i18n.T(ctx, "dossierweb.paper.file")}}}
	for _, p := range v.Papers {
		name, open := ui.Txt(p.Name), ui.Cell{Text: "–", Mute: true}
		if p.ReusedCode != "" {
			name.Sub = i18n.T(ctx, "dossierweb.paper.reused", "code", p.ReusedCode)
		}
		if p.File != "" {
			open = ui.Go(i18n.T(ctx, "dossierweb.paper.open"), pathOf(v.Code)+"/files/"+p.File)
			open.Sub = p.FileName
		}
		mark := ui.Cell{Text: i18n.T(ctx, "dossierweb.mark."+strconv.Itoa(p.Digitised)), Mute: true}
		if p.Digitised > 0 {
			mark = ui.In(ui.StateIcon(ui.OK, "done", i18n.T(ctx, "dossierweb.mark."+strconv.Itoa(p.Digitised))))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Txt(counts(ctx, p)), mark, open}})
	}
	return t
}

func counts(ctx context.Context, p dossier.Paper) string {
	var parts []string
	for _, c := range []struct {
		n   int
		key string
	}{{p.Originals, "originals"}, {p.Certified, "certified"}, {p.Copies, "copies"}} {
		if c.n > 0 {
			parts = append(parts, i18n.T(ctx, "dossierweb.paper."+c.key, "n", c.n))
		}
	}
	return strings.Join(parts, ", ")
}

func (v oneView) resultTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "dossierweb.results"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "dossierweb.result.number")}, {Head: i18n.T(ctx, "dossierweb.result.kind")},
		{Head: i18n.T(ctx, "dossierweb.result.signed")}, {Head: i18n.T(ctx, "dossierweb.result.returned")}, {Head: i18n.T(ctx, "dossierweb.paper.file")}}}
	for _, r := range v.Results {
		open := ui.Cell{Text: "–", Mute: true}
		if r.File != "" {
			open = ui.Go(i18n.T(ctx, "dossierweb.paper.open"), pathOf(v.Code)+"/files/"+r.File)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Number, Sub: i18n.Day(ctx, r.Day)}, {Text: i18n.T(ctx, "dossierweb.result."+r.Kind), Sub: r.Title}, {Text: r.Name, Sub: moment(ctx, r.AtMs)},
			{Text: moment(ctx, r.ReturnedMs), Sub: r.TakenBy}, open}})
	}
	return t
}

// steps is the way through the process: done, now, to come.
func (v oneView) steps(ctx context.Context) (list []ui.Step) {
	last := map[int]dossier.StepRun{}
	for _, r := range v.Runs {
		last[r.No] = r
	}
	for _, s := range v.Terms.Steps {
		line := ui.Step{Title: capital(s.Do), Tone: "next", At: s.Actor}
		if s.Known {
			line.At += " · " + minutesWords(ctx, int64(s.Takes(v.Terms.Online)))
		}
		r, there := last[s.No]
		switch {
		case there && r.DoneMs > 0 && (r.End == "done" || r.End == "redone"):
			line.Tone, line.Text = "done", i18n.T(ctx, "dossierweb.step.done", "at", moment(ctx, r.DoneMs), "who", r.AccountName)
			if r.DueMs > 0 && r.DoneMs > r.DueMs {
				line.Text = i18n.T(ctx, "dossierweb.step.done_late", "at", moment(ctx, r.DoneMs), "who", r.AccountName)
			}
		case there && r.End == "":
			line.Tone, line.Text = "now", i18n.T(ctx, "dossierweb.step.due", "at", moment(ctx, r.DueMs))
			if r.DueMs == 0 {
				line.Text = ""
			} else if v.Now.UnixMilli() > r.DueMs && v.PausedMs == 0 {
				line.Tone, line.Text = ui.Late, i18n.T(ctx, "dossierweb.step.late", "at", moment(ctx, r.DueMs))
			}
		}
		list = append(list, line)
	}
	return list
}

func minutesWords(ctx context.Context, m int64) string {
	if m%480 == 0 && m > 0 {
		return i18n.T(ctx, "dossierweb.minutes.days", "n", m/480)
	}
	if m%60 == 0 {
		return i18n.T(ctx, "dossierweb.minutes.hours", "n", m/60)
	}
	return i18n.T(ctx, "dossierweb.minutes.minutes", "n", m)
}

// happened is the history, the newest first.
func (v oneView) happened(ctx context.Context) (list []ui.Step) {
	for i := len(v.History) - 1; i >= 0; i-- {
		e := v.History[i]
		s := ui.Step{Tone: "done", Title: i18n.T(ctx, "move.dossier."+e.Move), At: moment(ctx, e.AtMs) + " · " + e.Name, Text: e.Reason}
		if e.DueBefore != e.DueAfter && e.DueAfter > 0 && e.DueBefore > 0 {
			s.Text = strings.TrimSpace(s.Text + " " + i18n.T(ctx, "dossierweb.due_moved", "from", moment(ctx, e.DueBefore), "to", moment(ctx, e.DueAfter)))
		}
		if e.Document != "" {
			s.Text = strings.TrimSpace(s.Text + " (" + e.Document + ")")
		}
		list = append(list, s)
	}
	return list
}

// nextTone is the colour of the panel of the next act.
func nextTone(v oneView) string {
	if v.LateNow && v.State.Open() && v.FinishedMs == dossier.Forever {
		return ui.Late
	}
	return ""
}

// capital begins a phrase of a step table as a sentence does.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
