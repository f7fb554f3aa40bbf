// Package identitytest makes people with rights for the tests of rooms.
package identitytest

import (
	"context"
	"crypto/sha256"
	"strings"
	"testing"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/identity"
)

// House makes people in one database.
type House struct {
	*identity.Service
	DB *db.DB
	t  testing.TB
	by identity.Actor
}

// New makes the service with the rights that the test names (as rooms declare them)
// and a first administrator who grants.
func New(t testing.TB, d *db.DB, c clock.Clock, rights ...string) *House {
	t.Helper()
	keys, err := audit.NewKeys()
	must(t, err)
	all := identity.NewRights()
	all.AddCodes(rights...)
	key := sha256.Sum256([]byte(t.Name()))
	s, err := identity.New(d, c, audit.New(keys, c), all, identity.Options{Key: key[:], HashMemory: 64})
	must(t, err)
	h := &House{Service: s, DB: d, t: t}
	link, err := s.FirstAdministrator(context.Background(), "first.admin", "Nguyễn Thị Quản Trị")
	must(t, err)
	acc, err := s.FinishReset(context.Background(), link.Token, "a long enough secret", "127.0.0.1")
	must(t, err)
	h.by = h.Actor(acc.ID)
	return h
}

// Admin is the first administrator.
func (h *House) Admin() identity.Actor { return h.by }

// Person makes an active account of an agency that holds rights over another (or ""
// for the whole province), and returns its actor.
func (h *House) Person(login, agencyID, overAgencyID string, rights ...string) identity.Actor {
	h.t.Helper()
	var acc identity.Account
	role := "role-" + login
	must(h.t, h.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		if acc, err = h.CreateAccount(tx, h.by, identity.AccountInput{Login: login, Name: strings.ToUpper(login), AgencyID: agencyID}); err != nil {
			return err
		}
		if len(rights) == 0 {
			return nil
		}
		if err := h.SetRole(tx, h.by, identity.Role{Code: role, Name: role, Rights: rights}, 0); err != nil {
			return err
		}
		_, err = h.Grant(tx, h.by, identity.GrantInput{AccountID: acc.ID, Role: role, AgencyID: overAgencyID})
		return err
	}))
	h.Activate(acc.ID)
	return h.Actor(acc.ID)
}

// Activate makes an invited account active, by the link an administrator hands over.
func (h *House) Activate(account string) {
	h.t.Helper()
	var link identity.Link
	must(h.t, h.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		link, err = h.Invite(tx, h.by, account)
		return err
	}))
	_, err := h.FinishReset(context.Background(), link.Token, "a long enough secret", "127.0.0.1")
	must(h.t, err)
}

// Actor loads an account's actor again: after a change of rights.
func (h *House) Actor(account string) (a identity.Actor) {
	h.t.Helper()
	must(h.t, h.DB.Read(context.Background(), func(tx *db.Tx) error {
		var found bool
		var err error
		if a, found, err = h.ActorOf(tx, account); err == nil && !found {
			h.t.Fatalf("account %s is not active", account)
		}
		return err
	}))
	a.From = "127.0.0.1"
	return a
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
