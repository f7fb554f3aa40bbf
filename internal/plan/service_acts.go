package plan

import (
	"context"
	"slices"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/identity"
)

// AssignmentPage is an assignment with what its page offers this reader.
type AssignmentPage struct {
	AssignmentView
	Day         string
	Offers      []string          // acts that the reader may do now, the obvious one first
	Blocked     error             // why a result waits for somebody else, nil when nothing is in the way
	Names       map[string]string // agencies by id
	OfficerName string
	Own         bool // the reader belongs to the agency
	Decides     bool // the reader may decide the extension that is asked for
	NoDecision  error

	AcceptsPeriods bool // the reader may accept what came for a period
}

// waiting is the extension that is asked for, if any.
func (p AssignmentPage) waiting() (Extension, bool) {
	i := slices.IndexFunc(p.Extensions, func(e Extension) bool { return e.State == "requested" })
	if i < 0 {
		return Extension{}, false
	}
	return p.Extensions[i], true
}

// offers says whether the page offers an act.
func (p AssignmentPage) offers(act string) bool { return slices.Contains(p.Offers, act) }

// actOrder is which act is the obvious next one when several are possible.
var actOrder = []string{"approve", "decide", "acknowledge", "resume", "submit", "progress", "return", "remind", "ask_extension", "input", "pause"}

// place orders the acts of a reader: what the agency itself does comes last for
// somebody of another agency who may do it as well (the secretariat).
func place(act string, own bool) int {
	n := slices.Index(actOrder, act)
	switch act {
	case "acknowledge", "submit", "progress", "ask_extension", "input":
		if !own {
			n += len(actOrder)
		}
	}
	return n
}

// AssignmentPage reads one assignment for its page; see Assignment.
func (s *Service) AssignmentPage(ctx context.Context, id string) (out AssignmentPage, err error) {
	v, err := s.Assignment(ctx, id)
	if err != nil {
		return out, err
	}
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		out = AssignmentPage{AssignmentView: v, Day: clock.Day(now)}
		if out.Names, err = agencyNames(tx, v.Task.ID); err != nil {
			return err
		}
		if v.Assignment.Officer != "" {
			if out.OfficerName, err = accountName(tx, v.Assignment.Officer); err != nil {
				return err
			}
		}
		x := &act{s: s, tx: tx, who: actor.Who(), now: now, day: out.Day, plan: v.Plan, task: v.Task, a: v.Assignment}
		out.Offers = slices.Clone(v.Moves)
		if !v.Plan.open() {
			return nil
		}
		holds := func(right string) bool { return may(tx, actor, right, v.Assignment.Agency, now, &err) }
		if v.Assignment.Standing == Submitted && holds(RightApprove) {
			out.Blocked = x.independent()
		}
		if len(v.Periods) > 0 && holds(RightApprove) {
			out.AcceptsPeriods = x.independent() == nil
		}
		e, asked := out.waiting()
		if v.Assignment.Role == Lead && !asked && x.mayExtend(addDays(v.Assignment.EffectiveDue, 1)) == nil && holds(RightExtend) {
			out.Offers = append(out.Offers, "ask_extension")
		}
		if st := v.Assignment.Standing; st != Approved && st != Cancelled && st != Submitted && st != Paused && v.Assignment.Role == Lead && holds(RightUrge) {
			out.Offers = append(out.Offers, "remind")
		}
		if v.Assignment.Standing != Cancelled && holds(RightReport) {
			out.Offers = append(out.Offers, "input")
		}
		if asked && holds(RightDecideExtension) {
			out.NoDecision = x.mayDecide(e)
			if out.Decides = out.NoDecision == nil; out.Decides {
				out.Offers = append(out.Offers, "decide")
			}
		}
		own, fault := within(tx, v.Assignment.Agency, actor.AgencyID)
		if fault != nil {
			return fault
		}
		out.Own = own
		slices.SortStableFunc(out.Offers, func(a, b string) int { return place(a, own) - place(b, own) })
		if errs.KindOf(out.Blocked) == "" && out.Blocked != nil {
			return out.Blocked
		}
		return err
	})
	return out, err
}

// mayDecide refuses who belongs to the agency that asks, as DecideExtension does.
func (x *act) mayDecide(e Extension) error {
	own, err := x.ownWork(x.who.Agency)
	if err == nil && (own || x.who.Account == e.RequestedBy) {
		err = errs.New(errs.Forbidden, "plan.own_work")
	}
	return err
}

// Officers lists the people of the agency of an assignment that the reader sees.
func (s *Service) Officers(ctx context.Context, id string) (list []Named, err error) {
	actor, now := identity.From(ctx), s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := findAssignment(tx, id)
		if err != nil {
			return err
		}
		if err := seen(tx, actor, RightReport, a, now); err != nil {
			return err
		}
		list, err = officersOf(tx, a.Agency)
		return err
	})
	return list, err
}

// PeriodPage finds the assignment page and the item of a period.
func (s *Service) PeriodPage(ctx context.Context, id string) (out AssignmentPage, item PeriodItem, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error { item, err = findPeriod(tx, id); return err })
	if err == nil {
		out, err = s.AssignmentPage(ctx, item.Assignment)
	}
	return out, item, err
}

// ExtensionPage finds the assignment page and the wish for a later deadline.
func (s *Service) ExtensionPage(ctx context.Context, id string) (out AssignmentPage, e Extension, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error { e, err = findExtension(tx, id); return err })
	if err == nil {
		out, err = s.AssignmentPage(ctx, e.Assignment)
	}
	return out, e, err
}

// OwnDocument finds a document that the reader kept for an assignment's agency but has
// not tied to anything yet. Refusal: file.missing for every other one.
func (s *Service) OwnDocument(ctx context.Context, assignment, id string) (d file.Document, err error) {
	actor := identity.From(ctx)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := findAssignment(tx, assignment)
		if err != nil {
			return err
		}
		if d, err = file.Get(tx, id); err != nil {
			return err
		}
		if d.AgencyID != a.Agency || d.CreatedBy != actor.AccountID {
			return errs.New(errs.NotFound, "file.missing")
		}
		return nil
	})
	return d, err
}
