package identity

import (
	"context"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// Sessions lists where an account is signed in, for itself and for whoever may see it.
func (s *Service) Sessions(tx *db.Tx, a Actor, accountID string) ([]Session, error) {
	if !a.SignedIn() || a.AccountID != accountID {
		if _, err := s.manage(tx, a, accountID, RightView); err != nil {
			return nil, err
		}
	}
	now := s.clock()
	return sessionsOf(tx, accountID, now.Add(-IdleTimeout).UnixMilli(), now.Add(-SessionLifetime).UnixMilli())
}

// RevokeSession signs one place out, before its next request: one's own, or that of an
// account one manages.
func (s *Service) RevokeSession(tx *db.Tx, a Actor, id string) error {
	if err := person(a); err != nil {
		return err
	}
	missing := errs.New(errs.NotFound, "identity.session_not_found")
	x, found, err := sessionByID(tx, id)
	if err != nil || !found {
		return errOr(err, missing)
	}
	agency := a.AgencyID
	if x.AccountID != a.AccountID {
		acc, err := s.manage(tx, a, x.AccountID, RightManage)
		if errs.KindOf(err) == errs.NotFound {
			return missing
		}
		if err != nil {
			return err
		}
		agency = acc.AgencyID
	}
	if err := deleteSessionByID(tx, id, x.AccountID); err != nil {
		return err
	}
	return s.record(tx, a, "identity.session_revoke", x.AccountID, agency, nil, map[string]string{"from": x.From}, "")
}

// RevokeSessions signs an account out everywhere but in the actor's own session.
func (s *Service) RevokeSessions(tx *db.Tx, a Actor, accountID string) error {
	if err := person(a); err != nil {
		return err
	}
	agency := a.AgencyID
	if a.AccountID != accountID {
		acc, err := s.manage(tx, a, accountID, RightManage)
		if err != nil {
			return err
		}
		agency = acc.AgencyID
		if err := s.signOutEverywhere(tx, accountID, ""); err != nil {
			return err
		}
	} else if err := deleteSessionsOf(tx, accountID, a.SessionID); err != nil {
		return err
	}
	return s.record(tx, a, "identity.session_revoke", accountID, agency, nil, map[string]string{"from": "*"}, "")
}

// signOutEverywhere deletes the sessions but one, and without exception also disowns
// whatever was signed in until now, in case a request under way stores its session again.
func (s *Service) signOutEverywhere(tx *db.Tx, account, keep string) error {
	if err := deleteSessionsOf(tx, account, keep); err != nil || keep != "" {
		return err
	}
	return setSessionsFrom(tx, account, s.clock().UnixMilli())
}

// SignIn results kept in the log; ListSignIns shows them by the key identity.result.<code>.
const (
	ResultOK       = "ok"
	ResultPassword = "password" // wrong password
	ResultCode     = "code"     // wrong second factor
	ResultUnknown  = "unknown"  // no such account
	ResultState    = "state"    // right password, account not active
	ResultDemo     = "demo"     // one click of the demonstration
)

// SignInRow is one line of the sign-in log (nhật ký đăng nhập).
type SignInRow struct {
	ID, AccountID, Login, Name, From, Result string
	At                                       time.Time
}

// ListSignIns lists sign-ins newest first, before the row with id before ("" = from the
// newest): of one account, or with accountID "" of all in reach. Attempts at unknown
// names belong to the province-wide reach.
func (s *Service) ListSignIns(tx *db.Tx, a Actor, accountID, before string, limit int) ([]SignInRow, error) {
	if !a.SignedIn() {
		return nil, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	if accountID == a.AccountID {
		return signInsOf(tx, accountID, before, bounded(limit))
	}
	if accountID != "" {
		if _, err := s.manage(tx, a, accountID, RightView); err != nil {
			return nil, err
		}
		return signInsOf(tx, accountID, before, bounded(limit))
	}
	return signInsInReach(tx, a.Reach(RightView), s.clock().UnixMilli(), before, bounded(limit))
}

// SignOut ends the session of the request.
func (s *Service) SignOut(ctx context.Context) error { return s.sessions.Destroy(ctx) }
