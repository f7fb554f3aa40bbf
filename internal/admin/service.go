package admin

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/job"
	"cchc/internal/notice"
	"cchc/internal/org"
)

// Service is what the pages ask. Each act is one transaction.
type Service struct {
	DB        *db.DB
	Clock     clock.Clock
	Identity  *identity.Service
	Log       *audit.Log
	PublicKey string // of the log's checkpoints: audit.Keys.Public
	Jobs      *job.Queue
	Notice    *notice.Service
	Demo      bool // a demonstration: mails are shown, never sent
	// SubjectURL is the page of a record that the log names ("plan_assignment:<id>"), ""
	// when it has none; nil knows no page but those of this room.
	SubjectURL func(subject string) string
}

// province refuses unless the actor holds the right over the whole province: jobs and
// messages belong to no agency.
func (s *Service) province(tx *db.Tx, a identity.Actor, right string) error {
	return identity.Require(tx, a, right, "", s.Clock())
}

// agencyNamed finds the agency that a form names by code or by name; "" names none.
func (s *Service) agencyNamed(tx *db.Tx, field, typed string) (id string, err error) {
	if typed == "" {
		return "", nil
	}
	today := clock.Day(s.Clock())
	if a, found, err := org.FindByCode(tx, typed, today); err != nil || found {
		return a.ID, err
	}
	all, err := org.Resolve(tx, typed, today)
	switch {
	case err != nil:
		return "", err
	case len(all) == 0:
		return "", errs.OnField(field, "admin.agency_unknown", "text", typed)
	case len(all) > 1:
		names := make([]string, min(len(all), 5))
		for i := range names {
			names[i] = all[i].Name + " (" + all[i].Code + ")"
		}
		return "", errs.OnField(field, "admin.agency_ambiguous", "text", typed, "names", strings.Join(names, "; "))
	}
	return all[0].ID, nil
}

// names holds what a page calls the agencies and accounts that its lines refer to.
type names struct {
	agency  map[string]org.Agency
	account map[string]person
}

// agencies reads the agencies by id; one that is gone from the directory is left out.
func agencies(tx *db.Tx, ids []string) (map[string]org.Agency, error) {
	out := map[string]org.Agency{}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if id == "" {
			continue
		}
		a, err := org.Find(tx, id)
		if errs.KindOf(err) == errs.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[id] = a
	}
	return out, nil
}

// people reads the names of accounts by id.
func people(tx *db.Tx, ids []string) (map[string]person, error) {
	out := map[string]person{}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		p, found, err := personByID(tx, id)
		if err != nil {
			return nil, err
		}
		if found {
			out[id] = p
		}
	}
	return out, nil
}

// agencyName is how a page names an agency; "" for none.
func (n names) agencyName(id string) string { return n.agency[id].Name }

// accountName is how a page names an account; the id for one that is no account, such
// as a part of the program.
func (n names) accountName(id string) string { return cmp.Or(n.account[id].Name, id) }

// read runs fn in a reading transaction.
func (s *Service) read(ctx context.Context, fn func(tx *db.Tx, a identity.Actor) error) error {
	return s.DB.Read(ctx, func(tx *db.Tx) error { return fn(tx, identity.From(ctx)) })
}

// write runs fn in a writing transaction.
func (s *Service) write(ctx context.Context, fn func(tx *db.Tx, a identity.Actor) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return fn(tx, identity.From(ctx)) })
}
