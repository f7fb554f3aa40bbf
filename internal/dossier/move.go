package dossier

import (
	"slices"
	"time"

	"cchc/internal/errs"
	"cchc/internal/flow"
	"cchc/internal/process"
)

// underWay are the states in which a received dossier is still worked on or waited for.
var underWay = []State{Received, InProcess, Coordinating, SupplementWait, FinanceWait}

// Moves is what may happen in which state. Where a name leads from one state to two, the
// rule of the move says which (next). Attributes are not states: an apology, a
// correction, a transfer leave the state as it is.
var Moves = flow.Table[State]{
	{Name: "submit", From: []State{Draft}, To: Submitted},
	{Name: "receive", From: []State{Submitted}, To: Received},
	{Name: "refuse", From: []State{Submitted, AskedBeforeReceipt}, To: Refused},
	{Name: "ask_supplement_before_receipt", From: []State{Submitted}, To: AskedBeforeReceipt},
	{Name: "hand_over", From: []State{Received}, To: InProcess},
	{Name: "advance", From: []State{InProcess}, To: InProcess},
	{Name: "send_back", From: []State{InProcess}, To: InProcess},
	{Name: "send_back", From: []State{InProcess}, To: Received}, // to the counter
	{Name: "recall", From: []State{InProcess}, To: InProcess},
	{Name: "recall", From: []State{InProcess}, To: Received}, // by the counter
	{Name: "coordinate", From: []State{InProcess, Coordinating}, To: Coordinating},
	{Name: "give_opinion", From: []State{Coordinating}, To: Coordinating}, // others still owe theirs
	{Name: "give_opinion", From: []State{Coordinating}, To: InProcess},    // the last one
	{Name: "ask_supplement", From: []State{InProcess}, To: SupplementWait},
	{Name: "supply", From: []State{AskedBeforeReceipt}, To: Submitted},
	{Name: "supply", From: []State{SupplementWait}, To: InProcess},
	{Name: "close_no_supplement", From: []State{SupplementWait}, To: ClosedNoSupplement},
	{Name: "ask_payment", From: []State{InProcess, Approved}, To: FinanceWait},
	{Name: "pay", From: []State{FinanceWait}, To: InProcess},
	{Name: "pay", From: []State{FinanceWait}, To: Approved}, // signed already
	{Name: "approve", From: []State{InProcess}, To: Approved},
	{Name: "reject", From: []State{InProcess}, To: RejectedResult},
	{Name: "hand_to_counter", From: []State{Approved, RejectedResult}, To: HandedToCounter},
	{Name: "return_result", From: []State{HandedToCounter, RejectedResult}, To: Returned},
	{Name: "withdraw", From: append([]State{Submitted, AskedBeforeReceipt}, underWay...), To: Withdrawn},
	{Name: "stop", From: underWay, To: Stopped},
	{Name: "correct", From: []State{Returned}, To: Returned},
}

// staying are the moves that change something beside the state, with the states in
// which they may happen.
var staying = map[string][]State{
	"apologise": underWay,
	"transfer":  append([]State{Submitted, AskedBeforeReceipt}, underWay...),
	"recount":   underWay,              // after a change of the calendar
	"take":      {Received, InProcess}, // begin a step: waiting ends, work begins
	"note":      append(append([]State{Submitted, AskedBeforeReceipt}, underWay...), Approved, RejectedResult, HandedToCounter, Returned),
	"digitise":  append([]State{Submitted, AskedBeforeReceipt}, underWay...),                                                              // what is finished was counted as it stood
	"payment":   append(append([]State{Submitted, AskedBeforeReceipt}, underWay...), Approved, RejectedResult, HandedToCounter, Returned), // by the program: money came
}

// MoveNames lists every move and act, in the order of the table.
func MoveNames() []string {
	var list []string
	for _, m := range Moves {
		if !slices.Contains(list, m.Name) {
			list = append(list, m.Name)
		}
	}
	return append(list, "apologise", "transfer", "recount", "take", "note", "digitise", "payment")
}

// next is the state to which a move leads; want chooses where there are two ("" takes
// the first). Refusals: dossier.move_unknown, dossier.wrong_state.
func next(from State, move string, want State) (State, error) {
	if in, stays := staying[move]; stays {
		if !slices.Contains(in, from) {
			return "", errs.New(errs.Conflict, "dossier.wrong_state", "state", string(from), "move", move)
		}
		return from, nil
	}
	known := false
	for _, m := range Moves {
		if m.Name != move {
			continue
		}
		known = true
		if slices.Contains(m.From, from) && (want == "" || m.To == want) {
			return m.To, nil
		}
	}
	if !known {
		return "", errs.OnField("move", "dossier.move_unknown", "move", move)
	}
	return "", errs.New(errs.Conflict, "dossier.wrong_state", "state", string(from), "move", move)
}

// possible lists the names of what may happen in a state.
func possible(s State) []string {
	var list []string
	for _, name := range MoveNames() {
		if _, err := next(s, name, ""); err == nil {
			list = append(list, name)
		}
	}
	return list
}

// Rights of the room. Which agency they are held over is said by duties.
const (
	RightView      = "dossier.view"      // dossiers of agencies within reach, as receiving, competent or returning one
	RightReceive   = "dossier.receive"   // receive, refuse, hand over: the receiving agency
	RightProcess   = "dossier.process"   // work on steps: the competent agency
	RightAdvise    = "dossier.advise"    // give the opinion that one's agency was asked for
	RightSign      = "dossier.sign"      // approve, reject, stop, ask a second supplement
	RightReturn    = "dossier.return"    // hand results out: the returning agency
	RightSupervise = "dossier.supervise" // apologies, transfers, due times counted anew
)

// Rights are all of them.
var Rights = []string{RightView, RightReceive, RightProcess, RightAdvise, RightSign, RightReturn, RightSupervise}

// RoleRights says which roles hold them when a province begins (one-stop.md section 2).
var RoleRights = map[string][]string{
	"receptionist": {RightView, RightReceive, RightReturn},
	"handler":      {RightView, RightProcess, RightAdvise},
	"unit_leader":  {RightView, RightProcess, RightAdvise, RightSign, RightSupervise},
	"centre_head":  {RightView, RightSupervise},
	"cashier":      {RightView},
	"chairman":     {RightView},
	"secretariat":  {RightView},
	"office":       {RightView, RightSupervise},
	"agency_head":  {RightView},
	"inspector":    {RightView},
	"auditor":      {RightView},
}

// place says which agency of a dossier a right must be held over.
type place int

const (
	atReceiving place = iota
	atCompetent
	atReturning
	atAny   // one of the three
	atAsked // an agency whose opinion is owed
)

type duty struct {
	right string
	over  place
}

// duties says who makes each move.
var duties = map[string]duty{
	"receive":                       {RightReceive, atReceiving},
	"refuse":                        {RightReceive, atReceiving},
	"ask_supplement_before_receipt": {RightReceive, atReceiving},
	"hand_over":                     {RightReceive, atReceiving},
	"supply":                        {RightReceive, atReceiving},
	"withdraw":                      {RightReceive, atReceiving},
	"advance":                       {RightProcess, atCompetent},
	"send_back":                     {RightProcess, atCompetent},
	"recall":                        {RightProcess, atCompetent}, // by the counter: RightReceive over the receiving agency
	"coordinate":                    {RightProcess, atCompetent},
	"give_opinion":                  {RightAdvise, atAsked},
	"ask_supplement":                {RightProcess, atCompetent}, // the second one: RightSign
	"close_no_supplement":           {RightProcess, atCompetent},
	"ask_payment":                   {RightProcess, atCompetent},
	"pay":                           {RightReceive, atReceiving},
	"approve":                       {RightSign, atCompetent},
	"reject":                        {RightSign, atCompetent},
	"stop":                          {RightSign, atCompetent},
	"hand_to_counter":               {RightProcess, atCompetent},
	"return_result":                 {RightReturn, atReturning},
	"correct":                       {RightSign, atCompetent},
	"apologise":                     {RightSupervise, atCompetent},
	"transfer":                      {RightSupervise, atCompetent},
	"recount":                       {RightSupervise, atCompetent},
	"take":                          {RightProcess, atCompetent}, // a step of the counter: RightReceive
	"note":                          {RightView, atAny},
	"digitise":                      {RightReceive, atReceiving},
}

// owes says whose the next act is, which right it takes and until when; "" where nobody
// in an office owes anything. step is the first open step, its zero value for none.
func owes(d Dossier, step process.Step, stepDueMs int64) (holder, right string, ms int64) {
	due := stepDueMs
	if due == 0 {
		due = d.DueMs
	}
	switch d.State {
	case Submitted:
		return d.Receiving, RightReceive, d.ReceptionDueMs
	case Received:
		return d.Receiving, RightReceive, due
	case InProcess:
		switch step.Group {
		case process.Leader:
			return d.Competent, RightSign, due
		case process.Counter:
			return d.Receiving, RightReceive, due
		}
		return d.Competent, RightProcess, due
	case SupplementWait: // owed once the applicant's days are over
		if d.SupplyUntil == "" {
			return "", "", 0
		}
		return d.Competent, RightProcess, endOfDay(d.SupplyUntil).UnixMilli()
	case Approved, RejectedResult:
		return d.Competent, RightProcess, due
	case HandedToCounter:
		return d.Returning, RightReturn, due
	}
	return "", "", 0
}

// processing are the moves that count as having handled a dossier: who made one of them
// neither sets its due time anew nor approves its apology.
var processing = []string{"hand_over", "advance", "send_back", "recall", "coordinate", "ask_supplement", "close_no_supplement", "ask_payment", "approve", "reject", "stop", "take",
	"hand_to_counter", "receive"}

// oneDay is the least that lies between an apology and the due day.
const oneDay = 24 * time.Hour

func isProcessing(move string) bool { return slices.Contains(processing, move) }
