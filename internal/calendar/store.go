package calendar

import (
	"strings"

	"cchc/internal/db"
)

// Load reads the calendar that an agency works by: its own entries, then those of
// the agencies above it, then what holds for all. With agencyID "" or an agency
// unknown it is the calendar of the whole province.
//
// A calendar is kept in memory under the stamp that every change of the tables
// replaces, so a second Load costs two small reads, on every node. A transaction that
// changed the calendar reads its own change: it wrote a new stamp.
func Load(tx *db.Tx, agencyID string) (Calendar, error) {
	stamp, _, err := db.One(tx, db.Value[string], `SELECT stamp FROM calendar_stamp WHERE id = 1`)
	if err != nil {
		return Calendar{}, err
	}
	chain, err := chainOf(tx, agencyID)
	if err != nil {
		return Calendar{}, err
	}
	key := stamp + " " + strings.Join(chain, " ")
	if c, ok := kept.get(key); ok {
		return c, nil
	}
	c, err := loadChanged(tx, agencyID, nil)
	if err == nil {
		kept.put(key, c)
	}
	return c, err
}

// loadChanged reads the calendar of an agency as it would be after changes.
func loadChanged(tx *db.Tx, agencyID string, changes []Change) (Calendar, error) {
	chain, err := chainOf(tx, agencyID)
	if err != nil {
		return Calendar{}, err
	}
	levels := make([]Level, len(chain))
	for i, id := range chain {
		if levels[i].Days, err = days(tx, id); err != nil {
			return Calendar{}, err
		}
		if levels[i].Hours, err = hoursOf(tx, id); err != nil {
			return Calendar{}, err
		}
	}
	change(chain, levels, changes)
	years, err := confirmedYears(tx)
	if err != nil {
		return Calendar{}, err
	}
	return Make(years, levels...)
}

// chainOf is the agency, those above it from near to far, and last "" for all.
func chainOf(tx *db.Tx, agencyID string) ([]string, error) {
	if agencyID == "" {
		return []string{""}, nil
	}
	chain, err := db.All(tx, db.Value[string], `
		WITH RECURSIVE up (id, parent_id, height) AS (
			SELECT id, parent_id, 0 FROM org_agency WHERE id = $1
			UNION ALL
			SELECT a.id, a.parent_id, up.height + 1 FROM org_agency a JOIN up ON a.id = up.parent_id)
		SELECT id FROM up ORDER BY height`, agencyID)
	return append(chain, ""), err
}

func confirmedYears(tx *db.Tx) ([]int, error) {
	return db.All(tx, db.Value[int], `SELECT year FROM calendar_year ORDER BY year`)
}

func scanDay(row db.Scanner) (d Day, err error) {
	err = row.Scan(&d.ID, &d.AgencyID, &d.Day, &d.Kind, &d.Name, &d.Basis, &d.SwapDay, &d.Sample, &d.Version)
	return d, err
}

// days reads the entries of one agency ("" = those for all).
func days(tx *db.Tx, agencyID string) ([]Day, error) {
	return db.All(tx, scanDay, `
		SELECT id, COALESCE(agency_id, ''), day, kind, name, basis, swap_day, sample, version
		FROM calendar_day WHERE COALESCE(agency_id, '') = $1 ORDER BY day`, agencyID)
}

func scanHours(row db.Scanner) (h Hours, err error) {
	err = row.Scan(&h.ID, &h.AgencyID, &h.Name, &h.Weekdays, &h.FromDay, &h.ToDay, &h.SeasonFrom, &h.SeasonTo, &h.Sessions, &h.Basis, &h.Version)
	return h, err
}

func hoursOf(tx *db.Tx, agencyID string) ([]Hours, error) {
	return db.All(tx, scanHours, `
		SELECT id, COALESCE(agency_id, ''), name, weekdays, from_day, to_day, season_from, season_to, sessions, basis, version
		FROM calendar_hours WHERE COALESCE(agency_id, '') = $1 ORDER BY from_day DESC, id`, agencyID)
}
