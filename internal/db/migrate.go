package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate applies, in name order, each file not yet recorded. NNNN_what.sql runs on
// both engines; NNNN_what.sqlite.sql and NNNN_what.postgres.sql run on one.
func (d *DB) migrate(ctx context.Context) error {
	if _, err := d.write.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_step (name TEXT PRIMARY KEY)`); err != nil {
		return fmt.Errorf("create schema_step: %w", err)
	}
	names, err := fs.Glob(migrations, "migrations/*.sql") // Glob sorts
	if err != nil {
		return err
	}
	for _, name := range names {
		if parts := strings.Split(name, "."); len(parts) == 3 && parts[1] != string(d.dialect) {
			continue
		}
		err := d.Write(ctx, func(tx *Tx) error {
			n, _, err := One(tx, Value[int64], `SELECT COUNT(*) FROM schema_step WHERE name = $1`, name)
			if err != nil || n > 0 {
				return err
			}
			text, err := migrations.ReadFile(name)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(string(text)); err != nil {
				return err
			}
			_, err = tx.Exec(`INSERT INTO schema_step (name) VALUES ($1)`, name)
			return err
		})
		if err != nil {
			return fmt.Errorf("migrate %s: %w", name, err)
		}
	}
	return nil
}
