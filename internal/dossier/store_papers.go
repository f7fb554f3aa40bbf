package dossier

import (
	"cchc/internal/db"
)

func addParty(tx *db.Tx, dossier, part string, p Party) error {
	_, err := tx.Exec(`
		INSERT INTO dossier_party (dossier_id, part, kind, name, id_kind, id_number, phone, email, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		dossier, part, p.Kind, p.Name, p.IDKind, p.IDNumber, p.Phone, p.Email, p.Address)
	return err
}

// partyOf reads the owner or the submitter; false when there is none.
func partyOf(tx *db.Tx, dossier, part string) (Party, bool, error) {
	return db.One(tx, func(row db.Scanner) (p Party, err error) {
		err = row.Scan(&p.Kind, &p.Name, &p.IDKind, &p.IDNumber, &p.Phone, &p.Email, &p.Address)
		return p, err
	}, `SELECT kind, name, id_kind, id_number, phone, email, address FROM dossier_party WHERE dossier_id = $1 AND part = $2`, dossier, part)
}

// named is a party with its part.
type named struct {
	Part string
	Party
}

// partiesOf reads the owner and the submitter, if there is one.
func partiesOf(tx *db.Tx, dossier string) ([]named, error) {
	return db.All(tx, func(row db.Scanner) (n named, err error) {
		err = row.Scan(&n.Part, &n.Kind, &n.Name, &n.IDKind, &n.IDNumber, &n.Phone, &n.Email, &n.Address)
		return n, err
	}, `SELECT part, kind, name, id_kind, id_number, phone, email, address FROM dossier_party WHERE dossier_id = $1`, dossier)
}

// agency is one of a dossier's agencies as it is called today.
type agency struct{ ID, Code, Name string }

func agenciesOf(tx *db.Tx, d Dossier) ([]agency, error) {
	return db.All(tx, func(row db.Scanner) (a agency, err error) {
		err = row.Scan(&a.ID, &a.Code, &a.Name)
		return a, err
	}, `SELECT id, code, name FROM org_agency WHERE id IN ($1, $2, $3)`, d.Receiving, d.Competent, d.Returning)
}

func addPaper(tx *db.Tx, dossier string, p Paper) error {
	_, err := tx.Exec(`
		INSERT INTO dossier_paper (dossier_id, no, component, name, originals, certified, copies, document_id, digitised, reused_from, added_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		dossier, p.No, p.Component, p.Name, p.Originals, p.Certified, p.Copies, orNull(p.File), p.Digitised, orNull(p.ReusedFrom), p.AddedMs)
	return err
}

func savePaper(tx *db.Tx, dossier string, p Paper) error {
	_, err := tx.Exec(`UPDATE dossier_paper SET document_id = $1, digitised = $2 WHERE dossier_id = $3 AND no = $4`, orNull(p.File), p.Digitised, dossier, p.No)
	return err
}

func papersOf(tx *db.Tx, dossier string) ([]Paper, error) {
	return db.All(tx, func(row db.Scanner) (p Paper, err error) {
		err = row.Scan(&p.No, &p.Component, &p.Name, &p.Originals, &p.Certified, &p.Copies, &p.File, &p.FileName, &p.SHA256, &p.Size, &p.Digitised, &p.ReusedFrom, &p.ReusedCode, &p.AddedMs)
		return p, err
	}, `SELECT p.no, p.component, p.name, p.originals, p.certified, p.copies, COALESCE(p.document_id, ''), COALESCE(f.name, ''), COALESCE(f.sha256, ''), COALESCE(b.size, 0), p.digitised,
		  COALESCE(p.reused_from, ''), COALESCE(d.code, ''), p.added_ms
		FROM dossier_paper p LEFT JOIN file_document f ON f.id = p.document_id LEFT JOIN file_blob b ON b.sha256 = f.sha256 LEFT JOIN dossier_dossier d ON d.id = p.reused_from
		WHERE p.dossier_id = $1 ORDER BY p.no`, dossier)
}

func addResult(tx *db.Tx, dossier string, r Result) error {
	_, err := tx.Exec(`
		INSERT INTO dossier_result (dossier_id, no, kind, number, day, title, code, document_id, signed_by, signed_name, at_ms, way, taken_by, waybill, returned_ms, returned_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', '', 0, '')`,
		dossier, r.No, r.Kind, r.Number, r.Day, r.Title, r.Code, orNull(r.File), r.Account, r.Name, r.AtMs)
	return err
}

// giveResults notes how and to whom the results of a dossier went that lay at the counter.
func giveResults(tx *db.Tx, dossier string, r Result) error {
	_, err := tx.Exec(`UPDATE dossier_result SET way = $1, taken_by = $2, waybill = $3, returned_ms = $4, returned_by = $5 WHERE dossier_id = $6 AND returned_ms = 0`,
		r.Way, r.TakenBy, r.Waybill, r.ReturnedMs, r.ReturnedBy, dossier)
	return err
}

func resultsOf(tx *db.Tx, dossier string) ([]Result, error) {
	return db.All(tx, func(row db.Scanner) (r Result, err error) {
		err = row.Scan(&r.No, &r.Kind, &r.Number, &r.Day, &r.Title, &r.Code, &r.File, &r.FileName, &r.SHA256, &r.Size, &r.Account, &r.Name, &r.AtMs, &r.Way, &r.TakenBy, &r.Waybill,
			&r.ReturnedMs, &r.ReturnedBy)
		return r, err
	}, `SELECT r.no, r.kind, r.number, r.day, r.title, r.code, COALESCE(r.document_id, ''), COALESCE(f.name, ''), COALESCE(f.sha256, ''), COALESCE(b.size, 0), r.signed_by, r.signed_name,
		  r.at_ms, r.way, r.taken_by, r.waybill, r.returned_ms, r.returned_by
		FROM dossier_result r LEFT JOIN file_document f ON f.id = r.document_id LEFT JOIN file_blob b ON b.sha256 = f.sha256 WHERE r.dossier_id = $1 ORDER BY r.no`, dossier)
}

func addOpinion(tx *db.Tx, dossier string, o Opinion) error {
	_, err := tx.Exec(`
		INSERT INTO dossier_opinion (id, dossier_id, agency_id, question, asked_ms, asked_by, due_ms, given_ms, given_by, answer, document_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', '', $8)`, o.ID, dossier, o.Agency, o.Question, o.AskedMs, o.AskedBy, o.DueMs, orNull(""))
	return err
}

func saveOpinion(tx *db.Tx, o Opinion) error {
	_, err := tx.Exec(`UPDATE dossier_opinion SET given_ms = $1, given_by = $2, answer = $3, document_id = $4 WHERE id = $5 AND given_ms = 0`,
		o.GivenMs, o.GivenBy, o.Answer, orNull(o.File), o.ID)
	return err
}

func opinionsOf(tx *db.Tx, dossier string) ([]Opinion, error) {
	return db.All(tx, func(row db.Scanner) (o Opinion, err error) {
		err = row.Scan(&o.ID, &o.Agency, &o.AgencyName, &o.Question, &o.AskedMs, &o.AskedBy, &o.DueMs, &o.GivenMs, &o.GivenBy, &o.Answer, &o.File)
		return o, err
	}, `SELECT o.id, o.agency_id, a.name, o.question, o.asked_ms, o.asked_by, o.due_ms, o.given_ms, o.given_by, o.answer, COALESCE(o.document_id, '')
		FROM dossier_opinion o JOIN org_agency a ON a.id = o.agency_id WHERE o.dossier_id = $1 ORDER BY o.asked_ms, o.id`, dossier)
}
