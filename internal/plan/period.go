package plan

import (
	"fmt"
	"time"

	"cchc/internal/clock"
)

// PeriodItem is what one assignment owes for one period (2022-Q1). A finished item is
// never opened again for the next period: the next period is another row.
type PeriodItem struct {
	ID, Assignment string
	Key            string
	DueDay         string
	SubmittedDay   string // NoDay while nothing came
	ApprovedDay    string
	State          PeriodState
	Text           string
	Version        int64
}

// PeriodState is where a period item stands.
type PeriodState string

const (
	PeriodOpen      PeriodState = "open"
	PeriodSubmitted PeriodState = "submitted"
	PeriodApproved  PeriodState = "approved"
)

// cutOffs are the closing days of the periodic reports on administrative reform
// (14/3, 14/6, 14/9, 14/12: plan.md section 7, same rhythm in provincial regulations).
var cutOffs = []struct{ quarter, period, monthDay string }{
	{"Q1", "Q1", "03-14"}, {"Q2", "H1", "06-14"}, {"Q3", "Q3", "09-14"}, {"Q4", "Y", "12-14"},
}

// schedule lists the periods of a recurring task in a year: key and due day. onDay is
// the day of the month for a monthly task (0: its last day); last is the final day of
// the task, which may lie in the next year (end of the budget year on 31/1).
func schedule(kind TaskKind, year, onDay int, last string) []PeriodItem {
	var items []PeriodItem
	switch kind {
	case Quarterly, ByPeriod:
		for _, c := range cutOffs {
			key := c.quarter
			if kind == ByPeriod {
				key = c.period
			}
			items = append(items, PeriodItem{Key: fmt.Sprintf("%d-%s", year, key), DueDay: fmt.Sprintf("%d-%s", year, c.monthDay)})
		}
	case Monthly:
		for m := 1; m <= 24; m++ {
			first := time.Date(year, time.Month(m), 1, 0, 0, 0, 0, clock.Vietnam)
			end := first.AddDate(0, 1, -1)
			day := end
			if onDay > 0 && onDay < end.Day() {
				day = first.AddDate(0, 0, onDay-1)
			}
			due := clock.Day(day)
			if m > 12 && (last == NoDay || due > last) {
				break
			}
			items = append(items, PeriodItem{Key: first.Format("2006-01"), DueDay: due})
		}
	}
	for i := range items {
		items[i].SubmittedDay, items[i].ApprovedDay, items[i].State = NoDay, NoDay, PeriodOpen
	}
	return items
}
