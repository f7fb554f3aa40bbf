package org

import (
	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// MinutesState says whether all work has been handed over.
type MinutesState string

// The states of minutes.
const (
	HandingOver MinutesState = "handing_over"
	Done        MinutesState = "done"
)

// Minutes are the record of a reorganisation (biên bản bàn giao).
type Minutes struct {
	ID          string       `json:"id"`
	Number      string       `json:"number"`
	Change      Change       `json:"change"`
	Day         string       `json:"day"`
	SignedDay   string       `json:"signed_day"`
	GiverSigner string       `json:"giver_signer"`
	TakerSigner string       `json:"taker_signer"`
	LegalBasis  string       `json:"legal_basis"`
	State       MinutesState `json:"state"`
	Left        int64        `json:"left"` // pieces of work not yet handed over
	Version     int64        `json:"version"`
}

func (m Minutes) check() error {
	var faults errs.List
	for field, v := range map[string]string{"number": m.Number, "giver_signer": m.GiverSigner, "taker_signer": m.TakerSigner} {
		if v == "" {
			faults = append(faults, errs.OnField(field, "org.minutes_incomplete"))
		}
	}
	if !validDay(m.SignedDay) {
		faults = append(faults, errs.OnField("signed_day", "org.day_unreadable", "day", m.SignedDay))
	}
	return faults.Err()
}

// batch is how many pieces one Write hands over: a hand-over of ten thousand must not
// keep everybody else waiting.
const batch = 500

// Continue hands over the next pieces of work of the minutes, in the order in which
// they were listed, and closes the minutes after the last. Work that its room finished
// meanwhile is the room's to skip.
func (d *Directory) Continue(tx *db.Tx, who audit.Who, minutesID string) (Minutes, error) {
	m, err := FindMinutes(tx, minutesID)
	if err != nil || m.State == Done {
		return m, err
	}
	items, err := itemsToMove(tx, minutesID, batch)
	if err != nil {
		return m, err
	}
	// One call per room, giver and taker.
	type route struct{ kind, from, to string }
	ids := map[route][]string{}
	var order []route
	for _, it := range items {
		key := route{it.Kind, it.From, it.To}
		if ids[key] == nil {
			order = append(order, key)
		}
		ids[key] = append(ids[key], it.ID)
	}
	now := d.clock().UnixMilli()
	for _, key := range order {
		room, ok := d.rooms[key.kind]
		if !ok {
			return m, errs.New(errs.Conflict, "org.work_of_unknown_room", "kind", key.kind)
		}
		if err := room.HandOver(tx, who, key.from, key.to, ids[key], minutesID); err != nil {
			return m, err
		}
		for _, id := range ids[key] {
			if err := markMoved(tx, minutesID, key.kind, id, now); err != nil {
				return m, err
			}
		}
		entry := audit.Entry{Kind: "org.hand_over", Subject: "org_minutes:" + m.ID, Agency: key.to,
			After: map[string]any{"kind": key.kind, "from": key.from, "to": key.to, "ids": ids[key]}}
		if err := d.log.Record(tx, who, entry); err != nil {
			return m, err
		}
	}
	if m.Left -= int64(len(items)); m.Left > 0 {
		return m, nil
	}
	m.State = Done
	m.Version++
	return m, closeMinutes(tx, m)
}
