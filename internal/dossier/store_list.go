package dossier

import "cchc/internal/db"

// Line is a dossier as a list shows it.
type Line struct {
	ID, Code                                string
	Procedure, ProcedureCode, ProcedureName string
	Channel                                 Channel
	Receiving, Competent                    string
	ReceivingCode, CompetentCode            string // codes of today
	CompetentName                           string
	State                                   State
	Step                                    int
	Duty, Assignee                          string
	OwedMs                                  int64
	Applicant, Content                      string
	BegunMs, ReceivedMs                     int64
	OriginalDueMs, DueMs, PausedMs          int64
	FinishedMs, Version                     int64
}

func scanLine(row db.Scanner) (l Line, err error) {
	err = row.Scan(&l.ID, &l.Code, &l.Procedure, &l.ProcedureCode, &l.ProcedureName, &l.Channel, &l.Receiving, &l.Competent, &l.ReceivingCode, &l.CompetentCode, &l.CompetentName, &l.State, &l.Step,
		&l.Duty, &l.Assignee, &l.OwedMs, &l.Applicant, &l.Content, &l.BegunMs, &l.ReceivedMs, &l.OriginalDueMs, &l.DueMs, &l.PausedMs, &l.FinishedMs, &l.Version)
	return l, err
}

// ofAgency lists the dossiers in which an agency has a part, newest first, before one id.
func ofAgency(tx *db.Tx, agency, before string, limit int) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (
		  SELECT id FROM (SELECT id FROM dossier_dossier WHERE competent_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3) a UNION ALL
		  SELECT id FROM (SELECT id FROM dossier_dossier WHERE receiving_id = $1 AND receiving_id <> competent_id AND id < $2 ORDER BY id DESC LIMIT $3) b UNION ALL
		  SELECT id FROM (SELECT id FROM dossier_dossier WHERE returning_id = $1 AND returning_id <> receiving_id AND returning_id <> competent_id AND id < $2 ORDER BY id DESC LIMIT $3) c)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id DESC LIMIT $3`, agency, before, limit)
}

// ofAgencyState is ofAgency for one state.
func ofAgencyState(tx *db.Tx, agency string, state State, before string, limit int) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (
		  SELECT id FROM (SELECT id FROM dossier_dossier WHERE competent_id = $1 AND state = $4 AND id < $2 ORDER BY id DESC LIMIT $3) a UNION ALL
		  SELECT id FROM (SELECT id FROM dossier_dossier WHERE receiving_id = $1 AND receiving_id <> competent_id AND state = $4 AND id < $2 ORDER BY id DESC LIMIT $3) b UNION ALL
		  SELECT id FROM (SELECT id FROM dossier_dossier WHERE returning_id = $1 AND returning_id <> receiving_id AND returning_id <> competent_id AND state = $4 AND id < $2
		    ORDER BY id DESC LIMIT $3) c)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY l.id DESC LIMIT $3`, agency, before, limit, state)
}

// countAgency counts what ofAgency and ofAgencyState list, to 1,001. Every part is an
// index of its own, so nothing is read beyond what is counted.
func countAgency(tx *db.Tx, agency string, state State) (int64, error) {
	if state == "" {
		n, _, err := db.One(tx, db.Value[int64], `
			SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier WHERE competent_id = $1
			  UNION ALL SELECT 1 FROM dossier_dossier WHERE receiving_id = $1 AND receiving_id <> competent_id
			  UNION ALL SELECT 1 FROM dossier_dossier WHERE returning_id = $1 AND returning_id <> receiving_id AND returning_id <> competent_id LIMIT 1001) x`, agency)
		return n, err
	}
	n, _, err := db.One(tx, db.Value[int64], `
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier WHERE competent_id = $1 AND state = $2
		  UNION ALL SELECT 1 FROM dossier_dossier WHERE receiving_id = $1 AND receiving_id <> competent_id AND state = $2
		  UNION ALL SELECT 1 FROM dossier_dossier WHERE returning_id = $1 AND returning_id <> receiving_id AND returning_id <> competent_id AND state = $2 LIMIT 1001) x`, agency, state)
	return n, err
}

// within lists what a reader of many agencies sees, newest first: nearly everything is
// theirs, so the order of entry is walked and what is not is passed over.
func within(tx *db.Tx, account string, nowMs int64, before string, limit int) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH reach AS MATERIALIZED (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		SELECT l.* FROM dossier_line l JOIN dossier_dossier d ON d.id = l.id
		WHERE l.id < $4 AND (d.competent_id IN (SELECT agency_id FROM reach) OR d.receiving_id IN (SELECT agency_id FROM reach) OR d.returning_id IN (SELECT agency_id FROM reach))
		ORDER BY l.id DESC LIMIT $5`, account, RightView, nowMs, before, limit)
}

// countWithin counts, to 1,001, what an account sees: each dossier once, by the first of
// its agencies that is within reach.
func countWithin(tx *db.Tx, account string, nowMs int64, state State) (int64, error) {
	if state == "" {
		n, _, err := db.One(tx, db.Value[int64], `
			WITH reach AS MATERIALIZED (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
			SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier WHERE competent_id IN (SELECT agency_id FROM reach)
			  UNION ALL SELECT 1 FROM dossier_dossier WHERE receiving_id IN (SELECT agency_id FROM reach) AND receiving_id <> competent_id AND competent_id NOT IN (SELECT agency_id FROM reach)
			  UNION ALL SELECT 1 FROM dossier_dossier WHERE returning_id IN (SELECT agency_id FROM reach) AND returning_id <> receiving_id AND returning_id <> competent_id
			    AND competent_id NOT IN (SELECT agency_id FROM reach) AND receiving_id NOT IN (SELECT agency_id FROM reach) LIMIT 1001) x`, account, RightView, nowMs)
		return n, err
	}
	n, _, err := db.One(tx, db.Value[int64], `
		WITH reach AS MATERIALIZED (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		SELECT COUNT(*) FROM (SELECT 1 AS one FROM dossier_dossier WHERE competent_id IN (SELECT agency_id FROM reach) AND state = $4
		  UNION ALL SELECT 1 FROM dossier_dossier WHERE receiving_id IN (SELECT agency_id FROM reach) AND receiving_id <> competent_id AND state = $4
		    AND competent_id NOT IN (SELECT agency_id FROM reach)
		  UNION ALL SELECT 1 FROM dossier_dossier WHERE returning_id IN (SELECT agency_id FROM reach) AND returning_id <> receiving_id AND returning_id <> competent_id AND state = $4
		    AND competent_id NOT IN (SELECT agency_id FROM reach) AND receiving_id NOT IN (SELECT agency_id FROM reach) LIMIT 1001) x`, account, RightView, nowMs, state)
	return n, err
}

// reached lists the agencies that an account reaches with a right.
func reached(tx *db.Tx, account, right string, nowMs int64) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT DISTINCT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3 AND agency_id <> '' ORDER BY agency_id`,
		account, right, nowMs)
}

func lineOf(tx *db.Tx, id string) (Line, bool, error) {
	return db.One(tx, scanLine, `SELECT * FROM dossier_line WHERE id = $1`, id)
}

// owed lists what is owed at an agency under a right by nobody in particular or by one
// account, what is due first on top, after a place.
func owed(tx *db.Tx, right, agency, account string, afterMs int64, afterID string, limit int) ([]Line, error) {
	return db.All(tx, scanLine, `
		WITH page AS (SELECT id, owed_ms FROM dossier_dossier WHERE duty <> '' AND duty = $1 AND holder_id = $2 AND (owed_ms, id) > ($3, $4) AND assignee IN ('', $5)
		  ORDER BY owed_ms, id LIMIT $6)
		SELECT l.* FROM page JOIN dossier_line l ON l.id = page.id ORDER BY page.owed_ms, page.id`, right, agency, afterMs, afterID, account, limit)
}

// countOwed counts what owed lists, to 1,001, and what of it was due before a moment.
func countOwed(tx *db.Tx, right, agency, account string, nowMs int64) (all, late int, err error) {
	err = tx.QueryRow(`
		SELECT COUNT(*), COUNT(*) FILTER (WHERE owed_ms < $4) FROM (SELECT owed_ms FROM dossier_dossier
		  WHERE duty <> '' AND duty = $1 AND holder_id = $2 AND assignee IN ('', $3) ORDER BY owed_ms LIMIT 1001) x`, right, agency, account, nowMs).Scan(&all, &late)
	return all, late, err
}

// countOpinions counts what askedOf lists.
func countOpinions(tx *db.Tx, _, agency, _ string, nowMs int64) (all, late int, err error) {
	err = tx.QueryRow(`
		SELECT COUNT(*), COUNT(*) FILTER (WHERE due_ms < $2) FROM (SELECT o.due_ms FROM dossier_opinion o JOIN dossier_dossier d ON d.id = o.dossier_id
		  WHERE o.agency_id = $1 AND o.given_ms = 0 AND d.state = 'coordinating' ORDER BY o.due_ms LIMIT 1001) x`, agency, nowMs).Scan(&all, &late)
	return all, late, err
}

// askedOf lists the dossiers for which an agency owes its opinion, by when it is due.
func askedOf(tx *db.Tx, agency string, afterMs int64, afterID string, limit int) ([]Asked, error) {
	return db.All(tx, func(row db.Scanner) (a Asked, err error) {
		err = row.Scan(&a.DueMs, &a.AskedMs, &a.Line.ID, &a.Line.Code, &a.Line.ProcedureName, &a.Line.Applicant)
		return a, err
	}, `SELECT o.due_ms, o.asked_ms, l.id, l.code, l.procedure_name, l.applicant FROM dossier_opinion o JOIN dossier_line l ON l.id = o.dossier_id
		WHERE o.agency_id = $1 AND o.given_ms = 0 AND l.state = 'coordinating' AND (o.due_ms, o.dossier_id) > ($2, $3) ORDER BY o.due_ms, o.dossier_id LIMIT $4`,
		agency, afterMs, afterID, limit)
}

// Asked is an opinion owed.
type Asked struct {
	Line           Line
	DueMs, AskedMs int64
}
