package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// newSecretKey makes a key of 32 random bytes that only the server's user can read.
func newSecretKey(path string) ([]byte, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails: crypto/rand ends the program instead
	// Written beside and renamed: a program that is killed meanwhile leaves no half key.
	begun := path + ".begun"
	f, err := os.OpenFile(begun, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the key of second factors: %w", err)
	}
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(begun, path)
	}
	if err != nil {
		return nil, fmt.Errorf("make the key of second factors: %w", err)
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("make the key of second factors: %w", err)
	}
	return key, errors.Join(folder.Sync(), folder.Close())
}
