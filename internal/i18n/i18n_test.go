package i18n

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"cchc/internal/clock"
	"cchc/internal/errs"
)

func TestT_speaksTheReadersLanguageAndShowsAMissingKey(t *testing.T) {
	t.Parallel()
	vi := context.Background()
	en := WithLang(vi, "en")
	if got := T(vi, "i18n.language.en"); got != "Tiếng Anh" {
		t.Errorf("got %q", got)
	}
	if got := T(en, "i18n.language.en"); got != "English" {
		t.Errorf("got %q", got)
	}
	if got := T(en, "i18n.no_such_key"); got != "i18n.no_such_key" {
		t.Errorf("got %q", got)
	}
	if Lang(WithLang(vi, "fr")) != Vi || Has("i18n.no_such_key") {
		t.Error("an unknown language is Vietnamese, an unknown key is unknown")
	}
}

func TestRead_leavesOutABrokenFileAndSaysSo(t *testing.T) {
	t.Parallel()
	c := read(fstest.MapFS{
		"locales/vi/good.json": {Data: []byte(`{"good.a": "Tốt"}`)},
		"locales/vi/bad.json":  {Data: []byte(`{"bad.a": `)},
	})
	if c.err == nil || c.words[Vi]["good.a"] != "Tốt" {
		t.Errorf("got %v, %v", c.err, c.words)
	}
}

func TestFill_writesValuesInTheReadersForm(t *testing.T) {
	t.Parallel()
	vi, en := context.Background(), WithLang(context.Background(), En)
	args := map[string]any{"n": 41206, "day": "2026-10-14", "year": 2026, "rate": "97.8", "tricky": "{n}",
		"at": time.Date(2026, 10, 14, 2, 30, 0, 0, time.UTC)}
	for _, c := range []struct {
		ctx        context.Context
		text, want string
	}{
		{vi, "{n:n} hồ sơ đến {day:day}", "41.206 hồ sơ đến 14/10/2026"},
		{en, "{n:n} by {day:day}", "41,206 by 14 October 2026"},
		{vi, "năm {year}, {rate:percent}", "năm 2026, 97,8%"},
		{vi, "lúc {at:time}", "lúc 09:30, 14/10/2026"},
		{vi, "{tricky}", "{n}"},
		{vi, "{absent} {", "{absent} {"},
	} {
		if got := fill(c.ctx, c.text, args); got != c.want {
			t.Errorf("fill(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestError_saysTheSentenceOfTheCode(t *testing.T) {
	t.Parallel()
	e := errs.New(errs.Invalid, "decimal.invalid", "text", "1x")
	if got := Error(context.Background(), e); got != "“1x” không phải là số. Hãy nhập số, dùng dấu phẩy cho phần lẻ." {
		t.Errorf("got %q", got)
	}
}

func TestFormats_noCaseIsADashNeverZero(t *testing.T) {
	t.Parallel()
	vi, en := context.Background(), WithLang(context.Background(), En)
	for _, c := range []struct{ got, want string }{
		{Day(vi, ""), "–"}, {Day(vi, "9999-12-31"), "–"}, {Day(vi, "hôm nay"), "hôm nay"},
		{Day(vi, "2026-10-14"), "14/10/2026"}, {Day(en, "2026-10-04"), "4 October 2026"},
		{Time(vi, time.Time{}), "–"}, {Time(en, clock.FromMs(0)), "07:00, 1 January 1970"},
		{Number(vi, 1234567), "1.234.567"}, {Number(vi, -1234), "−1.234"}, {Number(en, 999), "999"},
		{Percent(vi, "13.16"), "13,16%"}, {Percent(en, "13.16"), "13.16%"}, {Percent(vi, ""), "–"},
		{Decimal(vi, "1234.50"), "1.234,50"}, {Decimal(vi, "0"), "0"}, {Decimal(vi, ""), "–"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
