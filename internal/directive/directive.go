// Package directive keeps what is ordered beside the yearly plan (ý kiến chỉ đạo): the
// conclusions of a meeting, a document of the centre, an order of the chairman. Issued,
// each item becomes a task of the register of the year and lives in the same engine as
// the tasks of the plan: taken, reported, urged, accepted by somebody else.
//
// Start at Service.Issue. The room knows nothing of plans: tasks are given through Giver.
package directive

import "cchc/internal/flow"

// Rights of the room.
const (
	RightView  = "directive.view"  // directives that concern agencies within reach
	RightDraft = "directive.draft" // write them
	RightIssue = "directive.issue" // sign them
)

// Rights are all of them.
var Rights = []string{RightView, RightDraft, RightIssue}

// RoleRights says which roles hold them when a province begins: the province's office
// keeps directives, the chairman gives them (plan.md section 4).
var RoleRights = map[string][]string{
	"chairman":    {RightView, RightDraft, RightIssue},
	"office":      {RightView, RightDraft},
	"secretariat": {RightView, RightDraft},
	"area_lead":   {RightView},
	"agency_head": {RightView},
	"focal_point": {RightView},
	"auditor":     {RightView},
}

// Source is what a directive comes from.
type Source string

// The sources.
const (
	Minutes  Source = "minutes"  // thông báo kết luận cuộc họp
	Document Source = "document" // văn bản của cấp trên
	Order    Source = "order"    // chỉ đạo trực tiếp
)

// Sources lists them.
var Sources = []Source{Minutes, Document, Order}

// Level says who ordered it: the report on the reform counts the two apart (statistics
// 1.3 of the annex count what the Government and the Prime Minister ordered).
type Level string

// The levels.
const (
	Central    Level = "central"  // Chính phủ, Thủ tướng, bộ, ngành
	Provincial Level = "province" // Chủ tịch, UBND tỉnh
)

// Levels lists them.
var Levels = []Level{Provincial, Central}

// State is where a directive stands.
type State string

// The states.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Issued    State = "issued"
	Dropped   State = "dropped"
)

// Moves are the moves of a directive. Who signs may sign at once.
var Moves = flow.Table[State]{
	{Name: "submit", From: []State{Draft}, To: Submitted},
	{Name: "return", From: []State{Submitted}, To: Draft},
	{Name: "drop", From: []State{Draft, Submitted}, To: Dropped},
	{Name: "issue", From: []State{Draft, Submitted}, To: Issued},
}

// Directive is one order with its items. Days are YYYY-MM-DD in Vietnam.
type Directive struct {
	ID, Number, Title, Day, Text string
	Source                       Source
	Level                        Level
	State                        State
	Issuer                       string // agency in whose name it is given: UBND tỉnh
	Signer                       string
	DraftedBy, IssuedBy          string // accounts
	IssuedDay                    string
	CreatedMs, Version           int64
	Items                        int64 // how many the reader sees
}

// Item is one thing that one agency shall do.
type Item struct {
	ID, Directive, Text, Product string
	No                           int
	Lead, LeadName               string
	Helpers                      []string
	Due                          string // "" while nobody set it
	Task                         string // in the register, "" before the issue
}

// missing lists what an item lacks before it can be given: who, what, by when.
func (i Item) missing() (fields []string) {
	for _, f := range []struct{ name, value string }{{"text", i.Text}, {"product", i.Product}, {"lead", i.Lead}, {"due", i.Due}} {
		if f.value == "" {
			fields = append(fields, f.name)
		}
	}
	return fields
}
