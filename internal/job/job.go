// Package job runs durable background work (công việc nền): mails, reports, imports,
// sync, reminders. River does it; this package is the only one that knows River.
//
// A job is inserted in the transaction that makes it necessary, so a rollback leaves no
// job. It runs at least once: after a crash it runs again, so work must be idempotent;
// mails and files happen in it, outside every Write. Start at New, Register and
// Queue.Insert; river.go holds what River is told; docs/adr/0004-jobs-river.md says why.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// Args say what to do: a JSON-able struct of ids and codes, an object in JSON. Kind
// ("notice.mail") is stored and never renamed.
type Args interface{ Kind() string }

// Option changes how one job is inserted.
type Option func(*choice)

type choice struct {
	at     time.Time
	unique string
	queue  string
	track  string
}

// At runs the job not before t; River looks every five seconds for what has become due.
func At(t time.Time) Option { return func(c *choice) { c.at = t } }

// Unique inserts nothing while a job of the same kind and key waits or runs. One that
// runs may have read its data already: where a change made meanwhile must not be
// missed, put the record's version into the key.
func Unique(key string) Option { return func(c *choice) { c.unique = key } }

// OnQueue puts the job on a queue of Settings.Queues: slow work beside quick mails.
func OnQueue(name string) Option { return func(c *choice) { c.queue = name } }

// Track keeps the job's progress under key ("report:<id>"), for a page to show. A key
// that exists begins anew.
func Track(key string) Option { return func(c *choice) { c.track = key } }

// Run is one attempt at a job.
type Run struct {
	ID       int64
	Attempt  int // from 1
	Attempts int // how many there will be at most
	Key      string

	q       *Queue
	kind    string
	done    int64
	total   int64
	message string
	wrote   time.Time
}

// Progress says that done of total steps are through. It writes at most four times a
// second, so that a loop may call it for every row. Call it outside every Write.
func (r *Run) Progress(done, total int) error {
	now := r.q.clock()
	if r.done = int64(done); r.total != int64(total) || done == total || now.Sub(r.wrote) >= 250*time.Millisecond {
		r.total, r.wrote = int64(total), now
		return r.save(context.Background(), running, "")
	}
	return nil
}

// Message says in words what is being done; key is a locale key.
func (r *Run) Message(key string) error {
	r.message = key
	return r.save(context.Background(), running, "")
}

// save keeps the progress, if somebody asked for it.
func (r *Run) save(ctx context.Context, s state, code string) error {
	if r.Key == "" {
		return nil
	}
	return r.q.db.Write(ctx, func(tx *db.Tx) error { return keepProgress(tx, r, s, code, r.q.clock().UnixMilli()) })
}

// final says whether trying again cannot help: the work refused its input.
func final(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Forbidden, errs.NotFound, errs.Conflict, errs.TooLarge:
		return true
	}
	return false
}

// codeOf is what a page may show of an error: a refusal's code, or a plain apology.
// The rest stays with River, for the administrator.
func codeOf(err error) string {
	if code := errs.CodeOf(err); code != "" {
		return code
	}
	return "job.failed"
}

// marked is a job's args with a key beside them, which River's uniqueness looks at.
type marked struct {
	Args Args   `json:"-"`
	Key  string `json:"_key" river:"unique"`
}

// Kind is the kind of the args.
func (m marked) Kind() string { return m.Args.Kind() }

// MarshalJSON is the args' object with _key among its fields.
func (m marked) MarshalJSON() ([]byte, error) {
	body, err := json.Marshal(m.Args)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return nil, errors.Join(errors.New("job: args must be an object in JSON"), err)
	}
	if fields["_key"], err = json.Marshal(m.Key); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}
