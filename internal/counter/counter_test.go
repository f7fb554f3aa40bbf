package counter

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/indicator"
	"cchc/internal/job"
	"cchc/internal/notice"
	"cchc/internal/org"
)

type dossiers struct{}

func (dossiers) Known(_ *db.Tx, code string) (bool, error) { return code == "X-261014-0001", nil }

// house is a ward with a hall of two queues and three desks, and another ward.
type house struct {
	*Service
	t                                                  *testing.T
	d                                                  *db.DB
	mu                                                 sync.Mutex
	at                                                 time.Time
	id                                                 map[string]string
	token                                              string
	first, second, admin, foreign, watcher, citizen, b context.Context
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) later(d time.Duration) { h.mu.Lock(); h.at = h.at.Add(d); h.mu.Unlock() }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) refused(err error, code string) {
	h.t.Helper()
	if got := errs.CodeOf(err); got != code {
		h.t.Errorf("got %v, want %s", err, code)
	}
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, at: time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC), id: map[string]string{}} // Wednesday 09:00
	keys, err := audit.NewKeys()
	h.must(err)
	log := audit.New(keys, h.clock)
	people := identitytest.New(t, d, h.clock, Rights...)
	dir := org.NewDirectory(log, h.clock)
	for _, a := range []struct {
		code, name string
		kind       org.Kind
	}{{"U", "UBND tỉnh Mẫu", org.Province}, {"X", "UBND phường Mẫu", org.Commune}, {"Y", "UBND phường Khác", org.Commune}} {
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			got, err := dir.Create(tx, audit.System("test"), org.New{Code: a.code, Name: a.name, Kind: a.kind, ParentID: h.id["U"], ValidFrom: org.First, ValidTo: org.Last})
			h.id[a.code] = got.ID
			return err
		}))
	}
	as := func(login, own, over string, rights ...string) context.Context {
		return identity.With(context.Background(), people.Person(login, own, over, rights...))
	}
	x, y := h.id["X"], h.id["Y"]
	h.first = as("first.officer", x, x, RightView, RightServe, RightBook)
	h.second = as("second.officer", x, x, RightView, RightServe)
	h.admin = as("hall.admin", h.id["U"], "", RightSetup)
	h.foreign = as("foreign", y, y, RightView, RightServe, RightBook, RightSetup)
	h.watcher = as("watcher", x, x, RightView)
	h.citizen, h.b = as("citizen", "", ""), as("other.citizen", "", "")
	queue, err := job.New(d, h.clock)
	h.must(err)
	tell, err := notice.New(d, h.clock, log, queue, notice.Options{Key: make([]byte, 32), BaseURL: "http://x", Book: func(*db.Tx, string) (notice.Address, bool, error) {
		return notice.Address{Name: "Ai"}, true, nil
	}})
	h.must(err)
	h.Service = &Service{DB: d, Clock: h.clock, Log: log, Tell: tell, Dossiers: dossiers{}}
	for _, q := range []Queue{{Letter: "a", Name: "Hộ tịch", Capacity: 1}, {Letter: "B", Name: "Đất đai"}} {
		q.Agency, q.Active = x, true
		q, err := h.WriteQueue(h.admin, q)
		h.must(err)
		h.id[q.Letter] = q.ID
	}
	for no, served := range map[int64][]string{1: {h.id["A"]}, 2: {h.id["A"], h.id["B"]}, 3: {h.id["B"]}} {
		k, err := h.WriteDesk(h.admin, Desk{Agency: x, No: no, Queues: served, Active: true})
		h.must(err)
		h.id[fmt.Sprint(no)] = k.ID
	}
	h.token, err = h.NewToken(h.admin, x)
	h.must(err)
	return h
}

func (h *house) draw(letter string, p Priority) Ticket {
	h.t.Helper()
	t, err := h.Draw(context.Background(), h.token, h.id[letter], p, "")
	h.must(err)
	h.later(time.Second)
	return t
}

func TestMoves_everyPairOfStates(t *testing.T) {
	t.Parallel()
	want := map[State]string{Waiting: "call abandon", Called: "recall skip serve transfer abandon", Skipped: "call abandon", Serving: "finish transfer", Done: "", Abandoned: ""}
	for from, names := range want {
		for _, m := range Moves {
			_, err := Moves.Next(from, m.Name, "counter.wrong_state")
			if allowed := slices.Contains(strings.Fields(names), m.Name); allowed != (err == nil) {
				t.Errorf("%s from %s: %v", m.Name, from, err)
			}
		}
	}
}

func TestPlace_aStreamOfPrioritiesNeverStopsTheOthers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := newHall("x")
		h.PriorityMin = rapid.Int64Range(0, 60).Draw(t, "early")
		start := time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)
		mine := place(h, "", start, time.Time{})
		later := start.Add(time.Duration(rapid.Int64Range(0, 200).Draw(t, "minutes")) * time.Minute)
		p := place(h, Elderly, later, time.Time{})
		if overtakes := p < mine; overtakes != (later.Sub(start) < time.Duration(h.PriorityMin)*time.Minute) {
			t.Fatalf("drawn %s later, overtakes %v", later.Sub(start), overtakes)
		}
	})
}

func TestDraw_numbersAQueueADayAndRefusesWhatIsNoQueue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for _, want := range []string{"A001", "A002"} {
			if got := h.draw("A", ""); got.Label != want || got.State != Waiting || got.TargetMin != 15 {
				t.Errorf("%+v", got)
			}
		}
		if got := h.draw("B", ""); got.Label != "B001" {
			t.Errorf("%+v", got)
		}
		_, err := h.Draw(context.Background(), "guess", h.id["A"], "", "")
		h.refused(err, "counter.hall_unknown")
		_, err = h.Draw(context.Background(), "", h.id["A"], "", "")
		h.refused(err, "counter.hall_unknown")
		_, err = h.Draw(context.Background(), h.token, "no", "", "")
		h.refused(err, "counter.queue_unknown")
		_, err = h.Draw(context.Background(), h.token, h.id["A"], "rich", "")
		h.refused(err, "counter.priority_unknown")
		_, err = h.DrawFor(h.foreign, h.id["X"], h.id["A"], "", "")
		h.refused(err, "counter.hall_unknown")
		_, err = h.DrawFor(h.watcher, h.id["X"], h.id["A"], "", "")
		h.refused(err, "identity.right_missing")
		if got, err := h.DrawFor(h.first, h.id["X"], h.id["A"], Pregnant, ""); err != nil || got.Label != "A003" {
			t.Errorf("%+v %v", got, err)
		}
		h.later(24 * time.Hour)
		if got := h.draw("A", ""); got.Label != "A001" {
			t.Errorf("the next day begins with %s", got.Label)
		}
		old := h.token
		h.token, err = h.NewToken(h.admin, h.id["X"])
		h.must(err)
		_, err = h.Kiosk(context.Background(), old)
		h.refused(err, "counter.hall_unknown")
	})
}

func TestNext_callsPrioritiesEarlierAndOnlyTheDesksQueues(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		_, err := h.Next(h.first)
		h.refused(err, "counter.sits_nowhere")
		h.must(h.Sit(h.first, h.id["1"]))
		h.refused(h.Sit(h.second, h.id["1"]), "counter.desk_taken")
		h.refused(h.Sit(h.first, h.id["2"]), "counter.sits_elsewhere")
		h.refused(h.Sit(h.foreign, h.id["2"]), "counter.desk_unknown")
		h.refused(h.Sit(h.watcher, h.id["2"]), "identity.right_missing")
		_, err = h.Next(h.first)
		h.refused(err, "counter.nobody_waits")
		h.draw("B", "")
		h.draw("A", "")
		elder := h.draw("A", Elderly)
		if p, err := h.Place(context.Background(), elder.Token); err != nil || p.Ahead != 0 {
			t.Errorf("%d before the elder, %v", p.Ahead, err)
		}
		got, err := h.Next(h.first)
		if err != nil || got.Label != "A002" || got.DeskNo != 1 {
			t.Errorf("%+v %v", got, err)
		}
		_, err = h.Next(h.first)
		h.refused(err, "counter.busy")
		h.refused(h.Leave(h.first), "counter.busy")
		// The other officer may not touch it; a stale page neither.
		h.must(h.Sit(h.second, h.id["2"]))
		_, err = h.Move(h.second, got.ID, Act{Move: "serve", Version: got.Version})
		h.refused(err, "counter.not_here")
		_, err = h.Move(h.first, got.ID, Act{Move: "serve", Version: got.Version - 1})
		h.refused(err, "counter.changed_meanwhile")
		_, err = h.Move(h.first, got.ID, Act{Move: "finish", Version: got.Version})
		h.refused(err, "counter.wrong_state")
		got, err = h.Move(h.first, got.ID, Act{Move: "serve", Version: got.Version})
		h.must(err)
		_, err = h.Move(h.first, got.ID, Act{Move: "finish", Version: got.Version, Dossier: "X-0"})
		h.refused(err, "counter.dossier_unknown")
		got, err = h.Move(h.first, got.ID, Act{Move: "finish", Version: got.Version, Dossier: "X-261014-0001"})
		if err != nil || got.State != Done || got.Dossier != "X-261014-0001" {
			t.Errorf("%+v %v", got, err)
		}
		h.must(h.Leave(h.first))
		h.refused(h.Leave(h.first), "counter.sits_nowhere")
	})
}

func TestMove_skippedComesAgainByNumberAndATransferKeepsItsPlace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.must(h.Sit(h.first, h.id["1"]))
		h.must(h.Sit(h.second, h.id["3"]))
		a, late := h.draw("A", ""), h.draw("B", "")
		got, err := h.Next(h.first)
		h.must(err)
		got, err = h.Move(h.first, got.ID, Act{Move: "recall", Version: got.Version})
		if err != nil || got.Calls != 2 {
			t.Errorf("%+v %v", got, err)
		}
		got, err = h.Move(h.first, got.ID, Act{Move: "skip", Version: got.Version})
		h.must(err)
		if w, err := h.Work(h.first, ""); err != nil || len(w.Skipped) != 1 || w.Current.ID != "" {
			t.Errorf("%+v %v", w, err)
		}
		got, err = h.Move(h.first, got.ID, Act{Move: "call", Version: got.Version})
		if err != nil || got.Calls != 3 || got.WaitMin != 0 {
			t.Errorf("%+v %v", got, err)
		}
		_, err = h.Move(h.first, got.ID, Act{Move: "transfer", Version: got.Version, Queue: "no"})
		h.refused(err, "counter.queue_unknown")
		got, err = h.Move(h.first, got.ID, Act{Move: "transfer", Version: got.Version, Queue: h.id["B"]})
		h.must(err)
		next, err := h.Next(h.second)
		if err != nil || next.ID != a.ID || next.Label != "A001" {
			t.Errorf("%s was called before the transferred one: %v", next.Label, err)
		}
		next, err = h.Move(h.second, next.ID, Act{Move: "abandon", Version: next.Version})
		h.must(err)
		if last, err := h.Next(h.second); err != nil || last.ID != late.ID || next.State != Abandoned {
			t.Errorf("%+v %v", last, err)
		}
		_, err = h.Move(h.first, "00000000-0000-7000-8000-000000000000", Act{Move: "serve"})
		h.refused(err, "counter.ticket_unknown")
	})
}

func TestNext_twoOfficersNeverGetTheSameTicket(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.must(h.Sit(h.first, h.id["1"]))
		h.must(h.Sit(h.second, h.id["2"]))
		const n = 30
		for range n {
			h.draw("A", "")
		}
		var mu sync.Mutex
		seen := map[string]int{}
		var wait sync.WaitGroup
		for _, who := range []context.Context{h.first, h.second} {
			wait.Go(func() {
				for {
					got, err := h.Next(who)
					if errs.CodeOf(err) == "counter.nobody_waits" {
						return
					}
					for _, move := range []string{"serve", "finish"} {
						if err == nil {
							got, err = h.Move(who, got.ID, Act{Move: move, Version: got.Version})
						}
					}
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					seen[got.Label]++
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		if len(seen) != n {
			t.Errorf("%d of %d were served", len(seen), n)
		}
		for label, times := range seen {
			if times != 1 {
				t.Errorf("%s was served %d times", label, times)
			}
		}
	})
}

func TestIndicators_countWaitingByThePromiseOfTheDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.must(h.Sit(h.first, h.id["1"]))
		for _, minutes := range []int{5, 12, 31} { // each is drawn, waits so long, is served
			h.draw("A", "")
			h.later(time.Duration(minutes) * time.Minute)
			got, err := h.Next(h.first)
			h.must(err)
			got, err = h.Move(h.first, got.ID, Act{Move: "serve", Version: got.Version})
			h.must(err)
			_, err = h.Move(h.first, got.ID, Act{Move: "finish", Version: got.Version})
			h.must(err)
		}
		h.draw("A", "")
		h.later(24 * time.Hour)
		h.must(h.Tidy(context.Background()))
		h.must(h.Tidy(context.Background()))
		for _, i := range h.Indicators() {
			h.must(d.Read(t.Context(), func(tx *db.Tx) error {
				p := indicator.Period{FromDay: "2026-10-14", ToDay: "2026-10-14", OnDay: "2026-10-14"}
				r, err := i.Read(tx, indicator.Scope{Now: h.clock()}, p)
				want := map[string]string{"counter.wait_median": "12", "counter.wait_within_target": "66.67", "counter.abandoned_rate": "25.00"}[i.Code]
				if err != nil || r.Value != want {
					t.Errorf("%s is %+v %v, want %s", i.Code, r, err, want)
				}
				rec, err := i.Open(tx, indicator.Scope{Now: h.clock()}, p, "", 10)
				if n := map[string]int{"counter.wait_median": 3, "counter.wait_within_target": 2, "counter.abandoned_rate": 1}[i.Code]; err != nil || len(rec.Rows) != n {
					t.Errorf("%s opens %d, %v", i.Code, len(rec.Rows), err)
				}
				none, err := i.Read(tx, indicator.Scope{Now: h.clock(), Right: RightView}, p)
				if err != nil || none.Value != "" {
					t.Errorf("%s without reach is %+v %v", i.Code, none, err)
				}
				return err
			}))
		}
		if _, sum, err := h.Today(h.watcher, h.id["X"], "2026-10-14", "", 0, "", 10); err != nil || sum != (Day{Drawn: 4, Called: 3, Abandoned: 1, Within: 2}) {
			t.Errorf("%+v %v", sum, err)
		}
		_, _, err := h.Today(h.foreign, h.id["X"], "2026-10-14", "", 0, "", 10)
		h.refused(err, "counter.hall_unknown")
	})
}

func TestBook_aSlotIsGivenOnceAndNeverOutsideTheHours(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		o, err := h.Offer(h.citizen, h.id["A"], "", "2026-10-15")
		h.must(err)
		if len(o.Slots) != 32 || slices.Contains(o.Days, "2026-10-17") || o.Halls[0].ID != h.id["X"] { // 8 hours of quarters; Saturday is none
			t.Errorf("%d slots, days %v", len(o.Slots), o.Days)
		}
		at := func(day, hour string) int64 {
			x, err := time.ParseInLocation("2006-01-02 15:04", day+" "+hour, clock.Vietnam)
			h.must(err)
			return x.UnixMilli()
		}
		good := Booking{Queue: h.id["A"], Name: "Nguyễn Thị Hoa", Phone: "0905 123 456", StartMs: at("2026-10-15", "08:00")}
		for code, change := range map[string]func(*Booking){
			"counter.name_missing": func(b *Booking) { b.Name = " " }, "counter.phone_form": func(b *Booking) { b.Phone = "12" },
			"counter.slot_gone": func(b *Booking) { b.StartMs = at("2026-10-15", "12:00") }, "counter.queue_unknown": func(b *Booking) { b.Queue = h.id["B"] },
		} {
			b := good
			change(&b)
			_, err := h.Book(h.citizen, b)
			h.refused(err, code)
		}
		for _, day := range []string{"2026-10-17", "2026-10-14", "2027-01-04"} { // a Saturday, a time that is over, too far
			b := good
			b.StartMs = at(day, "08:00")
			_, err := h.Book(h.citizen, b)
			h.refused(err, "counter.slot_gone")
		}
		ap, err := h.Book(h.citizen, good)
		h.must(err)
		_, err = h.Book(h.b, good)
		h.refused(err, "counter.slot_gone")
		other := good
		other.StartMs = at("2026-10-15", "08:15")
		_, err = h.Book(h.citizen, other)
		h.refused(err, "counter.booked_already")
		_, err = h.BookFor(h.second, other)
		h.refused(err, "identity.right_missing")
		_, err = h.BookFor(h.foreign, other)
		h.refused(err, "counter.hall_unknown")
		_, err = h.BookFor(h.first, other)
		h.must(err)
		if mine, err := h.Mine(h.citizen); err != nil || len(mine) != 1 || mine[0].Code != ap.Code {
			t.Errorf("%v %v", mine, err)
		}
		h.refused(h.CancelAppointment(h.b, ap.ID, ap.Version), "counter.appointment_unknown")
		h.refused(h.CancelAppointment(h.citizen, ap.ID, ap.Version+1), "counter.changed_meanwhile")
		h.must(h.CancelAppointment(h.citizen, ap.ID, ap.Version))
		h.refused(h.CancelAppointment(h.citizen, ap.ID, ap.Version+1), "counter.appointment_over")
		if _, err = h.Book(h.b, good); err != nil {
			t.Errorf("a slot given back is free: %v", err)
		}
		if list, err := h.Appointments(h.watcher, h.id["X"], "2026-10-15"); err != nil || len(list) != 3 {
			t.Errorf("%d %v", len(list), err)
		}
		_, err = h.Appointments(h.foreign, h.id["X"], "2026-10-15")
		h.refused(err, "counter.hall_unknown")
	})
}

func TestBook_oneSlotForManyAtOnceGoesToOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		o, err := h.Offer(h.citizen, h.id["A"], "", "2026-10-15")
		h.must(err)
		var mu sync.Mutex
		given := 0
		var wait sync.WaitGroup
		for i := range 8 {
			who := h.first
			wait.Go(func() {
				_, err := h.BookFor(who, Booking{Queue: h.id["A"], Name: fmt.Sprint("Người ", i), Phone: "0905123456", StartMs: o.Slots[0].StartMs})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					given++
				} else {
					h.refused(err, "counter.slot_gone")
				}
			})
		}
		wait.Wait()
		if given != 1 {
			t.Errorf("given to %d", given)
		}
	})
}

func TestTidy_remindsOnceMissesWhoDidNotComeAndStopsOnlineBooking(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		book := func(day string) Appointment {
			t.Helper()
			o, err := h.Offer(h.citizen, h.id["A"], "", day)
			h.must(err)
			ap, err := h.Book(h.citizen, Booking{Queue: h.id["A"], Name: "Hoa", Phone: "0905123456", StartMs: o.Slots[0].StartMs})
			h.must(err)
			return ap
		}
		one := book("2026-10-15")
		h.must(h.Tidy(context.Background()))
		h.must(h.Tidy(context.Background()))
		var told []string
		h.must(d.Read(t.Context(), func(tx *db.Tx) (err error) {
			told, err = db.All(tx, db.Value[string], `SELECT args_json FROM notice_message WHERE kind = 'counter.remind'`)
			return err
		}))
		if len(told) != 1 || !strings.Contains(told[0], one.Code) || strings.Contains(told[0], "Hoa") {
			t.Errorf("told %v", told)
		}
		// Who comes in time is called before those who wait already.
		h.later(22*time.Hour - time.Minute) // 06:59 of the next day
		h.draw("A", "")
		h.draw("A", Elderly)
		_, err := h.Draw(context.Background(), h.token, "", "", "XXXXXX")
		h.refused(err, "counter.appointment_unknown")
		mine, err := h.Draw(context.Background(), h.token, "", "", strings.ToLower(one.Code[:3])+" "+one.Code[3:])
		h.must(err)
		if p, err := h.Place(context.Background(), mine.Token); err != nil || p.Ahead > 1 {
			t.Errorf("%d before the appointment: %v", p.Ahead, err)
		}
		_, err = h.Draw(context.Background(), h.token, "", "", one.Code)
		h.refused(err, "counter.appointment_used")
		two := book("2026-10-19")
		_, err = h.Draw(context.Background(), h.token, "", "", two.Code)
		h.refused(err, "counter.appointment_day")
		h.later(5 * 24 * time.Hour)
		h.must(h.Tidy(context.Background()))
		book("2026-10-21")
		h.later(2 * 24 * time.Hour)
		h.must(h.Tidy(context.Background()))
		mineList, err := h.Mine(h.citizen)
		h.must(err)
		if len(mineList) != 3 || mineList[0].State != NoShow || mineList[1].State != NoShow || mineList[2].State != Arrived {
			t.Errorf("%+v", mineList)
		}
		o, err := h.Offer(h.citizen, h.id["A"], "", "2026-10-23")
		h.must(err)
		_, err = h.Book(h.citizen, Booking{Queue: h.id["A"], Name: "Hoa", Phone: "0905123456", StartMs: o.Slots[0].StartMs})
		h.refused(err, "counter.missed_often")
		_, err = h.BookFor(h.first, Booking{Queue: h.id["A"], Name: "Hoa", Phone: "0905123456", StartMs: o.Slots[0].StartMs})
		h.must(err)
	})
}

func TestSetup_isRefusedWithASentence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.id["X"]
		for code, q := range map[string]Queue{"counter.letter_form": {Agency: x, Letter: "Đ", Name: "x"}, "counter.queue_name": {Agency: x, Letter: "C"},
			"counter.letter_taken": {Agency: x, Letter: "A", Name: "x"}, "counter.number_range": {Agency: x, Letter: "C", Name: "x", Capacity: -1}, "counter.queue_unknown": {ID: "no"}} {
			_, err := h.WriteQueue(h.admin, q)
			h.refused(err, code)
		}
		for code, k := range map[string]Desk{"counter.desk_number": {Agency: x, Queues: []string{h.id["A"]}}, "counter.desk_number_taken": {Agency: x, No: 1, Queues: []string{h.id["A"]}},
			"counter.desk_queues": {Agency: x, No: 9}, "counter.queue_unknown": {Agency: x, No: 9, Queues: []string{"no"}}, "counter.desk_unknown": {ID: "no"}} {
			_, err := h.WriteDesk(h.admin, k)
			h.refused(err, code)
		}
		_, err := h.WriteQueue(h.foreign, Queue{Agency: x, Letter: "C", Name: "x"})
		h.refused(err, "counter.hall_unknown")
		_, err = h.Setup(h.first, x)
		h.refused(err, "counter.hall_unknown")
		v, err := h.Setup(h.admin, x)
		h.must(err)
		if len(v.Queues) != 2 || len(v.Desks) != 3 || !v.Hall.HasToken {
			t.Errorf("%+v", v)
		}
		bad := v.Hall
		bad.SlotMin = 1
		h.refused(h.WriteHall(h.admin, bad), "counter.number_range")
		v.Hall.TargetMin = 10
		h.must(h.WriteHall(h.admin, v.Hall))
		h.refused(h.WriteHall(h.admin, v.Hall), "counter.changed_meanwhile")
		if got := h.draw("A", ""); got.TargetMin != 10 {
			t.Errorf("the promise of a new ticket is %d", got.TargetMin)
		}
		q := v.Queues[0]
		q.Active = false
		_, err = h.WriteQueue(h.admin, q)
		h.must(err)
		_, err = h.Draw(context.Background(), h.token, q.ID, "", "")
		h.refused(err, "counter.queue_unknown")
	})
}
