package identity

import (
	"context"

	"cchc/internal/db"
	"cchc/internal/errs"
)

// Enrolment is what the app on the phone needs; shown once.
type Enrolment struct {
	Secret string // for typing
	URL    string // otpauth://, for the QR code (QR)
}

// secondFactor says whether the code is right; accounts without one need none. A time
// step and a recovery code each work once.
func (s *Service) secondFactor(tx *db.Tx, c candidate, code string) (bool, error) {
	if c.totpSealed == "" {
		return true, nil
	}
	if recovery := cleanRecovery(code); recovery != "" {
		n, err := useRecovery(tx, c.ID, s.seal.keyed(c.ID, recovery), s.clock().UnixMilli())
		return n == 1, err
	}
	secret, err := s.seal.open(c.ID, c.totpSealed)
	if err != nil {
		return false, err
	}
	step, ok := matchTOTP(string(secret), code, s.clock(), c.totpStep)
	if !ok {
		return false, nil
	}
	n, err := useTOTPStep(tx, c.ID, step)
	return n == 1, err
}

// passwordAgain asks the person for the password before a change that a stolen session
// must not be able to make. It counts as a try at signing in.
func (s *Service) passwordAgain(ctx context.Context, a Actor, password string) (candidate, error) {
	c, err := s.attempt(ctx, a.Login, a.From, func(tx *db.Tx) (candidate, error) { return candidateByLogin(tx, a.Login) })
	if err != nil {
		return c, err
	}
	right, err := s.hashes.verify(ctx, c.passwordHash, password)
	if err == nil && (!right || c.ID != a.AccountID) {
		err = errs.OnField("current", "identity.password_wrong")
	}
	if err != nil {
		return c, err
	}
	return c, s.db.Write(ctx, func(tx *db.Tx) error { return s.forgive(tx, a.Login, a.From) })
}

// EnrolTOTP begins a second factor: the secret counts once ConfirmTOTP has seen a code.
func (s *Service) EnrolTOTP(ctx context.Context, a Actor, password string) (Enrolment, error) {
	if err := person(a); err != nil {
		return Enrolment{}, err
	}
	c, err := s.passwordAgain(ctx, a, password)
	if err != nil {
		return Enrolment{}, err
	}
	if c.totpSealed != "" {
		return Enrolment{}, errs.New(errs.Conflict, "identity.totp_on")
	}
	secret := newTOTPSecret()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return setTOTP(tx, a.AccountID, "", s.seal.seal(a.AccountID, []byte(secret)), 0)
	})
	return Enrolment{Secret: secret, URL: totpURL(a.Login, secret)}, err
}

// ConfirmTOTP switches the second factor on and returns the recovery codes: shown once,
// kept only as hashes.
func (s *Service) ConfirmTOTP(tx *db.Tx, a Actor, code string) ([]string, error) {
	if err := person(a); err != nil {
		return nil, err
	}
	c, err := credentialOf(tx, a.AccountID)
	if err != nil {
		return nil, err
	}
	if c.totpPending == "" {
		return nil, errs.New(errs.Conflict, "identity.totp_not_begun")
	}
	secret, err := s.seal.open(a.AccountID, c.totpPending)
	if err != nil {
		return nil, err
	}
	step, ok := matchTOTP(string(secret), code, s.clock(), 0)
	if !ok {
		return nil, errs.OnField("code", "identity.code_wrong")
	}
	if err := setTOTP(tx, a.AccountID, c.totpPending, "", step); err != nil {
		return nil, err
	}
	codes, hashes := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = newRecoveryCode()
		hashes[i] = s.seal.keyed(a.AccountID, codes[i])
	}
	if err := replaceRecovery(tx, a.AccountID, hashes); err != nil {
		return nil, err
	}
	return codes, s.record(tx, a, "identity.totp_on", a.AccountID, a.AgencyID, nil, nil, "")
}

// DisableTOTP switches one's own second factor off.
func (s *Service) DisableTOTP(ctx context.Context, a Actor, password string) error {
	if err := person(a); err != nil {
		return err
	}
	if _, err := s.passwordAgain(ctx, a, password); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.dropTOTP(tx, a, a.AccountID, a.AgencyID, "") })
}

// ResetTOTP switches off the second factor of somebody who lost the phone and the codes.
func (s *Service) ResetTOTP(tx *db.Tx, a Actor, accountID, reason string) error {
	if err := person(a); err != nil {
		return err
	}
	acc, err := s.manage(tx, a, accountID, RightManage)
	if err != nil {
		return err
	}
	if reason == "" {
		return errs.OnField("reason", "identity.reason_missing")
	}
	return s.dropTOTP(tx, a, acc.ID, acc.AgencyID, reason)
}

func (s *Service) dropTOTP(tx *db.Tx, a Actor, account, agency, reason string) error {
	if err := setTOTP(tx, account, "", "", 0); err != nil {
		return err
	}
	if err := replaceRecovery(tx, account, nil); err != nil {
		return err
	}
	return s.record(tx, a, "identity.totp_off", account, agency, nil, nil, reason)
}

// SecondFactor says whether the actor's second factor is on and how many recovery codes are left.
func (s *Service) SecondFactor(tx *db.Tx, a Actor) (on bool, codesLeft int, err error) {
	if err := person(a); err != nil {
		return false, 0, err
	}
	c, err := credentialOf(tx, a.AccountID)
	if err != nil || c.totpSealed == "" {
		return false, 0, err
	}
	codesLeft, err = recoveryLeft(tx, a.AccountID)
	return true, codesLeft, err
}
