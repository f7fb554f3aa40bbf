package calendar

// WorkingDay reports whether day has any working time; false for no real day.
func (c Calendar) WorkingDay(day string) bool {
	n, ok := dayNumber(day)
	return ok && c.works(n)
}

func (c Calendar) works(n int) bool { return len(c.plan(n).periods) > 0 }

// AddWorkingDays returns the n-th working day after day, before it when n is
// negative; n = 0 is day itself, working or not. It returns "" for no real day, for
// more than MaxDays, and in a calendar without working days.
func (c Calendar) AddWorkingDays(day string, n int) string {
	at, ok := dayNumber(day)
	if !ok || n > MaxDays || n < -MaxDays {
		return ""
	}
	by := 1
	if n < 0 {
		by = -1
	}
	for idle := 0; n != 0; {
		at += by
		if !c.works(at) {
			if idle++; idle > maxIdle {
				return ""
			}
			continue
		}
		idle = 0
		n -= by
	}
	return dayText(at)
}

// WorkingDaysBetween counts the working days after a until b, b included: how many
// must be added to a to reach b. It is negative when b is before a (a excluded, b
// included), and 0 for a day that is not real.
func (c Calendar) WorkingDaysBetween(a, b string) int {
	from, okA := dayNumber(a)
	to, okB := dayNumber(b)
	if !okA || !okB {
		return 0
	}
	count := 0
	for n := from + 1; n <= to; n++ {
		if c.works(n) {
			count++
		}
	}
	for n := from - 1; n >= to; n-- {
		if c.works(n) {
			count--
		}
	}
	return count
}
