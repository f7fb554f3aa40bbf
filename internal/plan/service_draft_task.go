package plan

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// AddTask puts a new task into a draft; it gets the next free code. Refusals:
// plan.plan_not_draft, plan.task_content_missing, plan.task_kind, plan.task_milestones.
func (s *Service) AddTask(ctx context.Context, t Task) (Task, error) {
	_, err := s.onPlan(ctx, t.PlanID, anyVersion, RightDraft, func(tx *db.Tx, p *Plan, actor identity.Actor, now time.Time) error {
		if !p.editable() {
			return errs.New(errs.Conflict, "plan.plan_not_draft")
		}
		if err := t.wellFormed(); err != nil {
			return err
		}
		c := Change{After: t}
		if err := newcomer(tx, p.ID, &c, nil, -1); err != nil {
			return err
		}
		t = c.After
		if err := addTask(tx, t, now.UnixMilli()); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.task_add", Subject: "plan_task:" + t.ID, Agency: p.Secretariat, After: t})
	})
	return t, err
}

// RemoveTask takes a task out of a draft, with its doubts; what was never issued leaves
// no trace but the log. Refusals: plan.plan_not_draft, plan.changed_meanwhile.
func (s *Service) RemoveTask(ctx context.Context, id string, version int64) (t Task, err error) {
	if err = s.db.Read(ctx, func(tx *db.Tx) error { t, err = findTask(tx, id); return err }); err != nil {
		return t, err
	}
	_, err = s.onPlan(ctx, t.PlanID, anyVersion, RightDraft, func(tx *db.Tx, p *Plan, actor identity.Actor, _ time.Time) error {
		if t, err = findTask(tx, id); err != nil {
			return err
		}
		switch {
		case !p.editable():
			return errs.New(errs.Conflict, "plan.plan_not_draft")
		case t.Version != version:
			return errs.New(errs.Conflict, "plan.changed_meanwhile")
		}
		if err := deleteTask(tx, id); err != nil {
			return err
		}
		return s.log.Record(tx, actor.Who(), audit.Entry{Kind: "plan.task_remove", Subject: "plan_task:" + id, Agency: p.Secretariat, Before: t})
	})
	return t, err
}
