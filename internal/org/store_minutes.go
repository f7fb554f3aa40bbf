package org

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// FindMinutes reads minutes by id; NotFound "org.minutes_unknown".
func FindMinutes(tx *db.Tx, id string) (Minutes, error) {
	m, found, err := db.One(tx, scanMinutes, `
		SELECT m.id, m.number, m.kind, m.effective_day, m.signed_day, m.giver_signer, m.taker_signer, m.legal_basis, m.state, m.version,
			(SELECT COUNT(*) FROM org_minutes_item i WHERE i.minutes_id = m.id AND i.moved_ms = 0)
		FROM org_minutes m WHERE m.id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "org.minutes_unknown")
	}
	return m, err
}

// ListMinutes lists minutes, newest first, after the one with id `after` ("" from the start).
func ListMinutes(tx *db.Tx, after string, limit int) ([]Minutes, error) {
	return db.All(tx, scanMinutes, `
		SELECT m.id, m.number, m.kind, m.effective_day, m.signed_day, m.giver_signer, m.taker_signer, m.legal_basis, m.state, m.version,
			(SELECT COUNT(*) FROM org_minutes_item i WHERE i.minutes_id = m.id AND i.moved_ms = 0)
		FROM org_minutes m WHERE $1 = '' OR m.id < $1 ORDER BY m.id DESC LIMIT $2`, after, limit)
}

func scanMinutes(row db.Scanner) (m Minutes, err error) {
	err = row.Scan(&m.ID, &m.Number, &m.Change, &m.Day, &m.SignedDay, &m.GiverSigner, &m.TakerSigner, &m.LegalBasis, &m.State, &m.Version, &m.Left)
	return m, err
}

func insertMinutes(tx *db.Tx, m Minutes, nowMs int64) error {
	_, err := tx.Exec(`
		INSERT INTO org_minutes (id, number, kind, effective_day, signed_day, giver_signer, taker_signer, legal_basis, state, created_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		m.ID, m.Number, string(m.Change), m.Day, m.SignedDay, m.GiverSigner, m.TakerSigner, m.LegalBasis, string(m.State), nowMs, m.Version)
	return err
}

func closeMinutes(tx *db.Tx, m Minutes) error {
	n, err := tx.Exec(`UPDATE org_minutes SET state = $3, version = $2 + 1 WHERE id = $1 AND version = $2`, m.ID, m.Version-1, string(m.State))
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	return err
}

func insertItem(tx *db.Tx, minutesID string, it Item) error {
	_, err := tx.Exec(`
		INSERT INTO org_minutes_item (minutes_id, kind, work_id, code, title, field, due_day, from_agency_id, to_agency_id, moved_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		minutesID, it.Kind, it.ID, it.Code, it.Title, it.Field, it.DueDay, it.From, it.To)
	return err
}

// Items lists the work of minutes by kind and id, after the given pair.
func Items(tx *db.Tx, minutesID, afterKind, afterID string, limit int) ([]Item, error) {
	return db.All(tx, scanItem, `
		SELECT kind, work_id, code, title, field, due_day, from_agency_id, to_agency_id
		FROM org_minutes_item WHERE minutes_id = $1 AND (kind, work_id) > ($2, $3) ORDER BY kind, work_id LIMIT $4`, minutesID, afterKind, afterID, limit)
}

func itemsToMove(tx *db.Tx, minutesID string, limit int) ([]Item, error) {
	return db.All(tx, scanItem, `
		SELECT kind, work_id, code, title, field, due_day, from_agency_id, to_agency_id
		FROM org_minutes_item WHERE minutes_id = $1 AND moved_ms = 0 ORDER BY kind, work_id LIMIT $2`, minutesID, limit)
}

func scanItem(row db.Scanner) (it Item, err error) {
	err = row.Scan(&it.Kind, &it.ID, &it.Code, &it.Title, &it.Field, &it.DueDay, &it.From, &it.To)
	return it, err
}

func markMoved(tx *db.Tx, minutesID, kind, workID string, nowMs int64) error {
	_, err := tx.Exec(`UPDATE org_minutes_item SET moved_ms = $4 WHERE minutes_id = $1 AND kind = $2 AND work_id = $3`, minutesID, kind, workID, nowMs)
	return err
}

func insertSuccession(tx *db.Tx, s Successor, day, minutesID string) error {
	_, err := tx.Exec(`
		INSERT INTO org_succession (from_agency_id, to_agency_id, field, from_day, minutes_id) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (from_agency_id, field, to_agency_id) DO NOTHING`, s.From, s.To, s.Field, day, orNull(minutesID))
	return err
}

// endPosts ends the posts of an agency, and whoever holds them, with its last day.
func endPosts(tx *db.Tx, agencyID, lastDay string) error {
	if _, err := tx.Exec(`
		UPDATE org_holder SET to_day = $2
		WHERE post_id IN (SELECT id FROM org_post WHERE agency_id = $1) AND to_day > $2 AND from_day <= $2`, agencyID, lastDay); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM org_holder WHERE post_id IN (SELECT id FROM org_post WHERE agency_id = $1) AND from_day > $2`, agencyID, lastDay); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE org_post SET to_day = $2, version = version + 1 WHERE agency_id = $1 AND to_day > $2`, agencyID, lastDay)
	return err
}
