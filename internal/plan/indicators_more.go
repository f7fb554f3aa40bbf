package plan

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// SilentDays is after how many days without a word from the agency an open assignment
// counts as silent ("không cập nhật", plan.md section 6).
const SilentDays = 30

// moreIndicators are targets met and silence.
func moreIndicators() []indicator.Indicator {
	return []indicator.Indicator{
		{Code: "plan.targets_met", Unit: "percent", BetterIs: indicator.Higher, Kind: indicator.Stock, Read: readTargetsMet, Open: openTargetsMet},
		{Code: "plan.silent", Unit: "count", BetterIs: indicator.Lower, Kind: indicator.Stock, Read: readSilent, Open: openSilent},
	}
}

// targetsOf reads the targets of the programme in force on a day, or of the plan named
// by the dimension "plan", narrowed to an area. Targets belong to the province: a scope
// that is cut to one agency has none.
func targetsOf(tx *db.Tx, sc indicator.Scope, day string) (list []TargetRow, err error) {
	if sc.AgencyID != "" || sc.Right != "" && sc.Account == "" {
		return nil, nil
	}
	plan := sc.Dim("plan")
	if plan == "" {
		year, err := strconv.Atoi(day[:4])
		if err != nil {
			return nil, err
		}
		if plan, err = programmeOf(tx, year); err != nil || plan == "" {
			return nil, err
		}
	}
	rows, err := targetRows(tx, plan, day)
	for _, r := range rows {
		if area := sc.Dim("area"); r.measured() && (area == "" || area == strconv.Itoa(r.Target.Area)) {
			list = append(list, r)
		}
	}
	return list, err
}

func readTargetsMet(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
	rows, err := targetsOf(tx, sc, p.OnDay)
	met := int64(0)
	for _, r := range rows {
		if r.Met {
			met++
		}
	}
	return indicator.Rate(met, int64(len(rows)), 2, sc.Now), err
}

func openTargetsMet(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (out indicator.Records, err error) {
	rows, err := targetsOf(tx, sc, p.OnDay)
	slices.SortFunc(rows, func(a, b TargetRow) int { return strings.Compare(a.Target.Code, b.Target.Code) }) // the cursor is the code
	for _, r := range rows {
		if !r.Met {
			continue
		}
		if out.Total.N++; r.Target.Code <= after {
			continue
		}
		if len(out.Rows) == limit {
			out.Next = out.Rows[limit-1].Code
			continue
		}
		out.Rows = append(out.Rows, indicator.Record{ID: r.Target.ID, Code: r.Target.Code, Title: r.Target.Name, URL: "/plan/targets/" + r.Target.ID, At: momentOf(r.Last.Day), Note: r.Last.Value + " " + r.Target.Unit})
	}
	return out, err
}

// silentSince is the last day of a word that makes an open assignment silent on a day.
func silentSince(day string) string { return addDays(day, -SilentDays) }

func readSilent(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
	q, err := askFor(tx, sc, p.OnDay)
	if err != nil {
		return indicator.Reading{}, err
	}
	n, err := countSilent(tx, q, silentSince(q.day))
	return indicator.Number(n, sc.Now), err
}

func openSilent(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (out indicator.Records, err error) {
	q, err := askFor(tx, sc, p.OnDay)
	if err != nil {
		return out, err
	}
	since, id, _ := strings.Cut(after, " ")
	rows, err := silentOnes(tx, q, silentSince(q.day), since, id, limit+1)
	if err != nil {
		return out, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = clock.Day(rows[limit-1].At) + " " + rows[limit-1].ID
	}
	out.Rows = rows
	n, err := countSilent(tx, q, silentSince(q.day))
	out.Total = indicator.Capped(n)
	return out, err
}

// scanSilent reads a silent assignment with the day of its last word.
func scanSilent(row db.Scanner) (r indicator.Record, err error) {
	var day string
	err = row.Scan(&r.ID, &r.Code, &r.Title, &r.AgencyID, &r.Agency, &day)
	r.URL, r.At = "/plan/assignments/"+r.ID, noon(day)
	return r, err
}

// noon is a moment that lies on a day wherever it is read.
func noon(day string) time.Time { return momentOf(day).Add(12 * time.Hour) }
