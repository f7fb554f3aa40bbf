package dossier

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

// slow is the due time by looking at every minute: is it worked, is it paused? It knows
// nothing of the calendar but the days off and the hours of an office.
func slow(start time.Time, minutes int, off map[string]bool, pauses [][2]time.Time) time.Time {
	t := start.In(clock.Vietnam).Truncate(time.Minute)
	worked := func(t time.Time) bool {
		if wd := t.Weekday(); wd == time.Saturday || wd == time.Sunday || off[t.Format(time.DateOnly)] {
			return false
		}
		m := t.Hour()*60 + t.Minute()
		return m >= 7*60 && m < 11*60+30 || m >= 13*60+30 && m < 17*60
	}
	paused := func(t time.Time) bool {
		for _, p := range pauses {
			if !t.Before(p[0].Truncate(time.Minute)) && t.Before(p[1].Truncate(time.Minute)) {
				return true
			}
		}
		return false
	}
	for minutes > 0 {
		if worked(t) && !paused(t) {
			minutes--
		}
		t = t.Add(time.Minute)
	}
	return t
}

// TestDue_equalsAClockThatLooksAtEveryMinute: for random calendars, pauses of two kinds,
// send-backs, transfers and hand-overs of a dissolved agency.
func TestDue_equalsAClockThatLooksAtEveryMinute(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		rapid.Check(t, func(r *rapid.T) {
			off := map[string]bool{}
			day := func(label string) string {
				return time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 60).Draw(r, label)).Format(time.DateOnly)
			}
			for range rapid.IntRange(0, 6).Draw(r, "days off") {
				off[day("off")] = true
			}
			setDays(h, off)
			p := procedures()["karaoke-new"]
			p.Amount, p.Unit = rapid.IntRange(1, 12).Draw(r, "days"), "working_day"
			minutes := p.Amount * 480
			h.Procedures = shelf{"karaoke-new": p}
			h.at = time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 10*24*60).Draw(r, "start")) * time.Minute)
			start := h.at
			x := h.move(h.counter, h.receive("karaoke-new"), Act{Move: "hand_over"})
			first := x.DueMs
			if got := slow(start, minutes, off, nil); got.UnixMilli() != first {
				r.Fatalf("received %s: due %s, minute by minute %s", start.In(clock.Vietnam), local(first), got)
			}
			var pauses [][2]time.Time
			later := func() { h.at = h.at.Add(time.Duration(rapid.IntRange(0, 5*24*60*60).Draw(r, "later")) * time.Second) }
			agency := "GL.D08"
			for range rapid.IntRange(0, 5).Draw(r, "acts") {
				later()
				do := func(in Act) {
					h.must(d.Write(context.Background(), func(tx *db.Tx) (err error) { x, err = h.Do(tx, audit.System("test"), h.at, x.ID, in); return err }))
				}
				switch rapid.IntRange(0, 4).Draw(r, "act") {
				case 0, 1:
					from := h.at
					in, out := Act{Move: "ask_supplement", Reason: "x"}, Act{Move: "supply"}
					if rapid.Bool().Draw(r, "money") {
						in, out = Act{Move: "ask_payment"}, Act{Move: "pay"}
					}
					do(in)
					later()
					do(out)
					pauses = append(pauses, [2]time.Time{from, h.at})
				case 2:
					do(Act{Move: "advance"})
					do(Act{Move: "send_back", Step: 2, Reason: "x"})
				case 3:
					to := map[string]string{"GL.D08": "GL.D05", "GL.D05": "GL.D08"}[agency]
					do(Act{Move: "transfer", Agency: to, Reason: "x"})
					agency = to
				case 4:
					to := map[string]string{"GL.D08": "GL.D05", "GL.D05": "GL.D08"}[agency]
					h.must(d.Write(context.Background(), func(tx *db.Tx) error {
						return h.HandOver(tx, audit.System("test"), h.id[agency], h.id[to], []string{x.ID}, "minutes")
					}))
					agency, x = to, h.load(x.ID)
				}
			}
			// A pause that begins when the due time is over changes nothing: the reference
			// leaves it out by itself, minute by minute.
			if got := slow(start, minutes, off, pauses); got.UnixMilli() != x.DueMs || x.OriginalDueMs != first || x.ClockDueMs != x.DueMs {
				r.Fatalf("started %s, %d days, pauses %v: due %s, minute by minute %s", start.In(clock.Vietnam), p.Amount, pauses, local(x.DueMs), got)
			}
		})
	})
}

// setDays makes the days off of the spring of 2028 just these.
func setDays(h *house, off map[string]bool) {
	h.must(h.d.Write(context.Background(), func(tx *db.Tx) error {
		there, err := calendar.Year(tx, 2028)
		if err != nil {
			return err
		}
		var changes []calendar.Change
		for _, d := range there {
			changes = append(changes, calendar.Change{RemoveDay: &calendar.Ref{ID: d.ID, Version: d.Version}})
		}
		if len(changes) > 0 {
			if err := h.book.Apply(tx, audit.System("test"), changes, "x"); err != nil {
				return err
			}
		}
		changes = nil
		for day := range off {
			changes = append(changes, calendar.Change{SetDay: &calendar.Day{Day: day, Kind: calendar.DayOff, Name: "Nghỉ"}})
		}
		if len(changes) == 0 {
			return nil
		}
		return h.book.Apply(tx, audit.System("test"), changes, "x")
	}))
}

func TestReadReceiptRule_readsTheWordsOfTheGroup(t *testing.T) {
	t.Parallel()
	for words, want := range map[string][2]string{
		"nộp sau 17h hoặc ngày nghỉ/lễ/Tết -> tính từ 8h ngày làm việc tiếp theo (verified)": {"17:00", "08:00"},
		"Hồ sơ nộp sau 16:30 tính từ 07:30 của ngày làm việc kế tiếp":                        {"16:30", "07:30"},
		"tiếp nhận trong giờ hành chính":                                                     {},
		"":                                                                                   {},
	} {
		if until, next := ReadReceiptRule(words); until != want[0] || next != want[1] {
			t.Errorf("%q: %q %q", words, until, next)
		}
	}
}
