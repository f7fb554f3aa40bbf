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
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"cchc/internal/errs"
)

// Parts is what a backup is made of.
type Parts struct {
	Version     string
	Now         time.Time
	Mark        Mark                                 // of the data folder; Restore marks the new one so
	Database    func(path string) error              // writes a whole, consistent copy as an SQLite file that does not exist yet
	Describe    func(database string) (About, error) // looks into that copy; nil for nothing
	Files       string                               // folder of evidence: <two letters>/<sha-256>
	Keys        string                               // folder of keys
	Checkpoints string                               // folder of checkpoints of the audit log
}

// About is what the copy of the database holds.
type About struct {
	Steps    []string         // schema steps
	Counts   map[string]int64 // rows a table
	Evidence []string         // hashes of the files that it names
}

// Backup writes one archive while the server goes on. The order makes it consistent
// without stopping anybody:
//
//   - checkpoints first: each then speaks of a log that the copy holds whole;
//   - the database next: one snapshot;
//   - evidence last: a file is on the disk before the row that names it is committed, and
//     an unused one stays for a day, so every file that the copy names is there.
//
// The archive gets its name only when it is whole and on the disk; whatever fails, no
// half archive is left. Refusals: vault.no_passphrase, vault.archive_exists, vault.disk_full.
func Backup(ctx context.Context, p Parts, out, passphrase string) (m Manifest, err error) {
	if _, err := os.Lstat(out); err == nil {
		return m, errs.New(errs.Conflict, "vault.archive_exists", "file", out)
	}
	work, err := os.MkdirTemp(filepath.Dir(out), ".backup-*")
	if err != nil {
		return m, full(err)
	}
	defer os.RemoveAll(work)
	if m, err = p.write(ctx, work, passphrase); err != nil {
		return Manifest{}, full(fmt.Errorf("backup: %w", err))
	}
	whole := filepath.Join(work, "archive")
	info, err := os.Stat(whole)
	if err != nil {
		return Manifest{}, err
	}
	m.Bytes = info.Size()
	// Link refuses a name that came to be meanwhile; rename would replace that file.
	if err := os.Link(whole, out); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return Manifest{}, errs.New(errs.Conflict, "vault.archive_exists", "file", out)
		}
		if err := os.Rename(whole, out); err != nil { // a file system without links
			return Manifest{}, full(err)
		}
	}
	return m, syncDir(filepath.Dir(out))
}

func (p Parts) write(ctx context.Context, work, passphrase string) (m Manifest, err error) {
	sealed, err := sealKeys(p.Keys, passphrase)
	if err != nil {
		return m, err
	}
	checkpoints, err := readCheckpoints(p.Checkpoints)
	if err != nil {
		return m, err
	}
	database := filepath.Join(work, DatabaseName)
	if err := p.Database(database); err != nil {
		return m, fmt.Errorf("copy the database: %w", err)
	}
	var about About
	if p.Describe != nil {
		if about, err = p.Describe(database); err != nil {
			return m, fmt.Errorf("look into the copy: %w", err)
		}
	}
	f, err := os.OpenFile(filepath.Join(work, "archive"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return m, err
	}
	defer f.Close()
	now := p.Now.UTC().Truncate(time.Millisecond)
	w := newWriter(f, now)
	sum := sha256.Sum256(sealed)
	first, err := json.Marshal(head{formatName, formatNumber, p.Version, now, p.Mark, hex.EncodeToString(sum[:])})
	if err != nil {
		return m, err
	}
	small := append([]blob{{headName, first}, {keysMember, sealed}}, checkpoints...)
	for _, b := range small {
		if _, err := w.add(b.name, int64(len(b.data)), bytes.NewReader(b.data)); err != nil {
			return m, err
		}
	}
	if err := w.addFile(dbMember, database); err != nil {
		return m, err
	}
	m = Manifest{Version: p.Version, Created: now, Mark: p.Mark, Steps: about.Steps, Counts: about.Counts}
	if m.Damaged, err = w.addEvidence(ctx, p.Files); err != nil {
		return m, err
	}
	m.Missing = w.lacks(about.Evidence, m.Damaged)
	m.Members = w.members
	last, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return m, err
	}
	manifestSum, err := w.add(manifestName, int64(len(last)), bytes.NewReader(last))
	if err != nil {
		return m, err
	}
	return m, errors.Join(w.end(manifestSum), f.Sync(), f.Close())
}

type blob struct {
	name string
	data []byte
}

func readCheckpoints(dir string) (all []blob, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		name := "checkpoints/" + e.Name()
		if !e.Type().IsRegular() || !isCheckpoint.MatchString(name) {
			continue // not written by the log
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, blob{name, raw})
	}
	return all, nil
}

func (w *writer) addFile(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = w.add(name, info.Size(), f)
	return err
}

// addEvidence adds every file whose content still matches its name and returns the
// others. One rotten file must not stand in the way of saving the rest, and a rotten
// copy would look like a sound one: it is left out and named.
func (w *writer) addEvidence(ctx context.Context, dir string) (damaged []string, err error) {
	folders, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, folder := range folders {
		if len(folder.Name()) != 2 || !folder.IsDir() {
			continue // uploads in the making, and what is being thrown away
		}
		files, err := os.ReadDir(filepath.Join(dir, folder.Name()))
		if err != nil {
			return nil, err
		}
		for _, e := range files {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			name := "files/" + e.Name()
			if !e.Type().IsRegular() || !isEvidence.MatchString(name) {
				continue
			}
			path := filepath.Join(dir, folder.Name(), e.Name())
			switch sound, err := matches(path, e.Name()); {
			case errors.Is(err, fs.ErrNotExist): // unused for a day, collected just now
			case err != nil:
				return nil, err
			case !sound:
				damaged = append(damaged, e.Name())
			default:
				if err := w.addFile(name, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return nil, err
				}
			}
		}
	}
	return damaged, nil
}

// matches says whether the file's content has that hash.
func matches(path, sha string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return false, err
	}
	return hex.EncodeToString(h.Sum(nil)) == sha, nil
}

// lacks gives the hashes that are neither in the archive nor known to be damaged.
func (w *writer) lacks(evidence, damaged []string) (missing []string) {
	have := make(map[string]bool, len(w.members)+len(damaged))
	for _, m := range w.members {
		have[strings.TrimPrefix(m.Name, "files/")] = true
	}
	for _, sha := range damaged {
		have[sha] = true
	}
	for _, sha := range evidence {
		if !have[sha] {
			have[sha] = true
			missing = append(missing, sha)
		}
	}
	return missing
}

// full gives a full disk its own refusal: nothing was kept, free space and try again.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return errs.New(errs.Unavailable, "vault.disk_full")
	}
	return err
}
