// Package bench measures the program and proves that it keeps what it acknowledged.
//
// Start at Run, which prints one table from one run in a folder of its own, and at Crash,
// which kills the program at random moments. Figures of different runs do not compare:
// the disk and the neighbours of a shared machine move them up to fivefold. So what is
// judged is a share: the program's writes of what the bare driver does with the very
// same statements, in turns, in the same run. docs/performance.md says what they mean.
//
// The package knows no way to build the program: internal/app hands it an Opener.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/identity"
	"cchc/internal/job"
	"cchc/internal/plan"
)

// Program is what is measured: the rooms as they are wired for people.
type Program struct {
	DB      *db.DB
	Clock   clock.Clock
	Log     *audit.Log
	Jobs    *job.Queue
	Plan    *plan.Service
	Dossier *dossier.Service
	Handler http.Handler
	Actor   func(ctx context.Context, login string) (identity.Actor, error)
	SignIn  func(login string) (*http.Cookie, error)                    // a browser's session
	Seed    func(ctx context.Context) error                             // the demonstration province
	Place   func(ctx context.Context) error                             // the log's entries get their places now
	Work    func(ctx context.Context) error                             // starts what runs beside requests
	Urge    func(ctx context.Context, day string) (sent int, err error) // the daily urging of a day
	Verify  func(ctx context.Context) (findings []string, err error)
	// Dossiers makes many dossiers; Fold folds their counts; Recount holds every counter to its records.
	Dossiers func(ctx context.Context, b dossier.Bulk) error
	Fold     func(ctx context.Context) error
	Recount  func(ctx context.Context) (differences int, err error)
	Close    func() error
}

// Opener opens the program on a data folder; url "" is the SQLite file in it.
type Opener func(ctx context.Context, dir, url string) (*Program, error)

// The accounts of the demonstration that act here: one hands results in for every
// agency, another, of the issuing agency, returns them; one reads their own inbox.
const (
	officer  = "noivu"
	chairman = "chutich"
	reader   = "soxd.cv"
)

// Options of a run.
type Options struct {
	Open Opener
	// Child makes a command that runs this program again: "serve" or "crash" on a folder.
	Child    func(ctx context.Context, what, dir, url string) *exec.Cmd
	Dir      string    // where the temporary folder is made; "" the system's
	DB       string    // URL of a PostgreSQL server whose user may create databases; "" SQLite
	Rows     int       // entries of the audit log; a tenth as many assignments
	Parts    []string  // "writes", "beside", "pages", "start"; none: all
	Progress io.Writer // what is being done
}

// Row is one line of the table.
type Row struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Aim   string  `json:"aim,omitempty"`
	Met   *bool   `json:"met,omitempty"`
	Note  string  `json:"note,omitempty"`
}

// run is one run under way.
type run struct {
	Options
	dir   string // of the run
	began time.Time
	base  store // the database that the program works on
	rows  []Row
	fill  filled
	quiet float64 // writes a second of 64 callers with nothing beside
}

// say tells what is being done, with the seconds since the run began.
func (r *run) say(format string, args ...any) {
	fmt.Fprintf(r.Progress, "bench: %4.0f s  "+format+"\n", append([]any{time.Since(r.began).Seconds()}, args...)...)
}

func (r *run) add(name string, value float64, unit, note string) {
	r.rows = append(r.rows, Row{Name: name, Value: value, Unit: unit, Note: note})
}

// aim adds a line whose value has a goal.
func (r *run) aim(name string, value float64, unit, aim string, met bool) {
	r.rows = append(r.rows, Row{Name: name, Value: value, Unit: unit, Aim: aim, Met: &met})
}

// Run measures everything and returns the table. Its folder and databases are removed.
func Run(ctx context.Context, o Options) (rows []Row, err error) {
	dir, err := os.MkdirTemp(o.Dir, "cchc-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	r := &run{Options: o, dir: dir, began: time.Now()}
	all, err := openDatabases(ctx, dir, o.DB)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, all.close()) }()
	if r.base, err = all.create(ctx); err != nil {
		return nil, err
	}
	r.say("making %d assignments and %d log entries", o.Rows/10, o.Rows)
	if err := r.with(ctx, r.base, r.fillAll); err != nil {
		return nil, fmt.Errorf("make the data: %w", err)
	}
	for _, part := range []struct {
		name string
		run  func(context.Context, *databases) error
	}{{"writes", r.writes}, {"beside", r.beside}, {"pages", r.pages}, {"start", r.start}} {
		if len(o.Parts) > 0 && !slices.Contains(o.Parts, part.name) {
			continue
		}
		if err := part.run(ctx, all); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return r.rows, nil
}

// with runs fn on the program opened on a store.
func (r *run) with(ctx context.Context, s store, fn func(context.Context, *Program) error) error {
	p, err := r.Open(ctx, s.dir, s.url)
	if err != nil {
		return err
	}
	return errors.Join(fn(ctx, p), p.Close())
}

// database is the SQLite file of a data folder.
func database(dir string) string { return filepath.Join(dir, "cchc.db") }
