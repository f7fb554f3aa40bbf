package directive

import (
	"context"
	"slices"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/identity"
	"cchc/internal/inbox"
)

func TestOwed_waitsForTheDrafterThenForWhoSigns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		owes := func(who context.Context, want ...string) {
			t.Helper()
			var got []string
			h.must(d.Read(context.Background(), func(tx *db.Tx) error {
				for after := ""; ; {
					page, err := h.Owed(tx, identity.From(who), h.at, after, 1)
					if err != nil || len(page) == 0 {
						return err
					}
					got, after = append(got, page[0].Kind), inbox.After(page[0].DueMs, page[0].ID)
				}
			}))
			if !slices.Equal(got, want) {
				t.Errorf("owes %q, want %q", got, want)
			}
		}
		x, y := h.draft(true), h.draft(true)
		owes(h.office, "directive.finish", "directive.finish")
		owes(h.chairman)
		x, err := h.Move(h.office, x.ID, x.Version, "submit", "")
		h.must(err)
		owes(h.office, "directive.finish")
		owes(h.chairman, "directive.sign")
		owes(h.builder)
		owes(h.nothing)
		owes(context.Background())
		_, err = h.Issue(h.chairman, x.ID, x.Version, "5/TB-UBND", "Chủ tịch")
		h.must(err)
		_, err = h.Move(h.office, y.ID, y.Version, "drop", "Trùng")
		h.must(err)
		owes(h.office)
		owes(h.chairman)
	})
}
