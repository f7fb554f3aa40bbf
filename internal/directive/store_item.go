package directive

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanItem(row db.Scanner) (i Item, err error) {
	err = row.Scan(&i.ID, &i.Directive, &i.No, &i.Text, &i.Product, &i.Lead, &i.LeadName, &i.Due, &i.Task)
	return i, err
}

// itemsOf reads every item of a directive with who helps, for a Write.
func itemsOf(tx *db.Tx, directive string) ([]Item, error) {
	items, err := db.All(tx, scanItem, `
		SELECT i.id, i.directive_id, i.no, i.text, i.product, COALESCE(i.lead_id, ''), COALESCE(o.name, ''), i.due_day, i.task_id
		FROM directive_item i LEFT JOIN org_agency o ON o.id = i.lead_id WHERE i.directive_id = $1 ORDER BY i.no`, directive)
	if err != nil {
		return nil, err
	}
	return items, helpersOf(tx, directive, items)
}

// itemsWithin reads the items that a reader sees: all under an issuer within reach, else
// those that an agency within reach leads.
func itemsWithin(tx *db.Tx, directive, account string, nowMs int64) ([]Item, error) {
	items, err := db.All(tx, scanItem, `
		WITH reach AS (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)
		SELECT i.id, i.directive_id, i.no, i.text, i.product, COALESCE(i.lead_id, ''), COALESCE(o.name, ''), i.due_day, i.task_id
		FROM directive_item i JOIN directive_directive d ON d.id = i.directive_id LEFT JOIN org_agency o ON o.id = i.lead_id
		WHERE i.directive_id = $1 AND (d.issuer_id IN (SELECT agency_id FROM reach) OR i.lead_id IN (SELECT agency_id FROM reach)) ORDER BY i.no`,
		directive, account, RightView, nowMs)
	if err != nil {
		return nil, err
	}
	return items, helpersOf(tx, directive, items)
}

func helpersOf(tx *db.Tx, directive string, items []Item) error {
	rows, err := db.All(tx, func(row db.Scanner) (p [2]string, err error) { err = row.Scan(&p[0], &p[1]); return p, err }, `
		SELECT h.item_id, h.agency_id FROM directive_helper h JOIN directive_item i ON i.id = h.item_id WHERE i.directive_id = $1 ORDER BY h.item_id, h.agency_id`, directive)
	for _, r := range rows {
		for k := range items {
			if items[k].ID == r[0] {
				items[k].Helpers = append(items[k].Helpers, r[1])
			}
		}
	}
	return err
}

func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

func addItem(tx *db.Tx, i Item) error {
	if _, err := tx.Exec(`INSERT INTO directive_item (id, directive_id, no, text, product, lead_id, due_day, task_id) VALUES ($1, $2, $3, $4, $5, $6, $7, '')`,
		i.ID, i.Directive, i.No, i.Text, i.Product, orNull(i.Lead), i.Due); err != nil {
		return err
	}
	return saveHelpers(tx, i)
}

// saveItem writes an item of its directive; NotFound "directive.item_unknown".
func saveItem(tx *db.Tx, i Item) error {
	n, err := tx.Exec(`UPDATE directive_item SET text = $1, product = $2, lead_id = $3, due_day = $4 WHERE id = $5 AND directive_id = $6`,
		i.Text, i.Product, orNull(i.Lead), i.Due, i.ID, i.Directive)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "directive.item_unknown")
	}
	return saveHelpers(tx, i)
}

func saveHelpers(tx *db.Tx, i Item) error {
	if _, err := tx.Exec(`DELETE FROM directive_helper WHERE item_id = $1`, i.ID); err != nil {
		return err
	}
	for _, id := range i.Helpers {
		if id == i.Lead || id == "" {
			continue // who leads does not help as well
		}
		if _, err := tx.Exec(`INSERT INTO directive_helper (item_id, agency_id) VALUES ($1, $2) ON CONFLICT (item_id, agency_id) DO NOTHING`, i.ID, id); err != nil {
			return err
		}
	}
	return nil
}

// deleteItem removes an item of its directive; NotFound "directive.item_unknown".
func deleteItem(tx *db.Tx, directive, id string) error {
	if _, err := tx.Exec(`DELETE FROM directive_helper WHERE item_id = (SELECT id FROM directive_item WHERE id = $1 AND directive_id = $2)`, id, directive); err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM directive_item WHERE id = $1 AND directive_id = $2`, id, directive)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "directive.item_unknown")
	}
	return err
}

func tieItem(tx *db.Tx, id, task string) error {
	_, err := tx.Exec(`UPDATE directive_item SET task_id = $1 WHERE id = $2`, task, id)
	return err
}

// given reads the items that were issued up to a day, by id after one: of a level ("" is
// all), led by an agency within reach ("*" reaches all) and within another one ("" is any).
func given(tx *db.Tx, account, right string, nowMs int64, level, agency, until, after string, limit int) ([]Item, error) {
	return db.All(tx, scanItem, `
		SELECT i.id, i.directive_id, i.no, i.text, i.product, COALESCE(i.lead_id, ''), COALESCE(o.name, ''), i.due_day, i.task_id
		FROM directive_item i JOIN directive_directive d ON d.id = i.directive_id JOIN org_agency o ON o.id = i.lead_id
		WHERE d.state = 'issued' AND d.issued_day <= $6 AND ($4 = '' OR d.level = $4)
		  AND ($1 = '*' OR i.lead_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3))
		  AND ($5 = '' OR i.lead_id IN (SELECT descendant_id FROM org_tree WHERE ancestor_id = $5))
		  AND i.id > $7 ORDER BY i.id LIMIT $8`, account, right, nowMs, level, agency, until, after, limit)
}
