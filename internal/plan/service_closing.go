package plan

import (
	"context"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// freeze keeps what a plan has come to on the day on which it is closed.
func (s *Service) freeze(tx *db.Tx, p Plan, account string, now time.Time) error {
	annex, err := s.Annex(tx, p.ID, clock.Day(now))
	if err != nil {
		return err
	}
	c := closingOf(clock.Day(now), annex)
	c.ClosedBy, c.ClosedMs = account, now.UnixMilli()
	return addClosing(tx, p.ID, c)
}

// ClosingPage is the frozen figures of a plan, or what closing it would freeze.
type ClosingPage struct {
	Plan     Plan
	Figures  Closing
	Frozen   bool
	Same     bool // counted again from the history, the frozen figures come out
	MayClose bool
}

// Closing reads the frozen figures of a plan and counts them again; of an open plan,
// those of today. Who follows or issues the plan sees them. Refusals: plan.plan_unknown,
// plan.plan_not_open while it is a draft.
func (s *Service) Closing(ctx context.Context, planID string) (out ClosingPage, err error) {
	err = s.read(ctx, planID, func(v view) (err error) {
		out = ClosingPage{Plan: v.plan}
		whole, err := v.sees()
		if err != nil {
			return err
		}
		if whole.account != everything {
			return errs.New(errs.NotFound, "plan.plan_unknown")
		}
		day := clock.Day(v.now)
		if v.plan.State == Closed {
			if out.Figures, err = findClosing(v.tx, v.plan.ID); err != nil {
				return err
			}
			out.Frozen, day = true, out.Figures.Day
		} else if !v.plan.open() {
			return errs.New(errs.Conflict, "plan.plan_not_open", "state", string(v.plan.State))
		}
		annex, err := s.Annex(v.tx, v.plan.ID, day)
		if err != nil {
			return err
		}
		again := closingOf(day, annex)
		if !out.Frozen {
			out.Figures = again
		}
		out.Same = out.Figures.sameFigures(again)
		out.MayClose = v.plan.open() && may(v.tx, v.actor, RightIssue, v.plan.Issuer, v.now, &err)
		return err
	})
	return out, err
}
