package directive

import (
	"context"
	"slices"
	"strings"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/event"
	"cchc/internal/identity"
	"cchc/internal/org"
	"cchc/internal/text"
)

// Given is one item as a task.
type Given struct {
	Issuer, Number, Signer, Text, Product, Lead, Due string
	Level                                            string
	Helpers                                          []string
}

// Standing is where a task stands on a day.
type Standing struct {
	Code, URL, Class, Due string
	Done                  bool
	Progress              int
}

// Giver makes items into tasks; app wires it to the plans.
type Giver interface {
	// Give makes a task of the register of the year of now and hands it out.
	Give(tx *db.Tx, who audit.Who, now time.Time, g Given) (taskID string, err error)
	// Standings says where tasks stand at the end of a day.
	Standings(tx *db.Tx, tasks []string, day string) (map[string]Standing, error)
}

// Service is what people do with directives.
type Service struct {
	DB    *db.DB
	Clock clock.Clock
	Log   *audit.Log
	Tasks Giver
	// Province finds the agency in whose name directives are given.
	Province func(tx *db.Tx, day string) (string, error)
}

// write runs fn in one transaction for somebody who is signed in.
func (s *Service) write(ctx context.Context, fn func(*db.Tx, identity.Actor, time.Time) error) error {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return fn(tx, a, now) })
}

// List reads the directives that concern the reader, newest first: all of them for who
// writes or signs, issued ones with an item for an agency within reach for everybody
// else. words narrow by title or number; after is the key (day, id) of the last one.
func (s *Service) List(ctx context.Context, words string, after []string, limit int) (list []Directive, err error) {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return nil, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	day, id := "", ""
	if len(after) == 2 {
		day, id = after[0], after[1]
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listDirectives(tx, a.AccountID, now.UnixMilli(), text.Fold(words), day, id, limit)
		return err
	})
	return list, err
}

// View is a directive as its page shows it.
type View struct {
	Directive
	List  []Item
	State map[string]Standing // by task
	Can   map[string]bool
	Names map[string]string // agencies of today by id
	Lacks map[string][]string
}

// ready says that every item can be given.
func (v View) ready() bool { return len(v.List) > 0 && len(v.Lacks) == 0 }

// Open reads one directive. Refusal: directive.unknown, also out of reach.
func (s *Service) Open(ctx context.Context, id string) (v View, err error) {
	a, now := identity.From(ctx), s.Clock()
	if !a.SignedIn() {
		return v, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		v = View{Can: map[string]bool{}, Names: map[string]string{}, Lacks: map[string][]string{}}
		if v.Directive, err = findDirective(tx, id, a.AccountID, now.UnixMilli()); err != nil {
			return err
		}
		if v.List, err = itemsWithin(tx, id, a.AccountID, now.UnixMilli()); err != nil {
			return err
		}
		may := func(right string) bool { return identity.Require(tx, a, right, v.Issuer, now) == nil }
		moves := Moves.From(v.Directive.State)
		v.Can["write"] = v.Directive.State == Draft && may(RightDraft)
		for _, m := range moves {
			right := RightDraft
			if m == "issue" || m == "return" {
				right = RightIssue
			}
			v.Can[m] = may(right)
		}
		var tasks []string
		for _, i := range v.List {
			if lacks := i.missing(); len(lacks) > 0 && v.Directive.State != Issued {
				v.Lacks[i.ID] = lacks
			}
			if i.Task != "" {
				tasks = append(tasks, i.Task)
			}
		}
		if v.State, err = s.Tasks.Standings(tx, tasks, clock.Day(now)); err != nil {
			return err
		}
		all, err := org.List(tx, "")
		for _, o := range all {
			v.Names[o.ID] = o.Name
		}
		return err
	})
	return v, err
}

// Agencies lists who can be given something today.
func (s *Service) Agencies(ctx context.Context) (list []org.Agency, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error { list, err = org.List(tx, clock.Day(s.Clock())); return err })
	return list, err
}

// wellFormed checks the head of a directive as typed.
func (d Directive) wellFormed(today string) error {
	var l errs.List
	if d.Title == "" {
		l = append(l, errs.OnField("title", "directive.title_missing"))
	}
	if !slices.Contains(Sources, d.Source) {
		l = append(l, errs.OnField("source", "directive.source_missing"))
	}
	if !slices.Contains(Levels, d.Level) {
		l = append(l, errs.OnField("level", "directive.level_missing"))
	}
	if t, err := clock.ParseDay(d.Day); err != nil || clock.Day(t) != d.Day || d.Day > today {
		l = append(l, errs.OnField("day", "directive.day_unreadable"))
	}
	return l.Err()
}

// Write keeps the head of a directive: a new one without id. Refusals:
// directive.title_missing, directive.source_missing, directive.level_missing,
// directive.day_unreadable, directive.not_draft, directive.changed_meanwhile.
func (s *Service) Write(ctx context.Context, d Directive) (Directive, error) {
	d.Title, d.Number, d.Text = text.Clean(d.Title), text.Clean(d.Number), strings.TrimSpace(text.NFC(d.Text))
	if d.ID != "" {
		return s.on(ctx, d.ID, d.Version, RightDraft, "directive.write", "", func(_ *db.Tx, old *Directive, _ identity.Actor, now time.Time) error {
			if old.State != Draft {
				return errs.New(errs.Conflict, "directive.not_draft")
			}
			old.Title, old.Number, old.Text, old.Source, old.Level, old.Day = d.Title, d.Number, d.Text, d.Source, d.Level, d.Day
			return old.wellFormed(clock.Day(now))
		})
	}
	err := s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		province, err := s.Province(tx, clock.Day(now))
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, RightDraft, province, now); err != nil {
			return err
		}
		d.ID, d.State, d.Issuer, d.DraftedBy, d.CreatedMs, d.Version = db.NewID(), Draft, province, a.AccountID, now.UnixMilli(), 1
		if err := d.wellFormed(clock.Day(now)); err != nil {
			return err
		}
		if err := addDirective(tx, d); err != nil {
			return err
		}
		return s.record(tx, a, "directive.write", d, "")
	})
	return d, err
}

func (s *Service) record(tx *db.Tx, a identity.Actor, kind string, d Directive, reason string) error {
	return s.Log.Record(tx, a.Who(), audit.Entry{Kind: kind, Subject: "directive_directive:" + d.ID, Agency: d.Issuer, Reason: reason,
		After: map[string]any{"title": d.Title, "number": d.Number, "state": d.State, "level": d.Level, "day": d.Day}})
}

// on changes one directive: reach, right over the issuer, version, fn, save, record.
func (s *Service) on(ctx context.Context, id string, version int64, right, kind, reason string, fn func(*db.Tx, *Directive, identity.Actor, time.Time) error) (out Directive, err error) {
	err = s.write(ctx, func(tx *db.Tx, a identity.Actor, now time.Time) error {
		d, err := findDirective(tx, id, a.AccountID, now.UnixMilli())
		if err != nil {
			return err
		}
		if err := identity.Require(tx, a, right, d.Issuer, now); err != nil {
			return err
		}
		if d.Version != version {
			return errs.New(errs.Conflict, "directive.changed_meanwhile")
		}
		if err := fn(tx, &d, a, now); err != nil {
			return err
		}
		if err := saveDirective(tx, d); err != nil {
			return err
		}
		d.Version++
		out = d
		return s.record(tx, a, kind, d, reason)
	})
	return out, err
}

// Move takes a directive along its table of moves other than issue; a return says why.
// Refusals: directive.wrong_state, directive.reason_missing, directive.no_item.
func (s *Service) Move(ctx context.Context, id string, version int64, name, reason string) (Directive, error) {
	right := RightDraft
	if name == "return" {
		right = RightIssue
	}
	reason = text.Clean(reason)
	return s.on(ctx, id, version, right, "directive.move", reason, func(tx *db.Tx, d *Directive, _ identity.Actor, _ time.Time) (err error) {
		if name == "issue" {
			return errs.New(errs.Invalid, "directive.wrong_state")
		}
		if d.State, err = Moves.Next(d.State, name, "directive.wrong_state"); err != nil {
			return err
		}
		if name == "return" && reason == "" {
			return errs.OnField("reason", "directive.reason_missing")
		}
		if items, err := itemsOf(tx, d.ID); err != nil || name == "submit" && len(items) == 0 {
			if err == nil {
				err = errs.New(errs.Conflict, "directive.no_item")
			}
			return err
		}
		return nil
	})
}

// Issue gives every item as a task, in one transaction, and lists all that is missing.
// Refusals: directive.no_item, directive.item_lacks, directive.item_past,
// directive.number_missing, directive.wrong_state and those of the tasks.
func (s *Service) Issue(ctx context.Context, id string, version int64, number, signer string) (Directive, error) {
	return s.on(ctx, id, version, RightIssue, "directive.issue", "", func(tx *db.Tx, d *Directive, a identity.Actor, now time.Time) (err error) {
		if d.Number, d.Signer = text.Clean(number), text.Clean(signer); d.Number == "" {
			return errs.OnField("number", "directive.number_missing")
		}
		if d.State, err = Moves.Next(d.State, "issue", "directive.wrong_state"); err != nil {
			return err
		}
		items, err := itemsOf(tx, d.ID)
		if err != nil {
			return err
		}
		if err := fit(items, clock.Day(now)); err != nil {
			return err
		}
		d.IssuedBy, d.IssuedDay = a.AccountID, clock.Day(now)
		for _, i := range items {
			task, err := s.Tasks.Give(tx, a.Who(), now, Given{Issuer: d.Issuer, Number: d.Number, Signer: d.Signer, Text: i.Text, Product: i.Product, Lead: i.Lead, Due: i.Due,
				Level: string(d.Level), Helpers: i.Helpers})
			if err != nil {
				return err
			}
			if err := tieItem(tx, i.ID, task); err != nil {
				return err
			}
		}
		return event.Post(tx, now, event.DirectiveIssued{DirectiveID: d.ID, Items: len(items)})
	})
}

// fit lists what stands in the way of an issue.
func fit(items []Item, today string) error {
	if len(items) == 0 {
		return errs.New(errs.Conflict, "directive.no_item")
	}
	var l errs.List
	for _, i := range items {
		if lacks := i.missing(); len(lacks) > 0 {
			l = append(l, errs.New(errs.Conflict, "directive.item_lacks", "n", i.No))
		} else if i.Due < today {
			l = append(l, errs.New(errs.Conflict, "directive.item_past", "n", i.No))
		}
	}
	return l.Err()
}
