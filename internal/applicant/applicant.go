// Package applicant is what people do with their own dossiers: send one with its papers
// and go on another day, supply what was asked, withdraw, hear of each step, and rate the
// service after the result.
//
// Start at Service.Send for what is sent and at Service.Moved for what its owner is told.
// Dossiers, procedures and money belong to other rooms: Shop, Catalogue and Payments are
// asked in this room's words. Since July 2025 the national portal is the citizens' entry;
// whether this program takes dossiers directly is a setting (Entry).
package applicant

import "slices"

// Rights of the room. What people do with their own dossiers needs none.
const (
	RightView  = "applicant.view"  // see ratings of agencies within reach
	RightSetup = "applicant.setup" // open or close the direct entry; province-wide
)

// Rights are all of them.
var Rights = []string{RightView, RightSetup}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	"centre_head": {RightView}, "unit_leader": {RightView}, "chairman": {RightView}, "auditor": {RightView},
	"office": {RightView, RightSetup}, "admin": {RightSetup},
}

// Entry says whether dossiers are taken from citizens directly. A province begins closed.
type Entry struct {
	Direct  bool
	Version int64
}

// Draft is what a citizen prepares: a dossier, or papers that answer a request.
type Draft struct {
	ID, Account              string
	Procedure, Variant, Name string
	Agency, AgencyName       string
	Dossier                  string // id of the dossier that it answers for, "" for a new one
	Party, IDNumber          string
	Phone, Email, Address    string
	Content                  string
	State                    string // open, sent, dropped
	ChangedMs, Version       int64
	Files                    []File
}

// File is one paper that was received, with the hash by which it can be proven.
type File struct {
	Document, Component, Name, SHA256 string
	Size, AddedMs                     int64
}

// Paper is one that a procedure asks for.
type Paper struct {
	Code, Name string
	Required   bool
	When       string // when it is needed, in words; "" always
}

// Offer is a procedure as a citizen may send it today.
type Offer struct {
	Key, Code, Name, Variant, VariantName string
	Province, Commune                     bool // which agencies handle it
	Online                                bool // full or partial service: it can be sent
	Papers                                []Paper
}

// lacking lists the required papers without a file.
func lacking(o Offer, files []File) (list []Paper) {
	for _, p := range o.Papers {
		if p.Required && p.When == "" && !slices.ContainsFunc(files, func(f File) bool { return f.Component == p.Code }) {
			list = append(list, p)
		}
	}
	return list
}

// Event is one step as a citizen may know it.
type Event struct {
	Move                string
	AtMs                int64
	DueBefore, DueAfter int64
}

// Standing is where a dossier stands, as its owner may know it.
type Standing struct {
	ID, Code, ProcedureCode, Procedure string
	State                              string
	Owner, IDNumber                    string
	Receiving, Competent, Returning    string // names of agencies
	CompetentID                        string
	SubmittedMs, ReceivedMs            int64
	OriginalDueMs, DueMs, PausedMs     int64
	ReturnedMs                         int64
	Late                               bool
	SupplyUntil                        string
	Asked                              string // what was asked for, or why it was refused
	Events                             []Event
	Version                            int64
	Papers                             []Paper
}

// Open says whether more is to come.
func (s Standing) Open() bool {
	return !slices.Contains([]string{"returned", "refused", "withdrawn", "stopped", "closed_no_supplement"}, s.State)
}

// Supplies says that the applicant owes papers.
func (s Standing) Supplies() bool {
	return s.State == "supplement_wait" || s.State == "supplement_before_receipt"
}

// Withdrawable says that the applicant may still take it back.
func (s Standing) Withdrawable() bool {
	return slices.Contains([]string{"submitted", "supplement_before_receipt", "received", "in_process", "coordinating", "supplement_wait", "finance_wait"}, s.State)
}

// told are the moves of which an applicant is told, each with words of its own
// (applicant.notice.<move>).
var told = []string{"receive", "refuse", "ask_supplement_before_receipt", "ask_supplement", "close_no_supplement", "ask_payment", "approve", "reject", "hand_to_counter", "return_result",
	"stop", "apologise", "correct"}

// Scores of a rating, best first: very satisfied, satisfied, not satisfied (the three
// answers of the quality questions, one-stop.md section 9).
var Scores = []int64{3, 2, 1}
