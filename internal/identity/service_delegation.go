package identity

import (
	"slices"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// Delegate lets another account act for this one in named rights for a time. Only
// rights held oneself, by grant; never a right over accounts; only to somebody of an
// agency where one holds identity.delegate. The audit log then names both.
func (s *Service) Delegate(tx *db.Tx, a Actor, in DelegationInput) (Delegation, error) {
	if err := person(a); err != nil {
		return Delegation{}, err
	}
	now := s.clock()
	in, err := in.clean(a.AccountID, now)
	if err != nil {
		return Delegation{}, err
	}
	missing := errs.OnField("to_account", "identity.account_not_found")
	to, found, err := accountByID(tx, in.ToAccountID)
	if err != nil || !found || to.State != Active {
		return Delegation{}, errOr(err, missing)
	}
	if err := Require(tx, a, RightDelegate, to.AgencyID, now); err != nil {
		held, heldErr := holdsOwn(tx, a.AccountID, RightDelegate, now.UnixMilli())
		if heldErr == nil && held {
			return Delegation{}, missing // may delegate, but not to there
		}
		return Delegation{}, err
	}
	for _, r := range in.Rights {
		held, err := holdsOwn(tx, a.AccountID, r, now.UnixMilli())
		if err != nil {
			return Delegation{}, err
		}
		if !held || strings.HasPrefix(r, "identity.") {
			return Delegation{}, errs.OnField("rights", "identity.right_not_delegable", "right", r)
		}
	}
	slices.Sort(in.Rights)
	d := Delegation{ID: db.NewID(), FromAccountID: a.AccountID, ToAccountID: in.ToAccountID, Rights: slices.Compact(in.Rights), From: in.From.Truncate(time.Millisecond),
		To: in.To.Truncate(time.Millisecond), Reason: in.Reason, Version: 1}
	if err := insertDelegation(tx, d, now.UnixMilli()); err != nil {
		return d, err
	}
	if err := bumpRights(tx); err != nil {
		return d, err
	}
	return d, s.record(tx, a, "identity.delegate", to.ID, to.AgencyID, nil, d, d.Reason)
}

// EndDelegation ends one early: whoever gave it, whoever received it, or a manager of the giver.
func (s *Service) EndDelegation(tx *db.Tx, a Actor, id, reason string) error {
	if err := person(a); err != nil {
		return err
	}
	missing := errs.New(errs.NotFound, "identity.delegation_not_found")
	d, found, err := delegationByID(tx, id)
	if err != nil || !found {
		return errOr(err, missing)
	}
	if a.AccountID != d.FromAccountID && a.AccountID != d.ToAccountID {
		if _, err := s.manage(tx, a, d.FromAccountID, RightManage); err != nil {
			if errs.KindOf(err) == errs.NotFound {
				return missing
			}
			return err
		}
	}
	changed, err := endDelegation(tx, id, s.clock().UnixMilli())
	if err != nil {
		return err
	}
	if changed == 0 {
		return errs.New(errs.Conflict, "identity.delegation_ended")
	}
	if err := bumpRights(tx); err != nil {
		return err
	}
	return s.record(tx, a, "identity.delegation_end", d.ToAccountID, "", d, nil, text.Clean(reason))
}

// Delegations lists what an account gave and received, newest first, for itself and
// for whoever may see it.
func (s *Service) Delegations(tx *db.Tx, a Actor, accountID string) ([]Delegation, error) {
	if !a.SignedIn() || a.AccountID != accountID {
		if _, err := s.manage(tx, a, accountID, RightView); err != nil {
			return nil, err
		}
	}
	return delegationsOf(tx, accountID)
}

// Colleagues lists the active accounts to whom the actor may delegate.
func (s *Service) Colleagues(tx *db.Tx, a Actor, search string) ([]Account, error) {
	if err := person(a); err != nil {
		return nil, err
	}
	list, _, err := listAccounts(tx, a.Reach(RightDelegate), RightDelegate, s.clock().UnixMilli(), AccountFilter{Search: text.Fold(search), State: Active, Limit: 50})
	return slices.DeleteFunc(list, func(x Account) bool { return x.ID == a.AccountID }), err
}

func (s *Service) recordRole(tx *db.Tx, a Actor, r Role, before any) error {
	return s.log.Record(tx, a.Who(), audit.Entry{Kind: "identity.role_set", Subject: "identity_role:" + r.Code, Before: before, After: r})
}
