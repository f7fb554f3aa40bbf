package job

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"cchc/internal/clock"
	"cchc/internal/db"
)

const (
	jobTimeout  = 2 * time.Minute
	maxAttempts = 12
	keepDead    = 90 * 24 * time.Hour
)

// engine is River on one of the two databases.
type engine interface {
	insert(tx *db.Tx, args Args, o *river.InsertOpts) (added bool, err error)
	retry(tx *db.Tx, id int64) error
	start(ctx context.Context) error
	stop(ctx context.Context) error
	rescue(ctx context.Context, now time.Time) error
	promote(ctx context.Context, now time.Time) error
	dead(ctx context.Context, limit int) ([]Dead, error)
}

// config is what River is told on both engines.
func (q *Queue) config(s Settings) *river.Config {
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: s.Workers}}
	for name, workers := range s.Queues {
		queues[name] = river.QueueConfig{MaxWorkers: workers}
	}
	if s.Rescue == 0 {
		s.Rescue = 10 * time.Minute
	}
	c := &river.Config{
		Queues:                      queues,
		Workers:                     q.workers,
		Logger:                      slog.New(atLeast{slog.Default().Handler()}),
		FetchCooldown:               20 * time.Millisecond,
		JobTimeout:                  min(jobTimeout, s.Rescue),
		RescueStuckJobsAfter:        s.Rescue,
		MaxAttempts:                 maxAttempts,
		RetryPolicy:                 retryPolicy{q.riverTime},
		CompletedJobRetentionPeriod: time.Hour,
		CancelledJobRetentionPeriod: keepDead,
		DiscardedJobRetentionPeriod: keepDead,
	}
	if s.OwnClock {
		// Its rescuer asks the machine's clock all the same and would call every running
		// job stuck: it must not act.
		c.Test = river.TestConfig{Time: riverClock{q.clock}}
		c.RescueStuckJobsAfter = 100 * 365 * 24 * time.Hour
	}
	return c
}

// riverTime is the time River lives in: the machine's. Parts of River ask no other
// clock, so a demonstration that runs in another year must not lend it its own.
func (q *Queue) riverTime() time.Time {
	if q.ownClock {
		return q.clock()
	}
	return clock.System()
}

// retryPolicy waits 10 s, doubled each time up to an hour: always more than the five
// seconds between two looks of River's scheduler.
type retryPolicy struct{ clock clock.Clock }

// NextRetry is River's question.
func (p retryPolicy) NextRetry(row *rivertype.JobRow) time.Time {
	return p.clock().Add(min(time.Hour, 10*time.Second<<min(max(row.Attempt-1, 0), 20)))
}

type riverClock struct{ clock clock.Clock }

// Now is River's question.
func (c riverClock) Now() time.Time { return c.clock() }

// NowOrNil is River's question; an answer is used instead of the database's own time.
func (c riverClock) NowOrNil() *time.Time { t := c.clock(); return &t }

// atLeast passes River's warnings on and leaves its chatter out.
type atLeast struct{ slog.Handler }

// Enabled is slog's question.
func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

// on is River over one driver; TTx is the driver's own transaction.
type on[TTx any] struct {
	client *river.Client[TTx]
	exec   riverdriver.Executor
	unwrap func(*db.Tx) TTx
}

func (e *on[TTx]) insert(tx *db.Tx, args Args, o *river.InsertOpts) (bool, error) {
	res, err := e.client.InsertTx(tx.Context(), e.unwrap(tx), args, o)
	return err == nil && !res.UniqueSkippedAsDuplicate, err
}

func (e *on[TTx]) retry(tx *db.Tx, id int64) error {
	_, err := e.client.JobRetryTx(tx.Context(), e.unwrap(tx), id)
	return err
}

func (e *on[TTx]) start(ctx context.Context) error { return e.client.Start(ctx) }

func (e *on[TTx]) stop(ctx context.Context) error {
	if err := e.client.Stop(ctx); err == nil || ctx.Err() == nil {
		return err
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return e.client.StopAndCancel(patience)
}

// rescue has every running job run again. Only right when no other process works them.
func (e *on[TTx]) rescue(ctx context.Context, now time.Time) error {
	const page = 500
	horizon := now.Add(time.Millisecond)
	for after := int64(0); ; {
		rows, err := e.exec.JobGetStuck(ctx, &riverdriver.JobGetStuckParams{AfterID: after, Max: page, StuckHorizon: horizon})
		if err != nil || len(rows) == 0 {
			return err
		}
		p := &riverdriver.JobRescueManyParams{StuckHorizon: horizon}
		for _, r := range rows {
			after = r.ID
			p.ID = append(p.ID, r.ID)
			p.Error = append(p.Error, []byte(`{"at":"`+now.Format(time.RFC3339)+`","attempt":0,"error":"the program ended while this job ran","trace":""}`))
			p.FinalizedAt = append(p.FinalizedAt, nil)
			p.ScheduledAt = append(p.ScheduledAt, now)
			p.State = append(p.State, string(rivertype.JobStateAvailable))
		}
		if _, err := e.exec.JobRescueMany(ctx, p); err != nil {
			return err
		}
	}
}

// promote makes jobs available whose time has come, as River's scheduler does every
// five seconds.
func (e *on[TTx]) promote(ctx context.Context, now time.Time) error {
	_, err := e.exec.JobSchedule(ctx, &riverdriver.JobScheduleParams{Max: 10_000, Now: &now})
	return err
}

func (e *on[TTx]) dead(ctx context.Context, limit int) ([]Dead, error) {
	res, err := e.client.JobList(ctx, river.NewJobListParams().First(limit).
		States(rivertype.JobStateDiscarded, rivertype.JobStateCancelled).OrderBy(river.JobListOrderByID, river.SortOrderDesc))
	if err != nil {
		return nil, err
	}
	var out []Dead
	for _, r := range res.Jobs {
		d := Dead{ID: r.ID, Kind: r.Kind, Args: string(r.EncodedArgs), Attempt: r.Attempt}
		if r.FinalizedAt != nil {
			d.At = r.FinalizedAt.UTC()
		}
		if n := len(r.Errors); n > 0 {
			d.Error = r.Errors[n-1].Error
		}
		out = append(out, d)
	}
	return out, nil
}
