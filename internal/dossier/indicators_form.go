package dossier

import (
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// FormCell is how many dossiers of a period stand in one cell of form II.06a/VPCP/KSTT:
// where they came from and where they stood at its end.
type FormCell struct {
	Source string // carried (kỳ trước chuyển qua), online, offline (trực tiếp, bưu chính)
	End    string // early, on_time, late (đã giải quyết); in_time, overdue (đang giải quyết)
	N      int64
}

// Results counts the dossiers of a period by the two, in one statement, for the agency
// competent. Received and carried together are always solved and in process together.
// Early is before the day promised; on time holds also, as the form wants it, what was
// withdrawn or closed and what waits for the applicant at the end of the period.
func Results(tx *db.Tx, s indicator.Scope, p indicator.Period) ([]FormCell, error) {
	return tallyResults(tx, asked{s: s, fromMs: startOfDay(p.FromDay), toMs: momentWithin(s, p)})
}

// momentWithin is the end of the period, now while it runs.
func momentWithin(s indicator.Scope, p indicator.Period) int64 {
	return min(endOfDay(p.ToDay).UnixMilli(), s.NowMs())
}

// FormIndicators are the cells of the form as figures that open, and what the service
// index and the quality index of units count (QĐ 766/QĐ-TTg; NĐ 61/2018/NĐ-CP, article 31).
func FormIndicators() []indicator.Indicator {
	return []indicator.Indicator{
		cell("dossier.form_carried", "", "carried", ""), cell("dossier.form_online", "", "online", ""), cell("dossier.form_offline", "", "offline", ""),
		cell("dossier.form_early", indicator.Higher, "", "early"), cell("dossier.form_on_time", "", "", "on_time"), cell("dossier.form_late", indicator.Lower, "", "late"),
		cell("dossier.form_in_time", "", "", "in_time"), cell("dossier.form_overdue", indicator.Lower, "", "overdue"),
		asks("dossier.asked_none", indicator.Higher, 0, 0), asks("dossier.asked_once", "", 1, 1), asks("dossier.asked_more", indicator.Lower, 2, 1<<30),
		indexInTime(),
	}
}

func cell(code, better, source, end string) indicator.Indicator {
	return indicator.Indicator{Code: code, Unit: "count", BetterIs: better, Area: 2, Kind: indicator.Distinct,
		Read: func(tx *db.Tx, s indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			list, err := Results(tx, s, p)
			n := int64(0)
			for _, r := range list {
				if (source == "" || r.Source == source) && (end == "" || r.End == end) {
					n += r.N
				}
			}
			return indicator.Number(n, s.Now), err
		},
		Open: func(tx *db.Tx, s indicator.Scope, p indicator.Period, after string, limit int) (indicator.Records, error) {
			return withinPeriod(func(tx *db.Tx, q asked) ([]Line, error) { return pageResults(tx, q, source, end) },
				func(tx *db.Tx, q asked) (int64, error) { return totalResults(tx, q, source, end) })(tx, s, p, after, limit)
		}}
}

// withinPeriod is opens with an end that is never after now.
func withinPeriod(page func(*db.Tx, asked) ([]Line, error), total func(*db.Tx, asked) (int64, error)) opener {
	bound := func(q asked) asked { q.toMs = min(q.toMs, q.s.NowMs()); return q }
	return opens(func(tx *db.Tx, q asked) ([]Line, error) { return page(tx, bound(q)) }, func(tx *db.Tx, q asked) (int64, error) { return total(tx, bound(q)) }, false)
}

// asks counts the finished dossiers whose applicant was asked for papers so many times.
func asks(code, better string, least, most int64) indicator.Indicator {
	return indicator.Indicator{Code: code, Unit: "count", BetterIs: better, Area: 2, Kind: indicator.Distinct,
		Read: func(tx *db.Tx, s indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			n, err := countAsked(tx, asked{s: s, fromMs: startOfDay(p.FromDay), toMs: momentWithin(s, p)}, least, most)
			return indicator.Number(n, s.Now), err
		},
		Open: withinPeriod(func(tx *db.Tx, q asked) ([]Line, error) { return pageAsked(tx, q, least, most) },
			func(tx *db.Tx, q asked) (int64, error) { return totalAsked(tx, q, least, most) })}
}

// indexInTime is indicator 2.1 of the service index: of the dossiers handled in a period,
// those finished by the time promised or still within it. Two requests for papers make a
// dossier late, whatever its clock says; a wait for the first ends it at the request.
func indexInTime() indicator.Indicator {
	return indicator.Indicator{Code: "dossier.index_in_time_rate", Unit: "percent", BetterIs: indicator.Higher, Area: 2, Basis: "766/QD-TTg", Kind: indicator.Distinct,
		Read: func(tx *db.Tx, s indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			good, all, err := countInTime(tx, asked{s: s, fromMs: startOfDay(p.FromDay), toMs: momentWithin(s, p)})
			return indicator.Rate(good, all, 2, s.Now), err
		},
		Open: withinPeriod(pageInTime, totalInTime)}
}
