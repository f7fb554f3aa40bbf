package dossier

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// orNull keeps "" out of columns that refer to another row.
func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

func scanDossier(row db.Scanner) (d Dossier, err error) {
	err = row.Scan(&d.ID, &d.Code, &d.Terms, &d.Procedure, &d.ProcedureCode, &d.ProcedureName, &d.Channel, &d.Receiving, &d.Competent, &d.ReceivedFor, &d.ReceivedBy, &d.Returning,
		&d.State, &d.Step, &d.Holder, &d.Duty, &d.Assignee, &d.OwedMs, &d.Applicant, &d.Content, &d.BegunMs, &d.SubmittedMs, &d.ReceptionDueMs, &d.AnsweredMs, &d.AnsweredDueMs,
		&d.ReceivedMs, &d.StartMs, &d.OriginalDueMs, &d.ClockDueMs, &d.DueMs, &d.PausedMs, &d.FinishedMs, &d.ReturnedMs, &d.Outcome, &d.Supplements, &d.SupplyUntil,
		&d.ApologisedMs, &d.Pauses, &d.DigitisedMs, &d.PaidMs, &d.PaidOnline, &d.Transferred, &d.CorrectedMs, &d.Group, &d.CreatedMs, &d.CreatedBy, &d.Version)
	return d, err
}

// unknown is what a reader gets for a dossier that there is not, or not for them.
func unknown() *errs.Error { return errs.New(errs.NotFound, "dossier.unknown") }

// findDossier reads one by its id, whoever asks; NotFound dossier.unknown.
func findDossier(tx *db.Tx, id string) (Dossier, error) {
	return found(db.One(tx, scanDossier, `SELECT * FROM dossier_row WHERE id = $1`, id))
}

// findCode reads one by its code, whoever asks; NotFound dossier.unknown.
func findCode(tx *db.Tx, code string) (Dossier, error) {
	return found(db.One(tx, scanDossier, `SELECT * FROM dossier_row WHERE code = $1`, code))
}

func found(d Dossier, there bool, err error) (Dossier, error) {
	if err == nil && !there {
		err = unknown()
	}
	return d, err
}

// sees says whether an account reaches a dossier: by one of its three agencies, or
// because the opinion of an agency within reach was asked.
func sees(tx *db.Tx, d Dossier, account string, nowMs int64) (bool, error) {
	_, there, err := db.One(tx, db.Value[string], `
		SELECT r.agency_id FROM identity_reach r
		WHERE r.account_id = $1 AND r.right_code = $2 AND r.from_ms <= $3 AND r.to_ms > $3
		  AND (r.agency_id IN ($4, $5, $6) OR r.agency_id IN (SELECT o.agency_id FROM dossier_opinion o WHERE o.dossier_id = $7)) LIMIT 1`,
		account, RightView, nowMs, d.Receiving, d.Competent, d.Returning, d.ID)
	return there, err
}

// heldOver reads every right of this room that an account holds over the agencies of a
// dossier.
func heldOver(tx *db.Tx, account string, nowMs int64, d Dossier) (rights, error) {
	held := rights{}
	list, err := db.All(tx, func(row db.Scanner) (k [2]string, err error) {
		err = row.Scan(&k[0], &k[1])
		return k, err
	}, `SELECT right_code, agency_id FROM identity_reach
		WHERE account_id = $1 AND from_ms <= $2 AND to_ms > $2 AND agency_id IN ($3, $4, $5)
		  AND right_code IN ('dossier.view', 'dossier.receive', 'dossier.process', 'dossier.advise', 'dossier.sign', 'dossier.return', 'dossier.supervise')`,
		account, nowMs, d.Receiving, d.Competent, d.Returning)
	for _, k := range list {
		held[k] = true
	}
	return held, err
}

func addDossier(tx *db.Tx, d Dossier) error {
	_, err := tx.Exec(`
		INSERT INTO dossier_dossier (id, code, terms_id, procedure_key, channel, receiving_id, competent_id, received_for_id, received_by_id, returning_id, state, step_no, holder_id, duty, assignee, owed_ms,
		  applicant, content, begun_ms, submitted_ms, reception_due_ms, answered_ms, answered_due_ms, received_ms, start_ms, original_due_ms, clock_due_ms, due_ms, paused_ms, finished_ms, returned_ms, outcome,
		  supplements, supply_until, apologised_ms, pauses, digitised_ms, paid_ms, paid_online, transferred, corrected_ms, group_id, created_ms, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35,
		  $36, $37, $38, $39, $40, $41, $42, $43, $44, $45)`,
		d.ID, d.Code, d.Terms, d.Procedure, d.Channel, d.Receiving, d.Competent, d.ReceivedFor, d.ReceivedBy, d.Returning, d.State, d.Step, orNull(d.Holder), d.Duty, d.Assignee, d.OwedMs,
		d.Applicant, d.Content, d.BegunMs, d.SubmittedMs, d.ReceptionDueMs, d.AnsweredMs, d.AnsweredDueMs, d.ReceivedMs, d.StartMs, d.OriginalDueMs, d.ClockDueMs, d.DueMs, d.PausedMs, d.FinishedMs, d.ReturnedMs,
		d.Outcome, d.Supplements, d.SupplyUntil, d.ApologisedMs, d.Pauses, d.DigitisedMs, d.PaidMs, d.PaidOnline, d.Transferred, d.CorrectedMs, d.Group, d.CreatedMs, d.CreatedBy,
		d.Version)
	return err
}

// saveDossier writes what acts may change; Conflict dossier.changed_meanwhile. The
// original due time is not among it once a dossier was received.
func saveDossier(tx *db.Tx, d Dossier) error {
	n, err := tx.Exec(`
		UPDATE dossier_dossier SET competent_id = $1, receiving_id = $2, returning_id = $3, state = $4, step_no = $5, holder_id = $6, duty = $7, assignee = $8, owed_ms = $9,
		  received_ms = $10, start_ms = $11, original_due_ms = CASE WHEN original_due_ms = 0 THEN $12 ELSE original_due_ms END, clock_due_ms = $13, due_ms = $14, paused_ms = $15,
		  finished_ms = $16, returned_ms = $17, outcome = $18, supplements = $19, supply_until = $20, apologised_ms = $21, pauses = $22, digitised_ms = $23, paid_ms = $24,
		  paid_online = $25, transferred = $26, corrected_ms = $27, reception_due_ms = $28, answered_ms = $29, answered_due_ms = $30, received_for_id = $31, received_by_id = $32, version = version + 1
		WHERE id = $33 AND version = $34`,
		d.Competent, d.Receiving, d.Returning, d.State, d.Step, orNull(d.Holder), d.Duty, d.Assignee, d.OwedMs, d.ReceivedMs, d.StartMs, d.OriginalDueMs, d.ClockDueMs, d.DueMs,
		d.PausedMs, d.FinishedMs, d.ReturnedMs, d.Outcome, d.Supplements, d.SupplyUntil, d.ApologisedMs, d.Pauses, d.DigitisedMs, d.PaidMs, d.PaidOnline, d.Transferred,
		d.CorrectedMs, d.ReceptionDueMs, d.AnsweredMs, d.AnsweredDueMs, d.ReceivedFor, d.ReceivedBy, d.ID, d.Version)
	if err == nil && n == 0 {
		err = changedMeanwhile()
	}
	return err
}

func changedMeanwhile() error { return errs.New(errs.Conflict, "dossier.changed_meanwhile") }

// addTerms keeps terms; the same words are one row.
func addTerms(tx *db.Tx, t *Terms, body []byte) error {
	_, err := tx.Exec(`INSERT INTO dossier_terms (id, procedure_key, version_id, code, name, field, body) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
		t.ID, t.Key, t.VersionID, t.Code, t.Name, t.Field, string(body))
	return err
}

func findTerms(tx *db.Tx, id string) (*Terms, error) {
	body, there, err := db.One(tx, db.Value[string], `SELECT body FROM dossier_terms WHERE id = $1`, id)
	if err == nil && !there {
		err = unknown()
	}
	if err != nil {
		return nil, err
	}
	return readTerms(id, []byte(body))
}

func scanEntry(row db.Scanner) (e Entry, err error) {
	err = row.Scan(&e.No, &e.Move, &e.From, &e.To, &e.Step, &e.AtMs, &e.Account, &e.Name, &e.Agency, &e.Reason, &e.Document, &e.DueBefore, &e.DueAfter)
	return e, err
}

func addEntry(tx *db.Tx, dossier string, e Entry) error {
	_, err := tx.Exec(`
		INSERT INTO dossier_event (dossier_id, no, move, from_state, to_state, step_no, at_ms, account_id, account_name, agency_id, reason, document, due_before_ms, due_after_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		dossier, e.No, e.Move, e.From, e.To, e.Step, e.AtMs, e.Account, e.Name, e.Agency, e.Reason, e.Document, e.DueBefore, e.DueAfter)
	return err
}

// history reads the entries of a dossier after one, oldest first.
func history(tx *db.Tx, dossier string, after, limit int) ([]Entry, error) {
	return db.All(tx, scanEntry, `
		SELECT no, move, from_state, to_state, step_no, at_ms, account_id, account_name, agency_id, reason, document, due_before_ms, due_after_ms
		FROM dossier_event WHERE dossier_id = $1 AND no > $2 ORDER BY no LIMIT $3`, dossier, after, limit)
}

// handled says whether an account made one of the moves that count as working on it.
func handled(tx *db.Tx, dossier, account string) (bool, error) {
	moves, err := db.All(tx, db.Value[string], `SELECT DISTINCT move FROM dossier_event WHERE dossier_id = $1 AND account_id = $2`, dossier, account)
	for _, m := range moves {
		if isProcessing(m) {
			return true, err
		}
	}
	return false, err
}

// lastEntry is the newest entry of a move; its zero value when there is none.
func lastEntry(tx *db.Tx, dossier, move string) (Entry, bool, error) {
	return db.One(tx, scanEntry, `
		SELECT no, move, from_state, to_state, step_no, at_ms, account_id, account_name, agency_id, reason, document, due_before_ms, due_after_ms
		FROM dossier_event WHERE dossier_id = $1 AND move = $2 ORDER BY no DESC LIMIT 1`, dossier, move)
}

func scanRun(row db.Scanner) (r StepRun, err error) {
	err = row.Scan(&r.No, &r.Turn, &r.EnteredMs, &r.StartedMs, &r.DoneMs, &r.DueMs, &r.Account, &r.End)
	return r, err
}

func runsOf(tx *db.Tx, dossier string) ([]StepRun, error) {
	return db.All(tx, scanRun, `
		SELECT no, turn, entered_ms, started_ms, done_ms, due_ms, account_id, outcome FROM dossier_step WHERE dossier_id = $1 ORDER BY entered_ms, no, turn`, dossier)
}

// saveRuns writes the runs that an act changed or began.
func saveRuns(tx *db.Tx, dossier string, runs []StepRun) error {
	for _, r := range runs {
		if !r.changed {
			continue
		}
		if _, err := tx.Exec(`
			INSERT INTO dossier_step (dossier_id, no, turn, entered_ms, started_ms, done_ms, due_ms, account_id, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (dossier_id, no, turn) DO UPDATE SET started_ms = excluded.started_ms, done_ms = excluded.done_ms, due_ms = excluded.due_ms,
			  account_id = excluded.account_id, outcome = excluded.outcome`,
			dossier, r.No, r.Turn, r.EnteredMs, r.StartedMs, r.DoneMs, r.DueMs, r.Account, r.End); err != nil {
			return err
		}
	}
	return nil
}

func pausesOf(tx *db.Tx, dossier string) ([]Pause, error) {
	return db.All(tx, func(row db.Scanner) (p Pause, err error) {
		err = row.Scan(&p.No, &p.Kind, &p.FromMs, &p.ToMs)
		return p, err
	}, `SELECT no, kind, from_ms, to_ms FROM dossier_pause WHERE dossier_id = $1 ORDER BY no`, dossier)
}

func addPause(tx *db.Tx, dossier string, p Pause) error {
	_, err := tx.Exec(`INSERT INTO dossier_pause (dossier_id, no, kind, from_ms, to_ms) VALUES ($1, $2, $3, $4, $5)`, dossier, p.No, p.Kind, p.FromMs, p.ToMs)
	return err
}

func endPause(tx *db.Tx, dossier string, p Pause) error {
	_, err := tx.Exec(`UPDATE dossier_pause SET to_ms = $1 WHERE dossier_id = $2 AND no = $3`, p.ToMs, dossier, p.No)
	return err
}
