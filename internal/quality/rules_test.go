package quality

import (
	"testing"

	"pgregory.net/rapid"

	"cchc/internal/decimal"
	"cchc/internal/errs"
)

func f(n, d int64) Fact { return Fact{Known: true, Numerator: n, Denominator: d} }

func lineOf(t *testing.T, code string) Line {
	t.Helper()
	for _, l := range Shipped() {
		if l.Code == code {
			return l
		}
	}
	t.Fatal("no line", code)
	return Line{}
}

func TestIndex_workedExampleToTheLastDigit(t *testing.T) {
	t.Parallel()
	sync := f(9800, 10_000)
	var group []Value
	for _, c := range []struct {
		code         string
		fact         Fact
		max          string // the example's weight where no source gives one
		rate, points string
	}{
		{"1.1", f(98, 100), "", "98.00", "5.88"},
		{"1.2", f(95, 100), "", "95.00", "3.80"},
		{"1.3", f(1890, 1900), "", "99.47", "1.99"},
		{"1.4", sync, "", "98.00", "5.88"},
		{"2.1", f(9650, 10_000), "", "96.50", "19.30"},
		{"3.3", f(7200, 10_000), "6", "70.56", "6.00"},
		{"3.6", f(3100, 6000-400), "", "55.36", "5.54"},
		{"4.2", f(70, 100), "", "70.00", "3.50"},
		{"5.2", f(118, 125), "", "94.40", "5.66"},
		{"5.3", f(125-9, 125), "", "92.80", "5.57"},
		{"5.4", f(961, 1000), "", "96.10", "6.00"},
	} {
		l := lineOf(t, c.code)
		if c.max != "" {
			l.Max = c.max
		}
		v := Evaluate(l, c.fact, sync)
		if v.Rate != c.rate || v.Points != c.points {
			t.Errorf("%s: %s%% gives %s, want %s%% and %s", c.code, v.Rate, v.Points, c.rate, c.points)
		}
		if v.Group == "openness" {
			group = append(group, v)
		}
	}
	sums := Sums(group)
	if len(sums) != 2 || sums[0].Points != "17.55" || sums[0].Whole != "18.00" || sums[1].Points != "17.55" {
		t.Errorf("group 1 = %+v, want 17.55 of 18", sums)
	}
}

func TestIndex_onlineShareIsMultipliedByTheRateOfSynchronisation(t *testing.T) {
	t.Parallel()
	l := lineOf(t, "3.3")
	l.Max = "6"
	whole, half := Evaluate(l, f(40, 100), f(100, 100)), Evaluate(l, f(40, 100), f(50, 100))
	if whole.Points != "4.80" || half.Rate != "20.00" || half.Points != "2.40" {
		t.Errorf("whole %s, half %s%% %s", whole.Points, half.Rate, half.Points)
	}
	if v := Evaluate(l, f(40, 100), Fact{}); v.Standing != NoSource || v.Points != "" {
		t.Errorf("without a known rate it is %s %q, want no source", v.Standing, v.Points)
	}
}

func TestIndex_noSourceAndNoCaseAreNeverZero(t *testing.T) {
	t.Parallel()
	l := lineOf(t, "1.1")
	none, empty, counted := Evaluate(l, Fact{}, Fact{}), Evaluate(l, f(0, 0), Fact{}), Evaluate(l, f(0, 5), Fact{})
	if none.Standing != NoSource || none.Points != "" || empty.Standing != NoCase || empty.Points != "" || counted.Points != "0.00" {
		t.Errorf("%+v %+v %+v", none, empty, counted)
	}
	sums := Sums([]Value{none, empty})
	if sums[0].Points != "" || sums[0].Most != "0.00" || sums[0].Whole != "12.00" {
		t.Errorf("a group without figures reads %+v", sums[0])
	}
	if v := Evaluate(lineOf(t, "2.2"), f(1, 2), Fact{}); v.Standing != NoWeight || v.Rate != "50.00" {
		t.Errorf("an unscored line: %+v", v)
	}
}

func TestIndex_pointsNeverLeaveTheirRangeAndRiseWithTheRate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(1, 1_000_000).Draw(t, "whole")
		a, b := rapid.Int64Range(0, whole).Draw(t, "a"), rapid.Int64Range(0, whole).Draw(t, "b")
		l := rapid.SampledFrom(Shipped()).Draw(t, "line")
		if !l.Scored() {
			l.Max = "5"
		}
		x, y := Evaluate(l, f(min(a, b), whole), f(1, 1)), Evaluate(l, f(max(a, b), whole), f(1, 1))
		most, _ := decimal.Parse(l.Max)
		if x.exact.Cmp(y.exact) > 0 || y.exact.Cmp(most) > 0 || x.exact.Cmp(decimal.Int(0)) < 0 {
			t.Fatalf("%s: %s then %s of %s", l.Code, x.Points, y.Points, l.Max)
		}
	})
}

func TestWhy_saysWhatMakesTheOfficialValueDiffer(t *testing.T) {
	t.Parallel()
	certain, doubtful, sync := lineOf(t, "2.1"), lineOf(t, "4.2"), lineOf(t, "1.4")
	for _, c := range []struct {
		v              Value
		official, want string
	}{
		{Evaluate(certain, f(9, 10), Fact{}), "18.00", ""},
		{Evaluate(certain, f(9, 10), Fact{}), "", ""},
		{Evaluate(certain, f(9, 10), Fact{}), "17", "ours_more"},
		{Evaluate(certain, f(9, 10), Fact{}), "19", "theirs_more"},
		{Evaluate(certain, f(9, 10), Fact{}), "21", "over_max"},
		{Evaluate(certain, Fact{}, Fact{}), "19", "no_source"},
		{Evaluate(certain, f(0, 0), Fact{}), "19", "no_case"},
		{Evaluate(lineOf(t, "2.2"), f(1, 2), Fact{}), "1", "no_weight"},
		{Evaluate(doubtful, f(1, 2), Fact{}), "2", "weight"},
		{Evaluate(sync, f(9, 10), Fact{}), "3", "sync"},
	} {
		if got := c.v.Why(c.official); got != c.want {
			t.Errorf("%s ours %q, official %q: %q, want %q", c.v.Code, c.v.Points, c.official, got, c.want)
		}
	}
}

func TestClass_exactlyFifteenIsExcellent(t *testing.T) {
	t.Parallel()
	for total, want := range map[int64]string{180: "excellent", 150: "excellent", 149: "good", 120: "good", 119: "fair", 90: "fair", 89: "average", 60: "average", 59: "weak", 0: "weak"} {
		if got := ClassOf(Classes(), total); got != want {
			t.Errorf("%d tenths: %s, want %s", total, got, want)
		}
	}
	example := []Mark{}
	for i, n := range []int64{18, 16, 19, 19, 10, 20, 17, 20, 10} {
		example = append(example, Mark{Item: i + 1, Verified: n})
	}
	total, complete := Total(example, func(m Mark) int64 { return m.Verified })
	if total != 149 || !complete || ClassOf(Classes(), total) != "good" {
		t.Errorf("the example gives %d tenths, %s", total, ClassOf(Classes(), total))
	}
}

func TestMarks_areComputedFromWhatWasCounted(t *testing.T) {
	t.Parallel()
	if Mean(0, 0, 0) != None || Mean(9, 0, 1) != 18 || Mean(1, 1, 0) != 15 || Mean(0, 3, 1) != 8 {
		t.Error("mean", Mean(0, 0, 0), Mean(9, 0, 1), Mean(1, 1, 0), Mean(0, 3, 1))
	}
	for _, c := range [][3]int64{{0, 0, 20}, {10, 10, 20}, {9, 10, 10}, {89, 100, 0}} {
		if got := Feedback(c[0], c[1]); got != c[2] {
			t.Errorf("feedback %d/%d = %d, want %d", c[0], c[1], got, c[2])
		}
	}
	for _, c := range []struct {
		procedures, dossiers Fact
		late, want           int64
	}{{f(20, 100), f(30, 100), 0, 20}, {f(20, 100), f(29, 100), 0, 10}, {f(20, 100), f(15, 100), 0, 10}, {f(20, 100), f(14, 100), 0, 0}, {f(19, 100), f(30, 100), 0, 0}, {f(20, 100), f(30, 100), 1, 0}, {f(0, 0), f(0, 0), 0, 0}} {
		if got := Online(c.procedures, c.dossiers, c.late); got != c.want {
			t.Errorf("%+v: %d, want %d", c, got, c.want)
		}
	}
}

func TestPeriod_isAMonthAQuarterOrAYear(t *testing.T) {
	t.Parallel()
	for code, days := range map[string][2]string{"2026": {"2026-01-01", "2026-12-31"}, "2026-Q1": {"2026-01-01", "2026-03-31"}, "2026-Q4": {"2026-10-01", "2026-12-31"}, "2028-02": {"2028-02-01", "2028-02-29"}} {
		p, err := ParsePeriod(code)
		if err != nil || p.FromDay != days[0] || p.ToDay != days[1] || p.Code != code {
			t.Errorf("%s: %+v %v", code, p, err)
		}
	}
	for _, code := range []string{"", "26", "2026-Q0", "2026-Q5", "2026-13", "2026-1", "2026-Q01", "2026-", "x-Q1", "2026-00", "99999"} {
		if _, err := ParsePeriod(code); errs.CodeOf(err) != "quality.period_unreadable" {
			t.Errorf("%q: %v", code, err)
		}
	}
	list := Choices("2026-02-10")
	if len(list) != 10 || list[0].Code != "2026-Q1" || list[1].Code != "2025-Q4" || list[6].Code != "2026-01" || list[9].Code != "2025" || QuarterOf("2026-02-10") != list[0] {
		t.Errorf("%+v", list)
	}
}

func TestOfficial_readsLinesAsPeopleCopyThem(t *testing.T) {
	t.Parallel()
	got, err := ReadOfficial("1.1;5,88\n\n 2.1\t19.3\r\n")
	if err != nil || len(got) != 2 || got[0] != (Official{Code: "1.1", Points: 588}) || got[1] != (Official{Code: "2.1", Points: 1930}) {
		t.Errorf("%+v %v", got, err)
	}
	for lines, code := range map[string]string{"": "quality.official_empty", "9.9;1": "quality.official_line", "1.1": "quality.official_line", "1.1;-1": "quality.official_line", "1.1;101": "quality.official_line", "1.1;1,234": "quality.official_line", "1.1;abc": "quality.official_line"} {
		if _, err := ReadOfficial(lines); errs.CodeOf(err) != code {
			t.Errorf("%q: %v, want %s", lines, err, code)
		}
	}
}

func TestLaw_groupsAddUpToWhatTheDecisionGives(t *testing.T) {
	t.Parallel()
	var values []Value
	for _, l := range Shipped() {
		values = append(values, Evaluate(l, Fact{}, Fact{}))
		if l.Source == "" || l.Figure == "" {
			t.Errorf("%s lacks its source or its figure", l.Code)
		}
	}
	want := map[string]string{"openness": "18.00", "progress": "20.00", "online": "12.00", "payment": "10.00", "digitised": "20.00", "satisfaction": "18.00", "": "98.00"}
	for _, g := range Sums(values) { // two points of group 4 are nobody's: the seventh weight
		if g.Whole != want[g.Name] {
			t.Errorf("%q: %s, want %s", g.Name, g.Whole, want[g.Name])
		}
	}
}
