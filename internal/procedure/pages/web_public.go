package pages

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cchc/internal/i18n"
	"cchc/internal/procedure"
	"cchc/internal/process"
	"cchc/internal/ui"
)

// publicView is a procedure as a citizen reads it, for one case.
type publicView struct {
	procedure.View
	Shown   procedure.Version
	Variant string
	Day     string
	Apply   string // where to send a dossier online, "" nowhere
}

func (v publicView) limit() procedure.Limit {
	chosen, _ := v.Shown.Content.VariantOf(v.Variant)
	return chosen.Limit
}

func (v publicView) steps() []process.Step {
	if v.Kind != procedure.Single {
		return nil // a group runs through its members
	}
	chosen, _ := v.Shown.Content.VariantOf(v.Variant)
	return chosen.Steps
}

func (v publicView) papers() []procedure.Component { return v.Shown.Content.ComponentsOf(v.Variant) }

func (v publicView) fees() []procedure.Fee { return v.Shown.Content.FeesOn(v.Variant, v.Day) }

func (v publicView) alike() []procedure.Row {
	return slices.DeleteFunc(slices.Clone(v.Alike), func(p procedure.Row) bool { return p.Key == v.Key })
}

// lead says in a sentence for whom it is and how long it takes.
func (v publicView) lead(ctx context.Context) string {
	who := ""
	if v.Shown.Content.Applicants != "" {
		who = i18n.T(ctx, "procedure.lead_who", "who", v.Shown.Content.Applicants)
	}
	if l := v.limit(); l.Known {
		return strings.TrimSpace(who + " " + i18n.T(ctx, "procedure.lead_when", "limit", procedure.LimitWords(ctx, l)))
	}
	return who
}

func (v publicView) facts(ctx context.Context) []ui.SumLine {
	c := v.Shown.Content
	return []ui.SumLine{
		{Term: i18n.T(ctx, "procedure.fact.limit"), Text: procedure.LimitWords(ctx, v.limit())},
		{Term: i18n.T(ctx, "procedure.fact.fee"), Text: feeShort(ctx, c, v.Variant, v.Day)},
		{Term: i18n.T(ctx, "procedure.fact.place"), Text: word(ctx, "procedure.level.", string(c.Level))},
		{Term: i18n.T(ctx, "procedure.fact.papers"), Text: i18n.T(ctx, "procedure.fact.papers_n", "n", strconv.Itoa(len(v.papers())))},
	}
}

// plain is the way of a dossier as the applicant meets it, in four steps.
func (v publicView) plain(ctx context.Context) (out [][2]string) {
	c := v.Shown.Content
	add := func(key, text string) { out = append(out, [2]string{i18n.T(ctx, "procedure.plain."+key), text}) }
	names := make([]string, 0, len(v.papers()))
	for _, p := range v.papers() {
		names = append(names, p.Name)
	}
	add("prepare", strings.Join(names, "; "))
	send := waysWords(ctx, c)
	if c.Pays == procedure.PaysBefore {
		send += " " + i18n.T(ctx, "procedure.plain.pay_before")
	}
	add("send", send)
	add("follow", i18n.T(ctx, "procedure.plain.follow_text"))
	get := strings.Join(c.Results, "; ")
	if c.Pays == procedure.PaysAfter {
		get += " " + i18n.T(ctx, "procedure.plain.pay_after")
	}
	add("get", strings.TrimSpace(get))
	return out
}

func waysWords(ctx context.Context, c procedure.Content) string {
	if len(c.Channels) == 0 {
		return i18n.T(ctx, "procedure.to_confirm")
	}
	var parts []string
	for _, ch := range c.Channels {
		parts = append(parts, i18n.T(ctx, "procedure.channel."+ch))
	}
	return strings.Join(parts, "; ") + "."
}

func (v publicView) where(ctx context.Context) string {
	key := "procedure.where_counter"
	if v.Kind == procedure.Feedback {
		key = "procedure.where_feedback"
	} else if slices.Contains(v.Shown.Content.Channels, "online") {
		key = "procedure.where_online"
	}
	return i18n.T(ctx, key)
}

func (v publicView) basis(ctx context.Context) string {
	words := ""
	if len(v.Shown.Content.Bases) > 0 {
		words = i18n.T(ctx, "procedure.basis", "bases", strings.Join(v.Shown.Content.Bases, "; ")) + " "
	}
	if v.Shown.Decision == "" {
		return words
	}
	return words + i18n.T(ctx, "procedure.announced", "number", v.Shown.Decision, "day", v.Shown.From)
}

func (v publicView) caseChips(ctx context.Context) []ui.ChipLink {
	list := []ui.ChipLink{{Text: i18n.T(ctx, "procedure.case_general"), URL: "/procedures/" + v.Key, On: v.Variant == ""}}
	for _, one := range v.Shown.Content.Variants {
		list = append(list, ui.ChipLink{Text: one.Name, URL: "/procedures/" + v.Key + "?case=" + one.Code, On: v.Variant == one.Code})
	}
	return list
}

func levelChips(ctx context.Context, q procedure.Query, path string) []ui.ChipLink {
	list := []ui.ChipLink{{Text: i18n.T(ctx, "procedure.all_levels"), URL: address(q, path, "level", ""), On: q.Level == ""}}
	for _, l := range []procedure.Level{procedure.LevelProvince, procedure.LevelCommune, procedure.LevelCentral} {
		list = append(list, ui.ChipLink{Text: i18n.T(ctx, "procedure.level."+string(l)), URL: address(q, path, "level", string(l)), On: q.Level == l})
	}
	return list
}

func serviceChips(ctx context.Context, q procedure.Query, path string) []ui.ChipLink {
	list := []ui.ChipLink{{Text: i18n.T(ctx, "procedure.all_services"), URL: address(q, path, "service", ""), On: q.Online == ""}}
	for _, l := range procedure.ServiceLevels {
		list = append(list, ui.ChipLink{Text: i18n.T(ctx, "procedure.service."+l), URL: address(q, path, "service", l), On: q.Online == l})
	}
	return list
}

func fieldChips(ctx context.Context, q procedure.Query, fields []string, path string) []ui.ChipLink {
	list := []ui.ChipLink{{Text: i18n.T(ctx, "procedure.all_fields"), URL: address(q, path, "field", ""), On: q.Field == ""}}
	for _, f := range fields {
		list = append(list, ui.ChipLink{Text: f, URL: address(q, path, "field", f), On: q.Field == f})
	}
	return list
}

func paperTable(ctx context.Context, list []procedure.Component) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.part.papers"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.paper")}, {Head: i18n.T(ctx, "procedure.col.counts")}, {Head: i18n.T(ctx, "procedure.col.needed")}}}
	for _, p := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Name, Sub: p.Form}, ui.Txt(counts(ctx, p)), {Text: needed(ctx, p), Mute: true}}})
	}
	return t
}

// feeTable lists fees; with days it tells from when to when each counts.
func feeTable(ctx context.Context, c procedure.Content, list []procedure.Fee, withDays bool) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.fees"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.for")}, {Head: i18n.T(ctx, "procedure.col.amount"), Numeric: true}}}
	if withDays {
		t.Columns = append(t.Columns, ui.Column{Head: i18n.T(ctx, "procedure.col.days")})
	}
	for _, f := range list {
		row := ui.Row{Cells: []ui.Cell{ui.Txt(feeFor(ctx, c, f)), ui.Txt(feeAmount(ctx, f))}}
		if withDays {
			row.Cells = append(row.Cells, ui.Txt(daysWords(ctx, f.From, f.To)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// daysWords writes a validity; open ends are left out.
func daysWords(ctx context.Context, from, to string) string {
	switch {
	case from == procedure.FirstDay && to == procedure.LastDay:
		return i18n.T(ctx, "procedure.always")
	case to == procedure.LastDay:
		return i18n.T(ctx, "procedure.since", "from", from)
	case from == procedure.FirstDay:
		return i18n.T(ctx, "procedure.until", "to", to)
	}
	return i18n.T(ctx, "procedure.between", "from", from, "to", to)
}

func stepTable(ctx context.Context, steps []process.Step) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.steps"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.no"), Numeric: true}, {Head: i18n.T(ctx, "procedure.col.actor")},
		{Head: i18n.T(ctx, "procedure.col.do")}, {Head: i18n.T(ctx, "procedure.col.takes")}, {Head: i18n.T(ctx, "procedure.col.after")}}}
	before := process.Before(steps)
	staged := len(process.Path(steps, false).Stages) > 1
	stage := 0
	for _, s := range steps {
		if staged && s.Stage != stage {
			stage = s.Stage
			t.Rows = append(t.Rows, ui.Row{Group: i18n.T(ctx, "procedure.stage", "n", strconv.Itoa(stage))})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(strconv.Itoa(s.No)), {Text: s.Actor, Sub: i18n.T(ctx, "procedure.group."+orHandler(s.Group))}, ui.Txt(s.Do), ui.Txt(takes(ctx, s)), ui.Txt(afterWords(ctx, before[s.No]))}})
	}
	return t
}

func orHandler(g process.Group) string {
	if slices.Contains(process.Groups, g) {
		return string(g)
	}
	return "none"
}

func afterWords(ctx context.Context, list []int) string {
	if len(list) == 0 {
		return i18n.T(ctx, "procedure.first_step")
	}
	var parts []string
	for _, n := range list {
		parts = append(parts, strconv.Itoa(n))
	}
	return i18n.T(ctx, "procedure.after_steps", "steps", strings.Join(parts, ", "))
}

// short is how long a step takes, for a box of the diagram.
func short(ctx context.Context, s process.Step) string {
	if !s.Known {
		return i18n.T(ctx, "procedure.to_confirm")
	}
	return procedure.Span(ctx, s.Minutes)
}

func pathOf(a process.Arrow) string {
	var b strings.Builder
	for i, p := range a.Points {
		b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + strconv.Itoa(p[0]) + " " + strconv.Itoa(p[1]))
	}
	return b.String()
}

// tipOf is the head of an arrow, a small triangle that points right.
func tipOf(a process.Arrow) string {
	p := a.Points[len(a.Points)-1]
	x, y := strconv.Itoa(p[0]-8), p[1]
	return "M" + strconv.Itoa(p[0]) + " " + strconv.Itoa(y) + "L" + x + " " + strconv.Itoa(y-5) + "L" + x + " " + strconv.Itoa(y+5) + "Z"
}
