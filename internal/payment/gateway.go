package payment

import (
	"net/url"
	"time"

	"cchc/internal/errs"
)

// GatewayKind says which protocol a gateway speaks.
type GatewayKind string

// The kinds.
const (
	// BankNotice is a bank (or a service of one) that tells each transfer that came in.
	BankNotice GatewayKind = "bank_notice"
	// Platform is a payment platform (nền tảng thanh toán): the payer is sent to its page,
	// and it tells the result by a signed call.
	Platform GatewayKind = "platform"
)

// GatewayKinds lists them.
var GatewayKinds = []GatewayKind{BankNotice, Platform}

// GatewaySetup is one account or platform of an agency as an administrator enters it.
type GatewaySetup struct {
	ID, Agency  string // the agency that collects and those below it
	Kind        GatewayKind
	Name        string
	Way         Way    // how what comes through it is counted: the province decides
	BIN         string // BankNotice: for VietQR
	AccountNo   string
	AccountName string
	Merchant    string // Platform: our code there
	PayURL      string // Platform: its page
	Prefix      string // Platform: what its parameters begin with
	HasSecret   bool
	Active      bool
	Version     int64
}

// Incoming is a call of a gateway, as far as adapters look at it.
type Incoming struct {
	Query  url.Values
	Body   []byte
	Header func(name string) string
}

// Notice is what a gateway says happened to money.
type Notice struct {
	Code      string // our order's code, or
	Ref       string // our reference, found in the words of a transfer
	Reference string // the gateway's own number of the transaction
	Amount    int64
	At        time.Time
	Success   bool // false: the payer gave up or was refused
}

// Outcome is what became of a notice; each protocol has its words for it.
type Outcome string

// The outcomes.
const (
	Settled      Outcome = "settled"      // the order is paid by it
	Known        Outcome = "known"        // it was told before, or the order was paid already
	NoOrder      Outcome = "no_order"     // no order fits: kept for a person to look at
	WrongAmount  Outcome = "wrong_amount" // not what the order asks: kept likewise
	Failed       Outcome = "failed"       // the payment did not happen; the order can be paid again
	BadSignature Outcome = "bad_signature"
	Unreadable   Outcome = "unreadable"
)

// Answer is what a gateway wants to hear.
type Answer struct {
	Status int
	Type   string // media type
	Body   []byte
}

// Gateway speaks one protocol.
type Gateway interface {
	// Redirect is where the payer pays; false when there is no such page.
	Redirect(o Order, back, from string, now time.Time) (string, bool)
	// Read checks the signature of a call first and then reads it. Refusals:
	// payment.signature_bad, payment.notice_unreadable.
	Read(in Incoming) (Notice, error)
	// Answer writes an outcome in the protocol's words.
	Answer(Outcome) Answer
}

// adapter makes the gateway of a setup with its secret.
func adapter(g GatewaySetup, secret string) Gateway {
	if g.Kind == Platform {
		return platform{g, []byte(secret)}
	}
	return bank{g, []byte(secret)}
}

func badSignature() error { return errs.New(errs.Forbidden, "payment.signature_bad") }

func unreadable() error { return errs.New(errs.Invalid, "payment.notice_unreadable") }
