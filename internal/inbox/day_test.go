package inbox

import "testing"

func TestDayPlace_goesOnAfterWhatWasTakenOfAnyRoom(t *testing.T) {
	t.Parallel()
	end := EndOf("2026-03-26")
	for _, c := range []struct {
		name, after, day, id string
	}{
		{"the beginning", "", "", ""},
		{"a day's own item", After(end, "x"), "2026-03-26", "x"},
		{"another room's item within the next day", After(end+1, "x"), "2026-03-26", "~"},
		{"what has no date", After(0, "x"), NoDay, "x"},
	} {
		if day, id := DayPlace(c.after); day != c.day || id != c.id {
			t.Errorf("%s: after (%s, %s), want (%s, %s)", c.name, day, id, c.day, c.id)
		}
	}
	if EndOf(NoDay) != 0 || EndOf("") != 0 {
		t.Error("no day has an end")
	}
}
