package counter

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

func scanHall(row db.Scanner) (h Hall, err error) {
	var token string
	err = row.Scan(&h.Agency, &h.Name, &token, &h.TargetMin, &h.PriorityMin, &h.SlotMin, &h.NoShowMin, &h.NoShowLimit, &h.DaysAhead, &h.Version)
	h.HasToken = token != ""
	return h, err
}

// findHall reads the rules of an agency's hall, the defaults when none were set.
func findHall(tx *db.Tx, agency string) (Hall, error) {
	h, found, err := db.One(tx, scanHall, `
		SELECT h.agency_id, a.name, h.token_hash, h.target_min, h.priority_min, h.slot_min, h.no_show_min, h.no_show_limit, h.days_ahead, h.version
		FROM counter_hall h JOIN org_agency a ON a.id = h.agency_id WHERE h.agency_id = $1`, agency)
	if err == nil && !found {
		h = newHall(agency)
	}
	return h, err
}

// hallByToken finds the hall whose machine brings a word: NotFound "counter.hall_unknown".
func hallByToken(tx *db.Tx, hash string) (Hall, error) {
	h, found, err := db.One(tx, scanHall, `
		SELECT h.agency_id, a.name, h.token_hash, h.target_min, h.priority_min, h.slot_min, h.no_show_min, h.no_show_limit, h.days_ahead, h.version
		FROM counter_hall h JOIN org_agency a ON a.id = h.agency_id WHERE h.token_hash = $1`, hash)
	if err == nil && (!found || hash == "") {
		err = errs.New(errs.NotFound, "counter.hall_unknown")
	}
	return h, err
}

func saveHall(tx *db.Tx, h Hall) error {
	if h.Version == 0 {
		_, err := tx.Exec(`
			INSERT INTO counter_hall (agency_id, token_hash, target_min, priority_min, slot_min, no_show_min, no_show_limit, days_ahead, version) VALUES ($1, '', $2, $3, $4, $5, $6, $7, 1)`,
			h.Agency, h.TargetMin, h.PriorityMin, h.SlotMin, h.NoShowMin, h.NoShowLimit, h.DaysAhead)
		return err
	}
	return stale(tx.Exec(`
		UPDATE counter_hall SET target_min = $1, priority_min = $2, slot_min = $3, no_show_min = $4, no_show_limit = $5, days_ahead = $6, version = version + 1 WHERE agency_id = $7 AND version = $8`,
		h.TargetMin, h.PriorityMin, h.SlotMin, h.NoShowMin, h.NoShowLimit, h.DaysAhead, h.Agency, h.Version))
}

func setToken(tx *db.Tx, h Hall, hash string) error {
	return stale(tx.Exec(`UPDATE counter_hall SET token_hash = $1, version = version + 1 WHERE agency_id = $2 AND version = $3`, hash, h.Agency, h.Version))
}

func scanQueue(row db.Scanner) (q Queue, err error) {
	err = row.Scan(&q.ID, &q.Agency, &q.Letter, &q.Name, &q.Capacity, &q.Active, &q.Version, &q.Waiting)
	return q, err
}

// queues lists the queues of a hall by their letters, with who waits on a day.
func queues(tx *db.Tx, agency, day string) ([]Queue, error) {
	return db.All(tx, scanQueue, `
		SELECT q.id, q.agency_id, q.letter, q.name, q.capacity, q.active, q.version, (SELECT COUNT(*) FROM counter_ticket t WHERE t.queue_id = q.id AND t.day = $2 AND t.state = 'waiting')
		FROM counter_queue q WHERE q.agency_id = $1 ORDER BY q.letter`, agency, day)
}

// findQueue reads one: NotFound "counter.queue_unknown".
func findQueue(tx *db.Tx, id string) (Queue, error) {
	q, found, err := db.One(tx, scanQueue, `SELECT id, agency_id, letter, name, capacity, active, version, 0 FROM counter_queue WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "counter.queue_unknown")
	}
	return q, err
}

func addQueue(tx *db.Tx, q Queue) error {
	_, err := tx.Exec(`INSERT INTO counter_queue (id, agency_id, letter, name, capacity, active, version) VALUES ($1, $2, $3, $4, $5, $6, 1)`, q.ID, q.Agency, q.Letter, q.Name, q.Capacity, q.Active)
	return err
}

func saveQueue(tx *db.Tx, q Queue) error {
	return stale(tx.Exec(`UPDATE counter_queue SET name = $1, capacity = $2, active = $3, version = version + 1 WHERE id = $4 AND version = $5`, q.Name, q.Capacity, q.Active, q.ID, q.Version))
}

func scanDesk(row db.Scanner) (d Desk, err error) {
	err = row.Scan(&d.ID, &d.Agency, &d.No, &d.OfficerID, &d.Officer, &d.Active, &d.Version)
	return d, err
}

// desks lists the desks of a hall by number, with the queues that they serve.
func desks(tx *db.Tx, agency string) ([]Desk, error) {
	list, err := db.All(tx, scanDesk, `SELECT id, agency_id, no, officer_id, officer, active, version FROM counter_desk WHERE agency_id = $1 ORDER BY no`, agency)
	for i := range list {
		if err == nil {
			list[i].Queues, err = db.All(tx, db.Value[string], `SELECT queue_id FROM counter_serves WHERE desk_id = $1 ORDER BY queue_id`, list[i].ID)
		}
	}
	return list, err
}

// findDesk reads one: NotFound "counter.desk_unknown".
func findDesk(tx *db.Tx, id string) (Desk, error) {
	d, found, err := db.One(tx, scanDesk, `SELECT id, agency_id, no, officer_id, officer, active, version FROM counter_desk WHERE id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "counter.desk_unknown")
	}
	return d, err
}

// deskOf is the desk where an officer sits.
func deskOf(tx *db.Tx, account string) (Desk, bool, error) {
	return db.One(tx, scanDesk, `SELECT id, agency_id, no, officer_id, officer, active, version FROM counter_desk WHERE officer_id = $1 ORDER BY id LIMIT 1`, account)
}

func addDesk(tx *db.Tx, d Desk) error {
	_, err := tx.Exec(`INSERT INTO counter_desk (id, agency_id, no, officer_id, officer, active, version) VALUES ($1, $2, $3, '', '', $4, 1)`, d.ID, d.Agency, d.No, d.Active)
	return err
}

func saveDesk(tx *db.Tx, d Desk) error {
	return stale(tx.Exec(`UPDATE counter_desk SET officer_id = $1, officer = $2, active = $3, version = version + 1 WHERE id = $4 AND version = $5`, d.OfficerID, d.Officer, d.Active, d.ID, d.Version))
}

// serve says which queues a desk serves from now on.
func serve(tx *db.Tx, desk string, ids []string) error {
	_, err := tx.Exec(`DELETE FROM counter_serves WHERE desk_id = $1`, desk)
	for _, id := range ids {
		if err == nil {
			_, err = tx.Exec(`INSERT INTO counter_serves (desk_id, queue_id) VALUES ($1, $2) ON CONFLICT (desk_id, queue_id) DO NOTHING`, desk, id)
		}
	}
	return err
}

// reached lists the agencies over which somebody holds a right now.
func reached(tx *db.Tx, account, right string, nowMs int64) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT DISTINCT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3 AND agency_id <> ''`, account, right, nowMs)
}

// halls lists the agencies that run a hall with a queue that takes appointments.
func halls(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT DISTINCT agency_id FROM counter_queue WHERE active AND capacity > 0 ORDER BY agency_id`)
}
