package org

import "cchc/internal/db"

func readLinks(tx *db.Tx) ([]Link, error) {
	return db.All(tx, func(row db.Scanner) (k Link, err error) {
		err = row.Scan(&k.From, &k.To, &k.Field, &k.Day)
		return k, err
	}, `SELECT from_agency_id, to_agency_id, field, from_day FROM org_succession ORDER BY from_agency_id, field, to_agency_id`)
}

// Predecessors reads whose work an agency took over, directly.
func Predecessors(tx *db.Tx, agencyID string) ([]Agency, error) {
	return db.All(tx, scanAgency, `
		SELECT a.id, a.code, a.name, a.short_name, a.kind, COALESCE(a.parent_id, ''), a.from_day, a.to_day, a.sample, a.version
		FROM org_agency a
		WHERE a.id IN (SELECT from_agency_id FROM org_succession WHERE to_agency_id = $1) ORDER BY a.code`, agencyID)
}
