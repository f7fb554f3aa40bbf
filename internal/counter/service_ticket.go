package counter

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Kiosk is what the machine of a hall shows: the queues that one can draw for.
type Kiosk struct {
	Hall   Hall
	Queues []Queue
	Shown  []Ticket // called and served now, for the board
	Day    Day
	At     time.Time
}

// Kiosk reads a hall by the word that its machine brings. Refusal: counter.hall_unknown.
func (s *Service) Kiosk(ctx context.Context, token string) (k Kiosk, err error) {
	now := s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		k, err = kiosk(tx, hashOf(token), now)
		return err
	})
	return k, err
}

// shownMost is how many calls a board has room for.
const shownMost = 12

func kiosk(tx *db.Tx, hash string, now time.Time) (k Kiosk, err error) {
	if k.Hall, err = hallByToken(tx, hash); err != nil {
		return k, err
	}
	all, err := queues(tx, k.Hall.Agency, clock.Day(now))
	if err != nil {
		return k, err
	}
	for _, q := range all {
		if q.Active {
			k.Queues = append(k.Queues, q)
		}
	}
	if k.Shown, err = shownTickets(tx, k.Hall.Agency, clock.Day(now), shownMost); err != nil {
		return k, err
	}
	k.At = now
	k.Day, err = dayOf(tx, k.Hall.Agency, clock.Day(now))
	return k, err
}

// Draw gives a ticket at the machine of a hall: for a queue, or for the appointment whose
// code is typed. Refusals: counter.hall_unknown, counter.queue_unknown,
// counter.priority_unknown, counter.appointment_unknown, counter.appointment_day,
// counter.appointment_used.
func (s *Service) Draw(ctx context.Context, token, queue string, p Priority, code string) (t Ticket, err error) {
	now := s.Clock()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		h, err := hallByToken(tx, hashOf(token))
		if err != nil {
			return err
		}
		t, err = s.draw(tx, audit.System("counter:kiosk"), h, queue, p, code, now)
		return err
	})
	return t, err
}

// DrawFor gives a ticket to somebody who asks an officer. Refusals: those of Draw.
func (s *Service) DrawFor(ctx context.Context, agency, queue string, p Priority, code string) (t Ticket, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := may(tx, a, RightServe, agency, now); err != nil {
			return err
		}
		h, err := findHall(tx, agency)
		if err != nil {
			return err
		}
		t, err = s.draw(tx, a.Who(), h, queue, p, code, now)
		return err
	})
	return t, err
}

func (s *Service) draw(tx *db.Tx, who audit.Who, h Hall, queue string, p Priority, code string, now time.Time) (t Ticket, err error) {
	if p != "" && !slices.Contains(Priorities, p) {
		return t, errs.OnField("priority", "counter.priority_unknown")
	}
	var slot time.Time
	var appointment string
	if code = strings.ToUpper(strings.ReplaceAll(text.Clean(code), " ", "")); code != "" {
		ap, err := s.arrive(tx, who, h, code, now)
		if err != nil {
			return t, err
		}
		queue, appointment = ap.Queue, ap.ID
		// Who comes after the slot is lost waits like everybody else.
		if start := clock.FromMs(ap.StartMs); now.Before(start.Add(time.Duration(h.NoShowMin) * time.Minute)) {
			slot = start
		}
	}
	q, err := findQueue(tx, queue)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return t, err
	}
	if err != nil || q.Agency != h.Agency || !q.Active {
		return t, errs.OnField("queue", "counter.queue_unknown")
	}
	day := clock.Day(now)
	no, err := nextNumber(tx, q.ID, day)
	if err != nil {
		return t, err
	}
	t = Ticket{ID: db.NewID(), Agency: h.Agency, Queue: q.ID, QueueName: q.Name, Day: day, Label: label(q.Letter, no), Token: rand.Text(), Priority: p, State: Waiting,
		PlaceMs: place(h, p, now, slot), TakenMs: now.UnixMilli(), TargetMin: h.TargetMin, Appointment: appointment, Version: 1}
	if err := addTicket(tx, t); err != nil {
		return t, err
	}
	return t, s.record(tx, who, "draw", t, "")
}

// Place is a ticket as its holder sees it on a phone.
type Place struct {
	Ticket
	Ahead int64
	Hall  Hall
	Shown []Ticket
}

// Place reads a ticket by the word on its slip. Refusal: counter.ticket_unknown.
func (s *Service) Place(ctx context.Context, token string) (p Place, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if p.Ticket, err = findTicket(tx, "", token); err != nil {
			return err
		}
		if p.State == Waiting {
			if p.Ahead, err = ahead(tx, p.Ticket); err != nil {
				return err
			}
		}
		p.Hall, err = findHall(tx, p.Agency)
		return err
	})
	return p, err
}

// Work is the desk of an officer: who stands before it, and who waits.
type Work struct {
	Desk      Desk
	Desks     []Desk // to sit at, while the officer sits nowhere
	Agency    string
	Current   Ticket // zero when nobody is there
	Queues    []Queue
	Skipped   []Ticket
	Day       Day
	TargetMin int64
}

// Work reads the desk where the officer sits, or those that are free at an agency.
// Refusal: counter.hall_unknown.
func (s *Service) Work(ctx context.Context, agency string) (w Work, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		d, sits, err := deskOf(tx, a.AccountID)
		if err != nil {
			return err
		}
		if w.Agency = agency; sits {
			w.Agency, w.Desk = d.Agency, d
		}
		if w.Agency == "" {
			return nil
		}
		if err := may(tx, a, RightServe, w.Agency, now); err != nil {
			return err
		}
		if w.Desks, err = desks(tx, w.Agency); err != nil {
			return err
		}
		for _, d := range w.Desks {
			if d.ID == w.Desk.ID {
				w.Desk = d
			}
		}
		day := clock.Day(now)
		if w.Queues, err = queues(tx, w.Agency, day); err != nil {
			return err
		}
		if sits {
			if w.Current, _, err = atDesk(tx, w.Desk.ID); err != nil {
				return err
			}
		}
		if w.Skipped, err = dayTickets(tx, w.Agency, day, Skipped, 0, "", 50); err != nil {
			return err
		}
		h, err := findHall(tx, w.Agency)
		if err != nil {
			return err
		}
		w.TargetMin = h.TargetMin
		w.Day, err = dayOf(tx, w.Agency, day)
		return err
	})
	return w, err
}

// Sit takes a desk. Refusals: counter.desk_unknown, counter.desk_taken,
// counter.sits_elsewhere.
func (s *Service) Sit(ctx context.Context, desk string) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		d, err := findDesk(tx, desk)
		if err != nil {
			return err
		}
		if err := identity.RequireSeen(tx, a, RightView, RightServe, d.Agency, now, errs.New(errs.NotFound, "counter.desk_unknown")); err != nil {
			return err
		}
		at, sits, err := deskOf(tx, a.AccountID)
		switch {
		case err != nil:
			return err
		case sits && at.ID != d.ID:
			return errs.New(errs.Conflict, "counter.sits_elsewhere", "desk", at.No)
		case d.OfficerID == a.AccountID:
			return nil
		case d.OfficerID != "" || !d.Active:
			return errs.New(errs.Conflict, "counter.desk_taken", "desk", d.No)
		}
		d.OfficerID, d.Officer = a.AccountID, a.Name
		return s.seat(tx, a, d, true)
	})
}

// Leave gives the desk up; who stands before it is finished first. Refusals:
// counter.sits_nowhere, counter.busy.
func (s *Service) Leave(ctx context.Context) error {
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, _ time.Time) error {
		d, sits, err := deskOf(tx, a.AccountID)
		if err != nil {
			return err
		}
		if !sits {
			return errs.New(errs.Conflict, "counter.sits_nowhere")
		}
		t, busy, err := atDesk(tx, d.ID)
		if err != nil {
			return err
		}
		if busy {
			return errs.New(errs.Conflict, "counter.busy", "label", t.Label)
		}
		d.OfficerID, d.Officer = "", ""
		return s.seat(tx, a, d, false)
	})
}

func (s *Service) seat(tx *db.Tx, a identity.Actor, d Desk, sits bool) error {
	if err := saveDesk(tx, d); err != nil {
		return err
	}
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "counter.seat", Subject: "counter_desk:" + d.ID, Agency: d.Agency, After: map[string]any{"desk": d.No, "sits": sits}})
}

// sitting is the desk of an officer who may still serve there.
func sitting(tx *db.Tx, a identity.Actor, now time.Time) (Desk, error) {
	d, sits, err := deskOf(tx, a.AccountID)
	if err == nil && !sits {
		err = errs.New(errs.Conflict, "counter.sits_nowhere")
	}
	if err == nil {
		err = may(tx, a, RightServe, d.Agency, now)
	}
	return d, err
}

// Next calls whoever comes next in the queues of the officer's desk. Two officers never
// get the same ticket: calls at one agency wait for each other. Refusals:
// counter.sits_nowhere, counter.busy, counter.nobody_waits.
func (s *Service) Next(ctx context.Context) (t Ticket, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		d, err := sitting(tx, a, now)
		if err != nil {
			return err
		}
		if err := tx.Lock("counter_call:" + d.Agency); err != nil {
			return err
		}
		if at, busy, err := atDesk(tx, d.ID); err != nil || busy {
			if err == nil {
				err = errs.New(errs.Conflict, "counter.busy", "label", at.Label)
			}
			return err
		}
		first, found, err := firstWaiting(tx, d.ID, clock.Day(now))
		if err != nil {
			return err
		}
		if !found {
			return errs.New(errs.Conflict, "counter.nobody_waits")
		}
		t, err = s.call(tx, a, d, first, now)
		return err
	})
	return t, err
}

// call takes a ticket to a desk.
func (s *Service) call(tx *db.Tx, a identity.Actor, d Desk, t Ticket, now time.Time) (Ticket, error) {
	next, err := Moves.Next(t.State, "call", "counter.wrong_state")
	if err != nil {
		return t, err
	}
	t.State, t.Desk, t.DeskNo, t.Officer, t.Calls = next, d.ID, d.No, a.AccountID, t.Calls+1
	if t.CalledMs == 0 {
		t.CalledMs = now.UnixMilli()
		t.WaitMin = waited(t.TakenMs, t.CalledMs)
	}
	if err := saveTicket(tx, t); err != nil {
		return t, err
	}
	t.Version++
	return t, s.record(tx, a.Who(), "call", t, "")
}

// Act is what an officer does with a ticket.
type Act struct {
	Move    string // call (by number), recall, skip, serve, finish, transfer, abandon
	Version int64
	Queue   string // of a transfer
	Dossier string // code, when a dossier came of it
}

// Move makes a move with the ticket that stands before the officer's desk; "call" brings
// one that was skipped or waits, by its number. Refusals: counter.sits_nowhere,
// counter.ticket_unknown, counter.not_here, counter.busy, counter.changed_meanwhile,
// counter.wrong_state, counter.queue_unknown, counter.dossier_unknown.
func (s *Service) Move(ctx context.Context, id string, in Act) (t Ticket, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		d, err := sitting(tx, a, now)
		if err != nil {
			return err
		}
		if err := tx.Lock("counter_call:" + d.Agency); err != nil {
			return err
		}
		if t, err = findTicket(tx, id, ""); err != nil {
			return err
		}
		if t.Agency != d.Agency {
			return errs.New(errs.NotFound, "counter.ticket_unknown")
		}
		if t.Version != in.Version {
			return errs.New(errs.Conflict, "counter.changed_meanwhile")
		}
		if in.Move == "call" {
			if at, busy, err := atDesk(tx, d.ID); err != nil || busy {
				if err == nil {
					err = errs.New(errs.Conflict, "counter.busy", "label", at.Label)
				}
				return err
			}
			t, err = s.call(tx, a, d, t, now)
			return err
		}
		if t.Desk != d.ID && (t.State == Called || t.State == Serving) {
			return errs.New(errs.Conflict, "counter.not_here")
		}
		if t.State, err = Moves.Next(t.State, in.Move, "counter.wrong_state"); err != nil {
			return err
		}
		if err := s.follow(tx, &t, in, now); err != nil {
			return err
		}
		if err := saveTicket(tx, t); err != nil {
			return err
		}
		t.Version++
		return s.record(tx, a.Who(), in.Move, t, "")
	})
	return t, err
}

// follow does what a move means besides the state.
func (s *Service) follow(tx *db.Tx, t *Ticket, in Act, now time.Time) error {
	switch in.Move {
	case "recall":
		t.Calls++
	case "skip":
		t.Desk, t.DeskNo = "", 0
	case "serve":
		t.BegunMs = now.UnixMilli()
	case "finish", "abandon":
		t.EndedMs = now.UnixMilli()
	case "transfer":
		q, err := findQueue(tx, in.Queue)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		if err != nil || q.Agency != t.Agency || !q.Active {
			return errs.OnField("queue", "counter.queue_unknown")
		}
		t.Queue, t.QueueName, t.Desk, t.DeskNo, t.Officer = q.ID, q.Name, "", 0, ""
	}
	if code := text.Clean(in.Dossier); code != "" {
		known, err := s.Dossiers.Known(tx, code)
		if err != nil {
			return err
		}
		if !known {
			return errs.OnField("dossier", "counter.dossier_unknown")
		}
		t.Dossier = code
	}
	return nil
}

// Today lists the tickets of a hall on a day, after the key (taken_ms, id), with what the
// day came to. Refusals: counter.hall_unknown, counter.day_unreadable.
func (s *Service) Today(ctx context.Context, agency, day string, state State, afterMs int64, afterID string, limit int) (list []Ticket, sum Day, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := may(tx, a, RightView, agency, now); err != nil {
			return err
		}
		if _, err := clock.ParseDay(day); err != nil {
			return errs.OnField("day", "counter.day_unreadable")
		}
		if list, err = dayTickets(tx, agency, day, state, afterMs, afterID, limit); err != nil {
			return err
		}
		sum, err = dayOf(tx, agency, day)
		return err
	})
	return list, sum, err
}
