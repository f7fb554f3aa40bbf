package indicator

import (
	"fmt"
	"math"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/decimal"
	"cchc/internal/errs"
)

// Sum is what the counter counted in the period and scope: folded months, folded days
// of months that the period cuts, and pending deltas, in ONE statement. One statement
// is one snapshot on both engines, so a count that is folded meanwhile is seen once,
// never twice and never not at all.
func (c Counter) Sum(tx *db.Tx, s Scope, p Period) (int64, error) {
	points, err := c.months(tx, s, p)
	var n int64
	for _, v := range points {
		n += v
	}
	return n, err
}

// months is Sum by month of booking, 'YYYY-MM'; months without a count are missing.
func (c Counter) months(tx *db.Tx, s Scope, p Period) (map[string]int64, error) {
	dim1, dim2, err := c.wanted(s)
	if err != nil {
		return nil, err
	}
	first, last, err := wholeMonths(p.FromDay, p.ToDay)
	if err != nil {
		return nil, err
	}
	type part struct {
		month string
		n     int64
	}
	parts, err := db.All(tx, func(r db.Scanner) (v part, err error) { err = r.Scan(&v.month, &v.n); return v, err }, `
		WITH counted AS (
		  SELECT month, agency_id, total AS n FROM indicator_month
		   WHERE code = $1 AND month >= $2 AND month <= $3
		     AND ($6 = '' OR dim1 = $6) AND ($7 = '' OR dim2 = $7)
		  UNION ALL
		  SELECT SUBSTR(day, 1, 7), agency_id, total FROM indicator_fold
		   WHERE code = $1 AND day >= $4 AND day <= $5 AND (SUBSTR(day, 1, 7) < $2 OR SUBSTR(day, 1, 7) > $3)
		     AND ($6 = '' OR dim1 = $6) AND ($7 = '' OR dim2 = $7)
		  UNION ALL
		  SELECT SUBSTR(day, 1, 7), agency_id, delta FROM indicator_delta
		   WHERE code = $1 AND day >= $4 AND day <= $5
		     AND ($6 = '' OR dim1 = $6) AND ($7 = '' OR dim2 = $7)
		)
		SELECT month, CAST(SUM(n) AS BIGINT) FROM counted
		 WHERE ($8 = '' OR agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $8))
		   AND ($10 = '' OR agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $9 AND right_code = $10 AND from_ms <= $11 AND to_ms > $11))
		 GROUP BY month`,
		c.Code, first, last, p.FromDay, p.ToDay, dim1, dim2, s.AgencyID, s.Account, s.Right, s.NowMs())
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", c.Code, err)
	}
	sums := make(map[string]int64, len(parts))
	for _, v := range parts {
		sums[v.month] = v.n
	}
	return sums, nil
}

// wanted turns the scope's named dimensions into the counter's two. A name that the
// counter does not know would silently count too much, so it is refused.
func (c Counter) wanted(s Scope) (dim1, dim2 string, err error) {
	for name, value := range s.Dims {
		switch name {
		case "":
			return "", "", errs.New(errs.Invalid, "indicator.unknown_dimension", "name", name, "code", c.Code)
		case c.Dims[0]:
			dim1 = value
		case c.Dims[1]:
			dim2 = value
		default:
			return "", "", errs.New(errs.Invalid, "indicator.unknown_dimension", "name", name, "code", c.Code)
		}
	}
	return dim1, dim2, nil
}

// wholeMonths gives the first and last month that lie wholly within the period; first
// is after last when there is none.
func wholeMonths(fromDay, toDay string) (first, last string, err error) {
	from, err := clock.ParseDay(fromDay)
	if err != nil {
		return "", "", errs.New(errs.Invalid, "indicator.period_without_days", "from", fromDay, "to", toDay)
	}
	to, err := clock.ParseDay(toDay)
	if err != nil || to.Before(from) {
		return "", "", errs.New(errs.Invalid, "indicator.period_without_days", "from", fromDay, "to", toDay)
	}
	if from.Day() > 1 {
		from = time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, clock.Vietnam)
	}
	if next := to.AddDate(0, 0, 1); next.Day() != 1 {
		to = time.Date(to.Year(), to.Month(), 0, 0, 0, 0, 0, clock.Vietnam) // last day of the month before
	}
	return from.Format("2006-01"), to.Format("2006-01"), nil
}

// ReadCount is the Read of an indicator that is one counter.
func ReadCount(c Counter) func(*db.Tx, Scope, Period) (Reading, error) {
	return func(tx *db.Tx, s Scope, p Period) (Reading, error) {
		n, err := c.Sum(tx, s, p)
		return Number(n, s.Now), err
	}
}

// ReadRate is the Read of an indicator that is part of whole, in percent. part and
// whole are two statements: read it in a db.Read (or Write), which is one snapshot.
func ReadRate(part, whole Counter, places int) func(*db.Tx, Scope, Period) (Reading, error) {
	return func(tx *db.Tx, s Scope, p Period) (Reading, error) {
		n, err := part.Sum(tx, s, p)
		if err != nil {
			return Reading{}, err
		}
		of, err := whole.Sum(tx, s, p)
		return Rate(n, of, places, s.Now), err
	}
}

// PointsCount and PointsRate are the Points beside ReadCount and ReadRate.
func PointsCount(c Counter) func(*db.Tx, Scope, Period, Step) ([]Point, error) {
	return func(tx *db.Tx, s Scope, p Period, step Step) ([]Point, error) {
		sums, err := c.months(tx, s, p)
		if err != nil {
			return nil, err
		}
		return fill(p, step, func(months []string) Reading { return Number(total(sums, months), s.Now) })
	}
}

// PointsRate gives the rate of each step, "" where no case arose.
func PointsRate(part, whole Counter, places int) func(*db.Tx, Scope, Period, Step) ([]Point, error) {
	return func(tx *db.Tx, s Scope, p Period, step Step) ([]Point, error) {
		parts, err := part.months(tx, s, p)
		if err != nil {
			return nil, err
		}
		wholes, err := whole.months(tx, s, p)
		if err != nil {
			return nil, err
		}
		return fill(p, step, func(months []string) Reading {
			return Rate(total(parts, months), total(wholes, months), places, s.Now)
		})
	}
}

func total(sums map[string]int64, months []string) (n int64) {
	for _, m := range months {
		n += sums[m]
	}
	return n
}

// ReadMedian runs a room's query for the middle one of many values and gives it
// exactly, rounded half up to so many places. No window function's percentile exists on
// both engines, so the query ranks and takes the one or two in the middle; it returns
// their sum, how many they are (0, 1 or 2) and how many values there were:
//
//	WITH v AS (SELECT x.minutes AS v, ROW_NUMBER() OVER (ORDER BY x.minutes) AS r, COUNT(*) OVER () AS n FROM … x WHERE …)
//	SELECT CAST(COALESCE(SUM(v), 0) AS BIGINT), COUNT(*), COALESCE(MAX(n), 0) FROM v WHERE r IN ((n + 1) / 2, (n + 2) / 2)
//
// Numerator and Denominator are the sum of the middle values and their number.
func ReadMedian(tx *db.Tx, places int, asOf time.Time, query string, args ...any) (Reading, error) {
	type middle struct{ sum, of, n int64 }
	m, _, err := db.One(tx, func(r db.Scanner) (m middle, err error) { err = r.Scan(&m.sum, &m.of, &m.n); return m, err }, query, args...)
	if err != nil {
		return Reading{}, fmt.Errorf("median: %w", err)
	}
	if m.of > 2 || m.n > math.MaxInt64-2 {
		return Reading{}, fmt.Errorf("median: the query gave %d middle values of %d", m.of, m.n)
	}
	out := Reading{Numerator: m.sum, Denominator: m.of, AsOf: asOf}
	if v, ok := decimal.Ratio(m.sum, m.of); ok {
		out.Value = v.Fixed(places)
	}
	return out, nil
}
