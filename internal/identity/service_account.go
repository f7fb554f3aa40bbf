package identity

import (
	"encoding/json"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// AccountFilter narrows a list; empty fields do not.
type AccountFilter struct {
	Search   string // folded; part of name, login, mail or phone
	AgencyID string
	State    State
	After    string // Account.After of the last one seen
	Limit    int    // 1..200, else 50
}

// ListAccounts lists the accounts in reach, in the order of names, and how many match
// in all (counted to 1,001).
func (s *Service) ListAccounts(tx *db.Tx, a Actor, f AccountFilter) ([]Account, int, error) {
	if !a.SignedIn() {
		return nil, 0, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	f.Search = text.Fold(f.Search)
	f.Limit = bounded(f.Limit)
	return listAccounts(tx, a.Reach(RightView), RightView, s.clock().UnixMilli(), f)
}

// Account opens one account in reach; others are not found.
func (s *Service) Account(tx *db.Tx, a Actor, id string) (Account, error) {
	return s.manage(tx, a, id, RightView)
}

// CreateAccount makes an account in the state invited; Invite gives its person a way in.
func (s *Service) CreateAccount(tx *db.Tx, a Actor, in AccountInput) (Account, error) {
	if err := Require(tx, a, RightManage, in.AgencyID, s.clock()); err != nil {
		return Account{}, err
	}
	return s.create(tx, a.Who(), in)
}

// create is CreateAccount without the question of rights: the first administrator's too.
func (s *Service) create(tx *db.Tx, who audit.Who, in AccountInput) (Account, error) {
	in, err := in.clean()
	if err != nil {
		return Account{}, err
	}
	acc := Account{ID: db.NewID(), Login: in.Login, Name: in.Name, Email: in.Email, Phone: in.Phone, AgencyID: in.AgencyID, PostID: in.PostID,
		State: Invited, Lang: in.Lang, Preferences: "{}", Created: s.clock(), Version: 1, sort: text.SortKey(in.Name)}
	added, err := insertAccount(tx, acc, in.fold())
	if err != nil {
		return Account{}, err
	}
	if !added {
		return Account{}, errs.OnField("login", "identity.login_taken", "login", in.Login)
	}
	return acc, s.log.Record(tx, who, audit.Entry{Kind: "identity.account_create", Subject: "identity_account:" + acc.ID, Agency: acc.AgencyID, After: in})
}

// UpdateAccount changes name, login, addresses, agency, post and language. Moving an
// account asks for the right over both agencies.
func (s *Service) UpdateAccount(tx *db.Tx, a Actor, id string, version int64, in AccountInput) (Account, error) {
	acc, err := s.manage(tx, a, id, RightManage)
	if err != nil {
		return acc, err
	}
	if in.AgencyID != acc.AgencyID {
		if err := Require(tx, a, RightManage, in.AgencyID, s.clock()); err != nil {
			return acc, err
		}
	}
	if in, err = in.clean(); err != nil {
		return acc, err
	}
	if other, found, err := accountByLogin(tx, in.Login); err != nil || found && other.ID != id {
		return acc, errOr(err, errs.OnField("login", "identity.login_taken", "login", in.Login))
	}
	before := acc.input()
	acc.Login, acc.Name, acc.Email, acc.Phone, acc.AgencyID, acc.PostID, acc.Lang = in.Login, in.Name, in.Email, in.Phone, in.AgencyID, in.PostID, in.Lang
	acc.sort = text.SortKey(in.Name)
	if err := s.saved(updateAccount(tx, acc, in.fold(), version)); err != nil {
		return acc, err
	}
	acc.Version = version + 1
	return acc, s.record(tx, a, "identity.account_update", id, acc.AgencyID, before, in, "")
}

func (a Account) input() AccountInput {
	return AccountInput{Login: a.Login, Name: a.Name, Email: a.Email, Phone: a.Phone, AgencyID: a.AgencyID, PostID: a.PostID, Lang: a.Lang}
}

// ChangeState locks, unlocks, disables or enables an account (Moves names them) and
// signs it out everywhere. The last administrator cannot be shut out, nor oneself.
func (s *Service) ChangeState(tx *db.Tx, a Actor, id string, version int64, move, reason string) error {
	acc, err := s.manage(tx, a, id, RightManage)
	if err != nil {
		return err
	}
	if move == "enter" {
		return errs.New(errs.Invalid, "identity.move_not_possible", "state", string(acc.State), "move", move)
	}
	next, err := Moves.Next(acc.State, move, "identity.move_not_possible")
	if err != nil {
		return err
	}
	if id == a.AccountID {
		return errs.New(errs.Conflict, "identity.not_on_oneself")
	}
	if reason = text.Clean(reason); reason == "" && (move == "lock" || move == "disable") {
		return errs.OnField("reason", "identity.reason_missing")
	}
	if err := s.saved(setState(tx, id, next, version)); err != nil {
		return err
	}
	if err := s.keepOneAdministrator(tx); err != nil {
		return err
	}
	if err := s.signOutEverywhere(tx, id, ""); err != nil {
		return err
	}
	if err := bumpRights(tx); err != nil {
		return err
	}
	return s.record(tx, a, "identity.account_state", id, acc.AgencyID, acc.State, next, reason)
}

// SetPreferences keeps the reader's own choices: language and a JSON object of at most
// 8 kB. It is the person's own account only.
func (s *Service) SetPreferences(tx *db.Tx, a Actor, lang, preferences string) error {
	if err := person(a); err != nil {
		return err
	}
	var object map[string]any
	if len(preferences) > 8<<10 || json.Unmarshal([]byte(preferences), &object) != nil || object == nil {
		return errs.OnField("preferences", "identity.preferences_bad")
	}
	if lang != "vi" && lang != "en" {
		return errs.OnField("lang", "identity.lang_unknown")
	}
	if err := setPreferences(tx, a.AccountID, lang, preferences); err != nil {
		return err
	}
	return s.record(tx, a, "identity.preferences", a.AccountID, a.AgencyID, nil, map[string]any{"lang": lang, "preferences": object}, "")
}

// keepOneAdministrator refuses a change after which nobody could manage the province's accounts.
func (s *Service) keepOneAdministrator(tx *db.Tx) error {
	left, err := countHolders(tx, RightManage, s.clock().UnixMilli())
	if err == nil && left == 0 {
		err = errs.New(errs.Conflict, "identity.last_administrator")
	}
	return err
}

// saved turns "no row changed" into the refusal that somebody else was first.
func (s *Service) saved(changed int64, err error) error {
	if err == nil && changed == 0 {
		err = errs.New(errs.Conflict, "identity.changed_meanwhile")
	}
	return err
}

func errOr(err error, refusal *errs.Error) error {
	if err != nil {
		return err
	}
	return refusal
}

func bounded(limit int) int {
	if limit < 1 || limit > 200 {
		return 50
	}
	return limit
}
