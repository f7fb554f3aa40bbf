package calendar

import (
	"strings"
	"testing"
)

func TestSuggest_agreesWithTheYearsThatAreKnown(t *testing.T) {
	t.Parallel()
	days, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for year, missing := range map[string]string{
		// Only the swap, which is a choice, and the days around Tết of 2022 differ.
		"2022": "2022-01-03",
		"2026": "2026-01-02 2026-08-31",
	} {
		suggested := map[string]bool{}
		list, err := Suggest(map[string]int{"2022": 2022, "2026": 2026}[year])
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			suggested[d.Day] = true
		}
		for _, d := range days {
			if strings.HasPrefix(d.Day, year) && d.Kind == DayOff && !suggested[d.Day] && !strings.Contains(missing, d.Day) {
				t.Errorf("%s %s is not suggested", d.Day, d.Name)
			}
		}
	}
}

func TestSuggest_compensatesHolidaysOnAWeekend(t *testing.T) {
	t.Parallel()
	list, err := Suggest(2027)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range list {
		got = append(got, d.Day[5:]+" "+string(d.Kind))
	}
	want := "01-01 day_off, 02-05 lunar_hint, 02-06 lunar_hint, 02-07 lunar_hint, 02-08 lunar_hint, 02-09 lunar_hint, 02-10 lunar_hint, 02-11 lunar_hint, " +
		"04-16 lunar_hint, 04-30 day_off, 05-01 day_off, 05-03 day_off, 09-01 day_off, 09-02 day_off, 11-24 to_confirm"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if _, err := Suggest(1); err == nil {
		t.Error("the year 1 is a slip")
	}
}
