package indicator

import (
	"context"
	"fmt"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// Difference is a count that its records do not bear out.
type Difference struct {
	Code      string
	AgencyID  string
	Day       string // the day it concerns; a month 'YYYY-MM' when the monthly sum is wrong
	Dims      [2]string
	Counted   int64
	Recounted int64
	What      string // "records", "month" (a folded month is not the sum of its days) or "unknown" (no such counter)
}

// String names the difference for an operator.
func (d Difference) String() string {
	return fmt.Sprintf("%s: agency %s, %s, dimensions %v: counted %d, %s say %d", d.Code, d.AgencyID, d.Day, d.Dims, d.Counted, d.What, d.Recounted)
}

// Verify recounts every counter from the records and names what differs. A correction
// counts for the day that it corrects. Each month is compared in a snapshot of its own,
// so that a long past does not hold one read open; writes may go on meanwhile. It changes nothing.
func Verify(ctx context.Context, d *db.DB, r *Registry) ([]Difference, error) {
	var all []Difference
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { all, err = r.unknown(tx); return err }); err != nil {
		return nil, err
	}
	for _, c := range r.Counters() {
		var from, to string
		if err := d.Read(ctx, func(tx *db.Tx) (err error) { from, to, err = bounds(tx, c.Code); return err }); err != nil {
			return nil, err
		}
		for _, span := range spans(from, to) {
			err := d.Read(ctx, func(tx *db.Tx) error {
				found, err := c.compare(tx, span[0], span[1])
				all = append(all, found...)
				return err
			})
			if err != nil {
				return nil, fmt.Errorf("verify %s: %w", c.Code, err)
			}
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			found, err := wrongMonths(tx, c.Code)
			all = append(all, found...)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("verify months of %s: %w", c.Code, err)
		}
	}
	return all, nil
}

// compare holds one counter's days against its records.
func (c Counter) compare(tx *db.Tx, from, to string) ([]Difference, error) {
	counted, err := countedOf(tx, c.Code, from, to)
	if err != nil {
		return nil, err
	}
	left := make(map[coded]int64, len(counted))
	for _, t := range counted {
		left[t.coded] = t.n
	}
	told := map[coded]int64{}
	err = c.Recount(tx, from, to, func(agencyID, day string, dims [2]string, n int64) {
		told[coded{c.Code, key{agencyID, day, "", dims[0], dims[1]}}] += n
	})
	if err != nil {
		return nil, err
	}
	all := map[coded]bool{}
	for k := range left {
		all[k] = true
	}
	for k := range told {
		all[k] = true
	}
	var found []Difference
	for _, k := range sorted(all) {
		if left[k] != told[k] {
			found = append(found, Difference{c.Code, k.agency, k.day, [2]string{k.dim1, k.dim2}, left[k], told[k], "records"})
		}
	}
	return found, nil
}

// spans cuts the days from..to at months, and adds the days before and after: records
// may lie where nothing was counted.
func spans(from, to string) [][2]string {
	const first, last = "0001-01-01", "9999-12-31"
	start, err1 := clock.ParseDay(from)
	end, err2 := clock.ParseDay(to)
	if err1 != nil || err2 != nil {
		return [][2]string{{first, last}}
	}
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	all := [][2]string{{first, day(start.AddDate(0, 0, -1))}}
	for at := start; !at.After(end); {
		next := time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, clock.Vietnam)
		till := next.AddDate(0, 0, -1)
		if till.After(end) {
			till = end
		}
		all = append(all, [2]string{day(at), day(till)})
		at = next
	}
	return append(all, [2]string{day(end.AddDate(0, 0, 1)), last})
}

// unknown names codes that are counted but that no counter declares: a renamed counter
// would otherwise lose its past without a word.
func (r *Registry) unknown(tx *db.Tx) ([]Difference, error) {
	codes, err := countedCodes(tx)
	if err != nil {
		return nil, err
	}
	var found []Difference
	for _, t := range codes {
		if _, ok := r.counters[t.code]; !ok {
			found = append(found, Difference{Code: t.code, Counted: t.n, What: "unknown"})
		}
	}
	return found, nil
}

// Correction is what was booked in another period than the day it corrects.
type Correction struct {
	AgencyID  string
	BookedDay string
	OfDay     string
	Dims      [2]string
	Delta     int64
}

// Corrections lists what was booked after the period on days within it: why a figure
// read today for the days differs from the one that was published.
func (c Counter) Corrections(tx *db.Tx, s Scope, p Period) ([]Correction, error) {
	dim1, dim2, err := c.wanted(s)
	if err != nil {
		return nil, err
	}
	return corrections(tx, c.Code, dim1, dim2, s, p)
}
