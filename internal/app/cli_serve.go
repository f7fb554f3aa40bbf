package app

import (
	"fmt"
	"log/slog"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/vault"
)

// The folders and the address that are used when nothing else is said.
const (
	defaultData   = "./cchc-data"
	defaultDemo   = "./cchc-demo"
	defaultListen = "127.0.0.1:8080"
)

type serveCmd struct {
	Listen    string `help:"Address to listen on." default:"127.0.0.1:8080" env:"CCHC_LISTEN"`
	PublicURL string `help:"Address that readers use, such as https://cchc.example.gov.vn; https makes cookies secure." placeholder:"URL" env:"CCHC_PUBLIC_URL" name:"public-url"`
}

// Run serves until it is told to stop. The first time it prints a link for the first
// administrator.
func (c *serveCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	cfg.Listen, cfg.PublicURL = c.Listen, c.PublicURL
	if err := cfg.makeFolder(); err != nil {
		return err
	}
	if err := vault.ForServe(cfg.Data, clock.System(), Version); err != nil {
		return err
	}
	a, err := Open(e.ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := e.offerFirstAdministrator(a); err != nil {
		return err
	}
	return a.Serve(e.ctx, e.log(), e.ready)
}

func (e *env) ready(addr string) { fmt.Fprintln(e.stdout, "ready http://"+addr) }

func (e *env) log() *slog.Logger { return slog.New(slog.NewTextHandler(e.stderr, nil)) }

// offerFirstAdministrator prints a one-time link while nobody can administer.
func (e *env) offerFirstAdministrator(a *App) error {
	var needed bool
	err := a.db.Read(e.ctx, func(tx *db.Tx) (err error) {
		needed, err = a.rooms.identity.NeedsAdministrator(tx)
		return err
	})
	if err != nil || !needed {
		return err
	}
	link, err := a.rooms.identity.FirstAdministrator(e.ctx, "admin", "admin")
	if err != nil {
		return err
	}
	e.say("app.first_administrator", "url", link.URL, "time", link.Expires)
	return nil
}
