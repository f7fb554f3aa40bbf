// Package account is a person's own door (đăng nhập, tài khoản của tôi): signing in and
// out, one-time links, and their password, second factor, sessions and tokens.
//
// The rules live in package identity; here are the pages. Start at Mount.
package account

import (
	"net/http"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
)

// Service is what the pages ask; every method of identity checks its own rights.
type Service struct {
	DB       *db.DB
	Clock    clock.Clock
	Identity *identity.Service
	// Demo lists the accounts that one click signs in, for a request that may; nil and
	// empty show none.
	Demo func(r *http.Request) []DemoAccount
}

// DemoAccount is one account of the demonstration.
type DemoAccount struct{ Login, Name, Role string }
