package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"cchc/internal/errs"
)

// Restore unpacks an archive into dir, which must be missing or empty and held by
// nobody. Everything goes into a folder beside dir first; only when every hash agreed
// and all is on the disk does that folder take dir's name, so a crash leaves either
// nothing or everything. The caller verifies the audit log and the figures afterwards.
// Refusals: those of Inspect, vault.folder_in_use, vault.not_empty, vault.mount_point,
// vault.wrong_passphrase, vault.disk_full.
func Restore(ctx context.Context, archive, dir, passphrase string) (m Manifest, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return m, err
	}
	_, missing := os.Lstat(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return m, full(err)
	}
	// Held till the end: no server starts in the folder that is about to be replaced.
	release, err := Hold(dir)
	if err != nil {
		return m, err
	}
	defer release()
	defer func() {
		if err != nil && missing != nil {
			err = errors.Join(err, os.RemoveAll(dir)) // it was not there before
		}
	}()
	if empty, err := isEmpty(dir); err != nil || !empty {
		return m, errors.Join(errs.New(errs.Conflict, "vault.not_empty", "folder", dir), err)
	}
	if err := sameDevice(dir, filepath.Dir(dir)); err != nil {
		return m, err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), ".restore-*") // 0700
	if err != nil {
		return m, full(err)
	}
	defer os.RemoveAll(work)
	if m, err = unpack(ctx, archive, work, passphrase); err != nil {
		return Manifest{}, full(err)
	}
	// The lock file is all that dir holds; the kernel's lock on it stays till release.
	if err := os.Remove(filepath.Join(dir, lockName)); err != nil {
		return Manifest{}, err
	}
	// os.Rename would refuse the empty folder that is there.
	if err := syscall.Rename(work, dir); err != nil {
		return Manifest{}, fmt.Errorf("put the restored folder in place: %w", err)
	}
	return m, syncDir(filepath.Dir(dir))
}

// sameDevice refuses a mount point, onto which no folder can be renamed.
func sameDevice(a, b string) error {
	var of [2]syscall.Stat_t
	for n, path := range []string{a, b} {
		if err := syscall.Stat(path, &of[n]); err != nil {
			return err
		}
	}
	if of[0].Dev != of[1].Dev {
		return errs.New(errs.Conflict, "vault.mount_point", "folder", a)
	}
	return nil
}

func unpack(ctx context.Context, archive, work, passphrase string) (m Manifest, err error) {
	for _, sub := range []string{FilesName, CheckpointsName} {
		if err := os.Mkdir(filepath.Join(work, sub), 0o700); err != nil {
			return m, err
		}
	}
	folders := map[string]bool{work: true, filepath.Join(work, FilesName): true, filepath.Join(work, CheckpointsName): true}
	s := &scan{ctx: ctx, path: archive}
	s.visit = func(name string, size int64, r io.Reader) error {
		base := filepath.Base(name)
		var path string
		switch rank(name) {
		case 1:
			return s.unpackKeys(size, r, filepath.Join(work, KeysName), passphrase)
		case 2:
			path = filepath.Join(work, CheckpointsName, base)
		case 3:
			path = filepath.Join(work, DatabaseName)
		case 4:
			folder := filepath.Join(work, FilesName, base[:2])
			if !folders[folder] {
				if err := os.Mkdir(folder, 0o700); err != nil {
					return err
				}
				folders[folder] = true
			}
			path = filepath.Join(folder, base)
		}
		return unpackFile(path, size, r)
	}
	if m, err = s.run(); err != nil {
		return m, err
	}
	if m.Mark.Kind != "" {
		raw, err := json.Marshal(m.Mark)
		if err != nil {
			return m, err
		}
		if err := writeWhole(filepath.Join(work, markName), append(raw, '\n'), 0o600); err != nil {
			return m, err
		}
	}
	for folder := range folders {
		if err := syncDir(folder); err != nil {
			return m, err
		}
	}
	return m, nil
}

// unpackKeys comes early in the archive, so that a wrong passphrase is told in a second
// and not after an hour of copying.
func (s *scan) unpackKeys(size int64, r io.Reader, dir, passphrase string) error {
	if size > maxSmall {
		return s.hostile(keysMember)
	}
	var sealed bytes.Buffer
	if _, err := io.Copy(&sealed, r); err != nil {
		return err
	}
	if sum := sha256.Sum256(sealed.Bytes()); hex.EncodeToString(sum[:]) != s.head.Keys {
		return s.damaged(keysMember)
	}
	return openKeys(sealed.Bytes(), passphrase, dir)
}

func unpackFile(path string, size int64, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, r, size)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return errors.Join(err, f.Sync(), f.Close())
}
