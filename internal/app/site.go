package app

import (
	"context"
	"log/slog"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/i18n"
	"cchc/internal/org"
	"cchc/internal/ui"
)

// site is the letterhead and the foot of the pages: the province of the day, whose name
// changes when provinces merge.
func (a *App) site(ctx context.Context) ui.Site {
	s := ui.Site{Footer: []ui.FootColumn{
		{Title: i18n.T(ctx, "app.foot.work"), Links: []ui.Link{
			{Text: i18n.T(ctx, "app.foot.plan"), URL: "/plan"}, {Text: i18n.T(ctx, "app.foot.due"), URL: "/due"}}},
		{Title: i18n.T(ctx, "app.foot.help"), Links: []ui.Link{
			{Text: i18n.T(ctx, "app.foot.access"), URL: "/accessibility"}, {Text: i18n.T(ctx, "app.foot.sign_in"), URL: "/sign-in"}}},
		{Title: i18n.T(ctx, "app.foot.open"), Links: []ui.Link{
			{Text: i18n.T(ctx, "app.foot.api"), URL: "/api"}, {Text: i18n.T(ctx, "app.foot.openapi"), URL: "/api/openapi.json"}}},
	}}
	err := a.db.Read(ctx, func(tx *db.Tx) error {
		provinces, err := org.List(tx, clock.Day(a.clock()), org.Province)
		if err == nil && len(provinces) > 0 {
			name := strings.TrimPrefix(provinces[0].Name, "UBND ")
			s.Authority = i18n.T(ctx, "app.site.authority", "name", strings.ToUpper(name))
		}
		return err
	})
	if err != nil { // a page without its letterhead is better than none
		slog.WarnContext(ctx, "site: province", "error", err)
	}
	return s
}
