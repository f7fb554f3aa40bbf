package i18n

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cchc/internal/clock"
)

// Day writes a stored day (YYYY-MM-DD) for the reader: 14/10/2026, or 14 October 2026
// in English, where a slash would leave month and day in doubt. "" and the open ends
// of validity (0001-01-01, 9999-12-31) give "–"; a text that is no day comes back as it is.
func Day(ctx context.Context, day string) string {
	if day == "" || day == "0001-01-01" || day == "9999-12-31" {
		return "–"
	}
	t, err := clock.ParseDay(day)
	if err != nil {
		return day
	}
	return t.Format(dayLayout(ctx))
}

// Time writes an instant in Vietnam's time: 09:30, 14/10/2026. The zero time gives "–".
func Time(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(clock.Vietnam).Format("15:04, " + dayLayout(ctx))
}

func dayLayout(ctx context.Context) string {
	if Lang(ctx) == En {
		return "2 January 2006"
	}
	return "02/01/2006"
}

// Number writes a whole number with a mark between thousands: 1.234, or 1,234 in English.
func Number(ctx context.Context, n int64) string { return Decimal(ctx, strconv.FormatInt(n, 10)) }

// Percent writes a decimal text as a percentage: "13.16" becomes 13,16%. "" (no case) gives "–".
func Percent(ctx context.Context, s string) string {
	if s == "" {
		return "–"
	}
	return Decimal(ctx, s) + "%"
}

// Decimal writes a decimal text ("1234.50", digits kept as given) with the reader's
// marks: 1.234,50, or 1,234.50 in English. "" (no case) gives "–", never 0. The minus
// becomes a true minus sign, which lines up with digits.
func Decimal(ctx context.Context, s string) string {
	if s == "" {
		return "–"
	}
	thousands, point := ".", ","
	if Lang(ctx) == En {
		thousands, point = ",", "."
	}
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "−", rest
	}
	whole, part, hasPart := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(digit)
	}
	if hasPart {
		b.WriteString(point + part)
	}
	return b.String()
}

// write puts one value into a sentence. Without a form the value is written as it is:
// a year must not get a thousands mark.
func write(ctx context.Context, v any, form string) string {
	switch form {
	case "n":
		switch n := v.(type) {
		case int:
			return Number(ctx, int64(n))
		case int64:
			return Number(ctx, n)
		}
		return Decimal(ctx, fmt.Sprint(v))
	case "day":
		return Day(ctx, fmt.Sprint(v))
	case "time":
		if t, ok := v.(time.Time); ok {
			return Time(ctx, t)
		}
	case "percent":
		return Percent(ctx, fmt.Sprint(v))
	case "decimal":
		return Decimal(ctx, fmt.Sprint(v))
	}
	return fmt.Sprint(v)
}
