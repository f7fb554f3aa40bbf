package payment

import (
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// paidCounter counts orders that were paid, on the day of the money; free ones are left
// out. onlineCounter counts those of them that were paid online.
var (
	paidCounter   = indicator.Counter{Code: "payment.orders_paid", Dims: [2]string{"procedure", "way"}, Recount: recount(false)}
	onlineCounter = indicator.Counter{Code: "payment.orders_online", Dims: [2]string{"procedure", "way"}, Recount: recount(true)}
)

// Counters lists what this room counts as it happens, for verify.
func (s *Service) Counters() []indicator.Counter {
	return []indicator.Counter{paidCounter, onlineCounter}
}

// recount tells from the orders alone what should have been counted. A refund does not
// take back that the order was paid.
func recount(online bool) func(tx *db.Tx, fromDay, toDay string, add func(string, string, [2]string, int64)) error {
	type group struct {
		agency, day, procedure, way string
		n                           int64
	}
	return func(tx *db.Tx, fromDay, toDay string, add func(string, string, [2]string, int64)) error {
		list, err := db.All(tx, func(row db.Scanner) (g group, err error) {
			err = row.Scan(&g.agency, &g.day, &g.procedure, &g.way, &g.n)
			return g, err
		}, `
			SELECT agency_id, paid_day, procedure, way, COUNT(*) FROM payment_order
			WHERE paid_day >= $1 AND paid_day <= $2 AND paid_day <> '' AND due > 0
			GROUP BY agency_id, paid_day, procedure, way`, fromDay, toDay)
		for _, g := range list {
			if !online || Way(g.way).Online() {
				add(g.agency, g.day, [2]string{g.procedure, g.way}, g.n)
			}
		}
		return err
	}
}

// Indicators are what this room offers: orders paid, and the share of them that was paid
// online (index 766, 3.6: dossiers without a fee are left out of the denominator).
func (s *Service) Indicators() []indicator.Indicator {
	return []indicator.Indicator{
		{Code: "payment.paid", Unit: "count", Area: 2, Kind: indicator.Flow, Read: indicator.ReadCount(paidCounter), Points: indicator.PointsCount(paidCounter), Open: opens(paidCounter, "")},
		{Code: "payment.paid_online_rate", Unit: "percent", BetterIs: indicator.Higher, Area: 2, Kind: indicator.Flow,
			Read: indicator.ReadRate(onlineCounter, paidCounter, 2), Points: indicator.PointsRate(onlineCounter, paidCounter, 2), Open: opens(onlineCounter, "online")},
	}
}

// opens lists the orders that a counter counted, latest first.
func opens(c indicator.Counter, only string) func(*db.Tx, indicator.Scope, indicator.Period, string, int) (indicator.Records, error) {
	return func(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (out indicator.Records, err error) {
		afterMs, afterID := int64(1)<<62, ""
		if ms, id, ok := strings.Cut(after, " "); ok {
			if afterMs, err = strconv.ParseInt(ms, 10, 64); err != nil {
				return out, nil
			}
			afterID = id
		}
		account := sc.Account
		if sc.Right == "" { // the program itself
			account = "*"
		}
		out.Rows, err = db.All(tx, func(row db.Scanner) (r indicator.Record, err error) {
			var atMs int64
			err = row.Scan(&r.ID, &atMs, &r.Code, &r.Title, &r.AgencyID, &r.Agency)
			r.At, r.URL = clock.FromMs(atMs), "/payments/orders/"+r.ID
			return r, err
		}, `
			SELECT p.id, p.paid_ms, p.code, p.name, p.agency_id, a.name
			FROM payment_order p JOIN org_agency a ON a.id = p.agency_id
			WHERE p.paid_day >= $1 AND p.paid_day <= $2 AND p.paid_day <> '' AND p.due > 0
			  AND ($3 = '' OR p.way IN ('online_national', 'online_province')) AND ($4 = '' OR p.procedure = $4) AND ($5 = '' OR p.way = $5)
			  AND ($6 = '*' OR p.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $6 AND right_code = $7 AND from_ms <= $8 AND to_ms > $8))
			  AND ($9 = '' OR p.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $9))
			  AND (p.paid_ms < $10 OR (p.paid_ms = $10 AND p.id < $11))
			ORDER BY p.paid_ms DESC, p.id DESC LIMIT $12`,
			p.FromDay, p.ToDay, only, sc.Dim("procedure"), sc.Dim("way"), account, sc.Right, sc.NowMs(), sc.AgencyID, afterMs, afterID, limit+1)
		if err != nil {
			return out, err
		}
		if len(out.Rows) > limit {
			out.Rows = out.Rows[:limit]
			last := out.Rows[limit-1]
			out.Next = strconv.FormatInt(last.At.UnixMilli(), 10) + " " + last.ID
		}
		n, err := c.Sum(tx, sc, p)
		out.Total = indicator.Capped(n)
		return out, err
	}
}
