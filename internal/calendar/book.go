package calendar

import (
	"cmp"
	"slices"
	"strings"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// Book changes calendars. A change moves no promise: whoever wants to know which due
// times it would move asks Preview first; rooms then move them, each with its own
// reason and letter, or leave them. Rights are checked by the caller.
type Book struct {
	log     *audit.Log
	clock   clock.Clock
	sources []namedSource
}

// NewBook makes a Book that records in log.
func NewBook(log *audit.Log, c clock.Clock) *Book { return &Book{log: log, clock: c} }

// Change is one edit of the calendar: exactly one of its fields is set.
type Change struct {
	SetDay      *Day       // adds an entry (ID ""), or replaces the one with its ID and Version
	RemoveDay   *Ref       // takes an entry away
	SetHours    *Hours     // adds hours (ID ""), or replaces
	RemoveHours *Ref       //
	ConfirmYear *Confirmed // an officer says that the year's days off are complete
}

// Ref names a record as it was read.
type Ref struct {
	ID      string
	Version int64
}

// Confirmed is a year whose days off an officer has compared with the announcement.
type Confirmed struct {
	Year     int
	Document string
}

// Swap is the two changes of a swapped day (hoán đổi ngày làm việc): off is not worked,
// makeUp is worked instead.
func Swap(off, makeUp, offName, makeUpName, basis string) []Change {
	return []Change{
		{SetDay: &Day{Day: off, Kind: DayOff, Name: offName, Basis: basis, SwapDay: makeUp}},
		{SetDay: &Day{Day: makeUp, Kind: MakeUp, Name: makeUpName, Basis: basis, SwapDay: off}},
	}
}

// Apply makes the changes, all or none. Conflict "calendar.changed_meanwhile" when an
// entry is not as it was read, "calendar.day_entered" when a day has an entry already;
// "calendar.year_has_hints" when a year is confirmed while computed days still wait.
func (b *Book) Apply(tx *db.Tx, who audit.Who, changes []Change, reason string) error {
	if err := tx.Lock("calendar"); err != nil {
		return err
	}
	for _, c := range changes {
		e, err := b.apply(tx, who, c)
		if err != nil {
			return err
		}
		e.Reason = reason
		if err := b.log.Record(tx, who, e); err != nil {
			return err
		}
	}
	return restamp(tx)
}

func (b *Book) apply(tx *db.Tx, who audit.Who, c Change) (audit.Entry, error) {
	switch {
	case c.SetDay != nil:
		d, err := c.SetDay.clean()
		if err != nil {
			return audit.Entry{}, err
		}
		before, err := writeDay(tx, &d)
		return audit.Entry{Kind: "calendar.day_set", Subject: "calendar_day:" + d.ID, Agency: d.AgencyID, Before: before, After: d}, err
	case c.RemoveDay != nil:
		before, err := removeDay(tx, *c.RemoveDay)
		return audit.Entry{Kind: "calendar.day_remove", Subject: "calendar_day:" + before.ID, Agency: before.AgencyID, Before: before}, err
	case c.SetHours != nil:
		h, err := c.SetHours.clean()
		if err != nil {
			return audit.Entry{}, err
		}
		before, err := writeHours(tx, &h)
		return audit.Entry{Kind: "calendar.hours_set", Subject: "calendar_hours:" + h.ID, Agency: h.AgencyID, Before: before, After: h}, err
	case c.RemoveHours != nil:
		before, err := removeHours(tx, *c.RemoveHours)
		return audit.Entry{Kind: "calendar.hours_remove", Subject: "calendar_hours:" + before.ID, Agency: before.AgencyID, Before: before}, err
	case c.ConfirmYear != nil:
		y := *c.ConfirmYear
		y.Document = text.Clean(y.Document)
		if y.Year < firstYear || y.Year > lastYear {
			return audit.Entry{}, errs.OnField("year", "calendar.year_out_of_range", "year", y.Year)
		}
		if y.Document == "" {
			return audit.Entry{}, errs.OnField("document", "calendar.document_missing")
		}
		return audit.Entry{Kind: "calendar.year_confirm", Subject: "calendar_year:" + yearText(y.Year), After: y}, confirmYear(tx, who, y, b.clock().UnixMilli())
	}
	return audit.Entry{}, errs.New(errs.Invalid, "calendar.change_empty")
}

// clean checks an entry and tidies its words.
func (d Day) clean() (Day, error) {
	var faults errs.List
	d.Name, d.Basis = text.Clean(d.Name), text.Clean(d.Basis)
	n, ok := dayNumber(d.Day)
	if !ok || civil(n).Year() < firstYear || civil(n).Year() > lastYear {
		faults = append(faults, badDay("day", d.Day))
	}
	if _, ok := dayNumber(d.SwapDay); d.SwapDay != "" && !ok {
		faults = append(faults, badDay("swap_day", d.SwapDay))
	}
	if !slices.Contains([]DayKind{DayOff, MakeUp, ToConfirm, LunarHint}, d.Kind) {
		faults = append(faults, errs.OnField("kind", "calendar.kind_unknown", "kind", string(d.Kind)))
	}
	if d.Name == "" || len([]rune(d.Name)) > 200 {
		faults = append(faults, errs.OnField("name", "calendar.name_missing"))
	}
	return d, faults.Err()
}

// clean checks hours and tidies their words. Open ends are the first and last day of all.
func (h Hours) clean() (Hours, error) {
	h.Name, h.Basis, h.Sessions = text.Clean(h.Name), text.Clean(h.Basis), strings.ReplaceAll(h.Sessions, " ", "")
	h.FromDay, h.ToDay = cmp.Or(h.FromDay, "0001-01-01"), cmp.Or(h.ToDay, "9999-12-31")
	_, err := compile(h)
	if h.Name == "" {
		err = append(errs.List(errs.All(err)), errs.OnField("name", "calendar.name_missing"))
	}
	return h, err
}

// ApplyShipped writes the shipped entries that are not there yet and confirms the
// years that they list in full, with the given document as the reason.
func (b *Book) ApplyShipped(tx *db.Tx, who audit.Who, document string) error {
	all, err := Shipped()
	if err != nil {
		return err
	}
	there, err := days(tx, "")
	if err != nil {
		return err
	}
	var changes []Change
	for _, d := range all {
		if !slices.ContainsFunc(there, func(o Day) bool { return o.Day == d.Day }) {
			changes = append(changes, Change{SetDay: &d})
		}
	}
	confirmed, err := confirmedYears(tx)
	if err != nil {
		return err
	}
	for _, y := range ShippedYears {
		if !slices.Contains(confirmed, y) {
			changes = append(changes, Change{ConfirmYear: &Confirmed{Year: y, Document: document}})
		}
	}
	return b.Apply(tx, who, changes, document)
}
