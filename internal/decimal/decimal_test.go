package decimal

import (
	"testing"

	"cchc/internal/errs"
)

func must(t *testing.T, s string) D {
	t.Helper()
	d, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFixed_roundsHalvesUpWhereFloatsFail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in     string
		places int
		want   string
	}{
		{"0.125", 2, "0.13"}, {"64.25", 1, "64.3"}, {"-0.125", 2, "-0.13"}, {"1.005", 2, "1.01"},
		{"12,5", 0, "13"}, {"0", 2, "0.00"}, {"-0.001", 2, "0.00"}, {"99.995", 2, "100.00"},
	} {
		if got := must(t, c.in).Fixed(c.places); got != c.want {
			t.Errorf("%s at %d places = %s, want %s", c.in, c.places, got, c.want)
		}
	}
}

func TestAdd_isExact(t *testing.T) {
	t.Parallel()
	sum := Int(0)
	for range 10 {
		sum = sum.Add(must(t, "0.1"))
	}
	if sum.Cmp(Int(1)) != 0 {
		t.Errorf("ten times 0.1 = %s", sum.Fixed(20))
	}
}

func TestPercent_ofNoCaseIsNotZero(t *testing.T) {
	t.Parallel()
	if _, ok := Percent(0, 0); ok {
		t.Error("0 of 0 has no percentage")
	}
	if d, ok := Percent(5, 38); !ok || d.Fixed(2) != "13.16" {
		t.Errorf("5 of 38 = %s", d.Fixed(2))
	}
}

func TestParse_refusesWhatIsNotAPlainNumber(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "-", ".", "1e9", "1/3", "0x10", "1.2.3", "NaN", "١٢"} {
		if _, err := Parse(s); errs.CodeOf(err) != "decimal.invalid" {
			t.Errorf("Parse(%q) gave %v", s, err)
		}
	}
}

func TestScaled_refusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	if n, ok := must(t, "12.345").Scaled(2); !ok || n != 1235 {
		t.Errorf("got %d, %v", n, ok)
	}
	if _, ok := must(t, "99999999999999999999").Scaled(2); ok {
		t.Error("a number over 64 bits was accepted")
	}
	if got := FromScaled(1235, 2).Fixed(2); got != "12.35" {
		t.Errorf("got %s", got)
	}
}
