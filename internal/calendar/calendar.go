// Package calendar counts working time (thời gian làm việc): when a promise falls
// due, how much of it is used, which days are working days. Start with Calendar.Due.
//
// All time is counted in whole minutes at +07:00. A calendar is what an agency works
// by: its hours by season, the national days off, make-up days and swaps.
package calendar

import "time"

// Unit is what an amount of time is counted in; the stored word is the value.
type Unit string

// The units. A working day is as long as the office's day is at the start.
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
