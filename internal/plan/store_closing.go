package plan

import (
	"encoding/json"

	"cchc/internal/db"
	"cchc/internal/errs"
)

func addClosing(tx *db.Tx, planID string, c Closing) error {
	text, digest, err := c.seal()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO plan_closing (plan_id, day, closed_by, closed_ms, figures, digest) VALUES ($1, $2, $3, $4, $5, $6)`,
		planID, c.Day, c.ClosedBy, c.ClosedMs, text, digest)
	return err
}

// findClosing reads the frozen figures of a plan; NotFound "plan.not_closed".
func findClosing(tx *db.Tx, planID string) (Closing, error) {
	c, found, err := db.One(tx, func(row db.Scanner) (c Closing, err error) {
		var by, text, digest string
		var ms int64
		if err = row.Scan(&by, &ms, &text, &digest); err != nil {
			return c, err
		}
		err = json.Unmarshal([]byte(text), &c)
		c.ClosedBy, c.ClosedMs, c.Digest = by, ms, digest
		return c, err
	}, `SELECT closed_by, closed_ms, figures, digest FROM plan_closing WHERE plan_id = $1`, planID)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "plan.not_closed")
	}
	return c, err
}
