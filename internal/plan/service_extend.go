package plan

import (
	"context"
	"strconv"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/notice"
	"cchc/internal/org"
	"cchc/internal/text"
)

// RequestExtension asks for a later deadline (xin gia hạn), before the current one
// has passed (the model of QĐ 42/2014/QĐ-TTg). Refusals: plan.extension_after_due,
// plan.extension_day, plan.extension_undated, plan.extension_twice, plan.extension_waiting,
// plan.reason_missing, plan.only_the_lead.
func (s *Service) RequestExtension(ctx context.Context, id string, version int64, newDay, reason string) (Extension, error) {
	var e Extension
	_, err := s.on(ctx, id, version, RightExtend, func(x *act) (err error) { e, err = x.askExtension(newDay, reason); return err })
	return e, err
}

func (x *act) askExtension(newDay, reason string) (e Extension, err error) {
	if err := x.leads(); err != nil {
		return e, err
	}
	if err := x.mayExtend(newDay); err != nil {
		return e, err
	}
	if reason = text.Clean(reason); reason == "" {
		return e, errs.OnField("reason", "plan.reason_missing")
	}
	all, err := extensionsOf(x.tx, x.a.ID)
	if err != nil {
		return e, err
	}
	for _, old := range all {
		if old.State == "requested" {
			return e, errs.New(errs.Conflict, "plan.extension_waiting")
		}
	}
	e = Extension{ID: db.NewID(), PlanID: x.a.PlanID, Assignment: x.a.ID, Agency: x.a.Agency, OldDay: x.a.EffectiveDue, NewDay: newDay, Reason: reason,
		State: "requested", RequestedBy: x.who.Account, RequestedMs: x.now.UnixMilli(), Version: 1}
	if err := addExtension(x.tx, e); err != nil {
		return e, err
	}
	return e, x.finish(Entry{Move: "ask_extension", Due: newDay, Text: reason}, audit.Entry{Kind: "plan.extension_request", Reason: reason},
		event.PlanExtensionRequested{ExtensionID: e.ID, AssignmentID: x.a.ID, AgencyID: x.a.Agency})
}

func (x *act) mayExtend(newDay string) error {
	switch {
	case x.a.finished() || x.a.Standing == Submitted:
		return errs.New(errs.Conflict, "plan.assignment_wrong_state", "state", string(x.a.Standing), "move", "ask_extension")
	case !x.a.Dated:
		return errs.New(errs.Conflict, "plan.extension_undated")
	case x.day > x.a.EffectiveDue:
		return errs.New(errs.Conflict, "plan.extension_after_due", "day", x.a.EffectiveDue)
	case x.a.Extensions >= MaxExtensions:
		return errs.New(errs.Conflict, "plan.extension_twice", "max", MaxExtensions)
	}
	if t, err := clock.ParseDay(newDay); err != nil || clock.Day(t) != newDay || newDay <= x.a.EffectiveDue || newDay >= NoDay {
		return errs.OnField("new_day", "plan.extension_day", "day", x.a.EffectiveDue)
	}
	return nil
}

// DecideExtension grants a later deadline or not (duyệt gia hạn). The deadline first
// set stays and is published beside. Refusals: plan.extension_decided, plan.own_work,
// plan.reason_missing (a refusal says why).
func (s *Service) DecideExtension(ctx context.Context, id string, version int64, grant bool, words, document string) (Extension, error) {
	var e Extension
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) { e, err = findExtension(tx, id); return err }); err != nil {
		return e, err
	}
	_, err := s.on(ctx, e.Assignment, anyVersion, RightDecideExtension, func(x *act) (err error) {
		if e, err = findExtension(x.tx, id); err != nil {
			return err
		}
		if e.Version != version {
			return errs.New(errs.Conflict, "plan.changed_meanwhile")
		}
		if e.State != "requested" {
			return errs.New(errs.Conflict, "plan.extension_decided", "state", e.State)
		}
		if x.a.finished() {
			return errs.New(errs.Conflict, "plan.assignment_wrong_state", "state", string(x.a.Standing), "move", "extend")
		}
		return x.decide(&e, grant, words, document)
	})
	return e, err
}

func (x *act) decide(e *Extension, grant bool, words, document string) error {
	own, err := x.ownWork(x.who.Agency)
	if err != nil {
		return err
	}
	if own || x.who.Account == e.RequestedBy {
		return errs.New(errs.Forbidden, "plan.own_work")
	}
	if words = text.Clean(words); !grant && words == "" {
		return errs.OnField("reason", "plan.reason_missing")
	}
	e.State, e.DecidedBy, e.DecidedMs, e.DecisionText, e.Document = "rejected", x.who.Account, x.now.UnixMilli(), words, text.Clean(document)
	entry := Entry{Move: "refuse_extension", Due: e.NewDay, Text: words, Document: e.Document}
	if grant {
		e.State, entry.Move = "approved", "extend"
		x.a.EffectiveDue = e.NewDay
		x.a.Extensions++
	}
	if err := saveExtension(x.tx, *e); err != nil {
		return err
	}
	e.Version++
	return x.finish(entry, audit.Entry{Kind: "plan.extension_decide", Reason: words},
		event.PlanExtensionDecided{ExtensionID: e.ID, AssignmentID: x.a.ID, AgencyID: x.a.Agency, Granted: grant})
}

// Pause stops an assignment for a stated reason (tạm dừng): it keeps the class it had.
func (s *Service) Pause(ctx context.Context, id string, version int64, reason string) (Assignment, error) {
	return s.on(ctx, id, version, RightAssign, func(x *act) error {
		if reason = text.Clean(reason); reason == "" {
			return errs.OnField("reason", "plan.reason_missing")
		}
		before := x.a.Standing
		if err := x.move("pause"); err != nil {
			return err
		}
		x.a.Before = before
		return x.finish(Entry{Move: "pause", Text: reason}, audit.Entry{Kind: "plan.assignment_pause", Reason: reason}, nil)
	})
}

// Resume goes on where the assignment was paused.
func (s *Service) Resume(ctx context.Context, id string, version int64) (Assignment, error) {
	return s.on(ctx, id, version, RightAssign, func(x *act) error {
		goal := x.a.resumeTo()
		if err := x.move("resume"); err != nil {
			return err
		}
		x.a.Standing, x.a.Before = goal, ""
		return x.finish(Entry{Move: "resume"}, audit.Entry{Kind: "plan.assignment_resume"}, nil)
	})
}

// Remind urges the agency of one assignment (đôn đốc): a record, and a notice to the
// officer, else to the head. The same level goes out once a day. Refusals:
// plan.remind_level, plan.remind_twice, plan.assignment_wrong_state.
func (s *Service) Remind(ctx context.Context, id string, level int, words string) (Assignment, error) {
	return s.on(ctx, id, anyVersion, RightUrge, func(x *act) error {
		if level < 0 || level > 6 {
			return errs.OnField("level", "plan.remind_level")
		}
		if x.a.finished() || x.a.Standing == Submitted || x.a.Standing == Paused {
			return errs.New(errs.Conflict, "plan.assignment_wrong_state", "state", string(x.a.Standing), "move", "remind")
		}
		words = text.Clean(words)
		fresh, err := addReminder(x.tx, x.a, level, x.day, x.now.UnixMilli(), x.who.Account, words)
		if err != nil {
			return err
		}
		if !fresh {
			return errs.New(errs.Conflict, "plan.remind_twice", "level", level)
		}
		if err := x.notify(level, words); err != nil {
			return err
		}
		updated := x.a.UpdatedMs // urging is no sign of life from the agency
		if err := x.finish(Entry{Move: "remind", Text: words, Percent: x.a.Progress}, audit.Entry{Kind: "plan.remind", Reason: words},
			event.PlanUrged{AssignmentID: x.a.ID, AgencyID: x.a.Agency, Level: level}); err != nil {
			return err
		}
		x.a.UpdatedMs = updated
		if err := saveAssignment(x.tx, x.a); err != nil {
			return err
		}
		x.a.Version++
		return nil
	})
}

// notify tells the officer, else the head of the agency; an agency without either has
// nobody to tell, and the board shows that.
func (x *act) notify(level int, words string) error {
	to := x.a.Officer
	if to == "" || level >= 2 { // from level 2 on the head hears of it
		h, found, err := org.Head(x.tx, x.a.Agency, x.day)
		if err != nil {
			return err
		}
		if found && h.AccountID != "" {
			to = h.AccountID
		}
	}
	if to == "" || x.s.tell == nil {
		return nil
	}
	return x.s.tell.Send(x.tx, notice.Notice{Key: "plan.remind:" + x.a.ID + ":" + x.day + ":" + strconv.Itoa(level), To: to, Kind: "plan.remind",
		Subject: "plan_assignment:" + x.a.ID, URL: "/plan/assignments/" + x.a.ID,
		Args: map[string]string{"task": x.task.Code, "content": x.task.Content, "due": x.a.EffectiveDue, "text": words}})
}
