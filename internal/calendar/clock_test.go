package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// slow is the reference: it looks at every minute, one after the other.
type slow struct {
	c      Calendar
	pauses []Span
}

func (s slow) works(m int64) bool {
	for _, w := range s.c.plan(dayOf(m)).periods {
		if in := int(m - int64(dayOf(m))*dayLength); w.From <= in && in < w.To {
			return true
		}
	}
	return false
}

func (s slow) counts(m int64) bool {
	for _, p := range s.pauses {
		if !toTime(m).Before(p.From) && toTime(m).Before(p.To) {
			return false
		}
	}
	return s.works(m)
}

func (s slow) due(m, left int64) int64 {
	for !s.works(m) {
		m++
	}
	for ; left > 0; m++ {
		if s.counts(m) {
			left--
			if left == 0 {
				return m + 1
			}
		}
	}
	return m
}

// randomCalendar draws hours by season and weekday, days off, make-up days and doubts
// around a month, on two levels.
func randomCalendar(t *rapid.T) Calendar {
	sessions := rapid.SampledFrom([]string{DefaultSessions, "07:30-11:30,13:00-17:00", "08:00-12:00", "00:00-24:00", "06:00-06:01,23:58-23:59", ""})
	level := rapid.Custom(func(t *rapid.T) Level {
		var l Level
		for range rapid.IntRange(0, 3).Draw(t, "hours") {
			h := Hours{Weekdays: rapid.SampledFrom([]string{"12345", "6", "1234567", "35"}).Draw(t, "weekdays"), FromDay: "0001-01-01", ToDay: "9999-12-31",
				Sessions: sessions.Draw(t, "sessions")}
			if rapid.Bool().Draw(t, "season") {
				h.SeasonFrom, h.SeasonTo = rapid.SampledFrom([]string{"01-15", "10-16"}).Draw(t, "from"), rapid.SampledFrom([]string{"02-10", "04-15"}).Draw(t, "to")
			}
			l.Hours = append(l.Hours, h)
		}
		for range rapid.IntRange(0, 8).Draw(t, "days") {
			n := 20454 + rapid.IntRange(0, 40).Draw(t, "day") // from 2026-01-01
			l.Days = append(l.Days, Day{Day: dayText(n), Kind: rapid.SampledFrom([]DayKind{DayOff, MakeUp, ToConfirm, LunarHint}).Draw(t, "kind")})
		}
		return l
	})
	c, err := Make(nil, level.Draw(t, "own"), level.Draw(t, "all"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func drawMinute(t *rapid.T, name string) time.Time {
	return toTime(20454*dayLength + rapid.Int64Range(0, 30*dayLength).Draw(t, name))
}

func drawPauses(t *rapid.T) []Span {
	var all []Span
	for range rapid.IntRange(0, 4).Draw(t, "pauses") {
		from := drawMinute(t, "pause")
		all = append(all, Span{from, from.Add(time.Duration(rapid.IntRange(0, 5*dayLength).Draw(t, "length")) * time.Minute)})
	}
	return all
}

func TestDue_equalsAMinuteByMinuteClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, start, pauses := randomCalendar(t), drawMinute(t, "start"), drawPauses(t)
		amount := rapid.IntRange(0, 4000).Draw(t, "amount")
		got, err := c.DueTime(start, amount, Minute, pauses...)
		if err != nil {
			if _, ok := c.norm(toMinute(start)); !ok {
				return // a calendar without work
			}
			t.Fatal(err)
		}
		if want := toTime(slow{c, pauses}.due(toMinute(start), int64(amount))); !got.Equal(want) {
			t.Fatalf("start %s, %d minutes: got %s, want %s", start, amount, got, want)
		}
		if amount == 0 {
			return
		}
		if used, err := c.Used(start, got, pauses...); err != nil || used != int64(amount) {
			t.Fatalf("used %d of %d (%v)", used, amount, err)
		}
		r, err := c.Due(start, amount, Minute, pauses...)
		if err != nil || !r.Due.Equal(got) {
			t.Fatalf("with steps %s (%v)", r.Due, err)
		}
		var counted int64
		for _, s := range r.Steps {
			counted += s.Minutes
		}
		if last := r.Steps[len(r.Steps)-1]; counted != int64(amount) || last.Left != 0 {
			t.Fatalf("steps count %d of %d, last %+v", counted, amount, last)
		}
	})
}

func TestDue_neverFallsEarlierForMoreWorkOrALaterStart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, start, pauses := randomCalendar(t), drawMinute(t, "start"), drawPauses(t)
		amount := rapid.IntRange(1, 3000).Draw(t, "amount")
		due, err := c.DueTime(start, amount, Minute, pauses...)
		if err != nil {
			return
		}
		more, err := c.DueTime(start, amount+rapid.IntRange(0, 500).Draw(t, "more"), Minute, pauses...)
		if err != nil || more.Before(due) {
			t.Fatalf("more work falls due earlier: %s, %s (%v)", due, more, err)
		}
		later, err := c.DueTime(start.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "later"))*time.Minute), amount, Minute, pauses...)
		if err != nil || later.Before(due) {
			t.Fatalf("a later start falls due earlier: %s, %s (%v)", due, later, err)
		}
		if norm := c.Norm(start); !c.Norm(norm).Equal(norm) || norm.Before(start) {
			t.Fatalf("norm of %s is %s", start, norm)
		}
	})
}

func TestAddWorkingDays_isUndoneByCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := randomCalendar(t)
		day, n := dayText(20454+rapid.IntRange(0, 60).Draw(t, "day")), rapid.IntRange(-30, 30).Draw(t, "n")
		got := c.AddWorkingDays(day, n)
		if got == "" {
			return // no working days at all
		}
		if back := c.WorkingDaysBetween(day, got); back != n || n != 0 && !c.WorkingDay(got) {
			t.Fatalf("%s %+d = %s, counted %d", day, n, got, back)
		}
	})
}

func BenchmarkDueTime(b *testing.B) {
	c := shippedCalendar(b)
	start := at("2026-08-28 15:00")
	pause := Span{at("2026-09-03 10:00"), at("2026-09-07 10:00")}
	for b.Loop() {
		if _, err := c.DueTime(start, 15, WorkingDay, pause); err != nil {
			b.Fatal(err)
		}
	}
}
