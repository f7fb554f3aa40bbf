package org

import (
	"cmp"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

// Rename gives an agency a new name from day on. The old one stays as a name that it
// had until the day before, and finds the agency for ever.
func (d *Directory) Rename(tx *db.Tx, who audit.Who, id string, version int64, name, shortName, day, reason string) (Agency, error) {
	before, err := d.readOn(tx, id, version, day)
	if err != nil {
		return before, err
	}
	after := before
	after.Name, after.ShortName = text.Clean(name), text.Clean(shortName)
	if err := after.check(); err != nil {
		return before, err
	}
	if err := retireNames(tx, before, "name", "old_name", dayBefore(day), after.Name != before.Name); err != nil {
		return before, err
	}
	if err := retireNames(tx, before, "short_name", "old_short_name", dayBefore(day), after.ShortName != before.ShortName); err != nil {
		return before, err
	}
	return d.save(tx, who, "org.agency_rename", before, after, reason)
}

// Recode gives an agency a new code from day on; the old one finds it for ever.
func (d *Directory) Recode(tx *db.Tx, who audit.Who, id string, version int64, code, day, reason string) (Agency, error) {
	before, err := d.readOn(tx, id, version, day)
	if err != nil {
		return before, err
	}
	after := before
	after.Code = text.Clean(code)
	if err := after.check(); err != nil {
		return before, err
	}
	if taken, found, err := FindByCode(tx, after.Code, ""); err != nil || found {
		return before, cmp.Or(err, error(errs.OnField("code", "org.code_taken", "code", after.Code, "name", taken.Name)))
	}
	if err := retireNames(tx, before, "code", "old_code", dayBefore(day), true); err != nil {
		return before, err
	}
	return d.save(tx, who, "org.agency_recode", before, after, reason)
}

// Move puts an agency under another parent from day on; "" is the top. It refuses a
// parent that stands below the agency: the tree would close upon itself.
func (d *Directory) Move(tx *db.Tx, who audit.Who, id string, version int64, parentID, day, reason string) (Agency, error) {
	before, err := d.readOn(tx, id, version, day)
	if err != nil {
		return before, err
	}
	after := before
	after.ParentID = parentID
	if parentID != "" {
		parent, err := Find(tx, parentID)
		if err != nil {
			return before, onParent(err)
		}
		below, err := isBelow(tx, id, parentID)
		if err != nil {
			return before, err
		}
		if below {
			return before, errs.OnField("parent", "org.tree_cyclic", "name", before.Name, "parent", parent.Name)
		}
	}
	if err := moveTree(tx, after, day); err != nil {
		return before, err
	}
	return d.save(tx, who, "org.agency_move", before, after, reason)
}

// AddAlias adds another name by which an agency is found.
func (d *Directory) AddAlias(tx *db.Tx, who audit.Who, id, alias string) error {
	a, err := Find(tx, id)
	if err != nil {
		return err
	}
	if err := d.addAlias(tx, a, alias); err != nil {
		return err
	}
	return d.log.Record(tx, who, audit.Entry{Kind: "org.alias_add", Subject: "org_agency:" + id, Agency: id, After: text.Clean(alias)})
}

func (d *Directory) addAlias(tx *db.Tx, a Agency, alias string) error {
	alias = text.Clean(alias)
	if alias == "" || len([]rune(alias)) > 300 {
		return errs.OnField("alias", "org.name_missing")
	}
	return insertAlias(tx, a, "alias", alias, aliasKey("alias", alias))
}

// RemoveAlias takes such a name away. Names and codes that the agency had are history
// and stay.
func (d *Directory) RemoveAlias(tx *db.Tx, who audit.Who, id, alias string) error {
	n, err := deleteAlias(tx, id, text.Clean(alias))
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "org.alias_unknown")
	}
	return d.log.Record(tx, who, audit.Entry{Kind: "org.alias_remove", Subject: "org_agency:" + id, Agency: id, Before: text.Clean(alias)})
}
