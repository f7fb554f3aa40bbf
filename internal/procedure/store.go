package procedure

import (
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

func scanProcedure(row db.Scanner) (p Procedure, err error) {
	err = row.Scan(&p.ID, &p.Key, &p.Code, &p.Name, &p.Field, &p.Level, &p.Kind, &p.State, &p.Sample, &p.Version)
	return p, err
}

// foldOf is what a search looks at: name, national code, key and field without marks.
func (p Procedure) foldOf() string {
	return text.Fold(p.Name + " " + p.Code + " " + p.Key + " " + p.Field)
}

// findProcedure reads a procedure by its key, else by its id. NotFound
// "procedure.unknown".
func findProcedure(tx *db.Tx, key string) (Procedure, error) {
	p, found, err := db.One(tx, scanProcedure, `
		SELECT id, key, code, name, field, level, kind, state, sample, version FROM procedure_procedure WHERE key = $1 OR id = $1`, key)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "procedure.unknown", "key", key)
	}
	return p, err
}

func addProcedure(tx *db.Tx, p Procedure, nowMs int64) error {
	_, err := tx.Exec(`
		INSERT INTO procedure_procedure (id, key, code, name, name_fold, name_sort, field, level, kind, state, sample, created_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)`,
		p.ID, p.Key, p.Code, p.Name, p.foldOf(), text.SortKey(p.Name), p.Field, p.Level, p.Kind, p.State, p.Sample, nowMs)
	return err
}

// saveProcedure writes a procedure if its version is still current.
func saveProcedure(tx *db.Tx, p Procedure) error {
	n, err := tx.Exec(`
		UPDATE procedure_procedure SET code = $1, name = $2, name_fold = $3, name_sort = $4, field = $5, level = $6, state = $7, version = version + 1
		WHERE id = $8 AND version = $9`, p.Code, p.Name, p.foldOf(), text.SortKey(p.Name), p.Field, p.Level, p.State, p.ID, p.Version)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "procedure.changed_meanwhile")
	}
	return err
}
