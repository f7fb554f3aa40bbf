package identity

import (
	"context"
	"net/url"
)

// Provider is the place of an outside identity provider (OIDC: VNeID, the province's
// own). None is built in yet: what VNeID sends is fixed by the province's contract with
// it. The setting identity_setting.oidc is "off", and with it off no page offers one.
//
// To add one: implement Provider over go-oidc (discovery, PKCE, nonce, an exact check of
// issuer and audience), map External.Subject to an account that an administrator linked
// before (never by e-mail alone: mailboxes change hands), and end in Service.enter, so
// that lock-outs, sessions and the sign-in log are the same for everyone. The second
// factor is then the provider's when External.Strong.
type Provider interface {
	// Begin returns where to send the browser, and what to keep in its session until it returns.
	Begin(ctx context.Context, returnTo string) (redirect string, keep []byte, err error)
	// Finish checks what the browser brought back against what was kept.
	Finish(ctx context.Context, keep []byte, query url.Values) (External, error)
}

// External is a person as an outside provider vouches for them.
type External struct {
	Issuer, Subject string // together the stable name of the person at the provider
	Strong          bool   // signed in there with a second factor
}
