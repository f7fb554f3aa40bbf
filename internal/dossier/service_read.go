package dossier

import (
	"context"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
)

// view reads everything about a dossier, for who was found to see it; what cannot be there
// is not asked for. whole adds its history and what is left of its time.
func (s *Service) view(tx *db.Tx, d Dossier, now time.Time, whole bool) (v View, err error) {
	v.Dossier = d
	t, err := s.termsOf(tx, d.Terms)
	if err != nil {
		return v, err
	}
	v.Terms = t.Procedure
	if err := v.readParties(tx); err != nil {
		return v, err
	}
	if v.Runs, err = s.runs(tx, d, t); err != nil {
		return v, err
	}
	if d.Pauses > 0 {
		if v.Pauses, err = pausesOf(tx, d.ID); err != nil {
			return v, err
		}
	}
	if v.Papers, err = papersOf(tx, d.ID); err != nil {
		return v, err
	}
	if d.Outcome != "" {
		if v.Results, err = resultsOf(tx, d.ID); err != nil {
			return v, err
		}
	}
	if v.Opinions, err = opinionsOf(tx, d.ID); err != nil {
		return v, err
	}
	if err := v.nameAgencies(tx); err != nil {
		return v, err
	}
	v.LateNow, v.LateByRule, v.SecondAsk = d.Late(now), d.LateByClock(now), d.Supplements > 0
	if !whole {
		return v, nil
	}
	if v.History, err = history(tx, d.ID, 0, mostHistory); err != nil {
		return v, err
	}
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

func (v *View) readParties(tx *db.Tx) error {
	list, err := partiesOf(tx, v.ID)
	for i, p := range list {
		if p.Part == "owner" {
			v.Owner = p.Party
		} else {
			v.Submitter = &list[i].Party
		}
	}
	return err
}

func (v *View) nameAgencies(tx *db.Tx) error {
	list, err := agenciesOf(tx, v.Dossier)
	for _, a := range list {
		if a.ID == v.Receiving {
			v.ReceivingName, v.ReceivingCode = a.Name, a.Code
		}
		if a.ID == v.Competent {
			v.CompetentName, v.CompetentCode = a.Name, a.Code
		}
		if a.ID == v.Returning {
			v.ReturningName, v.ReturningCode = a.Name, a.Code
		}
	}
	return err
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
	return s.view(tx, d, s.Clock(), true)
}

// RecordByCode is Record by the code.
func (s *Service) RecordByCode(tx *db.Tx, code string) (View, error) {
	d, err := findCode(tx, code)
	if err != nil {
		return View{}, err
	}
	return s.view(tx, d, s.Clock(), true)
}
