package job

import "cchc/internal/db"

type state string

const (
	running  state = "running"
	retrying state = "retrying"
	done     state = "done"
	failed   state = "failed"
)

// Progress is how far a tracked job is.
type Progress struct {
	Key       string
	Kind      string
	State     string // waiting, running, retrying, done, failed; locale key state.job.<state>
	Done      int64
	Total     int64  // 0 while unknown
	Message   string // locale key, or ""
	Error     string // code of a refusal, or "job.failed"; locale key error.<code>
	Attempt   int64
	UpdatedMs int64
}

// Over says whether nothing more will happen by itself.
func (p Progress) Over() bool { return p.State == string(done) || p.State == string(failed) }

// ProgressOf reads how far the job tracked under key is; false when there is none.
func ProgressOf(tx *db.Tx, key string) (Progress, bool, error) { return progress(tx, key) }
