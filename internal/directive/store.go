package directive

import (
	"cchc/internal/db"
	"cchc/internal/errs"
	"cchc/internal/text"
)

func scanDirective(row db.Scanner) (d Directive, err error) {
	err = row.Scan(&d.ID, &d.Source, &d.Level, &d.Number, &d.Title, &d.Day, &d.Text, &d.State, &d.Issuer, &d.Signer, &d.DraftedBy, &d.CreatedMs, &d.IssuedBy, &d.IssuedDay, &d.Version, &d.Items)
	return d, err
}

// findDirective reads a directive that concerns a reader: of an issuer within reach, or
// issued with an item for an agency within reach. NotFound "directive.unknown".
func findDirective(tx *db.Tx, id, account string, nowMs int64) (Directive, error) {
	d, found, err := db.One(tx, scanDirective, `
		WITH reach AS (SELECT agency_id FROM identity_reach WHERE account_id = $2 AND right_code = $3 AND from_ms <= $4 AND to_ms > $4)
		SELECT d.id, d.source, d.level, d.number, d.title, d.day, d.text, d.state, d.issuer_id, d.signer, d.drafted_by, d.created_ms, d.issued_by, d.issued_day, d.version,
		       (SELECT COUNT(*) FROM directive_item i WHERE i.directive_id = d.id AND (d.issuer_id IN (SELECT agency_id FROM reach) OR i.lead_id IN (SELECT agency_id FROM reach)))
		FROM directive_directive d
		WHERE d.id = $1 AND (d.issuer_id IN (SELECT agency_id FROM reach) OR (d.state = 'issued' AND EXISTS (
		    SELECT 1 FROM directive_item i WHERE i.directive_id = d.id AND i.lead_id IN (SELECT agency_id FROM reach))))`, id, account, RightView, nowMs)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "directive.unknown")
	}
	return d, err
}

// listDirectives reads the directives that concern a reader, newest first.
func listDirectives(tx *db.Tx, account string, nowMs int64, fold, afterDay, afterID string, limit int) ([]Directive, error) {
	return db.All(tx, scanDirective, `
		WITH reach AS (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		SELECT d.id, d.source, d.level, d.number, d.title, d.day, d.text, d.state, d.issuer_id, d.signer, d.drafted_by, d.created_ms, d.issued_by, d.issued_day, d.version,
		       (SELECT COUNT(*) FROM directive_item i WHERE i.directive_id = d.id AND (d.issuer_id IN (SELECT agency_id FROM reach) OR i.lead_id IN (SELECT agency_id FROM reach)))
		FROM directive_directive d
		WHERE d.state <> 'dropped' AND (d.issuer_id IN (SELECT agency_id FROM reach) OR (d.state = 'issued' AND EXISTS (
		    SELECT 1 FROM directive_item i WHERE i.directive_id = d.id AND i.lead_id IN (SELECT agency_id FROM reach))))
		  AND ($4 = '' OR d.title_fold LIKE '%' || $4 || '%') AND ($5 = '' OR (d.day, d.id) < ($5, $6))
		ORDER BY d.day DESC, d.id DESC LIMIT $7`, account, RightView, nowMs, fold, afterDay, afterID, limit)
}

func addDirective(tx *db.Tx, d Directive) error {
	_, err := tx.Exec(`
		INSERT INTO directive_directive (id, source, level, number, title, title_fold, day, text, state, issuer_id, signer, drafted_by, created_ms, issued_by, issued_day, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12, '', '', 1)`,
		d.ID, d.Source, d.Level, d.Number, d.Title, text.Fold(d.Number+" "+d.Title), d.Day, d.Text, d.State, d.Issuer, d.DraftedBy, d.CreatedMs)
	return err
}

// saveDirective writes a directive if its version is still current.
func saveDirective(tx *db.Tx, d Directive) error {
	n, err := tx.Exec(`
		UPDATE directive_directive SET source = $1, level = $2, number = $3, title = $4, title_fold = $5, day = $6, text = $7, state = $8, signer = $9, issued_by = $10, issued_day = $11, version = version + 1
		WHERE id = $12 AND version = $13`,
		d.Source, d.Level, d.Number, d.Title, text.Fold(d.Number+" "+d.Title), d.Day, d.Text, d.State, d.Signer, d.IssuedBy, d.IssuedDay, d.ID, d.Version)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "directive.changed_meanwhile")
	}
	return err
}
