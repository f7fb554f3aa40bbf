package org

import (
	"context"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

func TestFind_refusesAnUnknownAgency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			if _, err := Find(tx, "x"); err == nil {
				t.Error("found an agency in an empty directory")
			}
			if _, _, err := FindByCode(tx, "x", ""); err != nil {
				return err
			}
			if _, err := List(tx, "2026-01-01", Commune); err != nil {
				return err
			}
			if _, _, err := Head(tx, "x", "2026-01-01"); err != nil {
				return err
			}
			if _, err := Successors(tx, "x", ""); err != nil {
				return err
			}
			_, err := Resolve(tx, "Sở KH&CN", "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
