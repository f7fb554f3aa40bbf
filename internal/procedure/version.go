package procedure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Days of an open validity.
const (
	FirstDay = "0001-01-01"
	LastDay  = "9999-12-31"
)

// Version is one text of a procedure. It is in force from From to To, both included;
// days are YYYY-MM-DD in Vietnam, "" while unknown.
type Version struct {
	ID, Procedure string
	No            int64 // 1, 2, 3 … of its procedure
	State         VersionState
	From, To      string

	Decision      string // number of the announcement decision (QĐ công bố)
	DecisionDay   string
	EffectiveDay  string // the newest day on which a legal basis takes effect (1.1 of the service index)
	PublishedDay  string // made public (công khai)
	DraftedBy     string // account
	EditedBy      string // the last one who wrote in it
	PublishedBy   string
	Digest        string // SHA-256 of the content
	CreatedMs     int64
	Version       int64
	Content       Content
	AcceptUnknown bool // published although its limit is not stated
}

// seal writes the content as the document that is kept, with its digest. Equal contents
// give equal documents.
func seal(c Content) (document, digest string, err error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return "", "", fmt.Errorf("procedure content: %w", err)
	}
	sum := sha256.Sum256(raw)
	return string(raw), hex.EncodeToString(sum[:]), nil
}

// unseal reads a kept document.
func unseal(document string) (c Content, err error) {
	if err := json.Unmarshal([]byte(document), &c); err != nil {
		return c, fmt.Errorf("procedure content: %w", err)
	}
	return c, nil
}

func sealGroup(g Group) (string, error) {
	raw, err := json.Marshal(g)
	if err != nil {
		return "", fmt.Errorf("procedure group: %w", err)
	}
	return string(raw), nil
}

func unsealGroup(document string) (g Group, err error) {
	if err := json.Unmarshal([]byte(document), &g); err != nil {
		return g, fmt.Errorf("procedure group: %w", err)
	}
	return g, nil
}
