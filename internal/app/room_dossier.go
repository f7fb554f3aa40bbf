package app

import (
	"net/url"

	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/errs"
)

// noProcedures stands for the catalogue until a room keeps one.
type noProcedures struct{}

// Find knows none.
func (noProcedures) Find(_ *db.Tx, key, _, _ string, _ bool) (dossier.Procedure, error) {
	return dossier.Procedure{}, errs.OnField("procedure", "dossier.procedure_unknown", "procedure", key)
}

// buildDossier makes the room that handles dossiers and connects it: the inbox, hand-overs
// of a reorganisation, previews of the calendar, figures.
func (a *App) buildDossier() *dossier.Service {
	r := &a.rooms
	s := &dossier.Service{DB: a.db, Clock: a.clock, Log: a.log, Procedures: noProcedures{}}
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
