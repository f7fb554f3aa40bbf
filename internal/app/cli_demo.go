package app

import (
	"crypto/rand"
	"fmt"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/vault"
)

type demoCmd struct {
	Listen string `help:"Address to listen on. One click signs in on a loopback address only; elsewhere passwords are printed once." default:"127.0.0.1:8080" env:"CCHC_LISTEN"`
	Only   bool   `help:"Make the data and stop." name:"seed-only"`
}

// Run makes the demonstration province the first time, and serves it.
func (c *demoCmd) Run(e *env) error {
	cfg, err := e.config(defaultDemo)
	if err != nil {
		return err
	}
	cfg.Listen, cfg.Demo = c.Listen, true
	if err := cfg.makeFolder(); err != nil {
		return err
	}
	if err := vault.ForDemo(cfg.Data, clock.System(), Version); err != nil {
		return err
	}
	a, err := Open(e.ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.seed(e.ctx); err != nil {
		return err
	}
	if err := e.printAccounts(a); err != nil || c.Only {
		return err
	}
	return a.Serve(e.ctx, e.log(), e.ready)
}

// printAccounts says who can sign in, and how.
func (e *env) printAccounts(a *App) error {
	e.say("app.demo.accounts")
	open := loopback(a.cfg.Listen)
	for _, p := range demoAccounts {
		how := ""
		if !open {
			password, err := e.freshPassword(a, p.login)
			if err != nil {
				return err
			}
			how = "  " + password
		}
		fmt.Fprintf(e.stdout, "  %-12s %s%s\n", p.login, roleName(e.ctx, p.role), how)
	}
	if open {
		e.say("app.demo.one_click")
	}
	return nil
}

// freshPassword gives an account a random password, which is printed once.
func (e *env) freshPassword(a *App, login string) (string, error) {
	password := rand.Text()
	ident := a.rooms.identity
	var id string
	err := a.db.Read(e.ctx, func(tx *db.Tx) error {
		actor, found, err := ident.ActorByLogin(tx, login)
		if err == nil && !found {
			err = errs.New(errs.NotFound, "app.account_unknown", "login", login)
		}
		id = actor.AccountID
		return err
	})
	if err != nil {
		return "", err
	}
	return password, ident.SetPassword(e.ctx, audit.System("command:demo"), id, password, false)
}
