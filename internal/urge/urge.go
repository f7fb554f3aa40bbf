// Package urge reminds of what is owed (đôn đốc), in steps of working days around a
// deadline: a reminder to the officer, then to the head, a letter, a proposed card. It
// knows nothing of plans: whatever is owed comes through Work.
//
// Start at Service.Run, the daily walk up the ladder. ladder.go says which step is due,
// service_letter.go and service_card.go what a person decides. Nothing is sent twice:
// each step is a row, written in the transaction that causes what it says.
package urge

import "cchc/internal/flow"

// Rights of the room.
const (
	RightView   = "urge.view"   // what was sent, letters, cards: within reach
	RightLetter = "urge.letter" // draft letters, propose cards
	RightSign   = "urge.sign"   // sign letters
	RightCard   = "urge.card"   // decide cards
	RightAnswer = "urge.answer" // answer a letter for the own agency
)

// Rights are all of them.
var Rights = []string{RightView, RightLetter, RightSign, RightCard, RightAnswer}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	"chairman":    {RightView, RightSign, RightCard},
	"secretariat": {RightView, RightLetter, RightSign},
	"office":      {RightView, RightLetter, RightSign},
	"agency_head": {RightView, RightAnswer},
	"focal_point": {RightView, RightAnswer},
	"auditor":     {RightView},
}

// Key is where a page of Open ends.
type Key struct{ Agency, Due, ID string }

// Item is one thing that somebody owes.
type Item struct {
	Kind, ID, Code, Title, URL string
	Agency, Follower           string // who owes it, who follows it
	Officer                    string // account that is in charge, "" when nobody was named
	Due, Assigned, Updated     string // days; Due "9999-12-31" without a deadline
	Acknowledged, Paused       bool
}

func (i Item) key() Key { return Key{i.Agency, i.Due, i.ID} }

// NoDay is the due day of what has no deadline.
const NoDay = "9999-12-31"

// LetterState is where a letter stands.
type LetterState string

// States of a letter.
const (
	Draft     LetterState = "draft"
	Submitted LetterState = "submitted"
	Signed    LetterState = "signed"
	Answered  LetterState = "answered"
	Dropped   LetterState = "dropped"
)

// LetterMoves is how a letter moves.
var LetterMoves = flow.Table[LetterState]{
	{Name: "submit", From: []LetterState{Draft}, To: Submitted},
	{Name: "return", From: []LetterState{Submitted}, To: Draft},
	{Name: "drop", From: []LetterState{Draft, Submitted}, To: Dropped},
	{Name: "sign", From: []LetterState{Submitted}, To: Signed},
	{Name: "answer", From: []LetterState{Signed}, To: Answered},
}

// CardState is where a card stands.
type CardState string

// States of a card.
const (
	Proposed CardState = "proposed"
	Issued   CardState = "issued"
	Refused  CardState = "refused"
	Cleared  CardState = "cleared"
)

// CardMoves is how a card moves. It clears by itself when all its items are done.
var CardMoves = flow.Table[CardState]{
	{Name: "issue", From: []CardState{Proposed}, To: Issued},
	{Name: "refuse", From: []CardState{Proposed}, To: Refused},
	{Name: "clear", From: []CardState{Issued}, To: Cleared},
}

// Colour of a card.
type Colour string

// The two colours.
const (
	Yellow Colour = "yellow"
	Red    Colour = "red"
)
