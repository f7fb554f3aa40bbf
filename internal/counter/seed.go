package counter

import (
	"context"
	"time"
)

// Seed gives the demonstration's ward a hall with three queues and two desks, and the
// numbers of some mornings. at makes the service at a moment, so that what happened then
// is written as of then. It runs once; where the hall has a queue it does nothing.
func Seed(at func(time.Time) *Service, admin, officer context.Context, agency string, now time.Time) error {
	s := at(now)
	v, err := s.Setup(admin, agency)
	if err != nil || len(v.Queues) > 0 {
		return err
	}
	var ids []string
	for _, q := range []Queue{{Letter: "A", Name: "Hộ tịch, chứng thực", Capacity: 2}, {Letter: "B", Name: "Đất đai, xây dựng", Capacity: 1}, {Letter: "C", Name: "Lao động, thương binh, xã hội"}} {
		q.Agency, q.Active = agency, true
		if q, err = s.WriteQueue(admin, q); err != nil {
			return err
		}
		ids = append(ids, q.ID)
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
	for _, back := range []int{2, 1} {
		if err := seedDay(at, officer, agency, ids[:2], now.AddDate(0, 0, -back), true); err != nil {
			return err
		}
	}
	return seedDay(at, officer, agency, ids, now.Add(-90*time.Minute), false)
}

// seedWaits are minutes between one person and the next, and how long each is served.
var seedWaits = [][2]int{{2, 6}, {3, 9}, {1, 7}, {6, 12}, {2, 5}, {4, 8}, {3, 10}, {2, 6}}

// seedDay lets people come and be served; of a day that goes on, the last four still wait.
func seedDay(at func(time.Time) *Service, officer context.Context, agency string, queues []string, from time.Time, over bool) error {
	coming, free := from, from
	for i, w := range seedWaits {
		coming = coming.Add(time.Duration(w[0]) * time.Minute)
		var p Priority
		if i == 3 {
			p = Elderly
		}
		if _, err := at(coming).DrawFor(officer, agency, queues[i%len(queues)], p, ""); err != nil {
			return err
		}
	}
	served := len(seedWaits)
	if !over {
		served -= 4
	}
	if free = free.Add(4 * time.Minute); free.Before(coming) {
		free = coming
	}
	for i := range served {
		t, err := at(free).Next(officer)
		if err != nil {
			if over || i == 0 {
				return err
			}
			return nil // the desk does not serve every queue
		}
		if t, err = at(free.Add(time.Minute)).Move(officer, t.ID, Act{Move: "serve", Version: t.Version}); err != nil {
			return err
		}
		free = free.Add(time.Duration(seedWaits[i][1]) * time.Minute)
		if _, err = at(free).Move(officer, t.ID, Act{Move: "finish", Version: t.Version}); err != nil {
			return err
		}
	}
	return nil
}
