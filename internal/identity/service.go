package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/job"
)

// Service is everything a person or the program can do with accounts and rights.
// Methods that take tx run in the caller's Write; those that take ctx hash a password
// or touch the session and open their own.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	log      *audit.Log
	rights   *Rights
	seal     sealer
	hashes   hasher
	sessions *scs.SessionManager
	cache    *heldCache
	opt      Options
}

// Options are what app decides.
type Options struct {
	Key        []byte                           // 32 bytes from the keys folder: seals second factors
	Secure     bool                             // cookies only over TLS; false for loopback
	Demo       bool                             // sign-in by one click (DemoSignIn); app guards where
	BaseURL    string                           // "https://cchc.example.vn": begins links in mails
	Mail       func(tx *db.Tx, m Message) error // sends a one-time link (package notice); nil: nobody is mailed
	Queue      *job.Queue                       // makes StartReset take the same time for every name
	Address    func(*http.Request) string       // IP of a request behind a proxy; nil: the remote address
	HashMemory uint32                           // KiB of argon2id; 0 = the constant argonMemory; tests take less
}

// Message is a mail that this package wants sent: an invitation or a reset.
type Message struct {
	Key, To, Kind, Subject string
	Args, Secret           map[string]string
}

// New makes the service and registers its jobs on opt.Queue.
func New(d *db.DB, c clock.Clock, log *audit.Log, rights *Rights, opt Options) (*Service, error) {
	seal, err := newSealer(opt.Key)
	if err != nil {
		return nil, err
	}
	s := &Service{db: d, clock: c, log: log, rights: rights, seal: seal, hashes: newHasher(opt.HashMemory), cache: newHeldCache(), opt: opt}
	s.sessions = s.newSessions()
	if opt.Queue != nil {
		s.registerJobs(opt.Queue)
	}
	return s, nil
}

// Sync brings the built-in roles and the rights that rooms declared into the database.
// A right met for the first time goes to its default roles; one met before is left as
// the administrator arranged it.
func (s *Service) Sync(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for i, code := range Roles {
			if err := insertRole(tx, Role{Code: code, SortNo: int64(i + 1), BuiltIn: true}); err != nil {
				return err
			}
		}
		now := s.clock().UnixMilli()
		fresh := false
		for _, r := range s.rights.All() {
			added, err := insertRight(tx, r.Code, now)
			if err != nil {
				return err
			}
			if !added {
				continue
			}
			fresh = true
			for _, role := range r.Roles {
				if err := insertRoleRight(tx, role, r.Code); err != nil {
					return err
				}
			}
		}
		if !fresh {
			return nil
		}
		return bumpRights(tx)
	})
}

// Sweep deletes what has run out: sessions, links, counters. A job does it every hour.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clock()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return sweep(tx, now.Add(-IdleTimeout).UnixMilli(), now.Add(-SessionLifetime).UnixMilli(),
			now.Add(-forgetAfter).UnixMilli(), now.UnixMilli())
	})
}

type sweepJob struct{}

func (sweepJob) Kind() string { return "identity.sweep" }

func (s *Service) registerJobs(q *job.Queue) {
	job.Register(q, func(ctx context.Context, _ *job.Run, _ sweepJob) error { return s.Sweep(ctx) })
	job.Register(q, func(ctx context.Context, _ *job.Run, j resetJob) error { return s.reset(ctx, j) })
	q.Every("identity.sweep", time.Hour, func(time.Time) job.Args { return sweepJob{} })
}

// person refuses visitors, and programs: a token neither makes tokens nor changes how
// its owner signs in.
func person(a Actor) error {
	switch {
	case !a.SignedIn():
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	case a.TokenID != "":
		return errs.New(errs.Forbidden, "identity.person_only")
	}
	return nil
}

// manage finds an account that the actor may change: unknown, or out of reach, is not found.
func (s *Service) manage(tx *db.Tx, a Actor, id, right string) (Account, error) {
	missing := errs.New(errs.NotFound, "identity.account_not_found")
	acc, found, err := accountByID(tx, id)
	if err != nil {
		return acc, err
	}
	if !found {
		// Asked all the same, so that a visitor learns that they are one.
		if err := Require(tx, a, RightView, "", s.clock()); errs.KindOf(err) == errs.Unauthenticated {
			return acc, err
		}
		return acc, missing
	}
	return acc, RequireSeen(tx, a, RightView, right, acc.AgencyID, s.clock(), missing)
}

func (s *Service) record(tx *db.Tx, a Actor, kind, account, agency string, before, after any, reason string) error {
	return s.log.Record(tx, a.Who(), audit.Entry{Kind: kind, Subject: "identity_account:" + account, Agency: agency, Before: before, After: after, Reason: reason})
}
