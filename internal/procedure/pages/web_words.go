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

// takes writes how long a step takes.
func takes(ctx context.Context, s process.Step) string {
	if !s.Known {
		return i18n.T(ctx, "procedure.to_confirm")
	}
	if s.OnlineMinutes > 0 && s.OnlineMinutes != s.Minutes {
		return i18n.T(ctx, "procedure.takes_both", "counter", procedure.Span(ctx, s.Minutes), "online", procedure.Span(ctx, s.OnlineMinutes))
	}
	return procedure.Span(ctx, s.Minutes)
}

// money writes đồng.
func money(ctx context.Context, n int64) string {
	return i18n.T(ctx, "procedure.dong", "n", i18n.Number(ctx, n))
}

// feeAmount writes what one line of fees asks.
func feeAmount(ctx context.Context, f procedure.Fee) string {
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
func feeFor(ctx context.Context, c procedure.Content, f procedure.Fee) string {
	var parts []string
	if v, ok := c.VariantOf(f.Variant); ok && f.Variant != "" {
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
func feeShort(ctx context.Context, c procedure.Content, variant, day string) string {
	fees := c.FeesOn(variant, day)
	if len(fees) == 0 {
		switch {
		case c.Pays == procedure.PaysNone:
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
func counts(ctx context.Context, p procedure.Component) string {
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
func needed(ctx context.Context, p procedure.Component) string {
	switch {
	case p.RequiredIf != "":
		return i18n.T(ctx, "procedure.required_if", "when", p.RequiredIf)
	case p.Required:
		return i18n.T(ctx, "procedure.required")
	}
	return i18n.T(ctx, "procedure.not_required")
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

func publicTable(ctx context.Context, list []procedure.Row) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "procedure.menu"), HeadCol: 0, Columns: []ui.Column{{Head: i18n.T(ctx, "procedure.col.name")}, {Head: i18n.T(ctx, "procedure.col.field")},
		{Head: i18n.T(ctx, "procedure.col.level")}, {Head: i18n.T(ctx, "procedure.col.limit")}, {Head: i18n.T(ctx, "procedure.col.service")}}}
	for _, p := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Name, URL: "/procedures/" + p.Key, Sub: p.Code}, {Text: p.Field, Mute: true}, ui.Txt(word(ctx, "procedure.level.", string(p.Level))),
			ui.Txt(procedure.LimitWords(ctx, p.Current.Content.Limit)), ui.In(serviceState(p.Current.Content.ServiceLevel))}})
	}
	return t
}
