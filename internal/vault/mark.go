package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cchc/internal/errs"
)

// Kinds of data folder.
const (
	Demo = "demo" // made-up data with open doors: one click signs in
	Real = "real"
)

// Mark says what a data folder is for; it is the file cchc.json in it.
type Mark struct {
	Kind    string    `json:"kind"` // Demo or Real
	Created time.Time `json:"created"`
	Version string    `json:"version"` // of the program that made the folder
}

// ReadMark reads the folder's mark; found is false in a folder without one.
func ReadMark(dir string) (m Mark, found bool, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, markName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("read the folder's mark: %w", err)
	}
	if json.Unmarshal(raw, &m) != nil || (m.Kind != Demo && m.Kind != Real) {
		return Mark{}, false, errs.New(errs.Conflict, "vault.mark_unreadable", "folder", dir)
	}
	return m, true, nil
}

// WriteMark marks the folder. It refuses to change a mark: "vault.other_kind".
func WriteMark(dir string, m Mark) error {
	old, found, err := ReadMark(dir)
	if err != nil {
		return err
	}
	if found {
		if old.Kind != m.Kind {
			return errs.New(errs.Conflict, "vault.other_kind", "folder", dir)
		}
		return nil
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return writeWhole(filepath.Join(dir, markName), append(raw, '\n'), 0o600)
}

// ForServe is called by `serve` before it opens anything: it refuses a demonstration's
// folder ("vault.demo_folder") and marks a new one as real.
func ForServe(dir string, now time.Time, version string) error {
	m, found, err := ReadMark(dir)
	switch {
	case err != nil:
		return err
	case found && m.Kind == Demo:
		return errs.New(errs.Conflict, "vault.demo_folder", "folder", dir)
	case found:
		return nil
	}
	return WriteMark(dir, Mark{Real, now.UTC(), version})
}

// ForDemo is called by `demo`: it takes a demonstration's folder, marks an empty one as
// such, and refuses any other ("vault.not_empty"): real data never gets open doors.
func ForDemo(dir string, now time.Time, version string) error {
	m, found, err := ReadMark(dir)
	switch {
	case err != nil:
		return err
	case found && m.Kind == Demo:
		return nil
	}
	empty, err := isEmpty(dir)
	if err != nil {
		return err
	}
	if !empty {
		return errs.New(errs.Conflict, "vault.not_empty", "folder", dir)
	}
	return WriteMark(dir, Mark{Demo, now.UTC(), version})
}

// isEmpty says whether nothing but a lock is in the folder; a missing one is empty.
func isEmpty(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look into the folder: %w", err)
	}
	for _, e := range entries {
		if e.Name() != lockName {
			return false, nil
		}
	}
	return true, nil
}
