package audit

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Keys are kept outside the database: whoever can only write rows cannot make a row
// that the integrator takes, nor sign a checkpoint.
type Keys struct {
	row    []byte // HMAC key of rows and places
	signer string // note signer key, secret
	Public string // note verifier key: give it to the auditor
}

const (
	rowKeyFile  = "audit-row.key"
	signKeyFile = "audit-sign.key"
	pubKeyFile  = "audit-sign.pub"
	origin      = "cchc-audit"

	// New keys are written in a folder of their own, which is renamed when all of them lie
	// on the disk, and moved from there: a program that is killed meanwhile leaves no keys
	// or all of them.
	keysBegun = "audit-keys.begun"
	keysReady = "audit-keys.ready"
)

var keyFiles = [3]string{rowKeyFile, signKeyFile, pubKeyFile}

// NewKeys makes fresh keys in memory, for tests and demonstrations.
func NewKeys() (Keys, error) {
	k := Keys{row: make([]byte, 32)}
	rand.Read(k.row)
	var err error
	k.signer, k.Public, err = note.GenerateKey(rand.Reader, origin)
	return k, err
}

// LoadOrCreateKeys reads the keys from dir (the keys/ folder of the data folder) and
// makes them at the first start. A folder that holds only some of them is refused:
// making a new key beside an old log would call every row forged.
func LoadOrCreateKeys(dir string) (Keys, error) {
	if err := takeReady(dir); err != nil {
		return Keys{}, fmt.Errorf("audit keys: %w", err)
	}
	var texts [3]string
	missing := 0
	for i, name := range keyFiles {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			missing++
			continue
		}
		if err != nil {
			return Keys{}, fmt.Errorf("audit keys: %w", err)
		}
		texts[i] = strings.TrimSpace(string(b))
	}
	switch missing {
	case 3:
		return createKeys(dir)
	case 0:
	default:
		return Keys{}, fmt.Errorf("audit keys: %s holds only some of %s, %s, %s: restore the others from the backup", dir, rowKeyFile, signKeyFile, pubKeyFile)
	}
	row, err := hex.DecodeString(texts[0])
	if err != nil || len(row) != 32 {
		return Keys{}, fmt.Errorf("audit keys: %s is damaged", rowKeyFile)
	}
	k := Keys{row: row, signer: texts[1], Public: texts[2]}
	if _, err := note.NewSigner(k.signer); err != nil {
		return Keys{}, fmt.Errorf("audit keys: %s is damaged: %w", signKeyFile, err)
	}
	if _, err := note.NewVerifier(k.Public); err != nil {
		return Keys{}, fmt.Errorf("audit keys: %s is damaged: %w", pubKeyFile, err)
	}
	return k, nil
}

func createKeys(dir string) (Keys, error) {
	k, err := NewKeys()
	if err != nil {
		return k, err
	}
	begun := filepath.Join(dir, keysBegun)
	if err := errors.Join(os.RemoveAll(begun), os.MkdirAll(begun, 0o700)); err != nil {
		return k, fmt.Errorf("audit keys: %w", err)
	}
	for i, text := range []string{hex.EncodeToString(k.row), k.signer, k.Public} {
		if err := writeSynced(filepath.Join(begun, keyFiles[i]), text+"\n"); err != nil {
			return k, fmt.Errorf("audit keys: %w", err)
		}
	}
	err = syncDir(begun)
	if err == nil {
		err = os.Rename(begun, filepath.Join(dir, keysReady))
	}
	if err == nil {
		err = takeReady(dir)
	}
	if err != nil {
		return k, fmt.Errorf("audit keys: %w", err)
	}
	return k, nil
}

// takeReady moves keys that are complete to their place; without any it does nothing.
func takeReady(dir string) error {
	ready := filepath.Join(dir, keysReady)
	if _, err := os.Stat(ready); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := syncDir(dir); err != nil { // the renaming itself lies on the disk
		return err
	}
	for _, name := range keyFiles {
		err := os.Rename(filepath.Join(ready, name), filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // an earlier start moved it
			return err
		}
	}
	return errors.Join(syncDir(dir), os.Remove(ready))
}

// writeSynced makes a new file, readable by its owner only, and waits until it lies on
// the disk: a log whose key was lost in a power cut could never be verified.
func writeSynced(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
