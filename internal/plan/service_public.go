package plan

import (
	"context"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// published says whether a plan is for everybody: issued, whatever came after.
func (p Plan) published() bool { return p.open() || p.State == Closed }

// PublicPlans lists the issued plans of a year (0: of all) for everybody.
func (s *Service) PublicPlans(ctx context.Context, year int) (list []Plan, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := listPlans(tx, scope{account: everything}, year)
		list = nil
		for _, p := range all {
			if p.published() {
				list = append(list, p)
			}
		}
		return err
	})
	return list, err
}

// PublicPlan reads one issued plan for everybody; a draft is plan.plan_unknown.
func (s *Service) PublicPlan(ctx context.Context, id string) (p Plan, err error) {
	err = s.public(ctx, id, func(v view) error { p = v.plan; return nil })
	return p, err
}

// PublicStatus says where an issued plan stands on a day: figures only.
func (s *Service) PublicStatus(ctx context.Context, id, day string, f Filter) (out Status, err error) {
	err = s.public(ctx, id, func(v view) error {
		q, err := v.ask(day, f)
		if err != nil {
			return err
		}
		out, err = status(v.tx, q)
		return err
	})
	return out, err
}

// PublicTasks lists the tasks of an issued plan on a day for everybody: confidential
// ones are left out, and a row names agencies, never persons.
func (s *Service) PublicTasks(ctx context.Context, id, day string) (rows []TaskRow, err error) {
	err = s.public(ctx, id, func(v view) error {
		q, err := v.ask(day, Filter{})
		if err != nil {
			return err
		}
		all, err := taskRows(v.tx, q)
		rows = nil
		for _, r := range all {
			if r.Task.Note = ""; !r.Task.Confidential {
				rows = append(rows, r)
			}
		}
		return err
	})
	return rows, err
}

// public opens an issued plan for everybody.
func (s *Service) public(ctx context.Context, id string, fn func(view) error) error {
	return s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := findPlan(tx, id)
		if err != nil {
			return err
		}
		if !p.published() {
			return errs.New(errs.NotFound, "plan.plan_unknown")
		}
		return fn(view{tx: tx, now: s.clock(), scope: scope{account: everything}, plan: p})
	})
}
