package indicator_test

import (
	"context"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/indicator"
)

var none [2]string

func TestCount_refusesADayThatDoesNotExist(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			return indicator.Count(tx, "plan.x", "a", "2026-02-30", none, 1)
		})
		if err == nil {
			t.Error("counted on 30 February")
		}
	})
}
