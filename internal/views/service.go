package views

import (
	"context"
	"slices"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// Service is what a person does with their views.
type Service struct {
	DB    *db.DB
	Clock clock.Clock
	Log   *audit.Log
}

func (s *Service) actor(ctx context.Context) (identity.Actor, error) {
	a := identity.From(ctx)
	if !a.SignedIn() {
		return a, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return a, nil
}

// List reads the actor's own views, by name.
func (s *Service) List(ctx context.Context) (list []View, err error) {
	a, err := s.actor(ctx)
	if err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error { list, err = listViews(tx, a.AccountID); return err })
	return list, err
}

// Save keeps a list under a name; the same name again replaces it. Refusals:
// views.name_missing, views.address_unclear, views.too_many.
func (s *Service) Save(ctx context.Context, name, address string) (View, error) {
	a, err := s.actor(ctx)
	if err != nil {
		return View{}, err
	}
	v := View{CreatedMs: s.Clock().UnixMilli()}
	if v.Name, v.Address, err = tidied(name, address); err != nil {
		return v, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := listViews(tx, a.AccountID)
		if err != nil {
			return err
		}
		known := slices.ContainsFunc(all, func(o View) bool { return o.Name == v.Name })
		if len(all) >= mostViews && !known {
			return errs.New(errs.Conflict, "views.too_many", "most", mostViews)
		}
		v.ID = db.NewID()
		if err := putView(tx, a.AccountID, v); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "views.save", Subject: "identity_account:" + a.AccountID, Agency: a.AgencyID, After: map[string]any{"address": v.Address}})
	})
	return v, err
}

// Remove takes one of the actor's own views away. NotFound views.unknown: also another's.
func (s *Service) Remove(ctx context.Context, id string) error {
	a, err := s.actor(ctx)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := removeView(tx, a.AccountID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "views.unknown")
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "views.remove", Subject: "identity_account:" + a.AccountID, Agency: a.AgencyID, Before: map[string]any{"view": id}})
	})
}
