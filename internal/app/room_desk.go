package app

import (
	"context"

	"cchc/internal/dossier/pages"
)

// offered is how many procedures a counter's list shows; more words narrow it.
const offered = 60

// offers finds the procedures in force that a counter may receive.
func (a *App) offers(ctx context.Context, words string) ([]pages.Offer, error) {
	rows, err := a.rooms.procedure.Offers(ctx, words, offered)
	list := make([]pages.Offer, len(rows))
	for i, r := range rows {
		list[i] = pages.Offer{Key: r.Key, Code: r.Code, Name: r.Name, Field: r.Field}
	}
	return list, err
}
