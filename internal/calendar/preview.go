package calendar

import (
	"slices"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// Running is one clock that is running in some room: a dossier, a step, a report.
type Running struct {
	Key      string // for paging: the room lists by it
	Subject  string // "dossier:<id>"
	Code     string // as people read it
	AgencyID string // whose calendar it runs by
	Start    time.Time
	Amount   int
	Unit     Unit
	Pauses   []Span
	Promised time.Time // the due time that was told to people
}

// Source lists the clocks of a room that are running and promised for since or later,
// by Key, those after the given one.
type Source interface {
	Running(tx *db.Tx, since time.Time, after string, limit int) ([]Running, error)
}

type namedSource struct {
	name   string
	source Source
}

// Register makes a room's running clocks part of every preview.
func (b *Book) Register(name string, s Source) { b.sources = append(b.sources, namedSource{name, s}) }

// Move is a due time that a change of the calendar would move.
type Move struct {
	Running
	Now  time.Time // by the calendar of today; differs from Promised when an earlier change was not carried over
	Then time.Time // by the changed calendar
}

// Moves is one page of a preview. Looked is how many clocks it went through; Next is
// where to go on, "" at the end.
type Moves struct {
	Moves  []Move
	Looked int
	Next   string
}

// Preview says which running clocks the changes would move, and changes nothing. It
// looks at most at limit clocks a call, from the place that Moves.Next of the call
// before gave ("" from the start), so that a job can go through a million.
func (b *Book) Preview(tx *db.Tx, changes []Change, from string, limit int) (Moves, error) {
	var out Moves
	since, err := earliest(tx, changes)
	if err != nil {
		return out, err
	}
	draft, err := newDraft(tx, changes)
	if err != nil {
		return out, err
	}
	name, after, _ := strings.Cut(from, ":")
	at := 0
	for at < len(b.sources) && from != "" && b.sources[at].name != name {
		at++
	}
	for ; at < len(b.sources) && out.Looked < limit; at, after = at+1, "" {
		s := b.sources[at]
		page, err := s.source.Running(tx, since, after, limit-out.Looked)
		if err != nil {
			return out, err
		}
		for _, r := range page {
			m, moved, err := draft.move(tx, r)
			if err != nil {
				return out, err
			}
			if moved {
				out.Moves = append(out.Moves, m)
			}
			out.Looked++
			out.Next = s.name + ":" + r.Key
		}
		if out.Looked >= limit {
			return out, nil
		}
	}
	out.Next = ""
	return out, nil
}

// draft is the calendar as it would be.
type draft struct {
	now, then map[string]Calendar // by agency
	changes   []Change
}

func newDraft(tx *db.Tx, changes []Change) (*draft, error) {
	out := slices.Clone(changes) // the caller's stay as they are
	for i, c := range out {
		var err error
		switch {
		case c.SetDay != nil:
			d := *c.SetDay
			if d.ID != "" { // an entry stays on its day and with its agency
				var old Day
				if old, err = FindDay(tx, d.ID); err != nil {
					return nil, err
				}
				d.Day, d.AgencyID = old.Day, old.AgencyID
			}
			d, err = d.clean()
			out[i].SetDay = &d
		case c.SetHours != nil:
			h := *c.SetHours
			if h.ID != "" {
				var old Hours
				if old, err = FindHours(tx, h.ID); err != nil {
					return nil, err
				}
				h.AgencyID = old.AgencyID
			}
			h, err = h.clean()
			out[i].SetHours = &h
		}
		if err != nil {
			return nil, err
		}
	}
	return &draft{now: map[string]Calendar{}, then: map[string]Calendar{}, changes: out}, nil
}

func (d *draft) move(tx *db.Tx, r Running) (Move, bool, error) {
	if _, ok := d.now[r.AgencyID]; !ok {
		now, err := Load(tx, r.AgencyID)
		if err != nil {
			return Move{}, false, err
		}
		then, err := loadChanged(tx, r.AgencyID, d.changes)
		if err != nil {
			return Move{}, false, err
		}
		d.now[r.AgencyID], d.then[r.AgencyID] = now, then
	}
	m := Move{Running: r}
	var err error
	if m.Now, err = d.now[r.AgencyID].DueTime(r.Start, r.Amount, r.Unit, r.Pauses...); err == nil {
		m.Then, err = d.then[r.AgencyID].DueTime(r.Start, r.Amount, r.Unit, r.Pauses...)
	}
	if errs.CodeOf(err) == "calendar.pause_open" { // stands still: nothing to move yet
		return m, false, nil
	}
	return m, err == nil && !m.Now.Equal(m.Then), err
}

// change applies the changes to the levels of a chain of agencies.
func change(chain []string, levels []Level, changes []Change) {
	for i, id := range chain {
		l := &levels[i]
		for _, c := range changes {
			switch {
			case c.SetDay != nil && c.SetDay.AgencyID == id:
				l.Days = append(slices.DeleteFunc(l.Days, func(o Day) bool { return o.Day == c.SetDay.Day }), *c.SetDay)
			case c.RemoveDay != nil:
				l.Days = slices.DeleteFunc(l.Days, func(o Day) bool { return o.ID == c.RemoveDay.ID })
			case c.SetHours != nil && c.SetHours.AgencyID == id:
				l.Hours = append(slices.DeleteFunc(l.Hours, func(o Hours) bool { return o.ID == c.SetHours.ID }), *c.SetHours)
			case c.RemoveHours != nil:
				l.Hours = slices.DeleteFunc(l.Hours, func(o Hours) bool { return o.ID == c.RemoveHours.ID })
			}
		}
	}
}

// earliest is the first moment that the changes touch; the beginning of time for hours.
func earliest(tx *db.Tx, changes []Change) (time.Time, error) {
	first := "9999-12-31"
	for _, c := range changes {
		switch {
		case c.SetDay != nil:
			first = min(first, c.SetDay.Day)
		case c.RemoveDay != nil:
			d, err := FindDay(tx, c.RemoveDay.ID)
			if err != nil {
				return time.Time{}, err
			}
			first = min(first, d.Day)
		case c.SetHours != nil && c.SetHours.ID == "" && c.SetHours.FromDay != "":
			first = min(first, c.SetHours.FromDay)
		case c.SetHours != nil || c.RemoveHours != nil:
			first = "0001-01-01"
		}
	}
	n, ok := dayNumber(first)
	if !ok {
		return time.Time{}, badDay("day", first)
	}
	return toTime(int64(n) * dayLength), nil
}
