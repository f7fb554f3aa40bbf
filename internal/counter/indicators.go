package counter

import (
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// Indicators are what the halls are measured by (one-stop.md section 11): the middle
// waiting time, the share called within the promise that held on the day, and how many
// left. A ticket counts on the day on which it was drawn.
func (s *Service) Indicators() []indicator.Indicator {
	return []indicator.Indicator{
		{Code: "counter.wait_median", Unit: "minute", BetterIs: indicator.Lower, Area: 2, Kind: indicator.Median, Read: readMedian, Open: opens("called")},
		{Code: "counter.wait_within_target", Unit: "percent", BetterIs: indicator.Higher, Area: 2, Kind: indicator.Distinct, Read: readWithin, Open: opens("within")},
		{Code: "counter.abandoned_rate", Unit: "percent", BetterIs: indicator.Lower, Area: 2, Kind: indicator.Distinct, Read: readAbandoned, Open: opens("abandoned")},
	}
}

// account is whose reach cuts a question; the program itself reaches everything.
func account(sc indicator.Scope) string {
	if sc.Right == "" {
		return "*"
	}
	return sc.Account
}

func readMedian(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
	return indicator.ReadMedian(tx, 0, sc.Now, `
		WITH v AS (
			SELECT t.wait_min AS v, ROW_NUMBER() OVER (ORDER BY t.wait_min) AS r, COUNT(*) OVER () AS n FROM counter_ticket t
			WHERE t.called_ms > 0 AND t.day >= $1 AND t.day <= $2
			  AND ($3 = '*' OR t.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = $4 AND from_ms <= $5 AND to_ms > $5))
			  AND ($6 = '' OR t.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $6)))
		SELECT CAST(COALESCE(SUM(v), 0) AS BIGINT), COUNT(*), COALESCE(MAX(n), 0) FROM v WHERE r IN ((n + 1) / 2, (n + 2) / 2)`,
		p.FromDay, p.ToDay, account(sc), sc.Right, sc.NowMs(), sc.AgencyID)
}

// counts reads tickets drawn, called, called in time and abandoned, in one statement.
func counts(tx *db.Tx, sc indicator.Scope, p indicator.Period) (drawn, called, within, abandoned int64, err error) {
	err = tx.QueryRow(`
		SELECT COUNT(*), COUNT(*) FILTER (WHERE t.called_ms > 0), COUNT(*) FILTER (WHERE t.called_ms > 0 AND t.wait_min <= t.target_min), COUNT(*) FILTER (WHERE t.state = 'abandoned')
		FROM counter_ticket t WHERE t.day >= $1 AND t.day <= $2
		  AND ($3 = '*' OR t.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = $4 AND from_ms <= $5 AND to_ms > $5))
		  AND ($6 = '' OR t.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $6))`,
		p.FromDay, p.ToDay, account(sc), sc.Right, sc.NowMs(), sc.AgencyID).Scan(&drawn, &called, &within, &abandoned)
	return drawn, called, within, abandoned, err
}

func readWithin(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
	_, called, within, _, err := counts(tx, sc, p)
	return indicator.Rate(within, called, 2, sc.Now), err
}

func readAbandoned(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
	drawn, _, _, abandoned, err := counts(tx, sc, p)
	return indicator.Rate(abandoned, drawn, 2, sc.Now), err
}

// opens lists the tickets that a numerator counted, latest first.
func opens(which string) func(*db.Tx, indicator.Scope, indicator.Period, string, int) (indicator.Records, error) {
	return func(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (out indicator.Records, err error) {
		afterMs, afterID := int64(1)<<62, ""
		if ms, id, ok := strings.Cut(after, " "); ok {
			if afterMs, err = strconv.ParseInt(ms, 10, 64); err != nil {
				return out, nil
			}
			afterID = id
		}
		out.Rows, err = db.All(tx, func(row db.Scanner) (r indicator.Record, err error) {
			var atMs int64
			var day string
			err = row.Scan(&r.ID, &atMs, &r.Code, &r.Title, &r.AgencyID, &r.Agency, &day)
			r.At, r.URL = clock.FromMs(atMs), "/counter/today?agency="+r.AgencyID+"&day="+day
			return r, err
		}, `
			SELECT t.id, t.taken_ms, t.label, q.name, t.agency_id, a.name, t.day
			FROM counter_ticket t JOIN counter_queue q ON q.id = t.queue_id JOIN org_agency a ON a.id = t.agency_id
			WHERE t.day >= $1 AND t.day <= $2
			  AND CASE $3 WHEN 'called' THEN t.called_ms > 0 WHEN 'within' THEN t.called_ms > 0 AND t.wait_min <= t.target_min ELSE t.state = 'abandoned' END
			  AND ($4 = '*' OR t.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6))
			  AND ($7 = '' OR t.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $7))
			  AND (t.taken_ms < $8 OR (t.taken_ms = $8 AND t.id < $9))
			ORDER BY t.taken_ms DESC, t.id DESC LIMIT $10`,
			p.FromDay, p.ToDay, which, account(sc), sc.Right, sc.NowMs(), sc.AgencyID, afterMs, afterID, limit+1)
		if err != nil {
			return out, err
		}
		if len(out.Rows) > limit {
			out.Rows = out.Rows[:limit]
			last := out.Rows[limit-1]
			out.Next = strconv.FormatInt(last.At.UnixMilli(), 10) + " " + last.ID
		}
		_, called, within, abandoned, err := counts(tx, sc, p)
		out.Total = indicator.Capped(map[string]int64{"called": called, "within": within, "abandoned": abandoned}[which])
		return out, err
	}
}
