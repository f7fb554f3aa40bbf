package notice

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// sealer keeps what must be read again (a password of the mail server, a link not yet
// mailed) under a key that is not in the database. Identity has its own, under another
// derivation of the same key: neither opens what the other closed.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	if len(key) != 32 {
		return sealer{}, fmt.Errorf("notice: the key is %d bytes long, want 32", len(key))
	}
	sum := sha256.Sum256(append([]byte("cchc notice seal:"), key...))
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCM(block)
	return sealer{aead}, err
}

// seal leaves "" as it is: nothing is not a secret.
func (s sealer) seal(owner, plain string) string {
	if plain == "" {
		return ""
	}
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce)
	return base64.StdEncoding.EncodeToString(s.aead.Seal(nonce, nonce, []byte(plain), []byte(owner)))
}

func (s sealer) open(owner, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	b, err := base64.StdEncoding.DecodeString(sealed)
	n := s.aead.NonceSize()
	if err != nil || len(b) < n {
		return "", fmt.Errorf("notice: a sealed secret (%s) is damaged", owner)
	}
	plain, err := s.aead.Open(nil, b[:n], b[n:], []byte(owner))
	if err != nil {
		return "", fmt.Errorf("notice: a sealed secret (%s) does not open with the key at hand: %w", owner, err)
	}
	return string(plain), nil
}
