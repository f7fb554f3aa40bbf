package counter

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanAppointment(row db.Scanner) (a Appointment, err error) {
	err = row.Scan(&a.ID, &a.Agency, &a.AgencyName, &a.Queue, &a.QueueName, &a.Day, &a.StartMs, &a.Code, &a.Name, &a.Phone, &a.Account, &a.State, &a.BookedMs, &a.RemindedMs, &a.Version)
	return a, err
}

// findAppointment reads one by id or code: NotFound "counter.appointment_unknown".
func findAppointment(tx *db.Tx, id, code string) (Appointment, error) {
	a, found, err := db.One(tx, scanAppointment, `
		SELECT p.id, p.agency_id, o.name, p.queue_id, q.name, p.day, p.start_ms, p.code, p.name, p.phone, p.account_id, p.state, p.booked_ms, p.reminded_ms, p.version
		FROM counter_appointment p JOIN org_agency o ON o.id = p.agency_id JOIN counter_queue q ON q.id = p.queue_id
		WHERE p.id = CASE WHEN $1 <> '' THEN $1 ELSE (SELECT x.id FROM counter_appointment x WHERE x.code = $2) END`, id, code)
	if err == nil && (!found || id+code == "") {
		err = errs.New(errs.NotFound, "counter.appointment_unknown")
	}
	return a, err
}

// dayAppointments lists a hall's appointments of a day by their beginnings.
func dayAppointments(tx *db.Tx, agency, day string) ([]Appointment, error) {
	return db.All(tx, scanAppointment, `
		SELECT p.id, p.agency_id, o.name, p.queue_id, q.name, p.day, p.start_ms, p.code, p.name, p.phone, p.account_id, p.state, p.booked_ms, p.reminded_ms, p.version
		FROM counter_appointment p JOIN org_agency o ON o.id = p.agency_id JOIN counter_queue q ON q.id = p.queue_id
		WHERE p.agency_id = $1 AND p.day = $2 ORDER BY p.start_ms, p.id LIMIT 2000`, agency, day)
}

// ownAppointments lists what an account booked, newest first.
func ownAppointments(tx *db.Tx, account string) ([]Appointment, error) {
	return db.All(tx, scanAppointment, `
		SELECT p.id, p.agency_id, o.name, p.queue_id, q.name, p.day, p.start_ms, p.code, p.name, p.phone, p.account_id, p.state, p.booked_ms, p.reminded_ms, p.version
		FROM counter_appointment p JOIN org_agency o ON o.id = p.agency_id JOIN counter_queue q ON q.id = p.queue_id
		WHERE p.account_id = $1 AND $1 <> '' ORDER BY p.start_ms DESC, p.id LIMIT 50`, account)
}

// takenSlots counts the appointments of a queue on a day by their beginning.
func takenSlots(tx *db.Tx, queue, day string) (map[int64]int64, error) {
	type slot struct{ at, n int64 }
	list, err := db.All(tx, func(row db.Scanner) (s slot, err error) { err = row.Scan(&s.at, &s.n); return s, err }, `
		SELECT start_ms, COUNT(*) FROM counter_appointment WHERE queue_id = $1 AND day = $2 AND state IN ('booked', 'arrived') GROUP BY start_ms`, queue, day)
	out := map[int64]int64{}
	for _, s := range list {
		out[s.at] = s.n
	}
	return out, err
}

// record of an account: appointments that it still has in a queue on a day, and missed
// ones since a moment.
func keptBy(tx *db.Tx, account, queue, day string, sinceMs int64) (open, missed int64, err error) {
	err = tx.QueryRow(`
		SELECT COUNT(*) FILTER (WHERE state = 'booked' AND queue_id = $2 AND day = $3), COUNT(*) FILTER (WHERE state = 'no_show' AND start_ms >= $4)
		FROM counter_appointment WHERE account_id = $1`, account, queue, day, sinceMs).Scan(&open, &missed)
	return open, missed, err
}

func addAppointment(tx *db.Tx, a Appointment, by string) error {
	_, err := tx.Exec(`
		INSERT INTO counter_appointment (id, agency_id, queue_id, day, start_ms, code, name, phone, account_id, state, booked_ms, booked_by, reminded_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'booked', $10, $11, 0, 1)`, a.ID, a.Agency, a.Queue, a.Day, a.StartMs, a.Code, a.Name, a.Phone, a.Account, a.BookedMs, by)
	return err
}

func saveAppointment(tx *db.Tx, a Appointment) error {
	return stale(tx.Exec(`UPDATE counter_appointment SET state = $1, reminded_ms = $2, version = version + 1 WHERE id = $3 AND version = $4`, a.State, a.RemindedMs, a.ID, a.Version))
}

// missedBy lists booked appointments that began before a moment.
func missedBy(tx *db.Tx, beforeMs int64, limit int) ([]Appointment, error) {
	return db.All(tx, scanAppointment, `
		SELECT p.id, p.agency_id, o.name, p.queue_id, q.name, p.day, p.start_ms, p.code, p.name, p.phone, p.account_id, p.state, p.booked_ms, p.reminded_ms, p.version
		FROM counter_appointment p JOIN org_agency o ON o.id = p.agency_id JOIN counter_queue q ON q.id = p.queue_id
		WHERE p.state = 'booked' AND p.start_ms < $1 ORDER BY p.start_ms, p.id LIMIT $2`, beforeMs, limit)
}

// toRemind lists booked appointments between two moments of whom nobody was reminded.
func toRemind(tx *db.Tx, fromMs, toMs int64, limit int) ([]Appointment, error) {
	return db.All(tx, scanAppointment, `
		SELECT p.id, p.agency_id, o.name, p.queue_id, q.name, p.day, p.start_ms, p.code, p.name, p.phone, p.account_id, p.state, p.booked_ms, p.reminded_ms, p.version
		FROM counter_appointment p JOIN org_agency o ON o.id = p.agency_id JOIN counter_queue q ON q.id = p.queue_id
		WHERE p.state = 'booked' AND p.start_ms >= $1 AND p.start_ms < $2 AND p.reminded_ms = 0 AND p.account_id <> '' ORDER BY p.start_ms, p.id LIMIT $3`, fromMs, toMs, limit)
}
