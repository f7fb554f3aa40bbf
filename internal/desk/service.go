package desk

import (
	"context"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

// Service shows a person what they owe.
type Service struct {
	DB    *db.DB
	Clock clock.Clock
	Inbox *inbox.Registry
}

// View is one page of the inbox.
type View struct {
	Now    time.Time
	Filter inbox.Filter
	Lines  []Line
	Next   string
	Cut    bool
	All    int
	Late   int
	More   bool // there are more than All
	Fresh  int  // lines that are new since the reader last looked
}

const pageSize = 50

// most is how many things a file lists.
const most = 5000

// List reads one page of what the actor owes, or with whole all of it. Refusal: inbox.cursor.
func (s *Service) List(ctx context.Context, f inbox.Filter, cursor string, whole bool) (View, error) {
	a := identity.From(ctx)
	now := s.Clock()
	v := View{Now: now, Filter: f}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		page, err := s.Inbox.List(tx, a, now, f, cursor, pageSize)
		if err != nil {
			return err
		}
		for whole && page.Next != "" && len(page.Items) < most {
			more, err := s.Inbox.List(tx, a, now, f, page.Next, pageSize)
			if err != nil {
				return err
			}
			page.Items, page.Next = append(page.Items, more.Items...), more.Next
		}
		cal, err := calendar.Load(tx, a.AgencyID)
		if err != nil {
			return err
		}
		counts, err := s.Inbox.Counts(tx, a, now, inbox.Filter{})
		if err != nil {
			return err
		}
		v.Lines, v.Next, v.Cut = lines(page.Items, cal, now), page.Next, page.Cut
		for _, c := range counts {
			v.All += c.All
			v.Late += c.Late
			v.More = v.More || c.More
		}
		for _, l := range v.Lines {
			if l.New {
				v.Fresh++
			}
		}
		return nil
	})
	return v, err
}

// MarkSeen notes that the actor has looked: what comes later is marked as new.
func (s *Service) MarkSeen(ctx context.Context) error {
	a := identity.From(ctx)
	return s.DB.Write(ctx, func(tx *db.Tx) error { return inbox.MarkSeen(tx, a.AccountID, s.Clock()) })
}
