package admin

import (
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/job"
)

// trackedJobs lists work whose progress is kept, what is still under way first.
func trackedJobs(tx *db.Tx, limit int) ([]job.Progress, error) {
	return db.All(tx, func(row db.Scanner) (p job.Progress, err error) {
		err = row.Scan(&p.Key, &p.Kind, &p.State, &p.Done, &p.Total, &p.Message, &p.Error, &p.Attempt, &p.UpdatedMs)
		return p, err
	}, `
		SELECT key, kind, state, done, total, message, error, attempt, updated_ms FROM job_progress
		 ORDER BY CASE WHEN state IN ('waiting', 'running', 'retrying') THEN 0 ELSE 1 END, updated_ms DESC, key LIMIT $1`, limit)
}

// schedules lists the periodic work with its next run, soonest first.
func schedules(tx *db.Tx) ([]Schedule, error) {
	return db.All(tx, func(row db.Scanner) (x Schedule, err error) {
		var ms int64
		err = row.Scan(&x.Name, &ms)
		x.Next = clock.FromMs(ms)
		return x, err
	}, `SELECT name, next_ms FROM job_schedule ORDER BY next_ms, name`)
}
