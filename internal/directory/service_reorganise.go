package directory

import (
	"context"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
)

// Plan is a reorganisation before it is made: what would end, and what would move.
type Plan struct {
	Order   org.Reorganisation
	Preview org.Preview
	Names   map[string]string // of every agency that the plan mentions
	Counts  []Count           // pieces of work by kind
}

// Plan previews a reorganisation and changes nothing. A piece of work that several
// successors could take is listed for a person to decide.
func (s *Service) Plan(ctx context.Context, r org.Reorganisation) (Plan, error) {
	p := Plan{Order: r}
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err := s.mayReorganise(tx, identity.From(ctx), r); err != nil {
			return err
		}
		if p.Preview, err = s.Agencies.PreviewReorganisation(tx, r); err != nil {
			return err
		}
		p.Counts = countWork(p.Preview.Items, s.today())
		p.Names, err = agencyNames(tx, mentioned(r))
		return err
	})
	return p, err
}

func (s *Service) mayReorganise(tx *db.Tx, a identity.Actor, r org.Reorganisation) error {
	all := mentioned(r)
	ids := make([]string, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		ids = append(ids, "")
	}
	return s.may(tx, a, manage, ids)
}

// Reorganise ends the agencies, names their successors and begins to hand over their
// work; while the minutes say handing_over, go on with Continue.
func (s *Service) Reorganise(ctx context.Context, r org.Reorganisation) (m org.Minutes, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		a := identity.From(ctx)
		if err := s.mayReorganise(tx, a, r); err != nil {
			return err
		}
		m, err = s.Agencies.Reorganise(tx, a.Who(), r)
		return err
	})
	return m, err
}

// continueWrites is how many short writes one request makes before it shows how far it is.
const continueWrites = 4

// Continue hands over the next pieces of work of minutes.
func (s *Service) Continue(ctx context.Context, id string) (m org.Minutes, err error) {
	for range continueWrites {
		err = s.DB.Write(ctx, func(tx *db.Tx) error {
			a := identity.From(ctx)
			agencies, err := minutesAgencies(tx, id)
			if err != nil {
				return err
			}
			if err := s.may(tx, a, manage, agencies); err != nil {
				return err
			}
			m, err = s.Agencies.Continue(tx, a.Who(), id)
			return err
		})
		if err != nil || m.State == org.Done {
			break
		}
	}
	return m, err
}

// MinutesList reads minutes, newest first, after the one with the id.
func (s *Service) MinutesList(ctx context.Context, after string) (all []org.Minutes, more bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err := mayView(ctx); err != nil {
			return err
		}
		if all, err = org.ListMinutes(tx, after, pageSize+1); err != nil {
			return err
		}
		if more = len(all) > pageSize; more {
			all = all[:pageSize]
		}
		return nil
	})
	return all, more, err
}

// MinutesView is minutes with the agencies they name and a page of their work.
type MinutesView struct {
	Minutes    org.Minutes
	Pairs      []pair
	Items      []org.Item
	Names      map[string]string
	Total      int64
	More       bool
	Changeable bool
}

// Minutes reads one minutes with a page of its work, after the given kind and id.
func (s *Service) Minutes(ctx context.Context, id, afterKind, afterID string, limit int) (MinutesView, error) {
	var v MinutesView
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err := mayView(ctx); err != nil {
			return err
		}
		if v.Minutes, err = org.FindMinutes(tx, id); err != nil {
			return err
		}
		if v.Pairs, err = minutesOf(tx, id); err != nil {
			return err
		}
		if v.Total, err = countItems(tx, id); err != nil {
			return err
		}
		if v.Items, err = org.Items(tx, id, afterKind, afterID, limit+1); err != nil {
			return err
		}
		if v.More = len(v.Items) > limit; v.More {
			v.Items = v.Items[:limit]
		}
		ids := map[string]bool{}
		for _, it := range v.Items {
			ids[it.From], ids[it.To] = true, true
		}
		if v.Names, err = agencyNames(tx, ids); err != nil {
			return err
		}
		agencies, err := minutesAgencies(tx, id)
		v.Changeable = err == nil
		for _, agency := range agencies {
			if err == nil && v.Changeable {
				v.Changeable, err = s.allowed(tx, identity.From(ctx), manage, agency)
			}
		}
		return err
	})
	return v, err
}

// mayView refuses minutes to the public: they name people and unfinished work.
func mayView(ctx context.Context) error {
	a := identity.From(ctx)
	switch {
	case !a.SignedIn():
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	case !a.Has("directory.view"):
		return errs.New(errs.Forbidden, "identity.right_missing", "right", "directory.view")
	}
	return nil
}

// mentioned is every agency that an order names.
func mentioned(r org.Reorganisation) map[string]bool {
	ids := map[string]bool{}
	for _, id := range r.From {
		ids[id] = true
	}
	for _, x := range r.Successors {
		ids[x.From], ids[x.To] = true, true
	}
	delete(ids, "")
	return ids
}

// countWork counts pieces of work by kind, in the order of the list.
func countWork(items []org.Item, today string) []Count {
	var out []Count
	at := map[string]int{}
	for _, it := range items {
		i, ok := at[it.Kind]
		if !ok {
			i = len(out)
			at[it.Kind] = i
			out = append(out, Count{Kind: it.Kind})
		}
		out[i].N++
		if it.DueDay != "" && it.DueDay < today {
			out[i].Late++
		}
	}
	return out
}

// recordMost is how much work one document lists; a table of more pages serves nobody.
const recordMost = 20_000

// Record reads minutes whole, for the document.
func (s *Service) Record(ctx context.Context, id string) (Record, error) {
	v, err := s.Minutes(ctx, id, "", "", recordMost)
	if err == nil && v.More {
		err = errs.New(errs.TooLarge, "directory.minutes_too_long", "most", recordMost)
	}
	return Record{Minutes: v.Minutes, Pairs: v.Pairs, Items: v.Items, Names: v.Names}, err
}
