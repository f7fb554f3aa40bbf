package procedure

import (
	"context"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Announcement is the decision by which a version is announced (quyết định công bố).
type Announcement struct {
	From          string // first day in force
	Decision      string // number
	DecisionDay   string
	EffectiveDay  string // newest day on which a legal basis takes effect, "" unknown
	AcceptUnknown bool   // the reader knows that a limit is not stated: receipts give no promise
}

func (n Announcement) wellFormed(today string) error {
	var l errs.List
	day := func(field, value string, needed bool, last string) {
		t, err := clock.ParseDay(value)
		if (value != "" || needed) && (err != nil || clock.Day(t) != value || value > last) {
			l = append(l, errs.OnField(field, "procedure.day_unreadable"))
		}
	}
	day("from", n.From, true, LastDay)
	day("decision_day", n.DecisionDay, true, today)
	day("effective_day", n.EffectiveDay, false, LastDay)
	if n.Decision == "" {
		l = append(l, errs.OnField("decision", "procedure.decision_missing"))
	}
	return l.Err()
}

// Publish announces a version: from its first day on it is in force and the one before
// ends the day before. Somebody else than who wrote it publishes. Refusals:
// procedure.own_draft, procedure.decision_missing, procedure.day_unreadable,
// procedure.from_before_last, procedure.limit_unknown, procedure.group_missing,
// procedure.wrong_state, procedure.check_failed (Check says what).
func (s *Service) Publish(ctx context.Context, id string, version int64, n Announcement) (Version, error) {
	n.Decision = text.Clean(n.Decision)
	return s.on(ctx, id, version, RightPublish, "procedure.publish", "", func(tx *db.Tx, p *Procedure, v *Version, a identity.Actor, now time.Time) (err error) {
		if a.AccountID == v.DraftedBy || a.AccountID == v.EditedBy {
			return errs.New(errs.Forbidden, "procedure.own_draft")
		}
		if v.State, err = VersionMoves.Next(v.State, "publish", "procedure.wrong_state"); err != nil {
			return err
		}
		if err := n.wellFormed(clock.Day(now)); err != nil {
			return err
		}
		if err := publishable(tx, *p, *v, n); err != nil {
			return err
		}
		v.From, v.To, v.Decision, v.DecisionDay, v.EffectiveDay = n.From, LastDay, n.Decision, n.DecisionDay, n.EffectiveDay
		v.PublishedDay, v.PublishedBy, v.AcceptUnknown = clock.Day(now), a.AccountID, n.AcceptUnknown
		return announce(tx, p, *v, now)
	})
}

// publishable asks for everything that publishing needs.
func publishable(tx *db.Tx, p Procedure, v Version, n Announcement) error {
	list := Check(p.Kind, v.Content)
	if err := refusal(list); err != nil {
		return err
	}
	if _, unknown := Stands(list); unknown && !n.AcceptUnknown {
		return errs.OnField("accept_unknown", "procedure.limit_unknown")
	}
	if p.Kind == GroupOf {
		if _, found, err := groupOn(tx, p.Key, n.From); err != nil || !found {
			if err == nil {
				err = errs.New(errs.Conflict, "procedure.group_missing", "day", n.From)
			}
			return err
		}
	}
	return nil
}

// announce ends the version before, moves the procedure and tells the other rooms. The
// version itself is written by the caller.
func announce(tx *db.Tx, p *Procedure, v Version, now time.Time) error {
	list, err := versionsOf(tx, p.ID, false)
	if err != nil {
		return err
	}
	for _, old := range list {
		if old.From >= v.From {
			return errs.OnField("from", "procedure.from_before_last", "day", old.From)
		}
	}
	if len(list) > 0 && list[0].To >= v.From {
		if err := endVersion(tx, list[0].ID, dayBefore(v.From)); err != nil {
			return err
		}
	}
	move := "publish"
	if p.State == Published || p.State == Amended {
		move = "amend"
	}
	if p.State, err = Moves.Next(p.State, move, "procedure.wrong_state"); err != nil {
		return err
	}
	p.name(v.Content)
	if err := saveProcedure(tx, *p); err != nil {
		return err
	}
	return event.Post(tx, now, event.ProcedurePublished{ProcedureID: p.ID, VersionID: v.ID, FromDay: v.From})
}

// dayBefore is the day before a well-formed one.
func dayBefore(day string) string {
	t, err := clock.ParseDay(day)
	if err != nil {
		return day
	}
	return clock.Day(t.AddDate(0, 0, -1))
}

// Abolish ends a procedure: last is its last day in force. Dossiers received until then
// go on. The version is that of the procedure. Refusals: procedure.unknown,
// procedure.changed_meanwhile, procedure.wrong_state, procedure.draft_open,
// procedure.decision_missing, procedure.day_unreadable, procedure.last_before_first.
func (s *Service) Abolish(ctx context.Context, key string, version int64, last, decision, decisionDay string) error {
	decision = text.Clean(decision)
	return s.write(ctx, RightPublish, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		p, err := findProcedure(tx, key)
		if err != nil {
			return err
		}
		if p.Version != version {
			return errs.New(errs.Conflict, "procedure.changed_meanwhile")
		}
		if p.State, err = Moves.Next(p.State, "abolish", "procedure.wrong_state"); err != nil {
			return err
		}
		if err := (Announcement{From: last, Decision: decision, DecisionDay: decisionDay}).wellFormed(clock.Day(now)); err != nil {
			return err
		}
		if _, open, err := openVersion(tx, p.ID); err != nil || open {
			if err == nil {
				err = errs.New(errs.Conflict, "procedure.draft_open")
			}
			return err
		}
		list, err := versionsOf(tx, p.ID, false)
		if err != nil {
			return err
		}
		v := list[0] // what is published has a version
		if last < v.From {
			return errs.OnField("last", "procedure.last_before_first", "day", v.From)
		}
		if err := endVersion(tx, v.ID, last); err != nil {
			return err
		}
		if err := saveProcedure(tx, p); err != nil {
			return err
		}
		v.To, v.Decision = last, decision
		return s.record(tx, a, "procedure.abolish", p, v, "")
	})
}
