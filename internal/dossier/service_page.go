package dossier

import (
	"context"
	"strings"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/file"
	"cchc/internal/org"
)

// DayBar is a day of the drawn clock; Off has no working time.
type DayBar struct {
	Day string
	Off bool
}

// Stretch is a part of the drawn clock, in days from its first: 1.5 is noon of working
// time on the second day. Kind: used, wait (the clock stood) or left.
type Stretch struct {
	From, To float64
	Kind     string
}

// Drawn is the clock of a dossier as days: what is used, where it stood, what is left.
type Drawn struct {
	Days               []DayBar
	Parts              []Stretch
	Now, Due, Original float64 // places; negative where there is none
}

// mostDrawn is how many days are drawn; a longer clock is told in words alone.
const mostDrawn = 45

// Draw lays the clock of a dossier over the days of the competent agency, from the start
// to the due time or to now, whichever is later. Days is empty where there is nothing to
// draw: no promise, or more than mostDrawn days.
func (s *Service) Draw(ctx context.Context, v View) (out Drawn, err error) {
	if v.StartMs == 0 || v.DueMs == 0 {
		return out, nil
	}
	now := min(s.Clock().UnixMilli(), v.FinishedMs)
	end := max(v.DueMs, v.OriginalDueMs, now)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		cal, err := calendar.Load(tx, v.Competent)
		if err != nil {
			return err
		}
		out = drawn(cal, v, now, end)
		return nil
	})
	return out, err
}

func drawn(cal calendar.Calendar, v View, now, end int64) (out Drawn) {
	first := clock.Day(clock.FromMs(v.StartMs))
	last := clock.Day(clock.FromMs(end))
	for day := first; day <= last; {
		if len(out.Days) == mostDrawn {
			return Drawn{}
		}
		out.Days = append(out.Days, DayBar{Day: day, Off: !cal.WorkingDay(day)})
		t, err := clock.ParseDay(day)
		if err != nil {
			return Drawn{}
		}
		day = clock.Day(t.AddDate(0, 0, 1).Add(12 * 3600e9))
	}
	place := func(ms int64) float64 { return placeOf(cal, out.Days, ms) }
	out.Now, out.Due, out.Original = place(now), place(v.DueMs), -1
	if v.OriginalDueMs > 0 && v.OriginalDueMs != v.DueMs {
		out.Original = place(v.OriginalDueMs)
	}
	at := v.StartMs
	for _, p := range v.Pauses {
		to := p.ToMs
		if to == 0 {
			to = now
		}
		if p.FromMs > at {
			out.Parts = append(out.Parts, Stretch{place(at), place(p.FromMs), "used"})
		}
		out.Parts = append(out.Parts, Stretch{place(max(at, p.FromMs)), place(to), "wait"})
		at = max(at, to)
	}
	if now > at {
		out.Parts = append(out.Parts, Stretch{place(at), place(now), "used"})
	}
	if v.DueMs > now && v.FinishedMs == Forever && v.PausedMs == 0 {
		out.Parts = append(out.Parts, Stretch{place(now), place(v.DueMs), "left"})
	}
	return out
}

// placeOf is where a moment lies among days: the part of the day's working time that is
// over by then.
func placeOf(cal calendar.Calendar, days []DayBar, ms int64) float64 {
	at := clock.FromMs(ms)
	day := clock.Day(at)
	for i, d := range days {
		if d.Day != day {
			continue
		}
		begin, err := clock.ParseDay(day)
		if err != nil {
			return float64(i)
		}
		whole, err1 := cal.Used(begin, begin.AddDate(0, 0, 1))
		over, err2 := cal.Used(begin, at)
		if err1 != nil || err2 != nil || whole == 0 {
			return float64(i)
		}
		return float64(i) + float64(over)/float64(whole)
	}
	if len(days) > 0 && day < days[0].Day {
		return 0
	}
	return float64(len(days))
}

// KeepFile keeps what an upload holds as a document of the agency that the actor works
// for; the receipt or the move that follows ties it to a dossier. Whoever may touch no
// dossier may keep nothing: identity.right_missing.
func (s *Service) KeepFile(ctx context.Context, d file.Document) (string, error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return "", err
	}
	may := false
	for _, right := range []string{RightReceive, RightProcess, RightAdvise, RightSign, RightReturn} {
		may = may || actor.Has(right)
	}
	if !may {
		return "", errs.New(errs.Forbidden, "dossier.may_not_keep_files")
	}
	d.ID, d.AgencyID, d.CreatedBy, d.CreatedMs = db.NewID(), actor.AgencyID, actor.AccountID, s.Clock().UnixMilli()
	return d.ID, s.DB.Write(ctx, func(tx *db.Tx) error { return file.Attach(tx, d) })
}

// FileOf finds a document of a dossier that the reader sees. Refusal: file.missing for
// every other one, so that a guessed id tells nothing.
func (s *Service) FileOf(ctx context.Context, code, id string) (d file.Document, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return d, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		of, err := s.seen(tx, actor, s.Clock(), code)
		if err != nil {
			return err
		}
		subjects, err := file.Subjects(tx, id)
		if err != nil {
			return err
		}
		for _, one := range subjects {
			if one == subject(of.ID) {
				d, err = file.Get(tx, id)
				return err
			}
		}
		return errs.New(errs.NotFound, "file.missing")
	})
	return d, err
}

// Agencies lists who can receive or decide today, for forms.
func (s *Service) Agencies(ctx context.Context) (list []org.Agency, err error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error { list, err = org.List(tx, clock.Day(s.Clock())); return err })
	return list, err
}

// Needs is what a procedure asks for today, for the form of a receipt.
func (s *Service) Needs(ctx context.Context, key, variant string) (p Procedure, err error) {
	if _, err := signedIn(ctx); err != nil {
		return p, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = s.Procedures.Find(tx, strings.TrimSpace(key), variant, clock.Day(s.Clock()), false)
		return err
	})
	return p, err
}
