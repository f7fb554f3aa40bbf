package identity

import (
	"time"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// forever is the open end of a grant: the last moment of the year 9999 UTC, in ms.
const forever = 253402300799999

// Role is a named set of rights (vai trò); Name is "" for a built-in one, which the
// locale key role.<code> names.
type Role struct {
	Code, Name string
	SortNo     int64
	BuiltIn    bool
	Rights     []string
	Version    int64
}

// Grant lets an account play a role over an agency and all below it (phân quyền).
type Grant struct {
	ID, AccountID, Role string
	AgencyID            string // "" = the whole province, every agency of every year
	From, To            time.Time
	GrantedBy           string // account id
	Revoked             time.Time
	Version             int64
}

// GrantInput is what a form says. Zero From is now, zero To is open.
type GrantInput struct {
	AccountID, Role, AgencyID string
	From, To                  time.Time
}

// Delegation lets one account use another's named rights between two moments (uỷ quyền).
type Delegation struct {
	ID, FromAccountID, ToAccountID string
	Rights                         []string
	From, To                       time.Time
	Reason                         string
	Ended                          time.Time // zero unless ended early
	Version                        int64
}

// DelegationInput is what a form says. Zero From is now; To is always named.
type DelegationInput struct {
	ToAccountID string
	Rights      []string
	From, To    time.Time
	Reason      string
}

// longestDelegation: who is away for longer is replaced, not represented.
const longestDelegation = 366 * 24 * time.Hour

// clean checks what needs no database.
func (in DelegationInput) clean(self string, now time.Time) (DelegationInput, error) {
	var faults errs.List
	in.Reason = text.Clean(in.Reason)
	if in.From.IsZero() || in.From.Before(now) {
		in.From = now // nothing is authorised after the fact
	}
	if in.Reason == "" {
		faults = append(faults, errs.OnField("reason", "identity.reason_missing"))
	}
	if !in.To.After(in.From) || in.To.Sub(in.From) > longestDelegation {
		faults = append(faults, errs.OnField("to", "identity.delegation_dates"))
	}
	if len(in.Rights) == 0 {
		faults = append(faults, errs.OnField("rights", "identity.delegation_empty"))
	}
	if in.ToAccountID == self {
		faults = append(faults, errs.OnField("to_account", "identity.not_on_oneself"))
	}
	return in, faults.Err()
}

// span fills the open ends of a grant and refuses one that ends before it begins.
func span(from, to, now time.Time) (fromMs, toMs int64, err error) {
	fromMs, toMs = now.UnixMilli(), int64(forever)
	if !from.IsZero() {
		fromMs = from.UnixMilli()
	}
	if !to.IsZero() {
		toMs = to.UnixMilli()
	}
	if toMs <= fromMs {
		return 0, 0, errs.OnField("to", "identity.grant_dates")
	}
	return fromMs, toMs, nil
}
