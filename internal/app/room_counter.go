package app

import (
	"context"
	"time"

	"cchc/internal/clock"
	"cchc/internal/counter"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/job"
	"cchc/internal/org"
)

// knownDossiers tells the hall whether a code is a dossier's.
type knownDossiers struct{ shop *dossier.Service }

// Known looks the code up.
func (k knownDossiers) Known(tx *db.Tx, code string) (bool, error) {
	_, err := k.shop.RecordByCode(tx, code)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil, err
}

// tidyArgs asks for what a hall forgets by itself: missed appointments, numbers of days
// before, reminders.
type tidyArgs struct{}

// Kind names the job.
func (tidyArgs) Kind() string { return "counter.tidy" }

// tidyEvery is how often a hall is tidied.
const tidyEvery = 5 * time.Minute

// buildCounter makes the room that runs halls, and its job.
func (a *App) buildCounter() *counter.Service {
	s := &counter.Service{DB: a.db, Clock: a.clock, Log: a.log, Tell: a.rooms.notice, Dossiers: knownDossiers{a.rooms.dossier}}
	job.Register(a.jobs, func(ctx context.Context, _ *job.Run, _ tidyArgs) error { return s.Tidy(ctx) })
	a.jobs.Every("counter.tidy", tidyEvery, func(time.Time) job.Args { return tidyArgs{} })
	return s
}

// seedCounter gives the demonstration's ward a hall and some mornings.
func (a *App) seedCounter(ctx context.Context) error {
	var ward org.Agency
	var admin, officer identity.Actor
	err := a.db.Read(ctx, func(tx *db.Tx) (err error) {
		if ward, _, err = org.FindByCode(tx, "GL.X001", clock.Day(a.clock())); err != nil {
			return err
		}
		if admin, _, err = a.rooms.identity.ActorByLogin(tx, demoAccounts[0].login); err != nil {
			return err
		}
		officer, _, err = a.rooms.identity.ActorByLogin(tx, "motcua")
		return err
	})
	if err != nil {
		return err
	}
	return counter.Seed(a.rooms.counter, identity.With(ctx, admin), identity.With(ctx, officer), ward.ID)
}
