package app

import (
	"context"
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
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

// noDossiers answers for the one-stop shop while the program has none: no code is known.
type noDossiers struct{}

// ForPayment knows no dossier.
func (noDossiers) ForPayment(*db.Tx, string) (payment.Dossier, error) {
	return payment.Dossier{}, errs.New(errs.NotFound, "payment.dossier_unknown")
}

// buildPayment makes the room that takes fees. The secrets of its gateways are closed
// under the key that stands beside the log's keys.
func (a *App) buildPayment() (*payment.Service, error) {
	key, err := secretKey(a.cfg.keysDir())
	return &payment.Service{DB: a.db, Clock: a.clock, Log: a.log, Fees: feeTable{a.rooms.procedure}, Dossiers: noDossiers{}, Key: key, BaseURL: a.cfg.baseURL()}, err
}

// seedPayment gives the demonstration's ward an account and a book, as an administrator
// would.
func (a *App) seedPayment(ctx context.Context) error {
	var ward org.Agency
	var admin identity.Actor
	err := a.db.Read(ctx, func(tx *db.Tx) (err error) {
		if ward, _, err = org.FindByCode(tx, "GL.X001", clock.Day(a.clock())); err != nil {
			return err
		}
		admin, _, err = a.rooms.identity.ActorByLogin(tx, demoAccounts[0].login)
		return err
	})
	if err != nil {
		return err
	}
	return payment.Seed(a.rooms.payment, identity.With(ctx, admin), ward.ID)
}
