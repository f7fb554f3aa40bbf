package plan

import (
	"strconv"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// Indicators are the figures that this room offers to the cockpit, reports and the
// index: of the provincial plan of the year of the day, or of the plan named by the
// dimension "plan"; "area" narrows to one area, the scope to an agency.
func (s *Service) Indicators() []indicator.Indicator {
	rate := func(code, better string, part, whole Figure) indicator.Indicator {
		return indicator.Indicator{Code: code, Unit: "percent", BetterIs: better, Kind: indicator.Stock,
			Read: func(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
				c, err := countFor(tx, sc, p)
				return indicator.Rate(c.Of(part), c.Of(whole), 2, sc.Now), err
			},
			Open: opens(part)}
	}
	return append(append(resultIndicators(), moreIndicators()...),
		rate("plan.completion", indicator.Higher, FigureDone, FigureTotal),
		rate("plan.on_time", indicator.Higher, FigureDueOnTime, FigureDue),
		rate("plan.on_time_original", indicator.Higher, FigureOnTimeOriginal, FigureDueOriginal),
		indicator.Indicator{Code: "plan.overdue_open", Unit: "count", BetterIs: indicator.Lower, Kind: indicator.Stock,
			Read: func(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
				c, err := countFor(tx, sc, p)
				return indicator.Number(c.Overdue, sc.Now), err
			},
			Open: opens(FigureOverdue)},
		indicator.Indicator{Code: "plan.acceptance_lag", Unit: "day", BetterIs: indicator.Lower, Kind: indicator.Median, Read: readLag, Open: openLag},
	)
}

// askFor turns the scope of an indicator into a question; plan "" when there is none.
func askFor(tx *db.Tx, sc indicator.Scope, day string) (asked, error) {
	if day == "" {
		day = clock.Day(sc.Now)
	}
	q := asked{scope: scope{account: sc.Account, right: sc.Right, nowMs: sc.NowMs()}, plan: sc.Dim("plan"), day: day, soon: day, agency: sc.AgencyID}
	if sc.Right == "" { // the program itself
		q.account = everything
	}
	if area := sc.Dim("area"); area != "" {
		n, err := strconv.Atoi(area)
		if err != nil {
			n = -1 // an area that does not exist counts nothing
		}
		q.area = n
	}
	if q.plan != "" {
		return q, nil
	}
	year, err := strconv.Atoi(day[:4])
	if err != nil {
		return q, err
	}
	q.plan, err = provincialOf(tx, year)
	return q, err
}

func countFor(tx *db.Tx, sc indicator.Scope, p indicator.Period) (Counts, error) {
	q, err := askFor(tx, sc, p.OnDay)
	if err != nil {
		return Counts{}, err
	}
	return countAssignments(tx, q)
}

// opens lists the assignments that a figure counted, by deadline.
func opens(f Figure) func(*db.Tx, indicator.Scope, indicator.Period, string, int) (indicator.Records, error) {
	return func(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (indicator.Records, error) {
		var out indicator.Records
		q, err := askFor(tx, sc, p.OnDay)
		if err != nil {
			return out, err
		}
		day, id, _ := strings.Cut(after, " ")
		lines, err := assignmentsBehind(tx, q, f, day, id, limit+1)
		if err != nil {
			return out, err
		}
		if len(lines) > limit {
			lines = lines[:limit]
			out.Next = lines[limit-1].Due + " " + lines[limit-1].Assignment
		}
		for _, l := range lines {
			at := l.Due
			if l.Class == DoneOnTime || l.Class == DoneLate {
				at = l.Done
			}
			out.Rows = append(out.Rows, indicator.Record{ID: l.Assignment, Code: l.Code, Title: l.Content, AgencyID: l.Agency, Agency: l.AgencyName,
				URL: "/plan/assignments/" + l.Assignment, At: momentOf(at)})
		}
		c, err := countAssignments(tx, q)
		out.Total = indicator.Capped(c.Of(f))
		return out, err
	}
}

// momentOf is the beginning of a day; the zero time for no day.
func momentOf(day string) time.Time {
	t, err := clock.ParseDay(day)
	if err != nil || day == NoDay {
		return time.Time{}
	}
	return t
}

// spanOf is a period in milliseconds; without days it is the year of the reading.
func spanOf(sc indicator.Scope, p indicator.Period) (fromMs, toMs int64) {
	year := clock.Day(sc.Now)[:4]
	from, to := p.FromDay, p.ToDay
	if from == "" {
		from = year + "-01-01"
	}
	if to == "" {
		to = clock.Day(sc.Now)
	}
	return momentOf(from).UnixMilli(), momentOf(addDays(to, 1)).UnixMilli()
}

// readLag is how many days results wait for acceptance: the median, so that one
// forgotten result does not hide the rule.
func readLag(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
	q, err := askFor(tx, sc, "")
	if err != nil {
		return indicator.Reading{}, err
	}
	q.plan = sc.Dim("plan")
	from, to := spanOf(sc, p)
	return readMedianLag(tx, q, from, to, sc.Now)
}

func openLag(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (indicator.Records, error) {
	var out indicator.Records
	q, err := askFor(tx, sc, "")
	if err != nil {
		return out, err
	}
	q.plan = sc.Dim("plan")
	from, to := spanOf(sc, p)
	ms, id, _ := strings.Cut(after, " ")
	afterMs := int64(-1)
	if ms != "" {
		if afterMs, err = strconv.ParseInt(ms, 10, 64); err != nil {
			return out, nil
		}
	}
	rows, err := acceptedIn(tx, q, from, to, afterMs, id, limit+1)
	if err != nil {
		return out, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		out.Next = strconv.FormatInt(last.At.UnixMilli(), 10) + " " + last.ID
	}
	out.Rows = rows
	all, err := acceptedIn(tx, q, from, to, -1, "", indicator.MaxTotal+1)
	out.Total = indicator.Capped(int64(len(all)))
	return out, err
}
