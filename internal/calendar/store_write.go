package calendar

import (
	"strconv"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// restamp makes every calendar kept in memory old, here and on other nodes.
func restamp(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE calendar_stamp SET stamp = $1 WHERE id = 1`, db.NewID())
	return err
}

func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

func changedMeanwhile() error { return errs.New(errs.Conflict, "calendar.changed_meanwhile") }

// FindDay reads an entry; NotFound "calendar.entry_unknown".
func FindDay(tx *db.Tx, id string) (Day, error) {
	d, found, err := db.One(tx, scanDay, `
		SELECT id, COALESCE(agency_id, ''), day, kind, name, basis, swap_day, sample, version FROM calendar_day WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "calendar.entry_unknown")
	}
	return d, err
}

// FindHours reads hours; NotFound "calendar.entry_unknown".
func FindHours(tx *db.Tx, id string) (Hours, error) {
	h, found, err := db.One(tx, scanHours, `
		SELECT id, COALESCE(agency_id, ''), name, weekdays, from_day, to_day, season_from, season_to, sessions, basis, version
		FROM calendar_hours WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "calendar.entry_unknown")
	}
	return h, err
}

// Year lists the entries of a year, of all agencies and those for all, by day.
func Year(tx *db.Tx, year int) ([]Day, error) {
	return db.All(tx, scanDay, `
		SELECT id, COALESCE(agency_id, ''), day, kind, name, basis, swap_day, sample, version
		FROM calendar_day WHERE day >= $1 AND day <= $2 ORDER BY day, id`, yearText(year)+"-01-01", yearText(year)+"-12-31")
}

// AllHours lists all hours, those for all agencies first.
func AllHours(tx *db.Tx) ([]Hours, error) {
	return db.All(tx, scanHours, `
		SELECT id, COALESCE(agency_id, ''), name, weekdays, from_day, to_day, season_from, season_to, sessions, basis, version
		FROM calendar_hours ORDER BY COALESCE(agency_id, ''), from_day DESC, id`)
}

// ConfirmedYears lists the years whose days off an officer has confirmed.
func ConfirmedYears(tx *db.Tx) ([]int, error) { return confirmedYears(tx) }

func yearText(year int) string { return strconv.Itoa(year) }

// writeDay inserts the entry, or replaces the one with its ID and Version; it returns
// what was there before, nil for a new one.
func writeDay(tx *db.Tx, d *Day) (before any, err error) {
	if d.ID == "" {
		d.ID, d.Version = db.NewID(), 1
		n, err := tx.Exec(`
			INSERT INTO calendar_day (id, agency_id, day, kind, name, basis, swap_day, sample, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT DO NOTHING`,
			d.ID, orNull(d.AgencyID), d.Day, string(d.Kind), d.Name, d.Basis, d.SwapDay, d.Sample)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "calendar.day_entered", "day", d.Day)
		}
		return nil, err
	}
	old, err := FindDay(tx, d.ID)
	if err != nil {
		return nil, err
	}
	// An entry stays on its day and with its agency: another day is another entry.
	d.Day, d.AgencyID = old.Day, old.AgencyID
	n, err := tx.Exec(`
		UPDATE calendar_day SET kind = $3, name = $4, basis = $5, swap_day = $6, sample = $7, version = version + 1
		WHERE id = $1 AND version = $2`, d.ID, d.Version, string(d.Kind), d.Name, d.Basis, d.SwapDay, d.Sample)
	if err == nil && n == 0 {
		err = changedMeanwhile()
	}
	d.Version++
	return old, err
}

func removeDay(tx *db.Tx, r Ref) (Day, error) {
	old, err := FindDay(tx, r.ID)
	if err != nil {
		return old, err
	}
	n, err := tx.Exec(`DELETE FROM calendar_day WHERE id = $1 AND version = $2`, r.ID, r.Version)
	if err == nil && n == 0 {
		err = changedMeanwhile()
	}
	return old, err
}

func writeHours(tx *db.Tx, h *Hours) (before any, err error) {
	if h.ID == "" {
		h.ID, h.Version = db.NewID(), 1
		_, err := tx.Exec(`
			INSERT INTO calendar_hours (id, agency_id, name, weekdays, from_day, to_day, season_from, season_to, sessions, basis, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`,
			h.ID, orNull(h.AgencyID), h.Name, h.Weekdays, h.FromDay, h.ToDay, h.SeasonFrom, h.SeasonTo, h.Sessions, h.Basis)
		return nil, err
	}
	old, err := FindHours(tx, h.ID)
	if err != nil {
		return nil, err
	}
	h.AgencyID = old.AgencyID
	n, err := tx.Exec(`
		UPDATE calendar_hours SET name = $3, weekdays = $4, from_day = $5, to_day = $6, season_from = $7, season_to = $8, sessions = $9, basis = $10, version = version + 1
		WHERE id = $1 AND version = $2`,
		h.ID, h.Version, h.Name, h.Weekdays, h.FromDay, h.ToDay, h.SeasonFrom, h.SeasonTo, h.Sessions, h.Basis)
	if err == nil && n == 0 {
		err = changedMeanwhile()
	}
	h.Version++
	return old, err
}

func removeHours(tx *db.Tx, r Ref) (Hours, error) {
	old, err := FindHours(tx, r.ID)
	if err != nil {
		return old, err
	}
	n, err := tx.Exec(`DELETE FROM calendar_hours WHERE id = $1 AND version = $2`, r.ID, r.Version)
	if err == nil && n == 0 {
		err = changedMeanwhile()
	}
	return old, err
}

// confirmYear confirms a year, refused while computed lunar days still wait. Days to
// confirm may stay: each says for itself that it counts as work until it is decided.
func confirmYear(tx *db.Tx, who audit.Who, y Confirmed, nowMs int64) error {
	hints, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM calendar_day WHERE kind = 'lunar_hint' AND day >= $1 AND day <= $2`,
		yearText(y.Year)+"-01-01", yearText(y.Year)+"-12-31")
	if err != nil {
		return err
	}
	if hints > 0 {
		return errs.New(errs.Conflict, "calendar.year_has_hints", "year", y.Year, "count", hints)
	}
	_, err = tx.Exec(`
		INSERT INTO calendar_year (year, document, confirmed_by, confirmed_ms, version) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (year) DO UPDATE SET document = excluded.document, confirmed_by = excluded.confirmed_by, confirmed_ms = excluded.confirmed_ms, version = calendar_year.version + 1`,
		y.Year, y.Document, who.Account, nowMs)
	return err
}
