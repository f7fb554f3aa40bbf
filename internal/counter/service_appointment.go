package counter

import (
	"context"
	"crypto/rand"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/notice"
	"cchc/internal/org"
	"cchc/internal/text"
)

// missedWithin is how long a missed appointment is remembered.
const missedWithin = 30 * 24 * time.Hour

// batch is how many appointments one Write of a job looks at.
const batch = 200

// Booking is a wish for an appointment.
type Booking struct {
	Queue, Name, Phone string
	StartMs            int64
}

// Offer is what can be booked at a hall on a day.
type Offer struct {
	Agency        org.Agency
	Halls         []org.Agency // that take appointments
	Queues        []Queue      // that take appointments
	Queue         Queue
	Days          []string // working days on which one can book
	Day           string
	Slots         []Slot
	Missed, Limit int64 // missed in 30 days, and how many are too many
}

// Offer lists halls, queues, days and free slots as far as they are chosen: everything
// that the next page of a booking must ask.
func (s *Service) Offer(ctx context.Context, queue, agency, day string) (o Offer, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		o, err = offer(tx, a, queue, agency, day, now)
		return err
	})
	return o, err
}

func offer(tx *db.Tx, a identity.Actor, queue, agency, day string, now time.Time) (o Offer, err error) {
	ids, err := halls(tx)
	if err != nil {
		return o, err
	}
	all, err := org.List(tx, clock.Day(now))
	if err != nil {
		return o, err
	}
	takes := map[string]bool{}
	for _, id := range ids {
		takes[id] = true
	}
	if queue != "" {
		if o.Queue, err = findQueue(tx, queue); err != nil {
			return o, err
		}
		agency = o.Queue.Agency
	}
	for _, g := range all {
		if takes[g.ID] {
			o.Halls = append(o.Halls, g)
		}
		if g.ID == agency {
			o.Agency = g
		}
	}
	if agency == "" {
		return o, nil
	}
	if o.Agency.ID == "" || !takes[agency] {
		return o, hallUnknown()
	}
	h, err := findHall(tx, agency)
	if err != nil {
		return o, err
	}
	o.Limit = h.NoShowLimit
	if _, o.Missed, err = keptBy(tx, a.AccountID, "", "", now.Add(-missedWithin).UnixMilli()); err != nil {
		return o, err
	}
	list, err := queues(tx, agency, clock.Day(now))
	if err != nil {
		return o, err
	}
	for _, q := range list {
		if q.Active && q.Capacity > 0 {
			o.Queues = append(o.Queues, q)
		}
	}
	if queue == "" {
		return o, nil
	}
	if !o.Queue.Active || o.Queue.Capacity == 0 {
		return o, errs.OnField("queue", "counter.queue_unknown")
	}
	cal, err := calendar.Load(tx, agency)
	if err != nil {
		return o, err
	}
	o.Days = bookable(cal, h, now)
	if o.Day = day; day == "" {
		return o, nil
	}
	taken, err := takenSlots(tx, queue, day)
	if err != nil {
		return o, err
	}
	for _, d := range o.Days {
		if d == day {
			o.Slots = slots(cal, day, h.SlotMin, o.Queue.Capacity, taken, now)
		}
	}
	return o, nil
}

// bookable are the working days on which a hall gives appointments.
func bookable(cal calendar.Calendar, h Hall, now time.Time) (days []string) {
	for i := range int(h.DaysAhead) + 1 {
		if day := clock.Day(now.AddDate(0, 0, i)); cal.WorkingDay(day) {
			days = append(days, day)
		}
	}
	return days
}

// Book keeps a slot for the person who asks. Refusals: counter.queue_unknown,
// counter.slot_gone, counter.name_missing, counter.phone_form, counter.booked_already,
// counter.missed_often.
func (s *Service) Book(ctx context.Context, in Booking) (Appointment, error) {
	return s.book(ctx, in, false)
}

// BookFor keeps a slot for somebody who phones; whoever missed appointments may still
// have one so. Refusals: those of Book, counter.hall_unknown.
func (s *Service) BookFor(ctx context.Context, in Booking) (Appointment, error) {
	return s.book(ctx, in, true)
}

func (s *Service) book(ctx context.Context, in Booking, byOfficer bool) (ap Appointment, err error) {
	in.Name, in.Phone = text.Clean(in.Name), cleanPhone(in.Phone)
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		day := clock.Day(clock.FromMs(in.StartMs))
		o, err := offer(tx, a, in.Queue, "", day, now)
		if err != nil {
			return err
		}
		account := a.AccountID
		if byOfficer {
			if err := may(tx, a, RightBook, o.Agency.ID, now); err != nil {
				return err
			}
			account = ""
		}
		var l errs.List
		if in.Name == "" {
			l = append(l, errs.OnField("name", "counter.name_missing"))
		}
		if in.Phone == "" {
			l = append(l, errs.OnField("phone", "counter.phone_form"))
		}
		if err := l.Err(); err != nil {
			return err
		}
		// One at a time for a queue's day, so that a slot is never given twice.
		if err := tx.Lock("counter_slot:" + in.Queue + ":" + day); err != nil {
			return err
		}
		if o, err = offer(tx, a, in.Queue, "", day, now); err != nil {
			return err
		}
		if !byOfficer {
			open, missed, err := keptBy(tx, account, in.Queue, day, now.Add(-missedWithin).UnixMilli())
			switch {
			case err != nil:
				return err
			case open > 0:
				return errs.New(errs.Conflict, "counter.booked_already")
			case missed >= o.Limit:
				return errs.New(errs.Conflict, "counter.missed_often", "n", missed)
			}
		}
		if !free(o.Slots, in.StartMs) {
			return errs.OnField("start", "counter.slot_gone")
		}
		random := make([]byte, 6)
		rand.Read(random)
		ap = Appointment{ID: db.NewID(), Agency: o.Agency.ID, AgencyName: o.Agency.Name, Queue: in.Queue, QueueName: o.Queue.Name, Day: day, StartMs: in.StartMs, Code: newCode(random),
			Name: in.Name, Phone: in.Phone, Account: account, State: Booked, BookedMs: now.UnixMilli(), Version: 1}
		if err := addAppointment(tx, ap, a.AccountID); err != nil {
			return err
		}
		return s.recordAppointment(tx, a.Who(), "book", ap)
	})
	return ap, err
}

func free(list []Slot, start int64) bool {
	for _, x := range list {
		if x.StartMs == start {
			return true
		}
	}
	return false
}

// cleanPhone keeps the digits of a Vietnamese number, "" when it is none.
func cleanPhone(s string) string {
	var d []byte
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '+' && len(d) == 0:
			d = append(d, c)
		case c != ' ' && c != '.' && c != '-':
			return ""
		}
	}
	if n := len(d); n < 9 || n > 13 {
		return ""
	}
	return string(d)
}

func (s *Service) recordAppointment(tx *db.Tx, who audit.Who, move string, ap Appointment) error {
	return s.Log.Record(tx, who, audit.Entry{Kind: "counter.appointment", Subject: "counter_appointment:" + ap.ID, Agency: ap.Agency,
		After: map[string]any{"move": move, "state": ap.State, "day": ap.Day, "start_ms": ap.StartMs, "queue": ap.Queue}})
}

// arrive notes that somebody came to an appointment of today, in the drawing of the
// ticket. One that was counted as missed minutes ago still gets a ticket.
func (s *Service) arrive(tx *db.Tx, who audit.Who, h Hall, code string, now time.Time) (ap Appointment, err error) {
	ap, err = findAppointment(tx, "", code)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return ap, err
	}
	if err != nil || ap.Agency != h.Agency || ap.State == Cancelled {
		return ap, errs.OnField("code", "counter.appointment_unknown")
	}
	switch {
	case ap.Day != clock.Day(now):
		return ap, errs.OnField("code", "counter.appointment_day", "day", ap.Day)
	case ap.State == Arrived:
		return ap, errs.OnField("code", "counter.appointment_used")
	}
	ap.State = Arrived
	if err := saveAppointment(tx, ap); err != nil {
		return ap, err
	}
	return ap, s.recordAppointment(tx, who, "arrive", ap)
}

// Mine lists the appointments of the person who asks, newest first.
func (s *Service) Mine(ctx context.Context) (list []Appointment, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, _ time.Time) error {
		list, err = ownAppointments(tx, a.AccountID)
		return err
	})
	return list, err
}

// Appointments lists those of a hall on a day. Refusals: counter.hall_unknown,
// counter.day_unreadable.
func (s *Service) Appointments(ctx context.Context, agency, day string) (list []Appointment, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := may(tx, a, RightView, agency, now); err != nil {
			return err
		}
		if _, err := clock.ParseDay(day); err != nil {
			return errs.OnField("day", "counter.day_unreadable")
		}
		list, err = dayAppointments(tx, agency, day)
		return err
	})
	return list, err
}

// CancelAppointment gives a slot back: one's own, or any of a hall with counter.book.
// Refusals: counter.appointment_unknown, counter.appointment_over,
// counter.changed_meanwhile.
func (s *Service) CancelAppointment(ctx context.Context, id string, version int64) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		ap, err := findAppointment(tx, id, "")
		if err != nil {
			return err
		}
		if ap.Account != a.AccountID || ap.Account == "" {
			missing := errs.New(errs.NotFound, "counter.appointment_unknown")
			if err := identity.RequireSeen(tx, a, RightView, RightBook, ap.Agency, now, missing); err != nil {
				return err
			}
		}
		switch {
		case ap.Version != version:
			return errs.New(errs.Conflict, "counter.changed_meanwhile")
		case ap.State != Booked:
			return errs.New(errs.Conflict, "counter.appointment_over")
		}
		ap.State = Cancelled
		if err := saveAppointment(tx, ap); err != nil {
			return err
		}
		return s.recordAppointment(tx, a.Who(), "cancel", ap)
	})
}

// Tidy is the job of the hall: appointments to which nobody came are missed, tickets of
// days before are let go, and who has an appointment within a day is reminded. It may run
// as often as it likes.
func (s *Service) Tidy(ctx context.Context) error {
	now := s.Clock()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.miss(tx, now); err != nil {
			return err
		}
		if err := s.remind(tx, now); err != nil {
			return err
		}
		n, err := endOfDay(tx, clock.Day(now), now.UnixMilli())
		if err != nil || n == 0 {
			return err
		}
		return s.Log.Record(tx, audit.System("job:counter"), audit.Entry{Kind: "counter.end_of_day", Subject: "counter_ticket:", After: map[string]any{"tickets": n}})
	})
}

func (s *Service) miss(tx *db.Tx, now time.Time) error {
	list, err := missedBy(tx, now.UnixMilli(), batch)
	if err != nil {
		return err
	}
	for _, ap := range list {
		h, err := findHall(tx, ap.Agency)
		if err != nil {
			return err
		}
		if now.Before(clock.FromMs(ap.StartMs).Add(time.Duration(h.NoShowMin) * time.Minute)) {
			continue
		}
		ap.State = NoShow
		if err := saveAppointment(tx, ap); err != nil {
			return err
		}
		if err := s.recordAppointment(tx, audit.System("job:counter"), "miss", ap); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) remind(tx *db.Tx, now time.Time) error {
	list, err := toRemind(tx, now.UnixMilli(), now.Add(24*time.Hour).UnixMilli(), batch)
	if err != nil {
		return err
	}
	for _, ap := range list {
		at := clock.FromMs(ap.StartMs).In(clock.Vietnam)
		err := s.Tell.Send(tx, notice.Notice{Key: "counter.remind:" + ap.ID, To: ap.Account, Kind: "counter.remind", Subject: "counter_appointment:" + ap.ID, URL: "/appointments",
			Args: map[string]string{"agency": ap.AgencyName, "queue": ap.QueueName, "at": at.Format("15:04"), "day": ap.Day, "code": ap.Code}})
		if err != nil {
			return err
		}
		ap.RemindedMs = now.UnixMilli()
		if err := saveAppointment(tx, ap); err != nil {
			return err
		}
		if err := s.recordAppointment(tx, audit.System("job:counter"), "remind", ap); err != nil {
			return err
		}
	}
	return nil
}
