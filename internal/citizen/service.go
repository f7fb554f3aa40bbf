package citizen

import (
	"context"

	"cchc/internal/clock"
)

// Dossiers answers for the one-stop shop. typed is a code or the content of a slip's QR.
// It masks what is personal and slows down guessing.
type Dossiers interface {
	Lookup(ctx context.Context, typed string) (Standing, error)
}

// Service is what an applicant can do.
type Service struct {
	Clock    clock.Clock
	Dossiers Dossiers
}

// Lookup says where a dossier stands. The refusals are those of Dossiers; each belongs to
// the field in which the code was typed, so that the page can say it there.
func (s *Service) Lookup(ctx context.Context, typed string) (Standing, error) {
	return s.Dossiers.Lookup(ctx, typed)
}
