package urge

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Letter is an urging letter (công văn đôn đốc) to one agency.
type Letter struct {
	ID, Agency, AgencyName, Follower, FollowerName string
	State                                          LetterState
	Year, Number                                   int // Number 0 while it has none
	Words, ResponseDay, CreatedDay                 string
	DraftedBy, SignedBy, Signer, SignedDay         string
	Answer, AnsweredBy, AnsweredDay                string
	Items, Version                                 int64
}

// LetterItem is one thing that a letter urges.
type LetterItem struct{ Kind, Item, Due, Code, Title, URL string }

// scanLetter reads a row of the two statements below.
func scanLetter(row db.Scanner) (l Letter, err error) {
	err = row.Scan(&l.ID, &l.Agency, &l.AgencyName, &l.Follower, &l.FollowerName, &l.State, &l.Year, &l.Number, &l.Words, &l.ResponseDay, &l.CreatedDay,
		&l.DraftedBy, &l.SignedBy, &l.Signer, &l.SignedDay, &l.Answer, &l.AnsweredBy, &l.AnsweredDay, &l.Version, &l.Items)
	return l, err
}

// draftOf is the open draft to an agency, "" when there is none.
func draftOf(tx *db.Tx, agency string) (string, error) {
	id, _, err := db.One(tx, db.Value[string], `SELECT id FROM urge_letter WHERE agency_id = $1 AND state = 'draft'`, agency)
	return id, err
}

func insertLetter(tx *db.Tx, id string, i Item, day string, year int) error {
	_, err := tx.Exec(`
		INSERT INTO urge_letter (id, agency_id, follower_id, state, year, number, words, response_day, created_day, drafted_by, signed_by, signer, signed_day,
		                         answer, answered_by, answered_day, version)
		VALUES ($1, $2, $3, 'draft', $4, 0, '', '', $5, '', '', '', '', '', '', '', 1)`, id, i.Agency, i.Follower, year, day)
	return err
}

func addLetterItem(tx *db.Tx, letter string, i Item) error {
	_, err := tx.Exec(`INSERT INTO urge_letter_item (letter_id, kind, item_id, due_day, code, title, url) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (letter_id, kind, item_id) DO NOTHING`, letter, i.Kind, i.ID, i.Due, i.Code, i.Title, i.URL)
	return err
}

// findLetter reads a letter about an agency within a reader's reach.
func findLetter(tx *db.Tx, id, account string, nowMs int64) (Letter, error) {
	l, found, err := db.One(tx, scanLetter, `
		SELECT l.id, l.agency_id, o.name, l.follower_id, f.name, l.state, l.year, l.number, l.words, l.response_day, l.created_day, l.drafted_by, l.signed_by, l.signer,
		       l.signed_day, l.answer, l.answered_by, l.answered_day, l.version, (SELECT COUNT(*) FROM urge_letter_item x WHERE x.letter_id = l.id)
		FROM urge_letter l JOIN org_agency o ON o.id = l.agency_id JOIN org_agency f ON f.id = l.follower_id
		WHERE l.id = $1
		  AND l.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)`, id, account, RightView, nowMs)
	if err == nil && !found {
		return l, errs.New(errs.NotFound, "urge.letter_unknown")
	}
	return l, err
}

// listLetters reads the letters about agencies within reach, newest first; drafts only
// for who drafts or signs.
func listLetters(tx *db.Tx, account string, nowMs int64, drafts bool, afterDay, afterID string, limit int) ([]Letter, error) {
	return db.All(tx, scanLetter, `
		SELECT l.id, l.agency_id, o.name, l.follower_id, f.name, l.state, l.year, l.number, l.words, l.response_day, l.created_day, l.drafted_by, l.signed_by, l.signer,
		       l.signed_day, l.answer, l.answered_by, l.answered_day, l.version, (SELECT COUNT(*) FROM urge_letter_item x WHERE x.letter_id = l.id)
		FROM urge_letter l JOIN org_agency o ON o.id = l.agency_id JOIN org_agency f ON f.id = l.follower_id
		WHERE l.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($4 OR l.state IN ('signed', 'answered')) AND ($5 = '' OR (l.created_day, l.id) < ($5, $6))
		ORDER BY l.created_day DESC, l.id DESC LIMIT $7`, account, RightView, nowMs, drafts, afterDay, afterID, limit)
}

func letterItems(tx *db.Tx, letter string) ([]LetterItem, error) {
	return db.All(tx, func(row db.Scanner) (i LetterItem, err error) {
		err = row.Scan(&i.Kind, &i.Item, &i.Due, &i.Code, &i.Title, &i.URL)
		return i, err
	}, `SELECT kind, item_id, due_day, code, title, url FROM urge_letter_item WHERE letter_id = $1 ORDER BY due_day, code, item_id`, letter)
}

func removeLetterItem(tx *db.Tx, letter, kind, item string) error {
	_, err := tx.Exec(`DELETE FROM urge_letter_item WHERE letter_id = $1 AND kind = $2 AND item_id = $3`, letter, kind, item)
	return err
}

func saveLetter(tx *db.Tx, l Letter) error {
	n, err := tx.Exec(`
		UPDATE urge_letter SET state = $3, year = $4, number = $5, words = $6, response_day = $7, drafted_by = $8, signed_by = $9, signer = $10, signed_day = $11,
		                       answer = $12, answered_by = $13, answered_day = $14, version = version + 1
		WHERE id = $1 AND version = $2`,
		l.ID, l.Version, l.State, l.Year, l.Number, l.Words, l.ResponseDay, l.DraftedBy, l.SignedBy, l.Signer, l.SignedDay, l.Answer, l.AnsweredBy, l.AnsweredDay)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "urge.changed_meanwhile")
	}
	return err
}

// lastNumber is the highest number of a follower's letters in a year, 0 before the first.
func lastNumber(tx *db.Tx, follower string, year int) (int, error) {
	n, _, err := db.One(tx, db.Value[int], `SELECT COALESCE(MAX(number), 0) FROM urge_letter WHERE follower_id = $1 AND year = $2`, follower, year)
	return n, err
}

// unanswered counts the letters to an agency that it let pass without an answer.
func unanswered(tx *db.Tx, agency, day string) (int, error) {
	n, _, err := db.One(tx, db.Value[int], `SELECT COUNT(*) FROM urge_letter WHERE agency_id = $1 AND state = 'signed' AND response_day < $2`, agency, day)
	return n, err
}
