// Package account is a person's own door (đăng nhập, tài khoản của tôi): signing in and
// out, one-time links, and their password, second factor, sessions and tokens.
//
// The rules live in package identity; here are the pages. Start at Mount.
package account

// DemoAccount is one account of the demonstration that one click signs in.
type DemoAccount struct{ Login, Name, Role string }
