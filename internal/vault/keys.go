package vault

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"filippo.io/age"

	"cchc/internal/errs"
)

// scryptWork is the cost of trying one passphrase: 2^18 is about a second and 256 MiB.
// Tests lower it. Opening accepts at most 2^20, so that a hostile archive cannot eat
// the machine's memory.
var scryptWork = 18

var keyFile = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$`)

// sealKeys packs every file of the keys folder and encrypts it by the passphrase.
func sealKeys(dir, passphrase string) ([]byte, error) {
	if passphrase == "" {
		return nil, errs.New(errs.Invalid, "vault.no_passphrase")
	}
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(scryptWork)
	var sealed bytes.Buffer
	plain, err := age.Encrypt(&sealed, to)
	if err != nil {
		return nil, err
	}
	pack := tar.NewWriter(plain)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		// A folder or a link here would be a key that silently stays behind.
		if !e.Type().IsRegular() || !keyFile.MatchString(e.Name()) {
			return nil, fmt.Errorf("the keys folder holds %q, which is no plain file", e.Name())
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if err := pack.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: e.Name(), Size: int64(len(raw)), Mode: 0o600, Format: tar.FormatGNU}); err != nil {
			return nil, err
		}
		if _, err := pack.Write(raw); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(pack.Close(), plain.Close()); err != nil {
		return nil, err
	}
	if sealed.Len() > maxSmall {
		return nil, fmt.Errorf("the keys take %d bytes, more than an archive carries", sealed.Len())
	}
	return sealed.Bytes(), nil
}

// openKeys decrypts the keys into dir, readable by the owner only.
func openKeys(sealed []byte, passphrase, dir string) error {
	if passphrase == "" {
		return errs.New(errs.Invalid, "vault.no_passphrase")
	}
	with, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return err
	}
	with.SetMaxWorkFactor(20)
	plain, err := age.Decrypt(bytes.NewReader(sealed), with)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return errs.New(errs.Invalid, "vault.wrong_passphrase")
	}
	if err != nil {
		return fmt.Errorf("open the keys: %w", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for pack := tar.NewReader(plain); ; {
		h, err := pack.Next()
		if err == io.EOF {
			return syncDir(dir)
		}
		if err != nil {
			return fmt.Errorf("open the keys: %w", err)
		}
		if h.Typeflag != tar.TypeReg || len(h.PAXRecords) > 0 || !keyFile.MatchString(h.Name) || h.Size > maxSmall {
			return fmt.Errorf("open the keys: %q is no plain file", h.Name)
		}
		raw, err := io.ReadAll(pack)
		if err != nil {
			return fmt.Errorf("open the keys: %w", err)
		}
		if err := writeWhole(filepath.Join(dir, h.Name), raw, 0o600); err != nil {
			return err
		}
	}
}
