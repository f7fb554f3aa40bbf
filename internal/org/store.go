package org

import (
	"strings"

	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanAgency(row db.Scanner) (a Agency, err error) {
	err = row.Scan(&a.ID, &a.Code, &a.Name, &a.ShortName, &a.Kind, &a.ParentID, &a.ValidFrom, &a.ValidTo, &a.Sample, &a.Version)
	return a, err
}

// Find reads one agency by its id; NotFound "org.agency_unknown" when there is none.
func Find(tx *db.Tx, id string) (Agency, error) {
	a, found, err := db.One(tx, scanAgency, `
		SELECT id, code, name, short_name, kind, COALESCE(parent_id, ''), from_day, to_day, sample, version
		FROM org_agency WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "org.agency_unknown")
	}
	return a, err
}

// FindByCode reads the agency that carries or carried the code on day. With day ""
// an agency is found by any code it ever had: a dossier keeps the code of an agency
// that is gone.
func FindByCode(tx *db.Tx, code, day string) (Agency, bool, error) {
	return db.One(tx, scanAgency, `
		SELECT a.id, a.code, a.name, a.short_name, a.kind, COALESCE(a.parent_id, ''), a.from_day, a.to_day, a.sample, a.version
		FROM org_alias x JOIN org_agency a ON a.id = x.agency_id
		WHERE x.match_key = $1 AND x.kind IN ('code', 'old_code')
		  AND ($2 = '' OR (x.from_day <= $2 AND x.to_day >= $2))
		ORDER BY x.to_day DESC, x.kind LIMIT 1`, matchCode(code), day)
}

// List reads the agencies that exist on day ("" = that ever existed), of the given
// kinds or of all, in the order of Kinds' names and then of the Vietnamese dictionary.
func List(tx *db.Tx, day string, kinds ...Kind) ([]Agency, error) {
	all, err := db.All(tx, scanAgency, `
		SELECT id, code, name, short_name, kind, COALESCE(parent_id, ''), from_day, to_day, sample, version
		FROM org_agency WHERE $1 = '' OR (from_day <= $1 AND to_day >= $1)
		ORDER BY name_sort, code`, day)
	if err != nil {
		return nil, err
	}
	return byKind(all, kinds), nil
}

// Head reads who heads the agency on day; false when nobody is recorded.
func Head(tx *db.Tx, agencyID, day string) (Holder, bool, error) {
	return db.One(tx, scanHolder, `
		SELECT p.id, h.account_id, h.person_name, p.title, h.acting, h.from_day, h.to_day
		FROM org_post p JOIN org_holder h ON h.post_id = p.id
		WHERE p.agency_id = $1 AND p.head AND h.from_day <= $2 AND h.to_day >= $2
		ORDER BY h.from_day DESC LIMIT 1`, agencyID, day)
}

func scanHolder(row db.Scanner) (h Holder, err error) {
	err = row.Scan(&h.PostID, &h.AccountID, &h.PersonName, &h.PostTitle, &h.Acting, &h.FromDay, &h.ToDay)
	return h, err
}

// Successors reads who took over from the agency in one field of work: those named
// for that field, else those named for every field. Several mean that the work is
// divided by area and a person must choose.
func Successors(tx *db.Tx, agencyID, field string) ([]Agency, error) {
	return db.All(tx, scanAgency, `
		SELECT a.id, a.code, a.name, a.short_name, a.kind, COALESCE(a.parent_id, ''), a.from_day, a.to_day, a.sample, a.version
		FROM org_succession s JOIN org_agency a ON a.id = s.to_agency_id
		WHERE s.from_agency_id = $1 AND s.field = (
			SELECT MAX(f.field) FROM org_succession f WHERE f.from_agency_id = $1 AND (f.field = $2 OR f.field = ''))
		ORDER BY a.code`, agencyID, field)
}

// Resolve reads the agencies that a text may mean on day, by name, short name, code,
// old name, alias or the usual abbreviation ("Sở KH&CN"), without regard to marks,
// case and punctuation. None: unknown. More than one: ambiguous. A name written in
// full beats one that only an abbreviation explains; a province named in the text
// ("Sở Nội vụ tỉnh Bình Định") must be the agency's own.
func Resolve(tx *db.Tx, name, day string) ([]Agency, error) {
	l := lists()
	key, place := l.key(name)
	provinces, err := db.All(tx, scanNamed, `SELECT id, name FROM org_agency WHERE kind = 'province'`)
	if err != nil {
		return nil, err
	}
	if place == "" {
		found, err := lookUp(tx, matchCode(name), key, tight(key), "", day)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	var all []Agency
	for _, p := range provinces {
		short, trimmed := key, place == l.place(p.name)
		if place == "" {
			short, trimmed = strings.CutSuffix(key, " "+l.place(p.name))
		}
		if !trimmed {
			continue
		}
		found, err := lookUp(tx, matchCode(name), short, tight(short), p.id, day)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// lookUp searches the aliases by three keys, below one province or ("") anywhere.
func lookUp(tx *db.Tx, code, key, tight, province, day string) ([]Agency, error) {
	found, err := db.All(tx, scanMatch, `
		SELECT x.kind, a.id, a.code, a.name, a.short_name, a.kind, COALESCE(a.parent_id, ''), a.from_day, a.to_day, a.sample, a.version
		FROM org_alias x JOIN org_agency a ON a.id = x.agency_id
		WHERE x.match_key IN ($1, $2, $3) AND ($4 = '' OR (a.from_day <= $4 AND a.to_day >= $4))
		  AND ($5 = '' OR EXISTS (SELECT 1 FROM org_tree t WHERE t.descendant_id = a.id AND t.ancestor_id = $5))
		ORDER BY a.code`, code, key, tight, day, province)
	if err != nil {
		return nil, err
	}
	return strongest(found), nil
}

type named struct{ id, name string }

func scanNamed(row db.Scanner) (n named, err error) { err = row.Scan(&n.id, &n.name); return n, err }

type match struct {
	by     string // kind of the alias
	agency Agency
}

func scanMatch(row db.Scanner) (m match, err error) {
	a := &m.agency
	err = row.Scan(&m.by, &a.ID, &a.Code, &a.Name, &a.ShortName, &a.Kind, &a.ParentID, &a.ValidFrom, &a.ValidTo, &a.Sample, &a.Version)
	return m, err
}
