package calendar

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFromLunar_findsTetAndTheAncestorsDay(t *testing.T) {
	t.Parallel()
	for year, want := range map[int][2]string{
		2022: {"2022-02-01", "2022-04-10"},
		2025: {"2025-01-29", "2025-04-07"},
		2026: {"2026-02-17", "2026-04-26"},
		2027: {"2027-02-06", "2027-04-16"},
		2028: {"2028-01-26", "2028-04-04"},
		2029: {"2029-02-13", "2029-04-23"},
		2030: {"2030-02-02", "2030-04-12"},
	} {
		if got := FromLunar(LunarDate{Year: year, Month: 1, Day: 1}); got != want[0] {
			t.Errorf("Tet %d: got %s, want %s", year, got, want[0])
		}
		if got := FromLunar(LunarDate{Year: year, Month: 3, Day: 10}); got != want[1] {
			t.Errorf("10/3 of %d: got %s, want %s", year, got, want[1])
		}
	}
}

// In 1985 Vietnam kept Tet a month before China, in 2007 a day before: both follow
// from counting at UTC+7. Leap months as in the printed calendars.
func TestFromLunar_countsAtVietnamsClock(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]LunarDate{
		"1985-01-21": {Year: 1985, Month: 1, Day: 1},
		"2007-02-17": {Year: 2007, Month: 1, Day: 1},
		"2023-03-22": {Year: 2023, Month: 2, Day: 1, Leap: true},
		"2025-07-25": {Year: 2025, Month: 6, Day: 1, Leap: true},
		"2020-05-23": {Year: 2020, Month: 4, Day: 1, Leap: true},
		"2026-09-25": {Year: 2026, Month: 8, Day: 15},
		"2024-02-09": {Year: 2023, Month: 12, Day: 30},
		"":           {Year: 2026, Month: 5, Day: 1, Leap: true},
	} {
		if got := FromLunar(d); got != want {
			t.Errorf("%+v: got %q, want %q", d, got, want)
		}
	}
	if got := FromLunar(LunarDate{Year: 2025, Month: 12, Day: 30}); got != "" {
		t.Errorf("month 12 of 2025 has 29 days, got %s for day 30", got)
	}
}

func TestToLunar_isTheInverseOfFromLunar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := dayText(rapid.IntRange(-25000, 84000).Draw(t, "day"))
		d, ok := ToLunar(day)
		if !ok || FromLunar(d) != day {
			t.Fatalf("%s -> %+v -> %s", day, d, FromLunar(d))
		}
	})
}
