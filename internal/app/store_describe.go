package app

import (
	"context"
	"errors"

	"cchc/internal/db"
	"cchc/internal/vault"
)

// describe looks into the database copy of a backup: which schema it has and which
// evidence it names, so that the archive can say what it lacks.
func describe(ctx context.Context, path string) (about vault.About, err error) {
	d, err := db.Open(ctx, path)
	if err != nil {
		return about, err
	}
	err = d.Read(ctx, func(tx *db.Tx) error {
		if about.Steps, err = db.All(tx, db.Value[string], `SELECT name FROM schema_step ORDER BY name`); err != nil {
			return err
		}
		if about.Evidence, err = db.All(tx, db.Value[string], `SELECT sha256 FROM file_blob ORDER BY sha256`); err != nil {
			return err
		}
		entries, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM audit_entry`)
		about.Counts = map[string]int64{"audit_entry": entries}
		return err
	})
	return about, errors.Join(err, d.Close())
}
