package urge

import (
	"context"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/notice"
	"cchc/internal/text"
)

// responseDays is how many working days an agency has to answer a letter.
const responseDays = 5

// gatherLetter puts an item into the open draft to its agency, and begins one when there
// is none: an agency gets one letter, not one an item.
func gatherLetter(tx *db.Tx, i Item, day string) error {
	id, err := draftOf(tx, i.Agency)
	if err != nil {
		return err
	}
	if id == "" {
		id = db.NewID()
		year, err := strconv.Atoi(day[:4])
		if err != nil {
			return err
		}
		if err := insertLetter(tx, id, i, day, year); err != nil {
			return err
		}
	}
	return addLetterItem(tx, id, i)
}

// Letters lists letters about agencies within the reader's reach, newest first.
func (s *Service) Letters(ctx context.Context, after []string, limit int) (list []Letter, err error) {
	a, now := identity.From(ctx), s.Clock()
	day, id := "", ""
	if len(after) == 2 {
		day, id = after[0], after[1]
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listLetters(tx, a.AccountID, now.UnixMilli(), works(a), day, id, limit)
		return err
	})
	return list, err
}

// works says whether a person sees letters and proposals that are not out yet.
func works(a identity.Actor) bool { return a.Has(RightLetter) || a.Has(RightSign) || a.Has(RightCard) }

// LetterView is a letter as its page shows it.
type LetterView struct {
	Letter
	List []LetterItem
	Can  map[string]bool
	Why  error // why the reader may not sign
}

// Letter opens one letter. Refusal: urge.letter_unknown, also out of reach.
func (s *Service) Letter(ctx context.Context, id string) (v LetterView, err error) {
	a, now := identity.From(ctx), s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Letter, err = findLetter(tx, id, a.AccountID, now.UnixMilli()); err != nil {
			return err
		}
		if (v.State == Draft || v.State == Submitted || v.State == Dropped) && !works(a) {
			return errs.New(errs.NotFound, "urge.letter_unknown")
		}
		v.Can = map[string]bool{}
		may := func(right, agency string) bool { return identity.Require(tx, a, right, agency, now) == nil }
		switch v.State {
		case Draft:
			v.Can["write"] = may(RightLetter, v.Agency)
			v.Can["submit"], v.Can["drop"] = v.Can["write"], v.Can["write"]
		case Submitted:
			v.Can["return"], v.Can["sign"] = may(RightSign, v.Agency), may(RightSign, v.Agency)
			if v.Why = maySign(v.Letter, a); v.Can["sign"] && v.Why != nil {
				v.Can["sign"] = false
			}
		case Signed:
			v.Can["answer"] = may(RightAnswer, v.Agency)
		}
		v.List, err = letterItems(tx, id)
		return err
	})
	return v, err
}

// maySign is the rule of the signature: who drafted a letter does not sign it.
func maySign(l Letter, a identity.Actor) error {
	if l.DraftedBy == a.AccountID {
		return errs.New(errs.Forbidden, "urge.own_letter")
	}
	return nil
}

// WriteLetter sets the words and the day of response of a draft; keep lists the items
// that stay ("" keeps all). Refusals: urge.day_unreadable, urge.letter_empty.
func (s *Service) WriteLetter(ctx context.Context, id string, version int64, words, responseDay string, keep []string) error {
	return s.onLetter(ctx, id, version, RightLetter, func(tx *db.Tx, l *Letter, a identity.Actor, _ time.Time) error {
		if l.State != Draft {
			return errs.New(errs.Conflict, "urge.letter_not_draft")
		}
		if t, err := clock.ParseDay(responseDay); responseDay != "" && (err != nil || clock.Day(t) != responseDay) {
			return errs.OnField("response_day", "urge.day_unreadable", "day", responseDay)
		}
		items, err := letterItems(tx, id)
		if err != nil {
			return err
		}
		left := 0
		for _, i := range items {
			if kept(keep, i.Item) {
				left++
			} else if err := removeLetterItem(tx, id, i.Kind, i.Item); err != nil {
				return err
			}
		}
		if left == 0 {
			return errs.OnField("items", "urge.letter_empty")
		}
		l.Words, l.ResponseDay, l.DraftedBy = text.NFC(words), responseDay, a.AccountID
		return s.record(tx, a, "urge.letter_write", *l, map[string]any{"words": l.Words, "response_day": responseDay, "items": left}, "")
	})
}

func kept(keep []string, item string) bool {
	if keep == nil {
		return true
	}
	for _, k := range keep {
		if k == item {
			return true
		}
	}
	return false
}

// SubmitLetter hands a draft in for signature; its response day, when none was set, is
// five working days from today.
func (s *Service) SubmitLetter(ctx context.Context, id string, version int64) error {
	return s.onLetter(ctx, id, version, RightLetter, func(tx *db.Tx, l *Letter, a identity.Actor, now time.Time) error {
		if l.ResponseDay == "" {
			cal, err := calendar.Load(tx, l.Follower)
			if err != nil {
				return err
			}
			l.ResponseDay = cal.AddWorkingDays(clock.Day(now), responseDays)
		}
		l.DraftedBy = a.AccountID
		return s.moveLetter(tx, l, "submit", a, "")
	})
}

// ReturnLetter gives a letter back to who drafted it.
func (s *Service) ReturnLetter(ctx context.Context, id string, version int64, reason string) error {
	if reason = text.Clean(reason); reason == "" {
		return errs.OnField("reason", "urge.reason_missing")
	}
	return s.onLetter(ctx, id, version, RightSign, func(tx *db.Tx, l *Letter, a identity.Actor, _ time.Time) error {
		if open, err := draftOf(tx, l.Agency); err != nil || open != "" {
			if err == nil {
				err = errs.New(errs.Conflict, "urge.letter_other_draft")
			}
			return err
		}
		return s.moveLetter(tx, l, "return", a, reason)
	})
}

// DropLetter gives a draft up, with a reason: what it urged was done, or is urged otherwise.
func (s *Service) DropLetter(ctx context.Context, id string, version int64, reason string) error {
	if reason = text.Clean(reason); reason == "" {
		return errs.OnField("reason", "urge.reason_missing")
	}
	return s.onLetter(ctx, id, version, RightLetter, func(tx *db.Tx, l *Letter, a identity.Actor, _ time.Time) error {
		return s.moveLetter(tx, l, "drop", a, reason)
	})
}

// SignLetter signs a letter: it gets the next number of the year without a gap, and the
// head and the focal point of its agency are told, once. Not by who drafted it.
// Refusals: urge.own_letter, urge.signer_missing, urge.response_past.
func (s *Service) SignLetter(ctx context.Context, id string, version int64, signer string) error {
	if signer = text.Clean(signer); signer == "" {
		return errs.OnField("signer", "urge.signer_missing")
	}
	return s.onLetter(ctx, id, version, RightSign, func(tx *db.Tx, l *Letter, a identity.Actor, now time.Time) error {
		if err := maySign(*l, a); err != nil {
			return err
		}
		day := clock.Day(now)
		if l.ResponseDay <= day {
			return errs.New(errs.Conflict, "urge.response_past", "day", shownDay(l.ResponseDay))
		}
		year, err := strconv.Atoi(day[:4])
		if err != nil {
			return err
		}
		if err := tx.Lock("urge.letter." + l.Follower); err != nil {
			return err
		}
		last, err := lastNumber(tx, l.Follower, year)
		if err != nil {
			return err
		}
		l.Year, l.Number, l.Signer, l.SignedBy, l.SignedDay = year, last+1, signer, a.AccountID, day
		if err := s.moveLetter(tx, l, "sign", a, ""); err != nil {
			return err
		}
		people := crowd{tx: tx, day: day, nowMs: now.UnixMilli(), known: map[string][]string{}}
		accounts, err := people.of(Item{Agency: l.Agency, Follower: l.Follower}, []string{toHead, toFocal})
		if err != nil {
			return err
		}
		for _, account := range accounts {
			if err := s.Tell.Send(tx, notice.Notice{Key: "urge.letter:" + l.ID + ":" + account, To: account, Kind: "urge.letter", Subject: "urge_letter:" + l.ID,
				URL: "/urge/letters/" + l.ID, Args: map[string]string{"number": strconv.Itoa(l.Number), "day": shownDay(l.ResponseDay), "n": strconv.FormatInt(l.Items, 10)}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// AnswerLetter is the agency's answer. Refusal: urge.answer_missing.
func (s *Service) AnswerLetter(ctx context.Context, id string, version int64, words string) error {
	if words = text.NFC(words); text.Clean(words) == "" {
		return errs.OnField("answer", "urge.answer_missing")
	}
	return s.onLetter(ctx, id, version, RightAnswer, func(tx *db.Tx, l *Letter, a identity.Actor, now time.Time) error {
		l.Answer, l.AnsweredBy, l.AnsweredDay = words, a.AccountID, clock.Day(now)
		return s.moveLetter(tx, l, "answer", a, "")
	})
}

func (s *Service) moveLetter(tx *db.Tx, l *Letter, name string, a identity.Actor, reason string) (err error) {
	before := l.State
	if l.State, err = LetterMoves.Next(l.State, name, "urge.letter_wrong_state"); err != nil {
		return err
	}
	return s.record(tx, a, "urge.letter_move", *l, map[string]any{"from": before, "to": l.State, "number": l.Number, "response_day": l.ResponseDay}, reason)
}

func (s *Service) record(tx *db.Tx, a identity.Actor, kind string, l Letter, after map[string]any, reason string) error {
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: kind, Subject: "urge_letter:" + l.ID, Agency: l.Agency, After: after, Reason: reason})
}

// onLetter changes one letter: reach, right over its agency, version, fn, save.
func (s *Service) onLetter(ctx context.Context, id string, version int64, right string, fn func(*db.Tx, *Letter, identity.Actor, time.Time) error) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		l, err := findLetter(tx, id, a.AccountID, now.UnixMilli())
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, right, l.Agency, now); err != nil {
			return err
		}
		if l.Version != version {
			return errs.New(errs.Conflict, "urge.changed_meanwhile")
		}
		if err := fn(tx, &l, a, now); err != nil {
			return err
		}
		return saveLetter(tx, l)
	})
}
