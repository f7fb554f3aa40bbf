package quality

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Weight is a dated weight of a line of the index. Max and Full are decimal text.
type Weight struct {
	Code, FromDay, Max, Full, Source string
	Doubt                            bool
	Version                          int64
}

func scanWeight(row db.Scanner) (w Weight, err error) {
	err = row.Scan(&w.Code, &w.FromDay, &w.Max, &w.Full, &w.Source, &w.Doubt, &w.Version)
	return w, err
}

// weightsOn reads the weights in force on a day, by code; the newest row of each counts.
func weightsOn(tx *db.Tx, day string) (map[string]Weight, error) {
	list, err := db.All(tx, scanWeight, `
		SELECT w.code, w.from_day, w.max, w.full_at, w.source, w.doubt, w.version FROM quality_weight w
		WHERE w.from_day = (SELECT MAX(x.from_day) FROM quality_weight x WHERE x.code = w.code AND x.from_day <= $1)`, day)
	out := make(map[string]Weight, len(list))
	for _, w := range list {
		out[w.Code] = w
	}
	return out, err
}

// weightHistory reads all dated weights, newest first.
func weightHistory(tx *db.Tx) ([]Weight, error) {
	return db.All(tx, scanWeight, `SELECT code, from_day, max, full_at, source, doubt, version FROM quality_weight ORDER BY from_day DESC, code LIMIT 500`)
}

func findWeight(tx *db.Tx, code, day string) (Weight, bool, error) {
	return db.One(tx, scanWeight, `SELECT code, from_day, max, full_at, source, doubt, version FROM quality_weight WHERE code = $1 AND from_day = $2`, code, day)
}

// saveWeight adds a dated weight, or changes the one of that day if its version is current.
func saveWeight(tx *db.Tx, w Weight) error {
	if w.Version == 0 {
		_, err := tx.Exec(`INSERT INTO quality_weight (code, from_day, max, full_at, source, doubt, version) VALUES ($1, $2, $3, $4, $5, $6, 1)`,
			w.Code, w.FromDay, w.Max, w.Full, w.Source, w.Doubt)
		return err
	}
	n, err := tx.Exec(`UPDATE quality_weight SET max = $1, full_at = $2, source = $3, doubt = $4, version = version + 1 WHERE code = $5 AND from_day = $6 AND version = $7`,
		w.Max, w.Full, w.Source, w.Doubt, w.Code, w.FromDay, w.Version)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "quality.changed_meanwhile")
	}
	return err
}

// Official is what the national portal says of a line: points in hundredths.
type Official struct {
	Code     string
	Points   int64
	Evidence string
}

func scanOfficial(row db.Scanner) (o Official, err error) {
	err = row.Scan(&o.Code, &o.Points, &o.Evidence)
	return o, err
}

func officialsOf(tx *db.Tx, agency, period string) (map[string]Official, error) {
	list, err := db.All(tx, scanOfficial, `SELECT code, points, evidence FROM quality_official WHERE agency_id = $1 AND period = $2`, agency, period)
	out := make(map[string]Official, len(list))
	for _, o := range list {
		out[o.Code] = o
	}
	return out, err
}

func saveOfficial(tx *db.Tx, agency, period, by string, nowMs int64, o Official) error {
	_, err := tx.Exec(`
		INSERT INTO quality_official (agency_id, period, code, points, evidence, by_id, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (agency_id, period, code) DO UPDATE SET points = excluded.points, evidence = excluded.evidence, by_id = excluded.by_id, at_ms = excluded.at_ms`,
		agency, period, o.Code, o.Points, o.Evidence, by, nowMs)
	return err
}

// frozen is a table as it was kept.
type frozen struct {
	body, digest, by string
	atMs             int64
}

func scanFrozen(row db.Scanner) (f frozen, err error) {
	err = row.Scan(&f.body, &f.digest, &f.by, &f.atMs)
	return f, err
}

func findFrozen(tx *db.Tx, agency, period string) (frozen, bool, error) {
	return db.One(tx, scanFrozen, `SELECT body, digest, by_id, at_ms FROM quality_frozen WHERE agency_id = $1 AND period = $2`, agency, period)
}

// frozenRow is a frozen table with the agency's name of today.
type frozenRow struct{ agency, name, body, digest string }

func scanFrozenRow(row db.Scanner) (f frozenRow, err error) {
	err = row.Scan(&f.agency, &f.name, &f.body, &f.digest)
	return f, err
}

// frozenWithin reads the frozen tables of a period within reach, by name.
func frozenWithin(tx *db.Tx, account, period string, nowMs int64) ([]frozenRow, error) {
	return db.All(tx, scanFrozenRow, `
		SELECT f.agency_id, a.name, f.body, f.digest FROM quality_frozen f JOIN org_agency a ON a.id = f.agency_id
		WHERE f.period = $1 AND f.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)
		ORDER BY a.name_sort, a.id LIMIT 1000`, period, account, RightView, nowMs)
}

func addFrozen(tx *db.Tx, agency, period string, f frozen) error {
	_, err := tx.Exec(`INSERT INTO quality_frozen (agency_id, period, body, digest, by_id, at_ms) VALUES ($1, $2, $3, $4, $5, $6)`,
		agency, period, f.body, f.digest, f.by, f.atMs)
	return err
}

// reached lists the agencies within a reader's reach that exist on a day and serve
// applicants, as the lists of the pages offer them.
func reached(tx *db.Tx, account, right, day string, nowMs int64) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT a.id FROM org_agency a
		WHERE a.from_day <= $4 AND a.to_day >= $4 AND a.kind IN ('province', 'department', 'central_agency', 'commune', 'district', 'service_centre')
		  AND a.id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		ORDER BY a.name_sort, a.id LIMIT 1000`, account, right, nowMs, day)
}
