package procedure

import (
	"context"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// keyShape is how a procedure is named between programs.
var keyShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,59}$`)

// codeShape is a national code: 1.001029, with the suffixes that provinces add.
var codeShape = regexp.MustCompile(`^\d\.\d{6}(\.[0-9A-Z]{2,4})*$`)

// Create makes a procedure with its first draft. Refusals: procedure.key_shape,
// procedure.key_taken, procedure.kind_unknown, procedure.name_missing,
// procedure.code_shape.
func (s *Service) Create(ctx context.Context, key string, kind Kind, c Content) (v Version, err error) {
	c = clean(c)
	err = s.write(ctx, RightEdit, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		if err := headFaults(key, kind, c).Err(); err != nil {
			return err
		}
		if _, err := findProcedure(tx, key); errs.KindOf(err) != errs.NotFound {
			if err == nil {
				err = errs.OnField("key", "procedure.key_taken", "key", key)
			}
			return err
		}
		p := Procedure{ID: db.NewID(), Key: key, Code: c.Code, Name: c.Name, Field: c.Field, Level: c.Level, Kind: kind, State: Unpublished}
		if err := addProcedure(tx, p, now.UnixMilli()); err != nil {
			return err
		}
		v, err = s.addDraft(tx, a, now, p, c)
		return err
	})
	return v, err
}

func headFaults(key string, kind Kind, c Content) (l errs.List) {
	if !keyShape.MatchString(key) || key == "new" || key == "import" { // words of our own addresses
		l = append(l, errs.OnField("key", "procedure.key_shape"))
	}
	if !slices.Contains(Kinds, kind) {
		l = append(l, errs.OnField("kind", "procedure.kind_unknown"))
	}
	return append(l, contentFaults(c)...)
}

// contentFaults are what even a draft may not hold.
func contentFaults(c Content) (l errs.List) {
	if c.Name == "" {
		l = append(l, errs.OnField("name", "procedure.name_missing"))
	}
	if c.Code != "" && !codeShape.MatchString(c.Code) {
		l = append(l, errs.OnField("code", "procedure.code_shape"))
	}
	if n := len(c.Steps) + len(c.Components) + len(c.Fees) + len(c.Variants); n > mostLines {
		l = append(l, errs.New(errs.TooLarge, "procedure.too_many_lines", "max", mostLines))
	}
	return l
}

// mostLines bounds what one version holds: steps, papers, fees and cases together.
const mostLines = 1000

// clean brings what was typed into the one form in which text is kept.
func clean(c Content) Content {
	for _, word := range []*string{&c.Name, &c.Code, &c.Field, &c.LevelText, &c.Authority, &c.Applicants} {
		*word = text.Clean(*word)
	}
	for _, words := range []*string{&c.Order, &c.ReceivingRules, &c.Note, &c.FeeText} {
		*words = strings.TrimSpace(text.NFC(*words))
	}
	return c
}

func (s *Service) addDraft(tx *db.Tx, a identity.Actor, now time.Time, p Procedure, c Content) (Version, error) {
	no, err := lastNo(tx, p.ID)
	if err != nil {
		return Version{}, err
	}
	_, digest, err := seal(c)
	if err != nil {
		return Version{}, err
	}
	v := Version{ID: db.NewID(), Procedure: p.ID, No: no + 1, State: Draft, To: LastDay, DraftedBy: a.AccountID, EditedBy: a.AccountID, CreatedMs: now.UnixMilli(), Digest: digest, Version: 1, Content: c}
	if err := addVersion(tx, v); err != nil {
		return v, err
	}
	return v, s.record(tx, a, "procedure.draft", p, v, "")
}

// Amend begins a new version of a procedure from the newest one that was published.
// Refusals: procedure.unknown, procedure.draft_open.
func (s *Service) Amend(ctx context.Context, key string) (v Version, err error) {
	err = s.write(ctx, RightEdit, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		p, err := findProcedure(tx, key)
		if err != nil {
			return err
		}
		if _, found, err := openVersion(tx, p.ID); err != nil || found {
			if err == nil {
				err = errs.New(errs.Conflict, "procedure.draft_open")
			}
			return err
		}
		c := Content{Name: p.Name, Code: p.Code, Field: p.Field, Level: p.Level}
		if list, err := versionsOf(tx, p.ID, false); err != nil {
			return err
		} else if len(list) > 0 {
			c = list[0].Content
		}
		v, err = s.addDraft(tx, a, now, p, c)
		return err
	})
	return v, err
}

// on changes one version: right over the province, version, fn, save, record.
func (s *Service) on(ctx context.Context, id string, version int64, right, kind, reason string, fn func(*db.Tx, *Procedure, *Version, identity.Actor, time.Time) error) (out Version, err error) {
	err = s.write(ctx, right, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		v, err := findVersion(tx, id)
		if err != nil {
			return err
		}
		p, err := findProcedure(tx, v.Procedure)
		if err != nil {
			return err
		}
		if v.Version != version {
			return errs.New(errs.Conflict, "procedure.changed_meanwhile")
		}
		if err := fn(tx, &p, &v, a, now); err != nil {
			return err
		}
		if _, v.Digest, err = seal(v.Content); err != nil {
			return err
		}
		if err := saveVersion(tx, v); err != nil {
			return err
		}
		v.Version++
		out = v
		return s.record(tx, a, kind, p, v, reason)
	})
	return out, err
}

// Write changes the content of a draft by fn, which is given a copy. Refusals:
// procedure.not_draft, procedure.changed_meanwhile, procedure.name_missing,
// procedure.code_shape, procedure.too_many_lines.
func (s *Service) Write(ctx context.Context, id string, version int64, fn func(*Content) error) (Version, error) {
	return s.on(ctx, id, version, RightEdit, "procedure.write", "", func(tx *db.Tx, p *Procedure, v *Version, a identity.Actor, _ time.Time) error {
		if v.State != Draft {
			return errs.New(errs.Conflict, "procedure.not_draft")
		}
		old := v.Content
		old.Steps, old.Fees = slices.Clone(old.Steps), slices.Clone(old.Fees)
		if err := fn(&v.Content); err != nil {
			return err
		}
		v.Content = clean(v.Content)
		forget(old, v.Content)
		if err := contentFaults(v.Content).Err(); err != nil {
			return err
		}
		v.EditedBy = a.AccountID
		if p.State != Unpublished { // the catalogue shows what is published until the next publication
			return nil
		}
		p.name(v.Content)
		return saveProcedure(tx, *p)
	})
}

// forget takes away the evidence of what was written anew: it spoke of the old value.
func forget(old, fresh Content) {
	for about, same := range map[string]bool{
		"limit": old.Limit == fresh.Limit, "code": old.Code == fresh.Code, "authority": old.Authority == fresh.Authority, "supplement_notice": old.SupplementNotice == fresh.SupplementNotice,
		"fees": slices.Equal(old.Fees, fresh.Fees), "steps": reflect.DeepEqual(old.Steps, fresh.Steps), "conditions": slices.Equal(old.Conditions, fresh.Conditions),
	} {
		for key := range fresh.Evidence {
			if !same && (key == about || strings.HasPrefix(key, about+".")) {
				delete(fresh.Evidence, key)
			}
		}
	}
}

// name takes over what the catalogue shows of a version.
func (p *Procedure) name(c Content) {
	p.Code, p.Name, p.Field, p.Level = c.Code, c.Name, c.Field, c.Level
}

// Move takes a version along its table of moves other than publish; a return says why.
// Refusals: procedure.wrong_state, procedure.reason_missing.
func (s *Service) Move(ctx context.Context, id string, version int64, name, reason string) (Version, error) {
	right := RightEdit
	if name == "return" {
		right = RightPublish
	}
	reason = text.Clean(reason)
	return s.on(ctx, id, version, right, "procedure.move", reason, func(_ *db.Tx, _ *Procedure, v *Version, _ identity.Actor, _ time.Time) (err error) {
		if name == "publish" {
			return errs.New(errs.Invalid, "procedure.wrong_state", "state", string(v.State), "move", name)
		}
		if v.State, err = VersionMoves.Next(v.State, name, "procedure.wrong_state"); err != nil {
			return err
		}
		if name == "return" && reason == "" {
			return errs.OnField("reason", "procedure.reason_missing")
		}
		return nil
	})
}
