package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"syscall"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// Save reads r to its end and stores it under its hash, durably, before it returns.
// At most max bytes; the content must be of an allowed type that its extension names.
// A refusal (Invalid, TooLarge, Unavailable "file.disk_full") leaves nothing on disk.
// Save writes to the database by itself: call it outside a Write, then Attach inside one.
func (s *Store) Save(ctx context.Context, r io.Reader, name string, max int64) (Blob, error) {
	b := Blob{Name: SafeName(name)}
	tmp, err := s.create(s.tempDir())
	if err != nil {
		return b, diskFault("create upload", err)
	}
	defer os.Remove(tmp.Name()) // after place it is gone already
	defer tmp.Close()
	sum := sha256.New()
	from := &source{ctx: ctx, r: io.LimitReader(r, max+1)}
	b.Size, err = io.CopyBuffer(io.MultiWriter(tmp, sum), from, make([]byte, 64<<10))
	switch {
	case from.err != nil:
		return b, uploadFault(from.err, max)
	case err != nil:
		return b, diskFault("write upload", err)
	case b.Size > max:
		return b, errs.New(errs.TooLarge, "file.too_large", "max", megabytes(max))
	case b.Size == 0:
		return b, errs.New(errs.Invalid, "file.empty")
	}
	if b.Type, err = Sniff(tmp, b.Size, b.Name); err != nil {
		return b, err
	}
	if err := tmp.Sync(); err != nil {
		return b, diskFault("sync upload", err)
	}
	b.SHA256 = hex.EncodeToString(sum.Sum(nil))
	// Collect may be removing the same content. It drops the row before it moves the
	// file, so a file that is still there once our row is written stays (see Collect).
	for range 3 {
		if err := s.place(tmp.Name(), b.SHA256); err != nil {
			return b, err
		}
		err := s.db.Write(ctx, func(tx *db.Tx) error { return putBlob(tx, b, s.clock().UnixMilli()) })
		if err != nil {
			return b, err
		}
		if _, err := os.Stat(s.path(b.SHA256)); err == nil {
			return b, nil
		}
	}
	return b, fmt.Errorf("content %s vanished while it was stored", b.SHA256)
}

// place links the upload to its final name and makes the name durable. A copy that is
// there already is replaced, which mends one that the disk has spoilt.
func (s *Store) place(tmp, sha string) error {
	final := s.path(sha)
	folder := filepath.Dir(final)
	if err := os.Mkdir(folder, 0o700); err == nil {
		if err := syncDir(s.dir); err != nil {
			return err
		}
	} else if !errors.Is(err, os.ErrExist) {
		return diskFault("make folder", err)
	}
	next := tmp + ".link"
	if err := os.Link(tmp, next); err != nil {
		return diskFault("link content", err)
	}
	if err := os.Rename(next, final); err != nil {
		return errors.Join(diskFault("name content", err), os.Remove(next))
	}
	os.Remove(next) // renaming a link onto its own file leaves both names
	return syncDir(folder)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return diskFault("open folder", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return diskFault("sync folder", err)
	}
	return nil
}

// source tells a fault of the sender from a fault of the disk, and stops when the
// sender has left.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

func uploadFault(err error, max int64) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return errs.New(errs.TooLarge, "file.too_large", "max", megabytes(max))
	}
	return errs.New(errs.Invalid, "file.upload_cut")
}

func diskFault(what string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errs.New(errs.Unavailable, "file.disk_full")
	}
	return fmt.Errorf("%s: %w", what, err)
}

func megabytes(n int64) int64 { return (n + 1<<20 - 1) >> 20 }
