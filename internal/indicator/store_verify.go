package indicator

import (
	"maps"
	"slices"

	"cchc/internal/db"
)

func sorted(keys map[coded]bool) []coded { return slices.SortedFunc(maps.Keys(keys), compare) }

// countedOf is what is counted for the days from..to, folded and pending, by the day it
// concerns (not the day it was booked).
func countedOf(tx *db.Tx, code, from, to string) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT $1, agency_id, of_day, '', dim1, dim2, CAST(SUM(n) AS BIGINT) FROM (
		  SELECT agency_id, of_day, dim1, dim2, total AS n FROM indicator_fold WHERE code = $1 AND day >= $2 AND day <= $3 AND of_day = day
		  UNION ALL
		  SELECT agency_id, of_day, dim1, dim2, total FROM indicator_fold WHERE code = $1 AND of_day >= $2 AND of_day <= $3 AND of_day <> day
		  UNION ALL
		  SELECT agency_id, of_day, dim1, dim2, delta FROM indicator_delta WHERE code = $1 AND of_day >= $2 AND of_day <= $3
		) AS counted
		 GROUP BY agency_id, of_day, dim1, dim2`, code, from, to)
}

// bounds are the first and last day that the counter concerns, "" when it counted nothing.
func bounds(tx *db.Tx, code string) (from, to string, err error) {
	err = tx.QueryRow(`
		SELECT COALESCE(MIN(of_day), ''), COALESCE(MAX(of_day), '') FROM (
		  SELECT of_day FROM indicator_fold WHERE code = $1
		  UNION ALL
		  SELECT of_day FROM indicator_delta WHERE code = $1
		) AS counted`, code).Scan(&from, &to)
	return from, to, err
}

// countedCodes lists every code in the tables with how many days it has.
func countedCodes(tx *db.Tx) ([]tally, error) {
	return db.All(tx, func(r db.Scanner) (t tally, err error) { err = r.Scan(&t.code, &t.n); return t, err }, `
		SELECT code, COUNT(*) FROM (
		  SELECT code FROM indicator_fold UNION ALL SELECT code FROM indicator_delta
		) AS counted GROUP BY code ORDER BY code`)
}

// wrongMonths finds folded months that are not the sum of their folded days.
func wrongMonths(tx *db.Tx, code string) ([]Difference, error) {
	return db.All(tx, func(r db.Scanner) (d Difference, err error) {
		d.Code, d.What = code, "month"
		err = r.Scan(&d.AgencyID, &d.Day, &d.Dims[0], &d.Dims[1], &d.Counted, &d.Recounted)
		return d, err
	}, `
		SELECT agency_id, month, dim1, dim2, CAST(SUM(kept) AS BIGINT), CAST(SUM(days) AS BIGINT) FROM (
		  SELECT agency_id, month, dim1, dim2, total AS kept, 0 AS days FROM indicator_month WHERE code = $1
		  UNION ALL
		  SELECT agency_id, SUBSTR(day, 1, 7), dim1, dim2, 0, total FROM indicator_fold WHERE code = $1
		) AS both_sides
		 GROUP BY agency_id, month, dim1, dim2 HAVING SUM(kept) <> SUM(days)
		 ORDER BY month, agency_id, dim1, dim2`, code)
}

func corrections(tx *db.Tx, code, dim1, dim2 string, s Scope, p Period) ([]Correction, error) {
	return db.All(tx, func(r db.Scanner) (c Correction, err error) {
		err = r.Scan(&c.AgencyID, &c.BookedDay, &c.OfDay, &c.Dims[0], &c.Dims[1], &c.Delta)
		return c, err
	}, `
		SELECT agency_id, day, of_day, dim1, dim2, CAST(SUM(n) AS BIGINT) FROM (
		  SELECT agency_id, day, of_day, dim1, dim2, total AS n FROM indicator_fold WHERE code = $1 AND of_day <> day AND of_day >= $2 AND of_day <= $3
		  UNION ALL
		  SELECT agency_id, day, of_day, dim1, dim2, delta FROM indicator_delta WHERE code = $1 AND of_day <> day AND of_day >= $2 AND of_day <= $3
		) AS booked
		 WHERE (day < $2 OR day > $3)
		   AND ($4 = '' OR dim1 = $4) AND ($5 = '' OR dim2 = $5)
		   AND ($6 = '' OR agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $6))
		   AND ($8 = '' OR agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $7 AND right_code = $8 AND from_ms <= $9 AND to_ms > $9))
		 GROUP BY agency_id, day, of_day, dim1, dim2 HAVING SUM(n) <> 0
		 ORDER BY of_day, day, agency_id, dim1, dim2`,
		code, p.FromDay, p.ToDay, dim1, dim2, s.AgencyID, s.Account, s.Right, s.NowMs())
}
