package job

import (
	"context"
	"log/slog"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// schedule inserts a job again and again.
type schedule struct {
	name  string
	every time.Duration
	at    time.Duration // after midnight in Vietnam
	make  func(now time.Time) Args
}

// next is the first moment of the schedule's grid after now. The grid starts at
// midnight in Vietnam, so a restart moves nothing.
func (s schedule) next(now time.Time) time.Time {
	_, zone := now.In(clock.Vietnam).Zone()
	shift := time.Duration(zone)*time.Second - s.at
	return now.Add(shift).Truncate(s.every).Add(s.every - shift).UTC()
}

// Every inserts the job that make returns each d (which divides a day or is a number of
// days), at once when a run was missed while the program did not run. make decides from
// the data what is due: it may return nil. Never rename a schedule.
func (q *Queue) Every(name string, d time.Duration, make func(now time.Time) Args) {
	q.every = append(q.every, schedule{name: name, every: max(d, time.Second), make: make})
}

// Daily inserts the job once a day at hour:minute in Vietnam.
func (q *Queue) Daily(name string, hour, minute int, make func(now time.Time) Args) {
	at := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	q.every = append(q.every, schedule{name: name, every: 24 * time.Hour, at: at, make: make})
}

// keepTime looks each second which schedules are due, until ctx ends.
func (q *Queue) keepTime(ctx context.Context) {
	if err := q.plan(ctx); err != nil && ctx.Err() == nil {
		slog.Error("job: schedules", "error", err)
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	swept := q.clock()
	for {
		if err := q.insertDue(ctx); err != nil && ctx.Err() == nil {
			slog.Error("job: schedules", "error", err)
		}
		if now := q.clock(); now.Sub(swept) >= time.Hour {
			swept = now
			err := q.db.Write(ctx, func(tx *db.Tx) error { return forgetProgress(tx, now.Add(-keepDead).UnixMilli()) })
			if err != nil && ctx.Err() == nil {
				slog.Error("job: forget progress", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// plan gives a new schedule its first moment.
func (q *Queue) plan(ctx context.Context) error {
	if len(q.every) == 0 {
		return nil
	}
	return q.db.Write(ctx, func(tx *db.Tx) error {
		for _, s := range q.every {
			if err := planSchedule(tx, s.name, s.next(q.clock()).UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
}

// insertDue inserts the jobs of schedules whose moment has come. Of several nodes one
// moves the moment on and inserts; runs that were missed are made up for by one.
func (q *Queue) insertDue(ctx context.Context) error {
	if len(q.every) == 0 {
		return nil
	}
	now := q.clock()
	var due []string
	err := q.db.Read(ctx, func(tx *db.Tx) (err error) { due, err = dueSchedules(tx, now.UnixMilli()); return err })
	if err != nil || len(due) == 0 {
		return err
	}
	known := map[string]schedule{}
	for _, s := range q.every {
		known[s.name] = s
	}
	for _, name := range due {
		s, ok := known[name]
		if !ok {
			continue // of another version of the program
		}
		args := s.make(now) // may read the database: outside the Write
		err := q.db.Write(ctx, func(tx *db.Tx) error {
			took, err := takeSchedule(tx, name, now.UnixMilli(), s.next(now).UnixMilli())
			if err != nil || !took || args == nil {
				return err
			}
			return q.Insert(tx, args, Unique("schedule."+name))
		})
		if err != nil {
			return err
		}
	}
	return nil
}
