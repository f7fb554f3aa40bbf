package search

import (
	"context"

	"cchc/internal/db"
)

// Merge joins the small segments that batches leave in SQLite's index, a few hundred
// pages a Write, so that nobody waits behind it; at most steps Writes. It returns
// true when there is nothing left to do. PostgreSQL needs none.
func Merge(ctx context.Context, d *db.DB, steps int) (done bool, err error) {
	if d.Dialect() == db.Postgres {
		return true, nil
	}
	for range steps {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		var changed int64
		err := d.Write(ctx, func(tx *db.Tx) error {
			before, _, err := db.One(tx, db.Value[int64], `SELECT total_changes()`)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO search_fts (search_fts, rank) VALUES ('merge', 300)`); err != nil {
				return err
			}
			after, _, err := db.One(tx, db.Value[int64], `SELECT total_changes()`)
			changed = after - before
			return err
		})
		if err != nil {
			return false, err
		}
		if changed < 2 { // FTS5's own sign that there was nothing to merge
			return true, nil
		}
	}
	return false, nil
}

// Rebuild makes the index anew from the kept texts, in short Writes: after `copy`
// between engines, or when folding has changed. Until it ends, searches find less.
// progress, if any, is told how many records are done.
func Rebuild(ctx context.Context, d *db.DB, progress func(done int)) error {
	if d.Dialect() == db.SQLite {
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO search_fts (search_fts) VALUES ('delete-all')`)
			return err
		})
		if err != nil {
			return err
		}
	}
	const batch = 200
	done, before := 0, int64(newest)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var n int
		var last int64
		err := d.Write(ctx, func(tx *db.Tx) error {
			docs, err := db.All(tx, scanDoc, `SELECT num, kind, id, agency_id, at_ms, body FROM search_doc WHERE num < $1 ORDER BY num DESC LIMIT $2`, before, batch)
			if err != nil {
				return err
			}
			n = len(docs)
			for _, doc := range docs {
				if _, err := tx.Exec(`UPDATE search_doc SET words = $1 WHERE num = $2`, indexed(tx, doc.body), doc.num); err != nil {
					return err
				}
				if err := pending(tx, doc.num); err != nil {
					return err
				}
				last = doc.num
			}
			return nil
		})
		if err != nil {
			return err
		}
		done += n
		if progress != nil {
			progress(done)
		}
		if n < batch {
			return nil
		}
		before = last
	}
}
