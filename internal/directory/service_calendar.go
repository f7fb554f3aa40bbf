package directory

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// Month is one month of a year with its special days.
type Month struct {
	Number  int
	Working int // working days by the province's calendar
	Days    []calendar.Day
}

// Year is the calendar of a year.
type Year struct {
	Year       int
	Confirmed  bool
	Months     []Month
	Names      map[string]string // of agencies with entries of their own
	Hints      int               // computed days that wait for a decision
	Sample     bool
	Changeable bool
}

// Year reads a year's special days and working days.
func (s *Service) Year(ctx context.Context, year int) (Year, error) {
	v := Year{Year: year}
	if year < 1900 || year > 2199 {
		return v, errs.OnField("year", "calendar.year_out_of_range", "year", year)
	}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		v.Months, v.Hints, v.Sample = make([]Month, 12), 0, false
		days, err := calendar.Year(tx, year)
		if err != nil {
			return err
		}
		cal, err := calendar.Load(tx, "")
		if err != nil {
			return err
		}
		confirmed, err := calendar.ConfirmedYears(tx)
		if err != nil {
			return err
		}
		v.Confirmed = slices.Contains(confirmed, year)
		for t := time.Date(year, 1, 1, 12, 0, 0, 0, clock.Vietnam); t.Year() == year; t = t.AddDate(0, 0, 1) {
			m := &v.Months[t.Month()-1]
			m.Number = int(t.Month())
			if cal.WorkingDay(clock.Day(t)) {
				m.Working++
			}
		}
		ids := map[string]bool{}
		for _, d := range days {
			n, err := strconv.Atoi(d.Day[5:7])
			if err != nil {
				return err
			}
			v.Months[n-1].Days = append(v.Months[n-1].Days, d)
			ids[d.AgencyID] = true
			v.Sample = v.Sample || d.Sample
			if d.Kind == calendar.LunarHint {
				v.Hints++
			}
		}
		if v.Names, err = agencyNames(tx, ids); err != nil {
			return err
		}
		v.Changeable, err = s.allowed(tx, identity.From(ctx), editYears, "")
		return err
	})
	return v, err
}

// Day reads one entry of the calendar.
func (s *Service) Day(ctx context.Context, id string) (d calendar.Day, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		d, err = calendar.FindDay(tx, id)
		return err
	})
	return d, err
}

// Hours is all working hours with the names of the agencies that have their own.
type Hours struct {
	All        []calendar.Hours
	Names      map[string]string
	Changeable bool
}

// Hours reads the working hours.
func (s *Service) Hours(ctx context.Context) (v Hours, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v.All, err = calendar.AllHours(tx); err != nil {
			return err
		}
		ids := map[string]bool{}
		for _, h := range v.All {
			ids[h.AgencyID] = true
		}
		if v.Names, err = agencyNames(tx, ids); err != nil {
			return err
		}
		v.Changeable, err = s.allowed(tx, identity.From(ctx), editYears, "")
		return err
	})
	return v, err
}

// HoursEntry reads one entry of the working hours.
func (s *Service) HoursEntry(ctx context.Context, id string) (h calendar.Hours, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		h, err = calendar.FindHours(tx, id)
		return err
	})
	return h, err
}

// Suggestions proposes the days of a year that are not in the calendar yet, and the
// computed days in it that still wait. What comes of a lunar date is an officer's word.
func (s *Service) Suggestions(ctx context.Context, year int) ([]calendar.Day, error) {
	all, err := calendar.Suggest(year)
	if err != nil {
		return nil, err
	}
	var out []calendar.Day
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		there, err := calendar.Year(tx, year)
		if err != nil {
			return err
		}
		out = nil
		taken := map[string]bool{}
		for _, d := range there {
			if d.AgencyID != "" {
				continue
			}
			taken[d.Day] = true
			if d.Kind == calendar.LunarHint {
				out = append(out, d)
			}
		}
		for _, d := range all {
			if !taken[d.Day] {
				out = append(out, d)
			}
		}
		slices.SortFunc(out, func(a, b calendar.Day) int { return cmp.Compare(a.Day, b.Day) })
		return nil
	})
	return out, err
}

// previewMost is how many running clocks a preview looks at before it says that there
// are more.
const previewMost = 5000

// Impact is which promises a change of the calendar would move.
type Impact struct {
	Moves  []calendar.Move
	Names  map[string]string
	Looked int
	More   bool // there are clocks that were not looked at
}

// previewShown is how many of them the page lists.
const previewShown = 200

// Preview says what changes would move, and changes nothing.
func (s *Service) Preview(ctx context.Context, changes []calendar.Change) (Impact, error) {
	var v Impact
	from := ""
	for {
		var page calendar.Moves
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if err := s.mayChange(tx, identity.From(ctx), changes); err != nil {
				return err
			}
			if page, err = s.Calendar.Preview(tx, changes, from, 500); err != nil {
				return err
			}
			ids := map[string]bool{}
			for _, m := range page.Moves {
				ids[m.AgencyID] = true
			}
			names, err := agencyNames(tx, ids)
			if v.Names == nil {
				v.Names = map[string]string{}
			}
			for id, name := range names {
				v.Names[id] = name
			}
			return err
		})
		if err != nil {
			return v, err
		}
		v.Moves = append(v.Moves, page.Moves...)
		v.Looked += page.Looked
		from = page.Next
		if from == "" || v.Looked >= previewMost {
			v.More = from != ""
			return v, nil
		}
	}
}

// Change makes the changes of the calendar, all or none. Due times that people were
// told stay as they were told.
func (s *Service) Change(ctx context.Context, changes []calendar.Change, reason string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a := identity.From(ctx)
		if err := s.mayChange(tx, a, changes); err != nil {
			return err
		}
		return s.Calendar.Apply(tx, a.Who(), changes, reason)
	})
}

// mayChange asks for the right over every agency whose calendar changes: the agency of
// an entry that is there is the one stored, whatever the form says.
func (s *Service) mayChange(tx *db.Tx, a identity.Actor, changes []calendar.Change) error {
	var ids []string
	for _, c := range changes {
		id := ""
		var err error
		switch {
		case c.SetDay != nil && c.SetDay.ID == "":
			id = c.SetDay.AgencyID
		case c.SetDay != nil:
			id, err = dayAgency(tx, c.SetDay.ID)
		case c.RemoveDay != nil:
			id, err = dayAgency(tx, c.RemoveDay.ID)
		case c.SetHours != nil && c.SetHours.ID == "":
			id = c.SetHours.AgencyID
		case c.SetHours != nil:
			id, err = hoursAgency(tx, c.SetHours.ID)
		case c.RemoveHours != nil:
			id, err = hoursAgency(tx, c.RemoveHours.ID)
		}
		if err != nil {
			return err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		ids = append(ids, "")
	}
	return s.may(tx, a, editYears, ids)
}

func dayAgency(tx *db.Tx, id string) (string, error) {
	d, err := calendar.FindDay(tx, id)
	return d.AgencyID, err
}

func hoursAgency(tx *db.Tx, id string) (string, error) {
	h, err := calendar.FindHours(tx, id)
	return h.AgencyID, err
}
