package app

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/i18n"
)

type versionCmd struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run prints the version.
func (c *versionCmd) Run(e *env) error {
	if c.JSON {
		return e.json(map[string]string{"version": Version, "go": runtime.Version()})
	}
	_, err := fmt.Fprintf(e.stdout, "cchc %s (%s)\n", Version, runtime.Version())
	return err
}

type migrateCmd struct{}

// Run brings the schema up to date and says so.
func (c *migrateCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	a, err := Open(e.ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	e.say("app.migrated")
	return nil
}

type copyCmd struct {
	To   string `help:"Database to copy to: postgres://… or a path; it must be empty." required:"" placeholder:"URL"`
	JSON bool   `help:"Print JSON." name:"json"`
}

// Run copies every table of ours to the other database; queues are drained first.
func (c *copyCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	a, err := Open(e.ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.quiesce(e.ctx); err != nil {
		return err
	}
	to, err := db.Open(e.ctx, c.To)
	if err != nil {
		return err
	}
	defer to.Close()
	counts := map[string]int{}
	if err := db.Copy(e.ctx, a.db, to, func(table string, rows int) { counts[table] = rows }); err != nil {
		return err
	}
	if err := a.rebuildDerived(e.ctx, to); err != nil {
		return err
	}
	if c.JSON {
		return e.json(map[string]any{"tables": counts})
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	e.say("app.copied", "tables", len(counts), "rows", total)
	return nil
}

type backupCmd struct {
	Out            string `arg:"" help:"Archive to write."`
	PassphraseFile string `help:"File that holds the passphrase for the keys." placeholder:"FILE" env:"CCHC_PASSPHRASE_FILE" required:""`
	JSON           bool   `help:"Print JSON." name:"json"`
}

// Run asks the running server, or the data itself, for one archive.
func (c *backupCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	phrase, err := passphrase(c.PassphraseFile)
	if err != nil {
		return err
	}
	path, err := filepath.Abs(c.Out)
	if err != nil {
		return err
	}
	var out backupAnswer
	if err := ask(e.ctx, cfg, "backup", backupRequest{Out: path, Passphrase: phrase}, &out); err != nil {
		return err
	}
	if c.JSON {
		if err := e.json(out); err != nil {
			return err
		}
	} else {
		e.say("app.backed_up", "file", c.Out, "bytes", out.Bytes)
		for _, sha := range out.Damaged {
			e.say("app.finding", "what", "file_changed", "subject", sha, "detail", "")
		}
		for _, sha := range out.Missing {
			e.say("app.finding", "what", "file_missing", "subject", sha, "detail", "")
		}
	}
	if len(out.Damaged)+len(out.Missing) > 0 {
		return errFound
	}
	return nil
}

type restoreCmd struct {
	Archive        string `arg:"" help:"Archive to restore."`
	PassphraseFile string `help:"File that holds the passphrase for the keys." placeholder:"FILE" env:"CCHC_PASSPHRASE_FILE" required:""`
}

// Run restores into the data folder, which must be empty, then verifies everything.
func (c *restoreCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	phrase, err := passphrase(c.PassphraseFile)
	if err != nil {
		return err
	}
	if err := restore(e.ctx, cfg, c.Archive, phrase); err != nil {
		return err
	}
	e.say("app.restored", "folder", cfg.Data)
	return (&verifyCmd{}).Run(e)
}

func passphrase(file string) (string, error) {
	raw, err := os.ReadFile(file)
	phrase := strings.TrimSpace(string(raw))
	if err != nil || phrase == "" {
		return "", errs.New(errs.Invalid, "app.passphrase_file", "file", file)
	}
	return phrase, nil
}

type verifyCmd struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run checks the audit log against its checkpoints, every evidence file against its
// hash, and every counted figure against its records; exit code 4 when one disagrees.
func (c *verifyCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	var rep verifyReport
	if err := ask(e.ctx, cfg, "verify", struct{}{}, &rep); err != nil {
		return err
	}
	if c.JSON {
		if err := e.json(rep); err != nil {
			return err
		}
	} else {
		e.say("app.verified", "entries", rep.Entries, "figures", rep.Figures)
		for _, f := range rep.Findings {
			e.say("app.finding", "what", f.What, "subject", f.Subject, "detail", f.Detail)
		}
	}
	if len(rep.Findings) > 0 {
		return errFound
	}
	if !c.JSON {
		e.say("app.verify_green")
	}
	return nil
}

type doctorCmd struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run says what is wrong with the installation and what to do; exit code 4 when
// something is.
func (c *doctorCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	var found []doctorFinding
	if err := ask(e.ctx, cfg, "doctor", struct{}{}, &found); err != nil {
		return err
	}
	wrong := false
	for i, f := range found {
		found[i].Text = i18n.T(e.ctx, f.Code, pairs(f.Args)...)
		wrong = wrong || !f.OK
	}
	if c.JSON {
		if err := e.json(found); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			mark := "ok  "
			if !f.OK {
				mark = "!   "
			}
			fmt.Fprintln(e.stdout, mark+f.Text)
		}
	}
	if wrong {
		return errFound
	}
	return nil
}

func pairs(m map[string]any) []any {
	all := make([]any, 0, 2*len(m))
	for k, v := range m {
		all = append(all, k, v)
	}
	return all
}
