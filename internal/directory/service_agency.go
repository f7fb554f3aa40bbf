package directory

import (
	"context"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/org"
)

// Create adds an agency below one over which the actor holds the right.
func (s *Service) Create(ctx context.Context, n org.New) (a org.Agency, err error) {
	err = s.write(ctx, manage, []string{n.ParentID}, func(tx *db.Tx, who audit.Who) (err error) {
		a, err = s.Agencies.Create(tx, who, n)
		return err
	})
	return a, err
}

// Edit corrects a slip in an agency.
func (s *Service) Edit(ctx context.Context, id string, version int64, e org.Edit) error {
	return s.write(ctx, manage, []string{id}, func(tx *db.Tx, who audit.Who) error {
		_, err := s.Agencies.Update(tx, who, id, version, e)
		return err
	})
}

// Rename gives an agency a new name from a day on.
func (s *Service) Rename(ctx context.Context, id string, version int64, name, short, day, reason string) error {
	return s.write(ctx, manage, []string{id}, func(tx *db.Tx, who audit.Who) error {
		_, err := s.Agencies.Rename(tx, who, id, version, name, short, day, reason)
		return err
	})
}

// Recode gives an agency a new code from a day on.
func (s *Service) Recode(ctx context.Context, id string, version int64, code, day, reason string) error {
	return s.write(ctx, manage, []string{id}, func(tx *db.Tx, who audit.Who) error {
		_, err := s.Agencies.Recode(tx, who, id, version, code, day, reason)
		return err
	})
}

// Move puts an agency below another; the actor must hold the right over both, because
// whoever stands above reaches everything below.
func (s *Service) Move(ctx context.Context, id string, version int64, parentID, day, reason string) error {
	return s.write(ctx, manage, []string{id, parentID}, func(tx *db.Tx, who audit.Who) error {
		_, err := s.Agencies.Move(tx, who, id, version, parentID, day, reason)
		return err
	})
}

// Appoint names the head of an agency. With an account the account's name is the
// person's: a mistyped name must not stand beside somebody else's account.
func (s *Service) Appoint(ctx context.Context, p org.Appointment) error {
	return s.write(ctx, manage, []string{p.AgencyID}, func(tx *db.Tx, who audit.Who) error {
		p := p // the call may run twice
		if p.AccountID != "" {
			all, err := people(tx, p.AgencyID)
			if err != nil {
				return err
			}
			name, err := nameOf(all, p.AccountID)
			if err != nil {
				return err
			}
			p.PersonName = name
		}
		_, err := s.Agencies.SetHead(tx, who, p)
		return err
	})
}

// AddAlias adds another name by which an agency is found.
func (s *Service) AddAlias(ctx context.Context, id, alias string) error {
	return s.write(ctx, manage, []string{id}, func(tx *db.Tx, who audit.Who) error {
		return s.Agencies.AddAlias(tx, who, id, alias)
	})
}

// RemoveAlias takes such a name away.
func (s *Service) RemoveAlias(ctx context.Context, id, alias string) error {
	return s.write(ctx, manage, []string{id}, func(tx *db.Tx, who audit.Who) error {
		return s.Agencies.RemoveAlias(tx, who, id, alias)
	})
}

// PreviewImport says what a file of agencies would do, and changes nothing. Faults of
// rows come in the report; the error is what keeps the file from being read at all.
func (s *Service) PreviewImport(ctx context.Context, rows []org.Row) (r org.Report, err error) {
	err = s.write(ctx, manage, []string{""}, func(tx *db.Tx, who audit.Who) (err error) {
		r, err = s.Agencies.Import(tx, who, rows, true)
		if len(r.Faults) > 0 {
			err = nil
		}
		return err
	})
	return r, err
}

// Import adds the agencies of a file, all or none.
func (s *Service) Import(ctx context.Context, rows []org.Row) (r org.Report, err error) {
	err = s.write(ctx, manage, []string{""}, func(tx *db.Tx, who audit.Who) (err error) {
		r, err = s.Agencies.Import(tx, who, rows, false)
		return err
	})
	return r, err
}
