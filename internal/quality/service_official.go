package quality

import (
	"context"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/decimal"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// ReadOfficial reads lines "code; points" as people copy them from the portal or from a
// spreadsheet (semicolon or tab). Refusals, on the field "lines": quality.official_empty,
// quality.official_line.
func ReadOfficial(lines string) (list []Official, err error) {
	known := map[string]bool{}
	for _, l := range shipped.Lines {
		known[l.Code] = true
	}
	n := 0
	for line := range strings.SplitSeq(lines, "\n") {
		n++
		if strings.TrimSpace(line) == "" {
			continue
		}
		code, points, _ := strings.Cut(strings.ReplaceAll(line, "\t", ";"), ";")
		d, fault := decimal.Parse(strings.TrimSpace(points))
		scaled, fits := d.Scaled(2)
		if code = strings.TrimSpace(code); fault != nil || !fits || !known[code] || scaled < 0 || scaled > 100_00 || d.Cmp(decimal.FromScaled(scaled, 2)) != 0 {
			return nil, errs.OnField("lines", "quality.official_line", "n", n)
		}
		list = append(list, Official{Code: code, Points: scaled})
	}
	if len(list) == 0 {
		return nil, errs.OnField("lines", "quality.official_empty")
	}
	return list, nil
}

// SetOfficial keeps what the portal says, line by line, with what proves it. Lines given
// again take the place of what stood. Refusals: those of ReadOfficial,
// quality.official_evidence.
func (s *Service) SetOfficial(ctx context.Context, agency, period, lines, evidence string) error {
	p, err := ParsePeriod(period)
	if err != nil {
		return err
	}
	list, err := ReadOfficial(lines)
	if err != nil {
		return err
	}
	if evidence = text.Clean(evidence); evidence == "" {
		return errs.OnField("evidence", "quality.official_evidence")
	}
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := identity.RequireSeen(tx, a, RightView, RightVerify, agency, now, unknownAgency()); err != nil {
			return err
		}
		before, err := officialsOf(tx, agency, p.Code)
		if err != nil {
			return err
		}
		was, is := map[string]any{"period": p.Code}, map[string]any{"period": p.Code, "evidence": evidence}
		for _, o := range list {
			if b, found := before[o.Code]; found {
				was[o.Code] = decimal.FromScaled(b.Points, 2).Fixed(2)
			}
			is[o.Code] = decimal.FromScaled(o.Points, 2).Fixed(2)
			o.Evidence = evidence
			if err := saveOfficial(tx, agency, p.Code, a.AccountID, now.UnixMilli(), o); err != nil {
				return err
			}
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "quality.official", Subject: "quality_official:" + agency, Agency: agency, Before: was, After: is})
	})
}
