package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

type userCmd struct {
	Add   userAddCmd   `cmd:"" help:"Make an account and print a one-time link that lasts an hour."`
	Reset userResetCmd `cmd:"" help:"Print a one-time link for an account that exists."`
}

type userAddCmd struct {
	Admin bool   `help:"Make it an administrator of the whole province." required:""`
	Login string `arg:"" help:"Login name."`
	Name  string `help:"Name as shown; default the login name."`
	JSON  bool   `help:"Print JSON." name:"json"`
}

// Run makes an administrator: everybody else is invited on the page of accounts, where
// their agency and roles are chosen.
func (c *userAddCmd) Run(e *env) error {
	return e.askLink(userRequest{Login: c.Login, Name: c.Name}, c.JSON)
}

type userResetCmd struct {
	Login string `arg:"" help:"Login name."`
	JSON  bool   `help:"Print JSON." name:"json"`
}

// Run gives an account a new link; its password and sessions stand until it is used.
func (c *userResetCmd) Run(e *env) error {
	return e.askLink(userRequest{Login: c.Login, Existing: true}, c.JSON)
}

type userRequest struct {
	Login, Name string
	Existing    bool
}

type userAnswer struct {
	URL     string    `json:"url"`
	Expires time.Time `json:"expires"`
}

func (e *env) askLink(in userRequest, asJSON bool) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	var out userAnswer
	if err := ask(e.ctx, cfg, "user", in, &out); err != nil {
		return err
	}
	if asJSON {
		return e.json(out)
	}
	e.say("app.link", "url", out.URL, "time", out.Expires)
	return nil
}

func addUser(ctx context.Context, a *App, in userRequest) (userAnswer, error) {
	ident := a.rooms.identity
	if in.Existing {
		link, err := ident.LinkFor(ctx, in.Login)
		return userAnswer{link.URL, link.Expires}, err
	}
	if in.Name == "" {
		in.Name = in.Login
	}
	link, err := ident.FirstAdministrator(ctx, in.Login, in.Name)
	return userAnswer{link.URL, link.Expires}, err
}

type tokenCmd struct {
	Account string   `help:"Login name of the account that the token acts for." required:""`
	Scope   []string `help:"Rights the token may use, such as plan.view,plan.report; default reading only." sep:","`
	Expires string   `help:"How long it lasts: 12h, 30d." default:"1d"`
	JSON    bool     `help:"Print JSON." name:"json"`
}

type tokenRequest struct {
	Account string
	Scopes  []string
	Life    time.Duration
}

type tokenAnswer struct {
	Token   string    `json:"token"`
	Account string    `json:"account"`
	Scopes  []string  `json:"scopes"`
	Expires time.Time `json:"expires"`
}

// Run prints a bearer token once; only its hash is kept.
func (c *tokenCmd) Run(e *env) error {
	cfg, err := e.config(defaultData)
	if err != nil {
		return err
	}
	life, err := parseLife(c.Expires)
	if err != nil {
		return err
	}
	var out tokenAnswer
	if err := ask(e.ctx, cfg, "token", tokenRequest{c.Account, c.Scope, life}, &out); err != nil {
		return err
	}
	if c.JSON {
		return e.json(out)
	}
	_, err = fmt.Fprintln(e.stdout, out.Token)
	return err
}

// parseLife reads 90m, 12h or 30d.
func parseLife(s string) (time.Duration, error) {
	wrong := errs.OnField("expires", "app.life_invalid", "text", s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 3660 {
			return 0, wrong
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, wrong
	}
	return d, nil
}

// issueToken makes the token in the name of the account itself: whoever may use the
// data folder may act as anyone in it, and the log says that the command line did.
func issueToken(ctx context.Context, a *App, in tokenRequest) (tokenAnswer, error) {
	out := tokenAnswer{Account: in.Account, Scopes: in.Scopes}
	err := a.db.Write(ctx, func(tx *db.Tx) error {
		actor, found, err := a.rooms.identity.ActorByLogin(tx, in.Account)
		if err != nil {
			return err
		}
		if !found {
			return errs.New(errs.NotFound, "app.account_unknown", "login", in.Account)
		}
		actor.From = "command:token"
		plain, t, err := a.rooms.identity.IssueToken(tx, actor, identity.TokenInput{
			AccountID: actor.AccountID, Name: "cchc token", Scopes: in.Scopes, Expires: a.clock().Add(in.Life),
		})
		out.Token, out.Expires = plain, t.Expires
		return err
	})
	return out, err
}
