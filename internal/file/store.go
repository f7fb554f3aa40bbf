package file

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Attach records a document and what it proves, in the Write that makes it true. Its
// content must have been saved: NotFound "file.missing" when it has been collected
// meanwhile (a form left open for more than a day), so nothing points at nothing.
func Attach(tx *db.Tx, d Document, subjects ...string) error {
	_, found, err := db.One(tx, db.Value[string], `SELECT sha256 FROM file_blob WHERE sha256 = $1`, d.SHA256)
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.NotFound, "file.missing")
	}
	_, err = tx.Exec(`INSERT INTO file_document (id, sha256, name, title, number, issued_day, issuer, kind, agency_id, created_by, created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		d.ID, d.SHA256, SafeName(d.Name), d.Title, d.Number, d.IssuedDay, d.Issuer, d.Kind, d.AgencyID, d.CreatedBy, d.CreatedMs)
	if err != nil {
		return err
	}
	return Prove(tx, d.ID, subjects...)
}

// Prove lets a document that is there already prove more subjects; repeating is harmless.
func Prove(tx *db.Tx, documentID string, subjects ...string) error {
	for _, subject := range subjects {
		_, err := tx.Exec(`INSERT INTO file_subject (subject, document_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, subject, documentID)
		if err != nil {
			return err
		}
	}
	return nil
}

// Release takes back that a document proves a subject. The document stays: history
// and other subjects may still name it.
func Release(tx *db.Tx, documentID, subject string) error {
	n, err := tx.Exec(`DELETE FROM file_subject WHERE subject = $1 AND document_id = $2`, subject, documentID)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "file.missing")
	}
	return err
}

// Of returns the documents that prove a subject, oldest first.
func Of(tx *db.Tx, subject string) ([]Document, error) {
	return db.All(tx, scanDocument, `SELECT d.id, d.sha256, d.name, d.title, d.number, d.issued_day, d.issuer, d.kind, d.agency_id, d.created_by, d.created_ms, b.size, b.media_type
		FROM file_subject s JOIN file_document d ON d.id = s.document_id JOIN file_blob b ON b.sha256 = d.sha256
		WHERE s.subject = $1 ORDER BY d.created_ms, d.id`, subject)
}

// Get returns one document; NotFound "file.missing". Whether the reader may see it
// depends on its subjects, which the caller knows.
func Get(tx *db.Tx, id string) (Document, error) {
	d, found, err := db.One(tx, scanDocument, `SELECT d.id, d.sha256, d.name, d.title, d.number, d.issued_day, d.issuer, d.kind, d.agency_id, d.created_by, d.created_ms, b.size, b.media_type
		FROM file_document d JOIN file_blob b ON b.sha256 = d.sha256 WHERE d.id = $1`, id)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "file.missing")
	}
	return d, err
}

// Subjects returns all that a document proves, in order of their names.
func Subjects(tx *db.Tx, documentID string) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT subject FROM file_subject WHERE document_id = $1 ORDER BY subject`, documentID)
}

// OfAgency pages through an agency's documents, newest first, so that one that is
// there already can be used again. after is the last id of the page before, or "".
func OfAgency(tx *db.Tx, agencyID, after string, limit int) ([]Document, error) {
	return db.All(tx, scanDocument, `SELECT d.id, d.sha256, d.name, d.title, d.number, d.issued_day, d.issuer, d.kind, d.agency_id, d.created_by, d.created_ms, b.size, b.media_type
		FROM file_document d JOIN file_blob b ON b.sha256 = d.sha256
		WHERE d.agency_id = $1 AND ($2 = '' OR d.id < $2) ORDER BY d.id DESC LIMIT $3`, agencyID, after, limit)
}

func scanDocument(row db.Scanner) (d Document, err error) {
	err = row.Scan(&d.ID, &d.SHA256, &d.Name, &d.Title, &d.Number, &d.IssuedDay, &d.Issuer, &d.Kind, &d.AgencyID, &d.CreatedBy, &d.CreatedMs, &d.Size, &d.Type)
	return d, err
}

// putBlob records content; saving it again starts its day anew.
func putBlob(tx *db.Tx, b Blob, nowMs int64) error {
	_, err := tx.Exec(`INSERT INTO file_blob (sha256, size, media_type, saved_ms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (sha256) DO UPDATE SET saved_ms = excluded.saved_ms`, b.SHA256, b.Size, b.Type, nowMs)
	return err
}

// dropOrphans forgets content that no document names and nobody saved since before
// beforeMs, at most limit of them, and returns the hashes.
func dropOrphans(tx *db.Tx, beforeMs int64, limit int) ([]string, error) {
	return db.All(tx, db.Value[string], `DELETE FROM file_blob WHERE sha256 IN (
			SELECT b.sha256 FROM file_blob b WHERE b.saved_ms < $1
			AND NOT EXISTS (SELECT 1 FROM file_document d WHERE d.sha256 = b.sha256) ORDER BY b.saved_ms LIMIT $2)
		RETURNING sha256`, beforeMs, limit)
}

func isKnown(tx *db.Tx, sha string) (bool, error) {
	_, found, err := db.One(tx, db.Value[string], `SELECT sha256 FROM file_blob WHERE sha256 = $1`, sha)
	return found, err
}

// blobsAfter pages through all content by hash.
func blobsAfter(tx *db.Tx, after string, limit int) ([]Blob, error) {
	return db.All(tx, func(row db.Scanner) (b Blob, err error) {
		err = row.Scan(&b.SHA256, &b.Size, &b.Type)
		return b, err
	}, `SELECT sha256, size, media_type FROM file_blob WHERE sha256 > $1 ORDER BY sha256 LIMIT $2`, after, limit)
}
