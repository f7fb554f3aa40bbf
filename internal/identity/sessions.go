package identity

import (
	"context"
	"time"

	"github.com/alexedwards/scs/v2"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// How long a session lives (ASVS 7.3): without a request, and at the very longest.
const (
	IdleTimeout     = 30 * time.Minute
	SessionLifetime = 12 * time.Hour
	touchEvery      = time.Minute // a request a minute writes; the others only read
	replacedGrace   = 10 * time.Second
)

// Keys of a session's values.
const (
	keyAccount  = "account"  // signed in
	keyID       = "id"       // name of the session in the person's list
	keyBegan    = "began_ms" // when the password was checked
	keyMark     = "mark"     // heldMark at the last renewal
	keyPending  = "pending"  // account whose password was right, awaiting the second factor
	keyFresh    = "fresh"    // not stored yet: the only kind that may make a row
	keyReplaced = "replaced" // renewed meanwhile; lives on for requests under way
	keyFrom     = "from"
	keyAgent    = "agent"
)

// newSessions sets up scs: a cookie that scripts cannot read, gone with the browser,
// and rows of ours. Times in rows are of our clock; scs's own are a second limit.
func (s *Service) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Lifetime = SessionLifetime
	m.Store = sessionStore{s}
	m.Cookie.Name = "cchc"
	if s.opt.Secure {
		m.Cookie.Name = "__Host-cchc" // browsers then refuse it from a neighbour domain
	}
	m.Cookie.Secure = s.opt.Secure
	m.Cookie.Persist = false
	return m
}

// sessionStore keeps sessions in identity_session. A row is made only for a session
// marked fresh; any other commit updates, so a revoked session cannot come back
// through a request that was still under way.
type sessionStore struct{ s *Service }

func (st sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	now := st.s.clock()
	var row sessionRow
	err = st.s.db.Read(ctx, func(tx *db.Tx) error {
		row, found, err = sessionByHash(tx, tokenHash(token))
		return err
	})
	if err != nil || !found || row.expired(now) {
		return nil, false, err
	}
	if now.UnixMilli()-row.seenMs >= touchEvery.Milliseconds() && !row.replaced {
		err = st.s.db.Write(ctx, func(tx *db.Tx) error { return touchSession(tx, tokenHash(token), now.UnixMilli()) })
	}
	return row.data, true, err
}

func (st sessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	deadline, values, err := scs.GobCodec{}.Decode(b)
	if err != nil {
		return err
	}
	row := sessionRow{hash: tokenHash(token), seenMs: st.s.clock().UnixMilli()}
	row.id, _ = values[keyID].(string)
	row.account, _ = values[keyAccount].(string)
	row.beganMs, _ = values[keyBegan].(int64)
	row.from, _ = values[keyFrom].(string)
	row.agent, _ = values[keyAgent].(string)
	_, fresh := values[keyFresh]
	delete(values, keyFresh)
	if row.data, err = (scs.GobCodec{}).Encode(deadline, values); err != nil {
		return err
	}
	return st.s.db.Write(ctx, func(tx *db.Tx) error {
		changed, err := updateSession(tx, row)
		if err != nil || changed > 0 || !fresh {
			return err
		}
		return insertSession(tx, row)
	})
}

// DeleteCtx ends a session at once; a renewal (marked in ctx) leaves it ten seconds for
// the requests that the page sent side by side. A renewal of a row that is gone is
// refused: it was revoked.
func (st sessionStore) DeleteCtx(ctx context.Context, token string) error {
	hash := tokenHash(token)
	if ctx.Value(renewing{}) == nil {
		return st.s.db.Write(ctx, func(tx *db.Tx) error { return deleteSession(tx, hash) })
	}
	seenMs := st.s.clock().Add(replacedGrace - IdleTimeout).UnixMilli()
	return st.s.db.Write(ctx, func(tx *db.Tx) error {
		changed, err := replaceSession(tx, hash, db.NewID(), seenMs)
		if err == nil && changed == 0 {
			err = errs.New(errs.Unauthenticated, "identity.session_over")
		}
		return err
	})
}

type renewing struct{}

// Find, Commit and Delete complete scs.Store; scs calls those with a context.
func (st sessionStore) Find(token string) ([]byte, bool, error) {
	return st.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (st sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return st.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is DeleteCtx without a context.
func (st sessionStore) Delete(token string) error {
	return st.DeleteCtx(context.Background(), token)
}

// begin makes the request's session that of an account, under a new token: what an
// attacker planted in the browser before is worth nothing (session fixation).
func (s *Service) begin(ctx context.Context, a Actor, from string) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Remove(ctx, keyPending)
	for key, value := range map[string]any{keyAccount: a.AccountID, keyID: db.NewID(), keyBegan: s.clock().UnixMilli(), keyMark: heldMark(a),
		keyFrom: from, keyAgent: agentOf(ctx), keyFresh: true} {
		s.sessions.Put(ctx, key, value)
	}
	return s.commit(ctx)
}

// renew gives the session a new token when the rights of its account have changed.
func (s *Service) renew(ctx context.Context, a Actor) error {
	if err := s.sessions.RenewToken(context.WithValue(ctx, renewing{}, true)); err != nil {
		return err
	}
	s.sessions.Put(ctx, keyMark, heldMark(a))
	s.sessions.Put(ctx, keyFresh, true)
	return s.commit(ctx)
}

// commit stores the session now; afterwards it can only be updated.
func (s *Service) commit(ctx context.Context) error {
	_, _, err := s.sessions.Commit(ctx)
	s.sessions.Remove(ctx, keyFresh)
	return err
}
