package procedure

import "cchc/internal/db"

// Offered is a procedure that a counter may receive today.
type Offered struct{ Key, Code, Name, Field string }

// offered finds single procedures with a version in force on a day by up to three words,
// each matched without marks anywhere in name, code, key or field; by name.
func offered(tx *db.Tx, day string, words [3]string, limit int) ([]Offered, error) {
	return db.All(tx, func(row db.Scanner) (o Offered, err error) {
		err = row.Scan(&o.Key, &o.Code, &o.Name, &o.Field)
		return o, err
	}, `SELECT p.key, p.code, p.name, p.field FROM procedure_procedure p
		 WHERE p.kind = 'single' AND EXISTS (SELECT 1 FROM procedure_version v WHERE v.procedure_id = p.id AND v.state = 'published' AND v.from_day <= $1 AND v.to_day >= $1)
		   AND p.name_fold LIKE '%' || $2 || '%' AND p.name_fold LIKE '%' || $3 || '%' AND p.name_fold LIKE '%' || $4 || '%'
		 ORDER BY p.name_sort, p.key LIMIT $5`, day, words[0], words[1], words[2], limit)
}
