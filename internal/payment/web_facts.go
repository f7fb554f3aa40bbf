package payment

import (
	"context"
	"slices"
	"strconv"

	"cchc/internal/clock"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

// deskLinks lead from the desk to what is done less often.
func deskLinks(ctx context.Context, v deskView) []ui.Link {
	list := []ui.Link{{Text: i18n.T(ctx, "payment.movements.title"), URL: "/payments/movements"}, {Text: i18n.T(ctx, "payment.closings.title"), URL: "/payments/closings"},
		{Text: i18n.T(ctx, "payment.statements.title"), URL: "/payments/statements"}}
	if v.Setup {
		list = append(list, ui.Link{Text: i18n.T(ctx, "payment.setup.menu"), URL: setupPath})
	}
	return list
}

func orderFacts(ctx context.Context, v View) []ui.SumLine {
	list := []ui.SumLine{{Term: i18n.T(ctx, "payment.col.code"), Text: v.Code}, {Term: i18n.T(ctx, "payment.order.asked"), Text: i18n.Time(ctx, clock.FromMs(v.CreatedMs))}}
	if v.PaidMs > 0 {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "payment.order.paid"), Text: i18n.Time(ctx, clock.FromMs(v.PaidMs))})
	}
	if v.Way != "" {
		list = append(list, ui.SumLine{Term: i18n.T(ctx, "payment.col.way"), Text: wayWords(ctx, v.Way)},
			ui.SumLine{Term: i18n.T(ctx, "payment.order.mark"), Text: i18n.T(ctx, "payment.mark."+strconv.Itoa(v.Way.Mark()))})
	}
	return list
}

func movementSteps(ctx context.Context, list []Movement) (steps []ui.Step) {
	for _, m := range list {
		tone := "done"
		if m.Standing.Open() {
			tone = ui.Late
		}
		steps = append(steps, ui.Step{Tone: tone, Title: i18n.T(ctx, "payment.order.step", "amount", money(ctx, m.Amount), "way", wayWords(ctx, m.Way)), At: i18n.Time(ctx, clock.FromMs(m.AtMs)),
			Text: i18n.T(ctx, "payment.standing."+string(m.Standing)) + after(": ", m.Reason)})
	}
	return steps
}

// after is words behind a mark, "" when there are none.
func after(mark, words string) string {
	if words == "" {
		return ""
	}
	return mark + words
}

func receiptLinks(ctx context.Context, list []Receipt) (links []ui.Link) {
	for _, r := range list {
		text := i18n.T(ctx, "payment.receipt.of", "serial", r.Serial, "no", r.Number(), "n", r.Amount())
		if !r.Valid() {
			text = i18n.T(ctx, "payment.receipt.of_cancelled", "serial", r.Serial, "no", r.Number())
		}
		links = append(links, ui.Link{Text: text, URL: "/payments/receipts/" + r.ID})
	}
	return links
}

func movementFacts(ctx context.Context, m Movement) []ui.SumLine {
	return []ui.SumLine{{Term: i18n.T(ctx, "payment.col.amount"), Text: money(ctx, m.Amount)}, {Term: i18n.T(ctx, "payment.col.way"), Text: wayWords(ctx, m.Way)},
		{Term: i18n.T(ctx, "payment.col.at"), Text: i18n.Time(ctx, clock.FromMs(m.AtMs))}, {Term: i18n.T(ctx, "payment.col.order"), Text: dash(m.OrderCode)},
		{Term: i18n.T(ctx, "payment.reason"), Text: dash(m.Reason)}}
}

// backChoices are the ways in which a movement may go back.
func backChoices(ctx context.Context, m Movement) []ui.Choice {
	ways := []Way{Cash, Transfer}
	if !slices.Contains(ways, m.Way) {
		ways = append([]Way{m.Way}, ways...)
	}
	return wayChoices(ctx, ways...)
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func receiptRange(ctx context.Context, n int64, first, last string) string {
	if n == 0 {
		return i18n.T(ctx, "payment.close.no_receipt")
	}
	return i18n.T(ctx, "payment.close.receipts", "n", n, "first", first, "last", last)
}

func lineOf(lines []Compared, id string) (Compared, bool) {
	i := slices.IndexFunc(lines, func(c Compared) bool { return c.ID == id })
	if i < 0 {
		return Compared{}, false
	}
	return lines[i], true
}

func bankChoices() (list []ui.Choice) {
	for _, b := range banks {
		list = append(list, ui.Choice{Value: b.BIN, Text: b.Name + " (" + b.BIN + ")"})
	}
	return list
}

func secretHint(ctx context.Context, g GatewaySetup) string {
	if g.HasSecret {
		return i18n.T(ctx, "payment.gateway.secret_kept")
	}
	return i18n.T(ctx, "payment.gateway.secret_hint")
}

// yes is the value of a ticked box.
func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

// openEnd leaves the last day of what has no end empty.
func openEnd(day string) string {
	if day == "9999-12-31" {
		return ""
	}
	return day
}
