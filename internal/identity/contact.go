package identity

import "cchc/internal/db"

// Contact is where a person is reached: what a message needs, and no more.
type Contact struct{ Name, Email, Phone, Lang string }

// Contact returns where the person of an account is reached; found is false for an
// account that is neither active nor invited.
func (s *Service) Contact(tx *db.Tx, account string) (c Contact, found bool, err error) {
	acc, found, err := accountByID(tx, account)
	if err != nil || !found || acc.State != Active && acc.State != Invited {
		return c, false, err
	}
	return Contact{Name: acc.Name, Email: acc.Email, Phone: acc.Phone, Lang: acc.Lang}, true, nil
}
