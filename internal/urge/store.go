package urge

import (
	"strings"

	"cchc/internal/db"
)

// rulesOn reads the ladder that holds on a day.
func rulesOn(tx *db.Tx, day string) ([]Rule, error) {
	return db.All(tx, func(row db.Scanner) (r Rule, err error) {
		var audience string
		err = row.Scan(&r.Step, &r.Level, &r.Days, &r.Every, &audience, &r.Act, &r.Basis, &r.Mark)
		r.Audience = strings.Fields(audience)
		return r, err
	}, `SELECT step, level, days, every, audience, act, basis, mark FROM urge_rule WHERE valid_from <= $1 AND valid_to >= $1 ORDER BY days, step`, day)
}

// takenSteps reads which steps of one item were taken, by basis and step.
func takenSteps(tx *db.Tx, kind, item string) (map[string]bool, error) {
	list, err := db.All(tx, db.Value[string], `SELECT due_day || '|' || step FROM urge_step WHERE kind = $1 AND item_id = $2`, kind, item)
	taken := make(map[string]bool, len(list))
	for _, s := range list {
		basis, step, _ := strings.Cut(s, "|")
		taken[basis+"\x00"+step] = true
	}
	return taken, err
}

// addStep writes a step down; false when it was taken before.
func addStep(tx *db.Tx, i Item, o owed, day string, covered bool) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO urge_step (kind, item_id, due_day, step, agency_id, level, day, covered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (kind, item_id, due_day, step) DO NOTHING`, i.Kind, i.ID, o.basis, o.step, i.Agency, o.Level, day, covered)
	return n > 0, err
}

func addLine(tx *db.Tx, account string, i Item, o owed, day string) error {
	_, err := tx.Exec(`
		INSERT INTO urge_line (id, account_id, digest_id, kind, item_id, agency_id, step, level, day, due_day, code, title, url)
		VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		db.NewID(), account, i.Kind, i.ID, i.Agency, o.Step, o.Level, day, i.Due, i.Code, i.Title, i.URL)
	return err
}

// ranOn says whether the ladder was walked to its end on a day.
func ranOn(tx *db.Tx, day string) (bool, error) {
	n, _, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM urge_run WHERE day = $1`, day)
	return n > 0, err
}

func markRun(tx *db.Tx, day string, atMs int64) error {
	_, err := tx.Exec(`INSERT INTO urge_run (day, at_ms) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING`, day, atMs)
	return err
}

// waitingFor lists accounts that have lines without a digest, after one.
func waitingFor(tx *db.Tx, after string, limit int) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT DISTINCT account_id FROM urge_line WHERE digest_id = '' AND account_id > $1 ORDER BY account_id LIMIT $2`, after, limit)
}

// Line is one thing in a digest.
type Line struct {
	ID, Account, Kind, Item, Agency, Step string
	Level                                 int
	Day, Due, Code, Title, URL            string
}

func scanLine(row db.Scanner) (l Line, err error) {
	err = row.Scan(&l.ID, &l.Account, &l.Kind, &l.Item, &l.Agency, &l.Step, &l.Level, &l.Day, &l.Due, &l.Code, &l.Title, &l.URL)
	return l, err
}

func unsentLines(tx *db.Tx, account string) ([]Line, error) {
	return db.All(tx, scanLine, `
		SELECT id, account_id, kind, item_id, agency_id, step, level, day, due_day, code, title, url
		FROM urge_line WHERE digest_id = '' AND account_id = $1 ORDER BY due_day, code, id`, account)
}

// addDigest opens the digest of a person and day; false when the day has one.
func addDigest(tx *db.Tx, id, account, day string, items int, atMs int64) (bool, error) {
	n, err := tx.Exec(`INSERT INTO urge_digest (id, account_id, day, items, at_ms, seen_ms) VALUES ($1, $2, $3, $4, $5, 0)
		ON CONFLICT (account_id, day) DO NOTHING`, id, account, day, items, atMs)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(`UPDATE urge_line SET digest_id = $2 WHERE digest_id = '' AND account_id = $1`, account, id)
	return true, err
}

// digestDay is the day of a person's digest, "" when it is not theirs.
func digestDay(tx *db.Tx, id, account string) (string, error) {
	day, _, err := db.One(tx, db.Value[string], `SELECT day FROM urge_digest WHERE id = $1 AND account_id = $2`, id, account)
	return day, err
}

func digestLines(tx *db.Tx, id string) ([]Line, error) {
	return db.All(tx, scanLine, `
		SELECT id, account_id, kind, item_id, agency_id, step, level, day, due_day, code, title, url
		FROM urge_line WHERE digest_id = $1 ORDER BY level DESC, due_day, code, id`, id)
}

func markSeen(tx *db.Tx, id, account string, atMs int64) error {
	_, err := tx.Exec(`UPDATE urge_digest SET seen_ms = $3 WHERE id = $1 AND account_id = $2 AND seen_ms = 0`, id, account, atMs)
	return err
}

// Sent is one line as the board of sendings shows it, with what became of its message.
type Sent struct {
	Line
	AgencyName, Person string
	SentMs, SeenMs     int64 // 0: not yet
}

// sentWithin lists what was sent about agencies within reach, newest day first.
func sentWithin(tx *db.Tx, account string, nowMs int64, level int, afterDay, afterID string, limit int) ([]Sent, error) {
	return db.All(tx, func(row db.Scanner) (s Sent, err error) {
		err = row.Scan(&s.ID, &s.Account, &s.Kind, &s.Item, &s.Agency, &s.Step, &s.Level, &s.Day, &s.Due, &s.Code, &s.Title, &s.URL,
			&s.AgencyName, &s.Person, &s.SentMs, &s.SeenMs)
		return s, err
	}, `
		SELECT l.id, l.account_id, l.kind, l.item_id, l.agency_id, l.step, l.level, l.day, l.due_day, l.code, l.title, l.url,
		       o.name, COALESCE(p.name, ''), COALESCE(g.at_ms, 0), COALESCE(g.seen_ms, 0)
		FROM urge_line l JOIN org_agency o ON o.id = l.agency_id
		LEFT JOIN identity_account p ON p.id = l.account_id
		LEFT JOIN urge_digest g ON g.id = l.digest_id
		WHERE l.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		  AND ($4 < 0 OR l.level = $4) AND ($5 = '' OR (l.day, l.id) < ($5, $6))
		ORDER BY l.day DESC, l.id DESC LIMIT $7`, account, RightView, nowMs, level, afterDay, afterID, limit)
}
