package app

import (
	"context"
	"net/url"

	"cchc/internal/i18n"
	"cchc/internal/portal"
)

// homeFigures are the numbers of the first page: the public board of this year's plan.
// Each opens the same board, cut to what it counted.
func (a *App) homeFigures(ctx context.Context) ([]portal.Figure, error) {
	b, err := a.rooms.plan.Public(ctx, 0, "")
	if err != nil || b.Plan.ID == "" {
		return nil, err
	}
	c := b.Counts
	of := i18n.T(ctx, "app.home.of_tasks", "n", i18n.Number(ctx, c.Total))
	figures := []portal.Figure{
		{Label: i18n.T(ctx, "app.home.done"), Value: i18n.Number(ctx, c.Done), Unit: "/ " + i18n.Number(ctx, c.Total), URL: boardURL("done")},
		{Label: i18n.T(ctx, "app.home.in_progress"), Value: i18n.Number(ctx, c.InProgress), Sub: of, URL: boardURL("in_progress")},
		{Label: i18n.T(ctx, "app.home.due_soon"), Value: i18n.Number(ctx, c.DueSoon), Sub: i18n.T(ctx, "app.home.seven_days"), URL: boardURL("due_soon")},
		{Label: i18n.T(ctx, "app.home.overdue"), Value: i18n.Number(ctx, c.Overdue), Sub: of, URL: boardURL("overdue")},
	}
	if c.DueSoon > 0 {
		figures[2].Tone = "soon"
	}
	if c.Overdue > 0 {
		figures[3].Tone = "late"
	}
	return figures, nil
}

func boardURL(figure string) string {
	return "/plan/public?" + url.Values{"figure": {figure}}.Encode()
}
