package audit

import (
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Redact takes the content of an entry away, with the names in it, when personal data
// must go (Law 91/2025/QH15 on personal data, Article 13). The leaf stays, so the tree
// and every checkpoint still hold; the act is an entry of its own. The codes that say
// what was done, by which account, to which record and when remain.
func (l *Log) Redact(tx *db.Tx, who Who, id, reason string) error {
	r, found, err := find(tx, id)
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.NotFound, "audit.entry_unknown")
	}
	if r.LeafIndex < 0 {
		return errs.New(errs.Conflict, "audit.not_sealed_yet")
	}
	if !r.genuine(l.keys) { // never seal anew what somebody changed
		return errs.New(errs.Conflict, "audit.entry_damaged")
	}
	if r.redacted() {
		return nil
	}
	r.rowKey = "" // the row's seal covers the empty key: it says that the program did this
	if r.rowMAC, err = r.sealRow(l.keys); err != nil {
		return err
	}
	if err := blank(tx, id, r.rowMAC); err != nil {
		return err
	}
	return l.Record(tx, who, Entry{Kind: "audit.redact", Subject: "audit_entry:" + id, Reason: reason})
}
