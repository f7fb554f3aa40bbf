package app

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/payment"
	"cchc/internal/procedure"
)

// feeTable gives the fee tables of the catalogue in the words of room payment.
type feeTable struct{ catalogue *procedure.Service }

// Tariff reads the lines of a version that count for a case on a day.
func (f feeTable) Tariff(tx *db.Tx, version, variant, day string) (payment.Tariff, error) {
	list, words, err := f.catalogue.Fees(tx, version, variant, day)
	out := payment.Tariff{Words: words}
	for i, line := range list {
		r := payment.Rule{Key: strconv.Itoa(i + 1), Code: line.Code, Kind: payment.LineKind(line.Kind), Variant: line.Variant, Known: line.Text == "", Amount: line.Amount, Unit: line.PerUnit, Cap: line.Cap}
		var parts []string
		for _, p := range []string{line.Criterion, line.Area, line.Text} {
			if p != "" {
				parts = append(parts, p)
			}
		}
		r.Name = strings.Join(parts, ", ")
		out.Rules = append(out.Rules, r)
	}
	return out, err
}

// paidDossiers tells room payment whose money it takes, in its words.
type paidDossiers struct{ shop *dossier.Service }

// ForPayment reads a dossier by its code; the asking room checks the reach.
func (p paidDossiers) ForPayment(tx *db.Tx, code string) (payment.Dossier, error) {
	v, err := p.shop.RecordByCode(tx, code)
	if err != nil {
		return payment.Dossier{}, err
	}
	at := v.BegunMs
	if v.ReceivedMs > 0 {
		at = v.ReceivedMs
	}
	closed := !v.State.Open() && v.Outcome != "approved" // what was granted may be paid after
	return payment.Dossier{ID: v.ID, Code: v.Code, Procedure: v.Procedure, Name: v.ProcedureName, Version: v.Terms.VersionID, Variant: v.Terms.Variant,
		Day: clock.Day(clock.FromMs(at)), Collector: v.Receiving, Payer: v.Owner.Name, Address: v.Owner.Address, Closed: closed}, nil
}

// buildPayment makes the room that takes fees. The secrets of its gateways are closed
// under the key that stands beside the log's keys.
func (a *App) buildPayment() (*payment.Service, error) {
	key, err := secretKey(a.cfg.keysDir())
	if err != nil {
		return nil, err
	}
	shop := a.rooms.dossier
	s := &payment.Service{DB: a.db, Clock: a.clock, Log: a.log, Fees: feeTable{a.rooms.procedure}, Dossiers: paidDossiers{shop}, Key: key, BaseURL: a.cfg.baseURL()}
	shop.Owes = s.Owes
	a.bus.On(event.PaymentSettled{}.Kind(), "dossier", func(tx *db.Tx, body []byte) error {
		var said event.PaymentSettled
		if err := json.Unmarshal(body, &said); err != nil || said.State != string(payment.Paid) {
			return err
		}
		return shop.PaidFor(tx, audit.System("payment"), a.clock(), said.DossierID, said.Online)
	})
	return s, nil
}

// seedPayment gives the demonstration's ward an account and a book, as an administrator
// would.
func (a *App) seedPayment(ctx context.Context) error {
	var ward org.Agency
	var admin, cashier identity.Actor
	err := a.db.Read(ctx, func(tx *db.Tx) (err error) {
		if ward, _, err = org.FindByCode(tx, "GL.X001", clock.Day(a.clock())); err != nil {
			return err
		}
		if admin, _, err = a.rooms.identity.ActorByLogin(tx, demoAccounts[0].login); err != nil {
			return err
		}
		cashier, _, err = a.rooms.identity.ActorByLogin(tx, "thuphi")
		return err
	})
	if err != nil {
		return err
	}
	fresh, err := payment.Seed(a.rooms.payment, identity.With(ctx, admin), ward.ID)
	if err != nil || !fresh {
		return err
	}
	codes, err := a.openDossiers(ctx, ward.Code)
	if err != nil {
		return err
	}
	return payment.SeedOrders(a.rooms.payment, identity.With(ctx, cashier), codes)
}

// seedOrders is how many dossiers of the ward are asked for money.
const seedOrders = 16

// openDossiers lists dossiers of an agency, as its receptionist sees them.
func (a *App) openDossiers(ctx context.Context, agency string) (codes []string, err error) {
	var clerk identity.Actor
	if err := a.db.Read(ctx, func(tx *db.Tx) (err error) {
		clerk, _, err = a.rooms.identity.ActorByLogin(tx, "motcua")
		return err
	}); err != nil {
		return nil, err
	}
	p, err := a.rooms.dossier.List(identity.With(ctx, clerk), dossier.Filter{Agency: agency, Limit: seedOrders})
	for _, l := range p.Lines {
		codes = append(codes, l.Code)
	}
	return codes, err
}
