package identity

import (
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"cchc/internal/errs"
	"cchc/internal/flow"
	"cchc/internal/text"
)

// State of an account.
type State string

// States of an account (trạng thái tài khoản).
const (
	Invited  State = "invited"  // has not chosen a password yet
	Active   State = "active"   // may sign in
	Locked   State = "locked"   // stopped for a while by an administrator
	Disabled State = "disabled" // left; kept because records name it
)

// Moves of an account. "enter" is the person's own: choosing the first password by
// the invitation's link.
var Moves = flow.Table[State]{
	{Name: "enter", From: []State{Invited}, To: Active},
	{Name: "lock", From: []State{Active}, To: Locked},
	{Name: "unlock", From: []State{Locked}, To: Active},
	{Name: "disable", From: []State{Invited, Active, Locked}, To: Disabled},
	{Name: "enable", From: []State{Disabled}, To: Invited},
}

// Account is who may sign in (tài khoản).
type Account struct {
	ID          string
	Login       string // folded; unique
	Name        string
	Email       string
	Phone       string
	AgencyID    string // "" for none
	PostID      string // org_post, "" for none
	State       State
	Lang        string
	Preferences string // JSON object of the person's own choices
	Created     time.Time
	Version     int64
	sort        string // key of the list's order
}

// After is where the next page of a list continues behind this account.
func (a Account) After() string { return a.sort + " " + a.ID }

// AccountInput is what a form says about an account.
type AccountInput struct {
	Login, Name, Email, Phone, AgencyID, PostID, Lang string
}

// clean normalises and checks all fields, and names every fault at once.
func (in AccountInput) clean() (AccountInput, error) {
	var faults errs.List
	in.Login = CleanLogin(in.Login)
	in.Name, in.Email, in.Phone = text.Clean(in.Name), text.Clean(in.Email), text.Clean(in.Phone)
	if !goodLogin(in.Login) {
		faults = append(faults, errs.OnField("login", "identity.login_bad"))
	}
	if in.Name == "" || utf8.RuneCountInString(in.Name) > 200 {
		faults = append(faults, errs.OnField("name", "identity.name_missing"))
	}
	if in.Email != "" && !goodEmail(in.Email) {
		faults = append(faults, errs.OnField("email", "identity.email_bad"))
	}
	if in.Phone != "" && !goodPhone(in.Phone) {
		faults = append(faults, errs.OnField("phone", "identity.phone_bad"))
	}
	switch in.Lang {
	case "":
		in.Lang = "vi"
	case "vi", "en":
	default:
		faults = append(faults, errs.OnField("lang", "identity.lang_unknown"))
	}
	return in, faults.Err()
}

// CleanLogin is the one form of a login name, however it was typed.
func CleanLogin(s string) string { return strings.ReplaceAll(text.Fold(s), " ", "") }

func goodLogin(s string) bool {
	if len(s) < 3 || len(s) > 64 {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789._-@") == "" && s[0] >= '0'
}

// goodEmail takes a bare address: no display name, no line break that could begin
// another header.
func goodEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && !strings.ContainsAny(s, "\r\n<>\"")
}

func goodPhone(s string) bool {
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, r == ' ', r == '.', r == '-':
		default:
			return false
		}
	}
	return digits >= 8 && digits <= 15
}

// fold is the text by which the account is found.
func (in AccountInput) fold() string {
	return text.Fold(in.Name + " " + in.Login + " " + in.Email + " " + in.Phone)
}
