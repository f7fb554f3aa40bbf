package app

import (
	"context"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/org"
	"cchc/internal/quality"
)

// buildQuality makes the room that measures the one-stop shop: every figure is read from
// the registry by its code, so a room that comes later begins to count by offering it.
func (a *App) buildQuality() *quality.Service {
	a.figures.Add(dossier.FormIndicators()...)
	return &quality.Service{DB: a.db, Clock: a.clock, Log: a.log, Figures: a.figures, Province: provinceOn,
		Results: func(tx *db.Tx, s indicator.Scope, p indicator.Period) ([]quality.ResultCell, error) {
			list, err := dossier.Results(tx, s, p)
			out := make([]quality.ResultCell, len(list))
			for i, c := range list {
				out[i] = quality.ResultCell(c)
			}
			return out, err
		}}
}

// qualityUnits are the demonstration's people who score for an agency.
var qualityUnits = map[string]string{"GL.X001": "giamdoc", "GL.X033": "tuyphuoc", "GL.D07": "soxd.truong"}

// seedQuality lets three units score themselves and the province's office verify two.
func (a *App) seedQuality(ctx context.Context) error {
	as := func(login string) (who context.Context, err error) {
		err = a.db.Read(ctx, func(tx *db.Tx) error {
			actor, found, err := a.rooms.identity.ActorByLogin(tx, login)
			if err == nil && !found {
				err = errs.New(errs.NotFound, "app.account_unknown", "login", login)
			}
			who = identity.With(ctx, actor)
			return err
		})
		return who, err
	}
	office, err := as("vpubnd")
	if err != nil {
		return err
	}
	return quality.Seed(a.rooms.quality, office, func(code string) (context.Context, string, error) {
		who, err := as(qualityUnits[code])
		if err != nil {
			return nil, "", err
		}
		var agency org.Agency
		err = a.db.Read(ctx, func(tx *db.Tx) error {
			found := false
			if agency, found, err = org.FindByCode(tx, code, clock.Day(a.clock())); err == nil && !found {
				err = errs.New(errs.NotFound, "app.agency_unknown", "code", code)
			}
			return err
		})
		return who, agency.ID, err
	})
}
