package plan

import "cchc/internal/flow"

// Standing is where an assignment stands; late or due is derived, never stored.
type Standing string

// The stored standings of an assignment.
const (
	Assigned     Standing = "assigned"     // đã giao
	Acknowledged Standing = "acknowledged" // đã nhận
	InProgress   Standing = "in_progress"  // đang thực hiện
	Submitted    Standing = "submitted"    // đã nộp kết quả, chờ xác nhận
	Approved     Standing = "approved"     // kết quả được xác nhận
	Paused       Standing = "paused"       // tạm dừng
	Cancelled    Standing = "cancelled"    // đã hủy
)

// live are the standings from which an open assignment can be paused or cancelled.
var live = []Standing{Assigned, Acknowledged, InProgress, Submitted}

// AssignmentMoves are the moves that lead to a fixed standing. Resume is the one
// move whose goal depends on history: see resumeTo.
var AssignmentMoves = flow.Table[Standing]{
	{Name: "acknowledge", From: []Standing{Assigned}, To: Acknowledged},
	{Name: "progress", From: []Standing{Assigned, Acknowledged, InProgress}, To: InProgress},
	{Name: "submit", From: []Standing{Assigned, Acknowledged, InProgress}, To: Submitted},
	{Name: "return", From: []Standing{Submitted}, To: InProgress},
	{Name: "approve", From: []Standing{Submitted}, To: Approved},
	{Name: "pause", From: live, To: Paused},
	{Name: "resume", From: []Standing{Paused}, To: InProgress},
	{Name: "cancel", From: append([]Standing{Paused}, live...), To: Cancelled},
}

// AssignmentRole says what an agency does in a task.
type AssignmentRole string

const (
	Lead         AssignmentRole = "lead"         // chủ trì: exactly one agency answers for an assignment
	Coordinating AssignmentRole = "coordinating" // phối hợp: sees the task and gives input only
)

// Assignment is a task given to one agency.
type Assignment struct {
	ID, PlanID, TaskID string
	Agency             string
	Role               AssignmentRole
	Officer            string // account that works on it, '' while nobody was named
	Head               string // holder of the head's post on the day of issue
	Approver           string // agency that accepts the result
	Standing           Standing
	Before             Standing // standing before a pause, '' otherwise
	Progress           int      // 0..100 as reported
	Dated              bool     // false: outside the on-time denominators
	AssignedDay        string
	OriginalDue        string // NoDay when it has no date
	EffectiveDue       string // moves with an extension, the original stays
	SubmittedBy        string // account that handed the result in
	SubmittedDay       string // NoDay while nothing is submitted
	DoneDay            string // day of the submission that was accepted; NoDay while open
	ApprovedDay        string
	Extensions         int
	Successor          string // assignment that took it over, '' otherwise
	UpdatedMs          int64  // last sign of life from the agency
	Version            int64
}

// NoDay stands for a day that has not come: later than every day.
const NoDay = "9999-12-31"

// MaxExtensions of one assignment; a third wish needs an amendment.
const MaxExtensions = 2

// resumeTo is where a paused assignment goes on.
func (a Assignment) resumeTo() Standing {
	if a.Before == "" {
		return InProgress
	}
	return a.Before
}

// finished says that nothing more is owed.
func (a Assignment) finished() bool { return a.Standing == Approved || a.Standing == Cancelled }
