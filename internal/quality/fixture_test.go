package quality

import (
	"context"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/indicator"
	"cchc/internal/org"
)

// house is a province with two departments, and figures that a test sets.
type house struct {
	*Service
	t                                               *testing.T
	d                                               *db.DB
	at                                              time.Time
	id                                              map[string]string
	facts                                           map[string]Fact
	office, second, unit, viewer, neighbour, nobody context.Context
}

func (h *house) clock() time.Time { return h.at }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		for _, e := range errs.All(err) {
			h.t.Log(e.Code, e.Field)
		}
		h.t.Fatal(err)
	}
}

func (h *house) refused(err error, code string) {
	h.t.Helper()
	if got := errs.CodeOf(err); got != code {
		h.t.Errorf("got %v, want %s", err, code)
	}
}

// offer lets the registry give a figure: from now on its value is h.facts[code].
func (h *house) offer(code string, n, d int64) {
	h.facts[code] = f(n, d)
	if _, found := h.Figures.Get(code); found {
		return
	}
	h.Figures.Add(indicator.Indicator{Code: code, Unit: "percent", Kind: indicator.Distinct,
		Read: func(_ *db.Tx, s indicator.Scope, _ indicator.Period) (indicator.Reading, error) {
			return indicator.Reading{Numerator: h.facts[code].Numerator, Denominator: h.facts[code].Denominator, AsOf: s.Now}, nil
		},
		Open: func(*db.Tx, indicator.Scope, indicator.Period, string, int) (indicator.Records, error) {
			return indicator.Records{}, nil
		}})
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, at: time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC), id: map[string]string{}, facts: map[string]Fact{}}
	keys, err := audit.NewKeys()
	h.must(err)
	log := audit.New(keys, h.clock)
	people := identitytest.New(t, d, h.clock, append([]string{"dossier.view"}, Rights...)...)
	dir := org.NewDirectory(log, h.clock)
	for _, a := range []struct {
		code, name string
		kind       org.Kind
	}{{"U", "UBND tỉnh Mẫu", org.Province}, {"X", "Sở Xây dựng", org.Department}, {"Y", "Sở Y tế", org.Department}} {
		h.must(d.Write(context.Background(), func(tx *db.Tx) error {
			got, err := dir.Create(tx, audit.System("test"), org.New{Code: a.code, Name: a.name, Kind: a.kind, ParentID: h.id["U"], ValidFrom: org.First, ValidTo: org.Last})
			h.id[a.code] = got.ID
			return err
		}))
	}
	as := func(login, own, over string, rights ...string) context.Context {
		return identity.With(context.Background(), people.Person(login, h.id[own], h.id[over], rights...))
	}
	h.office = as("office", "U", "U", append([]string{"dossier.view"}, Rights...)...)
	h.second = as("second", "U", "U", RightView, RightVerify)
	h.unit = as("unit", "X", "X", RightView, RightScore)
	h.viewer = as("viewer", "X", "X", RightView)
	h.neighbour = as("neighbour", "Y", "Y", RightView, RightScore, RightVerify)
	h.nobody = identity.With(context.Background(), people.Person("nobody", h.id["Y"], ""))
	h.Service = &Service{DB: d, Clock: h.clock, Log: log, Figures: indicator.NewRegistry(), Province: func(*db.Tx, string) (string, error) { return h.id["U"], nil },
		Results: func(_ *db.Tx, s indicator.Scope, p indicator.Period) ([]ResultCell, error) {
			if s.AgencyID != h.id["X"] || p.FromDay != "2026-07-01" || !s.Now.Equal(h.at) {
				return nil, nil
			}
			return []ResultCell{{"online", "early", 5}, {"offline", "on_time", 3}, {"carried", "late", 2}, {"online", "in_time", 4}, {"carried", "overdue", 1}}, nil
		}}
	return h
}

// entries counts the log entries of a kind.
func (h *house) entries(kind string) (n int) {
	h.t.Helper()
	h.must(h.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		n, _, err = db.One(tx, db.Value[int], `SELECT COUNT(*) FROM audit_entry WHERE kind = $1`, kind)
		return err
	}))
	return n
}
