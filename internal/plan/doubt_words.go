package plan

import (
	"context"

	"cchc/internal/i18n"
)

// In gives the doubts their reasons in the reader's language.
func (r Reading) In(ctx context.Context) Reading {
	r.Doubts = Explained(ctx, r.Doubts)
	return r
}

// Explained gives doubts their reasons in the reader's language.
func Explained(ctx context.Context, doubts []Doubt) []Doubt {
	out := make([]Doubt, len(doubts))
	for i, d := range doubts {
		d.Why = i18n.T(ctx, "plan.doubt."+d.Code)
		out[i] = d
	}
	return out
}
