package urge

import "cchc/internal/db"

// duty is one act that a person owes in this room.
type duty struct {
	ID, Due, Act, Agency, AgencyName, Title, Code string
}

func scanDuty(row db.Scanner) (d duty, err error) {
	err = row.Scan(&d.ID, &d.Due, &d.Act, &d.Agency, &d.AgencyName, &d.Title, &d.Code)
	return d, err
}

// holder is a reader with the account that each right reaches by, "" without it.
type holder struct{ account, agency, card, letter, sign, answer string }

// dutiesOf reads what a reader owes, by (due day, id) after a place: cards to decide and
// letters to sign that somebody else made, letters of the own agency to finish, letters to
// the own agency to answer. What it is about is said by its first item.
func dutiesOf(tx *db.Tx, h holder, nowMs int64, afterDay, afterID string, limit int) ([]duty, error) {
	return db.All(tx, scanDuty, `
		SELECT id, due_day, act, agency_id, agency, title, code FROM (
		    SELECT c.id, '9999-12-31' AS due_day, 'decide_' || c.colour AS act, c.agency_id, o.name AS agency,
		           COALESCE((SELECT i.title FROM urge_card_item i WHERE i.card_id = c.id ORDER BY i.due_day, i.code, i.item_id LIMIT 1), o.name) AS title,
		           COALESCE((SELECT i.code FROM urge_card_item i WHERE i.card_id = c.id ORDER BY i.due_day, i.code, i.item_id LIMIT 1), '') AS code
		    FROM urge_card c JOIN org_agency o ON o.id = c.agency_id
		    WHERE c.state = 'proposed' AND c.proposed_by <> $1
		      AND c.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $3 AND right_code = 'urge.card' AND from_ms <= $7 AND to_ms > $7)
		    UNION ALL
		    SELECT l.id, CASE l.state WHEN 'signed' THEN l.response_day ELSE '9999-12-31' END,
		           CASE l.state WHEN 'signed' THEN 'answer' WHEN 'submitted' THEN 'sign' ELSE 'write' END, l.agency_id, o.name,
		           COALESCE((SELECT i.title FROM urge_letter_item i WHERE i.letter_id = l.id ORDER BY i.due_day, i.code, i.item_id LIMIT 1), o.name),
		           COALESCE((SELECT i.code FROM urge_letter_item i WHERE i.letter_id = l.id ORDER BY i.due_day, i.code, i.item_id LIMIT 1), '')
		    FROM urge_letter l JOIN org_agency o ON o.id = l.agency_id
		    WHERE (l.state = 'draft' AND l.follower_id = $2
		           AND l.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = 'urge.letter' AND from_ms <= $7 AND to_ms > $7))
		       OR (l.state = 'submitted' AND l.drafted_by <> $1
		           AND l.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $5 AND right_code = 'urge.sign' AND from_ms <= $7 AND to_ms > $7))
		       OR (l.state = 'signed' AND l.agency_id = $2
		           AND l.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $6 AND right_code = 'urge.answer' AND from_ms <= $7 AND to_ms > $7))
		) AS owed
		WHERE (due_day, id) > ($8, $9) ORDER BY due_day, id LIMIT $10`,
		h.account, h.agency, h.card, h.letter, h.sign, h.answer, nowMs, afterDay, afterID, limit)
}
