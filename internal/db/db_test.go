package db_test

import (
	"context"
	"errors"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

func TestWrite_rollsBackWhenTheFunctionFails(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		broken := errors.New("broken")
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO event_outbox (id, kind, body, created_ms) VALUES ($1, $2, $3, $4)`, "a", "x.y", "{}", 1); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM event_outbox`)
			if n != 0 {
				t.Errorf("%d rows stayed, want none", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
