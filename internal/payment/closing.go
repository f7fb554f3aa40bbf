package payment

// Closing is the end of a cashier's day (khoá sổ): what should lie in the drawer, what was
// counted, and why they differ. Another person confirms it.
type Closing struct {
	ID, Agency, AgencyName string
	Account, Name          string // who closed: id, and the name at that moment
	Day                    string
	Expected, Counted      int64 // cash, đồng
	Receipts               int64 // given on that day
	FirstNo, LastNo        string
	Reason                 string
	ClosedMs               int64
	ConfirmedBy            string
	ConfirmedMs            int64
	Version                int64
}

// Difference is counted less expected: positive when there is too much.
func (c Closing) Difference() int64 { return c.Counted - c.Expected }

// Standing is what a movement of money is to us.
type Standing string

// The standings.
const (
	MoveSettled  Standing = "settled"      // it paid an order
	MoveSurplus  Standing = "surplus"      // the order was paid or cancelled already
	MoveWrong    Standing = "wrong_amount" // not the amount that was asked
	MoveUnknown  Standing = "unknown"      // no order could be found
	MoveReturned Standing = "returned"     // paid back
	MoveOut      Standing = "out"          // money that went back
)

// Open says that somebody must still deal with it.
func (s Standing) Open() bool { return s == MoveSurplus || s == MoveWrong || s == MoveUnknown }

// Movement is money that came in or went out (giao dịch), once each.
type Movement struct {
	ID, OrderID, OrderCode string // "" while no order is known
	Agency                 string
	GatewayID              string // "" at the counter
	Reference              string // the gateway's number, or what the cashier wrote
	Way                    Way
	Amount                 int64
	AtMs                   int64
	Day                    string
	By                     string // account; "" for a gateway
	Standing               Standing
	ReturnOf               string // movement that this one pays back
	Reason                 string
	Version                int64
}

// TheirLine is one transaction in a gateway's own list.
type TheirLine struct {
	Reference string
	Amount    int64
	Note      string // order or content as they write it
}

// Verdict is what comparing one transaction gave.
type Verdict string

// The verdicts.
const (
	Same         Verdict = "same"
	AmountDiffer Verdict = "amount_differs"
	MissingHere  Verdict = "missing_here"  // they have it, we do not
	MissingThere Verdict = "missing_there" // we have it, they do not
)

// Verdicts lists them, what asks for work first.
var Verdicts = []Verdict{MissingHere, MissingThere, AmountDiffer, Same}

// Compared is one transaction, ours beside theirs. Why is a person's explanation.
type Compared struct {
	ID, Reference, Note string
	Ours, Theirs        int64
	Verdict             Verdict
	Why                 string
	Version             int64
}

// Compare puts a gateway's list beside our movements of the same days, by the gateway's
// number. A number that they list twice is compared by its sum.
func Compare(ours []Movement, theirs []TheirLine) (list []Compared) {
	at := map[string]int{}
	for _, t := range theirs {
		if i, seen := at[t.Reference]; seen {
			list[i].Theirs += t.Amount
			continue
		}
		at[t.Reference] = len(list)
		list = append(list, Compared{Reference: t.Reference, Theirs: t.Amount, Note: t.Note, Verdict: MissingHere})
	}
	for _, m := range ours {
		i, seen := at[m.Reference]
		if !seen {
			at[m.Reference] = len(list)
			list = append(list, Compared{Reference: m.Reference, Note: m.OrderCode, Ours: m.Amount, Verdict: MissingThere})
			continue
		}
		list[i].Ours += m.Amount
		if list[i].Note == "" {
			list[i].Note = m.OrderCode
		}
		list[i].Verdict = AmountDiffer
		if list[i].Ours == list[i].Theirs {
			list[i].Verdict = Same
		}
	}
	return list
}
