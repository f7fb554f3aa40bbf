package plan

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/notice"
)

// Messenger tells a person something in the same transaction; notice.Service is one.
type Messenger interface {
	Send(tx *db.Tx, n notice.Notice) error
}

// Service is what people can do with plans. Each method is one transaction: may they?
// read, decide, write, record, announce.
type Service struct {
	db    *db.DB
	clock clock.Clock
	log   *audit.Log
	tell  Messenger // nil: nobody is told, the record stays

	figures IndicatorBook // what targets can be measured by; nil while nothing measures
	people  People        // whose links act; nil while none is made
}

// New makes the service of the room.
func New(d *db.DB, c clock.Clock, log *audit.Log, tell Messenger) *Service {
	return &Service{db: d, clock: c, log: log, tell: tell}
}

// act is one act on one assignment: what was read, who does it and when.
type act struct {
	s      *Service
	tx     *db.Tx
	who    audit.Who
	now    time.Time
	day    string
	plan   Plan
	task   Task
	a      Assignment
	before Assignment
	bulk   *bulk // nil except while a history is loaded
}

// bulk gathers the history of one assignment while a long past is loaded: the same
// rows, but stretches of days and the assignment are written once, at the end, and
// nothing is announced: what happened years ago is no news.
type bulk struct{ history []Event }

// anyVersion is for acts whose form carries the version of another record, which
// they check themselves.
const anyVersion = -1

// on runs fn on an assignment in one transaction, after the checks that every act
// shares: the actor sees it and holds the right over its agency, the form is not
// stale, the plan is open. Refusals: plan.assignment_unknown, plan.changed_meanwhile,
// plan.plan_not_open and those of identity.Require.
func (s *Service) on(ctx context.Context, id string, version int64, right string, fn func(*act) error) (Assignment, error) {
	actor, now := identity.From(ctx), s.clock()
	var out Assignment
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := findAssignment(tx, id)
		if err != nil {
			return err
		}
		if err := seen(tx, actor, right, a, now); err != nil {
			return err
		}
		out, err = s.onTx(tx, actor, now, a, version, fn)
		return err
	})
	return out, err
}

// onTx is on inside a transaction, for an assignment that the actor was found to reach.
func (s *Service) onTx(tx *db.Tx, actor identity.Actor, now time.Time, a Assignment, version int64, fn func(*act) error) (Assignment, error) {
	if version != a.Version && version != anyVersion {
		return a, errs.New(errs.Conflict, "plan.changed_meanwhile")
	}
	x := &act{s: s, tx: tx, who: actor.Who(), now: now, day: clock.Day(now), a: a, before: a}
	var err error
	if x.plan, err = findPlan(tx, a.PlanID); err != nil {
		return a, err
	}
	if !x.plan.open() {
		return a, errs.New(errs.Conflict, "plan.plan_not_open", "state", string(x.plan.State))
	}
	if x.task, err = findTask(tx, a.TaskID); err != nil {
		return a, err
	}
	if err := fn(x); err != nil {
		return a, err
	}
	return x.a, nil
}

// seen requires a right over the agency of an assignment from somebody who sees it.
func seen(tx *db.Tx, actor identity.Actor, right string, a Assignment, now time.Time) error {
	return identity.RequireSeen(tx, actor, RightView, right, a.Agency, now, errs.New(errs.NotFound, "plan.assignment_unknown"))
}

// move takes the assignment along the table of moves.
func (x *act) move(name string) error {
	to, err := AssignmentMoves.Next(x.a.Standing, name, "plan.assignment_wrong_state")
	if err == nil {
		x.a.Standing = to
	}
	return err
}

// leads refuses what only a leading agency does.
func (x *act) leads() error {
	if x.a.Role != Lead {
		return errs.New(errs.Forbidden, "plan.only_the_lead")
	}
	return nil
}

// finish writes the assignment, its history and stretches of days, the audit entry
// and the announcement.
func (x *act) finish(e Entry, entry audit.Entry, fact event.Fact) error {
	if err := x.keep(e); err != nil {
		return err
	}
	entry.Subject, entry.Agency = "plan_assignment:"+x.a.ID, x.a.Agency
	entry.Before, entry.After = stateOf(x.before), stateOf(x.a)
	if err := x.s.log.Record(x.tx, x.who, entry); err != nil {
		return err
	}
	x.before = x.a
	if fact == nil || x.bulk != nil {
		return nil
	}
	return event.Post(x.tx, x.now, fact)
}

// keep writes the assignment and appends to its history.
func (x *act) keep(e Entry) error {
	x.a.UpdatedMs = x.now.UnixMilli()
	e.ID, e.Day, e.AtMs = db.NewID(), x.day, x.now.UnixMilli()
	e.Account, e.Name, e.ByAgency = x.who.Account, x.who.Name, x.who.Agency
	if e.Percent == 0 {
		e.Percent = x.a.Progress
	}
	if err := x.count(e.Move); err != nil {
		return err
	}
	if x.bulk != nil {
		x.bulk.history = append(x.bulk.history, Event{Move: e.Move, Day: e.Day, Due: e.Due})
		return placeEntry(x.tx, x.a, e, len(x.bulk.history))
	}
	if err := addEntry(x.tx, x.a, e); err != nil {
		return err
	}
	if x.a.Role == Lead {
		history, err := historyOf(x.tx, x.a.ID)
		if err != nil {
			return err
		}
		list, done := phases(history)
		x.a.DoneDay = done
		if err := savePhases(x.tx, x.a, x.task.Area, list); err != nil {
			return err
		}
	}
	if err := saveAssignment(x.tx, x.a); err != nil {
		return err
	}
	x.a.Version++
	return nil
}

// flush writes what a bulk act gathered.
func (x *act) flush() error {
	if x.a.Role == Lead {
		list, done := phases(x.bulk.history)
		x.a.DoneDay = done
		if err := savePhases(x.tx, x.a, x.task.Area, list); err != nil {
			return err
		}
	}
	return saveAssignment(x.tx, x.a)
}

// stateOf is what the audit log keeps of an assignment: no name of a person.
func stateOf(a Assignment) map[string]any {
	return map[string]any{"standing": a.Standing, "progress": a.Progress, "due": a.EffectiveDue, "submitted": a.SubmittedDay,
		"done": a.DoneDay, "version": a.Version}
}

// scopeOf is the reach of a reader with a right at a moment.
func scopeOf(actor identity.Actor, right string, now time.Time) scope {
	return scope{account: actor.Reach(right), right: right, nowMs: now.UnixMilli()}
}

// soon is the last day that counts as "due soon" on a day: seven working days ahead,
// and the days off that follow them.
func soon(tx *db.Tx, agency, day string) (string, error) {
	c, err := calendar.Load(tx, agency)
	if err != nil {
		return "", err
	}
	return addDays(c.AddWorkingDays(day, SoonDays+1), -1), nil
}
