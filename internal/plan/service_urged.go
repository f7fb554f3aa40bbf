package plan

import "cchc/internal/db"

// OpenToUrge lists what the plans in force ask for and nobody has handed in: what the
// ladder of reminders walks over. It pages by (agency, due, id), "" at first. A paused
// assignment is not urged, so it is left out.
func (s *Service) OpenToUrge(tx *db.Tx, agency, due, id string, limit int) ([]Urged, error) {
	return openToUrge(tx, agency, due, id, limit)
}

// Ended says which of these assignments are done, cancelled or handed over.
func (s *Service) Ended(tx *db.Tx, ids []string) (map[string]bool, error) {
	ended := make(map[string]bool, len(ids))
	for _, id := range ids {
		is, err := endedOf(tx, id)
		if err != nil {
			return nil, err
		}
		ended[id] = is
	}
	return ended, nil
}
