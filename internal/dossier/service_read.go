package dossier

import (
	"context"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/org"
)

// view reads everything about a dossier, for who was found to see it.
func (s *Service) view(tx *db.Tx, d Dossier, now time.Time) (v View, err error) {
	v.Dossier = d
	t, err := s.termsOf(tx, d.Terms)
	if err != nil {
		return v, err
	}
	v.Terms = t.Procedure
	if v.Owner, _, err = partyOf(tx, d.ID, "owner"); err != nil {
		return v, err
	}
	p, there, err := partyOf(tx, d.ID, "submitter")
	if err != nil {
		return v, err
	}
	if there {
		v.Submitter = &p
	}
	if v.Runs, err = s.runs(tx, d, t); err != nil {
		return v, err
	}
	if v.Pauses, err = pausesOf(tx, d.ID); err != nil {
		return v, err
	}
	if v.History, err = history(tx, d.ID, 0, mostHistory); err != nil {
		return v, err
	}
	if v.Papers, err = papersOf(tx, d.ID); err != nil {
		return v, err
	}
	if v.Results, err = resultsOf(tx, d.ID); err != nil {
		return v, err
	}
	if v.Opinions, err = opinionsOf(tx, d.ID); err != nil {
		return v, err
	}
	for _, o := range []struct {
		id         string
		name, code *string
	}{{d.Receiving, &v.ReceivingName, &v.ReceivingCode}, {d.Competent, &v.CompetentName, &v.CompetentCode}, {d.Returning, &v.ReturningName, &v.ReturningCode}} {
		a, err := org.Find(tx, o.id)
		if err != nil {
			return v, err
		}
		*o.name, *o.code = a.Name, a.Code
	}
	v.LateNow, v.LateByRule, v.SecondAsk = d.Late(now), d.LateByClock(now), d.Supplements > 0
	cal, err := calendar.Load(tx, d.Competent)
	if err != nil {
		return v, err
	}
	if d.DueMs > 0 && d.PausedMs == 0 && d.FinishedMs == Forever {
		if v.LeftMin, err = cal.Used(now, clock.FromMs(d.DueMs)); err != nil {
			return v, err
		}
	}
	if t.SupplementNoticeDays > 0 && d.ReceivedMs > 0 {
		v.NoticeDue = cal.AddWorkingDays(clock.Day(clock.FromMs(d.StartMs)), t.SupplementNoticeDays)
	}
	return v, nil
}

// runs reads the runs of a dossier's steps with the words of the table.
func (s *Service) runs(tx *db.Tx, d Dossier, t *Terms) ([]StepRun, error) {
	list, err := runsOf(tx, d.ID)
	for i := range list {
		step := t.step(list[i].No)
		list[i].Actor, list[i].Do, list[i].Group, list[i].Minutes, list[i].Known = step.Actor, step.Do, string(step.Group), step.Takes(t.Online), step.Known
	}
	return list, err
}

// Timeline reads the history of a dossier after an entry. Refusal: dossier.unknown.
func (s *Service) Timeline(ctx context.Context, code string, after, limit int) (list []Entry, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := s.seen(tx, actor, s.Clock(), code)
		if err != nil {
			return err
		}
		list, err = history(tx, d.ID, after, limit)
		return err
	})
	return list, err
}

// Record reads a dossier with all that belongs to it for the program itself (slips, the
// national portal, payments): no right is asked, so nothing of it may go to a reader
// unasked. Refusal: dossier.unknown.
func (s *Service) Record(tx *db.Tx, id string) (View, error) {
	d, err := findDossier(tx, id)
	if err != nil {
		return View{}, err
	}
	return s.view(tx, d, s.Clock())
}

// RecordByCode is Record by the code.
func (s *Service) RecordByCode(tx *db.Tx, code string) (View, error) {
	d, err := findCode(tx, code)
	if err != nil {
		return View{}, err
	}
	return s.view(tx, d, s.Clock())
}
