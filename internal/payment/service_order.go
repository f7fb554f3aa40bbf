package payment

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Ask is what a cashier says when a dossier is to pay.
type Ask struct {
	Dossier string // code
	Choice
	Exempt string // code of an exemption, "" for none
	Why    string // what proves the exemption; needed with it
}

// Quote is what an ask would cost, and what the form must ask for.
type Quote struct {
	Dossier    Dossier
	Parts      []Part
	Unit       string // whose number must be given, "" for none
	Words      string // what the fee table says in words only
	Lines      []Line
	Exemptions []Exemption
}

// Due is what would be paid.
func (q Quote) Due() int64 { return sum(q.Lines) }

// Quote computes the fees of a dossier without asking for them. The quote comes beside a
// refusal of the case (line or number missing), so that the form can ask. Refusals:
// payment.dossier_unknown, those of Compute, payment.exemption_unknown,
// payment.exemption_why, payment.nothing_owed.
func (s *Service) Quote(ctx context.Context, in Ask) (q Quote, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		q, err = s.quote(tx, a, in, now)
		return err
	})
	return q, err
}

func (s *Service) quote(tx *db.Tx, a identity.Actor, in Ask, now time.Time) (q Quote, err error) {
	missing := errs.New(errs.NotFound, "payment.dossier_unknown")
	if q.Dossier, err = s.Dossiers.ForPayment(tx, text.Clean(in.Dossier)); errs.KindOf(err) == errs.NotFound {
		return q, missing
	}
	if err != nil {
		return q, err
	}
	if err := identity.RequireSeen(tx, a, RightView, RightCollect, q.Dossier.Collector, now, missing); err != nil {
		return q, err
	}
	t, err := s.Fees.Tariff(tx, q.Dossier.Version, q.Dossier.Variant, q.Dossier.Day)
	if err != nil {
		return q, err
	}
	q.Parts, q.Unit, q.Words = Parts(t.Rules), AsksItems(t.Rules), t.Words
	if q.Exemptions, err = exemptions(tx, q.Dossier.Day); err != nil {
		return q, err
	}
	if q.Lines, err = Compute(t.Rules, in.Choice); err != nil {
		return q, err
	}
	if len(q.Lines) == 0 && q.Words != "" {
		return q, errs.New(errs.Conflict, "payment.fee_in_words", "words", q.Words)
	}
	if len(q.Lines) == 0 {
		return q, errs.New(errs.Conflict, "payment.nothing_owed")
	}
	if in.Exempt == "" {
		return q, nil
	}
	i := slices.IndexFunc(q.Exemptions, func(e Exemption) bool { return e.Code == in.Exempt })
	if i < 0 {
		return q, errs.OnField("exempt", "payment.exemption_unknown")
	}
	q.Lines = exempt(q.Lines, q.Exemptions[i])
	if text.Clean(in.Why) == "" {
		return q, errs.OnField("why", "payment.exemption_why")
	}
	return q, nil
}

// Charge asks a dossier for its fees: one order, whose code is the dossier's with the
// moment. What is free after the exemption is settled at once. Refusals: those of Quote,
// payment.dossier_closed, payment.order_open, payment.fee_paid.
func (s *Service) Charge(ctx context.Context, in Ask) (o Order, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		q, err := s.quote(tx, a, in, now)
		if err != nil {
			return err
		}
		if err := s.chargeable(tx, q); err != nil {
			return err
		}
		random := make([]byte, refLength)
		rand.Read(random)
		d := q.Dossier
		o = Order{ID: db.NewID(), Ref: NewRef(random), Token: rand.Text(), DossierID: d.ID, DossierCode: d.Code, Procedure: d.Procedure, Name: d.Name,
			Collector: d.Collector, Payer: text.Clean(d.Payer), Address: text.Clean(d.Address), Variant: d.Variant, State: Unpaid, Due: q.Due(), CreatedMs: now.UnixMilli(), CreatedBy: a.AccountID, Version: 1, Lines: q.Lines}
		if o.Code, err = freeCode(tx, d.Code, now); err != nil {
			return err
		}
		if o.Due == 0 {
			o.State = Paid
			if err := s.settled(tx, &o, a.AccountID, now); err != nil {
				return err
			}
		}
		if err := addOrder(tx, o); err != nil {
			return err
		}
		return s.record(tx, a.Who(), "payment.charge", Order{}, o, text.Clean(in.Why))
	})
	return o, err
}

// chargeable refuses an order that would take the same money twice.
func (s *Service) chargeable(tx *db.Tx, q Quote) error {
	if q.Dossier.Closed {
		return errs.New(errs.Conflict, "payment.dossier_closed")
	}
	// Two desks that charge the same dossier wait for each other.
	if err := tx.Lock("payment_order:" + q.Dossier.ID); err != nil {
		return err
	}
	open, err := openOrders(tx, q.Dossier.ID)
	if err != nil {
		return err
	}
	if open > 0 {
		return errs.New(errs.Conflict, "payment.order_open")
	}
	paid, err := paidCodes(tx, q.Dossier.ID)
	if err != nil {
		return err
	}
	for _, l := range q.Lines {
		if slices.Contains(paid, l.Code) {
			return errs.New(errs.Conflict, "payment.fee_paid", "fee", l.Name)
		}
	}
	return nil
}

// freeCode is the code of an order of this second, or of the next that is free: an order
// may be cancelled and asked again within one second.
func freeCode(tx *db.Tx, dossier string, now time.Time) (string, error) {
	for {
		code := codeOf(dossier, now)
		taken, err := codeTaken(tx, code)
		if err != nil || !taken {
			return code, err
		}
		now = now.Add(time.Second)
	}
}

// Cancel takes an order back before it is paid, with a reason. Money that comes all the
// same is kept as a movement to pay back. Refusals: payment.reason_missing,
// payment.wrong_state.
func (s *Service) Cancel(ctx context.Context, id string, version int64, reason string) (Order, error) {
	reason = text.Clean(reason)
	return s.act(ctx, id, version, RightCollect, "payment.cancel", reason, func(_ *db.Tx, o *Order, _ identity.Actor, _ time.Time) (err error) {
		if o.State, err = Moves.Next(o.State, "cancel", "payment.wrong_state"); err != nil {
			return err
		}
		if o.Reason = reason; reason == "" {
			return errs.OnField("reason", "payment.reason_missing")
		}
		return nil
	})
}

// View is an order as its page shows it.
type View struct {
	Order
	Movements []Movement
	Receipts  []Receipt
	Can       map[string]bool   // collect, cancel, receipt, refund
	QR        string            // payload of VietQR, "" when there is no account
	Account   GatewaySetup      // whose account it is
	Exempts   map[string]string // names of exemptions by code
}

// Open reads one order by its id. Refusal: payment.unknown, also out of reach.
func (s *Service) Open(ctx context.Context, id string) (v View, err error) {
	return s.open(ctx, "id", id)
}

// OpenCode reads one order by its code.
func (s *Service) OpenCode(ctx context.Context, code string) (View, error) {
	return s.open(ctx, "code", code)
}

func (s *Service) open(ctx context.Context, by, value string) (v View, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if v.Order, err = seen(tx, a, RightView, by, value, now); err != nil {
			return err
		}
		if v.Movements, err = movementsOf(tx, v.ID); err != nil {
			return err
		}
		if v.Receipts, err = receiptsOf(tx, v.ID); err != nil {
			return err
		}
		may := func(right string) bool { return identity.Require(tx, a, right, v.Collector, now) == nil }
		asked := v.State == Unpaid || v.State == Pending
		v.Can = map[string]bool{
			"collect": asked && may(RightCollect), "cancel": asked && may(RightCollect),
			"receipt": v.State == Paid && v.Due > 0 && v.valid().ID == "" && may(RightCollect),
			"refund":  v.State == Paid && v.Due > 0 && v.CollectedBy != a.AccountID && may(RightRefund),
		}
		all, err := exemptions(tx, "")
		if err != nil {
			return err
		}
		v.Exempts = named(all)
		v.QR, v.Account, err = qrFor(tx, v.Order)
		return err
	})
	return v, err
}

// valid is the receipt that stands, zero when there is none.
func (v View) valid() Receipt {
	for _, r := range v.Receipts {
		if r.Valid() {
			return r
		}
	}
	return Receipt{}
}

// settling is the movement that paid the order, zero when there is none.
func (v View) settling() Movement {
	for _, m := range v.Movements {
		if m.Standing == MoveSettled {
			return m
		}
	}
	return Movement{}
}

// qrFor is the transfer code of an order that waits, for the nearest account that can be
// paid to.
func qrFor(tx *db.Tx, o Order) (payload string, g GatewaySetup, err error) {
	if o.State != Unpaid && o.State != Pending {
		return "", g, nil
	}
	list, err := gatewaysFor(tx, o.Collector)
	if err != nil {
		return "", g, err
	}
	for _, k := range list {
		if k.Kind == BankNotice {
			payload, err = VietQR{BIN: k.BIN, Account: k.AccountNo, Amount: o.Due, Content: o.Ref}.Payload()
			return payload, k.GatewaySetup, err
		}
	}
	return "", g, nil
}

// List lists orders within reach, newest first. after is the key (ms, id) of the last one
// shown. Refusal: payment.day_unreadable.
func (s *Service) List(ctx context.Context, f Filter, afterMs int64, afterID string, limit int) (list []Order, err error) {
	var from time.Time
	if f.Day != "" {
		if from, err = clock.ParseDay(f.Day); err != nil {
			return nil, errs.OnField("day", "payment.day_unreadable")
		}
	}
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		list, err = listOrders(tx, f.scope(a, RightView, now), from.UnixMilli(), from.AddDate(0, 0, 1).UnixMilli(), afterMs, afterID, limit)
		return err
	})
	return list, err
}

// Owes says whether a dossier was asked for money that has not come: a result that is to
// be paid for is handed out afterwards.
func (s *Service) Owes(tx *db.Tx, dossier string) (bool, error) {
	n, err := openOrders(tx, dossier)
	return n > 0, err
}

// OpenToken opens the public page of the order of a dossier that waits for money, "" when
// none does.
func (s *Service) OpenToken(tx *db.Tx, dossier string) (string, error) { return openToken(tx, dossier) }

// Desk reads what waits and what came in today, within reach.
func (s *Service) Desk(ctx context.Context, agency string) (w Waiting, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		f := Filter{Agency: agency, Day: clock.Day(now)}
		w, err = waiting(tx, f.scope(a, RightView, now))
		return err
	})
	return w, err
}
