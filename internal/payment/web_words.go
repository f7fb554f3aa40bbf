package payment

import (
	"context"
	"net/url"
	"strconv"

	"cchc/internal/clock"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

func (o Order) path() string { return "/payments/orders/" + o.ID }

func versionText(n int64) string { return strconv.FormatInt(n, 10) }

// money writes đồng for the reader.
func money(ctx context.Context, n int64) string { return i18n.T(ctx, "payment.money", "n", n) }

// url is the address of the desk with its filters and one more value.
func (v deskView) url(name, value string) string {
	q := url.Values{}
	for k, x := range map[string]string{"state": string(v.Filter.State), "q": v.Filter.Words, "day": v.Filter.Day, name: value} {
		if x != "" {
			q.Set(k, x)
		}
	}
	if len(q) == 0 {
		return "/payments"
	}
	return "/payments?" + q.Encode()
}

// stats is the strip over the desk's list.
func (v deskView) stats(ctx context.Context) []ui.Stat {
	t := func(key string) string { return i18n.T(ctx, "payment.desk."+key) }
	list := []ui.Stat{{Label: t("waiting"), Value: i18n.Number(ctx, v.Waiting.Orders), Sub: money(ctx, v.Waiting.Due), URL: "/payments?state=unpaid"}}
	online := v.Waiting.ByWay[OnlineNational] + v.Waiting.ByWay[OnlineProvince]
	today := "/payments?state=paid&day=" + v.Day
	list = append(list, ui.Stat{Label: t("cash"), Value: i18n.Number(ctx, v.Waiting.ByWay[Cash]), Unit: t("dong"), URL: today},
		ui.Stat{Label: t("transfer"), Value: i18n.Number(ctx, v.Waiting.ByWay[Transfer]), Unit: t("dong"), URL: today},
		ui.Stat{Label: t("online"), Value: i18n.Number(ctx, online), Unit: t("dong"), URL: today})
	open := ui.Stat{Label: t("open"), Value: i18n.Number(ctx, v.Waiting.Open), URL: "/payments/movements"}
	if v.Waiting.Open > 0 {
		open.Tone = ui.Late
	}
	return append(list, open)
}

// chips narrow the list by state.
func (v deskView) chips(ctx context.Context) []ui.ChipLink {
	list := []ui.ChipLink{{Text: i18n.T(ctx, "payment.desk.all"), URL: v.url("state", ""), On: v.Filter.State == ""}}
	list[0].URL = (deskView{Filter: Filter{Words: v.Filter.Words, Day: v.Filter.Day}}).url("state", "")
	for _, s := range States {
		list = append(list, ui.ChipLink{Text: i18n.T(ctx, "state.payment."+string(s)), URL: v.url("state", string(s)), On: v.Filter.State == s})
	}
	return list
}

func stateTone(s State) string {
	switch s {
	case Paid:
		return ui.OK
	case Unpaid:
		return ui.Soon
	case Pending:
		return ui.Wait
	}
	return ui.Neutral
}

func wayWords(ctx context.Context, w Way) string {
	if w == "" {
		return ""
	}
	return i18n.T(ctx, "payment.way."+string(w))
}

func wayChoices(ctx context.Context, ways ...Way) (list []ui.Choice) {
	for _, w := range ways {
		list = append(list, ui.Choice{Value: string(w), Text: wayWords(ctx, w)})
	}
	return list
}

func ordersTable(ctx context.Context, list []Order) ui.Table {
	t := table(ctx, "payment.orders", 0, "code", "payer", "name", "due!", "state", "way", "at")
	for _, o := range list {
		at := clock.FromMs(o.CreatedMs)
		if o.PaidMs > 0 {
			at = clock.FromMs(o.PaidMs)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: o.Code, URL: o.path(), Sub: o.Agency}, ui.Txt(o.Payer), {Text: o.Name, Mute: true},
			ui.Txt(i18n.Number(ctx, o.Due)), stateCell(ctx, o.State), ui.Txt(wayWords(ctx, o.Way)), ui.Txt(i18n.Time(ctx, at))}})
	}
	return t
}

func stateCell(ctx context.Context, s State) ui.Cell {
	return ui.Cell{Text: i18n.T(ctx, "state.payment."+string(s)), Body: stateWord(s)}
}

// table begins a table whose heads are the locale keys payment.col.<name>; a name that
// ends in "!" is a number.
func table(ctx context.Context, caption string, head int, names ...string) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, caption), HeadCol: head, AsFile: true}
	for _, n := range names {
		c := ui.Column{}
		if n[len(n)-1] == '!' {
			n, c.Numeric = n[:len(n)-1], true
		}
		c.Head = i18n.T(ctx, "payment.col."+n)
		t.Columns = append(t.Columns, c)
	}
	return t
}

func linesTable(ctx context.Context, lines []Line, exempts map[string]string) ui.Table {
	t := table(ctx, "payment.lines", 0, "fee", "kind", "unit!", "items!", "amount!", "exempt", "net!")
	t.AsFile = false
	for _, l := range lines {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(lineName(ctx, l)), ui.Txt(kindWords(ctx, l.Kind)), ui.Txt(i18n.Number(ctx, l.Unit)), ui.Txt(i18n.Number(ctx, l.Items)),
			ui.Txt(i18n.Number(ctx, l.Amount)), ui.Txt(exempts[l.Exempt]), ui.Txt(i18n.Number(ctx, l.Net))}})
	}
	t.Foot = []ui.Row{{Cells: []ui.Cell{ui.Txt(i18n.T(ctx, "payment.total")), {}, {}, {}, {}, {}, ui.Txt(i18n.Number(ctx, sum(lines)))}}}
	return t
}

func lineName(ctx context.Context, l Line) string {
	if l.Name == "" {
		return kindWords(ctx, l.Kind)
	}
	return l.Name
}

func kindWords(ctx context.Context, k LineKind) string {
	if k == "" {
		return i18n.T(ctx, "payment.kind.unsorted")
	}
	return i18n.T(ctx, "payment.kind."+string(k))
}

// lineChoices are the lines of one fee among which the cashier chooses.
func lineChoices(ctx context.Context, p Part) (list []ui.Choice) {
	for _, r := range p.Rules {
		c := ui.Choice{Value: r.Key, Text: r.Name, Hint: money(ctx, r.Amount)}
		if !r.Known {
			c.Hint = i18n.T(ctx, "payment.in_words")
		}
		if r.Unit != "" {
			c.Hint = i18n.T(ctx, "payment.per_unit", "amount", money(ctx, r.Amount), "unit", r.Unit)
		}
		if r.Cap > 0 {
			c.Hint += i18n.T(ctx, "payment.cap", "amount", money(ctx, r.Cap))
		}
		list = append(list, c)
	}
	return list
}

func exemptionChoices(ctx context.Context, all []Exemption) (list []ui.Choice) {
	for _, e := range all {
		list = append(list, ui.Choice{Value: e.Code, Text: i18n.T(ctx, "payment.exempt_choice", "name", e.Name, "percent", e.Percent)})
	}
	return list
}

func standingTone(s Standing) string {
	switch {
	case s.Open():
		return ui.Late
	case s == MoveSettled:
		return ui.OK
	}
	return ui.Neutral
}

func movementsTable(ctx context.Context, list []Movement) ui.Table {
	t := table(ctx, "payment.movements.title", 0, "reference", "at", "amount!", "way", "standing", "order")
	for _, m := range list {
		ref := m.Reference
		if ref == "" {
			ref = i18n.T(ctx, "payment.at_counter")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: ref, URL: "/payments/movements/" + m.ID, Code: true}, ui.Txt(i18n.Time(ctx, clock.FromMs(m.AtMs))), ui.Txt(i18n.Number(ctx, m.Amount)),
			ui.Txt(wayWords(ctx, m.Way)), {Text: i18n.T(ctx, "payment.standing."+string(m.Standing)), Body: standingWord(m.Standing)}, {Text: m.OrderCode, Code: true}}})
	}
	return t
}

func closingsTable(ctx context.Context, list []Closing) ui.Table {
	t := table(ctx, "payment.closings.title", 0, "day", "cashier", "agency", "receipts!", "expected!", "counted!", "difference!", "state")
	for _, c := range list {
		state := "closed"
		if c.ConfirmedMs > 0 {
			state = "confirmed"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Go(i18n.Day(ctx, c.Day), "/payments/closings/"+c.ID), ui.Txt(c.Name), {Text: c.AgencyName, Mute: true}, ui.Txt(i18n.Number(ctx, c.Receipts)),
			ui.Txt(i18n.Number(ctx, c.Expected)), ui.Txt(i18n.Number(ctx, c.Counted)), ui.Txt(i18n.Number(ctx, c.Difference())),
			{Text: i18n.T(ctx, "payment.closing."+state), Body: closingWord(c)}}})
	}
	return t
}

func statementsTable(ctx context.Context, list []Statement) ui.Table {
	t := table(ctx, "payment.statements.title", 0, "day", "gateway", "same!", "missing_here!", "missing_there!", "amount_differs!", "unexplained!")
	for _, s := range list {
		cells := []ui.Cell{ui.Go(i18n.Day(ctx, s.Day), "/payments/statements/"+s.ID), ui.Txt(s.Gateway)}
		for _, v := range []Verdict{Same, MissingHere, MissingThere, AmountDiffer} {
			cells = append(cells, ui.Txt(i18n.Number(ctx, s.Counts[v])))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(cells, ui.Txt(i18n.Number(ctx, s.Unexplained)))})
	}
	return t
}

func comparedTable(ctx context.Context, st Statement, lines []Compared, may bool) ui.Table {
	t := table(ctx, "payment.statement.lines", 0, "reference", "order", "ours!", "theirs!", "verdict", "why")
	for _, c := range lines {
		why := ui.Txt(c.Why)
		if c.Verdict != Same && may {
			text := c.Why
			if text == "" {
				text = i18n.T(ctx, "payment.statement.explain")
			}
			why = ui.Go(text, "/payments/statements/"+st.ID+"?line="+c.ID+"#explain")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Reference, Code: true}, {Text: c.Note, Mute: true}, ui.Txt(i18n.Number(ctx, c.Ours)), ui.Txt(i18n.Number(ctx, c.Theirs)),
			{Text: i18n.T(ctx, "payment.verdict."+string(c.Verdict)), Body: verdictWord(c)}, why}})
	}
	return t
}

func agencyChoices(list []org.Agency) (out []ui.Choice) {
	for _, a := range list {
		out = append(out, ui.Choice{Value: a.ID, Text: a.Name})
	}
	return out
}

func gatewayChoices(list []GatewaySetup) (out []ui.Choice) {
	for _, g := range list {
		out = append(out, ui.Choice{Value: g.ID, Text: g.Name})
	}
	return out
}

func gatewaysTable(ctx context.Context, v Setup) ui.Table {
	names := map[string]string{}
	for _, a := range v.Agencies {
		names[a.ID] = a.Name
	}
	t := table(ctx, "payment.gateways", 0, "name", "kind", "agency", "account", "way", "state")
	t.AsFile = false
	for _, g := range v.Gateways {
		account := g.Merchant
		if g.Kind == BankNotice {
			account = g.AccountNo + " · " + g.BIN
		}
		state := "off"
		if g.Active {
			state = "on"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Go(g.Name, setupPath+"/gateways/"+g.ID), ui.Txt(i18n.T(ctx, "payment.gateway.kind."+string(g.Kind))), {Text: names[g.Agency], Mute: true},
			{Text: account, Code: true}, ui.Txt(wayWords(ctx, g.Way)), ui.Txt(i18n.T(ctx, "payment.setup."+state))}})
	}
	return t
}

func exemptionsTable(ctx context.Context, v Setup) ui.Table {
	t := table(ctx, "payment.exemptions", 0, "name", "percent!", "basis", "from", "to", "checked")
	t.AsFile = false
	for _, e := range v.Exemptions {
		name := ui.Txt(e.Name)
		if v.Province {
			name.URL = setupPath + "/exemptions/" + e.ID
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Txt(i18n.Number(ctx, e.Percent)), {Text: e.Basis, Mute: true}, ui.Txt(i18n.Day(ctx, e.FromDay)), ui.Txt(i18n.Day(ctx, e.ToDay)), ui.In(checkedWord(e.Verified))}})
	}
	return t
}

func booksTable(ctx context.Context, v Setup) ui.Table {
	t := table(ctx, "payment.books", 0, "serial", "form", "range", "next", "left!", "voided!", "state")
	t.AsFile = false
	for _, b := range v.Books {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: b.Serial, Code: true}, {Text: b.Form, Code: true}, {Text: number(b.FromNo) + " – " + number(b.ToNo), Code: true}, {Text: number(b.NextNo), Code: true},
			ui.Txt(i18n.Number(ctx, b.Left())), ui.Txt(i18n.Number(ctx, b.Voided)), ui.In(bookActs(b))}})
	}
	return t
}

// receiptLetter is a receipt as it is printed.
func receiptLetter(ctx context.Context, r Receipt) ui.LetterText {
	t := func(key string, args ...any) string { return i18n.T(ctx, "payment.receipt."+key, args...) }
	lines := []string{t("form", "form", r.Form, "serial", r.Serial, "no", r.Number()), t("payer", "payer", r.Payer)}
	if r.Address != "" {
		lines = append(lines, t("address", "address", r.Address))
	}
	lines = append(lines, t("order", "code", r.OrderCode), t("for", "name", r.Content))
	for _, part := range []struct {
		key string
		n   int64
	}{{"charge", r.Charge}, {"duty", r.Duty}, {"unsorted", r.Unsorted}} {
		if part.n > 0 {
			lines = append(lines, t(part.key, "n", part.n))
		}
	}
	lines = append(lines, t("amount", "n", r.Amount()), t("in_words", "words", Words(r.Amount())), t("way", "way", wayWords(ctx, r.Way)), t("at", "at", clock.FromMs(r.IssuedMs)))
	if !r.Valid() {
		lines = append(lines, t("cancelled", "reason", r.Reason))
	}
	return ui.LetterText{Left: []string{r.AgencyName}, Right: []string{t("country"), t("motto")}, Title: t("letter"), Lines: lines, SignTitle: t("signer"), SignName: r.IssuedName}
}

// fixed are the fees of a single line, which nobody chooses.
func fixed(parts []Part) (list []Part) {
	for _, p := range parts {
		if len(p.Rules) == 1 {
			list = append(list, p)
		}
	}
	return list
}
