package notice

import (
	"encoding/json"

	"cchc/internal/clock"
	"cchc/internal/db"
)

func readSettings(tx *db.Tx) (value string, version int64, err error) {
	err = tx.QueryRow(`SELECT value, version FROM notice_setting WHERE name = 'sending'`).Scan(&value, &version)
	return value, version, err
}

func updateSettings(tx *db.Tx, value string, version int64) (int64, error) {
	return tx.Exec(`UPDATE notice_setting SET value = $1, version = version + 1 WHERE name = 'sending' AND version = $2`, value, version)
}

// insertMessage is where "never twice" is kept: fresh is false when the key is there.
func insertMessage(tx *db.Tx, m Message, sealed string, hidden bool) (fresh bool, err error) {
	args, err := json.Marshal(m.Args)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`
		INSERT INTO notice_message (id, key, account_id, kind, subject, url, args_json, secret_sealed, hidden, created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key) DO NOTHING`,
		m.ID, m.Key, m.To, m.Kind, m.Subject, m.URL, string(args), sealed, hidden, m.Created.UnixMilli())
	return n == 1, err
}

func scanMessage(row db.Scanner) (m Message, err error) {
	var args string
	var created int64
	var read *int64
	if err = row.Scan(&m.ID, &m.Key, &m.To, &m.Kind, &m.Subject, &m.URL, &args, &created, &read); err != nil {
		return m, err
	}
	m.Created = clock.FromMs(created)
	if read != nil {
		m.Read = clock.FromMs(*read)
	}
	return m, json.Unmarshal([]byte(args), &m.Args)
}

func messageByID(tx *db.Tx, id string) (m Message, sealed string, found bool, err error) {
	m, found, err = db.One(tx, scanMessage, `SELECT id, key, account_id, kind, subject, url, args_json, created_ms, read_ms FROM notice_message WHERE id = $1`, id)
	if err == nil && found {
		sealed, _, err = db.One(tx, db.Value[string], `SELECT secret_sealed FROM notice_message WHERE id = $1`, id)
	}
	return m, sealed, found, err
}

func listMessages(tx *db.Tx, account, after string, limit int) ([]Message, error) {
	return db.All(tx, scanMessage, `
		SELECT id, key, account_id, kind, subject, url, args_json, created_ms, read_ms FROM notice_message
		 WHERE account_id = $1 AND NOT hidden AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, account, after, limit)
}

func countUnread(tx *db.Tx, account string) (int, error) {
	n, _, err := db.One(tx, db.Value[int], `
		SELECT COUNT(*) FROM (SELECT id FROM notice_message WHERE account_id = $1 AND read_ms IS NULL AND NOT hidden LIMIT 100) AS few`, account)
	return n, err
}

func markRead(tx *db.Tx, account, id string, nowMs int64) error {
	_, err := tx.Exec(`UPDATE notice_message SET read_ms = $1 WHERE account_id = $2 AND read_ms IS NULL AND ($3 = '' OR id = $3)`, nowMs, account, id)
	return err
}

func eraseSecret(tx *db.Tx, messageID string) error {
	_, err := tx.Exec(`UPDATE notice_message SET secret_sealed = '' WHERE id = $1`, messageID)
	return err
}

func insertDigestItem(tx *db.Tx, messageID, account, day string) error {
	_, err := tx.Exec(`INSERT INTO notice_digest_item (message_id, account_id, day) VALUES ($1, $2, $3)`, messageID, account, day)
	return err
}

func digestMessages(tx *db.Tx, account, day string) ([]Message, error) {
	return db.All(tx, scanMessage, `
		SELECT m.id, m.key, m.account_id, m.kind, m.subject, m.url, m.args_json, m.created_ms, m.read_ms
		  FROM notice_digest_item i JOIN notice_message m ON m.id = i.message_id
		 WHERE i.day = $1 AND i.account_id = $2 AND m.read_ms IS NULL ORDER BY m.id LIMIT 200`, day, account)
}
