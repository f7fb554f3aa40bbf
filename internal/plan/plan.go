// Package plan keeps the yearly administrative-reform plan (kế hoạch CCHC): its
// tasks, which agency does what by when, what was reported and accepted, and from
// that history the standing of any plan on any day.
//
// Start at Plan, Task and Assignment for the records, class.go and history.go for
// how a standing follows from events, Preview for reading a file, Service for what a
// person can do. Everything here is stored in tables named plan_*.
package plan

import "cchc/internal/flow"

// State is where a plan stands.
type State string

// The states of a plan. After issue a task changes only through an amendment.
const (
	Draft      State = "draft"     // dự thảo
	Consulting State = "consult"   // đang lấy ý kiến
	Presented  State = "submitted" // đã trình
	Issued     State = "issued"    // đã ban hành
	Amended    State = "amended"   // đã điều chỉnh
	Closed     State = "closed"    // đã kết thúc năm
)

// Moves are the moves of a plan. A plan may be issued straight from a draft, because
// many provinces consult on paper first.
var Moves = flow.Table[State]{
	{Name: "consult", From: []State{Draft}, To: Consulting},
	{Name: "present", From: []State{Draft, Consulting}, To: Presented},
	{Name: "take_back", From: []State{Consulting, Presented}, To: Draft},
	{Name: "issue", From: []State{Draft, Consulting, Presented}, To: Issued},
	{Name: "amend", From: []State{Issued, Amended}, To: Amended},
	{Name: "close", From: []State{Issued, Amended}, To: Closed},
}

// Kind says whether a plan is the plan of one year or a programme of several.
type Kind string

const (
	Annual    Kind = "annual"    // kế hoạch năm
	Programme Kind = "programme" // chương trình nhiều năm
)

// Plan is one plan of one issuer. Days are YYYY-MM-DD in Vietnam.
type Plan struct {
	ID, Code     string
	Kind         Kind
	Year, YearTo int // the same for an annual plan
	Title        string
	Number       string // số, ký hiệu: 122/KH-UBND
	IssuedDay    string // '' while not issued
	Issuer       string // agency that issues: UBND tỉnh
	Secretariat  string // agency that follows and accepts results: Sở Nội vụ
	Office       string // agency that accepts what the secretariat leads: Văn phòng UBND
	Parent       string // plan from which this one is derived, '' for a provincial plan
	Signer       string
	LegalBasis   string
	FundingNote  string
	Source       string // file from which the plan was read
	Sample       bool   // dữ liệu mẫu: never to be shown as the official text
	State        State
	CreatedMs    int64
	Version      int64
}

// open says whether assignments of the plan may still move.
func (p Plan) open() bool { return p.State == Issued || p.State == Amended }

// editable says whether tasks may be changed without an amendment.
func (p Plan) editable() bool { return p.State == Draft || p.State == Consulting }

// accepts returns the agency that accepts the results of agency: the secretariat,
// and the office for what the secretariat leads. No agency accepts its own work.
func (p Plan) accepts(agency string) string {
	if agency == p.Secretariat {
		return p.Office
	}
	return p.Secretariat
}

// Area is one of the contents (lĩnh vực) of a plan: a table, not an enumeration,
// because TT 06/2026/TT-BNV changed the list.
type Area struct {
	No   int
	Name string
}
