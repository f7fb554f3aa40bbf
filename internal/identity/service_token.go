package identity

import (
	"slices"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// How long a token for programs lives unless asked otherwise, and at most.
const (
	tokenLife    = 24 * time.Hour
	tokenLongest = 366 * 24 * time.Hour
	tokenPrefix  = "cchc_" // so that scanners of leaked secrets recognise one
)

// Token lets a program act as an account (mã truy cập), within its scopes and never
// beyond what the account may.
type Token struct {
	ID, AccountID, Name string
	Scopes              []string // rights; none = only those that look (Reads)
	Created, Expires    time.Time
	Revoked, LastUsed   time.Time // zero when not
}

// TokenInput is what a form says. Zero Expires is a day from now.
type TokenInput struct {
	AccountID, Name string
	Scopes          []string
	Expires         time.Time
}

// IssueToken makes a token for oneself, or for an account one manages (which is told by
// mail); its text is returned once and kept only as a hash.
func (s *Service) IssueToken(tx *db.Tx, a Actor, in TokenInput) (plain string, t Token, err error) {
	if err := person(a); err != nil {
		return "", t, err
	}
	agency := a.AgencyID
	if in.AccountID != a.AccountID {
		acc, err := s.manage(tx, a, in.AccountID, RightManage)
		if err != nil {
			return "", t, err
		}
		agency = acc.AgencyID
	}
	now := s.clock()
	if in.Name = text.Clean(in.Name); in.Name == "" {
		return "", t, errs.OnField("name", "identity.name_missing")
	}
	if in.Expires.IsZero() {
		in.Expires = now.Add(tokenLife)
	}
	if !in.Expires.After(now) || in.Expires.Sub(now) > tokenLongest {
		return "", t, errs.OnField("expires", "identity.token_dates")
	}
	for _, r := range in.Scopes {
		if !s.rights.Has(r) {
			return "", t, errs.OnField("scopes", "identity.right_unknown", "right", r)
		}
	}
	plain = tokenPrefix + newToken()
	t = Token{ID: db.NewID(), AccountID: in.AccountID, Name: in.Name, Scopes: in.Scopes, Created: now, Expires: in.Expires.Truncate(time.Millisecond)}
	if err := insertToken(tx, t, tokenHash(plain)); err != nil {
		return "", t, err
	}
	if in.AccountID != a.AccountID && s.opt.Mail != nil {
		m := Message{Key: "identity.token_made:" + t.ID, To: t.AccountID, Kind: "identity.token_made", Subject: "identity_token:" + t.ID, Args: map[string]string{"name": a.Name, "token": t.Name}}
		if err := s.opt.Mail(tx, m); err != nil {
			return "", t, err
		}
	}
	return plain, t, s.record(tx, a, "identity.token_issue", in.AccountID, agency, nil, t, "")
}

// RevokeToken ends a token before its next request.
func (s *Service) RevokeToken(tx *db.Tx, a Actor, id string) error {
	if err := person(a); err != nil {
		return err
	}
	missing := errs.New(errs.NotFound, "identity.token_not_found")
	t, found, err := tokenByID(tx, id)
	if err != nil || !found {
		return errOr(err, missing)
	}
	agency := a.AgencyID
	if t.AccountID != a.AccountID {
		acc, err := s.manage(tx, a, t.AccountID, RightManage)
		if errs.KindOf(err) == errs.NotFound {
			return missing
		}
		if err != nil {
			return err
		}
		agency = acc.AgencyID
	}
	changed, err := endToken(tx, id, s.clock().UnixMilli())
	if err != nil {
		return err
	}
	if changed == 0 {
		return errs.New(errs.Conflict, "identity.token_ended")
	}
	return s.record(tx, a, "identity.token_revoke", t.AccountID, agency, t, nil, "")
}

// ListTokens lists an account's tokens, newest first.
func (s *Service) ListTokens(tx *db.Tx, a Actor, accountID string) ([]Token, error) {
	if !a.SignedIn() || a.AccountID != accountID {
		if _, err := s.manage(tx, a, accountID, RightView); err != nil {
			return nil, err
		}
	}
	return tokensOf(tx, accountID)
}

// Authenticate turns a bearer token into its actor. One refusal, identity.token_bad, for
// unknown, run out, revoked, and an account that is not active.
func (s *Service) Authenticate(tx *db.Tx, bearer string, now time.Time) (Actor, error) {
	bad := errs.New(errs.Unauthenticated, "identity.token_bad")
	if !strings.HasPrefix(bearer, tokenPrefix) || len(bearer) > 100 {
		return Actor{}, bad
	}
	t, found, err := tokenByHash(tx, tokenHash(bearer))
	if err != nil {
		return Actor{}, err
	}
	if !found || !t.Revoked.IsZero() || !t.Expires.After(now) {
		return Actor{}, bad
	}
	a, _, found, err := s.actor(tx, t.AccountID, now)
	if err != nil || !found {
		return Actor{}, errOr(err, bad)
	}
	a.TokenID, a.scopes, a.reading = t.ID, slices.Clone(t.Scopes), len(t.Scopes) == 0
	return a, nil
}
