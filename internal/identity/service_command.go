package identity

import (
	"context"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// ActorByLogin is the actor of an active account by its login name, for the command
// line: whoever may use the data folder may act as anyone in it.
func (s *Service) ActorByLogin(tx *db.Tx, login string) (a Actor, found bool, err error) {
	acc, found, err := accountByLogin(tx, CleanLogin(login))
	if err != nil || !found {
		return Actor{}, false, err
	}
	return s.ActorOf(tx, acc.ID)
}

// LinkFor makes a one-time link for an account that exists, for the command line.
func (s *Service) LinkFor(ctx context.Context, login string) (link Link, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		acc, found, err := accountByLogin(tx, CleanLogin(login))
		if err != nil {
			return err
		}
		if !found {
			return errs.New(errs.NotFound, "identity.account_not_found")
		}
		if acc.State != Invited && acc.State != Active {
			return errs.New(errs.Conflict, "identity.account_stopped")
		}
		link, err = s.link(tx, audit.System("command:user_reset"), acc)
		return err
	})
	return link, err
}

// AccountByLogin finds an account for the command line, which has no actor to scope by.
func (s *Service) AccountByLogin(tx *db.Tx, login string) (Account, bool, error) {
	return accountByLogin(tx, CleanLogin(login))
}
