package counter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/notice"
	"cchc/internal/org"
)

// Dossiers answers whether a code is a dossier's; app wires it to the one-stop shop.
type Dossiers interface {
	Known(tx *db.Tx, code string) (bool, error)
}

// Service is what people and the machine of a hall do.
type Service struct {
	DB       *db.DB
	Clock    clock.Clock
	Log      *audit.Log
	Tell     *notice.Service
	Dossiers Dossiers
}

// write runs fn in one transaction for somebody who is signed in.
func (s *Service) write(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

// read is write for looking.
func (s *Service) read(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Read(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

func hallUnknown() *errs.Error { return errs.New(errs.NotFound, "counter.hall_unknown") }

// may asks for a right over a hall; who may not even see it is told that there is none.
func may(tx *db.Tx, a identity.Actor, right, agency string, now time.Time) error {
	return identity.RequireSeen(tx, a, RightView, right, agency, now, hallUnknown())
}

// Agencies lists the agencies over whose halls the reader holds a right today.
func (s *Service) Agencies(ctx context.Context, right string) (list []org.Agency, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		list, err = agencies(tx, a, right, now)
		return err
	})
	return list, err
}

func agencies(tx *db.Tx, a identity.Actor, right string, now time.Time) (list []org.Agency, err error) {
	ids, err := reached(tx, a.Reach(right), right, now.UnixMilli())
	if err != nil {
		return nil, err
	}
	within := map[string]bool{}
	for _, id := range ids {
		within[id] = true
	}
	all, err := org.List(tx, clock.Day(now))
	for _, o := range all {
		if within[o.ID] {
			list = append(list, o)
		}
	}
	return list, err
}

// hashOf is how the word of a hall's machine is kept.
func hashOf(token string) string {
	if token == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("cchc counter hall:" + token))
	return hex.EncodeToString(sum[:])
}

// record writes the audit entry of a ticket.
func (s *Service) record(tx *db.Tx, who audit.Who, move string, t Ticket, reason string) error {
	return s.Log.Record(tx, who, audit.Entry{Kind: "counter.ticket", Subject: "counter_ticket:" + t.ID, Agency: t.Agency, Reason: reason,
		After: map[string]any{"move": move, "label": t.Label, "state": t.State, "desk": t.DeskNo, "dossier": t.Dossier}})
}
