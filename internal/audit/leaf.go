package audit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"

	"github.com/gowebpki/jcs"
	"golang.org/x/mod/sumdb/tlog"
)

// record is one row of audit_entry with its seals.
type record struct {
	Row
	rowKey     string // random, 32 bytes base64: blinds the content
	contentMAC string
	rowMAC     string
	placeMAC   string
}

func mac(key []byte, text []byte) string {
	h := hmac.New(sha256.New, key)
	h.Write(text)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func newRowKey() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.StdEncoding.EncodeToString(b[:])
}

// canonical is v in RFC 8785 form: the same bytes from every program in every language.
func canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(b)
}

// content is what the row key seals: before and after, and beside them every other
// field that a reader of the log sees, so that none can change unseen. An array keeps
// the fields apart: before||after alone would let a byte wander from one to the other.
func (r *record) content() ([]byte, error) {
	return canonical([]string{r.Before, r.After, r.Reason, r.Who.Name, r.Who.For, r.Who.Agency, r.Who.From, r.Agency})
}

func (r *record) sealContent() (string, error) {
	key, err := base64.StdEncoding.Strict().DecodeString(r.rowKey)
	if err != nil {
		return "", err
	}
	text, err := r.content()
	if err != nil {
		return "", err
	}
	return mac(key, text), nil
}

// leaf is what the tree hashes: codes, ids and a sealed digest; no personal data, so
// the leaf may stay for ever when the content must go.
type leaf struct {
	ID      string `json:"id"`
	AtMs    string `json:"at_ms"` // decimal text: RFC 8785 numbers are floats
	Actor   string `json:"actor"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Content string `json:"content"` // HMAC(row key, content), base64
}

func (r *record) leafText() ([]byte, error) {
	return canonical(leaf{ID: r.ID, AtMs: strconv.FormatInt(r.At.UnixMilli(), 10), Actor: r.Who.Account, Kind: r.Kind, Subject: r.Subject, Content: r.contentMAC})
}

// leafHash is SHA-256(0x00 || leaf), as RFC 6962 2.1 has it.
func (r *record) leafHash() (tlog.Hash, error) {
	text, err := r.leafText()
	if err != nil {
		return tlog.Hash{}, err
	}
	return tlog.RecordHash(text), nil
}

// sealRow is the HMAC that proves a row was written by the program. It covers the leaf
// and so, through the content's seal, every field.
func (r *record) sealRow(k Keys) (string, error) {
	text, err := r.leafText()
	if err != nil {
		return "", err
	}
	return mac(k.row, append([]byte("row\x00"+r.rowKey+"\x00"), text...)), nil
}

// sealPlace binds a leaf to its place, so that two rows cannot change places.
func sealPlace(k Keys, index int64, h tlog.Hash) string {
	return mac(k.row, append([]byte("place\x00"+strconv.FormatInt(index, 10)+"\x00"), h[:]...))
}

// genuine says whether the row was written by the program: its seals fit its fields.
func (r *record) genuine(k Keys) bool { return r.contentFits() && r.rowFits(k) }

// contentFits checks the content's seal. A redacted row has no row key and no content;
// its row seal, made anew by the program, is what says that this was allowed.
func (r *record) contentFits() bool {
	if r.redacted() {
		shown := r.Before + r.After + r.Reason + r.Agency + r.Who.Name + r.Who.For + r.Who.Agency + r.Who.From
		return shown == "" // nothing may stand in a blanked row that no seal covers
	}
	seal, err := r.sealContent()
	return err == nil && hmac.Equal([]byte(seal), []byte(r.contentMAC))
}

func (r *record) rowFits(k Keys) bool {
	seal, err := r.sealRow(k)
	return err == nil && hmac.Equal([]byte(seal), []byte(r.rowMAC))
}

func (r *record) redacted() bool { return r.rowKey == "" }
