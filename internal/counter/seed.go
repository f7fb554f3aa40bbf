package counter

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
)

// Seed gives the demonstration's ward a hall with three queues and two desks, and the
// numbers of some mornings. It runs once; where the hall has a queue it does nothing.
func Seed(s *Service, admin, officer context.Context, agency string) error {
	v, err := s.Setup(admin, agency)
	if err != nil || len(v.Queues) > 0 {
		return err
	}
	var queues []Queue
	var ids []string
	for _, q := range []Queue{{Letter: "A", Name: "Hộ tịch, chứng thực", Capacity: 2}, {Letter: "B", Name: "Đất đai, xây dựng", Capacity: 1}, {Letter: "C", Name: "Lao động, thương binh, xã hội"}} {
		q.Agency, q.Active = agency, true
		if q, err = s.WriteQueue(admin, q); err != nil {
			return err
		}
		queues, ids = append(queues, q), append(ids, q.ID)
	}
	var first Desk
	for no, served := range [][]string{ids[:2], ids[1:]} {
		d, err := s.WriteDesk(admin, Desk{Agency: agency, No: int64(no + 1), Queues: served, Active: true})
		if err != nil {
			return err
		}
		if no == 0 {
			first = d
		}
	}
	if err := s.Sit(officer, first.ID); err != nil {
		return err
	}
	now := s.Clock()
	return s.DB.Write(admin, func(tx *db.Tx) error {
		for _, back := range []int{2, 1, 0} {
			begin := now.AddDate(0, 0, -back).Add(-90 * time.Minute)
			if err := s.seedDay(tx, first, queues, begin, back > 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// seedPeople are minutes between one person and the next, and how long each is served.
var seedPeople = []struct{ gap, served int }{{2, 6}, {3, 9}, {1, 7}, {6, 12}, {2, 5}, {14, 8}, {20, 10}, {12, 6}}

// seedDay lets people come and be served, one after the other at one desk; of a day that
// goes on, the last three still wait. The people who did it then had no account yet, so
// the program itself is named.
func (s *Service) seedDay(tx *db.Tx, d Desk, queues []Queue, begin time.Time, over bool) error {
	who := audit.System("command:demo")
	h, err := findHall(tx, d.Agency)
	if err != nil {
		return err
	}
	coming, free := begin, begin
	for i, x := range seedPeople {
		coming = coming.Add(time.Duration(x.gap) * time.Minute)
		var p Priority
		if i == 3 {
			p = Elderly
		}
		t, err := s.draw(tx, who, h, queues[i%2].ID, p, "", coming)
		if err != nil {
			return err
		}
		if !over && i >= len(seedPeople)-3 {
			continue
		}
		if free.Before(coming) {
			free = coming.Add(time.Minute)
		}
		t.State, t.Desk, t.DeskNo, t.Calls, t.CalledMs = Done, d.ID, d.No, 1, free.UnixMilli()
		t.WaitMin = waited(t.TakenMs, t.CalledMs)
		t.BegunMs = free.Add(time.Minute).UnixMilli()
		free = free.Add(time.Duration(x.served) * time.Minute)
		t.EndedMs = free.UnixMilli()
		if err := saveTicket(tx, t); err != nil {
			return err
		}
		if err := s.record(tx, who, "finish", t, ""); err != nil {
			return err
		}
	}
	return nil
}
