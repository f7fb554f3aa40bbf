package app

import (
	"context"

	"cchc/internal/citizen"
	"cchc/internal/dossier"
)

// publicDossiers tells applicants where dossiers stand: what room dossier lets everybody
// know who has a code, masked there.
type publicDossiers struct{ dossiers *dossier.Service }

// Lookup finds a dossier by what was typed or scanned.
func (p publicDossiers) Lookup(ctx context.Context, typed string) (citizen.Standing, error) {
	d, err := p.dossiers.PublicLookup(ctx, typed)
	if err != nil {
		return citizen.Standing{}, err
	}
	s := citizen.Standing{Code: d.Code, ProcedureCode: d.ProcedureCode, Procedure: d.ProcedureName, State: string(d.State), Applicant: d.Applicant, IDNumber: d.IDNumber,
		Receiving: d.Receiving, Competent: d.Competent, Returning: d.Returning, OriginalDueMs: d.OriginalDueMs, DueMs: d.DueMs, Paused: d.PausedMs > 0,
		Late: d.Late, Apologised: d.Apologised, SupplyUntil: d.SupplyUntil}
	for _, e := range d.Events {
		s.Events = append(s.Events, citizen.Event{Move: e.Move, AtMs: e.AtMs})
	}
	return s, nil
}
