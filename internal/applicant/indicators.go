package applicant

import (
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// Indicators are what people said: how many rated, and the share that was satisfied.
func (s *Service) Indicators() []indicator.Indicator {
	return []indicator.Indicator{
		{Code: "applicant.ratings", Unit: "count", Area: 2, Kind: indicator.Distinct, Open: opens(1), Read: func(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			_, all, err := counts(tx, sc, p)
			return indicator.Number(all, sc.Now), err
		}},
		{Code: "applicant.satisfied_rate", Unit: "percent", BetterIs: indicator.Higher, Area: 2, Kind: indicator.Distinct, Open: opens(2), Read: func(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
			good, all, err := counts(tx, sc, p)
			return indicator.Rate(good, all, 2, sc.Now), err
		}},
	}
}

func reader(sc indicator.Scope) string {
	if sc.Right == "" { // the program itself
		return "*"
	}
	return sc.Account
}

func counts(tx *db.Tx, sc indicator.Scope, p indicator.Period) (good, all int64, err error) {
	err = tx.QueryRow(`
		SELECT COUNT(*) FILTER (WHERE r.score >= 2), COUNT(*) FROM applicant_rating r WHERE r.day >= $1 AND r.day <= $2
		  AND ($3 = '*' OR r.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = $4 AND from_ms <= $5 AND to_ms > $5))
		  AND ($6 = '' OR r.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $6))`,
		p.FromDay, p.ToDay, reader(sc), sc.Right, sc.NowMs(), sc.AgencyID).Scan(&good, &all)
	return good, all, err
}

// opens lists the dossiers whose rating is at least a score, latest first.
func opens(score int64) func(*db.Tx, indicator.Scope, indicator.Period, string, int) (indicator.Records, error) {
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
			err = row.Scan(&r.ID, &atMs, &r.Code, &r.Title, &r.AgencyID, &r.Agency)
			r.At, r.URL = clock.FromMs(atMs), "/dossiers/"+r.Code
			return r, err
		}, `
			SELECT r.dossier_id, r.at_ms, r.code, r.name, r.agency_id, a.name FROM applicant_rating r JOIN org_agency a ON a.id = r.agency_id
			WHERE r.day >= $1 AND r.day <= $2 AND r.score >= $3
			  AND ($4 = '*' OR r.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6))
			  AND ($7 = '' OR r.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $7))
			  AND (r.at_ms < $8 OR (r.at_ms = $8 AND r.dossier_id < $9)) ORDER BY r.at_ms DESC, r.dossier_id DESC LIMIT $10`,
			p.FromDay, p.ToDay, score, reader(sc), sc.Right, sc.NowMs(), sc.AgencyID, afterMs, afterID, limit+1)
		if err != nil {
			return out, err
		}
		if len(out.Rows) > limit {
			out.Rows = out.Rows[:limit]
			last := out.Rows[limit-1]
			out.Next = strconv.FormatInt(last.At.UnixMilli(), 10) + " " + last.ID
		}
		good, all, err := counts(tx, sc, p)
		if score == 1 {
			good = all
		}
		out.Total = indicator.Capped(good)
		return out, err
	}
}
