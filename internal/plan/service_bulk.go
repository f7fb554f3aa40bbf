package plan

import (
	"context"
	"slices"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// BulkMost is how many assignments one bulk act takes: a province has some 150 agencies,
// and a page of confirmations that nobody reads confirms nothing.
const BulkMost = 200

// BulkActs are what can be done to several assignments at once, in the order offered.
var BulkActs = []string{"approve", "acknowledge", "remind"}

// Pick is an assignment that somebody ticked, as they saw it.
type Pick struct {
	ID      string
	Version int64
}

// Chosen is a ticked assignment with what the person may do to it now.
type Chosen struct {
	Assignment Assignment
	Code       string
	Content    string
	AgencyName string
	Acts       []string // of BulkActs
	Err        error    // why the act was refused, after it
}

// Choose reads the ticked assignments for the page that asks once for all of them. What
// is out of reach is left out, as if it were not there. Refusals: plan.bulk_nothing,
// plan.bulk_too_many.
func (s *Service) Choose(ctx context.Context, ids []string) (list []Chosen, err error) {
	if err := fewEnough(len(ids)); err != nil {
		return nil, err
	}
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		for _, id := range ids {
			if slices.ContainsFunc(list, func(c Chosen) bool { return c.Assignment.ID == id }) {
				continue
			}
			a, err := findAssignment(tx, id)
			if err == nil {
				err = seen(tx, actor, RightView, a, now)
			}
			if errs.KindOf(err) == errs.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			v, err := s.openAssignment(tx, a, clock.Day(now))
			if err != nil {
				return err
			}
			c := Chosen{Assignment: a, Code: v.Task.Code, Content: v.Task.Content, AgencyName: v.AgencyName}
			moves, err := s.possible(tx, actor, v, now)
			if err != nil {
				return err
			}
			if !a.finished() && a.Standing != Submitted && a.Standing != Paused && identity.Require(tx, actor, RightUrge, a.Agency, now) == nil {
				moves = append(moves, "remind")
			}
			for _, act := range BulkActs {
				if slices.Contains(moves, act) {
					c.Acts = append(c.Acts, act)
				}
			}
			list = append(list, c)
		}
		return nil
	})
	if err == nil && len(list) == 0 {
		err = errs.New(errs.Invalid, "plan.bulk_nothing")
	}
	return list, err
}

func fewEnough(n int) error {
	switch {
	case n == 0:
		return errs.New(errs.Invalid, "plan.bulk_nothing")
	case n > BulkMost:
		return errs.New(errs.Invalid, "plan.bulk_too_many", "most", BulkMost)
	}
	return nil
}

// ActOnAll does one act to every picked assignment, each in a transaction of its own
// with every check of the single act: one that is refused says why and stops no other.
// A second run finds nothing to do twice, for each pick carries its version. Refusals:
// plan.bulk_act_unknown, plan.bulk_nothing, plan.bulk_too_many.
func (s *Service) ActOnAll(ctx context.Context, act string, picks []Pick, words string) ([]Chosen, error) {
	if !slices.Contains(BulkActs, act) {
		return nil, errs.OnField("act", "plan.bulk_act_unknown")
	}
	if err := fewEnough(len(picks)); err != nil {
		return nil, err
	}
	ids := make([]string, len(picks))
	for i, p := range picks {
		ids[i] = p.ID
	}
	list, err := s.Choose(ctx, ids)
	if err != nil {
		return nil, err
	}
	today := clock.Day(s.clock())
	for i := range list {
		c := &list[i]
		at := slices.IndexFunc(picks, func(p Pick) bool { return p.ID == c.Assignment.ID })
		switch act {
		case "approve":
			_, c.Err = s.Approve(ctx, c.Assignment.ID, picks[at].Version, words)
		case "acknowledge":
			_, c.Err = s.Acknowledge(ctx, c.Assignment.ID, picks[at].Version, "")
		default: // the head hears of what is late
			level := 1
			if c.Assignment.EffectiveDue < today {
				level = 2
			}
			_, c.Err = s.Remind(ctx, c.Assignment.ID, level, words)
		}
		if c.Err != nil && errs.KindOf(c.Err) == "" {
			return list, c.Err // not a refusal: the machine failed
		}
	}
	return list, nil
}
