package report

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// cutoffsOn reads the cut-offs that hold on a day, in the order of the year.
func cutoffsOn(tx *db.Tx, day string) ([]Cutoff, error) {
	return db.All(tx, func(row db.Scanner) (c Cutoff, err error) {
		err = row.Scan(&c.Code, &c.FromMD, &c.FromPrior, &c.ToMD, &c.DueMD, &c.Basis, &c.Mark)
		return c, err
	}, `SELECT code, from_md, from_prior, to_md, due_md, basis, mark FROM report_cutoff WHERE valid_from <= $1 AND valid_to >= $1 ORDER BY to_md`, day)
}

func scanReport(row db.Scanner) (r Report, err error) {
	err = row.Scan(&r.ID, &r.Code, &r.Year, &r.FromDay, &r.ToDay, &r.PlanID, &r.PlanTitle, &r.State, &r.Revision, &r.Number, &r.SignedDay, &r.Signer,
		&r.DraftedBy, &r.SubmittedBy, &r.SignedBy, &r.AnnexText, &r.Digest, &r.UpdatedMs, &r.Version, &r.DraftedName, &r.SubmittedName)
	return r, err
}

// findReport reads one report with the names of who drafted and handed it in.
func findReport(tx *db.Tx, id string) (Report, error) {
	r, found, err := db.One(tx, scanReport, `
		SELECT r.id, r.code, r.year, r.from_day, r.to_day, r.plan_id, r.plan_title, r.state, r.revision, r.number, r.signed_day, r.signer,
		       r.drafted_by, r.submitted_by, r.signed_by, r.annex, r.digest, r.updated_ms, r.version, COALESCE(d.name, ''), COALESCE(s.name, '')
		FROM report_report r LEFT JOIN identity_account d ON d.id = r.drafted_by LEFT JOIN identity_account s ON s.id = r.submitted_by
		WHERE r.id = $1`, id)
	if err == nil && !found {
		return r, errs.New(errs.NotFound, "report.unknown")
	}
	return r, err
}

// listReports reads the reports that a reader of the whole province sees, newest first;
// signedOnly leaves out what is still being written. afterDay and afterID are the key
// of the last row of the page before.
func listReports(tx *db.Tx, signedOnly bool, afterDay, afterID string, limit int) ([]Report, error) {
	return db.All(tx, scanReport, `
		SELECT r.id, r.code, r.year, r.from_day, r.to_day, r.plan_id, r.plan_title, r.state, r.revision, r.number, r.signed_day, r.signer,
		       r.drafted_by, r.submitted_by, r.signed_by, '', r.digest, r.updated_ms, r.version, COALESCE(d.name, ''), COALESCE(s.name, '')
		FROM report_report r LEFT JOIN identity_account d ON d.id = r.drafted_by LEFT JOIN identity_account s ON s.id = r.submitted_by
		WHERE (NOT $1 OR r.state = 'signed') AND ($2 = '' OR (r.to_day, r.id) < ($2, $3))
		ORDER BY r.to_day DESC, r.id DESC LIMIT $4`, signedOnly, afterDay, afterID, limit)
}

// lastRevision is the newest report of a kind and year, "" when there is none.
func lastRevision(tx *db.Tx, code string, year int) (id string, revision int, err error) {
	type one struct {
		id string
		n  int
	}
	o, _, err := db.One(tx, func(row db.Scanner) (o one, err error) { err = row.Scan(&o.id, &o.n); return o, err },
		`SELECT id, revision FROM report_report WHERE code = $1 AND year = $2 ORDER BY revision DESC LIMIT 1`, code, year)
	return o.id, o.n, err
}

func insertReport(tx *db.Tx, r Report) error {
	n, err := tx.Exec(`
		INSERT INTO report_report (id, code, year, from_day, to_day, plan_id, plan_title, state, revision, number, signed_day, signer,
		                           drafted_by, submitted_by, signed_by, annex, digest, updated_ms, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', '', $10, '', '', '', '', $11, 1) ON CONFLICT (code, year, revision) DO NOTHING`,
		r.ID, r.Code, r.Year, r.FromDay, r.ToDay, r.PlanID, r.PlanTitle, r.State, r.Revision, r.DraftedBy, r.UpdatedMs)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "report.exists")
	}
	return err
}

func saveReport(tx *db.Tx, r Report) error {
	n, err := tx.Exec(`
		UPDATE report_report SET state = $3, number = $4, signed_day = $5, signer = $6, submitted_by = $7, signed_by = $8, annex = $9, digest = $10,
		                         updated_ms = $11, version = version + 1
		WHERE id = $1 AND version = $2`,
		r.ID, r.Version, r.State, r.Number, r.SignedDay, r.Signer, r.SubmittedBy, r.SignedBy, r.AnnexText, r.Digest, r.UpdatedMs)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "report.changed_meanwhile")
	}
	return err
}

func partsOf(tx *db.Tx, id string) ([]Part, error) {
	return db.All(tx, func(row db.Scanner) (p Part, err error) {
		err = row.Scan(&p.No, &p.Code, &p.Told, &p.Text, &p.Edited)
		return p, err
	}, `SELECT no, code, told, text, edited FROM report_section WHERE report_id = $1 ORDER BY no`, id)
}

func savePart(tx *db.Tx, id string, p Part) error {
	_, err := tx.Exec(`
		INSERT INTO report_section (report_id, no, code, told, text, edited) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (report_id, no) DO UPDATE SET told = excluded.told, text = excluded.text, edited = excluded.edited`,
		id, p.No, p.Code, p.Told, p.Text, p.Edited)
	return err
}

// Counted is one record behind a figure of a signed report.
type Counted struct{ ID, Code, Title, Agency, URL string }

func addCounted(tx *db.Tx, id, figure string, no int, c Counted) error {
	_, err := tx.Exec(`INSERT INTO report_counted (report_id, figure, no, record_id, code, title, agency, url) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, figure, no, c.ID, c.Code, c.Title, c.Agency, c.URL)
	return err
}

// countedBy reads the records that a figure of a signed report counted, in their order,
// after the one that has the number after.
func countedBy(tx *db.Tx, id, figure string, after, limit int) ([]Counted, error) {
	return db.All(tx, func(row db.Scanner) (c Counted, err error) {
		err = row.Scan(&c.ID, &c.Code, &c.Title, &c.Agency, &c.URL)
		return c, err
	}, `SELECT record_id, code, title, agency, url FROM report_counted WHERE report_id = $1 AND figure = $2 AND no > $3 ORDER BY no LIMIT $4`, id, figure, after, limit)
}
