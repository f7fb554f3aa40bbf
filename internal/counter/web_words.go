package counter

import (
	"context"
	"strconv"

	"cchc/internal/clock"
	"cchc/internal/i18n"
	"cchc/internal/ui"
)

func versionText(n int64) string { return strconv.FormatInt(n, 10) }

func hour(ms int64) string {
	if ms == 0 {
		return ""
	}
	return clock.FromMs(ms).In(clock.Vietnam).Format("15:04")
}

func stateTone(s State) string {
	switch s {
	case Called, Serving:
		return ui.Info
	case Done:
		return ui.OK
	case Waiting:
		return ui.Wait
	case Skipped:
		return ui.Soon
	}
	return ui.Neutral
}

func appointmentTone(s AppointmentState) string {
	switch s {
	case Arrived:
		return ui.OK
	case Booked:
		return ui.Info
	case NoShow:
		return ui.Late
	}
	return ui.Neutral
}

func priorityWords(ctx context.Context, p Priority) string {
	if p == "" {
		return ""
	}
	return i18n.T(ctx, "counter.priority."+string(p))
}

func priorityChoices(ctx context.Context) (list []ui.Choice) {
	for _, p := range Priorities {
		list = append(list, ui.Choice{Value: string(p), Text: priorityWords(ctx, p)})
	}
	return list
}

// queueChoices are the queues in use, other than one.
func queueChoices(list []Queue, not string) (out []ui.Choice) {
	for _, q := range list {
		if q.Active && q.ID != not {
			out = append(out, ui.Choice{Value: q.ID, Text: q.Letter + " · " + q.Name})
		}
	}
	return out
}

// freeDesks are the desks where nobody sits.
func freeDesks(ctx context.Context, list []Desk) (out []ui.Choice) {
	for _, d := range list {
		if d.Active && d.OfficerID == "" {
			out = append(out, ui.Choice{Value: d.ID, Text: i18n.T(ctx, "counter.desk.no", "no", d.No)})
		}
	}
	return out
}

func head(ctx context.Context, names ...string) (list []ui.Column) {
	for _, n := range names {
		c := ui.Column{}
		if n[len(n)-1] == '!' {
			n, c.Numeric = n[:len(n)-1], true
		}
		c.Head = i18n.T(ctx, "counter.col."+n)
		list = append(list, c)
	}
	return list
}

func ticketsTable(ctx context.Context, list []Ticket) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "counter.today.menu"), AsFile: true, Columns: head(ctx, "label", "queue", "priority", "taken", "called", "wait!", "ended", "state", "desk!", "dossier")}
	for _, x := range list {
		wait, desk := "", ""
		if x.CalledMs > 0 {
			wait = i18n.Number(ctx, x.WaitMin)
		}
		if x.DeskNo > 0 {
			desk = i18n.Number(ctx, x.DeskNo)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Label, Code: true}, ui.Txt(x.QueueName), ui.Txt(priorityWords(ctx, x.Priority)), ui.Txt(hour(x.TakenMs)), ui.Txt(hour(x.CalledMs)),
			ui.Txt(wait), ui.Txt(hour(x.EndedMs)), {Text: i18n.T(ctx, "state.counter."+string(x.State)), Body: stateWord(x.State)}, ui.Txt(desk), {Text: x.Dossier, Code: true}}})
	}
	return t
}

func appointmentsTable(ctx context.Context, v appointmentsView) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "counter.appointments.menu"), AsFile: true, Columns: head(ctx, "start", "code", "name", "phone", "queue", "state")}
	if v.Book {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "counter.col.act"), Hidden: true})
	}
	for _, a := range v.List {
		row := ui.Row{Cells: []ui.Cell{ui.Txt(hour(a.StartMs)), {Text: a.Code, Code: true}, ui.Txt(a.Name), ui.Txt(a.Phone), ui.Txt(a.QueueName),
			{Text: i18n.T(ctx, "counter.appointment."+string(a.State)), Body: appointmentWord(a.State)}}}
		if v.Book {
			row.Cells = append(row.Cells, ui.In(cancelAct(a)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// dayStats is the strip over a day's tickets.
func dayStats(ctx context.Context, d Day) []ui.Stat {
	within := ""
	if d.Called > 0 {
		within = i18n.Number(ctx, d.Within*100/d.Called)
	}
	return []ui.Stat{
		{Label: i18n.T(ctx, "counter.day.drawn"), Value: i18n.Number(ctx, d.Drawn)},
		{Label: i18n.T(ctx, "counter.day.waiting"), Value: i18n.Number(ctx, d.Waiting)},
		{Label: i18n.T(ctx, "counter.day.within"), Value: within, Unit: "%", Sub: i18n.T(ctx, "counter.day.of", "n", d.Within, "all", d.Called)},
		{Label: i18n.T(ctx, "counter.day.abandoned"), Value: i18n.Number(ctx, d.Abandoned)},
	}
}

func queuesTable(ctx context.Context, v Setup) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "counter.queues"), Columns: head(ctx, "letter", "name_queue", "capacity!", "state")}
	for _, q := range v.Queues {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: q.Letter, Code: true}, ui.Go(q.Name, setupPath+"/queues/"+q.ID+"?agency="+q.Agency), ui.Txt(i18n.Number(ctx, q.Capacity)), ui.Txt(onWords(ctx, q.Active))}})
	}
	return t
}

func desksTable(ctx context.Context, v Setup) ui.Table {
	names := map[string]string{}
	for _, q := range v.Queues {
		names[q.ID] = q.Letter
	}
	t := ui.Table{Caption: i18n.T(ctx, "counter.desks"), Columns: head(ctx, "desk", "queues", "officer", "state")}
	for _, d := range v.Desks {
		letters := ""
		for _, q := range v.Queues {
			for _, id := range d.Queues {
				if id == q.ID {
					letters += names[id] + " "
				}
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Go(i18n.T(ctx, "counter.desk.no", "no", d.No), setupPath+"/desks/"+d.ID+"?agency="+d.Agency), ui.Txt(letters), ui.Txt(d.Officer), ui.Txt(onWords(ctx, d.Active))}})
	}
	return t
}

func onWords(ctx context.Context, on bool) string {
	if on {
		return i18n.T(ctx, "counter.on")
	}
	return i18n.T(ctx, "counter.off")
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

// slotChoices are the free beginnings of a day.
func slotChoices(ctx context.Context, list []Slot) (out []ui.Choice) {
	for _, s := range list {
		out = append(out, ui.Choice{Value: strconv.FormatInt(s.StartMs, 10), Text: i18n.T(ctx, "counter.book.slot", "at", hour(s.StartMs), "n", s.Left)})
	}
	return out
}

// dayLinks are the days on which one can book.
func dayLinks(ctx context.Context, o Offer, path string) (list []ui.Link) {
	for _, d := range o.Days {
		list = append(list, ui.Link{Text: dayWords(ctx, d), URL: path + "?queue=" + o.Queue.ID + "&day=" + d})
	}
	return list
}

func dayWords(ctx context.Context, day string) string {
	t, err := clock.ParseDay(day)
	if err != nil {
		return day
	}
	return i18n.T(ctx, "counter.weekday."+strconv.Itoa(int(t.Weekday()))) + ", " + i18n.Day(ctx, day)
}

func hallChoices(o Offer) (list []ui.Choice) {
	for _, a := range o.Halls {
		list = append(list, ui.Choice{Value: a.ID, Text: a.Name})
	}
	return list
}

func queueLinks(o Offer, path string) (list []ui.Link) {
	for _, q := range o.Queues {
		list = append(list, ui.Link{Text: q.Name, URL: path + "?queue=" + q.ID})
	}
	return list
}

// ownName is who books for themselves; an officer types the caller's name.
func ownName(portal bool, name string) string {
	if portal {
		return name
	}
	return ""
}

func machineWords(ctx context.Context, h Hall) string {
	if h.HasToken {
		return i18n.T(ctx, "counter.token.there")
	}
	return i18n.T(ctx, "counter.token.none")
}
