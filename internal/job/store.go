package job

import "cchc/internal/db"

func scanProgress(s db.Scanner) (p Progress, err error) {
	err = s.Scan(&p.Key, &p.Kind, &p.State, &p.Done, &p.Total, &p.Message, &p.Error, &p.Attempt, &p.UpdatedMs)
	return p, err
}

func progress(tx *db.Tx, key string) (Progress, bool, error) {
	return db.One(tx, scanProgress, `SELECT key, kind, state, done, total, message, error, attempt, updated_ms FROM job_progress WHERE key = $1`, key)
}

func beginProgress(tx *db.Tx, key, kind string, ms int64) error {
	_, err := tx.Exec(`INSERT INTO job_progress (key, kind, state, created_ms, updated_ms) VALUES ($1, $2, 'waiting', $3, $3)
		ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, state = 'waiting', done = 0, total = 0, message = '', error = '',
		attempt = 0, created_ms = excluded.created_ms, updated_ms = excluded.updated_ms`, key, kind, ms)
	return err
}

func keepProgress(tx *db.Tx, r *Run, s state, code string, ms int64) error {
	_, err := tx.Exec(`UPDATE job_progress SET state = $1, done = $2, total = $3, message = $4, error = $5, attempt = $6, updated_ms = $7 WHERE key = $8`,
		string(s), r.done, r.total, r.message, code, r.Attempt, ms, r.Key)
	return err
}

// forgetProgress drops what nobody waits for any more.
func forgetProgress(tx *db.Tx, beforeMs int64) error {
	_, err := tx.Exec(`DELETE FROM job_progress WHERE updated_ms < $1 AND state IN ('done', 'failed')`, beforeMs)
	return err
}

func planSchedule(tx *db.Tx, name string, nextMs int64) error {
	_, err := tx.Exec(`INSERT INTO job_schedule (name, next_ms) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, nextMs)
	return err
}

func dueSchedules(tx *db.Tx, nowMs int64) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT name FROM job_schedule WHERE next_ms <= $1`, nowMs)
}

// takeSchedule moves a due schedule on; false when another node took it.
func takeSchedule(tx *db.Tx, name string, nowMs, nextMs int64) (bool, error) {
	n, err := tx.Exec(`UPDATE job_schedule SET next_ms = $1 WHERE name = $2 AND next_ms <= $3`, nextMs, name, nowMs)
	return n > 0, err
}

// unfinished counts the jobs that River could work now; the table is River's.
func unfinished(tx *db.Tx) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM river_job WHERE state IN ('available', 'running', 'pending')`)
	return n, err
}
