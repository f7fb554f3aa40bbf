// Package notice tells a person something (thông báo): always in the in-app list, and by
// e-mail or webhook where the settings say so; never twice for the same thing.
//
// Start at Service.Send: one row in the sender's transaction, one delivery row a channel,
// a job that takes it to the wire. deliver.go says what happens when the program dies in
// between, transport_*.go speak SMTP and HTTP.
package notice

import (
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// Notice is one thing to tell one person.
type Notice struct {
	Key     string            // what makes it the same thing: "plan.urge:<id>:<day>"; sent once for ever
	To      string            // account id
	Kind    string            // "plan.urge": its sentence is the locale key notice.<kind> of room notice, or <kind>.notice
	Subject string            // record: "plan_assignment:<id>"
	URL     string            // path in this program: "/plan/assignment/<id>"
	Args    map[string]string // values for the sentence: names and codes, no personal data beyond what it says
	Secret  map[string]string // values that must not lie readable (a one-time link): mail only, erased once sent
}

// Message is a notice as kept in the in-app list.
type Message struct {
	ID, Key, To, Kind, Subject, URL string
	Args                            map[string]string
	Created, Read                   time.Time // Read is zero while unread
}

// Service sends and lists notices.
type Service struct {
	db    *db.DB
	clock clock.Clock
}
