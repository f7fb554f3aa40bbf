package portal

import (
	"context"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/org"
)

// Figure is a number on the first page; it opens at URL.
type Figure struct{ Label, Value, Unit, Sub, URL, Tone string }

// Service is what a visitor may ask. Nothing here needs an account.
type Service struct {
	DB    *db.DB
	Clock clock.Clock
	// Figures gives the numbers of the first page, in the reader's language; app wires
	// it to the rooms that count. Nil shows none.
	Figures func(ctx context.Context) ([]Figure, error)
}

// Due counts a deadline in the working time of an agency, or of the province when no
// agency is named, and explains it day by day.
func (s *Service) Due(ctx context.Context, in DueRequest) (DueAnswer, error) {
	out := DueAnswer{Request: in}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		agencyID := ""
		if in.Agency != "" {
			a, found, err := org.FindByCode(tx, in.Agency, clock.Day(in.Start))
			if err != nil {
				return err
			}
			if !found {
				return errs.OnField("agency", "portal.agency_unknown", "code", in.Agency)
			}
			agencyID, out.Agency = a.ID, a.Name
		}
		cal, err := calendar.Load(tx, agencyID)
		if err != nil {
			return err
		}
		res, err := cal.Due(in.Start, in.Amount, in.Unit, in.Pauses...)
		out.Due, out.Steps = res.Due, res.Steps
		return err
	})
	return out, err
}
