package procedure

import (
	"context"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/org"
	"cchc/internal/process"
)

// house is a province with somebody who writes procedures, somebody who publishes them,
// and a clerk of a ward who sees what is published.
type house struct {
	*Service
	t                              *testing.T
	d                              *db.DB
	at                             time.Time
	writer, publisher, clerk, none context.Context
}

func (h *house) clock() time.Time { return h.at }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) refused(err error, code string) {
	h.t.Helper()
	if got := errs.CodeOf(err); got != code {
		h.t.Errorf("got %v, want %s", err, code)
	}
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, at: time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)}
	keys, err := audit.NewKeys()
	h.must(err)
	log := audit.New(keys, h.clock)
	people := identitytest.New(t, d, h.clock, Rights...)
	ward := ""
	h.must(d.Write(context.Background(), func(tx *db.Tx) error {
		got, err := org.NewDirectory(log, h.clock).Create(tx, audit.System("test"), org.New{Code: "X1", Name: "Phường Mẫu", Kind: org.Commune, ValidFrom: org.First, ValidTo: org.Last})
		ward = got.ID
		return err
	}))
	as := func(login, over string, rights ...string) context.Context {
		return identity.With(context.Background(), people.Person(login, ward, over, rights...))
	}
	h.writer = as("writer", "", RightView, RightEdit, RightPublish)
	h.publisher = as("publisher", "", RightView, RightEdit, RightPublish)
	h.clerk = as("clerk", ward, RightView)
	h.none = as("none", "")
	h.Service = &Service{DB: d, Clock: h.clock, Log: log}
	return h
}

// each runs a test of the house on both engines.
func each(t *testing.T, fn func(h *house)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newHouse(t, d)) })
}

func days(n int64) Limit { return Limit{n, calendar.WorkingDay, true} }

// sound is a procedure of two working days that nothing Stands against.
func sound() Content {
	return Content{
		Name: "Cấp bản sao trích lục", Code: "1.000001", Field: "Hộ tịch", Level: LevelCommune, Authority: "UBND xã, phường", Limit: days(2), Channels: []string{"counter"}, Sets: 1,
		Applicants: "Công dân", ServiceLevel: ServiceFull, Pays: PaysAfter, ReceiptNeeded: true,
		Components: []Component{{Code: "TP1", Name: "Tờ khai", Originals: 1, Required: true}},
		Fees:       []Fee{{From: FirstDay, To: LastDay, Amount: 8000}},
		Steps: []process.Step{{No: 1, Stage: 1, Group: process.Counter, Actor: "Một cửa", Do: "tiếp nhận", Minutes: 240, OnlineMinutes: 120, Known: true},
			{No: 2, Stage: 1, Group: process.Handler, Actor: "Công chức tư pháp", Do: "giải quyết", Minutes: 720, Known: true}},
	}
}

// publish makes a procedure and publishes it from a day on.
func (h *house) publish(key, from string, c Content) Version {
	h.t.Helper()
	v, err := h.Create(h.writer, key, Single, c)
	h.must(err)
	v, err = h.Publish(h.publisher, v.ID, v.Version, announced(from))
	h.must(err)
	return v
}

func announced(from string) Announcement {
	return Announcement{From: from, Decision: "12/QĐ-UBND", DecisionDay: "2026-06-20"}
}

func (h *house) inForce(key, variant, day string, online bool) (out Terms, err error) {
	err = h.d.Read(context.Background(), func(tx *db.Tx) error {
		out, err = h.InForce(tx, key, variant, day, online)
		return err
	})
	return out, err
}
