package plan

import (
	"context"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/org"
)

// shownOf is how many assignments of a kind the page of an agency lists; the figure
// above them opens the rest.
const shownOf = 12

// AgencyPage is one agency in a plan as its head needs it: what is late, what comes next,
// what waits for others, and what nobody has said a word about.
type AgencyPage struct {
	Plan     Plan
	Agency   org.Agency
	Head     string // "" when nobody holds the post
	Status   Status
	Parts    []AgencyPart
	Silent   []indicator.Record
	SilentN  int64
	Requests int // extensions that wait for a decision
}

// AgencyPart is one kind of work of the page, the most pressing first.
type AgencyPart struct {
	Figure Figure
	Lines  []Line
}

// agencyParts are the kinds of work, in the order of the page: a head reads from the top.
var agencyParts = []Figure{FigureOverdue, FigureDueSoon, FigureAwaiting, FigureNotStarted}

// AgencyPage reads an agency with the units below it in a plan on a day ("" today).
// NotFound plan.agency_unknown: also for an agency out of reach.
func (s *Service) AgencyPage(ctx context.Context, planID, agency, day string) (out AgencyPage, err error) {
	err = s.read(ctx, planID, func(v view) error {
		out = AgencyPage{Plan: v.plan}
		var err error
		if out.Agency, err = org.Find(v.tx, agency); err != nil {
			if errs.KindOf(err) == errs.NotFound {
				err = errs.New(errs.NotFound, "plan.agency_unknown")
			}
			return err
		}
		if err := identity.Require(v.tx, v.actor, RightView, agency, v.now); err != nil {
			if errs.KindOf(err) == errs.Forbidden || errs.KindOf(err) == errs.NotFound {
				err = errs.New(errs.NotFound, "plan.agency_unknown")
			}
			return err
		}
		q, err := v.ask(day, Filter{Agency: agency})
		if err != nil {
			return err
		}
		if h, found, err := org.Head(v.tx, agency, q.day); err != nil {
			return err
		} else if found {
			out.Head = h.PersonName
		}
		if out.Status, err = status(v.tx, q); err != nil {
			return err
		}
		for _, f := range agencyParts {
			lines, err := assignmentsBehind(v.tx, q, f, "", "", shownOf)
			if err != nil {
				return err
			}
			out.Parts = append(out.Parts, AgencyPart{Figure: f, Lines: lines})
		}
		if out.SilentN, err = countSilent(v.tx, q, silentSince(q.day)); err != nil {
			return err
		}
		if out.Silent, err = silentOnes(v.tx, q, silentSince(q.day), "", "", shownOf); err != nil {
			return err
		}
		out.Requests, err = countRequests(v.tx, v.plan.ID, agency)
		return err
	})
	return out, err
}

// Own finds the plan that the province carries out now and the agency of the reader, for
// the link "my agency"; found is false for whoever belongs to no agency.
func (s *Service) Own(ctx context.Context) (planID, agency string, found bool, err error) {
	actor := identity.From(ctx)
	if actor.AgencyID == "" {
		return "", "", false, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, there, err := s.Provincial(tx, actor, 0)
		planID, agency, found = p.ID, actor.AgencyID, there
		return err
	})
	return planID, agency, found, err
}
