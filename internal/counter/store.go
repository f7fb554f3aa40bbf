package counter

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// stale turns an update of no row into the refusal of whoever was slower.
func stale(n int64, err error) error {
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "counter.changed_meanwhile")
	}
	return err
}

func scanTicket(row db.Scanner) (t Ticket, err error) {
	err = row.Scan(&t.ID, &t.Agency, &t.Queue, &t.QueueName, &t.Day, &t.Label, &t.Token, &t.Priority, &t.State, &t.PlaceMs, &t.TakenMs, &t.CalledMs, &t.Calls, &t.BegunMs, &t.EndedMs,
		&t.WaitMin, &t.TargetMin, &t.Desk, &t.DeskNo, &t.Officer, &t.Dossier, &t.Appointment, &t.Version)
	return t, err
}

// findTicket reads one by its id or token: NotFound "counter.ticket_unknown".
func findTicket(tx *db.Tx, id, token string) (Ticket, error) {
	t, found, err := db.One(tx, scanTicket, `
		SELECT t.id, t.agency_id, t.queue_id, q.name, t.day, t.label, t.token, t.priority, t.state, t.place_ms, t.taken_ms, t.called_ms, t.calls, t.begun_ms, t.ended_ms,
		       t.wait_min, t.target_min, COALESCE(t.desk_id, ''), COALESCE(d.no, 0), t.officer_id, t.dossier_code, COALESCE(t.appointment_id, ''), t.version
		FROM counter_ticket t JOIN counter_queue q ON q.id = t.queue_id LEFT JOIN counter_desk d ON d.id = t.desk_id
		WHERE t.id = CASE WHEN $1 <> '' THEN $1 ELSE (SELECT x.id FROM counter_ticket x WHERE x.token = $2) END`, id, token)
	if err == nil && (!found || id+token == "") {
		err = errs.New(errs.NotFound, "counter.ticket_unknown")
	}
	return t, err
}

// firstWaiting is the ticket that a desk calls next, of all its queues.
func firstWaiting(tx *db.Tx, desk, day string) (Ticket, bool, error) {
	return db.One(tx, scanTicket, `
		SELECT t.id, t.agency_id, t.queue_id, q.name, t.day, t.label, t.token, t.priority, t.state, t.place_ms, t.taken_ms, t.called_ms, t.calls, t.begun_ms, t.ended_ms,
		       t.wait_min, t.target_min, COALESCE(t.desk_id, ''), COALESCE(d.no, 0), t.officer_id, t.dossier_code, COALESCE(t.appointment_id, ''), t.version
		FROM counter_ticket t JOIN counter_queue q ON q.id = t.queue_id LEFT JOIN counter_desk d ON d.id = t.desk_id
		WHERE t.state = 'waiting' AND t.day = $2 AND t.queue_id IN (SELECT queue_id FROM counter_serves WHERE desk_id = $1)
		ORDER BY t.place_ms, t.id LIMIT 1`, desk, day)
}

// atDesk is the ticket that a desk has called or serves.
func atDesk(tx *db.Tx, desk string) (Ticket, bool, error) {
	return db.One(tx, scanTicket, `
		SELECT t.id, t.agency_id, t.queue_id, q.name, t.day, t.label, t.token, t.priority, t.state, t.place_ms, t.taken_ms, t.called_ms, t.calls, t.begun_ms, t.ended_ms,
		       t.wait_min, t.target_min, COALESCE(t.desk_id, ''), COALESCE(d.no, 0), t.officer_id, t.dossier_code, COALESCE(t.appointment_id, ''), t.version
		FROM counter_ticket t JOIN counter_queue q ON q.id = t.queue_id LEFT JOIN counter_desk d ON d.id = t.desk_id
		WHERE t.desk_id = $1 AND t.state IN ('called', 'serving') ORDER BY t.called_ms DESC LIMIT 1`, desk)
}

// dayTickets lists the tickets of a hall on a day by when they were drawn, in one state
// or in all (""), after the key (taken_ms, id).
func dayTickets(tx *db.Tx, agency, day string, state State, afterMs int64, afterID string, limit int) ([]Ticket, error) {
	return db.All(tx, scanTicket, `
		SELECT t.id, t.agency_id, t.queue_id, q.name, t.day, t.label, t.token, t.priority, t.state, t.place_ms, t.taken_ms, t.called_ms, t.calls, t.begun_ms, t.ended_ms,
		       t.wait_min, t.target_min, COALESCE(t.desk_id, ''), COALESCE(d.no, 0), t.officer_id, t.dossier_code, COALESCE(t.appointment_id, ''), t.version
		FROM counter_ticket t JOIN counter_queue q ON q.id = t.queue_id LEFT JOIN counter_desk d ON d.id = t.desk_id
		WHERE t.agency_id = $1 AND t.day = $2 AND ($3 = '' OR t.state = $3) AND (t.taken_ms, t.id) > ($4, $5)
		ORDER BY t.taken_ms, t.id LIMIT $6`, agency, day, state, afterMs, afterID, limit)
}

// shownTickets lists who is called or served now, last called first: the board.
func shownTickets(tx *db.Tx, agency, day string, limit int) ([]Ticket, error) {
	return db.All(tx, scanTicket, `
		SELECT t.id, t.agency_id, t.queue_id, q.name, t.day, t.label, t.token, t.priority, t.state, t.place_ms, t.taken_ms, t.called_ms, t.calls, t.begun_ms, t.ended_ms,
		       t.wait_min, t.target_min, COALESCE(t.desk_id, ''), COALESCE(d.no, 0), t.officer_id, t.dossier_code, COALESCE(t.appointment_id, ''), t.version
		FROM counter_ticket t JOIN counter_queue q ON q.id = t.queue_id LEFT JOIN counter_desk d ON d.id = t.desk_id
		WHERE t.agency_id = $1 AND t.day = $2 AND t.state IN ('called', 'serving')
		ORDER BY CASE t.state WHEN 'called' THEN 0 ELSE 1 END, t.called_ms DESC, t.id LIMIT $3`, agency, day, limit)
}

func addTicket(tx *db.Tx, t Ticket) error {
	_, err := tx.Exec(`
		INSERT INTO counter_ticket (id, agency_id, queue_id, day, label, token, priority, state, place_ms, taken_ms, called_ms, calls, begun_ms, ended_ms, wait_min, target_min, desk_id, officer_id,
			dossier_code, appointment_id, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, 0, 0, 0, 0, 0, $10, NULL, '', '', NULLIF($11, ''), 1)`,
		t.ID, t.Agency, t.Queue, t.Day, t.Label, t.Token, t.Priority, t.PlaceMs, t.TakenMs, t.TargetMin, t.Appointment)
	return err
}

func saveTicket(tx *db.Tx, t Ticket) error {
	return stale(tx.Exec(`
		UPDATE counter_ticket SET queue_id = $1, state = $2, called_ms = $3, calls = $4, begun_ms = $5, ended_ms = $6, wait_min = $7, desk_id = NULLIF($8, ''), officer_id = $9,
			dossier_code = $10, version = version + 1 WHERE id = $11 AND version = $12`,
		t.Queue, t.State, t.CalledMs, t.Calls, t.BegunMs, t.EndedMs, t.WaitMin, t.Desk, t.Officer, t.Dossier, t.ID, t.Version))
}

// nextNumber is the next number of a queue on a day.
func nextNumber(tx *db.Tx, queue, day string) (n int64, err error) {
	n, _, err = db.One(tx, db.Value[int64], `
		INSERT INTO counter_number (queue_id, day, last) VALUES ($1, $2, 1) ON CONFLICT (queue_id, day) DO UPDATE SET last = counter_number.last + 1 RETURNING last`, queue, day)
	return n, err
}

// ahead counts who is called before a ticket that waits.
func ahead(tx *db.Tx, t Ticket) (n int64, err error) {
	n, _, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM counter_ticket WHERE queue_id = $1 AND day = $2 AND state = 'waiting' AND (place_ms, id) < ($3, $4)`, t.Queue, t.Day, t.PlaceMs, t.ID)
	return n, err
}

// endOfDay lets go of tickets of days before today.
func endOfDay(tx *db.Tx, today string, nowMs int64) (int64, error) {
	return tx.Exec(`
		UPDATE counter_ticket SET state = CASE state WHEN 'serving' THEN 'done' ELSE 'abandoned' END, ended_ms = $2, version = version + 1
		WHERE day < $1 AND state IN ('waiting', 'called', 'skipped', 'serving')`, today, nowMs)
}

// Day is what a hall's day came to so far.
type Day struct {
	Drawn, Waiting, Called, Abandoned, Within int64 // Within of Called were called within the promise
}

func dayOf(tx *db.Tx, agency, day string) (d Day, err error) {
	err = tx.QueryRow(`
		SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'waiting'), COUNT(*) FILTER (WHERE called_ms > 0), COUNT(*) FILTER (WHERE state = 'abandoned'),
		       COUNT(*) FILTER (WHERE called_ms > 0 AND wait_min <= target_min)
		FROM counter_ticket WHERE agency_id = $1 AND day = $2`, agency, day).Scan(&d.Drawn, &d.Waiting, &d.Called, &d.Abandoned, &d.Within)
	return d, err
}
