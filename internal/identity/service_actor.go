package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"cchc/internal/db"
)

// actor loads who an active account is and what it holds; found is false for one that
// is not there or not active. One query while its rights have not changed, else two.
func (s *Service) actor(tx *db.Tx, account string, now time.Time) (a Actor, st standing, found bool, err error) {
	st, found, err = standingOf(tx, account)
	if err != nil || !found || st.state != Active {
		return Actor{}, st, false, err
	}
	nowMs := now.UnixMilli()
	held, fresh := s.cache.get(account, st.rightsVersion, nowMs)
	if !fresh {
		spans, err := heldSpans(tx, account, nowMs)
		if err != nil {
			return Actor{}, st, false, err
		}
		e := heldAt(spans, st.rightsVersion, nowMs)
		held = e.held
		s.cache.put(account, e)
	}
	a = Actor{AccountID: st.id, Login: st.login, Name: st.name, AgencyID: st.agencyID, AgencyName: st.agencyName, Lang: st.lang,
		MustChange: st.mustChange, held: held, acting: new(atomic.Pointer[string])}
	if st.mustChange {
		a.held = nil
	}
	return a, st, true, nil
}

// ActorOf is the actor of an active account, for jobs that work in a person's name and
// for tests; found is false for an account that is not active.
func (s *Service) ActorOf(tx *db.Tx, account string) (a Actor, found bool, err error) {
	a, _, found, err = s.actor(tx, account, s.clock())
	return a, found, err
}

// heldMark sums up the rights of an actor: a session whose mark differs is renewed.
func heldMark(a Actor) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(maps.Keys(a.held)), " ")))
	return hex.EncodeToString(sum[:8])
}
