package quality

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/org"
)

// Service is what people do with the indices.
type Service struct {
	DB      *db.DB
	Clock   clock.Clock
	Log     *audit.Log
	Figures *indicator.Registry
	Results Results
	// Province finds the agency that owns the settings on a day.
	Province func(tx *db.Tx, day string) (string, error)
}

func unknownAgency() *errs.Error { return errs.New(errs.NotFound, "quality.agency_unknown") }

// write runs fn in one transaction for somebody who is signed in.
func (s *Service) write(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

func (s *Service) read(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Read(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

// fact reads a figure for an agency with all below it. The caller has checked that the
// reader reaches the agency.
func (s *Service) fact(tx *db.Tx, code, agency string, p Period, now time.Time) (Fact, error) {
	i, found := s.Figures.Get(code)
	if code == "" || !found {
		return Fact{}, nil
	}
	r, err := i.Read(tx, indicator.Scope{Now: now, AgencyID: agency}, p.days())
	return Fact{Known: true, Numerator: r.Numerator, Denominator: r.Denominator}, err
}

// Agencies lists the agencies that a reader may look at on a day, for the choice on a page.
func (s *Service) Agencies(ctx context.Context) (list []org.Agency, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		day := clock.Day(now)
		ids, err := reached(tx, a.Reach(RightView), RightView, day, now.UnixMilli())
		if err != nil {
			return err
		}
		all, err := org.List(tx, day)
		names := make(map[string]org.Agency, len(all))
		for _, o := range all {
			names[o.ID] = o
		}
		list = list[:0]
		for _, id := range ids {
			list = append(list, names[id])
		}
		return err
	})
	return list, err
}

// Home is the agency that a reader's page opens on: the province when it is within reach,
// else the reader's own agency, else the first within reach. "" without any.
func (s *Service) Home(ctx context.Context, list []org.Agency) string {
	own := identity.From(ctx).AgencyID
	home := ""
	for _, o := range list {
		switch {
		case o.Kind == org.Province:
			return o.ID
		case o.ID == own || home == "":
			home = o.ID
		}
	}
	return home
}

// agencyID finds an agency by a code it carries today. Out of reach is told by the method
// that is asked next, in the same words. Refusal: quality.agency_unknown.
func (s *Service) agencyID(ctx context.Context, code string) (id string, err error) {
	err = s.read(ctx, func(tx *db.Tx, _ identity.Actor, now time.Time) error {
		o, found, err := org.FindByCode(tx, code, clock.Day(now))
		if err == nil && !found {
			err = unknownAgency()
		}
		id = o.ID
		return err
	})
	return id, err
}
