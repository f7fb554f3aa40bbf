package plan

import (
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/event"
	"cchc/internal/org"
)

// WorkKind names this room's work in a hand-over between agencies.
const WorkKind = "plan_assignment"

// Open lists the open assignments of an agency, for a merger or dissolution.
func (s *Service) Open(tx *db.Tx, agencyID string) ([]org.OpenWork, error) {
	open, err := openOfAgency(tx, agencyID)
	if err != nil {
		return nil, err
	}
	work := make([]org.OpenWork, 0, len(open))
	for _, a := range open {
		t, err := findTask(tx, a.TaskID)
		if err != nil {
			return nil, err
		}
		w := org.OpenWork{Kind: WorkKind, ID: a.ID, Code: t.Code, Title: t.Content, Field: "plan"}
		if a.EffectiveDue != NoDay {
			w.DueDay = a.EffectiveDue
		}
		work = append(work, w)
	}
	return work, nil
}

// HandOver gives open assignments to the successor of an agency (bàn giao). Deadlines,
// extensions and what was reported go along; no clock starts anew. Where the successor
// already leads the same task, its own assignment goes on and the other one ends in it.
func (s *Service) HandOver(tx *db.Tx, who audit.Who, from, to string, ids []string, minutesID string) error {
	now := s.clock()
	for _, id := range ids {
		a, err := findAssignment(tx, id)
		if err != nil {
			return err
		}
		if a.finished() || a.Agency != from {
			continue // told twice: it went already
		}
		if err := s.handOver(tx, who, a, to, minutesID, now); err != nil {
			return err
		}
	}
	return approveInstead(tx, from, to)
}

func (s *Service) handOver(tx *db.Tx, who audit.Who, a Assignment, to, minutesID string, now time.Time) error {
	p, err := findPlan(tx, a.PlanID)
	if err != nil {
		return err
	}
	t, err := findTask(tx, a.TaskID)
	if err != nil {
		return err
	}
	x := &act{s: s, tx: tx, who: who, now: now, day: clock.Day(now), plan: p, task: t, a: a, before: a}
	successor := ""
	if a.Role == Lead {
		existing, found, err := openLead(tx, a.TaskID, to)
		if err != nil {
			return err
		}
		if successor = existing; !found {
			if successor, err = x.takeOver(to, minutesID); err != nil {
				return err
			}
		} else if err := cancelPeriods(tx, a.ID); err != nil {
			return err
		}
	}
	x.a.Standing, x.a.Successor = Cancelled, successor
	return x.finish(Entry{Move: "hand_over", Document: minutesID}, audit.Entry{Kind: "plan.assignment_hand_over", Reason: minutesID},
		event.PlanHandedOver{AssignmentID: a.ID, ToAgencyID: to, SuccessorID: successor})
}

// takeOver makes the assignment of the successor as the old one stands.
func (x *act) takeOver(to, minutesID string) (string, error) {
	old := x.a
	b := old
	b.ID, b.Agency, b.Officer, b.AssignedDay, b.Version = db.NewID(), to, "", x.day, 1
	if h, found, err := org.Head(x.tx, to, x.day); err != nil {
		return "", err
	} else if found {
		b.Head = h.PersonName
	}
	if b.Approver == to {
		b.Approver = x.plan.Secretariat
		if b.Approver == to {
			b.Approver = x.plan.Office
		}
	}
	if err := addAssignment(x.tx, b); err != nil {
		return "", err
	}
	history := []Event{{Move: "assign", Day: x.day, Due: old.OriginalDue}}
	if old.EffectiveDue != old.OriginalDue {
		history = append(history, Event{Move: "extend", Day: x.day, Due: old.EffectiveDue})
	}
	was := old.Standing
	if was == Paused {
		was = old.resumeTo()
	}
	switch was {
	case InProgress:
		history = append(history, Event{Move: "progress", Day: x.day})
	case Submitted:
		history = append(history, Event{Move: "submit", Day: old.SubmittedDay})
	}
	if old.Standing == Paused {
		since, err := pauseDay(x.tx, old.ID)
		if err != nil {
			return "", err
		}
		history = append(history, Event{Move: "pause", Day: since})
	}
	for _, e := range history {
		entry := Entry{ID: db.NewID(), Move: e.Move, Day: e.Day, Due: e.Due, AtMs: x.now.UnixMilli(), Account: x.who.Account, Name: x.who.Name, ByAgency: x.who.Agency,
			Percent: old.Progress, Document: minutesID}
		if err := addEntry(x.tx, b, entry); err != nil {
			return "", err
		}
	}
	list, _ := phases(history)
	if err := addPhases(x.tx, b, x.task.Area, list); err != nil {
		return "", err
	}
	return b.ID, givePeriods(x.tx, old.ID, b)
}
