// Package dossier handles dossiers of administrative procedures (hồ sơ thủ tục hành
// chính): receipt at the counter, online or by post, the steps inside the office, the
// clock with its pauses, the result and its return.
//
// Start at Service.Receive and Service.Move. Moves is the table of what may happen in
// which state, duties says who does it over which agency, clock.go how due times arise.
// The room does not know the catalogue of procedures: it asks Catalogue at receipt and
// keeps what it was told (Terms), so later versions never touch a dossier.
package dossier

import "time"

// State is where a dossier stands; the stored word is the value. National codes of the
// portal stand behind them (one-stop.md section 5).
type State string

// The states.
const (
	Draft              State = "draft"                     // written by the applicant, not sent
	Submitted          State = "submitted"                 // 1 sent online, not yet answered
	AskedBeforeReceipt State = "supplement_before_receipt" // 1 to be completed before it is received; no clock
	Received           State = "received"                  // 2 received, at the counter
	InProcess          State = "in_process"                // 4
	Coordinating       State = "coordinating"              // 4 waits for opinions of other agencies
	SupplementWait     State = "supplement_wait"           // 5 waits for the applicant; the clock stands
	ClosedNoSupplement State = "closed_no_supplement"      // 8 the applicant did not complete it in time
	FinanceWait        State = "finance_wait"              // 6 waits for the financial duty
	Approved           State = "approved"                  // 9 signed
	RejectedResult     State = "rejected_result"           // 9 a signed refusal: a result too
	HandedToCounter    State = "handed_to_counter"         // 9 the result lies at the counter
	Returned           State = "returned"                  // 10
	Refused            State = "refused"                   // 3 not received, with a reason
	Withdrawn          State = "withdrawn"                 // 7 by the applicant
	Stopped            State = "stopped"                   // 8 by a document of the authority
)

// Open says whether work or waiting is still to come.
func (s State) Open() bool {
	switch s {
	case Returned, Refused, Withdrawn, Stopped, ClosedNoSupplement:
		return false
	}
	return true
}

// Channel is the way by which a dossier came (KenhThucHien).
type Channel string

// The channels.
const (
	Counter Channel = "counter" // 1 trực tiếp
	Online  Channel = "online"  // 2 trực tuyến
	Post    Channel = "post"    // 3 bưu chính công ích
)

// Channels lists them.
var Channels = []Channel{Counter, Online, Post}

// Forever stands in finished_ms while a dossier is not finished, so that "open at the
// end of a day" is one comparison.
const Forever int64 = 1<<63 - 1

// Dossier is one dossier as it stands. Instants are UTC milliseconds, 0 when there is
// none. Agencies are ids.
type Dossier struct {
	ID, Code string
	Terms    string // id of what was in force at receipt
	// Procedure is its key ("karaoke-new"), ProcedureCode and ProcedureName what people read.
	Procedure, ProcedureCode, ProcedureName string
	Channel                                 Channel
	Receiving, Competent, Returning         string
	ReceivedFor, ReceivedBy                 string // the competent and the receiving agency at receipt, before any transfer
	State                                   State
	Step                                    int // number of the first open step, 0 for none

	// Who owes the next act: an agency, the right that it takes, the person who took it
	// ("" is anybody of the agency) and until when (Forever is no date).
	Holder, Duty, Assignee string
	OwedMs                 int64

	Applicant string // name of the owner
	Content   string

	BegunMs        int64 // sent or received, what came first: its place in lists
	SubmittedMs    int64
	ReceptionDueMs int64 // 8 working hours after sending, or after supplying what was asked
	AnsweredMs     int64 // first answer to what was sent online
	AnsweredDueMs  int64 // until when it was due
	ReceivedMs     int64
	StartMs        int64 // when the clock started
	OriginalDueMs  int64 // promised at receipt, never changed; 0 when nobody stated a limit
	ClockDueMs     int64 // by the limit and the pauses alone
	DueMs          int64 // what the applicant was told last: the clock's, or that of the apology
	PausedMs       int64 // since when the clock stands, 0 while it runs
	FinishedMs     int64 // Forever while open
	ReturnedMs     int64

	Outcome      string // "" while open; "approved", "rejected", or the closing state
	Supplements  int    // how often a supplement was asked after receipt
	SupplyUntil  string // last day to supply, "" without
	ApologisedMs int64
	Pauses       int   // how many there were
	DigitisedMs  int64 // when the last paper that is to be digitised was
	PaidMs       int64
	PaidOnline   bool
	Transferred  string // "", "nonboundary", "by_reorganisation"
	CorrectedMs  int64
	Group        string // interlinked group it belongs to, "" for none
	CreatedMs    int64
	CreatedBy    string
	Version      int64

	// Names and codes of the agencies, for pages; empty in acts.
	ReceivingName, CompetentName, ReturningName string
	ReceivingCode, CompetentCode, ReturningCode string
}

// Late says whether a dossier is or was late at a moment, by the due time in force. A
// standing clock is late only if it was when it stopped. Without a due nothing is late.
func (d Dossier) Late(now time.Time) bool { return lateBy(d.DueMs, d, now) }

// LateByClock is Late by the limit and its pauses, whatever an apology promised.
func (d Dossier) LateByClock(now time.Time) bool { return lateBy(d.ClockDueMs, d, now) }

func lateBy(due int64, d Dossier, now time.Time) bool {
	at := min(now.UnixMilli(), d.FinishedMs)
	if d.PausedMs > 0 {
		at = min(at, d.PausedMs)
	}
	return due > 0 && d.ReceivedMs > 0 && at > due
}

// Entry is one line of the history. Due times are 0 where none changed.
type Entry struct {
	No                  int
	Move                string
	From, To            State
	Step                int
	AtMs                int64
	Account, Name       string
	Agency              string
	Reason, Document    string
	DueBefore, DueAfter int64
}

// StepRun is one time that a step was worked on. End says how it ended: "" open, "done",
// "redone" (done, and later sent back beyond it), "back" (left by a send-back or recall).
type StepRun struct {
	No, Turn                   int
	EnteredMs, StartedMs       int64
	DoneMs, DueMs              int64
	Account                    string
	End                        string
	Actor, Do                  string // as the table says
	Group                      string
	Minutes                    int
	Known                      bool
	AccountName, SpentText     string // for pages
	WaitedMinutes, WorkMinutes int64

	changed bool // to be saved
}

// Pause is a stretch in which the clock stands. ToMs is 0 while it lasts.
type Pause struct {
	No           int
	Kind         string // "supplement", "payment", "stage"
	FromMs, ToMs int64
}

// The kinds of pause.
const (
	PauseSupplement = "supplement"
	PausePayment    = "payment"
	PauseStage      = "stage"
)

// Result is what the authority answers (kết quả giải quyết). Kind is "approved",
// "rejected" or "correction".
type Result struct {
	No                       int
	Kind, Number, Day, Title string
	Code                     string // of the kind of result in the national list (MaKetQua)
	File, FileName, SHA256   string // document id, its name and content
	Size                     int64
	Account, Name            string // who signed
	AtMs                     int64

	// How it reached the applicant: counter, online or post; ReturnedMs 0 while it lies here.
	Way, TakenBy, Waybill string
	ReturnedMs            int64
	ReturnedBy            string
}

// Opinion is what another agency was asked and answered (ý kiến phối hợp).
type Opinion struct {
	ID, Agency, AgencyName string
	Question               string
	AskedMs, DueMs         int64
	AskedBy                string
	GivenMs                int64 // 0 while it is owed
	GivenBy, Answer, File  string
}

// Paper is one paper handed in (giấy tờ), with its three counts.
type Paper struct {
	No                           int
	Component, Name              string
	Originals, Certified, Copies int
	File, FileName, SHA256       string // document id, its name and content
	Size                         int64
	Digitised                    int    // 0 not, 1 copied, 2 copied and signed, 3 its data taken out
	ReusedFrom, ReusedCode       string // dossier whose paper or result serves again
	AddedMs                      int64
}

// Void is a number of a day that became no dossier.
type Void struct {
	Code, Agency, Day string
	Number            int
	Reason, Account   string
	AtMs              int64
}

// Block is numbers kept for a counter that works without the network.
type Block struct {
	ID, Agency, Day   string
	First, Last       int
	Account           string
	TakenMs, ClosedMs int64
	Version           int64
}
