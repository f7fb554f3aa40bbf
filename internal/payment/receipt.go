package payment

import "fmt"

// Receipt is a receipt for fees (biên lai thu phí, lệ phí). Numbers of a book run without
// a gap: a receipt that was wrong is cancelled and keeps its number.
type Receipt struct {
	ID, OrderID, OrderCode  string
	Agency, AgencyName      string
	BookID, Form, Serial    string
	No                      int64
	Payer, Address, Content string
	Charge, Duty, Unsorted  int64 // phí, lệ phí, and what the fee table did not sort
	Way                     Way
	IssuedMs                int64
	IssuedDay               string
	IssuedBy, IssuedName    string
	Replaces                string // id of the cancelled receipt that it stands for
	CancelledMs             int64  // 0 while it is valid
	CancelledBy, Reason     string
	Version                 int64
}

// Amount is all of it together.
func (r Receipt) Amount() int64 { return r.Charge + r.Duty + r.Unsorted }

// Valid says whether it was not cancelled.
func (r Receipt) Valid() bool { return r.CancelledMs == 0 }

// Number is the number as printed: seven digits.
func (r Receipt) Number() string { return number(r.No) }

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%07d", n)
}

// Book is a book of receipts (quyển biên lai) of an agency: form, serial and its range.
type Book struct {
	ID, Agency    string
	Form, Serial  string
	FromNo, ToNo  int64
	NextNo        int64
	Active        bool
	Version       int64
	Given, Voided int64 // counted for the page
}

// Left is how many numbers are left.
func (b Book) Left() int64 { return max(0, b.ToNo-b.NextNo+1) }
