package counter

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Setup is what the settings page of a hall shows.
type Setup struct {
	Hall   Hall
	Queues []Queue
	Desks  []Desk
}

// maySetup asks for the right over an agency; who may not is told that there is no hall.
func maySetup(tx *db.Tx, a identity.Actor, agency string, now time.Time) error {
	return identity.RequireSeen(tx, a, RightSetup, RightSetup, agency, now, hallUnknown())
}

// Setup reads the settings of a hall. Refusal: counter.hall_unknown.
func (s *Service) Setup(ctx context.Context, agency string) (v Setup, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := maySetup(tx, a, agency, now); err != nil {
			return err
		}
		if v.Hall, err = findHall(tx, agency); err != nil {
			return err
		}
		if v.Queues, err = queues(tx, agency, clock.Day(now)); err != nil {
			return err
		}
		v.Desks, err = desks(tx, agency)
		return err
	})
	return v, err
}

func (h Hall) wellFormed() error {
	var l errs.List
	for _, f := range []struct {
		field       string
		n, min, max int64
	}{{"target_min", h.TargetMin, 1, 240}, {"priority_min", h.PriorityMin, 0, 240}, {"slot_min", h.SlotMin, 5, 120}, {"no_show_min", h.NoShowMin, 1, 120},
		{"no_show_limit", h.NoShowLimit, 1, 100}, {"days_ahead", h.DaysAhead, 1, 60}} {
		if f.n < f.min || f.n > f.max {
			l = append(l, errs.OnField(f.field, "counter.number_range", "min", f.min, "max", f.max))
		}
	}
	return l.Err()
}

// WriteHall keeps the rules of a hall. Refusals: counter.hall_unknown,
// counter.number_range, counter.changed_meanwhile.
func (s *Service) WriteHall(ctx context.Context, h Hall) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := maySetup(tx, a, h.Agency, now); err != nil {
			return err
		}
		if err := h.wellFormed(); err != nil {
			return err
		}
		old, err := findHall(tx, h.Agency)
		if err != nil {
			return err
		}
		if old.Version != h.Version {
			return errs.New(errs.Conflict, "counter.changed_meanwhile")
		}
		if err := saveHall(tx, h); err != nil {
			return err
		}
		return s.recordSetup(tx, a, h.Agency, "counter_hall:"+h.Agency, map[string]any{"target_min": h.TargetMin, "priority_min": h.PriorityMin, "slot_min": h.SlotMin,
			"no_show_min": h.NoShowMin, "no_show_limit": h.NoShowLimit, "days_ahead": h.DaysAhead})
	})
}

func (s *Service) recordSetup(tx *db.Tx, a identity.Actor, agency, subject string, after map[string]any) error {
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "counter.setup", Subject: subject, Agency: agency, After: after})
}

// NewToken gives the machine of a hall a new word for its address and forgets the old
// one. It is shown once: only its hash is kept. Refusal: counter.hall_unknown.
func (s *Service) NewToken(ctx context.Context, agency string) (token string, err error) {
	token = rand.Text()
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := maySetup(tx, a, agency, now); err != nil {
			return err
		}
		h, err := findHall(tx, agency)
		if err != nil {
			return err
		}
		if h.Version == 0 {
			if err := saveHall(tx, h); err != nil {
				return err
			}
			h.Version = 1
		}
		if err := setToken(tx, h, hashOf(token)); err != nil {
			return err
		}
		return s.recordSetup(tx, a, agency, "counter_hall:"+agency, map[string]any{"new_token": true})
	})
	return token, err
}

// WriteQueue keeps a queue: a new one without id. Refusals: counter.hall_unknown,
// counter.queue_unknown, counter.letter_form, counter.letter_taken, counter.queue_name,
// counter.number_range, counter.changed_meanwhile.
func (s *Service) WriteQueue(ctx context.Context, q Queue) (Queue, error) {
	q.Name, q.Letter = text.Clean(q.Name), strings.ToUpper(text.Clean(q.Letter))
	err := s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if q.ID != "" {
			old, err := findQueue(tx, q.ID)
			if err != nil {
				return err
			}
			q.Agency, q.Letter = old.Agency, old.Letter
		}
		if err := maySetup(tx, a, q.Agency, now); err != nil {
			return err
		}
		var l errs.List
		if len(q.Letter) != 1 || q.Letter[0] < 'A' || q.Letter[0] > 'Z' {
			l = append(l, errs.OnField("letter", "counter.letter_form"))
		}
		if q.Name == "" {
			l = append(l, errs.OnField("name", "counter.queue_name"))
		}
		if q.Capacity < 0 || q.Capacity > 100 {
			l = append(l, errs.OnField("capacity", "counter.number_range", "min", int64(0), "max", int64(100)))
		}
		if err := l.Err(); err != nil {
			return err
		}
		save := saveQueue
		if q.ID == "" {
			list, err := queues(tx, q.Agency, "")
			if err != nil {
				return err
			}
			for _, o := range list {
				if o.Letter == q.Letter {
					return errs.OnField("letter", "counter.letter_taken", "name", o.Name)
				}
			}
			q.ID, q.Version, save = db.NewID(), 0, addQueue
		}
		if err := save(tx, q); err != nil {
			return err
		}
		q.Version++
		return s.recordSetup(tx, a, q.Agency, "counter_queue:"+q.ID, map[string]any{"letter": q.Letter, "name": q.Name, "capacity": q.Capacity, "active": q.Active})
	})
	return q, err
}

// WriteDesk keeps a desk with the queues that it serves: a new one without id. Refusals:
// counter.hall_unknown, counter.desk_unknown, counter.desk_number, counter.desk_number_taken,
// counter.desk_queues, counter.changed_meanwhile.
func (s *Service) WriteDesk(ctx context.Context, d Desk) (Desk, error) {
	err := s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if d.ID != "" {
			old, err := findDesk(tx, d.ID)
			if err != nil {
				return err
			}
			d.Agency, d.No, d.OfficerID, d.Officer = old.Agency, old.No, old.OfficerID, old.Officer
		}
		if err := maySetup(tx, a, d.Agency, now); err != nil {
			return err
		}
		if err := s.deskFits(tx, d); err != nil {
			return err
		}
		if !d.Active {
			d.OfficerID, d.Officer = "", ""
		}
		save := saveDesk
		if d.ID == "" {
			d.ID, d.Version, save = db.NewID(), 0, addDesk
		}
		if err := save(tx, d); err != nil {
			return err
		}
		if err := serve(tx, d.ID, d.Queues); err != nil {
			return err
		}
		d.Version++
		return s.recordSetup(tx, a, d.Agency, "counter_desk:"+d.ID, map[string]any{"no": d.No, "queues": d.Queues, "active": d.Active})
	})
	return d, err
}

func (s *Service) deskFits(tx *db.Tx, d Desk) error {
	if d.No < 1 || d.No > 999 {
		return errs.OnField("no", "counter.desk_number")
	}
	list, err := desks(tx, d.Agency)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.No == d.No && o.ID != d.ID {
			return errs.OnField("no", "counter.desk_number_taken")
		}
	}
	own, err := queues(tx, d.Agency, "")
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, q := range own {
		known[q.ID] = true
	}
	for _, id := range d.Queues {
		if !known[id] {
			return errs.OnField("queues", "counter.queue_unknown")
		}
	}
	if len(d.Queues) == 0 {
		return errs.OnField("queues", "counter.desk_queues")
	}
	return nil
}
