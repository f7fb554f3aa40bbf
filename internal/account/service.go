package account

import (
	"context"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
)

// Service is what the pages ask; every method of identity checks its own rights.
type Service struct {
	DB       *db.DB
	Clock    clock.Clock
	Identity *identity.Service
}

// Mine is what a person sees of their own account.
type Mine struct {
	Account   identity.Account
	Grants    []identity.Grant
	Sessions  []identity.Session
	Tokens    []identity.Token
	Factor    bool // a second factor is on
	CodesLeft int  // recovery codes not yet used
}

// Mine reads the actor's own account.
func (s *Service) Mine(ctx context.Context) (m Mine, err error) {
	a := identity.From(ctx)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		acc, _, err := s.Identity.AccountByLogin(tx, a.Login)
		if err != nil {
			return err
		}
		m.Account = acc
		if m.Sessions, err = s.Identity.Sessions(tx, a, a.AccountID); err != nil {
			return err
		}
		if m.Tokens, err = s.Identity.ListTokens(tx, a, a.AccountID); err != nil {
			return err
		}
		m.Factor, m.CodesLeft, err = s.Identity.SecondFactor(tx, a)
		return err
	})
	return m, err
}

// LinkOwner says whose one-time link it is while the link works.
func (s *Service) LinkOwner(ctx context.Context, token string) (acc identity.Account, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error { acc, err = s.Identity.CheckLink(tx, token); return err })
	return acc, err
}

// RevokeSession signs one of the actor's browsers out.
func (s *Service) RevokeSession(ctx context.Context, id string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.Identity.RevokeSession(tx, identity.From(ctx), id) })
}

// RevokeToken ends one of the actor's tokens.
func (s *Service) RevokeToken(ctx context.Context, id string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.Identity.RevokeToken(tx, identity.From(ctx), id) })
}

// ConfirmFactor turns the second factor on after a first right code and returns the
// recovery codes, which are shown once.
func (s *Service) ConfirmFactor(ctx context.Context, code string) (codes []string, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		codes, err = s.Identity.ConfirmTOTP(tx, identity.From(ctx), code)
		return err
	})
	return codes, err
}
