// Package file keeps evidence (minh chứng) outside the database, each content under
// its SHA-256, and remembers in the database which document proves what.
//
// Start at Store.Save: it sniffs, bounds, hashes and makes durable. A service then
// calls Attach in the same Write as the change that the document proves; content
// that no document names a day later is removed by Collect. Check reads every hash.
package file

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Blob is content that is safely stored.
type Blob struct {
	SHA256 string // lower-case hex
	Size   int64  // bytes
	Type   string // media type, by content
	Name   string // the name it was sent under, made safe
}

// Document is content with what an official knows about it. Attach writes the fields
// down to CreatedMs; Size and Type come back with Of and Get.
type Document struct {
	ID        string // db.NewID()
	SHA256    string
	Name      string // file name for downloading
	Title     string // trích yếu
	Number    string // số, ký hiệu
	IssuedDay string // YYYY-MM-DD or ""
	Issuer    string // cơ quan ban hành
	Kind      string // the caller's word for what it is
	AgencyID  string // whose evidence it is, "" for the province's
	CreatedBy string // account
	CreatedMs int64
	Size      int64
	Type      string
}

// Store is a folder of content and the database that names it.
type Store struct {
	dir    string
	db     *db.DB
	clock  clock.Clock
	create func(dir string) (tempFile, error) // tests make the disk fail here
}

// tempFile is what Save needs of *os.File.
type tempFile interface {
	io.Writer
	io.ReaderAt
	io.Closer
	Name() string
	Sync() error
}

// New opens the store in dir, which it makes if needed. Half-written uploads that a
// crash left behind are removed by Collect once they are a day old.
func New(dir string, d *db.DB, c clock.Clock) (*Store, error) {
	s := &Store{dir: dir, db: d, clock: c, create: func(dir string) (tempFile, error) {
		return os.CreateTemp(dir, "upload-*")
	}}
	for _, sub := range []string{s.tempDir(), s.trashDir()} {
		if err := os.MkdirAll(sub, 0o700); err != nil {
			return nil, fmt.Errorf("open file store: %w", err)
		}
	}
	return s, nil
}

// Open opens stored content. NotFound "file.missing" when it is not there.
func (s *Store) Open(sha256 string) (io.ReadSeekCloser, error) {
	if !isHash(sha256) {
		return nil, errs.New(errs.NotFound, "file.missing")
	}
	f, err := os.Open(s.path(sha256))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "file.missing")
	}
	if err != nil {
		return nil, fmt.Errorf("open content: %w", err)
	}
	return f, nil
}

// Dir is the folder of the store, for backup.
func (s *Store) Dir() string { return s.dir }

func (s *Store) tempDir() string  { return filepath.Join(s.dir, "tmp") }
func (s *Store) trashDir() string { return filepath.Join(s.dir, "trash") }

// path spreads content over 256 folders, so that none grows too long to list.
func (s *Store) path(sha string) string { return filepath.Join(s.dir, sha[:2], sha) }

// isHash guards every path that is built from a hash.
func isHash(s string) bool {
	if len(s) != 64 {
		return false
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
