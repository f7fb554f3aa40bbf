package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"runtime/pprof"
	"strings"
	"time"

	"cchc/internal/app/bench"
	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/dossier"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/indicator"
	"cchc/internal/vault"
)

type benchCmd struct {
	Run     benchRunCmd     `cmd:"" default:"withargs" help:"Measure everything in one run, in a folder of its own, and print one table."`
	Plan    benchPlanCmd    `cmd:"" help:"Measure the plan room on ten years of history."`
	Dossier benchDossierCmd `cmd:"" help:"Measure the one-stop shop on many dossiers."`
	Crash   benchCrashCmd   `cmd:"" help:"Kill the program at random moments and look whether anything acknowledged is lost."`
	Child   benchChildCmd   `cmd:"" hidden:"" help:"What bench starts: a server, or a program to be killed."`
}

type benchRunCmd struct {
	Rows    int      `help:"Entries of the audit log; there are a tenth as many assignments." default:"1000000"`
	Dir     string   `help:"Where the temporary folder is made; it should be on the disk to be measured." placeholder:"DIR"`
	Parts   []string `help:"Only these parts: writes, beside, pages, start." enum:"writes,beside,pages,start" sep:","`
	Profile string   `help:"Write a CPU profile of the run." placeholder:"FILE"`
	JSON    bool     `help:"Print JSON." name:"json"`
}

// Run measures and prints the table. With --db postgres://… the user of the address
// must be allowed to create databases; bench makes its own and drops them.
func (c *benchRunCmd) Run(e *env) error {
	if c.Rows < 10_000 {
		return errs.OnField("rows", "bench.rows_few", "least", 10_000)
	}
	cfg, err := e.config("")
	if err != nil {
		return err
	}
	quiet()
	stop, err := profile(c.Profile)
	if err != nil {
		return err
	}
	defer stop()
	rows, err := bench.Run(e.ctx, bench.Options{
		Open: openForBench, Child: benchChild, Dir: c.Dir, DB: cfg.DB, Rows: c.Rows, Parts: c.Parts, Progress: e.stderr,
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(rows)
	}
	return bench.Print(e.stdout, rows)
}

type benchPlanCmd struct {
	Rows    int    `help:"Lead assignments in all ten years." default:"100000"`
	Dir     string `help:"Where the temporary folder is made; it should be on the disk to be measured." placeholder:"DIR"`
	Profile string `help:"Write a CPU profile of the run." placeholder:"FILE"`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// Run measures the plan room; with --db postgres://… on PostgreSQL.
func (c *benchPlanCmd) Run(e *env) error {
	if c.Rows < 2_000 {
		return errs.OnField("rows", "bench.rows_few", "least", 2_000)
	}
	cfg, err := e.config("")
	if err != nil {
		return err
	}
	quiet()
	stop, err := profile(c.Profile)
	if err != nil {
		return err
	}
	defer stop()
	rows, err := bench.Plan(e.ctx, bench.Options{Open: openForBench, Dir: c.Dir, DB: cfg.DB, Rows: c.Rows, Progress: e.stderr})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(rows)
	}
	return bench.Print(e.stdout, rows)
}

type benchDossierCmd struct {
	Rows    int    `help:"Dossiers." default:"1000000"`
	Dir     string `help:"Where the temporary folder is made; it should be on the disk to be measured." placeholder:"DIR"`
	Profile string `help:"Write a CPU profile of the run." placeholder:"FILE"`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// Run measures the one-stop shop; with --db postgres://… on PostgreSQL.
func (c *benchDossierCmd) Run(e *env) error {
	if c.Rows < 30_000 {
		return errs.OnField("rows", "bench.rows_few", "least", 30_000)
	}
	cfg, err := e.config("")
	if err != nil {
		return err
	}
	quiet()
	stop, err := profile(c.Profile)
	if err != nil {
		return err
	}
	defer stop()
	made, err := bench.Dossier(e.ctx, bench.Options{Open: openForBench, Child: benchChild, Dir: c.Dir, DB: cfg.DB, Rows: c.Rows, Progress: e.stderr})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(made)
	}
	return made.Print(e.stdout)
}

// profile writes what the processor does into a file until stop; "" writes nothing.
func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

type benchCrashCmd struct {
	Times int           `help:"How often the program is killed." default:"1000"`
	Every int           `help:"Verify after so many kills." default:"20"`
	Max   time.Duration `help:"The longest it lives before it is killed." default:"400ms"`
	Dir   string        `help:"Where the temporary folder is made." placeholder:"DIR"`
	JSON  bool          `help:"Print JSON." name:"json"`
}

// Run kills and checks; exit code 4 when anything is missing, doubled or does not verify.
func (c *benchCrashCmd) Run(e *env) error {
	if c.Times < 1 || c.Every < 1 || c.Max < 10*time.Millisecond {
		return errs.OnField("times", "bench.times_few")
	}
	quiet()
	res, err := bench.Crash(e.ctx, bench.CrashOptions{
		Open: openForBench, Child: benchChild, Dir: c.Dir, Times: c.Times, Every: c.Every, Max: c.Max,
		Seed: uint64(clock.System().UnixNano()), Progress: e.stderr,
	})
	if err != nil {
		return err
	}
	if c.JSON {
		err = e.json(res)
	} else {
		e.say("bench.crash", "kills", res.Kills, "acknowledged", res.Acknowledged, "lost", len(res.Lost), "twice", len(res.Twice),
			"verified", res.Verified, "findings", len(res.Findings), "p95", fmt.Sprintf("%.2f", res.ReadyP95), "max", fmt.Sprintf("%.2f", res.ReadyMax))
		for _, f := range res.Findings {
			fmt.Fprintln(e.stdout, "  "+f)
		}
	}
	if err == nil && !res.Good() {
		err = errFound
	}
	return err
}

type benchChildCmd struct {
	What string `arg:"" enum:"serve,crash,receive"`
}

// Run is the other process of a measurement.
func (c *benchChildCmd) Run(e *env) error {
	cfg, err := e.config("")
	if err != nil {
		return err
	}
	quiet()
	if c.What == "receive" {
		return bench.ReceiveChild(e.ctx, openForBench, cfg.Data, cfg.DB, e.stdout)
	}
	if c.What == "crash" {
		return bench.CrashChild(e.ctx, openForBench, cfg.Data, cfg.DB, e.stdout)
	}
	cfg.Listen = "127.0.0.1:0"
	a, err := Open(e.ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Serve(e.ctx, slog.New(slog.DiscardHandler), e.ready)
}

// quiet keeps the program's log out of a measurement.
func quiet() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
}

// benchChild runs this program again on a folder.
func benchChild(ctx context.Context, what, dir, url string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], "--data", dir, "bench", "child", what)
	if self, err := os.Executable(); err == nil {
		cmd.Path = self
	}
	cmd.Env = append(os.Environ(), "CCHC_DB="+url) // an address may hold a password: not among the arguments
	return cmd
}

// openForBench opens the whole program on a folder of its own, wired as for people.
func openForBench(ctx context.Context, dir, url string) (*bench.Program, error) {
	if err := vault.ForDemo(dir, clock.System(), Version); err != nil {
		return nil, err
	}
	a, err := Open(ctx, Config{Data: dir, DB: url, Listen: defaultListen, Demo: true})
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	handler, _ := a.handler(log)
	return &bench.Program{
		DB: a.db, Clock: a.clock, Log: a.log, Jobs: a.jobs, Plan: a.rooms.plan, Handler: handler,
		Actor:  a.actorByLogin,
		SignIn: func(login string) (*http.Cookie, error) { return demoSession(handler, login) },
		Seed:   a.seed,
		Place:  func(ctx context.Context) error { _, err := a.placer.Integrate(ctx); return err },
		Work:   func(ctx context.Context) error { return a.startWork(ctx, log) },
		Urge: func(ctx context.Context, day string) (int, error) {
			done, err := a.rooms.urge.Run(ctx, day)
			return done.Steps, err
		},
		Verify: func(ctx context.Context) ([]string, error) {
			rep, err := verify(ctx, a, struct{}{})
			var found []string
			for _, f := range rep.Findings {
				found = append(found, strings.TrimSpace(f.What+" "+f.Subject+" "+f.Detail))
			}
			return found, err
		},
		Dossier: a.rooms.dossier,
		Dossiers: func(ctx context.Context, b dossier.Bulk) error {
			b.DB, b.Procedures = a.db, catalogue{a.rooms.procedure}
			b.Log = func(c clock.Clock) *audit.Log { return audit.New(a.keys, c) }
			return dossier.SeedBulk(ctx, b)
		},
		Fold: func(ctx context.Context) error { return indicator.FoldAll(ctx, a.db) },
		Recount: func(ctx context.Context) (int, error) {
			diff, err := indicator.Verify(ctx, a.db, a.figures)
			return len(diff), err
		},
		Close: a.Close,
	}, nil
}

func (a *App) actorByLogin(ctx context.Context, login string) (actor identity.Actor, err error) {
	err = a.db.Read(ctx, func(tx *db.Tx) error {
		var found bool
		actor, found, err = a.rooms.identity.ActorByLogin(tx, login)
		if err == nil && !found {
			err = errs.New(errs.NotFound, "app.account_unknown", "login", login)
		}
		return err
	})
	return actor, err
}

// demoSession signs in with one click, as the demonstration's page does, and returns
// the browser's cookie.
func demoSession(handler http.Handler, login string) (*http.Cookie, error) {
	form := url.Values{"login": {login}, "next": {"/"}}
	req := httptest.NewRequest(http.MethodPost, "http://"+defaultListen+"/demo/sign-in", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.RemoteAddr = "127.0.0.1:9"
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, req)
	for _, c := range w.Result().Cookies() {
		if c.Value != "" && c.HttpOnly {
			return c, nil
		}
	}
	body, _ := io.ReadAll(w.Result().Body)
	return nil, errors.Join(fmt.Errorf("one-click sign-in answered %d", w.Code), errors.New(string(body[:min(len(body), 200)])))
}
