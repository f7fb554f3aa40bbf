package slip

import (
	"encoding/json"
	"fmt"

	"cchc/internal/db"
)

// stored is a form of the province.
type stored struct {
	Template
	ID, FromDay, Account string
	MadeMs               int64
}

func scanStored(row db.Scanner) (s stored, err error) {
	var body string
	if err = row.Scan(&s.ID, &s.Kind, &s.FromDay, &body, &s.Account, &s.MadeMs); err != nil {
		return s, err
	}
	kind := s.Kind
	if err = json.Unmarshal([]byte(body), &s.Template); err != nil {
		return s, fmt.Errorf("slip template %s: %w", s.ID, err)
	}
	s.Kind = kind
	return s, nil
}

// inForce finds the form of the province that holds on a day.
func inForce(tx *db.Tx, kind Kind, day string) (stored, bool, error) {
	return db.One(tx, scanStored, `
		SELECT id, kind, from_day, body, account_id, made_ms FROM slip_template WHERE kind = $1 AND from_day <= $2 ORDER BY from_day DESC LIMIT 1`, string(kind), day)
}

// versionsOf lists the forms of the province of one kind, the newest first.
func versionsOf(tx *db.Tx, kind Kind) ([]stored, error) {
	return db.All(tx, scanStored, `
		SELECT id, kind, from_day, body, account_id, made_ms FROM slip_template WHERE kind = $1 ORDER BY from_day DESC LIMIT 100`, string(kind))
}

// putTemplate keeps a form; one of the same day is replaced.
func putTemplate(tx *db.Tx, s stored) error {
	body, err := json.Marshal(s.Template)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO slip_template (id, kind, from_day, body, account_id, made_ms) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (kind, from_day) DO UPDATE SET body = excluded.body, account_id = excluded.account_id, made_ms = excluded.made_ms`,
		s.ID, string(s.Kind), s.FromDay, string(body), s.Account, s.MadeMs)
	return err
}
