package identity

import (
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// Require refuses unless the actor holds the right over that agency at that moment;
// agencyID "" asks for the right over province-wide records. Refusals:
// identity.sign_in_first, identity.password_change_first, identity.token_scope and
// identity.right_missing. It also notes for whom the right is held, for Who.
func Require(tx *db.Tx, a Actor, right, agencyID string, now time.Time) error {
	switch {
	case !a.SignedIn():
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	case a.MustChange:
		return errs.New(errs.Forbidden, "identity.password_change_first")
	case !a.within(right):
		return errs.New(errs.Forbidden, "identity.token_scope", "right", right)
	}
	forAccount, found, err := reaches(tx, a.AccountID, right, agencyID, now)
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.Forbidden, "identity.right_missing", "right", right)
	}
	if a.acting != nil {
		a.acting.Store(&forAccount)
	}
	return nil
}

// RequireSeen is Require for a record that must first be visible: who may not see it
// gets missing (a NotFound of the room, so that a guessed id tells nothing), who may
// see but not do gets Forbidden.
func RequireSeen(tx *db.Tx, a Actor, see, do, agencyID string, now time.Time, missing *errs.Error) error {
	switch err := Require(tx, a, see, agencyID, now); errs.KindOf(err) {
	case errs.Forbidden:
		return missing
	default:
		if err != nil || see == do {
			return err
		}
	}
	return Require(tx, a, do, agencyID, now)
}
