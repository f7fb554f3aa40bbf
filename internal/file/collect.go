package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cchc/internal/db"
)

// graceTime is how long content waits for a document to name it.
const graceTime = 24 * time.Hour

// Collect removes content that no document has named for a day before now, and what
// crashes left in the temporary folder. It returns how many contents went.
//
// It may run beside Save, even on another node over a shared folder: the row goes
// first, then the file is moved aside, then we look whether a Save has written the
// row again meanwhile and if so put the file back. Save looks in its turn, after its
// row is written, whether the file is still there.
func (s *Store) Collect(ctx context.Context, now time.Time) (int, error) {
	const batch = 100 // short Writes
	before := now.Add(-graceTime)
	removed := 0
	for {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		var gone []string
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			gone, err = dropOrphans(tx, before.UnixMilli(), batch)
			return err
		})
		if err != nil {
			return removed, err
		}
		for _, sha := range gone {
			ok, err := s.discard(ctx, sha)
			if err != nil {
				return removed, err
			}
			if ok {
				removed++
			}
		}
		if len(gone) < batch {
			break
		}
	}
	return removed, errors.Join(sweep(s.tempDir(), before), sweep(s.trashDir(), before))
}

// discard moves one content aside and removes it, unless it was saved again.
func (s *Store) discard(ctx context.Context, sha string) (bool, error) {
	aside := filepath.Join(s.trashDir(), sha)
	if err := os.Rename(s.path(sha), aside); errors.Is(err, fs.ErrNotExist) {
		return true, nil
	} else if err != nil {
		return false, fmt.Errorf("set content aside: %w", err)
	}
	var back bool
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		back, err = isKnown(tx, sha)
		return err
	})
	if err != nil || back {
		return false, errors.Join(err, os.Rename(aside, s.path(sha)), syncDir(filepath.Dir(s.path(sha))))
	}
	return true, os.Remove(aside)
}

// sweep removes the files of a folder that were last written before a moment.
func sweep(dir string, before time.Time) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.ModTime().Before(before) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("sweep: %w", err)
			}
		}
	}
	return nil
}

// Fault is content that is not what its row says.
type Fault struct {
	SHA256  string
	Problem string // "missing" or "changed"
}

// Check reads all content that the database names and compares it with its hash; it
// returns what is wrong. It serves `verify`, `restore` and the nightly job.
func (s *Store) Check(ctx context.Context) ([]Fault, error) {
	var faults []Fault
	after := ""
	for {
		var page []Blob
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			page, err = blobsAfter(tx, after, 500)
			return err
		})
		if err != nil || len(page) == 0 {
			return faults, err
		}
		for _, b := range page {
			if err := ctx.Err(); err != nil {
				return faults, err
			}
			problem, err := s.checkOne(b)
			if err != nil {
				return faults, err
			}
			if problem != "" {
				faults = append(faults, Fault{b.SHA256, problem})
			}
		}
		after = page[len(page)-1].SHA256
	}
}

func (s *Store) checkOne(b Blob) (problem string, err error) {
	f, err := os.Open(s.path(b.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return "missing", nil
	}
	if err != nil {
		return "", fmt.Errorf("check content: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil || n != b.Size || hex.EncodeToString(sum.Sum(nil)) != b.SHA256 {
		return "changed", nil // a disk that cannot read it has lost it too
	}
	return "", nil
}
