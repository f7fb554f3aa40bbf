package procedure

import (
	"context"
	"strings"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/process"
	"cchc/internal/text"
)

// Today is the day of now in Vietnam.
func (s *Service) Today() string { return clock.Day(s.Clock()) }

// List reads the procedures that the reader may see, by name: to visitors those in force
// today, to officers all that were ever published, drafts to who sees the province.
// after is the cursor of the last row, nil for the first page.
func (s *Service) List(ctx context.Context, q Query, after []string, limit int) (list []Row, err error) {
	a, now := identity.From(ctx), s.Clock()
	if q.Day == "" {
		q.Day = clock.Day(now)
	}
	account := ""
	if a.Has(RightView) {
		account = a.AccountID
	}
	sort, id := "", ""
	if len(after) == 2 {
		sort, id = after[0], after[1]
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listProcedures(tx, account, now.UnixMilli(), q, firstWords(q.Words), sort, id, limit)
		return err
	})
	return list, err
}

// Public is List as a visitor sees it, whoever asks: what is in force.
func (s *Service) Public(ctx context.Context, q Query, after []string, limit int) ([]Row, error) {
	return s.List(identity.With(ctx, identity.Actor{}), q, after, limit)
}

// On reads the version of a procedure that is in force on a day, "" today. Refusals:
// procedure.unknown, procedure.not_in_force, procedure.day_unreadable.
func (s *Service) On(ctx context.Context, key, day string) (p Procedure, v Version, err error) {
	if day == "" {
		day = s.Today()
	} else if t, fault := clock.ParseDay(day); fault != nil || clock.Day(t) != day {
		return p, v, errs.OnField("on", "procedure.day_unreadable")
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = findProcedure(tx, key); err != nil {
			return err
		}
		published, err := versionsOf(tx, p.ID, false)
		if err != nil {
			return err
		}
		if len(published) == 0 { // nobody outside knows of it yet
			return errs.New(errs.NotFound, "procedure.unknown", "key", key)
		}
		var found bool
		if v, found, err = versionOn(tx, p.ID, day); err == nil && !found {
			err = errs.New(errs.NotFound, "procedure.not_in_force", "name", p.Name, "day", day)
		}
		return err
	})
	return p, v, err
}

// wayMinutes is the longest way through the steps of a procedure.
func wayMinutes(c Content) int { return process.Path(c.Steps, false).Minutes }

// firstWords are the first four words of a question, without marks. A percent sign or an
// underscore would match anything, so they match nothing of their own.
func firstWords(question string) (out [4]string) {
	clean := strings.NewReplacer("%", " ", "_", " ", `\`, " ").Replace(text.Fold(question))
	for i, w := range strings.Fields(clean) {
		if i == len(out) {
			break
		}
		out[i] = w
	}
	return out
}

// Cursor is where the page after this row begins.
func (r Row) Cursor() []string { return []string{r.sort, r.ID} }

// Fields lists the fields of the published procedures.
func (s *Service) Fields(ctx context.Context) (list []string, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error { list, err = fieldsInUse(tx); return err })
	return list, err
}

// View is a procedure with its versions.
type View struct {
	Procedure
	Current  Version // in force today
	InForce  bool
	Versions []Version // newest first; drafts for who sees the province
	Groups   []Group   // that it is a member of, or that it is, today
	Alike    []Row     // others of the same field, in force
	Can      map[string]bool
}

// Open reads a procedure: everybody sees it from the day on which it was first in force,
// also when it is no longer; an officer once it is published, a draft who sees the
// province. Refusal: procedure.unknown.
func (s *Service) Open(ctx context.Context, key string) (v View, err error) {
	a, now := identity.From(ctx), s.Clock()
	day := clock.Day(now)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		v = View{Can: map[string]bool{}}
		if v.Procedure, err = findProcedure(tx, key); err != nil {
			return err
		}
		drafts := seesDrafts(tx, a, now)
		if v.Versions, err = versionsOf(tx, v.ID, drafts); err != nil {
			return err
		}
		if v.Current, v.InForce, err = versionOn(tx, v.ID, day); err != nil {
			return err
		}
		n := len(v.Versions)
		if n == 0 || !a.Has(RightView) && v.Versions[n-1].From > day {
			return errs.New(errs.NotFound, "procedure.unknown", "key", key)
		}
		if v.Alike, err = listProcedures(tx, "", 0, Query{Day: day, Field: v.Field}, [4]string{}, "", "", 6); err != nil {
			return err
		}
		for _, right := range []string{RightEdit, RightPublish} {
			v.Can[right] = a.SignedIn() && identity.Require(tx, a, right, "", now) == nil
		}
		v.Groups, err = groupsWith(tx, v.Key, day)
		return err
	})
	return v, err
}

// Published are the versions that were published, newest first.
func (v View) Published() (list []Version) {
	for _, one := range v.Versions {
		if one.State == InUse {
			list = append(list, one)
		}
	}
	return list
}

// groupsWith lists the groups of a day of which a procedure is a member, or that it is.
func groupsWith(tx *db.Tx, key, day string) (list []Group, err error) {
	all, err := allGroups(tx)
	for _, g := range all {
		if _, member := g.Member(key); (member || g.Key == key) && g.From <= day && day <= g.To {
			list = append(list, g)
		}
	}
	return list, err
}

// Groups lists every definition of a group, newest first within its key.
func (s *Service) Groups(ctx context.Context) (list []Group, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error { list, err = allGroups(tx); return err })
	return list, err
}

// GroupsOn lists the groups that count on a day.
func (s *Service) GroupsOn(tx *db.Tx, day string) (list []Group, err error) {
	all, err := allGroups(tx)
	for _, g := range all {
		if g.From <= day && day <= g.To {
			list = append(list, g)
		}
	}
	return list, err
}

// VersionView is one version as its page shows it.
type VersionView struct {
	Version
	Of       Procedure
	Before   Version // the one published before it, to compare with
	HasPrior bool
	Findings []Finding
	Way      process.Critical
	Can      map[string]bool
	Waiting  int64 // versions that wait to be published
}

// OpenVersion reads one version: a published one for everybody with the view, a draft for
// who sees the province. Refusal: procedure.version_unknown.
func (s *Service) OpenVersion(ctx context.Context, id string) (v VersionView, err error) {
	a, now := identity.From(ctx), s.Clock()
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		v = VersionView{Can: map[string]bool{}}
		if v.Version, err = findVersion(tx, id); err != nil {
			return err
		}
		if !a.Has(RightView) || v.State != InUse && !seesDrafts(tx, a, now) {
			return errs.New(errs.NotFound, "procedure.version_unknown")
		}
		if v.Of, err = findProcedure(tx, v.Procedure); err != nil {
			return err
		}
		list, err := versionsOf(tx, v.Procedure, false)
		if err != nil {
			return err
		}
		for _, old := range list {
			if old.No < v.No {
				v.Before, v.HasPrior = old, true
				break
			}
		}
		v.Findings, v.Way = Check(v.Of.Kind, v.Content), process.Path(v.Content.Steps, false)
		v.offers(tx, a, now)
		v.Waiting, err = draftsWaiting(tx)
		return err
	})
	return v, err
}

// offers says what the reader may do with a version now.
func (v *VersionView) offers(tx *db.Tx, a identity.Actor, now time.Time) {
	may := func(right string) bool { return identity.Require(tx, a, right, "", now) == nil }
	v.Can["write"] = v.State == Draft && may(RightEdit)
	for _, m := range VersionMoves.From(v.State) {
		right := RightEdit
		if m == "publish" || m == "return" {
			right = RightPublish
		}
		v.Can[m] = may(right)
	}
	v.Can["own"] = a.AccountID == v.DraftedBy || a.AccountID == v.EditedBy
}

// Pair reads two versions of one procedure to compare; the older first. Refusals:
// procedure.unknown, procedure.version_unknown.
func (s *Service) Pair(ctx context.Context, key string, from, to int64) (p Procedure, old, fresh Version, err error) {
	v, err := s.Open(ctx, key)
	if err != nil {
		return p, old, fresh, err
	}
	found := 0
	for _, one := range v.Versions {
		if one.No == from {
			old = one
			found++
		}
		if one.No == to {
			fresh = one
			found++
		}
	}
	if found != 2 {
		return p, old, fresh, errs.New(errs.NotFound, "procedure.version_unknown")
	}
	return v.Procedure, old, fresh, nil
}
