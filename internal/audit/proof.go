package audit

import (
	"bytes"
	"encoding/json"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

const proofFormat = "cchc-audit-proof/1"

// proof is the file an auditor gets for one entry: the entry, the key that opens its
// seal, its path up the tree and a signed checkpoint. It needs no database to check.
type proof struct {
	Format     string           `json:"format"`
	ID         string           `json:"id"`
	AtMs       int64            `json:"at_ms"`
	Kind       string           `json:"kind"`
	Subject    string           `json:"subject"`
	Agency     string           `json:"agency"`
	Account    string           `json:"account"`
	Name       string           `json:"account_name"`
	For        string           `json:"acted_for"`
	Own        string           `json:"account_agency"`
	From       string           `json:"address"`
	Before     string           `json:"before"`
	After      string           `json:"after"`
	Reason     string           `json:"reason"`
	RowKey     string           `json:"row_key"` // "" when the content was redacted
	Content    string           `json:"content_mac"`
	Index      int64            `json:"index"`
	Path       tlog.RecordProof `json:"path"`
	Checkpoint string           `json:"checkpoint"`
}

// Prove makes the proof file of one entry against the first checkpoint that covers it.
// NotFound when there is no such entry, Conflict while no checkpoint covers it yet.
func Prove(tx *db.Tx, id string) ([]byte, error) {
	r, found, err := find(tx, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errs.New(errs.NotFound, "audit.entry_unknown")
	}
	if r.LeafIndex < 0 {
		return nil, errs.New(errs.Conflict, "audit.not_sealed_yet")
	}
	text, found, err := checkpointFrom(tx, r.LeafIndex)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errs.New(errs.Conflict, "audit.not_sealed_yet")
	}
	size, err := sizeOf(text)
	if err != nil {
		return nil, err
	}
	path, err := tlog.ProveRecord(size, r.LeafIndex, &edge{tx: tx, known: map[int64]tlog.Hash{}})
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(proof{Format: proofFormat, ID: r.ID, AtMs: r.At.UnixMilli(), Kind: r.Kind, Subject: r.Subject,
		Agency: r.Agency, Account: r.Who.Account, Name: r.Who.Name, For: r.Who.For, Own: r.Who.Agency, From: r.Who.From,
		Before: r.Before, After: r.After, Reason: r.Reason, RowKey: r.rowKey, Content: r.contentMAC, Index: r.LeafIndex,
		Path: path, Checkpoint: text}, "", "  ")
}

// VerifyProof checks a proof file with nothing but the public key: the entry is byte
// for byte what stood in the log when the checkpoint was signed. Invalid with the
// reason when it is not.
func VerifyProof(file []byte, publicKey string) error {
	dec := json.NewDecoder(bytes.NewReader(file))
	dec.DisallowUnknownFields() // nothing may stand in the file that is not proven
	var p proof
	if err := dec.Decode(&p); err != nil || dec.More() || p.Format != proofFormat {
		return errs.New(errs.Invalid, "audit.proof_unreadable")
	}
	if same, err := p.writtenAs(file); err != nil || !same { // a hash has one spelling: the last character of base64 has bits that nobody reads
		return errs.New(errs.Invalid, "audit.proof_unreadable")
	}
	c, err := parseCheckpoint(p.Checkpoint, publicKey)
	if err != nil {
		return errs.New(errs.Invalid, "audit.proof_signature")
	}
	r := record{Row: Row{ID: p.ID, At: clock.FromMs(p.AtMs), Kind: p.Kind, Subject: p.Subject, Agency: p.Agency,
		Who:    Who{Account: p.Account, Name: p.Name, For: p.For, Agency: p.Own, From: p.From},
		Before: p.Before, After: p.After, Reason: p.Reason}, rowKey: p.RowKey, contentMAC: p.Content}
	// A redacted entry proves that something was done by whom and when, and shows no content.
	if !r.contentFits() {
		return errs.New(errs.Invalid, "audit.proof_content")
	}
	h, err := r.leafHash()
	if err != nil {
		return err
	}
	if p.Index < 0 || p.Index >= c.Size || tlog.CheckRecord(p.Path, c.Size, c.Root, p.Index, h) != nil {
		return errs.New(errs.Invalid, "audit.proof_path")
	}
	return nil
}

// writtenAs says whether a file is this proof to the letter, spaces between words aside.
func (p proof) writtenAs(file []byte) (bool, error) {
	own, err := json.Marshal(p)
	if err != nil {
		return false, err
	}
	var given bytes.Buffer
	err = json.Compact(&given, file)
	return bytes.Equal(own, given.Bytes()), err
}

// sizeOf reads the size of a checkpoint that this database keeps, unchecked.
func sizeOf(text string) (size int64, err error) {
	var name string
	if _, err = fmt.Sscanf(text, "%s\n%d\n", &name, &size); err != nil {
		err = fmt.Errorf("audit: kept checkpoint: %w", err)
	}
	return size, err
}
