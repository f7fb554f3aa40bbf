package indicator

import (
	"encoding/json"

	"cchc/internal/clock"
	"cchc/internal/db"
)

func insertSnapshot(tx *db.Tx, s Snapshot) error {
	_, err := tx.Exec(`INSERT INTO indicator_snapshot (id, title, by_account, frozen_ms, digest) VALUES ($1, $2, $3, $4, $5)`,
		s.ID, s.Title, s.By, s.At.UnixMilli(), s.Digest)
	if err != nil {
		return err
	}
	for n, f := range s.Values {
		dims, err := dimsText(f.Scope.Dims)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`
			INSERT INTO indicator_snapshot_value (snapshot_id, place, code, agency_id, dims, from_day, to_day, on_day, numerator, denominator, value, as_of_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			s.ID, n, f.Code, f.Scope.AgencyID, dims, f.Period.FromDay, f.Period.ToDay, f.Period.OnDay, f.Numerator, f.Denominator, f.Value, f.AsOf.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

func snapshotOf(tx *db.Tx, id string) (s Snapshot, found bool, err error) {
	s, found, err = db.One(tx, func(r db.Scanner) (s Snapshot, err error) {
		var ms int64
		err = r.Scan(&s.ID, &s.Title, &s.By, &ms, &s.Digest)
		s.At = clock.FromMs(ms)
		return s, err
	}, `SELECT id, title, by_account, frozen_ms, digest FROM indicator_snapshot WHERE id = $1`, id)
	if err != nil || !found {
		return s, found, err
	}
	s.Values, err = db.All(tx, func(r db.Scanner) (f Frozen, err error) {
		var dims string
		var ms int64
		err = r.Scan(&f.Code, &f.Scope.AgencyID, &dims, &f.Period.FromDay, &f.Period.ToDay, &f.Period.OnDay, &f.Numerator, &f.Denominator, &f.Value, &ms)
		if err != nil {
			return f, err
		}
		f.AsOf = clock.FromMs(ms)
		f.Scope.Now = s.At
		if dims == "{}" {
			return f, nil
		}
		return f, json.Unmarshal([]byte(dims), &f.Scope.Dims)
	}, `
		SELECT code, agency_id, dims, from_day, to_day, on_day, numerator, denominator, value, as_of_ms
		  FROM indicator_snapshot_value WHERE snapshot_id = $1 ORDER BY place`, id)
	return s, true, err
}
