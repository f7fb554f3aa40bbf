// Package admin is the room where the common ground is run (quản trị): accounts and
// roles, delegations, the audit log, background jobs, and messages.
//
// The rules live on the ground (identity, audit, job, notice), which checks every right
// itself; here are the pages and what they read. Start at Mount (web.go) for the routes
// and Service (service.go) for what stands behind them.
package admin

import (
	"strings"
	"time"

	"cchc/internal/clock"
)

// The rights of the room. Those over accounts and roles are identity's own.
const (
	RightLog      = "admin.audit_view" // read the audit log of the agencies in reach
	RightJobs     = "admin.jobs"       // see background work and run it again; province-wide
	RightMessages = "admin.messages"   // see what was sent and set how; province-wide
)

// Rights of the room.
var Rights = []string{RightLog, RightJobs, RightMessages}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	"admin":       {RightLog, RightJobs, RightMessages},
	"auditor":     {RightLog},
	"chairman":    {RightLog},
	"secretariat": {RightLog},
	"office":      {RightLog},
}

// pageSize is how many lines a list shows; further pages follow by key.
const pageSize = 50

// room is the part of a code before its point: "plan" of "plan.view".
func room(code string) string {
	name, _, _ := strings.Cut(code, ".")
	return name
}

// byRoom cuts codes, which come in order, into those of each room.
func byRoom(codes []string) [][]string {
	var out [][]string
	for i, code := range codes {
		if i == 0 || room(codes[i-1]) != room(code) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], code)
	}
	return out
}

// dayStart is the first moment of a day in Vietnam, zero for "".
func dayStart(day string) time.Time {
	t, err := clock.ParseDay(day)
	if err != nil {
		return time.Time{}
	}
	return t
}

// dayEnd is the first moment after a day in Vietnam, zero for "": what is granted
// "until 31/12" still holds on that day.
func dayEnd(day string) time.Time {
	t := dayStart(day)
	if t.IsZero() {
		return t
	}
	return t.AddDate(0, 0, 1)
}

// lastDay is the day that the end of a span shows: dayEnd undone; "" when it is open.
func lastDay(to time.Time) string {
	if to.Year() >= 9999 {
		return ""
	}
	return clock.Day(to.Add(-time.Millisecond))
}
