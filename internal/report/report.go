// Package report is where figures are read (báo cáo, điều hành): the cockpit, and one
// page for any figure that opens the records it counted.
//
// Rooms offer indicators; this room only reads them. Start at Service.Figure for the
// promise that every number opens, Service.Cockpit for the chairman's page, and
// Service.Sign for what a periodic report freezes.
package report

import (
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/indicator"
)

// Rights of the room. What a figure shows is cut to what the reader may see in the room
// that counts it, by that room's own view right.
var Rights = []string{"report.view", "report.draft", "report.sign"}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	"chairman":    {"report.view", "report.sign"},
	"secretariat": {"report.view", "report.draft"},
	"office":      {"report.view", "report.draft"},
	"agency_head": {"report.view"},
	"focal_point": {"report.view"},
	"auditor":     {"report.view"},
	"admin":       {"report.view"},
}

// Question is which figure is asked: its code, the agency with all below it ("" for the
// province), the days, and the dimensions that the indicator declares.
type Question struct {
	Code         string
	AgencyID     string
	From, To, On string // days; "" takes the year of the clock so far, and today
	Dims         map[string]string
}

// viewRight is the right that cuts a figure to its reader: "plan.view" for "plan.on_time".
func viewRight(code string) string {
	room, _, _ := strings.Cut(code, ".")
	return room + ".view"
}

// period fills the days that a question leaves open.
func (q Question) period(now time.Time) indicator.Period {
	today := clock.Day(now)
	p := indicator.Period{FromDay: q.From, ToDay: q.To, OnDay: q.On}
	if p.OnDay == "" {
		p.OnDay = today
	}
	if p.ToDay == "" {
		p.ToDay = p.OnDay
	}
	if p.FromDay == "" {
		p.FromDay = p.OnDay[:4] + "-01-01"
	}
	return p
}
