package identity

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
)

// newToken makes 256 random bits as text that fits a URL, a cookie and a header.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// tokenHash is what the database keeps of a token. 256 random bits need no salt and no
// slow hash: nobody can try them all.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// sealer keeps secrets that must be read again (the second factor) under a key that
// lies in the keys folder, not in the database: a stolen backup of the rows is no use.
type sealer struct {
	aead cipher.AEAD
	mac  []byte
}

func newSealer(key []byte) (sealer, error) {
	if len(key) != 32 {
		return sealer{}, fmt.Errorf("identity: the key is %d bytes long, want 32", len(key))
	}
	sum := sha256.Sum256(append([]byte("cchc identity seal:"), key...))
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return sealer{}, err
	}
	mac := sha256.Sum256(append([]byte("cchc identity mac:"), key...))
	return sealer{aead: aead, mac: mac[:]}, nil
}

// seal binds the secret to its owner: a sealed text copied to another row does not open.
func (s sealer) seal(owner string, plain []byte) string {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce)
	return base64.StdEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, []byte(owner)))
}

func (s sealer) open(owner, sealed string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(b) < s.aead.NonceSize() {
		return nil, fmt.Errorf("identity: a sealed secret of %s is damaged", owner)
	}
	n := s.aead.NonceSize()
	plain, err := s.aead.Open(nil, b[:n], b[n:], []byte(owner))
	if err != nil {
		return nil, fmt.Errorf("identity: a sealed secret of %s does not open with the key at hand: %w", owner, err)
	}
	return plain, nil
}

// keyed hashes a short secret (a recovery code): without the key the rows cannot be tried.
func (s sealer) keyed(owner, code string) string {
	h := hmac.New(sha256.New, s.mac)
	fmt.Fprintf(h, "%s\x00%s", owner, code)
	return hex.EncodeToString(h.Sum(nil))
}
