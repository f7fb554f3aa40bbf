// Package desk is the officer's first page (bàn làm việc): what a person owes over all
// rooms, what is due first on top.
//
// Rooms register what is owed with package inbox; this room only shows it. Start at
// Service.Inbox; group is the rule that cuts the list into parts.
package desk

import (
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/inbox"
)

// Group is a part of the list; its name is the locale key desk.group.<Group>.
type Group string

// The parts, in the order of the page.
const (
	Late  Group = "late"  // overdue
	Now   Group = "now"   // due today or on the next working day
	Week  Group = "week"  // within five working days
	Later Group = "later" // after that
	Open  Group = "open"  // without a date
)

// Line is one thing owed, with how long is left.
type Line struct {
	inbox.Item
	Group Group
	Left  int // working days left, 0 today; calendar days late as a negative number
}

// soon and week are working days: what is due by then belongs to Now and to Week.
const soon, week = 1, 5

// lines measures the items against the calendar of the reader's agency.
func lines(items []inbox.Item, cal calendar.Calendar, now time.Time) []Line {
	today := clock.Day(now)
	out := make([]Line, len(items))
	for i, item := range items {
		l := Line{Item: item}
		switch {
		case item.DueDay == "":
			l.Group = Open
		case item.Late:
			l.Group, l.Left = Late, -max(1, daysBetween(item.DueDay, today))
		default:
			l.Left = cal.WorkingDaysBetween(today, item.DueDay)
			switch {
			case l.Left <= soon:
				l.Group = Now
			case l.Left <= week:
				l.Group = Week
			default:
				l.Group = Later
			}
		}
		out[i] = l
	}
	return out
}

// daysBetween counts calendar days from a to b; lateness is told as people count it.
func daysBetween(a, b string) int {
	from, err1 := clock.ParseDay(a)
	to, err2 := clock.ParseDay(b)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(to.Sub(from).Hours()) / 24
}
