package urge

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/notice"
)

// Messenger tells a person something in the same transaction; notice.Service is one.
type Messenger interface {
	Send(tx *db.Tx, n notice.Notice) error
}

// Work is what a room lets be urged; app wires it.
type Work interface {
	// Kind names what it is: "plan_assignment".
	Kind() string
	// Open lists what is owed and not handed in, by (agency, due, id), after a key.
	Open(tx *db.Tx, after Key, limit int) ([]Item, error)
	// Done says which of these are done or cancelled.
	Done(tx *db.Tx, ids []string) (map[string]bool, error)
}

// Linker makes the path with which a person can report once on something without signing
// in; "" when this person cannot.
type Linker interface {
	Link(tx *db.Tx, account, kind, id string) (path string, err error)
}

// Service urges. Works is everything that can be urged; app fills it.
type Service struct {
	DB    *db.DB
	Clock clock.Clock
	Log   *audit.Log
	Tell  Messenger
	Works []Work
	// Links makes links for reporting from a mail; nil: mails carry none. BaseURL begins them.
	Links   Linker
	BaseURL string
	// Province finds the agency whose calendar counts the working days.
	Province func(tx *db.Tx, day string) (string, error)
}

func (s *Service) work(kind string) Work {
	for _, w := range s.Works {
		if w.Kind() == kind {
			return w
		}
	}
	return nil
}

// Sent lists what was sent about agencies within the reader's reach, newest first.
// level -1 is every level; after is the key (day, id) of the last line of the page before.
func (s *Service) Sent(ctx context.Context, level int, after []string, limit int) (list []Sent, err error) {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return nil, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	day, id := "", ""
	if len(after) == 2 {
		day, id = after[0], after[1]
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = sentWithin(tx, a.AccountID, now.UnixMilli(), level, day, id, limit)
		return err
	})
	return list, err
}

// Digest is what one person was reminded of on one day.
type Digest struct {
	ID, Day string
	Lines   []Line
}

// Digest opens the reader's own digest and acknowledges it: opening it is the
// acknowledgement. Refusal: urge.digest_unknown, also for another person's.
func (s *Service) Digest(ctx context.Context, id string) (d Digest, err error) {
	a, now := identity.From(ctx), s.Clock()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		d = Digest{ID: id}
		if d.Day, err = digestDay(tx, id, a.AccountID); err != nil {
			return err
		}
		if d.Day == "" || a.AccountID == "" {
			return errs.New(errs.NotFound, "urge.digest_unknown")
		}
		if d.Lines, err = digestLines(tx, id); err != nil {
			return err
		}
		return markSeen(tx, id, a.AccountID, now.UnixMilli())
	})
	return d, err
}

// write runs fn for somebody who is signed in.
func (s *Service) write(ctx context.Context, fn func(tx *db.Tx, a identity.Actor, now time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

// Rules is the ladder that holds today.
func (s *Service) Rules(ctx context.Context) (list []Rule, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = rulesOn(tx, s.today())
		return err
	})
	return list, err
}

// today is the day of the reader's question.
func (s *Service) today() string { return clock.Day(s.Clock()) }
