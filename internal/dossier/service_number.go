package dossier

import (
	"context"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// number gives a dossier its code: the next of the day, or a number that was reserved.
// Refusals: dossier.number_not_reserved, dossier.number_taken.
func (x *act) number(code string, receiving org.Agency, day string) (string, error) {
	if code == "" {
		n, err := takeNumbers(x.tx, receiving.ID, day, 1)
		return codeOf(receiving.Code, day, n), err
	}
	code = strings.ToUpper(strings.TrimSpace(code))
	agency, on, n, ok := splitCode(code)
	if !ok || agency != receiving.Code || on != day {
		return "", errs.OnField("code", "dossier.number_not_reserved", "code", code)
	}
	if _, there, err := blockOf(x.tx, receiving.ID, day, n); err != nil || !there {
		if err == nil {
			err = errs.OnField("code", "dossier.number_not_reserved", "code", code)
		}
		return "", err
	}
	if taken, err := codeTaken(x.tx, code); err != nil || taken {
		if err == nil {
			err = errs.OnField("code", "dossier.number_taken", "code", code)
		}
		return "", err
	}
	return code, nil
}

// Reserve keeps n numbers of today for a counter of an agency that will work without the
// network. Refusals: dossier.block_size, dossier.agency_unknown, identity.right_missing.
func (s *Service) Reserve(ctx context.Context, agencyCode string, n int) (b Block, err error) {
	if n < 1 || n > mostNumbers {
		return b, errs.OnField("n", "dossier.block_size", "most", mostNumbers)
	}
	err = s.counter(ctx, agencyCode, func(tx *db.Tx, a identity.Actor, o org.Agency, now time.Time) error {
		day := clock.Day(now)
		last, err := takeNumbers(tx, o.ID, day, n)
		if err != nil {
			return err
		}
		b = Block{ID: db.NewID(), Agency: o.ID, Day: day, First: last - n + 1, Last: last, Account: a.AccountID, TakenMs: now.UnixMilli(), Version: 1}
		if err := addBlock(tx, b); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "dossier.reserve", Subject: "dossier_block:" + b.ID, Agency: o.ID, After: b})
	})
	return b, err
}

// CloseBlock gives back what is left of a block: each number that became no dossier is
// voided with an entry. It returns how many were. Refusals: dossier.block_unknown,
// dossier.block_closed, dossier.changed_meanwhile.
func (s *Service) CloseBlock(ctx context.Context, id string, version int64) (voided int, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return 0, err
	}
	now := s.Clock()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		voided = 0
		b, err := findBlock(tx, id)
		if err != nil {
			return err
		}
		if err := identity.RequireSeen(tx, actor, RightReceive, RightReceive, b.Agency, now, errs.New(errs.NotFound, "dossier.block_unknown")); err != nil {
			return err
		}
		switch {
		case b.ClosedMs != 0:
			return errs.New(errs.Conflict, "dossier.block_closed")
		case b.Version != version:
			return changedMeanwhile()
		}
		o, err := org.Find(tx, b.Agency)
		if err != nil {
			return err
		}
		before := b
		b.ClosedMs = now.UnixMilli()
		if err := closeBlock(tx, b); err != nil {
			return err
		}
		for n := b.First; n <= b.Last; n++ {
			code := codeOf(o.Code, b.Day, n)
			taken, err := codeTaken(tx, code)
			if err != nil {
				return err
			}
			if taken {
				continue
			}
			voided++
			if err := addVoid(tx, Void{Code: code, Agency: o.ID, Day: b.Day, Number: n, Reason: "block_unused", Account: actor.AccountID, AtMs: now.UnixMilli()}); err != nil {
				return err
			}
		}
		return s.Log.Record(tx, actor.Who(), audit.Entry{Kind: "dossier.block_close", Subject: "dossier_block:" + b.ID, Agency: o.ID, Before: before,
			After: map[string]any{"block": b, "voided": voided}})
	})
	return voided, err
}

// VoidNumber voids one number of an open block at once: a slip that was spoilt. Refusals:
// dossier.reason_missing, dossier.number_not_reserved, dossier.number_taken.
func (s *Service) VoidNumber(ctx context.Context, agencyCode, code, reason string) error {
	reason = text.Clean(reason)
	if reason == "" {
		return errs.OnField("reason", "dossier.reason_missing")
	}
	return s.counter(ctx, agencyCode, func(tx *db.Tx, a identity.Actor, o org.Agency, now time.Time) error {
		_, day, n, _ := splitCode(strings.ToUpper(code))
		x := &act{s: s, tx: tx}
		code, err := x.number(code, o, day)
		if err != nil {
			return err
		}
		v := Void{Code: code, Agency: o.ID, Day: day, Number: n, Reason: reason, Account: a.AccountID, AtMs: now.UnixMilli()}
		if err := addVoid(tx, v); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "dossier.void", Subject: "dossier_void:" + code, Agency: o.ID, Reason: reason, After: v})
	})
}

// Numbers lists the blocks of an agency, newest first, and the voids of a day.
func (s *Service) Numbers(ctx context.Context, agencyCode, day string) (blocks []Block, voids []Void, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return nil, nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		o, err := agencyOn(tx, agencyCode, day, "agency")
		if err != nil {
			return err
		}
		if err := identity.Require(tx, actor, RightReceive, o.ID, s.Clock()); err != nil {
			return err
		}
		if blocks, err = blocksOf(tx, o.ID, 50); err != nil {
			return err
		}
		voids, err = voidsOf(tx, o.ID, day)
		return err
	})
	return blocks, voids, err
}

// counter runs fn for somebody who receives for an agency.
func (s *Service) counter(ctx context.Context, agencyCode string, fn func(*db.Tx, identity.Actor, org.Agency, time.Time) error) error {
	actor, err := signedIn(ctx)
	if err != nil {
		return err
	}
	now := s.Clock()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		o, err := agencyOn(tx, agencyCode, clock.Day(now), "agency")
		if err != nil {
			return err
		}
		if err := identity.Require(tx, actor, RightReceive, o.ID, now); err != nil {
			return err
		}
		return fn(tx, actor, o, now)
	})
}
