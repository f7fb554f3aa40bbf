package payment

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Taken is how a cashier took money.
type Taken struct {
	Way       Way    // Cash or Transfer: what is online comes from a gateway only
	Reference string // of a transfer: the number on the bank's slip
}

// Collect takes the money of an order at the counter and gives a receipt of the agency's
// book. Refusals: payment.way_bad, payment.reference_missing, payment.wrong_state,
// payment.day_closed, payment.book_missing.
func (s *Service) Collect(ctx context.Context, id string, version int64, in Taken) (Order, error) {
	in.Reference = text.Clean(in.Reference)
	return s.act(ctx, id, version, RightCollect, "payment.collect", "", func(tx *db.Tx, o *Order, a identity.Actor, now time.Time) (err error) {
		switch {
		case in.Way != Cash && in.Way != Transfer:
			return errs.OnField("way", "payment.way_bad")
		case in.Way == Transfer && in.Reference == "":
			return errs.OnField("reference", "payment.reference_missing")
		}
		if o.State, err = Moves.Next(o.State, "settle", "payment.wrong_state"); err != nil {
			return err
		}
		closed, err := closedDay(tx, o.Collector, a.AccountID, clock.Day(now))
		if err != nil {
			return err
		}
		if closed {
			return errs.New(errs.Conflict, "payment.day_closed")
		}
		o.Way = in.Way
		err = addMovement(tx, Movement{ID: db.NewID(), OrderID: o.ID, Agency: o.Collector, Reference: in.Reference, Way: in.Way, Amount: o.Due, AtMs: now.UnixMilli(),
			Day: clock.Day(now), By: a.AccountID, Standing: MoveSettled})
		if err != nil {
			return err
		}
		if err := s.settled(tx, o, a.AccountID, now); err != nil {
			return err
		}
		given, err := s.give(tx, *o, o.Payer, "", a.AccountID, a.Name, now)
		if err == nil && !given {
			err = errs.New(errs.Conflict, "payment.book_missing")
		}
		return err
	})
}

// give makes the receipt of a paid order from the agency's book; false when the agency
// has no book with numbers left.
func (s *Service) give(tx *db.Tx, o Order, payer, replaces, by, name string, now time.Time) (bool, error) {
	book, no, found, err := takeNumber(tx, o.Collector)
	if err != nil || !found {
		return false, err
	}
	r := Receipt{ID: db.NewID(), OrderID: o.ID, Agency: o.Collector, BookID: book.ID, No: no, Payer: payer, Address: o.Address, Content: o.Name,
		Charge: sumOf(o.Lines, Charge), Duty: sumOf(o.Lines, Duty), Unsorted: sumOf(o.Lines, ""), Way: o.Way, IssuedMs: now.UnixMilli(), IssuedDay: clock.Day(now), IssuedBy: by, IssuedName: name, Replaces: replaces}
	if err := addReceipt(tx, r); err != nil {
		return false, err
	}
	return true, s.Log.Record(tx, whoGave(by, name), audit.Entry{Kind: "payment.receipt", Subject: "payment_receipt:" + r.ID, Agency: r.Agency,
		After: map[string]any{"order": o.Code, "form": book.Form, "serial": book.Serial, "no": no, "amount": r.Amount()}})
}

// whoGave names the cashier, or the program for a receipt of an online payment.
func whoGave(by, name string) audit.Who {
	if by == "" {
		return audit.System("payment:gateway")
	}
	return audit.Who{Account: by, Name: name}
}

// GiveReceipt makes the receipt of an order that was paid online while the agency had no
// book. Refusals: payment.wrong_state, payment.receipt_there, payment.book_missing.
func (s *Service) GiveReceipt(ctx context.Context, id string, version int64) (Order, error) {
	return s.act(ctx, id, version, RightCollect, "payment.give_receipt", "", func(tx *db.Tx, o *Order, a identity.Actor, now time.Time) error {
		if o.State != Paid || o.Due == 0 {
			return errs.New(errs.Conflict, "payment.wrong_state")
		}
		list, err := receiptsOf(tx, o.ID)
		if err != nil {
			return err
		}
		if (View{Receipts: list}).valid().ID != "" {
			return errs.New(errs.Conflict, "payment.receipt_there")
		}
		given, err := s.give(tx, *o, o.Payer, "", a.AccountID, a.Name, now)
		if err == nil && !given {
			err = errs.New(errs.Conflict, "payment.book_missing")
		}
		return err
	})
}

// Receipt reads one receipt within reach. Refusal: payment.receipt_unknown.
func (s *Service) Receipt(ctx context.Context, id string) (r Receipt, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		r, err = receiptWithin(tx, a, RightView, id, now)
		return err
	})
	return r, err
}

func receiptWithin(tx *db.Tx, a identity.Actor, right, id string, now time.Time) (Receipt, error) {
	r, err := findReceipt(tx, id)
	if err != nil {
		return r, err
	}
	return r, identity.RequireSeen(tx, a, RightView, right, r.Agency, now, errs.New(errs.NotFound, "payment.receipt_unknown"))
}

// Reissue cancels a receipt that was written wrongly and gives another for the same
// money, to the name as it should have been. The cancelled one keeps its number. After
// the day is closed only somebody with payment.settle may. Refusals:
// payment.reason_missing, payment.receipt_cancelled, payment.wrong_state,
// payment.book_missing, payment.payer_missing, payment.day_closed.
func (s *Service) Reissue(ctx context.Context, id string, version int64, payer, reason string) (fresh string, err error) {
	payer, reason = text.Clean(payer), text.Clean(reason)
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		r, o, err := s.mayReissue(tx, a, id, version, now)
		if err != nil {
			return err
		}
		switch {
		case reason == "":
			return errs.OnField("reason", "payment.reason_missing")
		case payer == "":
			return errs.OnField("payer", "payment.payer_missing")
		}
		if err := s.void(tx, a.Who(), r, reason, now); err != nil {
			return err
		}
		given, err := s.give(tx, o, payer, r.ID, a.AccountID, a.Name, now)
		if err == nil && !given {
			err = errs.New(errs.Conflict, "payment.book_missing")
		}
		if err != nil {
			return err
		}
		list, err := receiptsOf(tx, o.ID)
		fresh = (View{Receipts: list}).valid().ID
		return err
	})
	return fresh, err
}

// mayReissue reads a receipt that may be cancelled now, and its order.
func (s *Service) mayReissue(tx *db.Tx, a identity.Actor, id string, version int64, now time.Time) (r Receipt, o Order, err error) {
	if r, err = receiptWithin(tx, a, RightView, id, now); err != nil {
		return r, o, err
	}
	closed, err := closedDay(tx, r.Agency, r.IssuedBy, r.IssuedDay)
	if err != nil {
		return r, o, err
	}
	right := RightCollect
	if closed {
		right = RightSettle
	}
	if err = identity.Require(tx, a, right, r.Agency, now); err != nil {
		if closed && identity.Require(tx, a, RightCollect, r.Agency, now) == nil {
			err = errs.New(errs.Conflict, "payment.day_closed")
		}
		return r, o, err
	}
	if r.Version != version {
		return r, o, errs.New(errs.Conflict, "payment.changed_meanwhile")
	}
	if !r.Valid() {
		return r, o, errs.New(errs.Conflict, "payment.receipt_cancelled")
	}
	if o, err = findOrder(tx, "id", r.OrderID); err == nil && o.State != Paid {
		err = errs.New(errs.Conflict, "payment.wrong_state")
	}
	return r, o, err
}

// void cancels a receipt and records it.
func (s *Service) void(tx *db.Tx, who audit.Who, r Receipt, reason string, now time.Time) error {
	r.CancelledMs, r.CancelledBy, r.Reason = now.UnixMilli(), who.Account, reason
	if err := cancelReceipt(tx, r); err != nil {
		return err
	}
	return s.Log.Record(tx, who, audit.Entry{Kind: "payment.receipt_cancel", Subject: "payment_receipt:" + r.ID, Agency: r.Agency, Reason: reason,
		After: map[string]any{"order": r.OrderCode, "serial": r.Serial, "no": r.No}})
}
