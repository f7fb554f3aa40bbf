package quality

import (
	"context"
	"time"

	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/org"
)

// Form is form II.06a/VPCP/KSTT: the state of handling procedures of one agency with all
// below it. Received is always Solved + InProcess.
type Form struct {
	Agency                             org.Agency
	Period                             Period
	Online, Offline, Carried, Received int64
	Early, OnTime, Late, Solved        int64
	InTime, Overdue, InProcess         int64
}

// ResultCell is how many dossiers of a period came from a source (carried, online,
// offline) and stood at its end somewhere (early, on_time, late, in_time, overdue).
type ResultCell struct {
	Source, End string
	N           int64
}

// Results counts dossiers for the form; app wires it to the room of dossiers.
type Results func(tx *db.Tx, s indicator.Scope, p indicator.Period) ([]ResultCell, error)

// fill adds counted cells to a form.
func (f *Form) fill(cells []ResultCell) {
	add := func(name string, n int64) {
		switch name {
		case "online":
			f.Online += n
		case "offline":
			f.Offline += n
		case "carried":
			f.Carried += n
		case "early":
			f.Early += n
		case "on_time":
			f.OnTime += n
		case "late":
			f.Late += n
		case "in_time":
			f.InTime += n
		case "overdue":
			f.Overdue += n
		}
	}
	for _, c := range cells {
		add(c.Source, c.N)
		add(c.End, c.N)
	}
	f.Received, f.Solved, f.InProcess = f.Online+f.Offline+f.Carried, f.Early+f.OnTime+f.Late, f.InTime+f.Overdue
}

// Form reads the form of an agency in a period. Refusals: quality.period_unreadable,
// quality.agency_unknown.
func (s *Service) Form(ctx context.Context, agency, period string) (f Form, err error) {
	p, err := ParsePeriod(period)
	if err != nil {
		return f, err
	}
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.RequireSeen(tx, a, RightView, RightView, agency, now, unknownAgency()); err != nil {
			return err
		}
		f = Form{Period: p}
		if f.Agency, err = org.Find(tx, agency); err != nil {
			return err
		}
		cells, err := s.Results(tx, indicator.Scope{Now: now, AgencyID: agency}, p.days())
		f.fill(cells)
		return err
	})
	return f, err
}
