package directory

import (
	"strings"

	"cchc/internal/db"
	"cchc/internal/org"
	"cchc/internal/text"
)

// listed reads a page of the agencies that exist on a day, with the names of that day.
// A word finds an agency by any name it ever had.
func listed(tx *db.Tx, f Filter, rank int, sort, id string) ([]Listed, error) {
	return db.All(tx, scanListed, `
		WITH picked AS (
			SELECT a.id, a.code, a.name, a.short_name, a.kind, COALESCE(a.parent_id, '') AS parent_id, a.from_day, a.to_day, a.sample, a.version, a.name_sort,
				COALESCE((SELECT MIN(x.text) FROM org_alias x WHERE x.agency_id = a.id AND x.kind IN ('name', 'old_name') AND x.from_day <= $1 AND x.to_day >= $1), a.name) AS on_name,
				COALESCE((SELECT MIN(p.name) FROM org_parent l JOIN org_agency p ON p.id = l.parent_id WHERE l.agency_id = a.id AND l.from_day <= $1 AND l.to_day >= $1), '') AS parent_name,
				CASE a.kind WHEN 'province' THEN 0 WHEN 'department' THEN 1 WHEN 'central_agency' THEN 2 WHEN 'district' THEN 3 WHEN 'commune' THEN 4
					WHEN 'service_centre' THEN 5 WHEN 'public_unit' THEN 6 WHEN 'company' THEN 7 ELSE 8 END AS place
			FROM org_agency a
			WHERE a.from_day <= $1 AND a.to_day >= $1 AND ($2 = '' OR a.kind = $2)
			  AND ($3 = '' OR a.name_fold LIKE $3 ESCAPE '!' OR a.code = $4
			       OR EXISTS (SELECT 1 FROM org_alias x WHERE x.agency_id = a.id AND x.match_key LIKE $3 ESCAPE '!')))
		SELECT id, code, name, short_name, kind, parent_id, from_day, to_day, sample, version, on_name, parent_name, place, name_sort
		FROM picked WHERE (place, name_sort, id) > ($5, $6, $7) ORDER BY place, name_sort, id LIMIT $8`,
		f.Day, string(f.Kind), pattern(f.Query), text.Clean(f.Query), rank, sort, id, f.Limit)
}

func scanListed(row db.Scanner) (l Listed, err error) {
	a := &l.Agency
	err = row.Scan(&a.ID, &a.Code, &a.Name, &a.ShortName, &a.Kind, &a.ParentID, &a.ValidFrom, &a.ValidTo, &a.Sample, &a.Version,
		&l.OnName, &l.ParentName, &l.Rank, &l.Sort)
	return l, err
}

// pattern finds the folded words anywhere; % and _ are what they are.
func pattern(query string) string {
	folded := text.Fold(query)
	if folded == "" {
		return ""
	}
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(folded) + "%"
}

type kindCount struct {
	kind   org.Kind
	n      int64
	sample bool
}

// kinds counts the agencies of a day by kind, and says whether any is a sample.
func kinds(tx *db.Tx, day, query string) ([]kindCount, error) {
	return db.All(tx, func(row db.Scanner) (k kindCount, err error) {
		var samples int64
		err = row.Scan(&k.kind, &k.n, &samples)
		k.sample = samples > 0
		return k, err
	}, `
		SELECT a.kind, COUNT(*), COUNT(*) FILTER (WHERE a.sample) FROM org_agency a
		WHERE a.from_day <= $1 AND a.to_day >= $1
		  AND ($2 = '' OR a.name_fold LIKE $2 ESCAPE '!' OR a.code = $3
		       OR EXISTS (SELECT 1 FROM org_alias x WHERE x.agency_id = a.id AND x.match_key LIKE $2 ESCAPE '!'))
		GROUP BY a.kind`, day, pattern(query), text.Clean(query))
}

// below lists the agencies that stood directly below one ("" = at the top) on a day,
// with how many stood below each.
func below(tx *db.Tx, parentID, day string) ([]Node, error) {
	return db.All(tx, func(row db.Scanner) (n Node, err error) {
		a := &n.Agency
		err = row.Scan(&a.ID, &a.Code, &a.Name, &a.ShortName, &a.Kind, &a.ParentID, &a.ValidFrom, &a.ValidTo, &a.Sample, &a.Version, &n.OnName, &n.Below)
		return n, err
	}, `
		SELECT a.id, a.code, a.name, a.short_name, a.kind, COALESCE(a.parent_id, ''), a.from_day, a.to_day, a.sample, a.version,
			COALESCE((SELECT MIN(x.text) FROM org_alias x WHERE x.agency_id = a.id AND x.kind IN ('name', 'old_name') AND x.from_day <= $2 AND x.to_day >= $2), a.name),
			(SELECT COUNT(*) FROM org_parent d JOIN org_agency c ON c.id = d.agency_id
			 WHERE d.parent_id = a.id AND d.from_day <= $2 AND d.to_day >= $2 AND c.from_day <= $2 AND c.to_day >= $2)
		FROM org_agency a JOIN org_parent l ON l.agency_id = a.id AND l.from_day <= $2 AND l.to_day >= $2
		WHERE COALESCE(l.parent_id, '') = $1 AND a.from_day <= $2 AND a.to_day >= $2
		ORDER BY a.name_sort, a.id`, parentID, day)
}

// successions reads who took over from an agency (after = TRUE), or from whom it took over.
func successions(tx *db.Tx, agencyID string, after bool) ([]Succession, error) {
	return db.All(tx, func(row db.Scanner) (s Succession, err error) {
		a := &s.Agency
		err = row.Scan(&a.ID, &a.Code, &a.Name, &a.ShortName, &a.Kind, &a.ParentID, &a.ValidFrom, &a.ValidTo, &a.Sample, &a.Version, &s.Field, &s.Day)
		return s, err
	}, `
		SELECT a.id, a.code, a.name, a.short_name, a.kind, COALESCE(a.parent_id, ''), a.from_day, a.to_day, a.sample, a.version, s.field, s.from_day
		FROM org_succession s JOIN org_agency a ON a.id = CASE WHEN $2 THEN s.to_agency_id ELSE s.from_agency_id END
		WHERE CASE WHEN $2 THEN s.from_agency_id ELSE s.to_agency_id END = $1 ORDER BY s.field, a.name_sort, a.id`, agencyID, after)
}

// people are the accounts of an agency that can be named as its head.
func people(tx *db.Tx, agencyID string) ([]person, error) {
	return db.All(tx, func(row db.Scanner) (p person, err error) {
		err = row.Scan(&p.ID, &p.Name)
		return p, err
	}, `SELECT id, name FROM identity_account WHERE agency_id = $1 AND state IN ('active', 'invited') ORDER BY name_sort, id LIMIT 200`, agencyID)
}

// minutesOf lists the successions that minutes recorded.
func minutesOf(tx *db.Tx, minutesID string) ([]pair, error) {
	return db.All(tx, func(row db.Scanner) (p pair, err error) {
		err = row.Scan(&p.From, &p.To, &p.Field)
		return p, err
	}, `
		SELECT f.name, t.name, s.field FROM org_succession s
		JOIN org_agency f ON f.id = s.from_agency_id JOIN org_agency t ON t.id = s.to_agency_id
		WHERE s.minutes_id = $1 ORDER BY f.name_sort, s.field, t.name_sort`, minutesID)
}

// pair is a line of succession by names.
type pair struct{ From, To, Field string }

// agencyNames reads the names of agencies that a list mentions.
func agencyNames(tx *db.Tx, ids map[string]bool) (map[string]string, error) {
	out := map[string]string{}
	for id := range ids {
		if id == "" {
			continue
		}
		name, _, err := db.One(tx, db.Value[string], `SELECT name FROM org_agency WHERE id = $1`, id)
		if err != nil {
			return nil, err
		}
		out[id] = name
	}
	return out, nil
}

// countItems is how many pieces of work the minutes list.
func countItems(tx *db.Tx, minutesID string) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM org_minutes_item WHERE minutes_id = $1`, minutesID)
	return n, err
}

// minutesAgencies are the agencies that minutes concern: [""] for unknown minutes.
func minutesAgencies(tx *db.Tx, minutesID string) ([]string, error) {
	ids, err := db.All(tx, db.Value[string], `
		SELECT from_agency_id FROM org_succession WHERE minutes_id = $1
		UNION SELECT to_agency_id FROM org_succession WHERE minutes_id = $1`, minutesID)
	if err == nil && len(ids) == 0 {
		ids = []string{""}
	}
	return ids, err
}
