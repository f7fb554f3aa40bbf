package dossier

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
	"cchc/internal/inbox"
	"cchc/internal/org"
)

// URLPath begins the page of a dossier; its code follows.
const URLPath = "/ho-so/"

// URLOf is the page of a dossier.
func URLOf(code string) string { return URLPath + code }

// Owed lists what a person owes in this room for the inbox: what is to be received,
// worked on, signed or handed out at an agency where they hold the right for it, taken by
// nobody else; and opinions asked of an agency for which they advise.
func (s *Service) Owed(tx *db.Tx, a identity.Actor, now time.Time, after string, limit int) ([]inbox.Item, error) {
	var items []inbox.Item
	afterMs, afterID := inbox.Place(after)
	for _, right := range []string{RightReceive, RightProcess, RightSign, RightReturn} {
		if !a.Has(right) {
			continue
		}
		agencies, err := reached(tx, a.Reach(right), right, now.UnixMilli())
		if err != nil {
			return nil, err
		}
		for _, agency := range agencies {
			lines, err := owed(tx, right, agency, a.AccountID, afterMs, afterID, limit)
			if err != nil {
				return nil, err
			}
			for _, l := range lines {
				items = append(items, itemOf(l, agency))
			}
		}
	}
	if a.Has(RightAdvise) {
		agencies, err := reached(tx, a.Reach(RightAdvise), RightAdvise, now.UnixMilli())
		if err != nil {
			return nil, err
		}
		for _, agency := range agencies {
			asked, err := askedOf(tx, agency, afterMs, afterID, limit)
			if err != nil {
				return nil, err
			}
			for _, o := range asked {
				items = append(items, inbox.Item{ID: o.Line.ID, DueMs: o.DueMs, DueDay: clock.Day(clock.FromMs(o.DueMs)), SinceMs: o.AskedMs, Title: titleOf(o.Line), URL: URLOf(o.Line.Code),
					Kind: "dossier.give_opinion", Code: o.Line.Code, AgencyID: agency, State: string(Coordinating)})
			}
		}
	}
	slices.SortFunc(items, func(x, y inbox.Item) int {
		if n := cmp.Compare(undated(x.DueMs), undated(y.DueMs)); n != 0 {
			return n
		}
		return strings.Compare(x.ID, y.ID)
	})
	items = slices.CompactFunc(items, func(x, y inbox.Item) bool { return x.ID == y.ID && x.Kind == y.Kind })
	return items[:min(len(items), limit)], nil
}

// OwedCount counts what Owed lists.
func (s *Service) OwedCount(tx *db.Tx, a identity.Actor, now time.Time) (all, late int, err error) {
	for _, right := range []string{RightReceive, RightProcess, RightSign, RightReturn, RightAdvise} {
		if !a.Has(right) {
			continue
		}
		agencies, err := reached(tx, a.Reach(right), right, now.UnixMilli())
		if err != nil {
			return 0, 0, err
		}
		for _, agency := range agencies {
			count := countOwed
			if right == RightAdvise {
				count = countOpinions
			}
			n, over, err := count(tx, right, agency, a.AccountID, now.UnixMilli())
			if err != nil {
				return 0, 0, err
			}
			all, late = all+n, late+over
		}
	}
	return min(all, inbox.MaxCount+1), min(late, inbox.MaxCount+1), nil
}

func undated(ms int64) int64 {
	if ms == 0 {
		return inbox.NoDate
	}
	return ms
}

func titleOf(l Line) string { return l.ProcedureName + ": " + l.Applicant }

// kinds name what is owed by state.
var kinds = map[State]string{
	Submitted: "dossier.receive", Received: "dossier.hand_over", InProcess: "dossier.process", SupplementWait: "dossier.close_no_supplement",
	Approved: "dossier.hand_to_counter", RejectedResult: "dossier.hand_to_counter", HandedToCounter: "dossier.return_result",
}

func itemOf(l Line, agency string) inbox.Item {
	i := inbox.Item{ID: l.ID, SinceMs: l.BegunMs, Title: titleOf(l), URL: URLOf(l.Code), Kind: kinds[l.State], Code: l.Code, AgencyID: agency, Agency: l.CompetentName, State: string(l.State)}
	if l.State == InProcess && l.Duty == RightSign {
		i.Kind = "dossier.sign"
	}
	if l.OwedMs != inbox.NoDate {
		i.DueMs, i.DueDay = l.OwedMs, clock.Day(clock.FromMs(l.OwedMs))
	}
	return i
}

// WorkKind names this room's work in a hand-over between agencies.
const WorkKind = "dossier"

// Open lists the open dossiers of an agency, for a merger or dissolution.
func (s *Service) Open(tx *db.Tx, agencyID string) ([]org.OpenWork, error) {
	lines, err := openOf(tx, agencyID)
	work := make([]org.OpenWork, 0, len(lines))
	for _, l := range lines {
		t, err := s.termsOf(tx, l.Terms)
		if err != nil {
			return nil, err
		}
		w := org.OpenWork{Kind: WorkKind, ID: l.ID, Code: l.Code, Title: l.ProcedureName, Field: t.Field}
		if l.DueMs > 0 {
			w.DueDay = clock.Day(clock.FromMs(l.DueMs))
		}
		work = append(work, w)
	}
	return work, err
}

// HandOver gives open dossiers to the successor of an agency, in whatever part it had.
// Codes stay, clocks do not restart, steps wait for new hands; the minutes stand in the
// history. What ended meanwhile is passed over.
func (s *Service) HandOver(tx *db.Tx, who audit.Who, from, to string, ids []string, minutesID string) error {
	now := s.Clock()
	for _, id := range ids {
		d, err := findDossier(tx, id)
		if err != nil {
			return err
		}
		x := &act{s: s, tx: tx, who: who, program: true, now: now, ms: now.UnixMilli(), d: d, before: d}
		moved := false
		for _, part := range []*string{&x.d.Receiving, &x.d.Competent, &x.d.Returning} {
			if *part == from {
				*part, moved = to, true
			}
		}
		if !moved || !d.State.Open() {
			continue
		}
		if x.d.AnsweredMs == 0 && x.d.ReceivedMs == 0 { // who answers it is counted
			x.d.ReceivedBy = x.d.Receiving
		}
		x.d.Transferred = "by_reorganisation"
		x.entry = Entry{Move: "transfer", From: d.State, Document: minutesID}
		if err := x.leave(); err != nil {
			return err
		}
		if err := x.finish(); err != nil {
			return err
		}
		if err := x.findable(); err != nil {
			return err
		}
	}
	return askInstead(tx, from, to)
}

// Running lists the clocks that run, for the preview of a change of the calendar.
func (s *Service) Running(tx *db.Tx, since time.Time, after string, limit int) ([]calendar.Running, error) {
	rows, err := running(tx, since.UnixMilli(), after, limit)
	if err != nil {
		return nil, err
	}
	list := make([]calendar.Running, 0, len(rows))
	for _, d := range rows {
		t, err := s.termsOf(tx, d.Terms)
		if err != nil {
			return nil, err
		}
		r := calendar.Running{Key: d.ID, Subject: subject(d.ID), Code: d.Code, AgencyID: d.Competent, Start: clock.FromMs(d.StartMs), Amount: t.Amount, Unit: calendar.Unit(t.Unit),
			Promised: clock.FromMs(d.ClockDueMs)}
		if d.Pauses > 0 {
			pauses, err := pausesOf(tx, d.ID)
			if err != nil {
				return nil, err
			}
			r.Pauses = spans(pauses)
		}
		list = append(list, r)
	}
	return list, nil
}
