package calendar

import (
	"slices"
	"time"

	"cchc/internal/errs"
)

// Unit is what an amount of time is counted in; the stored word is the value.
type Unit string

// The units. A working day is as long as the office's day is when the clock starts.
const (
	Minute      Unit = "minute"       // phút làm việc
	WorkingHour Unit = "working_hour" // giờ làm việc
	WorkingDay  Unit = "working_day"  // ngày làm việc
	CalendarDay Unit = "calendar_day" // ngày
)

// Span is a stretch of time from From until To: a pause of a clock. A zero To is a
// pause that has not ended.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Result is when a promise falls due, and how it was counted.
type Result struct {
	Due   time.Time `json:"due"`
	Steps []Step    `json:"steps"`
}

// MaxDays is the longest amount that is counted: anything longer is a slip of the hand.
const MaxDays = 10_000

// Years outside these are slips too (a missing date reads as year 1).
const firstYear, lastYear = 1900, 2200

// Due counts amount units of working time from start, leaving pauses out, and says
// when they are used up. A due time at the end of a period stays there (17:00, not
// next 07:00); zero is Norm(start). A pause that begins after the due time changes
// nothing, pauses that overlap count once.
//
// Errors are refusals on a field: amount, unit, start or pauses. A pause without an
// end that begins before the due time is Conflict "calendar.pause_open".
func (c Calendar) Due(start time.Time, amount int, unit Unit, pauses ...Span) (Result, error) {
	var r recorder
	due, err := c.due(start, amount, unit, pauses, &r)
	return Result{Due: due, Steps: r.steps}, err
}

// DueTime is Due without the steps: for counting many clocks.
func (c Calendar) DueTime(start time.Time, amount int, unit Unit, pauses ...Span) (time.Time, error) {
	return c.due(start, amount, unit, pauses, nil)
}

func (c Calendar) due(start time.Time, amount int, unit Unit, pauses []Span, r *recorder) (time.Time, error) {
	merged, err := merge(pauses)
	if err != nil {
		return time.Time{}, err
	}
	if y := start.UTC().Year(); y < firstYear || y > lastYear {
		return time.Time{}, errs.OnField("start", "calendar.start_out_of_range", "year", y)
	}
	if amount < 0 {
		return time.Time{}, errs.OnField("amount", "calendar.amount_negative", "amount", amount)
	}
	perDay := map[Unit]int{Minute: dayLength, WorkingHour: 24, WorkingDay: 1, CalendarDay: 1}[unit]
	if perDay == 0 {
		return time.Time{}, errs.OnField("unit", "calendar.unit_unknown", "unit", string(unit))
	}
	if amount > MaxDays*perDay {
		return time.Time{}, errs.OnField("amount", "calendar.amount_too_large", "amount", amount, "most", MaxDays*perDay)
	}
	norm, ok := c.norm(toMinute(start))
	if !ok {
		return time.Time{}, errs.New(errs.Conflict, "calendar.no_working_time")
	}
	r.enter(c, dayOf(toMinute(start)), dayOf(norm)-1, int64(amount))
	var due int64
	if unit == CalendarDay {
		due, err = c.addDays(norm, amount, merged, r)
	} else {
		minutes := int64(amount)
		switch unit {
		case WorkingHour:
			minutes *= 60
		case WorkingDay:
			minutes *= c.dayMinutes(dayOf(norm))
		}
		r.relabel(minutes)
		due, err = c.walk(norm, minutes, merged, r)
	}
	if err != nil {
		return time.Time{}, err
	}
	return toTime(due), nil
}

// maxIdle is how many days without any work are walked before giving up: a calendar
// with no hours at all must not loop for ever.
const maxIdle = 3 * 366

// walk consumes left minutes of work from minute cur on, outside the pauses.
func (c Calendar) walk(cur, left int64, pauses []pause, r *recorder) (int64, error) {
	idle := 0
	for n := dayOf(cur); left > 0; n++ {
		if idle++; idle > maxIdle {
			return 0, errs.New(errs.Conflict, "calendar.no_working_time")
		}
		p := c.plan(n)
		r.open(c, n, p, left)
		midnight := int64(n) * dayLength
		for _, w := range p.periods {
			from, to := max(midnight+int64(w.From), cur), midnight+int64(w.To)
			for from < to && left > 0 {
				stop, until, paused := next(pauses, from, to)
				if paused && stop == from {
					if until == forever {
						return 0, errs.New(errs.Conflict, "calendar.pause_open")
					}
					idle = 0
					r.paused(from, min(until, to))
					from = until
					continue
				}
				used := min(stop-from, left)
				left -= used
				idle = 0
				r.used(from, from+used, left)
				from += used
				cur = from
			}
		}
		r.close()
	}
	return cur, nil
}

// addDays adds calendar days to minute cur: the same hour so many days on, moved to
// the next working day if it falls on a day off. A pause adds as long as it lasted.
func (c Calendar) addDays(cur int64, days int, pauses []pause, r *recorder) (int64, error) {
	began := cur
	due := cur + int64(days)*dayLength
	for _, p := range pauses {
		moved, ok := c.moveToWork(due)
		if !ok {
			return 0, errs.New(errs.Conflict, "calendar.no_working_time")
		}
		if p.to <= began || p.from >= moved {
			continue
		}
		if p.to == forever {
			return 0, errs.New(errs.Conflict, "calendar.pause_open")
		}
		// What was left when the pause began is left when it ends.
		left := max(0, due-max(p.from, began))
		due = p.to + left
	}
	moved, ok := c.moveToWork(due)
	if !ok {
		return 0, errs.New(errs.Conflict, "calendar.no_working_time")
	}
	r.calendarDays(c, began, due, moved, pauses)
	return moved, nil
}

// moveToWork moves a minute on a day off to the same hour of the next working day.
func (c Calendar) moveToWork(m int64) (int64, bool) {
	for range maxIdle {
		if len(c.plan(dayOf(m)).periods) > 0 {
			return m, true
		}
		m += dayLength
	}
	return m, false
}

// Norm is t itself inside working hours, else the start of the next working period.
// A calendar without any working time leaves t as it is.
func (c Calendar) Norm(t time.Time) time.Time {
	m, _ := c.norm(toMinute(t))
	return toTime(m)
}

func (c Calendar) norm(m int64) (int64, bool) {
	for n := dayOf(m); n <= dayOf(m)+maxIdle; n++ {
		for _, w := range c.plan(n).periods {
			if end := int64(n)*dayLength + int64(w.To); m < end {
				return max(m, int64(n)*dayLength+int64(w.From)), true
			}
		}
	}
	return m, false
}

// Used is how many working minutes lie between start and end, pauses left out. It is
// 0 when end is not after start. A pause without an end lasts until end.
func (c Calendar) Used(start, end time.Time, pauses ...Span) (int64, error) {
	merged, err := merge(pauses)
	if err != nil {
		return 0, err
	}
	from, to := toMinute(start), toMinute(end)
	var sum int64
	for n := dayOf(from); n <= dayOf(to); n++ {
		for _, w := range c.plan(n).periods {
			a, b := max(from, int64(n)*dayLength+int64(w.From)), min(to, int64(n)*dayLength+int64(w.To))
			for a < b {
				stop, until, paused := next(merged, a, b)
				sum += stop - a
				if a = stop; paused {
					a = until
				}
			}
		}
	}
	return sum, nil
}

// pause is a Span in minutes; forever stands for no end.
type pause struct{ from, to int64 }

const forever = int64(1) << 60

// next says how long work goes on from minute from: until stop, which is to or the
// beginning of a pause that lasts until until.
func next(pauses []pause, from, to int64) (stop, until int64, paused bool) {
	for _, p := range pauses {
		if p.to > from && p.from < to {
			return max(p.from, from), p.to, true
		}
	}
	return to, 0, false
}

// merge sorts pauses and joins those that touch; it refuses one that ends before it begins.
func merge(spans []Span) ([]pause, error) {
	if len(spans) == 0 {
		return nil, nil
	}
	all := make([]pause, 0, len(spans))
	for _, s := range spans {
		p := pause{toMinute(s.From), forever}
		if !s.To.IsZero() {
			p.to = toMinute(s.To)
		}
		if p.from > p.to {
			return nil, errs.OnField("pauses", "calendar.pause_reversed")
		}
		if p.from < p.to {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b pause) int { return int(min(max(a.from-b.from, -1), 1)) })
	var out []pause
	for _, p := range all {
		if len(out) > 0 && p.from <= out[len(out)-1].to {
			out[len(out)-1].to = max(out[len(out)-1].to, p.to)
			continue
		}
		out = append(out, p)
	}
	return out, nil
}
