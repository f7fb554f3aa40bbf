package dossier

import (
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// tally is how many dossiers of an agency, day, procedure and channel there are.
type tally struct {
	agency, procedure, channel string
	day                        int64 // days since 1970 in Vietnam
	n                          int64
}

func (t tally) dayText() string {
	return time.Unix(t.day*86400, 0).UTC().Format(time.DateOnly)
}

func startOfDay(day string) int64 {
	t, err := clock.ParseDay(day)
	if err != nil {
		return 0
	}
	return t.UnixMilli()
}

func scanTally(row db.Scanner) (t tally, err error) {
	err = row.Scan(&t.agency, &t.day, &t.procedure, &t.channel, &t.n)
	return t, err
}

// The recounts. A day in Vietnam is (ms + 7 hours) / 24 hours, which both engines divide
// without a rest.

func tallyReceived(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT received_for_id, (received_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE received_ms > 0 AND received_ms >= $1 AND received_ms <= $2
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyTakenIn(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT received_by_id, (received_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE received_ms > 0 AND received_ms >= $1 AND received_ms <= $2
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyAnswered(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT received_by_id, (answered_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE answered_ms > 0 AND answered_ms >= $1 AND answered_ms <= $2
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyAnsweredOnTime(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT received_by_id, (answered_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE answered_ms > 0 AND answered_ms >= $1 AND answered_ms <= $2 AND answered_ms <= answered_due_ms
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyFinished(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT competent_id, (finished_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE finished_ms >= $1 AND finished_ms <= $2 AND received_ms > 0
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyDated(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT competent_id, (finished_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE finished_ms >= $1 AND finished_ms <= $2 AND received_ms > 0 AND due_ms > 0
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyOnTime(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT competent_id, (finished_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE finished_ms >= $1 AND finished_ms <= $2 AND received_ms > 0 AND due_ms > 0
		  AND CASE WHEN paused_ms > 0 AND paused_ms < finished_ms THEN paused_ms ELSE finished_ms END <= due_ms
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyOnTimeByClock(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT competent_id, (finished_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE finished_ms >= $1 AND finished_ms <= $2 AND received_ms > 0 AND due_ms > 0
		  AND CASE WHEN paused_ms > 0 AND paused_ms < finished_ms THEN paused_ms ELSE finished_ms END <= clock_due_ms
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyDigitised(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT competent_id, (finished_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE finished_ms >= $1 AND finished_ms <= $2 AND received_ms > 0 AND digitised_ms > 0
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyPaid(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT competent_id, (paid_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE paid_ms > 0 AND paid_ms >= $1 AND paid_ms <= $2
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}

func tallyPaidOnline(tx *db.Tx, fromMs, toMs int64) ([]tally, error) {
	return db.All(tx, scanTally, `
		SELECT competent_id, (paid_ms + 25200000) / 86400000, procedure_key, channel, COUNT(*) FROM dossier_dossier WHERE paid_ms > 0 AND paid_ms >= $1 AND paid_ms <= $2 AND paid_online
		GROUP BY 1, 2, 3, 4`, fromMs, toMs)
}
