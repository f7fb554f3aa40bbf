package directory

import (
	"context"
	"slices"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/org"
)

// Service is what a person can do with the shared directories. What agencies there are
// and when they work is public (the API tells it to anybody), so reading asks no right
// here; every change asks for the right over each agency that it touches.
type Service struct {
	DB       *db.DB
	Clock    clock.Clock
	Agencies *org.Directory
	Calendar *calendar.Book
	// Work lists the open work of rooms by kind, for the counts of an agency's page; nil
	// shows none.
	Work map[string]org.Handover
}

const (
	pageSize  = 50
	manage    = "directory.manage"
	editYears = "directory.calendar"
)

func (s *Service) today() string { return clock.Day(s.Clock()) }

// write runs fn for the actor after asking for the right over every agency; "" asks for
// it over the whole province.
func (s *Service) write(ctx context.Context, right string, agencies []string, fn func(tx *db.Tx, who audit.Who) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a := identity.From(ctx)
		if err := s.may(tx, a, right, agencies); err != nil {
			return err
		}
		return fn(tx, a.Who())
	})
}

func (s *Service) may(tx *db.Tx, a identity.Actor, right string, agencies []string) error {
	for _, id := range agencies {
		if id != "" {
			if _, err := org.Find(tx, id); err != nil {
				return err
			}
		}
		if err := identity.Require(tx, a, right, id, s.Clock()); err != nil {
			return err
		}
	}
	return nil
}

// allowed is may as a yes or no: for the buttons of a page.
func (s *Service) allowed(tx *db.Tx, a identity.Actor, right, agency string) (bool, error) {
	if !a.SignedIn() {
		return false, nil
	}
	err := identity.Require(tx, a, right, agency, s.Clock())
	if k := errs.KindOf(err); err != nil && (k == errs.Forbidden || k == errs.Unauthenticated) {
		return false, nil
	}
	return err == nil, err
}

// List is a page of agencies on a day.
type List struct {
	Filter Filter
	Rows   []Listed
	More   bool
	Kinds  []KindCount // how many of each kind match the words
	Total  int64       // of the chosen kind
	Sample bool        // some names are samples
	Today  string
	May    bool // the reader may add agencies to the whole province
}

// KindCount is how many agencies of a kind there are.
type KindCount struct {
	Kind org.Kind
	N    int64
}

// List reads the agencies of a day.
func (s *Service) List(ctx context.Context, f Filter) (List, error) {
	f, err := f.clean(s.today())
	v := List{Filter: f, Today: s.today()}
	if err != nil {
		return v, err
	}
	if f.Limit <= 0 {
		f.Limit = pageSize
	}
	limit := f.Limit
	f.Limit++
	rank, sort, id := -1, "", ""
	if len(f.After) == 3 {
		n, ok := readRank(f.After[0])
		if !ok {
			return v, errs.New(errs.Invalid, "directory.page_unknown")
		}
		rank, sort, id = n, f.After[1], f.After[2]
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		v.Kinds, v.Total = nil, 0
		counts, err := kinds(tx, f.Day, f.Query)
		if err != nil {
			return err
		}
		for _, k := range org.Kinds {
			for _, c := range counts {
				if c.kind != k {
					continue
				}
				v.Kinds = append(v.Kinds, KindCount{Kind: k, N: c.n})
				v.Sample = v.Sample || c.sample
				if f.Kind == "" || f.Kind == k {
					v.Total += c.n
				}
			}
		}
		if v.Rows, err = listed(tx, f, rank, sort, id); err != nil {
			return err
		}
		if v.More = len(v.Rows) > limit; v.More {
			v.Rows = v.Rows[:limit]
		}
		v.May, err = s.allowed(tx, identity.From(ctx), manage, "")
		return err
	})
	return v, err
}

// Node is one agency of the tree.
type Node struct {
	Agency org.Agency
	OnName string
	Below  int64 // how many stand directly below it
}

// Tree is the agencies directly below one, and those directly below each of these.
type Tree struct {
	Day    string
	At     org.Agency   // zero at the top
	Above  []org.Agency // from the top down to At's parent
	Nodes  []Node
	Nested map[string][]Node // by id of a node
}

// treeNested is how many nodes may unfold in one page; larger ones are links.
const treeNested = 400

// Tree reads the tree of a day below an agency ("" from the top).
func (s *Service) Tree(ctx context.Context, at, day string) (Tree, error) {
	f, err := Filter{Day: day}.clean(s.today())
	t := Tree{Day: f.Day}
	if err != nil {
		return t, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		t.Nested, t.Above = map[string][]Node{}, nil
		if at != "" {
			if t.At, err = org.Find(tx, at); err != nil {
				return err
			}
			for id := at; len(t.Above) < 20; {
				if id, err = org.ParentOn(tx, id, f.Day); err != nil || id == "" {
					break
				}
				up, err := org.Find(tx, id)
				if err != nil {
					return err
				}
				t.Above = append([]org.Agency{up}, t.Above...)
			}
			if err != nil {
				return err
			}
		}
		if t.Nodes, err = below(tx, at, f.Day); err != nil {
			return err
		}
		left := int64(treeNested)
		for _, n := range t.Nodes {
			if n.Below == 0 || n.Below > left {
				continue
			}
			left -= n.Below
			if t.Nested[n.Agency.ID], err = below(tx, n.Agency.ID, f.Day); err != nil {
				return err
			}
		}
		return nil
	})
	return t, err
}

// View is everything about one agency.
type View struct {
	Agency       org.Agency
	Day          string
	Parent       org.Agency // zero at the top
	HasParent    bool
	Names        []org.Alias
	Head         org.Holder
	HasHead      bool
	Heads        []org.Holder
	Children     []org.Agency
	Successors   []Succession
	Predecessors []Succession
	AsIs         []org.Agency // who does its work today, when it has ended
	Work         []Count
	Changeable   bool
	Accounts     []person // who may be named as head; only read for the form
}

// Agency reads one agency by id, its tree and head as of a day ("" today).
func (s *Service) Agency(ctx context.Context, id, day string) (View, error) {
	f, err := Filter{Day: day}.clean(s.today())
	v := View{Day: f.Day}
	if err != nil {
		return v, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v.Agency, err = org.Find(tx, id); err != nil {
			return err
		}
		return s.fill(tx, identity.From(ctx), &v)
	})
	return v, err
}

func (s *Service) fill(tx *db.Tx, a identity.Actor, v *View) (err error) {
	id := v.Agency.ID
	parent := v.Agency.ParentID
	if v.Agency.On(v.Day) { // as it was on that day
		if parent, err = org.ParentOn(tx, id, v.Day); err != nil {
			return err
		}
	}
	if v.HasParent = parent != ""; v.HasParent {
		if v.Parent, err = org.Find(tx, parent); err != nil {
			return err
		}
	}
	if v.Names, err = org.Names(tx, id); err != nil {
		return err
	}
	if v.Head, v.HasHead, err = org.Head(tx, id, v.Day); err != nil {
		return err
	}
	if v.Heads, err = org.Heads(tx, id); err != nil {
		return err
	}
	nodes, err := below(tx, id, v.Day)
	if err != nil {
		return err
	}
	v.Children = nil
	for _, n := range nodes {
		n.Agency.Name = n.OnName
		v.Children = append(v.Children, n.Agency)
	}
	if v.Successors, err = successions(tx, id, true); err != nil {
		return err
	}
	if v.Predecessors, err = successions(tx, id, false); err != nil {
		return err
	}
	if !v.Agency.On(s.today()) {
		lines, err := org.ReadLineage(tx)
		if err != nil {
			return err
		}
		v.AsIs = lines.AsIs(id, "", s.today())
	}
	if v.Work, err = s.work(tx, id); err != nil {
		return err
	}
	if v.Changeable, err = s.allowed(tx, a, manage, id); err != nil || !v.Changeable {
		return err
	}
	v.Accounts, err = people(tx, id)
	return err
}

// work counts what is open at an agency, by room.
func (s *Service) work(tx *db.Tx, agencyID string) ([]Count, error) {
	var kinds []string
	for kind := range s.Work {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	var out []Count
	for _, kind := range kinds {
		open, err := s.Work[kind].Open(tx, agencyID)
		if err != nil {
			return nil, err
		}
		c := Count{Kind: kind, N: len(open)}
		for _, w := range open {
			if w.DueDay != "" && w.DueDay < s.today() {
				c.Late++
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// AgencyByCode reads an agency by any code it ever had.
func (s *Service) AgencyByCode(ctx context.Context, code string) (View, error) {
	v := View{Day: s.today()}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		a, found, err := org.FindByCode(tx, code, "")
		if err != nil {
			return err
		}
		if !found {
			return errs.New(errs.NotFound, "org.agency_unknown")
		}
		v.Agency = a
		return s.fill(tx, identity.From(ctx), &v)
	})
	return v, err
}

// Choices reads every agency of a day for a list to choose from.
func (s *Service) Choices(ctx context.Context, day string) (all []org.Agency, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = org.List(tx, day)
		return err
	})
	return all, err
}
