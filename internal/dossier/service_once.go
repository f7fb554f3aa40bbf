package dossier

import (
	"context"

	"cchc/internal/api"
	"cchc/internal/db"
)

// receiveOnce is Receive for programs: the answer is kept with the dossier, so that a
// call sent again over a bad line gets the same number, not another one.
func (s *Service) receiveOnce(ctx context.Context, r Receipt) (out Dossier, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return out, err
	}
	now := s.Clock()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if out, err = s.ReceiveTx(tx, actor, now, r); err != nil {
			return err
		}
		return api.Settle(ctx, tx, statusCreated, receiptOf(out))
	})
	return out, err
}

// moveOnce is Move for programs, kept like a receipt.
func (s *Service) moveOnce(ctx context.Context, code string, in Act) (out Dossier, err error) {
	actor, err := signedIn(ctx)
	if err != nil {
		return out, err
	}
	now := s.Clock()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if out, err = s.MoveTx(tx, actor, now, code, in); err != nil {
			return err
		}
		return api.Settle(ctx, tx, statusOK, receiptOf(out))
	})
	return out, err
}
