package payment

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// mostStatementLines is how many transactions one day's list may have.
const mostStatementLines = 5000

// Reconcile puts a gateway's own list of one day beside our movements (đối soát). Done
// again for the same day it begins anew and keeps the explanations. Refusals:
// payment.gateway_unknown, payment.statement_day, payment.statement_empty,
// payment.statement_long.
func (s *Service) Reconcile(ctx context.Context, gateway, day string, theirs []TheirLine) (id string, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		k, err := findGateway(tx, gateway)
		if err != nil {
			return err
		}
		if err := identity.RequireSeen(tx, a, RightView, RightSettle, k.Agency, now, errs.New(errs.NotFound, "payment.gateway_unknown")); err != nil {
			return err
		}
		switch t, bad := clock.ParseDay(day); {
		case bad != nil || clock.Day(t) != day || day > clock.Day(now):
			return errs.OnField("day", "payment.statement_day")
		case len(theirs) > mostStatementLines:
			return errs.OnField("file", "payment.statement_long", "most", int64(mostStatementLines))
		}
		ours, err := gatewayMovements(tx, gateway, day)
		if err != nil {
			return err
		}
		if len(ours)+len(theirs) == 0 {
			return errs.OnField("file", "payment.statement_empty")
		}
		if id, err = putStatement(tx, Statement{ID: db.NewID(), GatewayID: gateway, Day: day, By: a.AccountID, AtMs: now.UnixMilli()}); err != nil {
			return err
		}
		counts, err := replaceCompared(tx, id, Compare(ours, theirs))
		if err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.reconcile", Subject: "payment_statement:" + id, Agency: k.Agency, After: map[string]any{"day": day, "counts": counts}})
	})
	return id, err
}

// replaceCompared writes the lines of a comparison and keeps why a number differed.
func replaceCompared(tx *db.Tx, statement string, lines []Compared) (map[Verdict]int, error) {
	old, err := comparedOf(tx, statement)
	if err != nil {
		return nil, err
	}
	why := map[string]string{}
	for _, c := range old {
		why[c.Reference] = c.Why
	}
	if err := dropCompared(tx, statement); err != nil {
		return nil, err
	}
	counts := map[Verdict]int{}
	for _, c := range lines {
		c.ID, c.Why = db.NewID(), why[c.Reference]
		counts[c.Verdict]++
		if err := addCompared(tx, statement, c); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// Statements lists the comparisons within reach, newest first.
func (s *Service) Statements(ctx context.Context, limit int) (list []Statement, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		list, err = statements(tx, "", Filter{}.scope(a, RightView, now), limit)
		return err
	})
	return list, err
}

// Statement reads one comparison with its lines. Refusal: payment.statement_unknown.
func (s *Service) Statement(ctx context.Context, id string) (st Statement, lines []Compared, may bool, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if st, err = statementWithin(tx, a, id, now); err != nil {
			return err
		}
		may = identity.Require(tx, a, RightSettle, st.Agency, now) == nil
		lines, err = comparedOf(tx, id)
		return err
	})
	return st, lines, may, err
}

func statementWithin(tx *db.Tx, a identity.Actor, id string, now time.Time) (Statement, error) {
	list, err := statements(tx, id, Filter{}.scope(a, RightView, now), 1)
	if err == nil && (len(list) == 0 || id == "") {
		return Statement{}, errs.New(errs.NotFound, "payment.statement_unknown")
	}
	if err != nil {
		return Statement{}, err
	}
	return list[0], nil
}

// Explain says why a transaction differs. Refusals: payment.statement_unknown,
// payment.reason_missing, payment.changed_meanwhile.
func (s *Service) Explain(ctx context.Context, statement, line string, version int64, why string) error {
	why = text.Clean(why)
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		st, err := statementWithin(tx, a, statement, now)
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, RightSettle, st.Agency, now); err != nil {
			return err
		}
		if why == "" {
			return errs.OnField("why", "payment.reason_missing")
		}
		if err := explain(tx, statement, Compared{ID: line, Why: why, Version: version}); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "payment.explain", Subject: "payment_statement:" + statement, Agency: st.Agency, Reason: why, After: map[string]any{"line": line}})
	})
}
