package procedure

import (
	"context"
	"errors"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// Imported counts what became of a file.
type Imported struct {
	Added   int `json:"added"`   // new procedures, as drafts
	Amended int `json:"amended"` // drafts of new versions
	Same    int `json:"same"`    // say what the newest version says
	Skipped int `json:"skipped"` // have an open draft, or are groups that the reader may not publish
}

// Import takes a reading into the catalogue as drafts; nothing is published by it. A
// procedure that is known gets a draft of a new version, unless it says the same as the
// newest one or somebody is writing one. Definitions of groups need RightPublish.
func (s *Service) Import(ctx context.Context, r Reading) (n Imported, err error) {
	err = s.write(ctx, RightEdit, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		n = Imported{}
		for _, e := range r.Entries {
			if err := s.importOne(tx, a, now, e, &n); err != nil {
				return err
			}
		}
		return s.importGroups(tx, a, now, r.Defined, &n)
	})
	return n, err
}

func (s *Service) importOne(tx *db.Tx, a identity.Actor, now time.Time, e Entry, n *Imported) error {
	p, err := findProcedure(tx, e.Key)
	if errs.KindOf(err) == errs.NotFound {
		p = Procedure{ID: db.NewID(), Key: e.Key, Kind: e.Kind, State: Unpublished, Sample: len(e.Content.Evidence) > 0}
		p.name(e.Content)
		if err := addProcedure(tx, p, now.UnixMilli()); err != nil {
			return err
		}
		n.Added++
		_, err = s.addDraft(tx, a, now, p, e.Content)
		return err
	}
	if err != nil {
		return err
	}
	list, err := versionsOf(tx, p.ID, true)
	if err != nil {
		return err
	}
	_, digest, err := seal(e.Content)
	switch {
	case err != nil:
		return err
	case len(list) > 0 && list[0].Digest == digest:
		n.Same++
		return nil
	case len(list) > 0 && list[0].State != InUse:
		n.Skipped++
		return nil
	}
	n.Amended++
	_, err = s.addDraft(tx, a, now, p, e.Content)
	return err
}

func (s *Service) importGroups(tx *db.Tx, a identity.Actor, now time.Time, list []Group, n *Imported) error {
	for _, g := range list {
		old, found, err := groupOn(tx, g.Key, g.From)
		if err != nil {
			return err
		}
		was, err1 := sealGroup(old)
		is, err2 := sealGroup(g)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		switch {
		case found && was == is:
			n.Same++
			continue
		case identity.Require(tx, a, RightPublish, "", now) != nil:
			n.Skipped++
			continue
		}
		n.Added++
		g.ID = db.NewID()
		if err := putGroup(tx, g); err != nil {
			return err
		}
		if err := s.recordGroup(tx, a, g); err != nil {
			return err
		}
	}
	return nil
}

// Export reads the newest version of every procedure that the reader sees, and the
// groups.
func (s *Service) Export(ctx context.Context) (entries []Entry, groups []Group, err error) {
	a, now := identity.From(ctx), s.Clock()
	if !a.Has(RightView) {
		return nil, nil, errs.New(errs.Forbidden, "procedure.view_missing")
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		entries = nil
		drafts := seesDrafts(tx, a, now)
		after := [2]string{}
		for {
			rows, err := listProcedures(tx, a.AccountID, now.UnixMilli(), Query{Day: s.Today()}, [4]string{}, after[0], after[1], 200)
			if err != nil {
				return err
			}
			for _, r := range rows {
				list, err := versionsOf(tx, r.ID, drafts)
				if err != nil {
					return err
				}
				if len(list) > 0 {
					entries = append(entries, Entry{r.Key, r.Kind, list[0].Content})
				}
			}
			if len(rows) < 200 {
				break
			}
			after = [2]string{rows[199].sort, rows[199].ID}
		}
		groups, err = allGroups(tx)
		return err
	})
	return entries, groups, err
}
