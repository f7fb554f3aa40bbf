package app

import (
	"context"
	"net/url"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/errs"
	"cchc/internal/procedure"
)

// catalogue tells dossiers what a procedure is on a day, in their own words.
type catalogue struct{ procedures *procedure.Service }

// Find reads the version in force.
func (c catalogue) Find(tx *db.Tx, key, variant, day string, online bool) (dossier.Procedure, error) {
	t, err := c.procedures.InForce(tx, key, variant, day, online)
	if err != nil {
		return dossier.Procedure{}, err
	}
	p := dossier.Procedure{VersionID: t.VersionID, Key: t.Key, Code: t.Code, Name: t.Name, Field: t.Field, Variant: t.Variant, Level: t.ServiceLevel, Online: online,
		Amount: int(t.Limit.Amount), Unit: string(t.Limit.Unit), Known: t.Limit.Known, Steps: t.Steps, ReturnsDocument: t.ReturnsDocument, Pays: t.Pays,
		PausesForPayment: t.PausesForPayment, SameDay: t.SameDay}
	if t.SupplementNotice.Known {
		p.SupplementNoticeDays = int(t.SupplementNotice.Amount)
	}
	for _, c := range t.Components {
		p.Components = append(p.Components, dossier.Component{Code: c.Code, Name: c.Name, Digitise: c.Digitise, Required: c.Required && c.RequiredIf == ""})
	}
	p.ReceiptUntil, p.ReceiptNext = dossier.ReadReceiptRule(t.ReceivingRules)
	return p, nil
}

// buildDossier makes the room that handles dossiers and connects it: the catalogue, the
// inbox, hand-overs of a reorganisation, previews of the calendar, figures.
func (a *App) buildDossier() *dossier.Service {
	r := &a.rooms
	s := &dossier.Service{DB: a.db, Clock: a.clock, Log: a.log, Procedures: catalogue{r.procedure}}
	if u, err := url.Parse(a.cfg.PublicURL); err == nil {
		s.Host = u.Host
	}
	r.agencies.Register(dossier.WorkKind, s)
	r.calendar.Register(dossier.WorkKind, s)
	r.inbox.Add("dossier", s)
	a.figures.Add(dossier.Indicators()...)
	a.figures.AddCounters(dossier.Counters()...)
	return s
}

// seedDossiers tells three months of dossiers up to the opening of the scene. Whoever of
// the demonstration sits at an agency acts there.
func (a *App) seedDossiers(ctx context.Context) error {
	accounts := map[string]audit.Who{}
	err := a.db.Read(ctx, func(tx *db.Tx) error {
		for login, part := range map[string]string{"motcua": "GL.X001:counter", "thuly": "GL.D08:handler", "lanhdao": "GL.D08:leader"} {
			actor, found, err := a.rooms.identity.ActorByLogin(tx, login)
			if err != nil {
				return err
			}
			if !found {
				return errs.New(errs.NotFound, "app.account_unknown", "login", login)
			}
			accounts[part] = actor.Who()
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = dossier.Seed(ctx, dossier.Seeding{DB: a.db, Procedures: catalogue{a.rooms.procedure}, Log: func(c clock.Clock) *audit.Log { return audit.New(a.keys, c) },
		From: seedDossiersFrom, Until: a.start, Dossiers: seedDossiersMany, Accounts: accounts})
	return err
}

// The demonstration's dossiers: three months before the scene.
const (
	seedDossiersFrom = "2026-07-14"
	seedDossiersMany = 900
)
