package urge

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Card is a yellow or red card (thẻ vàng, thẻ đỏ) of one agency.
type Card struct {
	ID, Agency, AgencyName                      string
	Colour                                      Colour
	State                                       CardState
	ProposedBy, CreatedDay, Reason              string
	DecidedBy, DecidedName, DecidedDay, Cleared string
	Items, Version                              int64
}

func scanCard(row db.Scanner) (c Card, err error) {
	err = row.Scan(&c.ID, &c.Agency, &c.AgencyName, &c.Colour, &c.State, &c.ProposedBy, &c.CreatedDay, &c.Reason, &c.DecidedBy, &c.DecidedName, &c.DecidedDay, &c.Cleared,
		&c.Version, &c.Items)
	return c, err
}

// proposedCard is the open proposal of a colour for an agency, "" when there is none.
func proposedCard(tx *db.Tx, agency string, colour Colour) (string, error) {
	id, _, err := db.One(tx, db.Value[string], `SELECT id FROM urge_card WHERE agency_id = $1 AND colour = $2 AND state = 'proposed'`, agency, colour)
	return id, err
}

func insertCard(tx *db.Tx, id, agency string, colour Colour, by, day string) error {
	_, err := tx.Exec(`
		INSERT INTO urge_card (id, agency_id, colour, state, proposed_by, created_day, reason, decided_by, decided_day, cleared_day, version)
		VALUES ($1, $2, $3, 'proposed', $4, $5, '', '', '', '', 1)`, id, agency, colour, by, day)
	return err
}

func addCardItem(tx *db.Tx, card string, i Item) error {
	_, err := tx.Exec(`INSERT INTO urge_card_item (card_id, kind, item_id, due_day, code, title, url) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (card_id, kind, item_id) DO NOTHING`, card, i.Kind, i.ID, i.Due, i.Code, i.Title, i.URL)
	return err
}

// findCard reads a card of an agency within a reader's reach.
func findCard(tx *db.Tx, id, account string, nowMs int64) (Card, error) {
	c, found, err := db.One(tx, scanCard, `
		SELECT c.id, c.agency_id, o.name, c.colour, c.state, c.proposed_by, c.created_day, c.reason, c.decided_by, COALESCE(p.name, ''), c.decided_day, c.cleared_day, c.version,
		       (SELECT COUNT(*) FROM urge_card_item x WHERE x.card_id = c.id)
		FROM urge_card c JOIN org_agency o ON o.id = c.agency_id LEFT JOIN identity_account p ON p.id = c.decided_by
		WHERE c.id = $1
		  AND c.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)`, id, account, RightView, nowMs)
	if err == nil && !found {
		return c, errs.New(errs.NotFound, "urge.card_unknown")
	}
	return c, err
}

// listCards reads the cards of agencies within reach, newest first; proposals only for
// who proposes or decides.
func listCards(tx *db.Tx, account string, nowMs int64, proposals bool, afterDay, afterID string, limit int) ([]Card, error) {
	return db.All(tx, scanCard, `
		SELECT c.id, c.agency_id, o.name, c.colour, c.state, c.proposed_by, c.created_day, c.reason, c.decided_by, COALESCE(p.name, ''), c.decided_day, c.cleared_day, c.version,
		       (SELECT COUNT(*) FROM urge_card_item x WHERE x.card_id = c.id)
		FROM urge_card c JOIN org_agency o ON o.id = c.agency_id LEFT JOIN identity_account p ON p.id = c.decided_by
		WHERE c.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($4 OR c.state IN ('issued', 'cleared')) AND ($5 = '' OR (c.created_day, c.id) < ($5, $6))
		ORDER BY c.created_day DESC, c.id DESC LIMIT $7`, account, RightView, nowMs, proposals, afterDay, afterID, limit)
}

func cardItems(tx *db.Tx, card string) ([]LetterItem, error) {
	return db.All(tx, func(row db.Scanner) (i LetterItem, err error) {
		err = row.Scan(&i.Kind, &i.Item, &i.Due, &i.Code, &i.Title, &i.URL)
		return i, err
	}, `SELECT kind, item_id, due_day, code, title, url FROM urge_card_item WHERE card_id = $1 ORDER BY due_day, code, item_id`, card)
}

func saveCard(tx *db.Tx, c Card) error {
	n, err := tx.Exec(`UPDATE urge_card SET state = $3, reason = $4, decided_by = $5, decided_day = $6, cleared_day = $7, version = version + 1 WHERE id = $1 AND version = $2`,
		c.ID, c.Version, c.State, c.Reason, c.DecidedBy, c.DecidedDay, c.Cleared)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "urge.changed_meanwhile")
	}
	return err
}

// issuedCards lists the ids of cards that stand, after one.
func issuedCards(tx *db.Tx, after string, limit int) ([]Card, error) {
	return db.All(tx, scanCard, `
		SELECT c.id, c.agency_id, '', c.colour, c.state, c.proposed_by, c.created_day, c.reason, c.decided_by, '', c.decided_day, c.cleared_day, c.version, 0
		FROM urge_card c WHERE c.state = 'issued' AND c.id > $1 ORDER BY c.id LIMIT $2`, after, limit)
}

// yellowsIn counts the yellow cards that an agency was given in a year.
func yellowsIn(tx *db.Tx, agency, year string) (int, error) {
	n, _, err := db.One(tx, db.Value[int], `
		SELECT COUNT(*) FROM urge_card WHERE agency_id = $1 AND colour = 'yellow' AND state IN ('issued', 'cleared') AND decided_day >= $2 AND decided_day < $3`,
		agency, year+"-01-01", year+"-12-32")
	return n, err
}
