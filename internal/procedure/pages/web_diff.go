package pages

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/i18n"
	"cchc/internal/procedure"
	"cchc/internal/process"
	"cchc/internal/ui"
)

// line is one statement of a version in the reader's words.
type line struct{ label, value string }

// told writes all that a version says, one line a statement: papers, fees, cases and
// steps a line each, so that two versions can be laid side by side.
func told(ctx context.Context, c procedure.Content) (list []line) {
	add := func(key, value string, args ...any) {
		if value != "" {
			list = append(list, line{i18n.T(ctx, "procedure.line."+key, args...), value})
		}
	}
	yes := func(key string, is bool) {
		add(key, i18n.T(ctx, map[bool]string{true: "procedure.yes", false: "procedure.no"}[is]))
	}
	add("name", c.Name)
	add("code", c.Code)
	add("field", c.Field)
	add("level", word(ctx, "procedure.level.", string(c.Level)))
	add("authority", c.Authority)
	add("applicants", c.Applicants)
	add("order", c.Order)
	add("channels", waysWords(ctx, c))
	add("sets", strconv.Itoa(c.Sets))
	add("limit", procedure.LimitWords(ctx, c.Limit))
	if c.OnlineLimit.Known {
		add("online_limit", procedure.LimitWords(ctx, c.OnlineLimit))
	}
	add("notice", procedure.LimitWords(ctx, c.SupplementNotice))
	add("service", word(ctx, "procedure.service.", c.ServiceLevel))
	add("pays", word(ctx, "procedure.pays.", c.Pays))
	yes("pauses", c.PausesForPayment)
	yes("receipt", c.ReceiptNeeded)
	yes("same_day", c.SameDay)
	yes("returns", c.ReturnsDocument)
	add("results", strings.Join(c.Results, "\n"))
	add("conditions", strings.Join(c.Conditions, "\n"))
	add("bases", strings.Join(c.Bases, "\n"))
	add("rules", c.ReceivingRules)
	add("note", c.Note)
	for _, p := range c.Components {
		add("paper", p.Name+"; "+counts(ctx, p)+"; "+needed(ctx, p), "code", p.Code)
	}
	for _, f := range c.Fees {
		add("fee", feeAmount(ctx, f)+"; "+daysWords(ctx, f.From, f.To), "what", feeFor(ctx, c, f))
	}
	add("fee_text", c.FeeText)
	stepLines(ctx, c.Steps, "step", add)
	for _, v := range c.Variants {
		add("variant", v.Name+"; "+procedure.LimitWords(ctx, v.Limit), "code", v.Code)
		stepLines(ctx, v.Steps, "variant_step", add, "code", v.Code)
	}
	return list
}

func stepLines(ctx context.Context, steps []process.Step, key string, add func(string, string, ...any), more ...any) {
	for _, s := range steps {
		add(key, s.Actor+": "+s.Do+"; "+takes(ctx, s), append([]any{"n", strconv.Itoa(s.No)}, more...)...)
	}
}

// diffTable lays two versions side by side: what was changed, added, left out.
func diffTable(ctx context.Context, old, fresh procedure.Version) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.changes"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.what")}, {Head: i18n.T(ctx, "procedure.col.how")},
		{Head: i18n.T(ctx, "procedure.version_n", "n", strconv.FormatInt(old.No, 10))}, {Head: i18n.T(ctx, "procedure.version_n", "n", strconv.FormatInt(fresh.No, 10))}}}
	for _, c := range compare(told(ctx, old.Content), told(ctx, fresh.Content)) {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Txt(c.label), ui.In(changeState(c)), ui.Txt(orDash(c.old)), ui.Txt(orDash(c.fresh))}})
	}
	return t
}

// change is one statement that differs; old or fresh is "" when it is new or gone.
type change struct{ label, old, fresh string }

// compare pairs statements by their labels, in the order of the fresh version; what is
// gone comes last.
func compare(old, fresh []line) (list []change) {
	was := map[string]string{}
	for _, l := range old {
		was[l.label] += l.value
	}
	seen := map[string]bool{}
	for _, l := range fresh {
		if seen[l.label] {
			continue
		}
		seen[l.label] = true
		now := ""
		for _, m := range fresh { // fees that differ only in their days share a label
			if m.label == l.label {
				now += m.value
			}
		}
		if was[l.label] != now {
			list = append(list, change{l.label, was[l.label], now})
		}
	}
	for _, l := range old {
		if !seen[l.label] {
			seen[l.label] = true
			list = append(list, change{l.label, was[l.label], ""})
		}
	}
	return list
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
