// Package identity knows who a person is and what they may do where.
//
// Start at actor.go (who asks), then require.go (may they?), then the view
// identity_reach (migration 0251), the one filter that every list joins. Accounts,
// roles, grants and delegations are in service_*.go; signing in is signin.go,
// its guards lockout.go, password.go and totp.go; requests become actors in web.go.
// docs/adr/0007-rights-and-scope.md says why it is so.
package identity
