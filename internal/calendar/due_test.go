package calendar

import (
	"testing"
	"time"

	"cchc/internal/clock"
	"cchc/internal/errs"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Vietnam)
	if err != nil {
		panic(err)
	}
	return t
}

// shippedCalendar is the province's calendar as shipped: entries of 2022, 2026 and 2027.
func shippedCalendar(t testing.TB) Calendar {
	t.Helper()
	days, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Make([]int{2022, 2026}, Level{Days: days})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDue_followsTheWorkedExamples(t *testing.T) {
	t.Parallel()
	c := shippedCalendar(t)
	for _, x := range []struct {
		name, start string
		amount      int
		unit        Unit
		due         string
	}{
		{"A: five days over the National Day swap", "2026-08-28 15:00", 5, WorkingDay, "2026-09-09 15:00"},
		{"B: a make-up Saturday counts", "2026-08-20 09:00", 3, WorkingDay, "2026-08-24 09:00"},
		{"D: sent after hours on a Friday, eight hours", "2026-11-20 17:30", 8, WorkingHour, "2026-11-23 17:00"},
		{"F: a step of half a day", "2026-11-20 15:00", 4, WorkingHour, "2026-11-23 09:00"},
		{"zero minutes is the start, normed", "2026-11-20 17:30", 0, Minute, "2026-11-23 07:00"},
		{"zero minutes within hours stays", "2026-11-20 15:00", 0, WorkingDay, "2026-11-20 15:00"},
		{"the end of a period stays there", "2026-11-20 07:00", 1, WorkingDay, "2026-11-20 17:00"},
		{"the end of the morning stays there", "2026-11-20 09:30", 2, WorkingHour, "2026-11-20 11:30"},
		{"a start in the lunch break begins at half past one", "2026-11-20 12:00", 1, WorkingHour, "2026-11-20 14:30"},
		{"a start at the end of the day begins the next", "2026-11-19 17:00", 1, Minute, "2026-11-20 07:01"},
		{"over Tet", "2026-02-13 10:00", 2, WorkingDay, "2026-02-24 10:00"},
		{"24 November counts as work until confirmed", "2026-11-23 08:00", 2, WorkingDay, "2026-11-25 08:00"},
		{"calendar days end on a working day", "2026-11-17 09:00", 3, CalendarDay, "2026-11-20 09:00"},
		{"calendar days that end on a Sunday move to Monday, same hour", "2026-11-17 09:00", 5, CalendarDay, "2026-11-23 09:00"},
		{"calendar days that end on a holiday move past it", "2026-08-27 09:00", 5, CalendarDay, "2026-09-03 09:00"},
		{"calendar days begin at the next period", "2026-11-20 18:00", 1, CalendarDay, "2026-11-24 07:00"},
		{"PAKN received before Tet: five days", "2026-02-12 16:00", 5, WorkingDay, "2026-02-26 16:00"},
	} {
		got, err := c.Due(at(x.start), x.amount, x.unit)
		if err != nil || !got.Due.Equal(at(x.due)) {
			t.Errorf("%s: got %s, want %s (%v)", x.name, got.Due.Format("2006-01-02 15:04"), x.due, err)
		}
		if fast, err := c.DueTime(at(x.start), x.amount, x.unit); err != nil || !fast.Equal(got.Due) {
			t.Errorf("%s: without steps %s (%v)", x.name, fast, err)
		}
	}
}

func TestDue_withoutMakeUpDaysWouldBeADayLate(t *testing.T) {
	t.Parallel()
	c, err := Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := c.DueTime(at("2026-08-20 09:00"), 3, WorkingDay); !got.Equal(at("2026-08-25 09:00")) {
		t.Errorf("got %s", got)
	}
}

func TestAddWorkingDays_givesTheDaysOfReminders(t *testing.T) {
	t.Parallel()
	c := shippedCalendar(t)
	for n, want := range map[int]string{-7: "2022-06-21", -3: "2022-06-27", -1: "2022-06-29", 0: "2022-06-30", 3: "2022-07-05", 7: "2022-07-11", 15: "2022-07-21"} {
		if got := c.AddWorkingDays("2022-06-30", n); got != want {
			t.Errorf("T%+d: got %s, want %s", n, got, want)
		}
		if got := c.WorkingDaysBetween("2022-06-30", want); got != n {
			t.Errorf("between: got %d, want %d", got, n)
		}
	}
	if got := c.AddWorkingDays("2022-06-31", 1); got != "" {
		t.Errorf("a day that does not exist: got %q", got)
	}
	if got := c.AddWorkingDays("2026-08-21", 1); got != "2026-08-22" {
		t.Errorf("the make-up Saturday is a working day, got %s", got)
	}
	if c.WorkingDay("2026-09-02") || c.WorkingDay("2026-08-23") || !c.WorkingDay("2026-08-22") {
		t.Error("holiday, Sunday and make-up day are mixed up")
	}
}

func TestDue_explainsEachDay(t *testing.T) {
	t.Parallel()
	got, err := shippedCalendar(t).Due(at("2026-08-28 15:00"), 5, WorkingDay)
	if err != nil {
		t.Fatal(err)
	}
	want := []Step{
		{"2026-08-28", StepPartial, "15:00", "17:00", 120, 2280, ""},
		{"2026-08-29", StepWeekend, "", "", 0, 2280, ""},
		{"2026-08-30", StepWeekend, "", "", 0, 2280, ""},
		{"2026-08-31", StepDayOff, "", "", 0, 2280, "hoán đổi Quốc khánh"},
		{"2026-09-01", StepDayOff, "", "", 0, 2280, "Quốc khánh (ngày liền kề)"},
		{"2026-09-02", StepDayOff, "", "", 0, 2280, "Quốc khánh"},
		{"2026-09-03", StepFull, "07:00", "17:00", 480, 1800, ""},
		{"2026-09-04", StepFull, "07:00", "17:00", 480, 1320, ""},
		{"2026-09-05", StepWeekend, "", "", 0, 1320, ""},
		{"2026-09-06", StepWeekend, "", "", 0, 1320, ""},
		{"2026-09-07", StepFull, "07:00", "17:00", 480, 840, ""},
		{"2026-09-08", StepFull, "07:00", "17:00", 480, 360, ""},
		{"2026-09-09", StepPartial, "07:00", "15:00", 360, 0, ""},
	}
	same(t, got.Steps, want)
}

func TestDue_explainsPausesMakeUpDaysAndDoubts(t *testing.T) {
	t.Parallel()
	c := shippedCalendar(t)
	got, err := c.Due(at("2026-08-21 16:00"), 1, WorkingDay, Span{at("2026-08-22 10:00"), at("2026-08-25 08:00")})
	if err != nil {
		t.Fatal(err)
	}
	same(t, got.Steps, []Step{
		{"2026-08-21", StepPartial, "16:00", "17:00", 60, 420, ""},
		{"2026-08-22", StepMakeUp, "07:00", "10:00", 180, 240, "làm bù cho 31/08"},
		{"2026-08-22", StepPause, "10:00", "17:00", 0, 240, ""},
		{"2026-08-23", StepWeekend, "", "", 0, 240, ""},
		{"2026-08-24", StepPause, "07:00", "17:00", 0, 240, ""},
		{"2026-08-25", StepPause, "07:00", "08:00", 0, 240, ""},
		{"2026-08-25", StepPartial, "08:00", "14:00", 240, 0, ""},
	})
	got, err = c.Due(at("2027-11-23 15:00"), 1, WorkingDay)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got.Steps, []Step{
		{"2027-11-23", StepUnconfirmed, "", "", 0, 480, ""},
		{"2027-11-23", StepPartial, "15:00", "17:00", 120, 360, ""},
		{"2027-11-24", StepToConfirm, "07:00", "15:00", 360, 0, "Ngày Văn hóa Việt Nam (T4)"},
	})
	got, err = c.Due(at("2026-11-20 18:00"), 2, CalendarDay)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got.Steps, []Step{
		{"2026-11-20", StepPartial, "", "", 0, 2880, ""},
		{"2026-11-21", StepWeekend, "", "", 0, 2880, ""},
		{"2026-11-22", StepWeekend, "", "", 0, 2880, ""},
		{"2026-11-24", StepCalendar, "", "", 1440, 1440, "Ngày Văn hóa Việt Nam"},
		{"2026-11-25", StepCalendar, "", "", 1440, 0, ""},
	})
}

func same(t *testing.T, got, want []Step) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("missing %+v", want[i])
		case i >= len(want):
			t.Errorf("unexpected %+v", got[i])
		case got[i] != want[i]:
			t.Errorf("step %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestDue_leavesPausesOut(t *testing.T) {
	t.Parallel()
	c := shippedCalendar(t)
	start := at("2026-10-05 09:00") // a Monday
	for _, x := range []struct {
		name   string
		unit   Unit
		amount int
		pauses []Span
		due    string
	}{
		{"a pause of two working days moves the due time by two", WorkingDay, 3, []Span{{at("2026-10-06 09:00"), at("2026-10-08 09:00")}}, "2026-10-12 09:00"},
		{"over a weekend only working time counts", WorkingDay, 5, []Span{{at("2026-10-09 16:00"), at("2026-10-12 08:00")}}, "2026-10-12 11:00"},
		{"overlapping pauses count once", WorkingDay, 3, []Span{{at("2026-10-06 09:00"), at("2026-10-07 12:00")}, {at("2026-10-07 09:00"), at("2026-10-08 09:00")}}, "2026-10-12 09:00"},
		{"a pause after the due time changes nothing", WorkingDay, 1, []Span{{at("2026-10-06 09:00"), at("2026-10-30 09:00")}}, "2026-10-06 09:00"},
		{"a pause before the start changes nothing", WorkingDay, 1, []Span{{at("2026-10-01 09:00"), at("2026-10-05 09:00")}}, "2026-10-06 09:00"},
		{"an open pause after the due time changes nothing", WorkingDay, 1, []Span{{From: at("2026-10-06 09:00")}}, "2026-10-06 09:00"},
		{"a pause moves calendar days by its length", CalendarDay, 3, []Span{{at("2026-10-06 09:00"), at("2026-10-07 10:00")}}, "2026-10-09 10:00"},
		{"a pause on the day off before the moved due day leaves nothing to count", CalendarDay, 5, []Span{{at("2026-10-11 09:00"), at("2026-10-14 10:00")}}, "2026-10-14 10:00"},
	} {
		got, err := c.DueTime(start, x.amount, x.unit, x.pauses...)
		if err != nil || !got.Equal(at(x.due)) {
			t.Errorf("%s: got %s, want %s (%v)", x.name, got.Format("2006-01-02 15:04"), x.due, err)
		}
	}
}

func TestDue_refusesNonsense(t *testing.T) {
	t.Parallel()
	c := shippedCalendar(t)
	start := at("2026-10-05 09:00")
	closed, err := Make(nil, Level{Hours: []Hours{{Weekdays: "1234567", FromDay: "0001-01-01", ToDay: "9999-12-31"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		code   string
		c      Calendar
		start  time.Time
		amount int
		unit   Unit
		pauses []Span
	}{
		{"calendar.amount_negative", c, start, -1, WorkingDay, nil},
		{"calendar.amount_too_large", c, start, 10_001, WorkingDay, nil},
		{"calendar.amount_too_large", c, start, 240_001, WorkingHour, nil},
		{"calendar.unit_unknown", c, start, 1, "fortnight", nil},
		{"calendar.start_out_of_range", c, time.Time{}, 1, WorkingDay, nil},
		{"calendar.pause_reversed", c, start, 1, WorkingDay, []Span{{at("2026-10-06 09:00"), at("2026-10-06 08:00")}}},
		{"calendar.pause_open", c, start, 2, WorkingDay, []Span{{From: at("2026-10-06 08:00")}}},
		{"calendar.pause_open", c, start, 2, CalendarDay, []Span{{From: at("2026-10-06 08:00")}}},
		{"calendar.no_working_time", closed, start, 1, WorkingDay, nil},
		{"calendar.no_working_time", closed, start, 1, CalendarDay, nil},
	} {
		if _, err := x.c.Due(x.start, x.amount, x.unit, x.pauses...); errs.CodeOf(err) != x.code {
			t.Errorf("want %s, got %v", x.code, err)
		}
	}
}
