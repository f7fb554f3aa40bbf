package quality

import (
	"context"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/decimal"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Settings are the weights in force today and every dated change.
type Settings struct {
	Day     string
	Lines   []Line
	History []Weight
	Seventh string // what the sources leave open
	Basis   string
	Can     bool
}

// Settings reads them for who may see the indices anywhere.
func (s *Service) Settings(ctx context.Context) (v Settings, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		v = Settings{Day: clock.Day(now), Seventh: shipped.Seventh, Basis: shipped.Basis}
		province, err := s.Province(tx, v.Day)
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, RightSettings, province, now); err != nil {
			return err
		}
		v.Can = true
		dated, err := weightsOn(tx, v.Day)
		if err != nil {
			return err
		}
		v.Lines = inForce(Shipped(), dated)
		v.History, err = weightHistory(tx)
		return err
	})
	return v, err
}

// SetWeight keeps a weight from a day on; the same day again changes that row. What is
// frozen keeps the weight it was frozen with. Refusals: quality.line_unknown,
// quality.day_unreadable, quality.max_range, quality.full_range, quality.source_missing,
// quality.changed_meanwhile.
func (s *Service) SetWeight(ctx context.Context, w Weight) error {
	w.Source, w.Max, w.Full = text.Clean(w.Source), text.Clean(w.Max), text.Clean(w.Full)
	if err := w.tidy(); err != nil {
		return err
	}
	return s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		province, err := s.Province(tx, clock.Day(now))
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, RightSettings, province, now); err != nil {
			return err
		}
		old, found, err := findWeight(tx, w.Code, w.FromDay)
		if err != nil {
			return err
		}
		if found && old.Version != w.Version || !found && w.Version != 0 {
			return errs.New(errs.Conflict, "quality.changed_meanwhile")
		}
		if err := saveWeight(tx, w); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "quality.weight", Subject: "quality_weight:" + w.Code, Agency: province,
			Before: old.record(), After: w.record()})
	})
}

func (w Weight) record() map[string]any {
	return map[string]any{"from": w.FromDay, "max": w.Max, "full": w.Full, "source": w.Source, "doubt": w.Doubt}
}

// tidy checks a weight as typed and writes its numbers as they are stored.
func (w *Weight) tidy() error {
	var l errs.List
	known := false
	for _, line := range shipped.Lines {
		known = known || line.Code == w.Code
	}
	if !known {
		return errs.New(errs.NotFound, "quality.line_unknown")
	}
	if t, err := clock.ParseDay(w.FromDay); err != nil || clock.Day(t) != w.FromDay {
		l = append(l, errs.OnField("from", "quality.day_unreadable"))
	}
	if n, ok := hundredths(w.Max); !ok || n < 0 || n > 100_00 {
		l = append(l, errs.OnField("max", "quality.max_range"))
	} else {
		w.Max = plain(n)
	}
	if w.Full != "" {
		if n, ok := hundredths(w.Full); !ok || n <= 0 || n > 100_00 {
			l = append(l, errs.OnField("full", "quality.full_range"))
		} else {
			w.Full = plain(n)
		}
	}
	if w.Source == "" {
		l = append(l, errs.OnField("source", "quality.source_missing"))
	}
	return l.Err()
}

// hundredths reads a decimal of two places at most.
func hundredths(s string) (int64, bool) {
	d, err := decimal.Parse(s)
	n, ok := d.Scaled(2)
	return n, err == nil && ok && d.Cmp(decimal.FromScaled(n, 2)) == 0
}

// plain writes hundredths without needless zeros: "6", "5.5".
func plain(n int64) string {
	s := decimal.FromScaled(n, 2).Fixed(2)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
