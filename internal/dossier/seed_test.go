package dossier

import (
	"context"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/org"
)

func TestSeed_tellsBelievableStoriesThatItsFiguresBearOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		shelf := procedures()
		for _, k := range kinds766 {
			p := shelf["karaoke-new"]
			if k.competent == "GL.D06" {
				p = shelf["land"]
			}
			p.Key = k.procedure
			shelf[k.procedure] = p
		}
		for _, code := range []string{"GL.D06", "GL.C01", "GL.PVHCC", "GL.X003", "GL.X006", "GL.X007", "GL.X013", "GL.X033", "GL.X060", "GL.X090"} {
			h.must(d.Write(context.Background(), func(tx *db.Tx) error {
				got, err := h.dir.Create(tx, audit.System("test"), org.New{Code: code, Name: "Cơ quan " + code, Kind: org.Other, ValidFrom: org.First, ValidTo: org.Last})
				h.id[code] = got.ID
				return err
			}))
		}
		keys, err := audit.NewKeys()
		h.must(err)
		seeding := Seeding{DB: d, Procedures: shelf, Log: func(c clock.Clock) *audit.Log { return audit.New(keys, c) }, From: "2026-08-14", Until: h.at, Dossiers: 160}
		n, err := Seed(context.Background(), seeding)
		h.must(err)
		if n < 150 {
			t.Errorf("%d told", n)
		}
		if again, err := Seed(context.Background(), seeding); err != nil || again != 0 {
			t.Errorf("told twice: %d %v", again, err)
		}
		h.recounted()
		for code, least := range map[string]string{"dossier.received": "100", "dossier.open": "10", "dossier.overdue": "3", "dossier.finished_late": "1"} {
			got := h.figure(code, nil)
			if len(got.Value) < len(least) || len(got.Value) == len(least) && got.Value < least {
				t.Errorf("%s = %s, at least %s expected", code, got.Value, least)
			}
		}
		h.must(d.Read(context.Background(), func(tx *db.Tx) error {
			future, _, err := db.One(tx, db.Value[int], `SELECT COUNT(*) FROM dossier_event WHERE at_ms > $1`, h.at.UnixMilli())
			if future != 0 {
				t.Errorf("%d acts lie beyond the scene", future)
			}
			return err
		}))
		if h.facts("receive") != 0 {
			t.Error("the past was announced as news")
		}
		h.at = h.at.Add(time.Minute)
		x := h.receive("karaoke-new")
		if _, _, n, ok := splitCode(x.Code); !ok || n < 2 {
			t.Errorf("numbers go on after the seed: %s", x.Code)
		}
	})
}

func TestSeedBulk_isAsActsWouldHaveLeftIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.must(SeedBulk(context.Background(), Bulk{DB: d, Procedures: procedures(), Log: func(clock.Clock) *audit.Log { return h.log }, From: "2026-08-03", Until: h.at.AddDate(0, 0, -10), Rows: 300, Open: 40, OpenKey: "karaoke-new",
			Keys: []string{"karaoke-new", "side"}, Agencies: []string{"GL.D08", "GL.X001", "GL.D05"}, Progress: func(int) {}}))
		h.recounted()
		if got := h.figure("dossier.received", nil); got.Value != "300" {
			t.Errorf("received %s", got.Value)
		}
		if got := h.figure("dossier.open", nil); got.Value != "40" {
			t.Errorf("open %s", got.Value)
		}
		p, err := h.List(h.handler, Filter{State: InProcess, Limit: 100})
		h.must(err)
		if len(p.Lines) != 40 {
			t.Fatalf("%d in process", len(p.Lines))
		}
		for _, l := range p.Lines[:3] {
			h.move(h.handler, h.load(l.ID), Act{Move: "advance", Step: l.Step})
		}
		p, err = h.List(h.handler, Filter{Q: `"` + StreetPhrase(1) + `"`})
		h.must(err)
		if len(p.Lines) == 0 {
			t.Error("no street was found")
		}
	})
}
