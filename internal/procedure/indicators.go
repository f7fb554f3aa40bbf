package procedure

import (
	"cchc/internal/calendar"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// Time that the service index gives a province (766/QĐ-TTg), in working days. They are
// the decision's figures as read; a later decision with others needs dated rows here.
const (
	announceAhead = 5 // before the newest legal basis takes effect
	publishWithin = 5 // after the announcement decision
)

// Indicators are what this room counts for the service index. They belong to the
// province: an agency narrows nothing.
func (s *Service) Indicators() []indicator.Indicator {
	rate := func(code string, kind indicator.Kind, read func(*db.Tx, indicator.Scope, indicator.Period) ([]counted, error)) indicator.Indicator {
		return indicator.Indicator{Code: code, Unit: "percent", BetterIs: indicator.Higher, Area: 2, Basis: "766/QD-TTg", Kind: kind,
			Read: func(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
				list, err := read(tx, sc, p)
				good := int64(0)
				for _, c := range list {
					if c.good {
						good++
					}
				}
				return indicator.Rate(good, int64(len(list)), 2, sc.Now), err
			},
			Open: func(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (indicator.Records, error) {
				list, err := read(tx, sc, p)
				return opened(list, after, limit), err
			}}
	}
	return []indicator.Indicator{
		rate("procedure.announced_in_time", indicator.Distinct, announcedInTime),
		rate("procedure.published_in_time", indicator.Distinct, publishedInTime),
		rate("procedure.parts_full", indicator.Stock, standing(func(r countRow) bool { return r.full })),
		rate("procedure.online_service", indicator.Stock, standing(func(r countRow) bool { return r.service == ServiceFull || r.service == ServicePartial })),
	}
}

// countRow is a version as the index looks at it.
type countRow struct {
	id, procedure, key, code, name, service string
	decisionDay, effectiveDay, publishedDay string
	full                                    bool
}

type counted struct {
	countRow
	good bool
}

func scanCount(row db.Scanner) (r countRow, err error) {
	err = row.Scan(&r.id, &r.procedure, &r.key, &r.code, &r.name, &r.service, &r.decisionDay, &r.effectiveDay, &r.publishedDay, &r.full)
	return r, err
}

// standing counts the procedures in force on a day (1.3 and 3.1 of the index).
func standing(good func(countRow) bool) func(*db.Tx, indicator.Scope, indicator.Period) ([]counted, error) {
	return func(tx *db.Tx, _ indicator.Scope, p indicator.Period) (list []counted, err error) {
		rows, err := db.All(tx, scanCount, `
			SELECT v.id, p.id, p.key, p.code, p.name, v.service_level, v.decision_day, v.effective_day, v.published_day, v.parts_full
			FROM procedure_version v JOIN procedure_procedure p ON p.id = v.procedure_id
			WHERE v.state = 'published' AND v.from_day <= $1 AND v.to_day >= $1 ORDER BY p.name_sort, v.id`, p.OnDay)
		for _, r := range rows {
			list = append(list, counted{r, good(r)})
		}
		return list, err
	}
}

// decided reads the versions whose announcement decision falls into a period.
func decided(tx *db.Tx, p indicator.Period) ([]countRow, error) {
	return db.All(tx, scanCount, `
		SELECT v.id, p.id, p.key, p.code, p.name, v.service_level, v.decision_day, v.effective_day, v.published_day, v.parts_full
		FROM procedure_version v JOIN procedure_procedure p ON p.id = v.procedure_id
		WHERE v.state = 'published' AND v.decision_day >= $1 AND v.decision_day <= $2 ORDER BY p.name_sort, v.id`, p.FromDay, p.ToDay)
}

// once counts a procedure once a period; late once is late (rule of 1.1).
func once(rows []countRow, good func(countRow) (bool, error)) (list []counted, err error) {
	at := map[string]int{}
	for _, r := range rows {
		fine, err := good(r)
		if err != nil {
			return nil, err
		}
		if i, seen := at[r.procedure]; seen {
			list[i].good = list[i].good && fine
			continue
		}
		at[r.procedure] = len(list)
		list = append(list, counted{r, fine})
	}
	return list, nil
}

// announcedInTime: the decision comes at least five working days before the newest legal
// basis takes effect (1.1). What names no such day is not counted as in time.
func announcedInTime(tx *db.Tx, _ indicator.Scope, p indicator.Period) ([]counted, error) {
	rows, err := decided(tx, p)
	if err != nil {
		return nil, err
	}
	return once(rows, func(r countRow) (bool, error) {
		if r.effectiveDay == "" {
			return false, nil
		}
		last, err := workdays(tx, r.decisionDay, announceAhead)
		return last <= r.effectiveDay, err
	})
}

// publishedInTime: made public within five working days after the decision (1.2).
func publishedInTime(tx *db.Tx, _ indicator.Scope, p indicator.Period) ([]counted, error) {
	rows, err := decided(tx, p)
	if err != nil {
		return nil, err
	}
	return once(rows, func(r countRow) (bool, error) {
		last, err := workdays(tx, r.decisionDay, publishWithin)
		return r.publishedDay <= last, err
	})
}

// workdays is the n-th working day after a day, by the calendar of the province.
func workdays(tx *db.Tx, day string, n int) (string, error) {
	c, err := calendar.Load(tx, "")
	if err != nil {
		return "", err
	}
	return c.AddWorkingDays(day, n), nil
}

// opened lists the records that count.
func opened(list []counted, after string, limit int) (out indicator.Records) {
	total := int64(0)
	started := after == ""
	for _, c := range list {
		if !c.good {
			continue
		}
		total++
		if !started {
			started = c.id == after
			continue
		}
		if len(out.Rows) == limit {
			if out.Next == "" {
				out.Next = out.Rows[limit-1].ID
			}
			continue
		}
		out.Rows = append(out.Rows, indicator.Record{ID: c.id, Code: c.code, Title: c.name, URL: "/procedure-versions/" + c.id})
	}
	out.Total = indicator.Capped(total)
	return out
}
