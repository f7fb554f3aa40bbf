// Package counter runs the hall of a one-stop shop (bộ phận một cửa): who waits for what,
// who is called next and to which desk, and appointments that fill the quiet hours.
//
// Start at Service.Draw (service_ticket.go) for how a ticket is drawn at the kiosk and at
// Service.Next for who is called: two officers who call at once never get the same
// ticket. Rules are here and in slot.go. A ticket knows nobody; an appointment knows a
// name and a phone number, which stay in its table.
package counter

import (
	"fmt"
	"time"

	"cchc/internal/flow"
)

// Rights of the room, over the agency whose hall it is.
const (
	RightView  = "counter.view"  // see the day's tickets, appointments and waiting times
	RightServe = "counter.serve" // sit at a desk and call
	RightBook  = "counter.book"  // make appointments for people who phone
	RightSetup = "counter.setup" // queues, desks, the machine of the hall
)

// Rights are all of them.
var Rights = []string{RightView, RightServe, RightBook, RightSetup}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	"receptionist": {RightView, RightServe, RightBook},
	"centre_head":  {RightView, RightServe, RightBook, RightSetup},
	"unit_leader":  {RightView},
	"admin":        {RightSetup},
	"auditor":      {RightView},
}

// Priority is why somebody is called earlier.
type Priority string

// The priorities (one-stop.md section 11); "" is none.
const (
	Elderly  Priority = "elderly"
	Disabled Priority = "disabled"
	Pregnant Priority = "pregnant"
	Child    Priority = "child" // with a small child
)

// Priorities lists them.
var Priorities = []Priority{Elderly, Disabled, Pregnant, Child}

// State is where a ticket stands.
type State string

// The states of a ticket.
const (
	Waiting   State = "waiting"
	Called    State = "called"
	Skipped   State = "skipped" // called and did not come: can still be called by its number
	Serving   State = "serving"
	Done      State = "done"
	Abandoned State = "abandoned" // left, or the day ended
)

// Moves of a ticket. "transfer" puts it into another queue with the place it had.
var Moves = flow.Table[State]{
	{Name: "call", From: []State{Waiting, Skipped}, To: Called},
	{Name: "recall", From: []State{Called}, To: Called},
	{Name: "skip", From: []State{Called}, To: Skipped},
	{Name: "serve", From: []State{Called}, To: Serving},
	{Name: "finish", From: []State{Serving}, To: Done},
	{Name: "transfer", From: []State{Called, Serving}, To: Waiting},
	{Name: "abandon", From: []State{Waiting, Called, Skipped}, To: Abandoned},
}

// Hall is the rules of an agency's hall. Minutes and counts are settings with these
// defaults (one-stop.md section 11: target waiting time at most 15 minutes).
type Hall struct {
	Agency, Name string
	HasToken     bool
	TargetMin    int64 // promised waiting time
	PriorityMin  int64 // how much earlier a priority counts as come
	SlotMin      int64 // length of a slot of appointments
	NoShowMin    int64 // an appointment that is so late has lost its slot
	NoShowLimit  int64 // missed in 30 days, after which one books by phone only
	DaysAhead    int64 // how far ahead appointments are given
	Version      int64 // 0 while nothing was set
}

// newHall are the rules before anybody set any.
func newHall(agency string) Hall {
	return Hall{Agency: agency, TargetMin: 15, PriorityMin: 20, SlotMin: 15, NoShowMin: 15, NoShowLimit: 2, DaysAhead: 14}
}

// Queue is one field of work for which people wait.
type Queue struct {
	ID, Agency   string
	Letter, Name string
	Capacity     int64 // appointments a slot, 0 takes none
	Active       bool
	Version      int64
	Waiting      int64 // counted for pages
}

// Desk is a place where one officer serves.
type Desk struct {
	ID, Agency         string
	No                 int64
	OfficerID, Officer string // who sits there now
	Active             bool
	Queues             []string // ids
	Version            int64
}

// Ticket is one person's place in a queue on a day.
type Ticket struct {
	ID, Agency, Queue, QueueName string
	Day, Label, Token            string
	Priority                     Priority
	State                        State
	PlaceMs, TakenMs             int64
	CalledMs                     int64 // first call
	Calls                        int64
	BegunMs, EndedMs             int64
	WaitMin, TargetMin           int64
	Desk                         string
	DeskNo                       int64
	Officer                      string // account
	Dossier                      string // code, "" for none
	Appointment                  string
	Version                      int64
}

// label is what the board shows: letter and three digits.
func label(letter string, no int64) string { return fmt.Sprintf("%s%03d", letter, no) }

// place is the moment from which a ticket counts as waiting. Whom the law puts first is
// treated as having come earlier by some minutes, not before everybody: a stream of
// priorities then never stops the others. Who comes to an appointment counts from the
// slot's beginning if that is earlier, and likewise goes before.
func place(h Hall, p Priority, taken time.Time, slot time.Time) int64 {
	at := taken
	early := time.Duration(h.PriorityMin) * time.Minute
	if !slot.IsZero() {
		if slot.Before(at) {
			at = slot
		}
		at = at.Add(-early)
	}
	if p != "" {
		at = at.Add(-early)
	}
	return at.UnixMilli()
}

// waited is whole minutes between being drawn and being called first.
func waited(takenMs, calledMs int64) int64 { return max(0, (calledMs-takenMs)/60_000) }
