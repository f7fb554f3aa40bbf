// Package calendar counts working time (thời gian làm việc): when a promise falls
// due, how much of it is used, which days are working days. Start with Calendar.Due;
// Load reads an agency's calendar, Book changes days, hours and years.
//
// All time is counted in whole minutes at +07:00; seconds are cut off. A calendar is
// what an agency works by: its hours by season, the national days off, make-up days
// and swaps. docs/adr/0006-working-time.md tells why it is so.
package calendar

import (
	"cmp"
	"slices"
	"time"

	"cchc/internal/clock"
)

// DayKind says what an entry of the calendar makes of a day; the stored word is the value.
type DayKind string

// The kinds of entry.
const (
	DayOff    DayKind = "day_off"    // nghỉ lễ, nghỉ bù, hoán đổi
	MakeUp    DayKind = "make_up"    // làm bù: works like an ordinary weekday
	ToConfirm DayKind = "to_confirm" // chờ xác nhận: works until an officer confirms the day off
	LunarHint DayKind = "lunar_hint" // a computed lunar holiday: works until the year is confirmed
)

// Day is one entry of the calendar: a day that is not what its weekday says.
type Day struct {
	ID       string  `json:"id"`
	AgencyID string  `json:"agency_id"` // "" for all agencies
	Day      string  `json:"day"`
	Kind     DayKind `json:"kind"`
	Name     string  `json:"name"`
	Basis    string  `json:"basis"`    // the document that says so
	SwapDay  string  `json:"swap_day"` // make_up: the day off it makes up for; day_off: the day that makes up for it
	Sample   bool    `json:"sample"`   // typed from memory: pages say "dữ liệu mẫu"
	Version  int64   `json:"version"`
}

// Calendar is the working time of one agency, ready to count with. It is not changed
// after it is made and may be shared.
type Calendar struct {
	levels    []level // the agency's own first, then its parents', last what holds for all
	confirmed map[int]bool
}

// level is what one agency (or the whole province) says about days and hours.
type level struct {
	days  map[int]Day
	hours []hours
}

// Make builds a calendar from entries and hours of several levels, the nearest first,
// and the confirmed years. Load does it from the database.
func Make(confirmed []int, levels ...Level) (Calendar, error) {
	c := Calendar{confirmed: map[int]bool{}}
	for _, y := range confirmed {
		c.confirmed[y] = true
	}
	for _, l := range levels {
		made := level{days: map[int]Day{}}
		for _, d := range l.Days {
			n, ok := dayNumber(d.Day)
			if !ok {
				return c, badDay("day", d.Day)
			}
			made.days[n] = d
		}
		for _, h := range l.Hours {
			compiled, err := compile(h)
			if err != nil {
				return c, err
			}
			made.hours = append(made.hours, compiled)
		}
		// A season beats the whole year, and among equals the later rule wins.
		slices.SortStableFunc(made.hours, func(a, b hours) int {
			return cmp.Or(boolFirst(a.seasonal, b.seasonal), cmp.Compare(b.from, a.from))
		})
		c.levels = append(c.levels, made)
	}
	return c, nil
}

// Level is the entries and hours of one agency, or of all.
type Level struct {
	Days  []Day
	Hours []Hours
}

func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// plan is what one day is: the periods of work in minutes from midnight, and why.
type plan struct {
	kind    DayKind // "" when nothing is entered
	name    string
	weekend bool // no work by its weekday
	periods []Period
}

func (p plan) minutes() int64 {
	var sum int64
	for _, w := range p.periods {
		sum += int64(w.To - w.From)
	}
	return sum
}

// plan says what day number n is. The nearest entry wins; an entry decides whether
// there is work, the hours of the day's weekday decide when.
func (c Calendar) plan(n int) plan {
	wd := weekday(n)
	entry, entered := c.entry(n)
	switch {
	case entered && entry.Kind == DayOff:
		return plan{kind: DayOff, name: entry.Name}
	case entered && entry.Kind == MakeUp:
		return plan{kind: MakeUp, name: entry.Name, periods: c.periods(n, makeUpWeekday(wd, entry.SwapDay))}
	}
	p := plan{periods: c.periods(n, wd)}
	p.weekend = len(p.periods) == 0
	if entered && !p.weekend {
		p.kind, p.name = entry.Kind, entry.Name
	}
	return p
}

func (c Calendar) entry(n int) (Day, bool) {
	for _, l := range c.levels {
		if d, ok := l.days[n]; ok {
			return d, true
		}
	}
	return Day{}, false
}

// makeUpWeekday is whose hours a make-up day follows: those of the day it makes up
// for, else Friday's for a Saturday and Monday's for a Sunday.
func makeUpWeekday(wd int, swap string) int {
	if n, ok := dayNumber(swap); ok && weekday(n) <= 5 {
		return weekday(n)
	}
	switch wd {
	case 6:
		return 5
	case 7:
		return 1
	}
	return wd
}

// periods are the working periods of the given weekday's hours in force on day n.
func (c Calendar) periods(n, wd int) []Period {
	for _, l := range c.levels {
		for _, h := range l.hours {
			if h.covers(n, wd) {
				return h.periods
			}
		}
	}
	if wd <= 5 {
		return defaultPeriods
	}
	return nil
}

// dayMinutes is the length of a working day around day n: of the longest weekday, so
// that an office open on Saturday mornings does not get short days.
func (c Calendar) dayMinutes(n int) int64 {
	var longest int64
	for wd := 1; wd <= 7; wd++ {
		longest = max(longest, plan{periods: c.periods(n, wd)}.minutes())
	}
	return longest
}

// dayNumber turns YYYY-MM-DD into days since 1970-01-01; false for no real day.
func dayNumber(day string) (int, bool) {
	t, err := clock.ParseDay(day)
	if err != nil || clock.Day(t) != day {
		return 0, false
	}
	return int(toMinute(t) / dayLength), true
}

const dayLength = 24 * 60

// dayText is the inverse of dayNumber.
func dayText(n int) string { return civil(n).Format(time.DateOnly) }

// civil is the midnight of day number n, as if it were UTC: for its year, month and day.
func civil(n int) time.Time { return time.Unix(int64(n)*86400, 0).UTC() }

// weekday is 1 for Monday to 7 for Sunday. Day 0 was a Thursday.
func weekday(n int) int { return ((n%7)+7+3)%7 + 1 }

// toMinute counts the whole minutes since 1970-01-01 00:00 at +07:00; toTime is its inverse.
func toMinute(t time.Time) int64 {
	s := t.Unix() + 7*3600
	m := s / 60
	if s%60 < 0 {
		m--
	}
	return m
}

func toTime(m int64) time.Time { return time.Unix(m*60-7*3600, 0).In(clock.Vietnam) }

// dayOf is the day number of a minute.
func dayOf(m int64) int {
	n := m / dayLength
	if m%dayLength < 0 {
		n--
	}
	return int(n)
}
