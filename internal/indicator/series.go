package indicator

import (
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Step is how long one point of a series is.
type Step string

const (
	Month   Step = "month"
	Quarter Step = "quarter"
)

// maxPoints bounds a series: ten years of months.
const maxPoints = 120

// Point is one value of a series. A step at either end is cut to the period asked.
type Point struct {
	Period Period
	Reading
}

// Series reads an indicator step by step for a sparkline or a trend: flows in one
// statement a counter, others by one Read a step. A stock is read on each step's last day.
func Series(tx *db.Tx, i Indicator, s Scope, p Period, step Step) ([]Point, error) {
	if i.Points != nil {
		return i.Points(tx, s, p, step)
	}
	steps, _, err := cut(p, step)
	if err != nil {
		return nil, err
	}
	points := make([]Point, 0, len(steps))
	for _, one := range steps {
		r, err := i.Read(tx, s, one)
		if err != nil {
			return nil, err
		}
		points = append(points, Point{one, r})
	}
	return points, nil
}

// fill makes the points of a period from what each step's months tell.
func fill(p Period, step Step, read func(months []string) Reading) ([]Point, error) {
	steps, months, err := cut(p, step)
	if err != nil {
		return nil, err
	}
	points := make([]Point, len(steps))
	for n := range steps {
		points[n] = Point{steps[n], read(months[n])}
	}
	return points, nil
}

// cut splits a period at the borders of months or quarters, with the months of each.
func cut(p Period, step Step) (steps []Period, months [][]string, err error) {
	from, err1 := clock.ParseDay(p.FromDay)
	to, err2 := clock.ParseDay(p.ToDay)
	if err1 != nil || err2 != nil || to.Before(from) {
		return nil, nil, errs.New(errs.Invalid, "indicator.period_without_days", "from", p.FromDay, "to", p.ToDay)
	}
	length := 1
	if step == Quarter {
		length = 3
	}
	for at := from; !at.After(to); {
		if len(steps) == maxPoints {
			return nil, nil, errs.New(errs.Invalid, "indicator.series_too_long", "max", maxPoints)
		}
		first := (int(at.Month())-1)/length*length + 1 // first month of the step
		next := time.Date(at.Year(), time.Month(first+length), 1, 0, 0, 0, 0, clock.Vietnam)
		end := next.AddDate(0, 0, -1)
		if end.After(to) {
			end = to
		}
		one := Period{FromDay: at.Format(time.DateOnly), ToDay: end.Format(time.DateOnly)}
		one.OnDay = one.ToDay
		var in []string
		for m := at; !m.After(end); m = time.Date(m.Year(), m.Month()+1, 1, 0, 0, 0, 0, clock.Vietnam) {
			in = append(in, m.Format("2006-01"))
		}
		steps, months = append(steps, one), append(months, in)
		at = next
	}
	return steps, months, nil
}
