package applicant

import (
	"context"
	"strconv"

	"cchc/internal/clock"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

func (d Draft) path() string { return "/my/drafts/" + d.ID }

func (s Standing) path() string { return CasePath + s.Code }

func digits(n int64) string { return strconv.FormatInt(n, 10) }

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

// tone is the colour of a state as its owner sees it.
func (s Standing) tone() string {
	switch {
	case s.Supplies():
		return ui.Late
	case s.State == "returned" || s.State == "handed_to_counter" || s.State == "approved":
		return ui.OK
	case s.State == "finance_wait":
		return ui.Soon
	case s.Open():
		return ui.Info
	}
	return ui.Neutral
}

func at(ctx context.Context, ms int64) string {
	if ms == 0 {
		return "–"
	}
	return i18n.Time(ctx, clock.FromMs(ms))
}

// steps is what happened, in plain words, then what comes next.
func (s Standing) steps(ctx context.Context) (list []ui.Step) {
	for _, e := range s.Events {
		key := "applicant.event." + e.Move
		if !i18n.Has(key) {
			continue
		}
		step := ui.Step{Tone: "done", Title: i18n.T(ctx, key), At: at(ctx, e.AtMs)}
		if e.DueBefore != e.DueAfter && e.DueBefore > 0 && e.DueAfter > 0 {
			step.Text = i18n.T(ctx, "applicant.event.due", "from", at(ctx, e.DueBefore), "to", at(ctx, e.DueAfter))
		}
		list = append(list, step)
	}
	return append(list, ui.Step{Tone: "now", Title: i18n.T(ctx, "applicant.next."+s.State), Text: s.nextText(ctx)})
}

// nextText says by when, where that is known.
func (s Standing) nextText(ctx context.Context) string {
	switch {
	case s.Supplies() && s.SupplyUntil != "":
		return i18n.T(ctx, "applicant.next.until", "day", s.SupplyUntil)
	case s.Open() && s.PausedMs > 0:
		return i18n.T(ctx, "applicant.next.paused")
	case s.Open() && s.DueMs > 0 && s.Late:
		return i18n.T(ctx, "applicant.next.late", "at", at(ctx, s.DueMs))
	case s.Open() && s.DueMs > 0:
		return i18n.T(ctx, "applicant.next.due", "at", at(ctx, s.DueMs))
	}
	return ""
}

func (s Standing) facts(ctx context.Context) []ui.SumLine {
	t := func(key string) string { return i18n.T(ctx, "applicant.col."+key) }
	list := []ui.SumLine{{Term: t("procedure"), Text: s.Procedure}}
	if s.Owner != "" {
		list = append(list, ui.SumLine{Term: t("owner"), Text: s.Owner})
	}
	if s.IDNumber != "" {
		list = append(list, ui.SumLine{Term: t("id_number"), Text: s.IDNumber})
	}
	list = append(list, ui.SumLine{Term: t("competent"), Text: s.Competent}, ui.SumLine{Term: t("received"), Text: at(ctx, s.ReceivedMs)}, ui.SumLine{Term: t("due"), Text: at(ctx, s.DueMs)})
	if s.OriginalDueMs > 0 && s.OriginalDueMs != s.DueMs {
		list = append(list, ui.SumLine{Term: t("original"), Text: at(ctx, s.OriginalDueMs)})
	}
	return append(list, ui.SumLine{Term: t("returning"), Text: s.Returning})
}

// tasks are the parts of a draft.
func (o Opened) tasks(ctx context.Context) (list []ui.TaskItem) {
	add := func(part, url string) {
		item := ui.TaskItem{Title: i18n.T(ctx, "applicant."+part), URL: o.path() + url, Tone: ui.OK, State: i18n.T(ctx, "applicant.part.done")}
		for _, f := range o.Faults {
			if f == part {
				item.Tone, item.State = ui.Soon, i18n.T(ctx, "applicant.part.open")
			}
		}
		list = append(list, item)
	}
	if o.Dossier == "" {
		add("party", "/party")
	}
	add("papers", "/papers")
	return list
}

func (o Opened) filesOf(component string) (list []File) {
	for _, f := range o.Files {
		if f.Component == component {
			list = append(list, f)
		}
	}
	return list
}

// papers are the papers of a draft; an answer may bring something that no list names.
func (o Opened) papers(ctx context.Context) []Paper {
	if o.Dossier == "" {
		return o.Offer.Papers
	}
	return append([]Paper{{Name: i18n.T(ctx, "applicant.paper.other")}}, o.Offer.Papers...)
}

func size(ctx context.Context, n int64) string {
	if n < 1024*1024 {
		return i18n.T(ctx, "applicant.size.kb", "n", (n+1023)/1024)
	}
	return i18n.T(ctx, "applicant.size.mb", "n", strconv.FormatFloat(float64(n)/1024/1024, 'f', 1, 64))
}

// short is the beginning of a hash: enough to compare by eye.
func short(sha string) string { return sha[:min(16, len(sha))] }

func scoreChoices(ctx context.Context) (list []ui.Choice) {
	for _, n := range Scores {
		list = append(list, ui.Choice{Value: digits(n), Text: i18n.T(ctx, "applicant.score."+digits(n))})
	}
	return list
}

func ratingsTable(ctx context.Context, list []Rating) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "applicant.ratings.menu"), AsFile: true}
	for _, n := range []string{"day", "code", "procedure", "agency", "score", "comment"} {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "applicant.col."+n)})
	}
	for _, r := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.Day(ctx, r.Day)), {Text: r.Code, URL: "/dossiers/" + r.Code, Code: true}, ui.Txt(r.Name), {Text: r.AgencyName, Mute: true},
			ui.Txt(i18n.T(ctx, "applicant.score."+digits(r.Score))), ui.Txt(r.Comment)}})
	}
	return t
}
