package dossier

import (
	"context"
	"slices"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
)

// Public is what everybody who has a dossier's code may know: where it stands, and whose
// it is only so far that the owner recognises it.
type Public struct {
	Code, ProcedureCode, ProcedureName string
	State                              State
	Applicant, IDNumber                string // masked
	Receiving, Competent, Returning    string // names of the agencies
	SubmittedMs, ReceivedMs            int64
	OriginalDueMs, DueMs, PausedMs     int64
	FinishedMs, ReturnedMs             int64
	Late, Apologised                   bool
	SupplyUntil                        string
	Events                             []PublicEvent
}

// PublicEvent is one line of the public timeline: nobody's name, nobody's words.
type PublicEvent struct {
	Move                string
	To                  State
	AtMs                int64
	DueBefore, DueAfter int64
}

// publicMoves are what an applicant may know of the history; who passed it to whom inside
// the office is not among them.
var publicMoves = []string{"submit", "receive", "refuse", "ask_supplement_before_receipt", "hand_over", "coordinate", "ask_supplement", "supply", "close_no_supplement", "ask_payment",
	"pay", "approve", "reject", "hand_to_counter", "return_result", "withdraw", "stop", "apologise", "correct", "transfer", "recount"}

// Guessing codes is slowed by address: after some misses nothing is answered until a
// quarter of an hour has passed since the first. A whole village may share an address.
const (
	freeGuesses = 20
	guessWindow = 15 * time.Minute
)

// PublicLookup reads a dossier for somebody who has its code: a slip, a QR code, a
// message. Refusals: dossier.code_missing, dossier.code_form, dossier.qr_elsewhere,
// dossier.code_elsewhere (no agency of this province has such a code), dossier.unknown,
// dossier.guessing.
func (s *Service) PublicLookup(ctx context.Context, typed string) (p Public, err error) {
	code, err := ReadCode(typed, s.Host)
	if err != nil {
		return p, err
	}
	now, from := s.Clock(), identity.From(ctx).From
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		g, err := guesses(tx, from)
		if err != nil {
			return err
		}
		if g.misses >= freeGuesses && now.UnixMilli()-g.sinceMs < guessWindow.Milliseconds() {
			return errs.New(errs.TooMany, "dossier.guessing", "minutes", int64(guessWindow.Minutes()))
		}
		p, err = s.public(tx, code, now)
		return err
	})
	if errs.KindOf(err) == errs.NotFound {
		if missed := s.DB.Write(ctx, func(tx *db.Tx) error { return miss(tx, from, now.UnixMilli(), guessWindow.Milliseconds()) }); missed != nil {
			return p, missed
		}
	}
	return p, err
}

func (s *Service) public(tx *db.Tx, code string, now time.Time) (p Public, err error) {
	d, err := findCode(tx, code)
	if errs.KindOf(err) == errs.NotFound {
		agency, _, _, _ := splitCode(code)
		if _, there, fault := org.FindByCode(tx, agency, ""); fault != nil {
			return p, fault
		} else if !there {
			return p, errs.New(errs.NotFound, "dossier.code_elsewhere", "agency", agency)
		}
	}
	if err != nil {
		return p, err
	}
	owner, _, err := partyOf(tx, d.ID, "owner")
	if err != nil {
		return p, err
	}
	p = Public{Code: d.Code, ProcedureCode: d.ProcedureCode, ProcedureName: d.ProcedureName, State: d.State, Applicant: MaskName(owner.Name), IDNumber: MaskNumber(owner.IDNumber),
		SubmittedMs: d.SubmittedMs, ReceivedMs: d.ReceivedMs, OriginalDueMs: d.OriginalDueMs, DueMs: d.DueMs, PausedMs: d.PausedMs, FinishedMs: d.FinishedMs, ReturnedMs: d.ReturnedMs,
		Late: d.Late(now), Apologised: d.ApologisedMs != 0, SupplyUntil: d.SupplyUntil}
	for _, o := range []struct {
		id   string
		name *string
	}{{d.Receiving, &p.Receiving}, {d.Competent, &p.Competent}, {d.Returning, &p.Returning}} {
		a, err := org.Find(tx, o.id)
		if err != nil {
			return p, err
		}
		*o.name = a.Name
	}
	list, err := history(tx, d.ID, 0, mostHistory)
	for _, e := range list {
		if slices.Contains(publicMoves, e.Move) {
			p.Events = append(p.Events, PublicEvent{e.Move, e.To, e.AtMs, e.DueBefore, e.DueAfter})
		}
	}
	return p, err
}
