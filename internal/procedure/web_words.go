package procedure

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/i18n"
	"cchc/internal/process"
	"cchc/internal/ui"
)

// limitWords writes a limit: "5 ngày làm việc", or that it waits for confirmation.
func limitWords(ctx context.Context, l Limit) string {
	if !l.Known {
		return i18n.T(ctx, "procedure.to_confirm")
	}
	return i18n.T(ctx, "procedure.amount."+string(l.Unit), "n", i18n.Number(ctx, l.Amount))
}

// span writes working minutes as officers do: whole days of eight hours, hours, minutes.
func span(ctx context.Context, minutes int) string {
	switch {
	case minutes > 0 && minutes%dayMinutes == 0:
		return i18n.T(ctx, "procedure.amount.working_day", "n", i18n.Number(ctx, int64(minutes/dayMinutes)))
	case minutes > dayMinutes && minutes%(dayMinutes/2) == 0: // 8,5 days read better than 68 hours
		return i18n.T(ctx, "procedure.amount.working_day", "n", i18n.Decimal(ctx, strconv.Itoa(minutes/dayMinutes)+".5"))
	case minutes%60 == 0:
		return i18n.T(ctx, "procedure.amount.working_hour", "n", i18n.Number(ctx, int64(minutes/60)))
	case minutes < 60:
		return i18n.T(ctx, "procedure.amount.minute", "n", i18n.Number(ctx, int64(minutes)))
	}
	return i18n.T(ctx, "procedure.amount.working_hour", "n", i18n.Number(ctx, int64(minutes/60))) + " " + i18n.T(ctx, "procedure.amount.minute", "n", i18n.Number(ctx, int64(minutes%60)))
}

// takes writes how long a step takes.
func takes(ctx context.Context, s process.Step) string {
	if !s.Known {
		return i18n.T(ctx, "procedure.to_confirm")
	}
	if s.OnlineMinutes > 0 && s.OnlineMinutes != s.Minutes {
		return i18n.T(ctx, "procedure.takes_both", "counter", span(ctx, s.Minutes), "online", span(ctx, s.OnlineMinutes))
	}
	return span(ctx, s.Minutes)
}

// money writes đồng.
func money(ctx context.Context, n int64) string {
	return i18n.T(ctx, "procedure.dong", "n", i18n.Number(ctx, n))
}

// feeAmount writes what one line of fees asks.
func feeAmount(ctx context.Context, f Fee) string {
	switch {
	case f.Text != "" && f.Amount == 0:
		return f.Text
	case f.PerUnit != "" && f.Cap > 0:
		return i18n.T(ctx, "procedure.per_unit_cap", "amount", money(ctx, f.Amount), "unit", f.PerUnit, "cap", money(ctx, f.Cap))
	case f.PerUnit != "":
		return i18n.T(ctx, "procedure.per_unit", "amount", money(ctx, f.Amount), "unit", f.PerUnit)
	case f.Amount == 0:
		return i18n.T(ctx, "procedure.free")
	}
	return money(ctx, f.Amount)
}

// feeFor writes for whom a line counts.
func feeFor(ctx context.Context, c Content, f Fee) string {
	var parts []string
	if v, ok := c.variant(f.Variant); ok && f.Variant != "" {
		parts = append(parts, v.Name)
	}
	for _, w := range []string{f.Criterion, f.Area} {
		if w != "" {
			parts = append(parts, w)
		}
	}
	if len(parts) == 0 {
		return i18n.T(ctx, "procedure.fee_everybody")
	}
	return strings.Join(parts, ", ")
}

// feeShort is the fee in a few words: one amount, a span of amounts, or that it is told below.
func feeShort(ctx context.Context, c Content, variant, day string) string {
	fees := c.feesOn(variant, day)
	if len(fees) == 0 {
		switch {
		case c.Pays == PaysNone:
			return i18n.T(ctx, "procedure.free")
		case c.FeeText != "":
			return i18n.T(ctx, "procedure.fee_in_words")
		}
		return i18n.T(ctx, "procedure.to_confirm")
	}
	low, high := fees[0].Amount, fees[0].Amount
	for _, f := range fees {
		low, high = min(low, f.Amount), max(high, f.Amount, f.Cap)
	}
	if low == high {
		return feeAmount(ctx, fees[0])
	}
	return i18n.T(ctx, "procedure.from_to", "low", i18n.Number(ctx, low), "high", money(ctx, high))
}

// counts writes how many papers of each sort are asked for.
func counts(ctx context.Context, p Component) string {
	var parts []string
	for _, one := range []struct {
		n   int
		key string
	}{{p.Originals, "procedure.originals"}, {p.Certified, "procedure.certified"}, {p.Copies, "procedure.copies"}} {
		if one.n > 0 {
			parts = append(parts, i18n.T(ctx, one.key, "n", strconv.Itoa(one.n)))
		}
	}
	if len(parts) == 0 {
		return i18n.T(ctx, "procedure.to_confirm")
	}
	return strings.Join(parts, ", ")
}

// needed writes of whom a paper is required.
func needed(ctx context.Context, p Component) string {
	switch {
	case p.RequiredIf != "":
		return i18n.T(ctx, "procedure.required_if", "when", p.RequiredIf)
	case p.Required:
		return i18n.T(ctx, "procedure.required")
	}
	return i18n.T(ctx, "procedure.not_required")
}

// findingWords writes one finding of the check.
func findingWords(ctx context.Context, c Content, f Finding) string {
	args := append([]any{"step", strconv.Itoa(f.Step)}, f.Args...)
	for i := 0; i+1 < len(f.Args); i += 2 {
		if n, ok := f.Args[i+1].(int); ok && (f.Args[i] == "sum" || f.Args[i] == "limit") {
			args = append(args, f.Args[i].(string)+"_text", span(ctx, n))
		}
	}
	words := i18n.T(ctx, "procedure.fault."+f.Code, args...)
	if v, ok := c.variant(f.Variant); ok && f.Variant != "" {
		return v.Name + ": " + words
	}
	return words
}

// Explained gives the doubts of a reading their reasons in the reader's language.
func (r Reading) Explained(ctx context.Context) Reading {
	out := make([]Doubt, len(r.Doubts))
	for i, d := range r.Doubts {
		key := "procedure.doubt." + d.Code
		if code, ok := strings.CutPrefix(d.Code, "check_"); ok {
			key = "procedure.fault." + code
		}
		args := []any{}
		for name, v := range d.Args {
			args = append(args, name, v)
			if n, ok := v.(int); ok && (name == "sum" || name == "limit") {
				args = append(args, name+"_text", span(ctx, n))
			}
		}
		d.Why = i18n.T(ctx, key, args...)
		out[i] = d
	}
	r.Doubts = out
	return r
}

func choicesOf[T ~string](ctx context.Context, prefix string, list []T) (out []ui.Choice) {
	for _, v := range list {
		out = append(out, ui.Choice{Value: string(v), Text: i18n.T(ctx, prefix+string(v))})
	}
	return out
}

// word gives a stored word its words, "" and what is unknown wait for confirmation.
func word(ctx context.Context, prefix, value string) string {
	if value == "" {
		return i18n.T(ctx, "procedure.to_confirm")
	}
	return i18n.T(ctx, prefix+value)
}

func publicTable(ctx context.Context, list []Row) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.menu"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.name")}, {Head: i18n.T(ctx, "procedure.col.field")},
		{Head: i18n.T(ctx, "procedure.col.level")}, {Head: i18n.T(ctx, "procedure.col.limit")}, {Head: i18n.T(ctx, "procedure.col.service")}}}
	for _, p := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Name, URL: "/procedures/" + p.Key, Sub: p.Code}, {Text: p.Field, Mute: true}, ui.Txt(word(ctx, "procedure.level.", string(p.Level))),
			ui.Txt(limitWords(ctx, p.Current.Content.Limit)), ui.In(serviceState(p.Current.Content.ServiceLevel))}})
	}
	return t
}
