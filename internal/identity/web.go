package identity

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// SessionMiddleware puts the actor of every request into its context (From): a browser
// by its cookie, a program under /api/ by "Authorization: Bearer". A request with a
// bearer token is that program's alone: its cookies are not looked at, so the two never
// mix. Nobody is refused here but a bad token: routes say what right they need.
func (s *Service) SessionMiddleware(next http.Handler) http.Handler {
	browser := s.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := s.ofSession(r.Context(), s.addressOf(r))
		if err != nil {
			slog.ErrorContext(r.Context(), "identity: session", "error", err)
			http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r.WithContext(With(r.Context(), a)))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if bearer, ok := bearerOf(r); ok {
			a, err := s.ofToken(r.Context(), bearer, s.addressOf(r))
			if err != nil {
				refuseToken(w, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(With(r.Context(), a)))
			return
		}
		browser.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), agentKey{}, r.UserAgent())))
	})
}

// ofSession is the actor of the request's session; a visitor when it has none, has run
// out, was revoked, or its account is no longer active.
func (s *Service) ofSession(ctx context.Context, from string) (Actor, error) {
	visitor := Actor{From: from}
	account := s.sessions.GetString(ctx, keyAccount)
	if account == "" {
		return visitor, nil
	}
	var a Actor
	var st standing
	found := false
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		a, st, found, err = s.actor(tx, account, s.clock())
		return err
	})
	if err != nil {
		return visitor, err
	}
	if !found || s.sessions.GetInt64(ctx, keyBegan) < st.sessionsFromMs {
		return visitor, s.sessions.Destroy(ctx)
	}
	a.From, a.SessionID = from, s.sessions.GetString(ctx, keyID)
	if s.sessions.GetString(ctx, keyMark) != heldMark(a) {
		switch err := s.renew(ctx, a); {
		case errs.KindOf(err) == errs.Unauthenticated: // replaced by a request side by side, or revoked
			if !s.justReplaced(ctx) {
				return visitor, nil
			}
		case err != nil:
			return visitor, err
		}
	}
	return a, nil
}

// justReplaced says whether the request's token was renewed a moment ago by another
// request of the same page: it then goes on with the rights as they now are.
func (s *Service) justReplaced(ctx context.Context) bool {
	found := false
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		row, ok, err := sessionByHash(tx, tokenHash(s.sessions.Token(ctx)))
		found = ok && row.replaced && !row.expired(s.clock())
		return err
	})
	return err == nil && found
}

func (s *Service) ofToken(ctx context.Context, bearer, from string) (a Actor, err error) {
	now := s.clock()
	stale := false
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if a, err = s.Authenticate(tx, bearer, now); err != nil {
			return err
		}
		t, _, err := tokenByID(tx, a.TokenID)
		stale = now.Sub(t.LastUsed) >= time.Hour
		return err
	})
	if err != nil {
		return Actor{}, err
	}
	if stale {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			return touchToken(tx, a.TokenID, now.UnixMilli(), now.Add(-time.Hour).UnixMilli())
		})
	}
	a.From = from
	return a, err
}

// bearerOf finds a token in the header; only the API takes one.
func bearerOf(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(r.URL.Path, "/api/") {
		return "", false
	}
	return strings.TrimSpace(token), true
}

// refuseToken answers in the API's form of a refusal (RFC 9457).
func refuseToken(w http.ResponseWriter, err error) {
	status, code := http.StatusUnauthorized, errs.CodeOf(err)
	if code == "" {
		slog.Error("identity: token", "error", err)
		status, code = http.StatusServiceUnavailable, "identity.busy"
	} else {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "code": code})
}

func (s *Service) addressOf(r *http.Request) string {
	if s.opt.Address != nil {
		return s.opt.Address(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

type agentKey struct{}

// agentOf is the browser's name for itself, shortened: shown in the person's list of sessions.
func agentOf(ctx context.Context) string {
	agent, _ := ctx.Value(agentKey{}).(string)
	return strings.ToValidUTF8(agent[:min(len(agent), 200)], "")
}
