package vault

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"regexp"
	"time"
)

// The archive is a plain tar, so that it can be opened without this program in thirty
// years, followed by one line with two hashes. Its members, always in this order:
//
//	backup.json          what it is, and the hash of keys.age
//	keys.age             the keys folder, sealed by the passphrase (age, scrypt)
//	checkpoints/<name>   signed checkpoints of the audit log
//	database/cchc.db     the copy of the database
//	files/<sha-256>      evidence
//	manifest.json        size and hash of every member, what the database holds
//
// Nothing is compressed: evidence is compressed already, and what is not compressed
// cannot be a bomb. Evidence could be cut out with tar itself and checked by its name.
const (
	headName     = "backup.json"
	keysMember   = "keys.age"
	dbMember     = "database/" + DatabaseName
	manifestName = "manifest.json"
	formatName   = "cchc-backup"
	formatNumber = 1
	maxSmall     = 4 << 20   // backup.json, keys.age
	maxManifest  = 512 << 20 // some three million files
)

var (
	isEvidence   = regexp.MustCompile(`^files/[0-9a-f]{64}$`)
	isCheckpoint = regexp.MustCompile(`^checkpoints/[a-z0-9][a-z0-9.-]{0,60}$`)
)

// rank is the place of a member in the order, -1 for what may not be in an archive:
// the only names are these, so none can point out of the folder.
func rank(name string) int {
	switch {
	case name == headName:
		return 0
	case name == keysMember:
		return 1
	case isCheckpoint.MatchString(name):
		return 2
	case name == dbMember:
		return 3
	case isEvidence.MatchString(name):
		return 4
	case name == manifestName:
		return 5
	}
	return -1
}

// head is backup.json.
type head struct {
	Format  string    `json:"format"`
	Number  int       `json:"number"`
	Version string    `json:"version"`
	Created time.Time `json:"created"`
	Mark    Mark      `json:"mark"`
	Keys    string    `json:"keys_sha256"` // so that a wrong passphrase and a damaged key can be told apart
}

// Member is one file of an archive.
type Member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Manifest is what an archive says about itself.
type Manifest struct {
	Version string           `json:"version"` // of the program that made it
	Created time.Time        `json:"created"`
	Mark    Mark             `json:"mark"`
	Steps   []string         `json:"schema_steps"`
	Counts  map[string]int64 `json:"counts"`  // rows a table
	Damaged []string         `json:"damaged"` // evidence whose content on disk no longer matched its hash: left out
	Missing []string         `json:"missing"` // evidence that the database names but the disk lacked
	Members []Member         `json:"members"`
	Bytes   int64            `json:"-"` // size of the archive
}

// Evidence counts the evidence files in the archive.
func (m Manifest) Evidence() (n int) {
	for _, one := range m.Members {
		if isEvidence.MatchString(one.Name) {
			n++
		}
	}
	return n
}

// writer writes members and remembers their hashes.
type writer struct {
	out     io.Writer
	all     hash.Hash
	tar     *tar.Writer
	created time.Time
	members []Member
}

func newWriter(out io.Writer, created time.Time) *writer {
	w := &writer{out: out, all: sha256.New(), created: created}
	w.tar = tar.NewWriter(io.MultiWriter(out, w.all))
	return w
}

// add writes size bytes of r as a member and returns their hash.
func (w *writer) add(name string, size int64, r io.Reader) (string, error) {
	// The GNU form carries sizes over 8 GiB without extended headers, which readers refuse.
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.created.Truncate(time.Second), Format: tar.FormatGNU}
	if err := w.tar.WriteHeader(h); err != nil {
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(w.tar, sum), r, size); err != nil {
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	m := Member{name, size, hex.EncodeToString(sum.Sum(nil))}
	w.members = append(w.members, m)
	return m.SHA256, nil
}

// end closes the tar and writes the last line.
func (w *writer) end(manifestSum string) error {
	if err := w.tar.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(w.out, lastLine(manifestSum, hex.EncodeToString(w.all.Sum(nil))))
	return err
}

// lastLine is the hash of the manifest and of every byte before the line.
func lastLine(manifest, all string) string {
	return formatName + " manifest " + manifest + " archive " + all + "\n"
}

var lastLineSize = int64(len(lastLine(hex.EncodeToString(make([]byte, 32)), hex.EncodeToString(make([]byte, 32)))))
