package indicator

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"cchc/internal/db"
	"cchc/internal/job"
)

// foldBatch bounds one Write of folding: the writer is free for others in between.
const foldBatch = 500

// Fold adds up one bounded batch of pending deltas and says how many there were; 0 means
// that nothing is pending. The batch leaves the pending table and enters the folded ones
// in one transaction, so a crash leaves it pending or folded, never both. Two nodes may
// fold at once: they wait for each other, and DELETE .. RETURNING hands each delta to one.
func Fold(ctx context.Context, d *db.DB) (int, error) {
	n := 0
	err := d.Write(ctx, func(tx *db.Tx) error {
		n = 0
		if err := tx.Lock("indicator.fold"); err != nil {
			return err
		}
		batch, err := takeDeltas(tx, foldBatch)
		if err != nil {
			return err
		}
		n = len(batch)
		// Added up here first: a batch touches few keys, each is written once.
		days, months := map[coded]int64{}, map[coded]int64{}
		for _, b := range batch {
			days[b.coded] += b.n
			months[coded{b.code, key{b.agency, b.day[:7], "", b.dim1, b.dim2}}] += b.n
		}
		// In one order always, so that two transactions never wait in a ring.
		for _, k := range slices.SortedFunc(maps.Keys(days), compare) {
			if err := foldDay(tx, k, days[k]); err != nil {
				return err
			}
		}
		for _, k := range slices.SortedFunc(maps.Keys(months), compare) {
			if err := foldMonth(tx, k, months[k]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("fold counts: %w", err)
	}
	return n, nil
}

// FoldAll folds until nothing is pending or ctx ends.
func FoldAll(ctx context.Context, d *db.DB) error {
	for ctx.Err() == nil {
		n, err := Fold(ctx, d)
		if err != nil || n < foldBatch {
			return err
		}
	}
	return ctx.Err()
}

// FoldArgs is the job that folds.
type FoldArgs struct{}

// Kind names the job.
func (FoldArgs) Kind() string { return "indicator.fold" }

// Schedule lets the queue fold every half minute: readings are right without it, only
// slower, as they add up what is pending.
func Schedule(q *job.Queue, d *db.DB) {
	job.Register(q, func(ctx context.Context, _ *job.Run, _ FoldArgs) error { return FoldAll(ctx, d) })
	q.Every("indicator.fold", 30*time.Second, func(time.Time) job.Args { return FoldArgs{} })
}

// coded is a key with its counter.
type coded struct {
	code string
	key
}

// tally is one count.
type tally struct {
	coded
	n int64
}

func compare(a, b coded) int {
	return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.day, b.day), cmp.Compare(a.agency, b.agency),
		cmp.Compare(a.dim1, b.dim1), cmp.Compare(a.dim2, b.dim2), cmp.Compare(a.ofDay, b.ofDay))
}
