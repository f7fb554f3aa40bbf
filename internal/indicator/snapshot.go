package indicator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/errs"
)

// Wanted is one cell of a table to publish: an indicator with its question.
type Wanted struct {
	Code   string
	Scope  Scope // without a reader: published figures count everything
	Period Period
}

// Snapshot is a published table (số liệu đã chốt): the same years later, whatever was
// corrected since.
type Snapshot struct {
	ID     string
	Title  string
	By     string // account id
	At     time.Time
	Digest string // SHA-256 of the values; the caller puts it into the audit entry
	Values []Frozen
}

// Frozen is one figure of it.
type Frozen struct {
	Wanted
	Reading
}

// Freeze reads every cell in the caller's transaction and keeps the values. The reader's
// rights are checked by the caller; a scope cut to one reader's reach is refused,
// because the table would mean something else to everybody else.
func Freeze(tx *db.Tx, r *Registry, title, by string, now time.Time, cells []Wanted) (Snapshot, error) {
	snap := Snapshot{ID: db.NewID(), Title: title, By: by, At: clock.FromMs(now.UnixMilli())}
	for _, w := range cells {
		if w.Scope.Right != "" || w.Scope.Account != "" {
			return Snapshot{}, fmt.Errorf("freeze %s: the scope is one reader's", w.Code)
		}
		i, ok := r.Get(w.Code)
		if !ok {
			return Snapshot{}, errs.New(errs.NotFound, "indicator.unknown", "code", w.Code)
		}
		w.Scope.Now = snap.At
		reading, err := i.Read(tx, w.Scope, w.Period)
		if err != nil {
			return Snapshot{}, fmt.Errorf("freeze %s: %w", w.Code, err)
		}
		reading.AsOf = clock.FromMs(reading.AsOf.UnixMilli())
		snap.Values = append(snap.Values, Frozen{w, reading})
	}
	var err error
	if snap.Digest, err = snap.digest(); err != nil {
		return Snapshot{}, err
	}
	return snap, insertSnapshot(tx, snap)
}

// Load gives a published table as it was. It refuses one whose stored values do not
// match their digest: "indicator.snapshot_changed".
func Load(tx *db.Tx, id string) (Snapshot, error) {
	snap, found, err := snapshotOf(tx, id)
	if err != nil {
		return Snapshot{}, err
	}
	if !found {
		return Snapshot{}, errs.New(errs.NotFound, "indicator.unknown_snapshot")
	}
	digest, err := snap.digest()
	if err != nil {
		return Snapshot{}, err
	}
	if digest != snap.Digest {
		return Snapshot{}, errs.New(errs.Conflict, "indicator.snapshot_changed", "title", snap.Title)
	}
	return snap, nil
}

// Change is a figure that reads otherwise today than when it was frozen.
type Change struct {
	Frozen Frozen
	Today  Reading
	Gone   bool // the program no longer has such an indicator
}

// Compare reads every figure of a published table again and gives those that later work
// or corrections changed. It changes nothing.
func Compare(tx *db.Tx, r *Registry, snap Snapshot, now time.Time) ([]Change, error) {
	var changes []Change
	for _, f := range snap.Values {
		i, ok := r.Get(f.Code)
		if !ok {
			changes = append(changes, Change{Frozen: f, Gone: true})
			continue
		}
		f.Scope.Now = now
		today, err := i.Read(tx, f.Scope, f.Period)
		if err != nil {
			return nil, fmt.Errorf("compare %s: %w", f.Code, err)
		}
		if today.Value != f.Value || today.Numerator != f.Numerator || today.Denominator != f.Denominator {
			changes = append(changes, Change{Frozen: f, Today: today})
		}
	}
	return changes, nil
}

// digest is over every value and question, each field quoted by JSON so that no two
// tables share a text.
func (s Snapshot) digest() (string, error) {
	h := sha256.New()
	enc := json.NewEncoder(h)
	if err := enc.Encode([]any{s.ID, s.Title, s.By, s.At.UnixMilli()}); err != nil {
		return "", err
	}
	for _, f := range s.Values {
		dims, err := dimsText(f.Scope.Dims)
		if err != nil {
			return "", err
		}
		p := f.Period
		if err := enc.Encode([]any{f.Code, f.Scope.AgencyID, dims, p.FromDay, p.ToDay, p.OnDay, f.Numerator, f.Denominator, f.Value, f.AsOf.UnixMilli()}); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// dimsText is the dimensions as JSON; encoding/json sorts the names.
func dimsText(dims map[string]string) (string, error) {
	if len(dims) == 0 {
		return "{}", nil
	}
	b, err := json.Marshal(dims)
	return string(b), err
}
