package admin

import (
	"context"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// AccountQuery narrows the list of accounts; Agency is typed by code or name.
type AccountQuery struct{ Search, State, Agency, After string }

// AccountList is one page of accounts.
type AccountList struct {
	names
	Query AccountQuery
	Rows  []identity.Account
	Total int    // exact to 1,000
	Next  string // "" on the last page
}

// Accounts lists the accounts in reach. An agency that is not found is a fault of the
// field "agency", beside an empty list.
func (s *Service) Accounts(ctx context.Context, q AccountQuery) (l AccountList, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) error {
		l = AccountList{Query: q}
		agency, err := s.agencyNamed(tx, "agency", q.Agency)
		if err != nil {
			return err
		}
		f := identity.AccountFilter{Search: q.Search, State: identity.State(q.State), AgencyID: agency, After: q.After, Limit: pageSize + 1}
		if l.Rows, l.Total, err = s.Identity.ListAccounts(tx, a, f); err != nil {
			return err
		}
		if len(l.Rows) > pageSize {
			l.Rows = l.Rows[:pageSize]
			l.Next = l.Rows[pageSize-1].After()
		}
		ids := make([]string, len(l.Rows))
		for i, x := range l.Rows {
			ids[i] = x.AgencyID
		}
		l.agency, err = agencies(tx, ids)
		return err
	})
	return l, err
}

// AccountPage is all that an administrator sees of one account.
type AccountPage struct {
	names
	identity.Account
	Grants      []identity.Grant
	Roles       []identity.Role
	Sessions    []identity.Session
	SignIns     []identity.SignInRow // the newest
	Delegations []identity.Delegation
	Factor      bool // signs in with a second factor
	Manage      bool // the reader may change it
	Self        bool // the reader's own
	now         time.Time
}

const signInsShown = 8

// Account opens one account in reach.
func (s *Service) Account(ctx context.Context, id string) (p AccountPage, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		p = AccountPage{Self: id == a.AccountID, now: s.Clock()}
		if p.Account, err = s.Identity.Account(tx, a, id); err != nil {
			return err
		}
		switch err := identity.Require(tx, a, identity.RightManage, p.AgencyID, s.Clock()); errs.KindOf(err) {
		case errs.Forbidden:
		default:
			if err != nil {
				return err
			}
			p.Manage = true
		}
		if p.Grants, err = s.Identity.Grants(tx, a, id); err != nil {
			return err
		}
		if p.Roles, err = s.Identity.Roles(tx); err != nil {
			return err
		}
		if p.Sessions, err = s.Identity.Sessions(tx, a, id); err != nil {
			return err
		}
		if p.SignIns, err = s.Identity.ListSignIns(tx, a, id, "", signInsShown); err != nil {
			return err
		}
		if p.Delegations, err = s.Identity.Delegations(tx, a, id); err != nil {
			return err
		}
		if p.Factor, err = hasSecondFactor(tx, id); err != nil {
			return err
		}
		return p.name(tx)
	})
	return p, err
}

// name reads the names of the agencies and people that the page refers to.
func (p *AccountPage) name(tx *db.Tx) (err error) {
	places, who := []string{p.AgencyID}, []string{}
	for _, g := range p.Grants {
		places, who = append(places, g.AgencyID), append(who, g.GrantedBy)
	}
	for _, d := range p.Delegations {
		who = append(who, d.FromAccountID, d.ToAccountID)
	}
	if p.agency, err = agencies(tx, places); err != nil {
		return err
	}
	p.account, err = people(tx, who)
	return err
}

// AccountForm is what the form of an account says; Agency is a code or a name.
type AccountForm struct{ Login, Name, Email, Phone, Agency, Lang string }

func (f AccountForm) input(agency, post string) identity.AccountInput {
	return identity.AccountInput{Login: f.Login, Name: f.Name, Email: f.Email, Phone: f.Phone, Lang: f.Lang, AgencyID: agency, PostID: post}
}

// CreateAccount makes an account in the state invited.
func (s *Service) CreateAccount(ctx context.Context, f AccountForm) (acc identity.Account, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		agency, err := s.agencyNamed(tx, "agency", f.Agency)
		if err != nil {
			return err
		}
		acc, err = s.Identity.CreateAccount(tx, a, f.input(agency, ""))
		return err
	})
	return acc, err
}

// UpdateAccount changes an account. Who moves to another agency leaves the post behind.
func (s *Service) UpdateAccount(ctx context.Context, id string, version int64, f AccountForm) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		old, err := s.Identity.Account(tx, a, id)
		if err != nil {
			return err
		}
		agency, err := s.agencyNamed(tx, "agency", f.Agency)
		if err != nil {
			return err
		}
		post := ""
		if agency == old.AgencyID {
			post = old.PostID
		}
		_, err = s.Identity.UpdateAccount(tx, a, id, version, f.input(agency, post))
		return err
	})
}

// MoveAccount locks, unlocks, disables or enables an account.
func (s *Service) MoveAccount(ctx context.Context, id string, version int64, move, reason string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		return s.Identity.ChangeState(tx, a, id, version, move, reason)
	})
}

// LinkFor makes a one-time link for an account: the slip that is handed over. Links
// made before stop working.
func (s *Service) LinkFor(ctx context.Context, id string) (link identity.Link, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		link, err = s.Identity.Invite(tx, a, id)
		return err
	})
	return link, err
}

// ResetFactor switches off the second factor of somebody who lost the phone and the
// codes. One's own is changed on one's own page, which asks for the password.
func (s *Service) ResetFactor(ctx context.Context, id, reason string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		if id == a.AccountID {
			return errs.New(errs.Conflict, "admin.own_factor")
		}
		return s.Identity.ResetTOTP(tx, a, id, reason)
	})
}

// EndSessions signs an account out everywhere.
func (s *Service) EndSessions(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error { return s.Identity.RevokeSessions(tx, a, id) })
}

// SignIns is a page of the sign-in log of one account.
type SignIns struct {
	Account identity.Account
	Rows    []identity.SignInRow
	Next    string
}

// SignIns lists an account's sign-ins, newest first.
func (s *Service) SignIns(ctx context.Context, id, before string) (l SignIns, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		l = SignIns{}
		if l.Account, err = s.Identity.Account(tx, a, id); err != nil {
			return err
		}
		if l.Rows, err = s.Identity.ListSignIns(tx, a, id, before, pageSize+1); err != nil {
			return err
		}
		if len(l.Rows) > pageSize {
			l.Rows = l.Rows[:pageSize]
			l.Next = l.Rows[pageSize-1].ID
		}
		return nil
	})
	return l, err
}
