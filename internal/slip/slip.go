// Package slip prints what a one-stop shop hands over (biểu mẫu một cửa): the receipt
// with its promise, requests for more papers, refusals, apologies, lists of hand-over,
// and the book of dossiers. Forms 01 to 06 are those of Thông tư 01/2018/TT-VPCP as far as
// they were found; whether Nghị định 118/2025 brought new ones is not verified, so each
// form is data with dates that a province can change (one-stop.md section 8).
//
// Start at Service.Print. template.go says what a form is, fill.go puts a dossier's words
// into it, render.go makes the document. The room asks for dossiers through Source and
// keeps nothing of them.
package slip

import "time"

// Rights of the room.
const (
	RightPrint    = "slip.print"    // print the slips of dossiers within reach
	RightTemplate = "slip.template" // change the forms of the province
)

// Rights are all of them.
var Rights = []string{RightPrint, RightTemplate}

// RoleRights says which roles hold them when a province begins.
var RoleRights = map[string][]string{
	"receptionist": {RightPrint}, "handler": {RightPrint}, "unit_leader": {RightPrint}, "cashier": {RightPrint}, "office": {RightPrint, RightTemplate},
	"centre_head": {RightPrint, RightTemplate}, "procedure_admin": {RightPrint, RightTemplate}, "auditor": {RightPrint},
}

// Kind names a form; the stored word is the value.
type Kind string

// The forms.
const (
	Receipt         Kind = "receipt"      // 01
	ReceiptMany     Kind = "receipt_many" // 01 for several dossiers at once
	Supplement      Kind = "supplement"   // 02
	Refusal         Kind = "refusal"      // 03
	Apology         Kind = "apology"      // 04
	Control         Kind = "control"      // 05
	Register        Kind = "register"     // 06
	HandOver        Kind = "hand_over"
	HandOverResults Kind = "hand_over_results"
	ResultReceipt   Kind = "result_receipt"
	Trail           Kind = "trail"
	FeeReceipt      Kind = "fee_receipt"
)

// Kinds lists them in the order of the settings.
var Kinds = []Kind{Receipt, ReceiptMany, Supplement, Refusal, Apology, Control, Register, HandOver, HandOverResults, ResultReceipt, Trail, FeeReceipt}

// Of one dossier are the forms that a dossier's page offers; the others are about several.
var Of = []Kind{Receipt, Supplement, Refusal, Apology, Control, ResultReceipt, Trail}

// Person is an owner or a submitter, as the slip names them.
type Person struct{ Name, Address, Phone, Email, ID string }

// Paper is a component with its three counts (bản chính, bản chứng thực, bản chụp).
type Paper struct {
	Name                         string
	Originals, Certified, Copies int
}

// Step is one hand-over of the control slip. Result is "early", "on_time", "late" or "".
type Step struct {
	From, To, Name string
	At, Due        time.Time
	Result, Note   string
}

// Fee is a line of a fee receipt, in đồng.
type Fee struct {
	Name   string
	Amount int64
}

// Line is a dossier in a list.
type Line struct {
	Code, Procedure, Owner, Address, Unit, Way, Result, Note string
	Sets                                                     int
	Received, Due, Returned                                  time.Time
	Fee, Post                                                int64
}

// Data is all that slips say of a dossier or of a list of them. What is empty is left out
// of the slip with its line.
type Data struct {
	Parent, Agency, Place string // letterhead: authority above, unit, place name
	Day                   string // of the slip
	Number                int    // of the slip in the unit's year; 0 while it has none
	Lookup                string // address of the look-up page; the code is added for the QR
	HelpPhone             string

	Code, Procedure, Field, Content, Channel, Limit, ReturnWay, ReturnPlace, Note string
	Owner, Submitter                                                              Person
	Receiver, Signer, SignerTitle, Competent, Coordinating                        string
	Sets                                                                          int
	Submitted, Received, Due, OldDue, NewDue, SupplyBy, Returned, HandedAt, Paid  time.Time
	Reason, UnitAtFault                                                           string
	Papers, Missing                                                               []Paper
	Steps                                                                         []Step
	Lines                                                                         []Line
	From, To                                                                      string // days of a register
	Giver, GiverUnit, Taker, TakerUnit, TakerPhone                                string
	ResultKind, ResultNumber, ResultTitle, ResultDay                              string
	Fees                                                                          []Fee
	Payer, CollectorUnit, TaxCode, ReceiptForm, ReceiptSerial, ReceiptNumber      string
	AmountWords, PayWay                                                           string
}
