package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"cchc/internal/errs"
	"cchc/internal/text"
)

// Parameters of argon2id: 46 MiB, one pass, one lane, the first of the equal choices of
// the OWASP password storage sheet. One lane, because a province's server has few cores
// and signs in few people at once; the memory is what costs an attacker.
const (
	argonMemory  = 46 * 1024 // KiB
	argonPasses  = 1
	argonLanes   = 1
	argonKeyLen  = 32
	argonSaltLen = 16
)

// Length by NIST SP 800-63B: long, no rule about kinds of characters. The upper bound
// only keeps somebody from sending a book to be hashed.
const (
	passwordMin = 12
	passwordMax = 128 // characters
)

//go:embed passwords.txt
var commonText string

// common are folded words that people take as passwords, foreign and Vietnamese.
var common = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(commonText) {
		m[w] = true
	}
	return m
})

// hasher bounds how many hashes run at once: each takes 46 MiB, and a flood of
// sign-ins must not take the machine's memory.
type hasher struct {
	slots  chan struct{}
	memory uint32 // KiB, of new hashes
}

func newHasher(memory uint32) hasher {
	if memory == 0 {
		memory = argonMemory
	}
	return hasher{make(chan struct{}, min(4, runtime.NumCPU())), memory}
}

func (h hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSaltLen)
	rand.Read(salt)
	sum, err := h.run(ctx, password, salt, argonPasses, h.memory, argonLanes)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, argonPasses, argonLanes, enc(salt), enc(sum)), nil
}

// verify compares in constant time. A stored text "" (no such account, no password yet)
// costs as much as a real one and never matches.
func (h hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	if stored == "" {
		_, err := h.run(ctx, password, make([]byte, argonSaltLen), argonPasses, h.memory, argonLanes)
		return false, err
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("identity: a stored password is not argon2id")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false, fmt.Errorf("identity: parameters of a stored password: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("identity: salt of a stored password: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("identity: sum of a stored password: %w", err)
	}
	sum, err := h.run(ctx, password, salt, passes, memory, lanes)
	return err == nil && subtle.ConstantTimeCompare(sum, want) == 1, err
}

func (h hasher) run(ctx context.Context, password string, salt []byte, passes, memory uint32, lanes uint8) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, errs.New(errs.Unavailable, "identity.busy")
	}
	// NFC: the same letters typed on two keyboards are the same password.
	return argon2.IDKey([]byte(text.NFC(password)), salt, passes, memory, lanes, argonKeyLen), nil
}

// CheckPassword refuses a password that is short, long, made of the login, or one that
// others try first. It asks for no mixture of characters (NIST SP 800-63B 3.1.1.2).
func CheckPassword(login, password string) error {
	n := utf8.RuneCountInString(text.NFC(password))
	folded := strings.ReplaceAll(text.Fold(password), " ", "")
	switch {
	case n < passwordMin:
		return errs.OnField("password", "identity.password_short", "min", passwordMin)
	case n > passwordMax:
		return errs.OnField("password", "identity.password_long", "max", passwordMax)
	case len(login) >= 3 && strings.Contains(folded, login):
		return errs.OnField("password", "identity.password_has_login")
	case isCommon(folded):
		return errs.OnField("password", "identity.password_common")
	}
	return nil
}

// isCommon strips digits and signs around the word, undoes the usual swaps (@ for a),
// and looks at what is left; it also refuses one short pattern said again and again.
func isCommon(folded string) bool {
	core := strings.Trim(folded, "0123456789!@#$%^&*()-_=+.,;:?/\\|~`'\"<>[]{} ")
	if core == "" {
		return true
	}
	swapped := strings.NewReplacer("@", "a", "0", "o", "1", "i", "3", "e", "$", "s").Replace(core)
	for _, s := range []string{folded, core, swapped} {
		word := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, s)
		if common()[word] || common()[s] {
			return true
		}
	}
	for unit := 1; unit <= 4; unit++ {
		if strings.HasPrefix(strings.Repeat(folded[:min(unit, len(folded))], len(folded)), folded) {
			return true
		}
	}
	return false
}
