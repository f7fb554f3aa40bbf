package plan

import (
	"maps"
	"strconv"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/indicator"
)

// countedMoves are what happens to a result, counted as it happens: handed in, sent
// back, accepted. A result sent back twice counts twice: that is work done.
var countedMoves = map[string]string{
	"submit":  "plan.results_submitted",
	"return":  "plan.results_returned",
	"approve": "plan.results_approved",
}

// movesCounter is the flow behind these figures, by agency, day, plan and move.
var movesCounter = indicator.Counter{Code: "plan.moves", Dims: [2]string{"plan", "move"}, Recount: recountMoves}

// Counters lists what this room counts as it happens, for verify.
func (s *Service) Counters() []indicator.Counter { return []indicator.Counter{movesCounter} }

// count books a move of an assignment on its agency and day, in the act's transaction.
func (x *act) count(move string) error {
	if countedMoves[move] == "" || x.plan.Parent != "" { // an agency's own plan counts no result twice
		return nil
	}
	return indicator.Count(x.tx, movesCounter.Code, x.a.Agency, x.day, [2]string{x.a.PlanID, move}, 1)
}

// recountMoves tells from the history alone what should have been counted.
func recountMoves(tx *db.Tx, fromDay, toDay string, add func(agencyID, day string, dims [2]string, n int64)) error {
	type group struct {
		agency, day, plan, move string
		n                       int64
	}
	groups, err := db.All(tx, func(row db.Scanner) (g group, err error) {
		err = row.Scan(&g.agency, &g.day, &g.plan, &g.move, &g.n)
		return g, err
	}, `
		SELECT a.agency_id, e.day, e.plan_id, e.move, COUNT(*)
		FROM plan_event e JOIN plan_assignment a ON a.id = e.assignment_id
		WHERE e.move IN ('submit', 'return', 'approve') AND e.day >= $1 AND e.day <= $2 AND e.plan_id NOT IN (SELECT id FROM plan_plan WHERE parent_id IS NOT NULL)
		GROUP BY a.agency_id, e.day, e.plan_id, e.move`, fromDay, toDay)
	for _, g := range groups {
		add(g.agency, g.day, [2]string{g.plan, g.move}, g.n)
	}
	return err
}

// resultIndicators are the flows as figures: how many in a period, opening each of them.
func resultIndicators() []indicator.Indicator {
	var all []indicator.Indicator
	for _, move := range []string{"submit", "return", "approve"} {
		of := func(sc indicator.Scope) indicator.Scope {
			sc.Dims = maps.Clone(sc.Dims)
			if sc.Dims == nil {
				sc.Dims = map[string]string{}
			}
			sc.Dims["move"] = move
			return sc
		}
		all = append(all, indicator.Indicator{
			Code: countedMoves[move], Unit: "count", Kind: indicator.Flow,
			Read: func(tx *db.Tx, sc indicator.Scope, p indicator.Period) (indicator.Reading, error) {
				return indicator.ReadCount(movesCounter)(tx, of(sc), p)
			},
			Open: func(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (indicator.Records, error) {
				return openMoves(tx, of(sc), p, after, limit)
			},
		})
	}
	return all
}

// openMoves lists the moves that were counted, latest first.
func openMoves(tx *db.Tx, sc indicator.Scope, p indicator.Period, after string, limit int) (out indicator.Records, err error) {
	afterMs, afterID := int64(1)<<62, ""
	if ms, id, ok := strings.Cut(after, " "); ok {
		if afterMs, err = strconv.ParseInt(ms, 10, 64); err != nil {
			return out, nil
		}
		afterID = id
	}
	account := sc.Account
	if sc.Right == "" { // the program itself
		account = everything
	}
	ids := []string{}
	out.Rows, err = db.All(tx, func(row db.Scanner) (r indicator.Record, err error) {
		var id string
		var atMs int64
		err = row.Scan(&id, &atMs, &r.ID, &r.Code, &r.Title, &r.AgencyID, &r.Agency, &r.Note)
		r.At, r.URL = clock.FromMs(atMs), "/plan/assignments/"+r.ID
		ids = append(ids, id)
		return r, err
	}, `
		SELECT e.id, e.at_ms, a.id, t.code, t.content, a.agency_id, o.name, e.text
		FROM plan_event e JOIN plan_assignment a ON a.id = e.assignment_id JOIN plan_task t ON t.id = e.task_id JOIN org_agency o ON o.id = a.agency_id
		WHERE e.move = $1 AND e.day >= $2 AND e.day <= $3 AND ($4 = '' OR e.plan_id = $4) AND e.plan_id NOT IN (SELECT id FROM plan_plan WHERE parent_id IS NOT NULL)
		  AND ($5 = '*' OR a.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $5 AND right_code = $6 AND from_ms <= $7 AND to_ms > $7))
		  AND ($8 = '' OR a.agency_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $8))
		  AND (e.at_ms < $9 OR (e.at_ms = $9 AND e.id < $10))
		ORDER BY e.at_ms DESC, e.id DESC LIMIT $11`,
		sc.Dim("move"), p.FromDay, p.ToDay, sc.Dim("plan"), account, sc.Right, sc.NowMs(), sc.AgencyID, afterMs, afterID, limit+1)
	if err != nil {
		return out, err
	}
	if len(out.Rows) > limit {
		out.Rows = out.Rows[:limit]
		out.Next = strconv.FormatInt(out.Rows[limit-1].At.UnixMilli(), 10) + " " + ids[limit-1]
	}
	n, err := movesCounter.Sum(tx, sc, p)
	out.Total = indicator.Capped(n)
	return out, err
}
