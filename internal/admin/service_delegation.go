package admin

import (
	"context"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// Delegations is what a person handed on and received.
type Delegations struct {
	names
	Self string // account id
	Rows []identity.Delegation
	May  bool // the person may hand rights on
}

// Delegations lists the actor's own delegations, newest first.
func (s *Service) Delegations(ctx context.Context) (l Delegations, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		l = Delegations{Self: a.AccountID, May: a.Has(identity.RightDelegate)}
		if l.Rows, err = s.Identity.Delegations(tx, a, a.AccountID); err != nil {
			return err
		}
		l.account, err = people(tx, parties(l.Rows))
		return err
	})
	return l, err
}

func parties(all []identity.Delegation) (ids []string) {
	for _, d := range all {
		ids = append(ids, d.FromAccountID, d.ToAccountID)
	}
	return ids
}

// Handing is what the form of a delegation offers.
type Handing struct {
	names
	Colleagues []identity.Account // at most 50: a search narrows them
	Rights     []string           // that the actor may hand on
}

// Handing reads to whom the actor may delegate, and what.
func (s *Service) Handing(ctx context.Context, search string) (h Handing, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		h = Handing{}
		if h.Colleagues, err = s.Identity.Colleagues(tx, a, search); err != nil {
			return err
		}
		if h.Rights, err = ownRights(tx, a.AccountID, s.Clock().UnixMilli()); err != nil {
			return err
		}
		ids := make([]string, len(h.Colleagues))
		for i, c := range h.Colleagues {
			ids[i] = c.AgencyID
		}
		h.agency, err = agencies(tx, ids)
		return err
	})
	return h, err
}

// DelegationForm is what the form of a delegation says; days as stored, both included.
type DelegationForm struct {
	To          string // account id
	Rights      []string
	From, Until string
	Reason      string
}

// Delegate lets a colleague use the actor's rights for a time.
func (s *Service) Delegate(ctx context.Context, f DelegationForm) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		_, err := s.Identity.Delegate(tx, a, identity.DelegationInput{
			ToAccountID: f.To, Rights: f.Rights, From: dayStart(f.From), To: dayEnd(f.Until), Reason: f.Reason})
		return err
	})
}

// Delegation opens one delegation of an account: the actor's own, or one in reach.
func (s *Service) Delegation(ctx context.Context, account, id string) (d identity.Delegation, n names, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) error {
		if account == "" {
			account = a.AccountID
		}
		all, err := s.Identity.Delegations(tx, a, account)
		if err != nil {
			return err
		}
		for _, d = range all {
			if d.ID == id {
				n.account, err = people(tx, parties([]identity.Delegation{d}))
				return err
			}
		}
		return errs.New(errs.NotFound, "identity.delegation_not_found")
	})
	return d, n, err
}

// EndDelegation ends a delegation early.
func (s *Service) EndDelegation(ctx context.Context, id, reason string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error { return s.Identity.EndDelegation(tx, a, id, reason) })
}
