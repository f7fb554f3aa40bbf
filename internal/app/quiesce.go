package app

import (
	"context"

	"cchc/internal/db"
	"cchc/internal/indicator"
	"cchc/internal/search"
)

// quiesce finishes what is under way before the database is copied: events delivered,
// jobs done, counts folded, log entries placed. Queues are not copied.
func (a *App) quiesce(ctx context.Context) error {
	for _, finish := range []func(context.Context) error{
		a.bus.Drain,
		a.jobs.Drain,
		func(ctx context.Context) error { return indicator.FoldAll(ctx, a.db) },
		func(ctx context.Context) error { _, err := a.placer.Integrate(ctx); return err },
		func(ctx context.Context) error { _, err := a.placer.Checkpoint(ctx); return err },
	} {
		if err := finish(ctx); err != nil {
			return err
		}
	}
	return nil
}

// rebuildDerived makes again in a copy what is derived from the rows: the search index.
func (a *App) rebuildDerived(ctx context.Context, to *db.DB) error {
	return search.Rebuild(ctx, to, nil)
}
