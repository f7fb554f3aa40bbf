package identity

import (
	"slices"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// Grant gives a role over an agency and below. The giver holds identity.manage over
// that agency and the account, gives nothing to themselves, and gives no right over
// accounts that they do not hold there: else a manager of one agency could make
// themselves, by way of a friend, the administrator of the province.
func (s *Service) Grant(tx *db.Tx, a Actor, in GrantInput) (Grant, error) {
	acc, err := s.manage(tx, a, in.AccountID, RightManage)
	if err != nil {
		return Grant{}, err
	}
	if in.AccountID == a.AccountID {
		return Grant{}, errs.New(errs.Conflict, "identity.not_on_oneself")
	}
	role, found, err := roleByCode(tx, in.Role)
	if err != nil || !found {
		return Grant{}, errOr(err, errs.OnField("role", "identity.role_unknown"))
	}
	needs := []string{RightManage}
	for _, r := range role.Rights {
		if strings.HasPrefix(r, "identity.") && !slices.Contains(needs, r) && r != RightDelegate {
			needs = append(needs, r)
		}
	}
	for _, r := range needs {
		if err := s.coverGrant(tx, a, r, in.AgencyID); err != nil {
			return Grant{}, err
		}
	}
	return s.grant(tx, a, acc, in)
}

// coverGrant asks that the giver's own reach covers what is given.
func (s *Service) coverGrant(tx *db.Tx, a Actor, right, agency string) error {
	now := s.clock()
	if err := Require(tx, a, right, agency, now); err != nil {
		if errs.KindOf(err) == errs.Forbidden && right != RightManage {
			return errs.New(errs.Forbidden, "identity.grant_exceeds", "right", right)
		}
		return err
	}
	if agency != "" {
		return nil
	}
	everywhere, err := holdsEverywhere(tx, a.AccountID, right, now.UnixMilli())
	if err == nil && !everywhere {
		err = errs.New(errs.Forbidden, "identity.grant_exceeds", "right", right)
	}
	return err
}

func (s *Service) grant(tx *db.Tx, a Actor, acc Account, in GrantInput) (Grant, error) {
	now := s.clock()
	fromMs, toMs, err := span(in.From, in.To, now)
	if err != nil {
		return Grant{}, err
	}
	g := Grant{ID: db.NewID(), AccountID: acc.ID, Role: in.Role, AgencyID: in.AgencyID, From: time.UnixMilli(fromMs).UTC(), To: time.UnixMilli(toMs).UTC(), GrantedBy: a.AccountID, Version: 1}
	if err := insertGrant(tx, g, now.UnixMilli()); err != nil {
		return Grant{}, err
	}
	if err := bumpRights(tx); err != nil {
		return Grant{}, err
	}
	return g, s.record(tx, a, "identity.grant", acc.ID, acc.AgencyID, nil, g, "")
}

// Revoke ends a grant now.
func (s *Service) Revoke(tx *db.Tx, a Actor, grantID, reason string) error {
	g, found, err := grantByID(tx, grantID)
	if err != nil || !found {
		return errOr(err, errs.New(errs.NotFound, "identity.grant_not_found"))
	}
	acc, err := s.manage(tx, a, g.AccountID, RightManage)
	if errs.KindOf(err) == errs.NotFound {
		return errs.New(errs.NotFound, "identity.grant_not_found")
	}
	if err != nil {
		return err
	}
	if err := Require(tx, a, RightManage, g.AgencyID, s.clock()); err != nil {
		return err
	}
	changed, err := endGrant(tx, grantID, s.clock().UnixMilli())
	if err != nil {
		return err
	}
	if changed == 0 {
		return errs.New(errs.Conflict, "identity.grant_ended")
	}
	if err := s.keepOneAdministrator(tx); err != nil {
		return err
	}
	if err := bumpRights(tx); err != nil {
		return err
	}
	return s.record(tx, a, "identity.revoke", acc.ID, acc.AgencyID, g, nil, text.Clean(reason))
}

// Grants lists an account's grants, those in force first, for itself and for whoever may see it.
func (s *Service) Grants(tx *db.Tx, a Actor, accountID string) ([]Grant, error) {
	if !a.SignedIn() || a.AccountID != accountID {
		if _, err := s.manage(tx, a, accountID, RightView); err != nil {
			return nil, err
		}
	}
	return grantsOf(tx, accountID)
}

// Roles lists the roles with their rights.
func (s *Service) Roles(tx *db.Tx) ([]Role, error) { return listRoles(tx) }

// SetRole makes a role, or changes the rights of one (version 0 makes). The name of a
// built-in role is the program's. Only the province's administrators do this.
func (s *Service) SetRole(tx *db.Tx, a Actor, r Role, version int64) error {
	if err := Require(tx, a, RightRoles, "", s.clock()); err != nil {
		return err
	}
	r.Name = text.Clean(r.Name)
	for _, right := range r.Rights {
		if !s.rights.Has(right) {
			return errs.OnField("rights", "identity.right_unknown", "right", right)
		}
	}
	before, found, err := roleByCode(tx, r.Code)
	if err != nil {
		return err
	}
	var old any
	switch {
	case version == 0 && found:
		return errs.OnField("code", "identity.role_taken")
	case version == 0 && (r.Name == "" || !goodLogin(r.Code)):
		return errs.OnField("code", "identity.role_bad")
	case version == 0:
		err = insertRole(tx, Role{Code: r.Code, Name: r.Name, SortNo: 100})
	case !found:
		return errs.New(errs.NotFound, "identity.role_unknown")
	default:
		old = before
		if before.BuiltIn {
			r.Name = ""
		}
		err = s.saved(updateRole(tx, r.Code, r.Name, version))
	}
	if err != nil {
		return err
	}
	if err := replaceRoleRights(tx, r.Code, r.Rights); err != nil {
		return err
	}
	if err := s.keepOneAdministrator(tx); err != nil {
		return err
	}
	if err := bumpRights(tx); err != nil {
		return err
	}
	return s.recordRole(tx, a, r, old)
}
