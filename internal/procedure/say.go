package procedure

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/i18n"
)

// LimitWords writes a limit: "5 ngày làm việc", or that it waits for confirmation.
func LimitWords(ctx context.Context, l Limit) string {
	if !l.Known {
		return i18n.T(ctx, "procedure.to_confirm")
	}
	return i18n.T(ctx, "procedure.amount."+string(l.Unit), "n", i18n.Number(ctx, l.Amount))
}

// Span writes working minutes as officers do: whole days of eight hours, hours, minutes.
func Span(ctx context.Context, minutes int) string {
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

// FindingWords writes one finding of the check of a version.
func FindingWords(ctx context.Context, c Content, f Finding) string {
	args := append([]any{"step", strconv.Itoa(f.Step)}, f.Args...)
	for i := 0; i+1 < len(f.Args); i += 2 {
		if n, ok := f.Args[i+1].(int); ok && (f.Args[i] == "sum" || f.Args[i] == "limit") {
			args = append(args, f.Args[i].(string)+"_text", Span(ctx, n))
		}
	}
	words := i18n.T(ctx, "procedure.fault."+f.Code, args...)
	if v, ok := c.VariantOf(f.Variant); ok && f.Variant != "" {
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
				args = append(args, name+"_text", Span(ctx, n))
			}
		}
		d.Why = i18n.T(ctx, key, args...)
		out[i] = d
	}
	r.Doubts = out
	return r
}

// NumberTyped writes a number in a field; nothing is left empty.
func NumberTyped(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// OpenEnd leaves the open end of a validity empty.
func OpenEnd(day string) string {
	if day == FirstDay || day == LastDay {
		return ""
	}
	return day
}

// Joined writes numbers of steps with commas between them.
func Joined(list []int) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.Itoa(n)
	}
	return strings.Join(out, ", ")
}
