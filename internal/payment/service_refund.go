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
	"cchc/internal/text"
)

// Back is how money goes back.
type Back struct {
	Way       Way // Cash or Transfer, or the way in which it came
	Reference string
	Reason    string
}

// movementWithin reads a movement that the actor may see and, with right, act upon.
func movementWithin(tx *db.Tx, a identity.Actor, right, id string, version int64, now time.Time) (Movement, error) {
	m, err := findMovement(tx, id)
	if err != nil {
		return m, err
	}
	if err := identity.RequireSeen(tx, a, RightView, right, m.Agency, now, errs.New(errs.NotFound, "payment.movement_unknown")); err != nil {
		return m, err
	}
	if m.Version != version {
		return m, errs.New(errs.Conflict, "payment.changed_meanwhile")
	}
	return m, nil
}

// Refund pays a movement back: what paid an order (the order is refunded and its receipt
// cancelled), or what came too much, wrong or without an order. Never by who took it.
// Refusals: payment.movement_unknown, payment.refund_self, payment.refund_done,
// payment.reason_missing, payment.way_bad, payment.day_closed.
func (s *Service) Refund(ctx context.Context, movement string, version int64, in Back) error {
	in.Reason, in.Reference = text.Clean(in.Reason), text.Clean(in.Reference)
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		m, err := movementWithin(tx, a, RightRefund, movement, version, now)
		if err != nil {
			return err
		}
		if err := s.mayRefund(tx, m, a, in, now); err != nil {
			return err
		}
		was := m.Standing
		m.Standing, m.Reason = MoveReturned, in.Reason
		if err := saveMovement(tx, m); err != nil {
			return err
		}
		out := Movement{ID: db.NewID(), OrderID: m.OrderID, Agency: m.Agency, GatewayID: m.GatewayID, Reference: in.Reference, Way: in.Way, Amount: m.Amount,
			AtMs: now.UnixMilli(), Day: clock.Day(now), By: a.AccountID, Standing: MoveOut, ReturnOf: m.ID, Reason: in.Reason}
		if err := addMovement(tx, out); err != nil {
			return err
		}
		if was == MoveSettled {
			if err := s.refundOrder(tx, a, m.OrderID, in.Reason, now); err != nil {
				return err
			}
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.refund", Subject: "payment_movement:" + m.ID, Agency: m.Agency, Reason: in.Reason,
			Before: map[string]any{"standing": was}, After: map[string]any{"order": m.OrderCode, "amount": m.Amount, "way": in.Way, "standing": m.Standing}})
	})
}

// mayRefund holds a refund to its rules.
func (s *Service) mayRefund(tx *db.Tx, m Movement, a identity.Actor, in Back, now time.Time) error {
	switch {
	case m.Standing == MoveReturned || m.Standing == MoveOut:
		return errs.New(errs.Conflict, "payment.refund_done")
	case m.By == a.AccountID: // one-stop.md section 2: two pairs of eyes over money that leaves
		return errs.New(errs.Forbidden, "payment.refund_self")
	case in.Reason == "":
		return errs.OnField("reason", "payment.reason_missing")
	case in.Way != Cash && in.Way != Transfer && in.Way != m.Way:
		return errs.OnField("way", "payment.way_bad")
	}
	if in.Way == Cash {
		closed, err := closedDay(tx, m.Agency, a.AccountID, clock.Day(now))
		if err != nil {
			return err
		}
		if closed {
			return errs.New(errs.Conflict, "payment.day_closed")
		}
	}
	return nil
}

// refundOrder ends a paid order: its receipts are cancelled and the fact is announced.
func (s *Service) refundOrder(tx *db.Tx, a identity.Actor, id, reason string, now time.Time) error {
	o, err := findOrder(tx, "id", id)
	if err != nil {
		return err
	}
	before := o
	if o.State, err = Moves.Next(o.State, "refund", "payment.wrong_state"); err != nil {
		return err
	}
	o.Reason = reason
	if err := saveOrder(tx, o); err != nil {
		return err
	}
	list, err := receiptsOf(tx, o.ID)
	if err != nil {
		return err
	}
	if r := (View{Receipts: list}).valid(); r.ID != "" {
		if err := s.void(tx, a.Who(), r, reason, now); err != nil {
			return err
		}
	}
	if err := s.record(tx, a.Who(), "payment.refund_order", before, o, reason); err != nil {
		return err
	}
	return event.Post(tx, now, event.PaymentSettled{OrderID: o.ID, DossierID: o.DossierID, State: string(Refunded), Online: o.Way.Online()})
}

// Match gives money that came without a reference to the order that it was meant for: of
// the same agency, open, and for exactly that amount. Refusals: payment.movement_unknown,
// payment.match_done, payment.unknown, payment.match_amount, payment.wrong_state.
func (s *Service) Match(ctx context.Context, movement string, version int64, code string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		m, err := movementWithin(tx, a, RightSettle, movement, version, now)
		if err != nil {
			return err
		}
		if m.Standing != MoveUnknown {
			return errs.New(errs.Conflict, "payment.match_done")
		}
		o, err := seen(tx, a, RightSettle, "code", text.Clean(code), now)
		if err != nil {
			return err
		}
		k, err := findGateway(tx, m.GatewayID)
		if err != nil {
			return err
		}
		ours, err := stands(tx, k.Agency, o.Collector)
		if err != nil {
			return err
		}
		switch {
		case !ours:
			return unknown()
		case m.Amount != o.Due:
			return errs.OnField("code", "payment.match_amount")
		case o.State != Unpaid && o.State != Pending:
			return errs.New(errs.Conflict, "payment.wrong_state")
		}
		m.OrderID, m.Agency, m.Standing, m.Reason = o.ID, o.Collector, MoveSettled, ""
		if err := saveMovement(tx, m); err != nil {
			return err
		}
		if err := s.payBy(tx, o, k.GatewaySetup, now); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.match", Subject: "payment_movement:" + m.ID, Agency: m.Agency,
			Before: map[string]any{"standing": MoveUnknown}, After: map[string]any{"order": o.Code, "standing": m.Standing, "amount": m.Amount}})
	})
}

// Differences lists money that somebody must deal with, within reach, after an id.
func (s *Service) Differences(ctx context.Context, after string, limit int) (list []Movement, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		list, err = openMovements(tx, Filter{}.scope(a, RightView, now), after, limit)
		return err
	})
	return list, err
}

// Movement reads one movement within reach, and whether the reader may match or refund it.
func (s *Service) Movement(ctx context.Context, id string) (m Movement, can map[string]bool, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if m, err = findMovement(tx, id); err != nil {
			return err
		}
		if err := identity.RequireSeen(tx, a, RightView, RightView, m.Agency, now, errs.New(errs.NotFound, "payment.movement_unknown")); err != nil {
			return err
		}
		may := func(right string) bool { return identity.Require(tx, a, right, m.Agency, now) == nil }
		can = map[string]bool{"match": m.Standing == MoveUnknown && may(RightSettle),
			"refund": (m.Standing.Open() || m.Standing == MoveSettled) && m.By != a.AccountID && may(RightRefund)}
		return nil
	})
	return m, can, err
}
