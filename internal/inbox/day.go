package inbox

import "cchc/internal/clock"

// NoDay is the due day, in the SQL of sources that keep days, of what has no date: after
// all days.
const NoDay = "9999-12-31"

// EndOf is the midnight that ends a day, in milliseconds: what is due on a day may be done
// until then. 0 for no day.
func EndOf(day string) int64 {
	t, err := clock.ParseDay(day)
	if err != nil || day == NoDay {
		return 0
	}
	return t.AddDate(0, 0, 1).UnixMilli()
}

// DayPlace turns the place of the last item taken into a day and an id, for the SQL of a
// source that keeps days: WHERE (due_day, id) > ($1, $2). The place may be that of another
// room's item, due at any moment of a day.
func DayPlace(after string) (day, id string) {
	ms, id := Place(after)
	switch {
	case ms < 0: // before everything
		return "", ""
	case ms == NoDate:
		return NoDay, id
	}
	day = clock.Day(clock.FromMs(ms).AddDate(0, 0, -1)) // the last day that has ended by then
	if EndOf(day) != ms {
		return day, "~" // what ended with it came before: past every id
	}
	return day, id
}
