package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"cchc/internal/errs"
	"cchc/internal/i18n"
)

// Exit codes that scripts can trust.
const (
	exitOK      = 0
	exitFailed  = 1 // something broke: a bug, a disk, a network
	exitUsage   = 2 // the command's words are off
	exitRefused = 3 // a rule said no; standard error says which and what to do
	exitFound   = 4 // verify or doctor found something wrong
)

// commands is the command line. Field tags are its help.
type commands struct {
	Data   string `help:"Data folder." placeholder:"DIR" env:"CCHC_DATA"`
	DB     string `help:"Database: postgres://… or an SQLite file; default the file cchc.db in the data folder." placeholder:"URL" env:"CCHC_DB" name:"db"`
	DBFile string `help:"File that holds the database URL, so that no password stands in a process list." placeholder:"FILE" env:"CCHC_DB_FILE" name:"db-file"`
	Lang   string `help:"Language of messages: vi or en." enum:"vi,en" default:"vi" env:"CCHC_LANG"`

	Serve   serveCmd   `cmd:"" help:"Serve the portal, the desk, the cockpit and the API."`
	Demo    demoCmd    `cmd:"" help:"Make the demonstration province and serve it."`
	Migrate migrateCmd `cmd:"" help:"Bring the database to this program's schema."`
	Import  importCmd  `cmd:"" help:"Import a file: a plan, agencies."`
	Export  exportCmd  `cmd:"" help:"Export a plan."`
	Copy    copyCmd    `cmd:"" help:"Copy everything to another, empty database, of either engine."`
	Backup  backupCmd  `cmd:"" help:"Write one archive of database, files and keys, while the server runs."`
	Restore restoreCmd `cmd:"" help:"Restore an archive into an empty data folder."`
	Verify  verifyCmd  `cmd:"" help:"Check the audit log, the files and the counted figures."`
	Proof   proofCmd   `cmd:"" help:"Check the proof of one log entry without the server."`
	Bench   benchCmd   `cmd:"" help:"Measure this machine: one table of figures."`
	User    userCmd    `cmd:"" help:"Manage accounts."`
	Token   tokenCmd   `cmd:"" help:"Make a bearer token for the API."`
	Doctor  doctorCmd  `cmd:"" help:"Say what is wrong and what to do."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// env is what a command needs from outside.
type env struct {
	ctx            context.Context
	in             io.Reader
	stdout, stderr io.Writer
	cli            *commands
}

// Main runs the command line and returns the exit code.
func Main(args []string, in io.Reader, stdout, stderr io.Writer) (code int) {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("cchc"),
		kong.Description("Administrative reform of a province: run it, measure it, open every number."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(c int) { exited = c; panic(errExit) }),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitFailed
	}
	defer func() { // kong ends --help by its Exit function, which must not return
		if r := recover(); r != nil {
			if r != errExit {
				panic(r)
			}
			code = exited
		}
	}()
	kctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(stderr, "cchc:", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	e := &env{ctx: i18n.WithLang(ctx, cli.Lang), in: in, stdout: stdout, stderr: stderr, cli: &cli}
	err = kctx.Run(e)
	return e.exit(err)
}

var (
	errExit  = errors.New("exit")
	errFound = errors.New("found") // the report that was printed says what
)

func (e *env) exit(err error) int {
	refusals := errs.All(err)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFound):
		return exitFound
	case len(refusals) > 0:
		for _, r := range refusals {
			e.refuse(r)
		}
		return exitRefused
	}
	fmt.Fprintln(e.stderr, "cchc:", err)
	return exitFailed
}

// refuse says why not, with the code.
func (e *env) refuse(r *errs.Error) {
	fmt.Fprintf(e.stderr, "%s [%s]\n", i18n.Error(e.ctx, r), r.Code)
}

// config resolves the data folder and the database.
func (e *env) config(defaultData string) (Config, error) {
	cfg := Config{Data: e.cli.Data, DB: e.cli.DB}
	if cfg.Data == "" {
		cfg.Data = defaultData
	}
	if cfg.DB == "" && e.cli.DBFile != "" {
		raw, err := os.ReadFile(e.cli.DBFile)
		if err != nil {
			return cfg, errs.New(errs.Invalid, "app.db_file", "file", e.cli.DBFile)
		}
		cfg.DB = strings.TrimSpace(string(raw))
	}
	return cfg, nil
}

func (e *env) json(v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func (e *env) say(key string, args ...any) {
	fmt.Fprintln(e.stdout, i18n.T(e.ctx, key, args...))
}
