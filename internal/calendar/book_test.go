package calendar

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

var someone = audit.Who{Account: "a1", Name: "Nguyễn Văn A"}

func newBook(t testing.TB) *Book {
	t.Helper()
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	c := clock.At(at("2026-10-14 09:00"))
	return NewBook(audit.New(keys, c), c)
}

func write(t testing.TB, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, d *db.DB, code string, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); errs.CodeOf(err) != code {
		t.Errorf("want %s, got %v", code, err)
	}
}

// twoAgencies makes a department with an office below it.
func twoAgencies(t testing.TB, d *db.DB) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		for _, a := range [][2]any{{"so", nil}, {"phong", "so"}} {
			if _, err := tx.Exec(`INSERT INTO org_agency (id, code, name, short_name, name_fold, name_sort, kind, parent_id, from_day, to_day, sample, version)
				VALUES ($1, $1, $1, '', $1, $1, 'department', $2, '0001-01-01', '9999-12-31', FALSE, 1)`, a[0], a[1]); err != nil {
				return err
			}
		}
		return nil
	})
}

func due(t testing.TB, d *db.DB, agency, start string, amount int) (got string) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		c, err := Load(tx, agency)
		if err != nil {
			return err
		}
		when, err := c.DueTime(at(start), amount, WorkingDay)
		got = when.Format("2006-01-02 15:04")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestLoad_readsTheNearestRuleAndSeesEveryChange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBook(t)
		twoAgencies(t, d)
		if got := due(t, d, "phong", "2026-08-28 15:00", 5); got != "2026-09-04 15:00" {
			t.Errorf("with no entries: %s", got)
		}
		write(t, d, func(tx *db.Tx) error { return b.ApplyShipped(tx, someone, "lịch mẫu") })
		write(t, d, func(tx *db.Tx) error { return b.ApplyShipped(tx, someone, "lịch mẫu") }) // adds nothing
		if got := due(t, d, "phong", "2026-08-28 15:00", 5); got != "2026-09-09 15:00" {
			t.Errorf("with the shipped entries: %s", got)
		}
		// The department works on 1 September and, in summer, from half past six.
		write(t, d, func(tx *db.Tx) error {
			return b.Apply(tx, someone, []Change{
				{SetDay: &Day{AgencyID: "so", Day: "2026-09-01", Kind: MakeUp, Name: "trực"}},
				{SetHours: &Hours{AgencyID: "so", Name: "mùa hè", Weekdays: "12345", SeasonFrom: "04-16", SeasonTo: "10-15", Sessions: "06:30-11:00,13:30-17:00"}},
			}, "")
		})
		if got := due(t, d, "phong", "2026-08-28 15:00", 5); got != "2026-09-08 15:00" {
			t.Errorf("with the department's own: %s", got)
		}
		if got := due(t, d, "", "2026-08-28 15:00", 5); got != "2026-09-09 15:00" {
			t.Errorf("the others are not touched: %s", got)
		}
	})
}

func TestApply_refusesWhatIsNoEntry(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBook(t)
		day := func(x Day) []Change { return []Change{{SetDay: &x}} }
		for code, changes := range map[string][]Change{
			"calendar.day_unreadable":        day(Day{Day: "2026-02-30", Kind: DayOff, Name: "x"}),
			"calendar.kind_unknown":          day(Day{Day: "2026-02-03", Kind: "holiday", Name: "x"}),
			"calendar.name_missing":          day(Day{Day: "2026-02-03", Kind: DayOff}),
			"calendar.sessions_unreadable":   {{SetHours: &Hours{Name: "x", Weekdays: "1", Sessions: "7-11"}}},
			"calendar.sessions_out_of_order": {{SetHours: &Hours{Name: "x", Weekdays: "1", Sessions: "13:00-17:00,07:00-11:00"}}},
			"calendar.weekdays_unreadable":   {{SetHours: &Hours{Name: "x", Weekdays: "8", Sessions: DefaultSessions}}},
			"calendar.season_unreadable":     {{SetHours: &Hours{Name: "x", Weekdays: "1", SeasonFrom: "13-01", SeasonTo: "02-01"}}},
			"calendar.ends_before_it_begins": {{SetHours: &Hours{Name: "x", Weekdays: "1", FromDay: "2026-02-01", ToDay: "2026-01-01"}}},
			"calendar.document_missing":      {{ConfirmYear: &Confirmed{Year: 2027}}},
			"calendar.year_out_of_range":     {{ConfirmYear: &Confirmed{Year: 1}}},
			"calendar.change_empty":          {{}},
			"calendar.entry_unknown":         {{RemoveDay: &Ref{ID: "x"}}},
		} {
			refused(t, d, code, func(tx *db.Tx) error { return b.Apply(tx, someone, changes, "") })
		}
		write(t, d, func(tx *db.Tx) error { return b.ApplyShipped(tx, someone, "lịch mẫu") })
		refused(t, d, "calendar.day_entered", func(tx *db.Tx) error {
			return b.Apply(tx, someone, day(Day{Day: "2026-09-02", Kind: DayOff, Name: "x"}), "")
		})
		refused(t, d, "calendar.year_has_hints", func(tx *db.Tx) error {
			return b.Apply(tx, someone, []Change{{ConfirmYear: &Confirmed{Year: 2027, Document: "TB 1"}}}, "")
		})
	})
}

func TestApply_refusesAnEntryThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBook(t)
		write(t, d, func(tx *db.Tx) error { return b.ApplyShipped(tx, someone, "lịch mẫu") })
		var doubt Day
		write(t, d, func(tx *db.Tx) error {
			all, err := Year(tx, 2026)
			for _, x := range all {
				if x.Day == "2026-11-24" {
					doubt = x
				}
			}
			return err
		})
		if got := due(t, d, "", "2026-11-23 08:00", 1); got != "2026-11-24 08:00" {
			t.Errorf("to be confirmed, it counts as work: %s", got)
		}
		confirm := func(tx *db.Tx) error {
			x := doubt
			x.Kind = DayOff
			return b.Apply(tx, someone, []Change{{SetDay: &x}}, "luật sửa đổi")
		}
		write(t, d, confirm)
		if got := due(t, d, "", "2026-11-23 08:00", 1); got != "2026-11-25 08:00" {
			t.Errorf("confirmed, it is a day off: %s", got)
		}
		refused(t, d, "calendar.changed_meanwhile", confirm)
		refused(t, d, "calendar.changed_meanwhile", func(tx *db.Tx) error {
			return b.Apply(tx, someone, []Change{{RemoveDay: &Ref{doubt.ID, doubt.Version}}}, "")
		})
		write(t, d, func(tx *db.Tx) error {
			log, err := b.log.History(tx, "calendar_day:"+doubt.ID, 10)
			if err == nil && (len(log) != 2 || log[0].Reason != "luật sửa đổi" || log[0].Before == "") {
				t.Errorf("the log does not tell the change: %+v", log)
			}
			return err
		})
	})
}

// dossiers is a room with clocks that run.
type dossiers []Running

func (s dossiers) Running(_ *db.Tx, since time.Time, after string, limit int) (page []Running, _ error) {
	for _, r := range s {
		if r.Key > after && !r.Promised.Before(since) && len(page) < limit {
			page = append(page, r)
		}
	}
	return page, nil
}

func TestPreview_tellsWhatMovesAndMovesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBook(t)
		twoAgencies(t, d)
		write(t, d, func(tx *db.Tx) error { return b.ApplyShipped(tx, someone, "lịch mẫu") })
		var room dossiers
		for i := range 7 {
			start := at(fmt.Sprintf("2026-11-%02d 09:00", 16+i))
			promised, err := shippedCalendar(t).DueTime(start, 2, WorkingDay)
			if err != nil {
				t.Fatal(err)
			}
			room = append(room, Running{Key: fmt.Sprint(i), Code: fmt.Sprint("H", i), AgencyID: "phong", Start: start, Amount: 2, Unit: WorkingDay, Promised: promised})
		}
		room = append(room, Running{Key: "8", AgencyID: "phong", Start: at("2026-11-20 09:00"), Amount: 9, Unit: WorkingDay, Pauses: []Span{{From: at("2026-11-20 10:00")}}, Promised: at("2026-12-20 09:00")})
		b.Register("one", room)
		b.Register("two", dossiers{{Key: "a", Code: "T", Start: at("2026-11-23 09:00"), Amount: 8, Unit: WorkingHour, Promised: at("2026-11-24 09:00")}})
		var doubt Day
		write(t, d, func(tx *db.Tx) error {
			all, err := Year(tx, 2026)
			doubt = all[len(all)-1]
			return err
		})
		doubt.Kind = DayOff
		var moved string
		var looked int
		write(t, d, func(tx *db.Tx) error {
			moved, looked = "", 0
			for next := ""; ; {
				p, err := b.Preview(tx, []Change{{SetDay: &doubt}}, next, 3)
				if err != nil {
					return err
				}
				for _, m := range p.Moves {
					moved += m.Code + " " + m.Now.Format("02") + ">" + m.Then.Format("02") + ", "
				}
				looked += p.Looked
				if next = p.Next; next == "" {
					return nil
				}
			}
		})
		// Friday 20/11 + 2 working days is Tuesday 24/11, which would become the 25th, and so on.
		if want := "H4 24>25, H5 24>25, H6 24>25, T 24>25, "; moved != want {
			t.Errorf("got %q, want %q", moved, want)
		}
		if looked != 5 {
			t.Errorf("looked at %d clocks, not only at those promised for the day or later", looked)
		}
		if got := due(t, d, "phong", "2026-11-23 09:00", 1); got != "2026-11-24 09:00" {
			t.Errorf("a preview changed the calendar: %s", got)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	d := dbtest.NewSQLite(b)
	twoAgencies(b, d)
	book := newBook(b)
	write(b, d, func(tx *db.Tx) error { return book.ApplyShipped(tx, someone, "x") })
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		for b.Loop() {
			if _, err := Load(tx, "phong"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
