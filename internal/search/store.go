package search

import (
	"fmt"
	"hash/fnv"
	"strings"

	"cchc/internal/db"
	"cchc/internal/text"
)

// slotBits is how many bits of a num tell records of the same millisecond apart.
const slotBits = 20

// Put makes a record findable by text, or changes what it is found by, in the Write
// that changes the record. atMs orders hits: usually the record's creation, since a new
// atMs means a new place in the index, while a new agency costs one row. Nothing is
// written when nothing changed, so call it as often as is convenient.
func Put(tx *db.Tx, kind, id, agencyID string, atMs int64, body string) error {
	body = strings.ReplaceAll(text.Clean(cutBody(strings.ToValidUTF8(body, " "))), "\x00", " ")
	old, found, err := db.One(tx, scanDoc, `SELECT num, kind, id, agency_id, at_ms, body FROM search_doc WHERE kind = $1 AND id = $2`, kind, id)
	if err != nil {
		return err
	}
	switch {
	case found && old.AtMs == atMs && old.body == body && old.AgencyID == agencyID:
		return nil
	case found && old.AtMs == atMs && old.body == body:
		_, err = tx.Exec(`UPDATE search_doc SET agency_id = $1 WHERE num = $2`, agencyID, old.num)
		return err
	case found && old.AtMs == atMs:
		_, err = tx.Exec(`UPDATE search_doc SET agency_id = $1, body = $2, words = $3 WHERE num = $4`, agencyID, body, indexed(tx, body), old.num)
		if err != nil {
			return err
		}
		return pending(tx, old.num)
	case found:
		if err := Delete(tx, kind, id); err != nil {
			return err
		}
	}
	// The place among records of the same moment comes from the name, so that both
	// engines and every rebuild order alike; a place that is taken yields the next.
	h := fnv.New32a()
	h.Write([]byte(kind + ":" + id))
	words := indexed(tx, body)
	for try := range uint32(1000) {
		num := atMs<<slotBits | int64((h.Sum32()+try)&(1<<slotBits-1))
		n, err := tx.Exec(`INSERT INTO search_doc (num, kind, id, agency_id, at_ms, body, words) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			num, kind, id, agencyID, atMs, body, words)
		if err != nil {
			return err
		}
		if n == 1 {
			return pending(tx, num)
		}
	}
	return fmt.Errorf("search: no place left at %d ms", atMs)
}

// Delete makes a record unfindable; none there is no error.
func Delete(tx *db.Tx, kind, id string) error {
	num, found, err := db.One(tx, db.Value[int64], `DELETE FROM search_doc WHERE kind = $1 AND id = $2 RETURNING num`, kind, id)
	if err != nil || !found {
		return err
	}
	return pending(tx, num)
}

// indexed is a text in the form that the engine indexes.
func indexed(tx *db.Tx, body string) string {
	words := cut(body, maxWords)
	if tx.Dialect() == db.Postgres {
		return vector(words)
	}
	return blanks(words)
}

// pending notes a row for the index. PostgreSQL has indexed it already; SQLite's FTS5
// writes a segment at every SAVEPOINT, that is for every call of a batch, so there all
// rows of a batch are indexed together, just before COMMIT.
func pending(tx *db.Tx, num int64) error {
	if tx.Dialect() == db.Postgres {
		return nil
	}
	if _, err := tx.Exec(`INSERT INTO search_pending (num) VALUES ($1) ON CONFLICT DO NOTHING`, num); err != nil {
		return err
	}
	tx.BeforeCommit("search", flush)
	return nil
}

// flush indexes what is pending: what stood there before goes (a trigger on this
// update), what is there now comes in one statement.
func flush(tx *db.Tx) error {
	if _, err := tx.Exec(`UPDATE search_pending SET num = num`); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO search_index (num, words) SELECT d.num, d.words FROM search_pending p JOIN search_doc d ON d.num = p.num`); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM search_pending`)
	return err
}

// doc is a hit with the text that it was found by.
type doc struct {
	Hit
	body string
}

func scanDoc(row db.Scanner) (d doc, err error) {
	err = row.Scan(&d.num, &d.Kind, &d.ID, &d.AgencyID, &d.AtMs, &d.body)
	return d, err
}

// match reads the newest matches before a num, within the reader's reach. The four
// statements differ in engine and scope only.
func match(tx *db.Tx, terms []term, q Query, before int64, limit int) ([]doc, error) {
	kinds := ""
	if len(q.Kinds) > 0 {
		kinds = "|" + strings.Join(q.Kinds, "|") + "|"
	}
	nowMs := q.Now.UnixMilli()
	if tx.Dialect() == db.Postgres {
		if q.All {
			return db.All(tx, scanDoc, `SELECT d.num, d.kind, d.id, d.agency_id, d.at_ms, d.body FROM search_doc d
				WHERE d.words @@ CAST($1 AS tsquery) AND d.num < $2 AND ($3 = '' OR $3 LIKE '%|' || d.kind || '|%')
				ORDER BY d.num DESC LIMIT $4`, forTSQuery(terms), before, kinds, limit)
		}
		return db.All(tx, scanDoc, `SELECT d.num, d.kind, d.id, d.agency_id, d.at_ms, d.body FROM search_doc d
			WHERE d.words @@ CAST($1 AS tsquery) AND d.num < $2 AND ($3 = '' OR $3 LIKE '%|' || d.kind || '|%')
			AND d.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6)
			ORDER BY d.num DESC LIMIT $7`, forTSQuery(terms), before, kinds, q.Account, q.Right, nowMs, limit)
	}
	if q.All {
		return db.All(tx, scanDoc, `SELECT d.num, d.kind, d.id, d.agency_id, d.at_ms, d.body FROM search_index f JOIN search_doc d ON d.num = f.num
			WHERE f.words MATCH $1 AND f.num < $2 AND ($3 = '' OR $3 LIKE '%|' || d.kind || '|%')
			ORDER BY f.num DESC LIMIT $4`, forFTS5(terms), before, kinds, limit)
	}
	return db.All(tx, scanDoc, `SELECT d.num, d.kind, d.id, d.agency_id, d.at_ms, d.body FROM search_index f JOIN search_doc d ON d.num = f.num
		WHERE f.words MATCH $1 AND f.num < $2 AND ($3 = '' OR $3 LIKE '%|' || d.kind || '|%')
		AND d.agency_id IN (SELECT agency_id FROM identity_reach WHERE account_id = $4 AND right_code = $5 AND from_ms <= $6 AND to_ms > $6)
		ORDER BY f.num DESC LIMIT $7`, forFTS5(terms), before, kinds, q.Account, q.Right, nowMs, limit)
}
