package procedure

import (
	"cchc/internal/db"
)

// Row is a procedure in a list, with the version in force on the day asked (InForce
// false: none is).
type Row struct {
	Procedure
	InForce bool
	Drafted VersionState // state of an open draft that the reader may see, "" without
	sort    string
	Current Version
}

// Query narrows a list of procedures. Words are matched without marks, all of them.
type Query struct {
	Words, Field string
	Level        Level
	State        State
	Day          string // which version is in force
	Online       string // a service level, "" is any
}

func scanRow(row db.Scanner) (r Row, err error) {
	var document string
	if err = row.Scan(&r.ID, &r.Key, &r.Code, &r.Name, &r.Field, &r.Level, &r.Kind, &r.State, &r.Sample, &r.Procedure.Version, &r.sort, &r.Drafted,
		&r.Current.ID, &r.Current.No, &r.Current.From, &r.Current.To, &document); err != nil || r.Current.ID == "" {
		return r, err
	}
	r.InForce = true
	r.Current.Content, err = unseal(document)
	return r, err
}

// listProcedures reads procedures by name: to account those that were ever published,
// and all of them when the account reaches the province; to a visitor ("") those in force.
func listProcedures(tx *db.Tx, account string, nowMs int64, q Query, words [4]string, afterSort, afterID string, limit int) ([]Row, error) {
	return db.All(tx, scanRow, `
		WITH reach AS (SELECT 1 AS one FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND agency_id = '' AND from_ms <= $3 AND to_ms > $3 LIMIT 1)
		SELECT p.id, p.key, p.code, p.name, p.field, p.level, p.kind, p.state, p.sample, p.version, p.name_sort,
		       COALESCE((SELECT d.state FROM procedure_version d WHERE d.procedure_id = p.id AND d.state IN ('draft', 'presented') AND EXISTS (SELECT 1 FROM reach)), ''),
		       COALESCE(v.id, ''), COALESCE(v.no, 0), COALESCE(v.from_day, ''), COALESCE(v.to_day, ''), COALESCE(v.content, '')
		FROM procedure_procedure p LEFT JOIN procedure_version v ON v.procedure_id = p.id AND v.state = 'published' AND v.from_day <= $4 AND v.to_day >= $4
		WHERE (v.id IS NOT NULL OR EXISTS (SELECT 1 FROM reach) OR ($1 <> '' AND p.state <> 'unpublished'))
		  AND ($5 = '' OR p.field = $5) AND ($6 = '' OR p.level = $6 OR (p.level = 'both' AND $6 IN ('province', 'commune'))) AND ($7 = '' OR p.state = $7)
		  AND ($8 = '' OR v.service_level = $8)
		  AND p.name_fold LIKE '%' || $9 || '%' AND p.name_fold LIKE '%' || $10 || '%' AND p.name_fold LIKE '%' || $11 || '%' AND p.name_fold LIKE '%' || $12 || '%'
		  AND ($13 = '' OR (p.name_sort, p.id) > ($13, $14))
		ORDER BY p.name_sort, p.id LIMIT $15`,
		account, RightView, nowMs, q.Day, q.Field, q.Level, q.State, q.Online, words[0], words[1], words[2], words[3], afterSort, afterID, limit)
}

// fieldsInUse lists the fields of procedures that were published, by name.
func fieldsInUse(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT DISTINCT field FROM procedure_procedure WHERE field <> '' AND state <> 'unpublished' ORDER BY field LIMIT 500`)
}

// draftsWaiting counts the versions that wait for who publishes.
func draftsWaiting(tx *db.Tx) (int64, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM procedure_version WHERE state = 'presented'`)
	return n, err
}
