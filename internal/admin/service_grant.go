package admin

import (
	"context"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// GrantForm is what the form of a grant says: days as stored, Agency a code or a name.
type GrantForm struct{ Role, Agency, From, To string }

// Grant gives a role over an agency and all below it; no agency is the whole province.
func (s *Service) Grant(ctx context.Context, account string, f GrantForm) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		agency, err := s.agencyNamed(tx, "agency", f.Agency)
		if err != nil {
			return err
		}
		in := identity.GrantInput{AccountID: account, Role: f.Role, AgencyID: agency, From: dayStart(f.From), To: dayEnd(f.To)}
		_, err = s.Identity.Grant(tx, a, in)
		return err
	})
}

// Revoke ends a grant of an account now.
func (s *Service) Revoke(ctx context.Context, account, grant, reason string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		if _, err := s.grantOf(tx, a, account, grant); err != nil {
			return err
		}
		return s.Identity.Revoke(tx, a, grant, reason)
	})
}

// grantOf finds a grant among those of an account in reach.
func (s *Service) grantOf(tx *db.Tx, a identity.Actor, account, grant string) (identity.Grant, error) {
	all, err := s.Identity.Grants(tx, a, account)
	for _, g := range all {
		if g.ID == grant {
			return g, nil
		}
	}
	if err == nil {
		err = errs.New(errs.NotFound, "identity.grant_not_found")
	}
	return identity.Grant{}, err
}

// RoleTable is the roles with every right of the program.
type RoleTable struct {
	Roles  []identity.Role
	Rights []string // by code
	Edit   bool     // the reader may change roles
}

// Roles reads the roles and the rights that they may hold.
func (s *Service) Roles(ctx context.Context) (t RoleTable, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		t = RoleTable{Edit: a.Has(identity.RightRoles)}
		if t.Roles, err = s.Identity.Roles(tx); err != nil {
			return err
		}
		t.Rights, err = allRights(tx)
		return err
	})
	return t, err
}

// Role finds one role of the table.
func (t RoleTable) Role(code string) (identity.Role, error) {
	for _, r := range t.Roles {
		if r.Code == code {
			return r, nil
		}
	}
	return identity.Role{}, errs.New(errs.NotFound, "identity.role_unknown")
}

// SetRole makes a role (version 0), or changes what one may do.
func (s *Service) SetRole(ctx context.Context, r identity.Role, version int64) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error { return s.Identity.SetRole(tx, a, r, version) })
}
