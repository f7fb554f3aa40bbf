package app

import (
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/indicator"
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
