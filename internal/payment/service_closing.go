package payment

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// Drawer is what the closing of a day expects before anything is counted.
type Drawer struct {
	Agency, AgencyName, Day string
	Expected                int64
	Receipts                int64
	FirstNo, LastNo         string
	Closed                  bool
}

// Collectors lists the agencies for which the reader takes money today.
func (s *Service) Collectors(ctx context.Context, right string) (list []org.Agency, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		list, err = reachable(tx, a.Reach(right), right, now)
		return err
	})
	return list, err
}

func reachable(tx *db.Tx, account, right string, now time.Time) ([]org.Agency, error) {
	ids, err := reached(tx, Filter{account: account, right: right, nowMs: now.UnixMilli()})
	if err != nil {
		return nil, err
	}
	all, err := org.List(tx, clock.Day(now))
	if err != nil {
		return nil, err
	}
	within := map[string]bool{}
	for _, id := range ids {
		within[id] = true
	}
	var list []org.Agency
	for _, a := range all {
		if within[a.ID] {
			list = append(list, a)
		}
	}
	return list, nil
}

// Drawer reads what one's own day at an agency comes to. Refusal: payment.agency_unknown.
func (s *Service) Drawer(ctx context.Context, agency string) (d Drawer, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		d, _, _, err = s.drawer(tx, a, agency, now)
		return err
	})
	return d, err
}

func (s *Service) drawer(tx *db.Tx, a identity.Actor, agency string, now time.Time) (d Drawer, first, last int64, err error) {
	missing := errs.New(errs.NotFound, "payment.agency_unknown")
	if err = identity.RequireSeen(tx, a, RightView, RightCollect, agency, now, missing); err != nil {
		return d, 0, 0, err
	}
	o, err := org.Find(tx, agency)
	if err != nil {
		return d, 0, 0, missing
	}
	d = Drawer{Agency: agency, AgencyName: o.Name, Day: clock.Day(now)}
	if d.Expected, err = drawer(tx, agency, a.AccountID, d.Day); err != nil {
		return d, 0, 0, err
	}
	if d.Receipts, first, last, err = given(tx, agency, a.AccountID, d.Day); err != nil {
		return d, 0, 0, err
	}
	d.FirstNo, d.LastNo = number(first), number(last)
	d.Closed, err = closedDay(tx, agency, a.AccountID, d.Day)
	return d, first, last, err
}

// Close ends one's own day at an agency: no more cash is taken or paid back on it. A
// difference must be explained. Refusals: payment.agency_unknown, payment.day_closed,
// payment.counted_bad, payment.difference_why.
func (s *Service) Close(ctx context.Context, agency string, counted int64, reason string) (c Closing, err error) {
	reason = text.Clean(reason)
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		d, first, last, err := s.drawer(tx, a, agency, now)
		if err != nil {
			return err
		}
		switch {
		case d.Closed:
			return errs.New(errs.Conflict, "payment.day_closed")
		case counted < 0 || counted > mostDong:
			return errs.OnField("counted", "payment.counted_bad")
		case counted != d.Expected && reason == "":
			return errs.OnField("reason", "payment.difference_why")
		}
		c = Closing{ID: db.NewID(), Agency: agency, AgencyName: d.AgencyName, Account: a.AccountID, Name: a.Name, Day: d.Day, Expected: d.Expected, Counted: counted,
			Receipts: d.Receipts, FirstNo: d.FirstNo, LastNo: d.LastNo, Reason: reason, ClosedMs: now.UnixMilli(), Version: 1}
		if err := addClosing(tx, c, first, last); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.close_day", Subject: "payment_closing:" + c.ID, Agency: agency, Reason: reason,
			After: map[string]any{"day": c.Day, "expected": c.Expected, "counted": c.Counted, "receipts": c.Receipts}})
	})
	return c, err
}

// Confirm takes a closed day over from the cashier; somebody else than who closed it.
// Refusals: payment.closing_unknown, payment.confirm_self, payment.confirmed,
// payment.changed_meanwhile.
func (s *Service) Confirm(ctx context.Context, id string, version int64) (c Closing, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if c, err = findClosing(tx, id); err != nil {
			return err
		}
		if err := identity.RequireSeen(tx, a, RightView, RightSettle, c.Agency, now, errs.New(errs.NotFound, "payment.closing_unknown")); err != nil {
			return err
		}
		switch {
		case c.Account == a.AccountID:
			return errs.New(errs.Forbidden, "payment.confirm_self")
		case c.ConfirmedMs > 0:
			return errs.New(errs.Conflict, "payment.confirmed")
		case c.Version != version:
			return errs.New(errs.Conflict, "payment.changed_meanwhile")
		}
		c.ConfirmedBy, c.ConfirmedMs = a.AccountID, now.UnixMilli()
		if err := confirmClosing(tx, c); err != nil {
			return err
		}
		c.Version++
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.confirm_day", Subject: "payment_closing:" + c.ID, Agency: c.Agency,
			After: map[string]any{"day": c.Day, "difference": c.Difference()}})
	})
	return c, err
}

// Closings lists closed days within reach, newest first, after the key (day, id).
func (s *Service) Closings(ctx context.Context, afterDay, afterID string, limit int) (list []Closing, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		list, err = listClosings(tx, Filter{}.scope(a, RightView, now), afterDay, afterID, limit)
		return err
	})
	return list, err
}

// Closing reads one within reach, and whether the reader may confirm it.
func (s *Service) Closing(ctx context.Context, id string) (c Closing, may bool, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if c, err = findClosing(tx, id); err != nil {
			return err
		}
		if err := identity.RequireSeen(tx, a, RightView, RightView, c.Agency, now, errs.New(errs.NotFound, "payment.closing_unknown")); err != nil {
			return err
		}
		may = c.ConfirmedMs == 0 && c.Account != a.AccountID && identity.Require(tx, a, RightSettle, c.Agency, now) == nil
		return nil
	})
	return c, may, err
}
