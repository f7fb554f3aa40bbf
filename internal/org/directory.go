package org

import (
	"cmp"
	"slices"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// Directory changes agencies. Every method runs in the caller's Write and leaves an
// audit entry; whether the person may is checked by the caller.
//
// A change that takes effect on a later day is refused ("org.day_in_future"): names
// and links in the tables are those of today, and rights follow them. What is known
// ahead is the validity of agencies: a successor may be created before its first day.
type Directory struct {
	log   *audit.Log
	clock clock.Clock
	rooms map[string]Handover
}

// NewDirectory makes a Directory that records in log.
func NewDirectory(log *audit.Log, c clock.Clock) *Directory {
	return &Directory{log: log, clock: c, rooms: map[string]Handover{}}
}

func (d *Directory) today() string { return clock.Day(d.clock()) }

// New is an agency to create. Empty days are open; "" ParentID is the top.
type New struct {
	Code      string
	Name      string
	ShortName string
	Kind      Kind
	ParentID  string
	ValidFrom string
	ValidTo   string
	Sample    bool
	Aliases   []string // other names by which it is found
}

// Create adds an agency. It refuses a code that was ever used, an unknown kind or
// parent, and a validity that is no validity.
func (d *Directory) Create(tx *db.Tx, who audit.Who, n New) (Agency, error) {
	a, err := d.create(tx, n)
	if err != nil {
		return a, err
	}
	return a, d.log.Record(tx, who, audit.Entry{Kind: "org.agency_create", Subject: "org_agency:" + a.ID, Agency: a.ID, After: a})
}

func (d *Directory) create(tx *db.Tx, n New) (Agency, error) {
	a := Agency{
		ID: db.NewID(), Code: text.Clean(n.Code), Name: text.Clean(n.Name), ShortName: text.Clean(n.ShortName), Kind: n.Kind, ParentID: n.ParentID,
		ValidFrom: cmp.Or(n.ValidFrom, First), ValidTo: cmp.Or(n.ValidTo, Last), Sample: n.Sample, Version: 1,
	}
	if err := a.check(); err != nil {
		return a, err
	}
	if err := lockTree(tx); err != nil {
		return a, err
	}
	if taken, found, err := FindByCode(tx, a.Code, ""); err != nil || found {
		return a, cmp.Or(err, error(errs.OnField("code", "org.code_taken", "code", a.Code, "name", taken.Name)))
	}
	if a.ParentID != "" {
		if _, err := Find(tx, a.ParentID); err != nil {
			return a, onParent(err)
		}
	}
	if err := insertAgency(tx, a); err != nil {
		return a, err
	}
	if err := writeNames(tx, a); err != nil {
		return a, err
	}
	for _, alias := range n.Aliases {
		if err := d.addAlias(tx, a, alias); err != nil {
			return a, err
		}
	}
	return a, nil
}

// check lists what is wrong with the fields of an agency.
func (a Agency) check() error {
	var faults errs.List
	if a.Code == "" || len(a.Code) > 60 {
		faults = append(faults, errs.OnField("code", "org.code_missing"))
	}
	if a.Name == "" || len([]rune(a.Name)) > 300 {
		faults = append(faults, errs.OnField("name", "org.name_missing"))
	}
	if !a.Kind.Known() {
		faults = append(faults, errs.OnField("kind", "org.kind_unknown", "kind", string(a.Kind)))
	}
	for field, day := range map[string]string{"valid_from": a.ValidFrom, "valid_to": a.ValidTo} {
		if !validDay(day) {
			faults = append(faults, errs.OnField(field, "org.day_unreadable", "day", day))
		}
	}
	if a.ValidFrom > a.ValidTo {
		faults = append(faults, errs.OnField("valid_to", "org.ends_before_it_begins", "from", a.ValidFrom, "to", a.ValidTo))
	}
	return faults.Err()
}

func onParent(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errs.OnField("parent", "org.parent_unknown")
	}
	return err
}

// Edit corrects an agency: a slip in its short name, kind, first or last day. It is
// not history; Rename and Move are.
type Edit struct {
	ShortName          string
	Kind               Kind
	ValidFrom, ValidTo string
	Sample             bool
}

// Update corrects an agency, as read in version; Conflict "org.changed_meanwhile" when
// somebody changed it since.
func (d *Directory) Update(tx *db.Tx, who audit.Who, id string, version int64, e Edit) (Agency, error) {
	before, err := d.read(tx, id, version)
	if err != nil {
		return before, err
	}
	after := before
	after.ShortName, after.Kind, after.Sample = text.Clean(e.ShortName), e.Kind, e.Sample
	after.ValidFrom, after.ValidTo = cmp.Or(e.ValidFrom, First), cmp.Or(e.ValidTo, Last)
	if err := after.check(); err != nil {
		return before, err
	}
	if err := moveEnds(tx, before, after); err != nil {
		return before, err
	}
	return d.save(tx, who, "org.agency_update", before, after, "")
}

// read reads an agency to change it, as it was in version.
func (d *Directory) read(tx *db.Tx, id string, version int64) (Agency, error) {
	if err := lockTree(tx); err != nil {
		return Agency{}, err
	}
	a, err := Find(tx, id)
	if err == nil && a.Version != version {
		err = errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	return a, err
}

// readOn is read for a change on a day, which must lie in the agency's validity after
// its first day, and not in the future.
func (d *Directory) readOn(tx *db.Tx, id string, version int64, day string) (Agency, error) {
	a, err := d.read(tx, id, version)
	if err != nil {
		return a, err
	}
	return a, d.checkDay(a, day)
}

func (d *Directory) checkDay(a Agency, day string) error {
	switch {
	case !validDay(day):
		return errs.OnField("day", "org.day_unreadable", "day", day)
	case day > d.today():
		return errs.OnField("day", "org.day_in_future", "day", day)
	case day <= a.ValidFrom || day > a.ValidTo:
		return errs.OnField("day", "org.day_out_of_validity", "name", a.Name, "from", a.ValidFrom, "to", a.ValidTo)
	}
	return nil
}

// save writes the agency and its names of today, and records the change.
func (d *Directory) save(tx *db.Tx, who audit.Who, kind string, before, after Agency, reason string) (Agency, error) {
	after.Version++
	changed, err := updateAgency(tx, after)
	if err != nil {
		return before, err
	}
	if changed == 0 {
		return before, errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	if err := writeNames(tx, after); err != nil {
		return before, err
	}
	return after, d.log.Record(tx, who, audit.Entry{Kind: kind, Subject: "org_agency:" + after.ID, Agency: after.ID, Before: before, After: after, Reason: reason})
}

// writeNames writes the keys by which the agency is found today: its code, its names
// and what people make of them. Keys of the past stay.
func writeNames(tx *db.Tx, a Agency) error {
	if err := deleteNames(tx, a.ID); err != nil {
		return err
	}
	type name struct{ kind, text, key string }
	names := []name{{"code", a.Code, aliasKey("code", a.Code)}, {"name", a.Name, aliasKey("name", a.Name)}}
	if a.ShortName != "" {
		names = append(names, name{"short_name", a.ShortName, aliasKey("short_name", a.ShortName)})
	}
	for _, key := range lists().generated(a.Name) {
		if !slices.ContainsFunc(names, func(n name) bool { return n.key == key }) {
			names = append(names, name{"generated", key, key})
		}
	}
	for _, n := range names {
		if err := insertAlias(tx, a, n.kind, n.text, n.key); err != nil {
			return err
		}
	}
	return nil
}

func aliasKey(kind, s string) string {
	if kind == "code" {
		return matchCode(s)
	}
	key, _ := lists().key(s)
	return key
}
