package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// The second factor (xác thực hai lớp) by RFC 6238 with what every app on a phone
// understands: SHA-1, six digits, thirty seconds, one step of drift either way.
const (
	totpPeriod = 30
	totpDrift  = 1
	totpIssuer = "cchc"
)

var totpOptions = totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// newTOTPSecret makes 160 random bits in base32, the form that apps take.
func newTOTPSecret() string {
	b := make([]byte, 20)
	rand.Read(b)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// totpURL is what the QR code of an enrolment holds.
func totpURL(login, secret string) string {
	q := url.Values{"secret": {secret}, "issuer": {totpIssuer}}
	return (&url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + totpIssuer + ":" + login, RawQuery: q.Encode()}).String()
}

// matchTOTP finds the time step whose code was given, later than the last one used: a
// code that somebody read over a shoulder is worth nothing afterwards (RFC 6238 5.2).
func matchTOTP(secret, code string, now time.Time, lastStep int64) (step int64, ok bool) {
	code = strings.ReplaceAll(code, " ", "")
	at := now.Unix() / totpPeriod
	for s := at - totpDrift; s <= at+totpDrift; s++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(s*totpPeriod, 0), totpOptions)
		if err == nil && s > lastStep && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}

// recoveryCodes is how many are handed out at an enrolment.
const recoveryCodes = 10

// newRecoveryCode makes 80 random bits in four groups, without letters that look alike.
func newRecoveryCode() string {
	b := make([]byte, 10)
	rand.Read(b)
	s := strings.ToLower(base32.StdEncoding.EncodeToString(b))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// cleanRecovery takes a recovery code as people type it; "" when it cannot be one.
func cleanRecovery(code string) string {
	s := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	if len(s) != 16 {
		return ""
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}
