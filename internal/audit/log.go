package audit

import (
	"fmt"

	"cchc/internal/clock"
	"cchc/internal/db"
)

// Log writes and reads the audit log.
type Log struct {
	keys  Keys
	clock clock.Clock
}

// New makes a log that seals its rows with keys.
func New(keys Keys, c clock.Clock) *Log { return &Log{keys: keys, clock: c} }

// Record writes one entry in the caller's transaction. It costs one INSERT; its place
// in the tree is given later, outside the write lock.
func (l *Log) Record(tx *db.Tx, who Who, e Entry) error {
	if who.Account == "" || e.Kind == "" || e.Subject == "" {
		return fmt.Errorf("audit: an entry needs an account, a kind and a subject, got %q %q %q", who.Account, e.Kind, e.Subject)
	}
	before, err := jsonText(e.Before)
	if err != nil {
		return err
	}
	after, err := jsonText(e.After)
	if err != nil {
		return err
	}
	r := record{Row: Row{ID: db.NewID(), At: l.clock(), Who: who, Kind: e.Kind, Subject: e.Subject, Agency: e.Agency, Before: before, After: after, Reason: e.Reason}, rowKey: newRowKey()}
	if r.contentMAC, err = r.sealContent(); err != nil {
		return err
	}
	if r.rowMAC, err = r.sealRow(l.keys); err != nil {
		return err
	}
	return insert(tx, &r)
}

// History lists what happened to one subject, newest first.
func (l *Log) History(tx *db.Tx, subject string, limit int) ([]Row, error) {
	return history(tx, subject, limit)
}
