// Package clock is the only place that asks what time it is.
package clock

import "time"

// Clock returns the current time in UTC, to the millisecond: the finest step that
// both databases keep.
type Clock func() time.Time

// Vietnam is the one time zone of the product. It is fixed (+07:00, no summer time),
// so the program never depends on the machine's time zone files.
var Vietnam = time.FixedZone("+07", 7*60*60)

// System is the real clock.
func System() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// At is a clock stopped at t, for tests.
func At(t time.Time) Clock { return func() time.Time { return t.UTC().Truncate(time.Millisecond) } }

// From is a clock that reads start now and runs on: the demonstration's clock.
func From(start time.Time) Clock {
	began := time.Now()
	return func() time.Time { return start.Add(time.Since(began)).UTC().Truncate(time.Millisecond) }
}

// Day returns the calendar day of t in Vietnam as YYYY-MM-DD. A day changes at
// midnight in Vietnam, which is 17:00 UTC.
func Day(t time.Time) string { return t.In(Vietnam).Format(time.DateOnly) }

// ParseDay reads YYYY-MM-DD as the first moment of that day in Vietnam. It refuses
// a day that does not exist, such as 2026-02-30.
func ParseDay(day string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, day, Vietnam)
}

// FromMs turns stored milliseconds since 1970 UTC into a time.
func FromMs(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
