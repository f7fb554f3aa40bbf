package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
)

// newSecretKey makes a key of 32 random bytes that only the server's user can read.
func newSecretKey(path string) ([]byte, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails: crypto/rand ends the program instead
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the key of second factors: %w", err)
	}
	_, err = f.Write(key)
	return key, errors.Join(err, f.Sync(), f.Close())
}
