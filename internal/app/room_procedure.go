package app

import (
	"cchc/internal/procedure"
)

// buildProcedure makes the room that keeps the catalogue of procedures.
func (a *App) buildProcedure() *procedure.Service {
	return &procedure.Service{DB: a.db, Clock: a.clock, Log: a.log}
}
