package payment

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/indicator"
)

// Tariff is what the fee table of a procedure says on a day.
type Tariff struct {
	Rules []Rule
	Words string // what the table says in words only
}

// Fees asks the catalogue of procedures for the fee table of the version under which a
// dossier was received; app wires it.
type Fees interface {
	Tariff(tx *db.Tx, version, variant, day string) (Tariff, error)
}

// Dossier is what payment must know of a dossier.
type Dossier struct {
	ID, Code                 string
	Procedure, Name, Version string // key, name and id of the version
	Variant                  string
	Day                      string // received on: a later fee does not reach back
	Collector                string // agency that received it and collects
	Payer, Address           string
	Closed                   bool // refused, withdrawn or stopped: nothing more is asked
}

// Dossiers asks the one-stop shop; app wires it. A code that is not known is NotFound.
type Dossiers interface {
	ForPayment(tx *db.Tx, code string) (Dossier, error)
}

// Service is what people and gateways do with money.
type Service struct {
	DB       *db.DB
	Clock    clock.Clock
	Log      *audit.Log
	Fees     Fees
	Dossiers Dossiers
	Key      []byte // 32 bytes from outside the database: closes the secrets of gateways
	BaseURL  string // begins the addresses that a gateway sends the payer back to
}

// write runs fn in one transaction for somebody who is signed in.
func (s *Service) write(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

// read is write for looking.
func (s *Service) read(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Read(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

// scope puts who asks, with which right, into a filter.
func (f Filter) scope(a identity.Actor, right string, now time.Time) Filter {
	f.account, f.right, f.nowMs = a.Reach(right), right, now.UnixMilli()
	return f
}

// seen reads an order that the actor may see and, with do, act upon.
func seen(tx *db.Tx, a identity.Actor, do, by, value string, now time.Time) (Order, error) {
	o, err := findOrder(tx, by, value)
	if err != nil {
		return o, err
	}
	return o, identity.RequireSeen(tx, a, RightView, do, o.Collector, now, unknown())
}

// act changes one order: seen, allowed, as read in version; fn decides, then it is saved
// and recorded. The audit entry names codes and sums, never a person.
func (s *Service) act(ctx context.Context, id string, version int64, right, kind, reason string, fn func(*db.Tx, *Order, identity.Actor, time.Time) error) (out Order, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		o, err := seen(tx, a, right, "id", id, now)
		if err != nil {
			return err
		}
		if o.Version != version {
			return errs.New(errs.Conflict, "payment.changed_meanwhile")
		}
		before := o
		if err := fn(tx, &o, a, now); err != nil {
			return err
		}
		if err := saveOrder(tx, o); err != nil {
			return err
		}
		o.Version++
		out = o
		return s.record(tx, a.Who(), kind, before, o, reason)
	})
	return out, err
}

func (s *Service) record(tx *db.Tx, who audit.Who, kind string, before, after Order, reason string) error {
	e := audit.Entry{Kind: kind, Subject: "payment_order:" + after.ID, Agency: after.Collector, Reason: reason, After: facts(after)}
	if before.ID != "" {
		e.Before = facts(before)
	}
	return s.Log.Record(tx, who, e)
}

func facts(o Order) map[string]any {
	return map[string]any{"code": o.Code, "state": o.State, "way": o.Way, "due": o.Due}
}

// settled does what belongs to an order that was just paid by a movement, or is free:
// its day, the counters, and the announcement.
func (s *Service) settled(tx *db.Tx, o *Order, by string, now time.Time) error {
	o.PaidMs, o.PaidDay, o.CollectedBy = now.UnixMilli(), clock.Day(now), by
	if o.Due > 0 { // what was free was not paid (index 766, 3.6 leaves such dossiers out)
		if err := indicator.Count(tx, paidCounter.Code, o.Collector, o.PaidDay, [2]string{o.Procedure, string(o.Way)}, 1); err != nil {
			return err
		}
		if o.Way.Online() {
			if err := indicator.Count(tx, onlineCounter.Code, o.Collector, o.PaidDay, [2]string{o.Procedure, string(o.Way)}, 1); err != nil {
				return err
			}
		}
	}
	return event.Post(tx, now, event.PaymentSettled{OrderID: o.ID, DossierID: o.DossierID, State: string(Paid), Online: o.Way.Online()})
}
