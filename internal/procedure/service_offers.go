package procedure

import (
	"context"
	"strings"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/identity"
	"cchc/internal/text"
)

// Offers finds the procedures that a counter may receive today by words without marks,
// names and codes only: the list answers while a clerk types. Words after the third
// belong to the third, as one phrase.
func (s *Service) Offers(ctx context.Context, typed string, limit int) (list []Offered, err error) {
	if !identity.From(ctx).SignedIn() {
		return nil, errs.New(errs.Unauthenticated, "identity.sign_in_first")
	}
	var words [3]string
	copy(words[:], strings.SplitN(text.Fold(typed), " ", 3))
	for i, w := range words {
		words[i] = strings.NewReplacer("%", "", "_", "").Replace(w)
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = offered(tx, clock.Day(s.Clock()), words, limit)
		return err
	})
	return list, err
}
