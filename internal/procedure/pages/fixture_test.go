package pages

import (
	"context"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/calendar"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
	"cchc/internal/org"
	"cchc/internal/procedure"
	"cchc/internal/process"
)

// house is a province with somebody who writes procedures, somebody who publishes them,
// and a clerk of a ward who sees what is published.
type house struct {
	*procedure.Service
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

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, at: time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)}
	keys, err := audit.NewKeys()
	h.must(err)
	log := audit.New(keys, h.clock)
	people := identitytest.New(t, d, h.clock, procedure.Rights...)
	ward := ""
	h.must(d.Write(context.Background(), func(tx *db.Tx) error {
		got, err := org.NewDirectory(log, h.clock).Create(tx, audit.System("test"), org.New{Code: "X1", Name: "Phường Mẫu", Kind: org.Commune, ValidFrom: org.First, ValidTo: org.Last})
		ward = got.ID
		return err
	}))
	as := func(login, over string, rights ...string) context.Context {
		return identity.With(context.Background(), people.Person(login, ward, over, rights...))
	}
	h.writer = as("writer", "", procedure.RightView, procedure.RightEdit, procedure.RightPublish)
	h.publisher = as("publisher", "", procedure.RightView, procedure.RightEdit, procedure.RightPublish)
	h.clerk = as("clerk", ward, procedure.RightView)
	h.none = as("none", "")
	h.Service = &procedure.Service{DB: d, Clock: h.clock, Log: log}
	return h
}

// each runs a test of the house on both engines.
func each(t *testing.T, fn func(h *house)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newHouse(t, d)) })
}

func days(n int64) procedure.Limit {
	return procedure.Limit{Amount: n, Unit: calendar.WorkingDay, Known: true}
}

// sound is a procedure of two working days that nothing Stands against.
func sound() procedure.Content {
	return procedure.Content{
		Name: "Cấp bản sao trích lục", Code: "1.000001", Field: "Hộ tịch", Level: procedure.LevelCommune, Authority: "UBND xã, phường", Limit: days(2), Channels: []string{"counter"}, Sets: 1,
		Applicants: "Công dân", ServiceLevel: procedure.ServiceFull, Pays: procedure.PaysAfter, ReceiptNeeded: true,
		Components: []procedure.Component{{Code: "TP1", Name: "Tờ khai", Originals: 1, Required: true}},
		Fees:       []procedure.Fee{{From: procedure.FirstDay, To: procedure.LastDay, Amount: 8000}},
		Steps: []process.Step{{No: 1, Stage: 1, Group: process.Counter, Actor: "Một cửa", Do: "tiếp nhận", Minutes: 240, OnlineMinutes: 120, Known: true},
			{No: 2, Stage: 1, Group: process.Handler, Actor: "Công chức tư pháp", Do: "giải quyết", Minutes: 720, Known: true}},
	}
}
