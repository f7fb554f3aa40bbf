package procedure

import (
	"context"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
)

// Service is what people and other rooms do with the catalogue.
type Service struct {
	DB    *db.DB
	Clock clock.Clock
	Log   *audit.Log
	// Apply gives the address where a citizen sends a dossier of a procedure online; nil
	// or "" while the program takes none.
	Apply func(key string) string
}

// write runs fn in one transaction for somebody who holds right over the province.
func (s *Service) write(ctx context.Context, right string, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := identity.Require(tx, a, right, "", now); err != nil {
			return err
		}
		return fn(tx, a, now)
	})
}

// seesDrafts says whether a reader holds the view over the province.
func seesDrafts(tx *db.Tx, a identity.Actor, now time.Time) bool {
	return a.SignedIn() && identity.Require(tx, a, RightView, "", now) == nil
}

// InForce is what a dossier needs of a procedure received on a day (YYYY-MM-DD): the
// version in force, the case ("" is the procedure itself), the times of the counter or
// online. Refusals: procedure.unknown, procedure.not_in_force, procedure.not_receivable,
// procedure.variant_unknown.
func (s *Service) InForce(tx *db.Tx, key, variant, day string, online bool) (Terms, error) {
	p, err := findProcedure(tx, key)
	if err != nil {
		return Terms{}, err
	}
	v, found, err := versionOn(tx, p.ID, day)
	if err != nil {
		return Terms{}, err
	}
	if !found {
		return Terms{}, errs.New(errs.Conflict, "procedure.not_in_force", "name", p.Name, "day", day)
	}
	return terms(p, v, variant, online)
}

// TermsOf is what a version asked, whether it is still in force or not: for a dossier
// that was received under it. Refusals: procedure.version_unknown and those of InForce.
func (s *Service) TermsOf(tx *db.Tx, version, variant string, online bool) (Terms, error) {
	v, err := findVersion(tx, version)
	if err != nil {
		return Terms{}, err
	}
	p, err := findProcedure(tx, v.Procedure)
	if err != nil {
		return Terms{}, err
	}
	return terms(p, v, variant, online)
}

// Fees are the lines of a version's table of fees that count for a case on a day, and
// what is told in words only.
func (s *Service) Fees(tx *db.Tx, version, variant, day string) (list []Fee, words string, err error) {
	v, err := findVersion(tx, version)
	if err != nil {
		return nil, "", err
	}
	return v.Content.FeesOn(variant, day), v.Content.FeeText, nil
}

// Group is the definition of a group that counts on a day. Refusals:
// procedure.group_unknown.
func (s *Service) Group(tx *db.Tx, key, day string) (Group, error) {
	g, found, err := groupOn(tx, key, day)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "procedure.group_unknown", "key", key, "day", day)
	}
	return g, err
}

// record writes the audit entry of an act on a version.
func (s *Service) record(tx *db.Tx, a identity.Actor, kind string, p Procedure, v Version, reason string) error {
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: kind, Subject: "procedure_version:" + v.ID, Reason: reason, After: map[string]any{
		"key": p.Key, "no": v.No, "state": v.State, "procedure_state": p.State, "from": v.From, "to": v.To, "decision": v.Decision, "digest": v.Digest}})
}

func (s *Service) recordGroup(tx *db.Tx, a identity.Actor, g Group) error {
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: "procedure.group", Subject: "procedure_group:" + g.Key, After: map[string]any{
		"key": g.Key, "from": g.From, "to": g.To, "members": len(g.Members), "basis": g.Basis}})
}
