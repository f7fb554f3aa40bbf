package org

import (
	"cchc/internal/db"
	"cchc/internal/text"
)

// lockTree makes changes of the directory wait for each other: two moves at the same
// time could each be harmless and together close the tree upon itself.
func lockTree(tx *db.Tx) error { return tx.Lock("org_tree") }

func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// insertAgency writes the agency, its link and its place in the tree.
func insertAgency(tx *db.Tx, a Agency) error {
	if _, err := tx.Exec(`
		INSERT INTO org_agency (id, code, name, short_name, name_fold, name_sort, kind, parent_id, from_day, to_day, sample, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		a.ID, a.Code, a.Name, a.ShortName, text.Fold(a.Name), text.SortKey(a.Name), string(a.Kind), orNull(a.ParentID), a.ValidFrom, a.ValidTo, a.Sample, a.Version); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO org_parent (agency_id, from_day, to_day, parent_id) VALUES ($1, $2, $3, $4)`,
		a.ID, a.ValidFrom, a.ValidTo, orNull(a.ParentID)); err != nil {
		return err
	}
	_, err := tx.Exec(`
		INSERT INTO org_tree (ancestor_id, descendant_id)
		SELECT ancestor_id, CAST($1 AS TEXT) FROM org_tree WHERE descendant_id = $2
		UNION ALL SELECT CAST($1 AS TEXT), CAST($1 AS TEXT)`, a.ID, a.ParentID)
	return err
}

func updateAgency(tx *db.Tx, a Agency) (int64, error) {
	return tx.Exec(`
		UPDATE org_agency SET code = $3, name = $4, short_name = $5, name_fold = $6, name_sort = $7, kind = $8, parent_id = $9,
			from_day = $10, to_day = $11, sample = $12, version = $2 + 1
		WHERE id = $1 AND version = $2`,
		a.ID, a.Version-1, a.Code, a.Name, a.ShortName, text.Fold(a.Name), text.SortKey(a.Name), string(a.Kind), orNull(a.ParentID), a.ValidFrom, a.ValidTo, a.Sample)
}

// moveTree hangs the agency with all below it under its new parent, and closes the
// link that it had until the day before.
func moveTree(tx *db.Tx, a Agency, day string) error {
	if _, err := tx.Exec(`
		DELETE FROM org_tree
		WHERE descendant_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $1)
		  AND ancestor_id IN (SELECT ancestor_id FROM org_tree WHERE descendant_id = $1 AND ancestor_id <> $1)`, a.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`
		INSERT INTO org_tree (ancestor_id, descendant_id)
		SELECT up.ancestor_id, down.descendant_id FROM org_tree up JOIN org_tree down ON down.ancestor_id = $1
		WHERE up.descendant_id = $2`, a.ID, a.ParentID); err != nil {
		return err
	}
	// A second move on the same day, or one before an earlier move, replaces it.
	if _, err := tx.Exec(`DELETE FROM org_parent WHERE agency_id = $1 AND from_day >= $2`, a.ID, day); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE org_parent SET to_day = $3 WHERE agency_id = $1 AND to_day >= $2`, a.ID, day, dayBefore(day)); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO org_parent (agency_id, from_day, to_day, parent_id) VALUES ($1, $2, $3, $4)`, a.ID, day, a.ValidTo, orNull(a.ParentID))
	return err
}

// moveEnds carries a changed first or last day to the links and the names.
func moveEnds(tx *db.Tx, before, after Agency) error {
	if before.ValidFrom != after.ValidFrom {
		if _, err := tx.Exec(`UPDATE org_parent SET from_day = $3 WHERE agency_id = $1 AND from_day = $2`, after.ID, before.ValidFrom, after.ValidFrom); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE org_alias SET from_day = $3 WHERE agency_id = $1 AND from_day = $2`, after.ID, before.ValidFrom, after.ValidFrom); err != nil {
			return err
		}
	}
	if before.ValidTo != after.ValidTo {
		if _, err := tx.Exec(`UPDATE org_parent SET to_day = $3 WHERE agency_id = $1 AND to_day = $2`, after.ID, before.ValidTo, after.ValidTo); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE org_alias SET to_day = $3 WHERE agency_id = $1 AND to_day = $2`, after.ID, before.ValidTo, after.ValidTo); err != nil {
			return err
		}
	}
	return nil
}

// isBelow reports whether agency stands below ancestor, or is it.
func isBelow(tx *db.Tx, ancestor, agency string) (bool, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM org_tree WHERE ancestor_id = $1 AND descendant_id = $2`, ancestor, agency)
	return n > 0, err
}

// insertAlias writes a key; one that follows a name of the past begins after it.
func insertAlias(tx *db.Tx, a Agency, kind, alias, key string) error {
	from := a.ValidFrom
	last, _, err := db.One(tx, db.Value[string], `
		SELECT COALESCE(MAX(to_day), '') FROM org_alias WHERE agency_id = $1 AND kind = $2`, a.ID, "old_"+kind)
	if err != nil {
		return err
	}
	if last >= from {
		from = dayAfter(last)
	}
	_, err = tx.Exec(`INSERT INTO org_alias (id, agency_id, kind, text, match_key, from_day, to_day) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		db.NewID(), a.ID, kind, alias, key, from, a.ValidTo)
	return err
}

// retireNames turns names of today into names of the past, when they change.
func retireNames(tx *db.Tx, a Agency, kind, old, lastDay string, changes bool) error {
	if !changes {
		return nil
	}
	_, err := tx.Exec(`UPDATE org_alias SET kind = $3, to_day = $4 WHERE agency_id = $1 AND kind = $2`, a.ID, kind, old, lastDay)
	return err
}

func deleteNames(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM org_alias WHERE agency_id = $1 AND kind IN ('name', 'short_name', 'code', 'generated')`, id)
	return err
}

func deleteAlias(tx *db.Tx, id, alias string) (int64, error) {
	return tx.Exec(`DELETE FROM org_alias WHERE agency_id = $1 AND kind = 'alias' AND text = $2`, id, alias)
}

// Alias is one way in which an agency is found, and when it was so called.
type Alias struct {
	Kind    string `json:"kind"` // name, short_name, code, old_name, old_short_name, old_code, alias
	Text    string `json:"text"`
	FromDay string `json:"from_day"`
	ToDay   string `json:"to_day"`
}

// Names lists the names and codes of an agency, past ones too, newest first.
func Names(tx *db.Tx, agencyID string) ([]Alias, error) {
	return db.All(tx, func(row db.Scanner) (a Alias, err error) {
		err = row.Scan(&a.Kind, &a.Text, &a.FromDay, &a.ToDay)
		return a, err
	}, `SELECT kind, text, from_day, to_day FROM org_alias WHERE agency_id = $1 AND kind <> 'generated' ORDER BY to_day DESC, kind, text`, agencyID)
}

// NameOn is what an agency was called on day.
func NameOn(tx *db.Tx, agencyID, day string) (string, error) {
	name, _, err := db.One(tx, db.Value[string], `
		SELECT text FROM org_alias
		WHERE agency_id = $1 AND kind IN ('name', 'old_name') AND from_day <= $2 AND to_day >= $2 ORDER BY kind LIMIT 1`, agencyID, day)
	return name, err
}

// ParentOn is the agency's parent on day, "" at the top.
func ParentOn(tx *db.Tx, agencyID, day string) (string, error) {
	id, _, err := db.One(tx, db.Value[string], `
		SELECT COALESCE(parent_id, '') FROM org_parent WHERE agency_id = $1 AND from_day <= $2 AND to_day >= $2`, agencyID, day)
	return id, err
}

// Children lists the agencies directly below one that exist on day.
func Children(tx *db.Tx, agencyID, day string) ([]Agency, error) {
	return db.All(tx, scanAgency, `
		SELECT id, code, name, short_name, kind, COALESCE(parent_id, ''), from_day, to_day, sample, version
		FROM org_agency WHERE parent_id = $1 AND ($2 = '' OR (from_day <= $2 AND to_day >= $2)) ORDER BY name_sort, code`, agencyID, day)
}
