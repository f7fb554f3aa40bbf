package identity

import (
	"context"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// pendingFor is how long a right password waits for its second factor.
const pendingFor = 5 * time.Minute

// candidate is an account as sign-in sees it; the zero one is an unknown name.
type candidate struct {
	Account
	credential
	found bool
}

// SignIn checks name, password and, where the account has one, the second factor, and
// makes the request's session theirs; ctx comes from SessionMiddleware. Refusals:
// identity.sign_in_failed for an unknown name, a wrong password and an account that is
// not active alike; identity.code_needed when only the code is missing (SignInCode goes
// on from there); identity.code_wrong; identity.try_later.
func (s *Service) SignIn(ctx context.Context, login, password, code, from string) (Actor, error) {
	login = CleanLogin(login)
	c, err := s.attempt(ctx, login, from, func(tx *db.Tx) (candidate, error) { return candidateByLogin(tx, login) })
	if err != nil {
		return Actor{}, err
	}
	right, err := s.hashes.verify(ctx, c.passwordHash, password)
	if err != nil {
		return Actor{}, err
	}
	result := ""
	switch {
	case !c.found:
		result = ResultUnknown
	case !right:
		result = ResultPassword
	case c.State != Active:
		result = ResultState
	case c.totpSealed != "" && code == "":
		return Actor{}, s.awaitCode(ctx, c)
	}
	if result != "" {
		if err := s.logSignIn(ctx, c, from, result); err != nil {
			return Actor{}, err
		}
		return Actor{}, errs.New(errs.Unauthenticated, "identity.sign_in_failed")
	}
	return s.finishSignIn(ctx, c, code, from)
}

// SignInCode is the second page of a sign-in: the code after the password.
func (s *Service) SignInCode(ctx context.Context, code, from string) (Actor, error) {
	account := s.sessions.GetString(ctx, keyPending)
	if began := s.sessions.GetInt64(ctx, keyBegan); account == "" || s.clock().UnixMilli()-began > pendingFor.Milliseconds() {
		return Actor{}, errs.New(errs.Unauthenticated, "identity.sign_in_again")
	}
	var login string
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		acc, _, err := accountByID(tx, account)
		login = acc.Login
		return err
	})
	if err != nil {
		return Actor{}, err
	}
	c, err := s.attempt(ctx, login, from, func(tx *db.Tx) (candidate, error) { return candidateByLogin(tx, login) })
	if err != nil {
		return Actor{}, err
	}
	if !c.found || c.State != Active {
		return Actor{}, errs.New(errs.Unauthenticated, "identity.sign_in_again")
	}
	return s.finishSignIn(ctx, c, code, from)
}

// DemoSignIn signs in without a password. It works only where app has made sure of the
// demonstration's conditions (Options.Demo); elsewhere it is not there.
func (s *Service) DemoSignIn(ctx context.Context, login, from string) (Actor, error) {
	if !s.opt.Demo {
		return Actor{}, errs.New(errs.NotFound, "identity.demo_off")
	}
	var c candidate
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) { c, err = candidateByLogin(tx, CleanLogin(login)); return err })
	if err != nil {
		return Actor{}, err
	}
	if !c.found || c.State != Active {
		return Actor{}, errs.New(errs.NotFound, "identity.account_not_found")
	}
	if err := s.logSignIn(ctx, c, from, ResultDemo); err != nil {
		return Actor{}, err
	}
	return s.enter(ctx, c.ID, from)
}

// attempt counts one try at a name from an address before anything is compared, and
// reads what stands behind the name.
func (s *Service) attempt(ctx context.Context, login, from string, read func(*db.Tx) (candidate, error)) (c candidate, err error) {
	var blocked time.Duration
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now := s.clock().UnixMilli()
		c, blocked = candidate{}, 0
		until, err := blockedUntil(tx, loginKey(login), addressKey(from))
		if err != nil || until > now {
			blocked = time.Duration(until-now) * time.Millisecond
			return err
		}
		if err := countFailure(tx, loginKey(login), freePerLogin, now); err != nil {
			return err
		}
		if err := countFailure(tx, addressKey(from), freePerAddress, now); err != nil {
			return err
		}
		c, err = read(tx)
		return err
	})
	if err == nil && blocked > 0 {
		err = errs.New(errs.TooMany, "identity.try_later", "minutes", int64(blocked/time.Minute)+1)
	}
	return c, err
}

// awaitCode keeps, under a new token, that the password was right.
func (s *Service) awaitCode(ctx context.Context, c candidate) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Remove(ctx, keyAccount)
	for key, value := range map[string]any{keyPending: c.ID, keyID: db.NewID(), keyBegan: s.clock().UnixMilli(), keyFresh: true} {
		s.sessions.Put(ctx, key, value)
	}
	if err := s.commit(ctx); err != nil {
		return err
	}
	return errs.New(errs.Unauthenticated, "identity.code_needed")
}

// finishSignIn checks the second factor, takes the counted try back, and begins.
func (s *Service) finishSignIn(ctx context.Context, c candidate, code, from string) (Actor, error) {
	right := false
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if right, err = s.secondFactor(tx, c, code); err != nil {
			return err
		}
		if !right {
			return insertSignIn(tx, c.ID, s.clock().UnixMilli(), from, ResultCode)
		}
		if err := s.forgive(tx, c.Login, from); err != nil {
			return err
		}
		return insertSignIn(tx, c.ID, s.clock().UnixMilli(), from, ResultOK)
	})
	if err != nil {
		return Actor{}, err
	}
	if !right {
		return Actor{}, errs.New(errs.Unauthenticated, "identity.code_wrong")
	}
	return s.enter(ctx, c.ID, from)
}

// enter loads the account and begins its session.
func (s *Service) enter(ctx context.Context, account, from string) (a Actor, err error) {
	found := false
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, found, err = s.ActorOf(tx, account)
		return err
	})
	if err != nil {
		return Actor{}, err
	}
	if !found {
		return Actor{}, errs.New(errs.Unauthenticated, "identity.sign_in_failed")
	}
	a.From = from
	if err := s.begin(ctx, a, from); err != nil {
		return Actor{}, err
	}
	a.SessionID = s.sessions.GetString(ctx, keyID)
	return a, nil
}

// forgive takes back what a successful try had counted: all of the name's, one of the
// address's, else an attacker would clear the address by signing in as themselves.
func (s *Service) forgive(tx *db.Tx, login, from string) error {
	if err := clearFailures(tx, loginKey(login)); err != nil {
		return err
	}
	return takeBackFailure(tx, addressKey(from), freePerAddress)
}

func (s *Service) logSignIn(ctx context.Context, c candidate, from, result string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return insertSignIn(tx, c.ID, s.clock().UnixMilli(), from, result) })
}
