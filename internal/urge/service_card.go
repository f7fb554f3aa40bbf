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
	"cchc/internal/text"
)

// ladderName is who proposes when no person does.
const ladderName = "job:urge"

// yellowsForRed is how many yellow cards in a year propose a red one.
const yellowsForRed = 2

// propose puts an item into the open proposal of a colour for its agency. A card is never
// given by the program: a person decides.
func (s *Service) propose(tx *db.Tx, i Item, colour Colour, day string) error {
	id, err := proposedCard(tx, i.Agency, colour)
	if err != nil {
		return err
	}
	if id == "" {
		id = db.NewID()
		if err := insertCard(tx, id, i.Agency, colour, ladderName, day); err != nil {
			return err
		}
		if err := s.Log.Record(tx, audit.System(ladderName), audit.Entry{Kind: "urge.card_propose", Subject: "urge_card:" + id, Agency: i.Agency,
			After: map[string]any{"colour": colour}}); err != nil {
			return err
		}
	}
	return addCardItem(tx, id, i)
}

// Cards lists cards of agencies within the reader's reach, newest first.
func (s *Service) Cards(ctx context.Context, after []string, limit int) (list []Card, err error) {
	a, now := identity.From(ctx), s.Clock()
	day, id := "", ""
	if len(after) == 2 {
		day, id = after[0], after[1]
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listCards(tx, a.AccountID, now.UnixMilli(), works(a), day, id, limit)
		return err
	})
	return list, err
}

// CardView is a card as its page shows it.
type CardView struct {
	Card
	List       []LetterItem
	Done       map[string]bool // items that are done
	Unanswered int             // letters that the agency let pass
	Yellows    int             // cards of this year
	Can        bool            // the reader may decide it now
}

// Card opens one card. Refusal: urge.card_unknown, also out of reach.
func (s *Service) Card(ctx context.Context, id string) (v CardView, err error) {
	a, now := identity.From(ctx), s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Card, err = findCard(tx, id, a.AccountID, now.UnixMilli()); err != nil {
			return err
		}
		if (v.State == Proposed || v.State == Refused) && !works(a) {
			return errs.New(errs.NotFound, "urge.card_unknown")
		}
		if v.List, err = cardItems(tx, id); err != nil {
			return err
		}
		if v.Done, err = s.doneOf(tx, v.List); err != nil {
			return err
		}
		day := clock.Day(now)
		if v.Unanswered, err = unanswered(tx, v.Agency, day); err != nil {
			return err
		}
		if v.Yellows, err = yellowsIn(tx, v.Agency, day[:4]); err != nil {
			return err
		}
		v.Can = v.State == Proposed && identity.Require(tx, a, RightCard, v.Agency, now) == nil && v.ProposedBy != a.AccountID
		return nil
	})
	return v, err
}

// doneOf says which of these items are done or cancelled.
func (s *Service) doneOf(tx *db.Tx, items []LetterItem) (map[string]bool, error) {
	byKind := map[string][]string{}
	for _, i := range items {
		byKind[i.Kind] = append(byKind[i.Kind], i.Item)
	}
	all := map[string]bool{}
	for kind, ids := range byKind {
		w := s.work(kind)
		if w == nil {
			continue
		}
		done, err := w.Done(tx, ids)
		if err != nil {
			return nil, err
		}
		for id, is := range done {
			all[id] = is
		}
	}
	return all, nil
}

// DecideCard gives a card or refuses it, with a reason; not by who proposed it. A second
// yellow card in a year proposes a red one. Refusals: urge.reason_missing, urge.own_card.
func (s *Service) DecideCard(ctx context.Context, id string, version int64, give bool, reason string) error {
	if reason = text.Clean(reason); reason == "" {
		return errs.OnField("reason", "urge.reason_missing")
	}
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		c, err := findCard(tx, id, a.AccountID, now.UnixMilli())
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, RightCard, c.Agency, now); err != nil {
			return err
		}
		switch {
		case c.Version != version:
			return errs.New(errs.Conflict, "urge.changed_meanwhile")
		case c.ProposedBy == a.AccountID:
			return errs.New(errs.Forbidden, "urge.own_card")
		}
		move := "refuse"
		if give {
			move = "issue"
		}
		if c.State, err = CardMoves.Next(c.State, move, "urge.card_wrong_state"); err != nil {
			return err
		}
		c.Reason, c.DecidedBy, c.DecidedDay = reason, a.AccountID, clock.Day(now)
		if err := saveCard(tx, c); err != nil {
			return err
		}
		if err := s.Log.Record(tx, a.Who(), audit.Entry{Kind: "urge.card_decide", Subject: "urge_card:" + id, Agency: c.Agency, Reason: reason,
			After: map[string]any{"colour": c.Colour, "state": c.State}}); err != nil || !give {
			return err
		}
		return s.given(tx, c, now)
	})
}

// given tells the agency of its card, and proposes a red one after the second yellow.
func (s *Service) given(tx *db.Tx, c Card, now time.Time) error {
	day := clock.Day(now)
	people := crowd{tx: tx, day: day, nowMs: now.UnixMilli(), known: map[string][]string{}}
	accounts, err := people.of(Item{Agency: c.Agency}, []string{toHead, toFocal})
	if err != nil {
		return err
	}
	for _, account := range accounts {
		if err := s.Tell.Send(tx, notice.Notice{Key: "urge.card:" + c.ID + ":" + account, To: account, Kind: "urge.card_" + string(c.Colour), Subject: "urge_card:" + c.ID,
			URL: "/urge/cards/" + c.ID, Args: map[string]string{"reason": c.Reason}}); err != nil {
			return err
		}
	}
	if c.Colour != Yellow {
		return nil
	}
	n, err := yellowsIn(tx, c.Agency, day[:4])
	if err != nil || n < yellowsForRed {
		return err
	}
	items, err := cardItems(tx, c.ID)
	if err != nil {
		return err
	}
	for _, i := range items {
		if err := s.propose(tx, Item{Kind: i.Kind, ID: i.Item, Agency: c.Agency, Due: i.Due, Code: i.Code, Title: i.Title, URL: i.URL}, Red, day); err != nil {
			return err
		}
	}
	return nil
}

// clearCards ends the cards whose items are all done; their history stays.
func (s *Service) clearCards(ctx context.Context, day string) error {
	for after := ""; ; {
		n, last := 0, ""
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			page, err := issuedCards(tx, after, runPage)
			if n = len(page); err != nil || n == 0 {
				return err
			}
			for _, c := range page {
				items, err := cardItems(tx, c.ID)
				if err != nil {
					return err
				}
				done, err := s.doneOf(tx, items)
				if err != nil {
					return err
				}
				open := false
				for _, i := range items {
					open = open || !done[i.Item]
				}
				if open || len(items) == 0 {
					continue
				}
				if c.State, err = CardMoves.Next(c.State, "clear", "urge.card_wrong_state"); err != nil {
					return err
				}
				c.Cleared = day
				if err := saveCard(tx, c); err != nil {
					return err
				}
				if err := s.Log.Record(tx, audit.System(ladderName), audit.Entry{Kind: "urge.card_clear", Subject: "urge_card:" + c.ID, Agency: c.Agency}); err != nil {
					return err
				}
			}
			last = page[n-1].ID
			return nil
		})
		if err != nil || n < runPage {
			return err
		}
		after = last
	}
}
