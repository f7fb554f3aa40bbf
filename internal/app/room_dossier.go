package app

import (
	"net/url"

	"cchc/internal/db"
	"cchc/internal/dossier"
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
