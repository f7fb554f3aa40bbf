package job

import (
	"context"

	"github.com/jackc/pgx/v5"
)

func lockMigration(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SELECT pg_advisory_lock(hashtext('cchc.river.' || current_schema()))`)
	return err
}

func unlockMigration(ctx context.Context, c *pgx.Conn) {
	// A failure breaks the connection, which frees the lock as well.
	_, _ = c.Exec(ctx, `SELECT pg_advisory_unlock(hashtext('cchc.river.' || current_schema()))`)
}
