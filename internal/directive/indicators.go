package directive

import (
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// mostCounted is how many items one reading looks at; a province gives some hundreds a year.
const mostCounted = 20000

// Indicators are what this room counts (statistics 1.3 of the report on the reform):
// items given up to a day and where they stand then. The dimension "level" narrows to
// "central" or "province".
func (s *Service) Indicators() []indicator.Indicator {
	number := func(code, better string, counts func(Standing) bool) indicator.Indicator {
		return indicator.Indicator{Code: code, Unit: "count", BetterIs: better, Area: 1, Kind: indicator.Stock, Open: s.opens(counts),
			Read: func(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
				_, _, n, err := s.counted(tx, sc, p, counts)
				return indicator.Number(int64(n), sc.Now), err
			}}
	}
	return []indicator.Indicator{
		number("directive.given", "", func(Standing) bool { return true }),
		number("directive.on_time", indicator.Higher, func(st Standing) bool { return st.Class == "on_time" }),
		number("directive.late", indicator.Lower, func(st Standing) bool { return st.Class == "late" }),
		number("directive.overdue", indicator.Lower, func(st Standing) bool { return st.Class == "overdue" }),
	}
}

// counted reads the items of a question and where their tasks stand; n is how many count.
func (s *Service) counted(tx *db.Tx, sc indicator.Scope, p indicator.Period, counts func(Standing) bool) (items []Item, at map[string]Standing, n int, err error) {
	account := sc.Account
	if sc.Right == "" { // the program itself
		account = "*"
	}
	if items, err = given(tx, account, RightView, sc.NowMs(), sc.Dim("level"), sc.AgencyID, p.OnDay, "", mostCounted); err != nil {
		return nil, nil, 0, err
	}
	tasks := make([]string, len(items))
	for k, i := range items {
		tasks[k] = i.Task
	}
	if at, err = s.Tasks.Standings(tx, tasks, p.OnDay); err != nil {
		return nil, nil, 0, err
	}
	var kept []Item
	for _, i := range items {
		if st, there := at[i.Task]; there && counts(st) {
			kept = append(kept, i)
		}
	}
	return kept, at, len(kept), nil
}

func (s *Service) opens(counts func(Standing) bool) func(*db.Tx, indicator.Scope, indicator.Period, string, int) (indicator.Records, error) {
	return func(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (out indicator.Records, err error) {
		items, at, n, err := s.counted(tx, sc, p, counts)
		if err != nil {
			return out, err
		}
		out.Total = indicator.Capped(int64(n))
		for _, i := range items {
			if i.ID <= after {
				continue
			}
			if len(out.Rows) == limit {
				out.Next = out.Rows[limit-1].ID
				break
			}
			st := at[i.Task]
			out.Rows = append(out.Rows, indicator.Record{ID: i.ID, Code: st.Code, Title: i.Text, AgencyID: i.Lead, Agency: i.LeadName, URL: st.URL})
		}
		return out, nil
	}
}
