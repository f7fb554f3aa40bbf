package admin

import "cchc/internal/db"

// messageKinds lists the kinds of message that were sent of late: what an
// administrator may choose from. Only the newest are looked at, whatever the log's length.
func messageKinds(tx *db.Tx) ([]string, error) {
	return db.All(tx, db.Value[string], `
		SELECT DISTINCT kind FROM (SELECT kind FROM notice_message WHERE NOT hidden ORDER BY id DESC LIMIT 5000) AS recent ORDER BY kind`)
}
