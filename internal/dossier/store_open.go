package dossier

import "cchc/internal/db"

// openOf reads the dossiers in which an agency has a part and that are not yet returned or
// ended, each once.
func openOf(tx *db.Tx, agency string) ([]Dossier, error) {
	return db.All(tx, scanDossier, `
		WITH open AS (
		  SELECT id FROM dossier_dossier WHERE competent_id = $1 AND state IN ('draft', 'submitted', 'supplement_before_receipt', 'received', 'in_process', 'coordinating', 'supplement_wait', 'finance_wait', 'approved', 'rejected_result', 'handed_to_counter')
		  UNION ALL SELECT id FROM dossier_dossier WHERE receiving_id = $1 AND receiving_id <> competent_id AND state IN ('draft', 'submitted', 'supplement_before_receipt', 'received', 'in_process', 'coordinating', 'supplement_wait', 'finance_wait', 'approved', 'rejected_result', 'handed_to_counter')
		  UNION ALL SELECT id FROM dossier_dossier WHERE returning_id = $1 AND returning_id <> receiving_id AND returning_id <> competent_id AND state IN ('draft', 'submitted', 'supplement_before_receipt', 'received', 'in_process', 'coordinating', 'supplement_wait', 'finance_wait', 'approved', 'rejected_result', 'handed_to_counter'))
		SELECT r.* FROM open JOIN dossier_row r ON r.id = open.id ORDER BY r.id`, agency)
}

// askInstead lets the successor owe the opinions that an agency was asked for.
func askInstead(tx *db.Tx, from, to string) error {
	_, err := tx.Exec(`UPDATE dossier_opinion SET agency_id = $1 WHERE agency_id = $2 AND given_ms = 0`, to, from)
	return err
}

// running reads the dossiers whose clock runs and is due since a moment, by id.
func running(tx *db.Tx, sinceMs int64, after string, limit int) ([]Dossier, error) {
	return db.All(tx, scanDossier, `
		SELECT * FROM dossier_row WHERE finished_ms = 9223372036854775807 AND received_ms > 0 AND clock_due_ms >= $1 AND paused_ms = 0 AND id > $2 ORDER BY id LIMIT $3`,
		sinceMs, after, limit)
}

// anyDossier says whether there is one at all.
func anyDossier(tx *db.Tx) (bool, error) {
	_, there, err := db.One(tx, db.Value[string], `SELECT id FROM dossier_dossier LIMIT 1`)
	return there, err
}
