package payment

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// gatewayWho is a gateway as the audit log names it.
func gatewayWho(id string) audit.Who { return audit.System("payment:gateway:" + id) }

// Take takes the call of a gateway: checked, kept once under the gateway's own number,
// and answered in its protocol. Whatever a gateway repeats, delays or sends out of order
// leaves the same books; money that fits no open order is kept for a person. The error
// is for what is not the gateway's fault: then it must call again.
func (s *Service) Take(ctx context.Context, gatewayID string, in Incoming) (Answer, error) {
	var k kept
	var secret string
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if k, err = findGateway(tx, gatewayID); err != nil {
			return err
		}
		if !k.Active {
			return errs.New(errs.NotFound, "payment.gateway_unknown")
		}
		secret, err = openSecret(s.Key, k.ID, k.sealed)
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	g := adapter(k.GatewaySetup, secret)
	n, err := g.Read(in)
	switch errs.KindOf(err) {
	case "":
	case errs.Forbidden:
		return g.Answer(BadSignature), nil
	default:
		return g.Answer(Unreadable), nil
	}
	var out Outcome
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.book(tx, k.GatewaySetup, n, s.Clock())
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	return g.Answer(out), nil
}

// book keeps a notice that is genuine and says what became of it.
func (s *Service) book(tx *db.Tx, g GatewaySetup, n Notice, now time.Time) (Outcome, error) {
	by, value := "code", n.Code
	if value == "" {
		by, value = "ref", n.Ref
	}
	// One order or number at a time, also over two nodes.
	if err := tx.Lock("payment_notice:" + g.ID + ":" + n.Reference); err != nil {
		return "", err
	}
	o, err := findOrder(tx, by, value)
	there := err == nil
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return "", err
	}
	if there { // a gateway of another agency cannot pay our orders
		if there, err = stands(tx, g.Agency, o.Collector); err != nil {
			return "", err
		}
	}
	if !n.Success {
		return s.bookFailure(tx, g, o, there)
	}
	if old, found, err := toldBefore(tx, g.ID, n.Reference); err != nil || found {
		return repeated(old), err
	}
	m := Movement{ID: db.NewID(), Agency: g.Agency, GatewayID: g.ID, Reference: n.Reference, Way: g.Way, Amount: n.Amount, AtMs: now.UnixMilli(), Day: clock.Day(now), Standing: MoveUnknown}
	if !n.At.IsZero() && n.At.Before(now) && now.Sub(n.At) < 48*time.Hour {
		m.AtMs, m.Day = n.At.UnixMilli(), clock.Day(n.At) // the gateway's day: its statement is cut by it
	}
	out := NoOrder
	if there {
		m.OrderID, m.Agency = o.ID, o.Collector
		switch {
		case o.State != Unpaid && o.State != Pending:
			m.Standing, out = MoveSurplus, Known
		case n.Amount != o.Due:
			m.Standing, out = MoveWrong, WrongAmount
		default:
			m.Standing, out = MoveSettled, Settled
		}
	}
	if err := addMovement(tx, m); err != nil {
		return "", err
	}
	if out == Settled {
		return out, s.payBy(tx, o, g, now)
	}
	return out, s.Log.Record(tx, gatewayWho(g.ID), audit.Entry{Kind: "payment.movement", Subject: "payment_movement:" + m.ID, Agency: m.Agency,
		After: map[string]any{"order": o.Code, "amount": m.Amount, "standing": m.Standing, "reference": m.Reference}})
}

// payBy settles an order by money that came through a gateway.
func (s *Service) payBy(tx *db.Tx, o Order, g GatewaySetup, now time.Time) (err error) {
	before := o
	if o.State, err = Moves.Next(o.State, "settle", "payment.wrong_state"); err != nil {
		return err
	}
	o.Way, o.GatewayID = g.Way, g.ID
	if err := s.settled(tx, &o, "", now); err != nil {
		return err
	}
	if err := saveOrder(tx, o); err != nil {
		return err
	}
	// Without a book the order is paid all the same; its page asks a cashier for a receipt.
	if _, err := s.give(tx, o, o.Payer, "", "", g.Name, now); err != nil {
		return err
	}
	return s.record(tx, gatewayWho(g.ID), "payment.settle", before, o, "")
}

// bookFailure lets an order be paid again; one that is paid meanwhile stays paid.
func (s *Service) bookFailure(tx *db.Tx, g GatewaySetup, o Order, there bool) (Outcome, error) {
	if !there {
		return NoOrder, nil
	}
	before := o
	next, err := Moves.Next(o.State, "fail", "payment.wrong_state")
	if err != nil {
		return Failed, nil
	}
	o.State = next
	if err := saveOrder(tx, o); err != nil {
		return "", err
	}
	return Failed, s.record(tx, gatewayWho(g.ID), "payment.fail", before, o, "")
}

// repeated is the outcome of a number that was told before.
func repeated(m Movement) Outcome {
	switch m.Standing {
	case MoveWrong:
		return WrongAmount
	case MoveUnknown:
		return NoOrder
	}
	return Known
}

// Page is an order as its payer sees it: without any name.
type Page struct {
	Order
	QR      string
	Account GatewaySetup
	Pay     []GatewaySetup    // platforms that can be gone to
	Link    map[string]string // their addresses, once the payer began
}

// PayPage reads an order by the token of its public address. Refusal: payment.unknown.
func (s *Service) PayPage(ctx context.Context, token, from string) (p Page, err error) {
	now := s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if p.Order, err = findOrder(tx, "token", token); err != nil {
			return err
		}
		p.Payer, p.Address, p.Link = "", "", map[string]string{}
		if p.QR, p.Account, err = qrFor(tx, p.Order); err != nil {
			return err
		}
		list, err := gatewaysFor(tx, p.Collector)
		if err != nil || p.State != Unpaid && p.State != Pending {
			return err
		}
		for _, k := range list {
			if k.Kind != Platform {
				continue
			}
			p.Pay = append(p.Pay, k.GatewaySetup)
			secret, err := openSecret(s.Key, k.ID, k.sealed)
			if err != nil {
				return err
			}
			if p.State == Pending && p.GatewayID == k.ID {
				p.Link[k.ID], _ = adapter(k.GatewaySetup, secret).Redirect(p.Order, s.BaseURL+"/pay/"+token, from, now)
			}
		}
		return nil
	})
	return p, err
}

// Start notes that the payer goes to a platform, before the address is shown. Refusals:
// payment.unknown, payment.wrong_state, payment.gateway_unknown.
func (s *Service) Start(ctx context.Context, token, gateway string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		o, err := findOrder(tx, "token", token)
		if err != nil {
			return err
		}
		before := o
		if o.State, err = Moves.Next(o.State, "start", "payment.wrong_state"); err != nil {
			return err
		}
		list, err := gatewaysFor(tx, o.Collector)
		if err != nil {
			return err
		}
		o.GatewayID = ""
		for _, k := range list {
			if k.ID == gateway && k.Kind == Platform {
				o.GatewayID = k.ID
			}
		}
		if o.GatewayID == "" {
			return errs.New(errs.NotFound, "payment.gateway_unknown")
		}
		if err := saveOrder(tx, o); err != nil {
			return err
		}
		return s.record(tx, audit.System("payment:payer"), "payment.start", before, o, "")
	})
}
