package urge

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// sentView is the board of sendings.
type sentView struct {
	Rows  []Sent
	Level int // -1: all
	Next  string
}

// address is the page with this filter and more.
func (v sentView) address(more ...string) string { return withLevel("/urge", v.Level, more...) }

func withLevel(path string, level int, more ...string) string {
	q := url.Values{}
	if level >= 0 {
		q.Set("level", strconv.Itoa(level))
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func levelChips(ctx context.Context, on int) []ui.ChipLink {
	list := []ui.ChipLink{{Text: i18n.T(ctx, "urge.level_all"), URL: "/urge", On: on < 0}}
	for n := range 7 {
		list = append(list, ui.ChipLink{Text: i18n.T(ctx, "urge.level", "n", n), URL: withLevel("/urge", n), On: on == n})
	}
	return list
}

func stepWord(ctx context.Context, step string) string { return i18n.T(ctx, "urge.step."+step) }

// seenWord says whether the person opened the message.
func seenWord(ctx context.Context, s Sent) string {
	switch {
	case s.SentMs == 0:
		return i18n.T(ctx, "urge.waiting")
	case s.SeenMs == 0:
		return i18n.T(ctx, "urge.seen_not")
	}
	return i18n.Time(ctx, clock.FromMs(s.SeenMs))
}

func dueWord(ctx context.Context, day string) string {
	if day == NoDay {
		return ""
	}
	return i18n.Day(ctx, day)
}

func sentTable(ctx context.Context, rows []Sent) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "urge.tab.sent"), AsFile: true, HeadCol: 1, Columns: heads(ctx, "day", "work", "agency", "step", "due", "person", "seen")}
	for _, s := range rows {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.Day(ctx, s.Day)), {Text: s.Title, URL: s.URL, Sub: s.Code}, ui.Txt(s.AgencyName),
			ui.Txt(stepWord(ctx, s.Step)), ui.Txt(dueWord(ctx, s.Due)), ui.Txt(s.Person), ui.Txt(seenWord(ctx, s))}})
	}
	return t
}

// heads are the columns of a table by their words.
func heads(ctx context.Context, names ...string) []ui.Column {
	var out []ui.Column
	for _, n := range names {
		out = append(out, ui.Column{Head: i18n.T(ctx, "urge.col."+n)})
	}
	return out
}

func digestTable(ctx context.Context, lines []Line, today string) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "urge.menu"), Columns: heads(ctx, "work", "step", "due", "late")}
	for _, l := range lines {
		late := ""
		if n := daysBetween(l.Due, today); l.Due != NoDay && n > 0 {
			late = i18n.T(ctx, "urge.late_days", "n", n)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Title, URL: l.URL, Sub: l.Code}, ui.Txt(stepWord(ctx, l.Step)), ui.Txt(dueWord(ctx, l.Due)), ui.Txt(late)}})
	}
	return t
}

func rulesTable(ctx context.Context, list []Rule) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "urge.tab.rules"), Columns: heads(ctx, "step", "when", "whom", "act", "mark")}
	for _, r := range list {
		when, n := "urge.rule.after", r.Days
		if n < 0 {
			when, n = "urge.rule.before", -n
		}
		words := i18n.T(ctx, when, "n", n)
		if r.Every > 0 {
			words += i18n.T(ctx, "urge.rule.every", "n", r.Every)
		}
		var whom []string
		for _, a := range r.Audience {
			whom = append(whom, i18n.T(ctx, "urge.whom."+a))
		}
		mark := r.Mark
		if r.Basis != "" {
			mark = r.Basis + " (" + r.Mark + ")"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(i18n.T(ctx, "urge.level", "n", r.Level)), ui.Txt(words), ui.Txt(strings.Join(whom, ", ")),
			ui.Txt(i18n.T(ctx, "urge.act."+r.Act)), ui.Txt(mark)}})
	}
	return t
}

func letterTone(s LetterState) string {
	switch s {
	case Answered:
		return ui.OK
	case Signed:
		return ui.Wait
	case Submitted:
		return ui.Soon
	case Dropped:
		return ui.Neutral
	}
	return ui.Info
}

func cardTone(s CardState) string {
	switch s {
	case Issued:
		return ui.Late
	case Proposed:
		return ui.Soon
	case Cleared:
		return ui.OK
	}
	return ui.Neutral
}

func letterNumber(ctx context.Context, l Letter) string {
	if l.Number == 0 {
		return ""
	}
	return i18n.T(ctx, "urge.letter.numbered", "n", strconv.Itoa(l.Number), "year", strconv.Itoa(l.Year))
}

func lettersTable(ctx context.Context, list []Letter) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "urge.tab.letters"), AsFile: true, Columns: heads(ctx, "letter", "items", "state", "response", "day")}
	for _, l := range list {
		response := ""
		if l.ResponseDay != "" {
			response = i18n.Day(ctx, l.ResponseDay)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.AgencyName, URL: "/urge/letters/" + l.ID, Sub: letterNumber(ctx, l)},
			ui.Txt(i18n.Number(ctx, l.Items)), ui.In(letterTag(l.State)), ui.Txt(response), ui.Txt(i18n.Day(ctx, l.CreatedDay))}})
	}
	return t
}

// itemTable lists what a letter or a card is about; done marks what is finished.
func itemTable(ctx context.Context, items []LetterItem, done map[string]bool, on string) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "urge.letter.items"), Columns: heads(ctx, "work", "due", "late")}
	for _, i := range items {
		late := i18n.T(ctx, "urge.late_days", "n", daysBetween(i.Due, on))
		if done[i.Item] {
			late = i18n.T(ctx, "urge.col.done")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: i.Title, URL: i.URL, Sub: i.Code}, ui.Txt(dueWord(ctx, i.Due)), ui.Txt(late)}})
	}
	return t
}

func itemChoices(ctx context.Context, items []LetterItem) []ui.Choice {
	var out []ui.Choice
	for _, i := range items {
		out = append(out, ui.Choice{Value: i.Item, Text: i.Code + ". " + i.Title, Hint: dueWord(ctx, i.Due)})
	}
	return out
}

func actWord(ctx context.Context, act string) string {
	if act == "write" {
		return i18n.T(ctx, "urge.save")
	}
	return i18n.T(ctx, "urge.do."+act)
}

// signText says why a letter waits for somebody else, or what a signature does.
func signText(ctx context.Context, v LetterView) string {
	if all := errs.All(v.Why); len(all) > 0 {
		return i18n.Error(ctx, all[0])
	}
	return i18n.T(ctx, "urge.next.submitted_text")
}

func cardTitle(ctx context.Context, c Card) string {
	return i18n.T(ctx, "urge.card.title", "card", i18n.T(ctx, "urge.card."+string(c.Colour)), "agency", c.AgencyName)
}

func cardsTable(ctx context.Context, list []Card) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "urge.tab.cards"), AsFile: true, Columns: heads(ctx, "card", "items", "state", "reason", "day")}
	for _, c := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: cardTitle(ctx, c), URL: "/urge/cards/" + c.ID}, ui.Txt(i18n.Number(ctx, c.Items)),
			ui.In(cardTag(c.State)), ui.Txt(c.Reason), ui.Txt(i18n.Day(ctx, c.CreatedDay))}})
	}
	return t
}

func cardFacts(ctx context.Context, v CardView) []ui.SumLine {
	list := []ui.SumLine{
		{Term: i18n.T(ctx, "urge.card.unanswered"), Text: strconv.Itoa(v.Unanswered)},
		{Term: i18n.T(ctx, "urge.card.yellows"), Text: strconv.Itoa(v.Yellows)},
	}
	if v.DecidedDay != "" {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "urge.card.decided"), Text: i18n.Day(ctx, v.DecidedDay) + ", " + v.DecidedName},
			ui.SumLine{Term: i18n.T(ctx, "urge.field.reason"), Text: v.Reason})
	}
	if v.Cleared != "" {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "state.urge.cleared"), Text: i18n.T(ctx, "urge.card.cleared", "day", i18n.Day(ctx, v.Cleared))})
	}
	return list
}

func paragraphs(words string) []string {
	var out []string
	for line := range strings.SplitSeq(words, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
