package plan

import (
	"fmt"
	"math/rand"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"

	"pgregory.net/rapid"
)

func TestClassOn_followsTheRules(t *testing.T) {
	t.Parallel()
	base := Facts{Dated: true, Due: "2022-06-30", Original: "2022-06-30", Done: NoDay, Hold: NoDay}
	for name, c := range map[string]struct {
		change func(*Facts)
		day    string
		want   Class
	}{
		"not begun":           {func(f *Facts) { f.Standing = Assigned }, "2022-06-30", NotStarted},
		"taken is not begun":  {func(f *Facts) { f.Standing = Acknowledged }, "2022-06-30", NotStarted},
		"begun":               {func(f *Facts) { f.Standing = InProgress }, "2022-06-30", Working},
		"waiting":             {func(f *Facts) { f.Standing = Submitted }, "2022-06-30", Working},
		"the day after":       {func(f *Facts) { f.Standing = InProgress }, "2022-07-01", Overdue},
		"done on the day":     {func(f *Facts) { f.Standing, f.Done = Approved, "2022-06-30" }, "2022-09-01", DoneOnTime},
		"done a day late":     {func(f *Facts) { f.Standing, f.Done = Approved, "2022-07-01" }, "2022-09-01", DoneLate},
		"no date":             {func(f *Facts) { f.Standing, f.Dated = InProgress, false }, "2022-09-01", NoDeadline},
		"paused in time":      {func(f *Facts) { f.Standing, f.Hold = InProgress, "2022-06-01" }, "2022-09-01", Working},
		"paused when overdue": {func(f *Facts) { f.Standing, f.Hold = InProgress, "2022-07-01" }, "2022-09-01", Overdue},
	} {
		f := base
		c.change(&f)
		if got := f.classOn(c.day); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestPercent_roundsHalfUpAndIsAbsentWithoutACase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b int64
		want string
	}{{5, 38, "13.16"}, {4, 6, "66.67"}, {1, 6, "16.67"}, {4, 7, "57.14"}, {88, 93, "94.62"}, {84, 93, "90.32"}, {1, 800, "0.13"}, {0, 5, "0.00"}, {0, 0, ""}} {
		if got := percent(c.a, c.b); got != c.want {
			t.Errorf("%d/%d = %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

// randomHistory makes a legal history of one assignment between two days.
func randomHistory(draw func(n int) int, due string) []Event {
	d := "2022-01-10"
	h := []Event{{Move: "assign", Day: d, Due: due}}
	state, before, extended := Assigned, Assigned, false
	for range draw(9) {
		d = addDays(d, draw(45))
		moves := AssignmentMoves.From(state)
		if len(moves) == 0 {
			break
		}
		if !extended && state != Submitted && draw(5) == 0 {
			extended = true
			h = append(h, Event{Move: []string{"extend", "amend"}[draw(2)], Day: d, Due: addDays(due, 60)})
			continue
		}
		move := moves[draw(len(moves))]
		to, _ := AssignmentMoves.Next(state, move, "x")
		switch move {
		case "pause":
			before = state
		case "resume":
			to = before
		}
		h, state = append(h, Event{Move: move, Day: d}), to
	}
	return h
}

// modelOn replays a history without stretches of days: the standing on a day as known
// today. It is the independent statement of what phases and the SQL must give.
func modelOn(h []Event, dated bool, day string) (Facts, bool) {
	final, submitted := NoDay, ""
	for _, e := range h {
		switch e.Move {
		case "submit":
			submitted = e.Day
		case "approve":
			final = submitted
		}
	}
	f := Facts{Dated: dated, Done: final, Hold: NoDay}
	alive := false
	for _, e := range h {
		if e.Day > day {
			break
		}
		switch e.Move {
		case "assign":
			alive, f.Standing, f.Due, f.Original = true, Assigned, e.Due, e.Due
		case "progress", "return":
			f.Standing = InProgress
		case "submit":
			f.Standing = Submitted
		case "extend", "amend":
			f.Due = e.Due
		case "pause":
			f.Hold = e.Day
		case "resume":
			f.Hold = NoDay
		case "cancel":
			alive = false
		}
	}
	if final <= day {
		f.Standing, f.Hold = Approved, NoDay
	}
	return f, alive
}

func TestPhases_equalTheReplayOfEveryHistoryOnEveryDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := randomHistory(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }, "2022-06-30")
		list, done := phases(h)
		for i := 0; i < 420; i += 3 {
			day := addDays("2022-01-01", i)
			want, alive := modelOn(h, true, day)
			p, ok := at(list, day)
			if ok != alive {
				t.Fatalf("%s: there %v, want %v; %v", day, ok, alive, h)
			}
			if !ok {
				continue
			}
			got := Facts{Dated: true, Standing: p.Standing, Due: p.Due, Original: "2022-06-30", Done: done, Hold: p.Hold}
			if want.Standing == Acknowledged {
				want.Standing = Assigned
			}
			if got != want {
				t.Fatalf("%s: %+v, want %+v; %v", day, got, want, h)
			}
		}
	})
}

func TestPhases_aLaterDeadlineGrantedWhileTheResultWaitsBeginsOnItsOwnDay(t *testing.T) {
	t.Parallel()
	list, done := phases([]Event{{"assign", "2022-01-10", "2022-06-30"}, {"submit", "2022-07-02", ""}, {"extend", "2022-07-04", "2022-07-31"}, {"approve", "2022-07-08", ""}})
	for day, want := range map[string]Class{"2022-06-30": NotStarted, "2022-07-01": Overdue, "2022-07-02": DoneLate, "2022-07-03": DoneLate, "2022-07-04": DoneOnTime, "2022-12-31": DoneOnTime} {
		p, _ := at(list, day)
		f := Facts{Dated: true, Standing: p.Standing, Due: p.Due, Original: "2022-06-30", Done: done, Hold: p.Hold}
		if got := f.classOn(day); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

// TestFigures_areOneTruth holds, for random histories on both engines: the SQL equals
// the replay in Go; the six classes add up at plan, area and agency; every count is
// the number of records that it opens.
func TestFigures_areOneTruth(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		type line struct {
			a    Assignment
			area int
			h    []Event
		}
		r := rand.New(rand.NewSource(7))
		var lines []line
		codes := []string{"S", "V", "T", "Y", "L1", "L2"}
		h.write(func(tx *db.Tx) error {
			for _, q := range []string{`DELETE FROM plan_phase`, `DELETE FROM plan_event`, `DELETE FROM plan_period`, `DELETE FROM plan_assignment`} {
				if err := exec(tx, q); err != nil {
					return err
				}
			}
			tasks, err := listTasks(tx, h.plan.ID)
			if err != nil {
				return err
			}
			lines = nil
			for n := range 12 {
				task := tasks[n%2]
				if n >= 2 {
					task.ID, task.Code, task.Area = db.NewID(), fmt.Sprintf("R%02d", n), 1+n%3
					if err := addTask(tx, task, 0); err != nil {
						return err
					}
				}
				for i, code := range codes[:1+r.Intn(len(codes))] {
					due := addDays("2022-03-01", 40*(n%5)+i)
					dated := n != 5
					a := Assignment{ID: db.NewID(), PlanID: h.plan.ID, TaskID: task.ID, Agency: h.id[code], Role: Lead, Approver: h.id["S"], Standing: Assigned,
						Dated: dated, AssignedDay: "2022-01-10", OriginalDue: due, EffectiveDue: due}
					if err := addAssignment(tx, a); err != nil {
						return err
					}
					events := randomHistory(r.Intn, due)
					list, done := phases(events)
					a.DoneDay = done
					if err := addPhases(tx, a, task.Area, list); err != nil {
						return err
					}
					lines = append(lines, line{a, task.Area, events})
				}
			}
			return nil
		})
		for range 25 {
			day := addDays("2022-01-05", r.Intn(380))
			var until string
			h.write(func(tx *db.Tx) (err error) { until, err = soon(tx, h.id["U"], day); return err })
			byArea, byAgency, byTask := map[int]Counts{}, map[string]Counts{}, map[string][]Facts{}
			var all Counts
			for _, l := range lines {
				f, ok := modelOn(l.h, l.a.Dated, day)
				if !ok {
					continue
				}
				var c Counts
				c.add(func(fig Figure) bool { return modelHas(f, fig, day, until) })
				all, byArea[l.area], byAgency[l.a.Agency] = all.Plus(c), byArea[l.area].Plus(c), byAgency[l.a.Agency].Plus(c)
				byTask[l.a.TaskID] = append(byTask[l.a.TaskID], f)
			}
			check := func(name string, f Filter, want Counts) {
				st, err := h.s.Status(as(h.secretary), h.plan.ID, day, f)
				if err != nil {
					t.Fatal(err)
				}
				got := st.Assignments.Counts
				if got != want {
					t.Fatalf("%s on %s:\nSQL   %+v\nmodel %+v", name, day, got, want)
				}
				if got.OnTime+got.Late+got.Overdue+got.InProgress+got.NotStarted+got.NoDeadline != got.Total {
					t.Fatalf("%s on %s: the classes do not add up: %+v", name, day, got)
				}
				task := st.Counts
				if task.OnTime+task.Late+task.Overdue+task.InProgress+task.NotStarted+task.NoDeadline != task.Total {
					t.Fatalf("%s on %s: the classes of tasks do not add up: %+v", name, day, task)
				}
			}
			check("plan", Filter{}, all)
			for area, c := range byArea {
				check(fmt.Sprint("area ", area), Filter{Area: area}, c)
			}
			for agency, c := range byAgency {
				check("agency", Filter{Agency: agency}, c)
			}
			h.write(func(tx *db.Tx) error {
				facts, err := taskFacts(tx, asked{scope: scope{account: everything}, plan: h.plan.ID, day: day, soon: until})
				if err != nil {
					return err
				}
				if len(facts) != len(byTask) {
					t.Fatalf("%s: %d tasks, want %d", day, len(facts), len(byTask))
				}
				for _, got := range facts {
					class, done, due := rollUp(byTask[got.TaskID], day, false)
					_, _, dueOriginal := rollUp(byTask[got.TaskID], day, true)
					if got.Class != class || got.Done != done || got.Due != due || got.DueOriginal != dueOriginal {
						t.Fatalf("%s: %+v, want %s %v %v %v", day, got, class, done, due, dueOriginal)
					}
				}
				return nil
			})
			for _, fig := range Figures {
				var after []string
				n := int64(0)
				for {
					page, err := h.s.Records(as(h.secretary), h.plan.ID, fig, day, Filter{}, after, 7)
					if err != nil {
						t.Fatal(err)
					}
					n += int64(len(page))
					if len(page) < 7 {
						break
					}
					last := page[len(page)-1]
					after = []string{last.Due, last.Assignment}
				}
				if n != all.Of(fig) {
					t.Fatalf("%s on %s: counted %d, opened %d", fig, day, all.Of(fig), n)
				}
			}
		}
	})
}

func modelHas(f Facts, fig Figure, day, until string) bool {
	class := f.classOn(day)
	switch fig {
	case FigureTotal:
		return true
	case FigureDone:
		return f.Standing == Approved
	case FigureDue:
		return f.dueBy(f.Due, day)
	case FigureDueOnTime:
		return class == DoneOnTime && f.dueBy(f.Due, day)
	case FigureDueLate:
		return class == DoneLate && f.dueBy(f.Due, day)
	case FigureDueOverdue:
		return class == Overdue
	case FigureDueOriginal:
		return f.dueBy(f.Original, day)
	case FigureOnTimeOriginal:
		return f.dueBy(f.Original, day) && f.classByOriginal(day) == DoneOnTime
	case FigureDueSoon:
		return f.Dated && f.Standing != Approved && day <= f.Due && f.Due <= until
	case FigureAwaiting:
		return f.Standing == Submitted
	case FigurePaused:
		return f.Hold <= day
	}
	return class == Class(fig)
}

func TestSoon_isSevenWorkingDaysAndTheDaysOffThatFollow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		// T−7 of Thursday 30/6/2022 is Tuesday 21/6 (plan.md section 5).
		for day, want := range map[string]string{"2022-06-21": "2022-06-30", "2022-06-22": "2022-07-03"} {
			h.write(func(tx *db.Tx) error {
				got, err := soon(tx, h.id["U"], day)
				if got != want {
					t.Errorf("%s: soon until %s, want %s", day, got, want)
				}
				return err
			})
		}
	})
}
