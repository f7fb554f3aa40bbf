package quality

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cchc/internal/errs"
	"cchc/internal/indicator"
)

// Period is a month, a quarter or a year: code "2026-09", "2026-Q3" or "2026". Days are
// those of Vietnam, both included.
type Period struct{ Code, FromDay, ToDay string }

// ParsePeriod reads a code. Refusal: quality.period_unreadable.
func ParsePeriod(code string) (Period, error) {
	head, tail, parted := strings.Cut(code, "-")
	year, err := strconv.Atoi(head)
	first, months := 1, 12
	if err == nil && parted {
		quarter, isQuarter := strings.CutPrefix(tail, "Q")
		if first, err = strconv.Atoi(quarter); isQuarter {
			first, months = 3*first-2, 3
		} else {
			months = 1
		}
	}
	p := periodOf(year, first, months)
	if err != nil || year < 2000 || year > 2100 || first < 1 || first > 12 || p.Code != code {
		return Period{}, errs.OnField("period", "quality.period_unreadable")
	}
	return p, nil
}

func periodOf(year, first, months int) Period {
	from := time.Date(year, time.Month(first), 1, 0, 0, 0, 0, time.UTC)
	p := Period{FromDay: from.Format(time.DateOnly), ToDay: from.AddDate(0, months, -1).Format(time.DateOnly)}
	switch months {
	case 12:
		p.Code = fmt.Sprintf("%04d", year)
	case 3:
		p.Code = fmt.Sprintf("%04d-Q%d", year, (first+2)/3)
	default:
		p.Code = fmt.Sprintf("%04d-%02d", year, first)
	}
	return p
}

// QuarterOf is the quarter of a day.
func QuarterOf(day string) Period {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Period{}
	}
	return periodOf(t.Year(), (int(t.Month())-1)/3*3+1, 3)
}

// Choices are the periods that a reader is likely to want on a day, newest first: this
// quarter and the four before, the last three months, this year and the last.
func Choices(day string) (list []Period) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	quarter := time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	month := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	for i := range 5 {
		q := quarter.AddDate(0, -3*i, 0)
		list = append(list, periodOf(q.Year(), int(q.Month()), 3))
	}
	for i := range 3 {
		m := month.AddDate(0, -i, 0)
		list = append(list, periodOf(m.Year(), int(m.Month()), 1))
	}
	return append(list, periodOf(t.Year(), 1, 12), periodOf(t.Year()-1, 1, 12))
}

// days is the period as figures want it: stocks are taken on its last day.
func (p Period) days() indicator.Period {
	return indicator.Period{FromDay: p.FromDay, ToDay: p.ToDay, OnDay: p.ToDay}
}
