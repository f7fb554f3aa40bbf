// Package payment takes the money of the one-stop shop (phí, lệ phí): what a dossier
// owes by the fee table of its procedure, orders, receipts without a gap in their
// numbers, payment by cash, transfer and gateways, refunds, the closing of a day and
// the comparison of our books with those of each gateway.
//
// Start at Service.Charge (service_order.go) for how an order begins, Service.Collect
// and Service.Take for the two ways in which money arrives. Rules are in fee.go,
// words.go, vietqr.go and the two adapters platform.go and bank.go. The room knows
// nothing of procedures and dossiers: it asks through Fees and Dossiers.
package payment

import (
	"time"

	"cchc/internal/clock"
	"cchc/internal/flow"
)

// Rights of the room, over the agency that collects (đơn vị thu).
const (
	RightView    = "payment.view"    // see orders, receipts and movements
	RightCollect = "payment.collect" // ask for fees, take money, give receipts, close one's own day
	RightRefund  = "payment.refund"  // pay back what somebody else took
	RightSettle  = "payment.settle"  // confirm a day that somebody else closed, compare with gateways
	RightSetup   = "payment.setup"   // accounts, gateways, receipt books, exemptions
)

// Rights are all of them.
var Rights = []string{RightView, RightCollect, RightRefund, RightSettle, RightSetup}

// RoleRights says which roles hold them when a province begins: whoever takes money
// neither pays it back nor confirms the day (one-stop.md section 2).
var RoleRights = map[string][]string{
	"cashier":      {RightView, RightCollect},
	"receptionist": {RightView, RightCollect},
	"unit_leader":  {RightView, RightRefund, RightSettle},
	"centre_head":  {RightView, RightRefund, RightSettle, RightSetup},
	"admin":        {RightSetup},
	"auditor":      {RightView},
}

// State is where an order stands.
type State string

// The states of an order.
const (
	Unpaid    State = "unpaid"
	Pending   State = "pending" // the payer is at a gateway
	Paid      State = "paid"
	Cancelled State = "cancelled"
	Refunded  State = "refunded"
)

// States lists them.
var States = []State{Unpaid, Pending, Paid, Cancelled, Refunded}

// Moves of an order. Money that arrives for a cancelled or paid order does not move it:
// it is kept as a movement that somebody must settle.
var Moves = flow.Table[State]{
	{Name: "start", From: []State{Unpaid, Pending}, To: Pending},
	{Name: "fail", From: []State{Pending}, To: Unpaid},
	{Name: "settle", From: []State{Unpaid, Pending}, To: Paid},
	{Name: "cancel", From: []State{Unpaid, Pending}, To: Cancelled},
	{Name: "refund", From: []State{Paid}, To: Refunded},
}

// Way is how money moved.
type Way string

// The ways.
const (
	Cash           Way = "cash"
	Transfer       Way = "transfer"
	OnlineNational Way = "online_national" // on the national portal
	OnlineProvince Way = "online_province" // on a gateway of the province
)

// Ways lists them.
var Ways = []Way{Cash, Transfer, OnlineNational, OnlineProvince}

// Online says whether a way counts as paid online. Cash and a transfer noted at the
// counter never do: that is how shares are made to look better than they are.
func (w Way) Online() bool { return w == OnlineNational || w == OnlineProvince }

// Mark is the national portal's DuocThanhToanTrucTuyen: 1 paid on the national portal,
// 2 on the province's gateway, 3 otherwise or not (one-stop.md section 4).
func (w Way) Mark() int {
	switch w {
	case OnlineNational:
		return 1
	case OnlineProvince:
		return 2
	}
	return 3
}

// Order is what one dossier is asked to pay at once (phiếu yêu cầu thanh toán). Money is
// in whole đồng.
type Order struct {
	ID, Code               string // code: <dossier code>-yyyyMMddHHmmss
	Ref                    string // what a transfer says, see NewRef
	Token                  string // opens the public page; says nothing
	DossierID, DossierCode string
	Procedure, Name        string // key and name of the procedure
	Collector, Agency      string // agency that collects: id and name
	Payer, Address         string
	Variant                string // case of the procedure
	State                  State
	Way                    Way // "" until money came, and for an order that is free
	GatewayID              string
	Due                    int64
	CreatedMs              int64
	CreatedBy              string
	PaidMs                 int64
	PaidDay                string
	CollectedBy            string // account that took it; "" for a gateway
	Reason                 string // of a cancellation or refund
	Version                int64
	Lines                  []Line
}

// LineKind tells charge (phí) from duty (lệ phí): receipts and reports keep them apart
// (Law 97/2015/QH13, article 3). "" is what the fee table does not say.
type LineKind string

// The kinds of a line.
const (
	Charge LineKind = "charge" // phí
	Duty   LineKind = "duty"   // lệ phí
)

// Line is one fee of an order. Amount is before the exemption, Net what is to be paid.
type Line struct {
	Code, Name string
	Kind       LineKind
	Unit       int64 // price of one item, or of all
	Items      int64
	Amount     int64
	Exempt     string // code of an exemption, "" for none
	Net        int64
}

// sum adds what is to be paid.
func sum(lines []Line) (n int64) {
	for _, l := range lines {
		n += l.Net
	}
	return n
}

// sumOf adds what is to be paid of one kind.
func sumOf(lines []Line, kind LineKind) (n int64) {
	for _, l := range lines {
		if l.Kind == kind {
			n += l.Net
		}
	}
	return n
}

// codeOf is the code of an order asked at a moment (one-stop.md section 4).
func codeOf(dossier string, at time.Time) string {
	return dossier + "-" + at.In(clock.Vietnam).Format("20060102150405")
}

// named are the names of exemptions by their codes.
func named(list []Exemption) map[string]string {
	names := map[string]string{}
	for _, e := range list {
		names[e.Code] = e.Name
	}
	return names
}

// Exemption is a reason to pay less (miễn, giảm): data of the province with the document
// that grants it.
type Exemption struct {
	ID, Code, Name string
	Percent        int64 // taken off, 1..100
	Basis          string
	FromDay, ToDay string
	Verified       bool // false: shipped as a sample, to be checked before real use
	Version        int64
}
