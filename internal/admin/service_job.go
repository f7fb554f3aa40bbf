package admin

import (
	"context"
	"strconv"
	"time"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/job"
)

// Schedule is periodic work and when it runs next.
type Schedule struct {
	Name string
	Next time.Time
}

// Work is the state of background work (việc nền).
type Work struct {
	Dead      []job.Dead     // given up, newest first
	Tracked   []job.Progress // under way first, then what ended lately
	Schedules []Schedule
	Now       time.Time
}

const (
	deadShown    = 100
	trackedShown = 50
)

// Work reads what is under way, what failed for good, and what runs by the clock.
func (s *Service) Work(ctx context.Context) (v Work, err error) {
	err = s.read(ctx, func(tx *db.Tx, a identity.Actor) (err error) {
		v = Work{Now: s.Clock()}
		if err := s.province(tx, a, RightJobs); err != nil {
			return err
		}
		if v.Tracked, err = trackedJobs(tx, trackedShown); err != nil {
			return err
		}
		v.Schedules, err = schedules(tx)
		return err
	})
	if err != nil {
		return v, err
	}
	v.Dead, err = s.Jobs.Dead(ctx, deadShown) // asks River's own tables, outside our transaction
	return v, err
}

// Replay tries a job again that was given up.
func (s *Service) Replay(ctx context.Context, id int64) error {
	dead, err := s.Jobs.Dead(ctx, deadShown)
	if err != nil {
		return err
	}
	var one job.Dead
	for _, d := range dead {
		if d.ID == id {
			one = d
		}
	}
	return s.write(ctx, func(tx *db.Tx, a identity.Actor) error {
		if err := s.province(tx, a, RightJobs); err != nil {
			return err
		}
		if one.ID == 0 { // replayed by somebody else meanwhile, or never there
			return errs.New(errs.NotFound, "job.unknown")
		}
		if err := s.Jobs.Replay(tx, id); err != nil {
			return err
		}
		return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "admin.job_replay", Subject: "job:" + strconv.FormatInt(id, 10),
			Before: map[string]string{"kind": one.Kind, "error": one.Error}})
	})
}
