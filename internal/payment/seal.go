package payment

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// errDamaged is a secret that does not open: another key, or a row that was changed.
var errDamaged = errors.New("payment: the secret of a gateway does not open with the key at hand")

// closer makes the cipher that closes secrets of gateways. The key is derived for this
// room, so that what another room closed does not open here.
func closer(key []byte) (cipher.AEAD, error) {
	sum := sha256.Sum256(append([]byte("cchc payment seal:"), key...))
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// closeSecret closes a secret for one gateway: copied to another row it does not open.
func closeSecret(key []byte, owner, plain string) (string, error) {
	if plain == "" {
		return "", nil
	}
	c, err := closer(key)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, c.NonceSize())
	rand.Read(nonce)
	return base64.StdEncoding.EncodeToString(c.Seal(nonce, nonce, []byte(plain), []byte(owner))), nil
}

func openSecret(key []byte, owner, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	c, err := closer(key)
	if err != nil {
		return "", err
	}
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(b) < c.NonceSize() {
		return "", errDamaged
	}
	plain, err := c.Open(nil, b[:c.NonceSize()], b[c.NonceSize():], []byte(owner))
	if err != nil {
		return "", errDamaged
	}
	return string(plain), nil
}
