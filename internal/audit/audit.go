// Package audit records who did what (ai đã làm gì) and makes the record tamper-evident.
//
// Every Write that changes something calls Log.Record with the same transaction, so a
// change without an entry cannot be committed, nor an entry without its change. Start
// at Log (log.go); leaf.go says what is hashed, integrate.go how committed rows enter
// the tree, verify.go how a changed, deleted or inserted row is named, proof.go how an
// auditor checks one entry off line. docs/adr/0003-audit-log.md tells why.
package audit

import (
	"encoding/json"
	"fmt"
	"time"
)

// Who is the person (or the part of the program) that acts.
type Who struct {
	Account string // account id; "job:reminder" for the program itself
	Name    string // the name as it was shown at that moment
	For     string // account id acted for under a delegation (uỷ quyền), or ""
	Agency  string // agency id of the one who acts, or ""
	From    string // IP address, or ""
}

// System is the program itself, by the name of the part that acts: "job:reminder".
func System(name string) Who { return Who{Account: name, Name: name} }

// Entry is one change.
type Entry struct {
	Kind    string // "plan.assignment_submit": a literal, listed in docs/audit-events.md
	Subject string // "plan_assignment:<id>"
	Agency  string // agency id concerned, for the reach of whoever reads the log, or ""
	Before  any    // JSON-able state before, nil when there was none
	After   any    // JSON-able state after, nil when it is gone
	Reason  string // in the person's own words, or ""
}

// Row is one entry as kept.
type Row struct {
	ID        string
	At        time.Time
	Who       Who
	Kind      string
	Subject   string
	Agency    string
	Before    string // JSON text, "" when there was none
	After     string // JSON text, "" when it is gone
	Reason    string
	LeafIndex int64 // place in the tree; -1 not yet integrated, -2 set aside as not written by the program
}

// jsonText is v as JSON, "" for nil. The text is kept byte for byte: numbers beyond
// 2^53 would not survive a second canonicalisation.
func jsonText(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	if string(b) == "null" {
		return "", nil
	}
	return string(b), nil
}
