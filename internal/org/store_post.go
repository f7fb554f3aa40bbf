package org

import (
	"cmp"

	"cchc/internal/db"
)

// headPost finds the head post of an agency or makes it. A title renames the post; ""
// keeps its title, or gives a new post the usual one. It returns the post's id and title.
func headPost(tx *db.Tx, a Agency, title string) (id, titled string, err error) {
	post, found, err := db.One(tx, scanNamed, `SELECT id, title FROM org_post WHERE agency_id = $1 AND head`, a.ID)
	if err != nil {
		return "", "", err
	}
	if !found {
		id, title = db.NewID(), cmp.Or(title, HeadTitle(a.Name))
		_, err = tx.Exec(`INSERT INTO org_post (id, agency_id, title, head, from_day, to_day, version) VALUES ($1, $2, $3, TRUE, $4, $5, 1)`,
			id, a.ID, title, a.ValidFrom, a.ValidTo)
		return id, title, err
	}
	if title == "" || title == post.name {
		return post.id, post.name, nil
	}
	_, err = tx.Exec(`UPDATE org_post SET title = $2, version = version + 1 WHERE id = $1`, post.id, title)
	return post.id, title, err
}

// nextHolder is the first day of whoever holds the post next after day, "" when nobody does.
func nextHolder(tx *db.Tx, postID, day string) (string, error) {
	next, _, err := db.One(tx, db.Value[string], `SELECT COALESCE(MIN(from_day), '') FROM org_holder WHERE post_id = $1 AND from_day > $2`, postID, day)
	return next, err
}

// appoint writes the new holder; those whose time it covers end before it or vanish.
func appoint(tx *db.Tx, h Holder, document string) error {
	if _, err := tx.Exec(`DELETE FROM org_holder WHERE post_id = $1 AND from_day >= $2 AND from_day <= $3`, h.PostID, h.FromDay, h.ToDay); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE org_holder SET to_day = $3 WHERE post_id = $1 AND from_day < $2 AND to_day >= $2`, h.PostID, h.FromDay, dayBefore(h.FromDay)); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO org_holder (id, post_id, account_id, person_name, acting, document, from_day, to_day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		db.NewID(), h.PostID, h.AccountID, h.PersonName, h.Acting, document, h.FromDay, h.ToDay)
	return err
}

// Heads lists everyone who headed the agency, newest first.
func Heads(tx *db.Tx, agencyID string) ([]Holder, error) {
	return db.All(tx, scanHolder, `
		SELECT p.id, h.account_id, h.person_name, p.title, h.acting, h.from_day, h.to_day
		FROM org_post p JOIN org_holder h ON h.post_id = p.id
		WHERE p.agency_id = $1 AND p.head ORDER BY h.from_day DESC`, agencyID)
}
