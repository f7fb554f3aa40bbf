package identity

import (
	"cchc/internal/clock"
	"cchc/internal/db"
)

// credential is what proves a person; it never leaves this package.
type credential struct {
	passwordHash            string
	totpSealed, totpPending string
	totpStep                int64
}

func credentialOf(tx *db.Tx, account string) (credential, error) {
	c, _, err := db.One(tx, func(row db.Scanner) (c credential, err error) {
		err = row.Scan(&c.passwordHash, &c.totpSealed, &c.totpPending, &c.totpStep)
		return c, err
	}, `SELECT password_hash, totp_sealed, totp_pending, totp_step FROM identity_credential WHERE account_id = $1`, account)
	return c, err
}

func candidateByLogin(tx *db.Tx, login string) (c candidate, err error) {
	c.Account, c.found, err = accountByLogin(tx, login)
	if err == nil {
		c.credential, err = credentialOf(tx, c.ID) // asked for an unknown name too: the same work
	}
	return c, err
}

func setPassword(tx *db.Tx, account, hash string, nowMs int64, mustChange bool) error {
	_, err := tx.Exec(`UPDATE identity_credential SET password_hash = $1, password_ms = $2, must_change = $3 WHERE account_id = $4`, hash, nowMs, mustChange, account)
	return err
}

// useTOTPStep keeps the step just used; 0 rows mean that another request used it first.
func useTOTPStep(tx *db.Tx, account string, step int64) (int64, error) {
	return tx.Exec(`UPDATE identity_credential SET totp_step = $1 WHERE account_id = $2 AND totp_step < $1`, step, account)
}

func setTOTP(tx *db.Tx, account, sealed, pending string, step int64) error {
	_, err := tx.Exec(`UPDATE identity_credential SET totp_sealed = $1, totp_pending = $2, totp_step = $3 WHERE account_id = $4`, sealed, pending, step, account)
	return err
}

func replaceRecovery(tx *db.Tx, account string, hashes []string) error {
	_, err := tx.Exec(`DELETE FROM identity_recovery WHERE account_id = $1`, account)
	for _, h := range hashes {
		if err == nil {
			_, err = tx.Exec(`INSERT INTO identity_recovery (account_id, code_hash) VALUES ($1, $2)`, account, h)
		}
	}
	return err
}

func useRecovery(tx *db.Tx, account, hash string, nowMs int64) (int64, error) {
	return tx.Exec(`UPDATE identity_recovery SET used_ms = $1 WHERE account_id = $2 AND code_hash = $3 AND used_ms IS NULL`, nowMs, account, hash)
}

func recoveryLeft(tx *db.Tx, account string) (int, error) {
	n, _, err := db.One(tx, db.Value[int], `SELECT COUNT(*) FROM identity_recovery WHERE account_id = $1 AND used_ms IS NULL`, account)
	return n, err
}

// blockedUntil is the later of the two counters' ends, 0 when neither counts.
func blockedUntil(tx *db.Tx, a, b string) (int64, error) {
	ms, _, err := db.One(tx, db.Value[int64], `SELECT COALESCE(MAX(until_ms), 0) FROM identity_attempt WHERE key IN ($1, $2)`, a, b)
	return ms, err
}

// countFailure adds one and sets the wait that follows; an old counter begins anew.
func countFailure(tx *db.Tx, key string, free, nowMs int64) error {
	n, _, err := db.One(tx, db.Value[int64], `
		INSERT INTO identity_attempt (key, failures, last_ms, until_ms) VALUES ($1, 1, $2, 0)
		ON CONFLICT (key) DO UPDATE SET last_ms = $2,
		   failures = CASE WHEN identity_attempt.last_ms <= $3 THEN 1 ELSE identity_attempt.failures + 1 END
		RETURNING failures`, key, nowMs, nowMs-forgetAfter.Milliseconds())
	if err != nil {
		return err
	}
	until := int64(0)
	if w := wait(n, free); w > 0 {
		until = nowMs + w.Milliseconds()
	}
	_, err = tx.Exec(`UPDATE identity_attempt SET until_ms = $1 WHERE key = $2`, until, key)
	return err
}

func clearFailures(tx *db.Tx, key string) error {
	_, err := tx.Exec(`DELETE FROM identity_attempt WHERE key = $1`, key)
	return err
}

// takeBackFailure subtracts one; the wait that this very try had set goes with it.
func takeBackFailure(tx *db.Tx, key string, free int64) error {
	_, err := tx.Exec(`
		UPDATE identity_attempt SET failures = failures - 1, until_ms = CASE WHEN failures - 1 < $1 THEN 0 ELSE until_ms END
		 WHERE key = $2 AND failures > 0`, free, key)
	return err
}

func insertSignIn(tx *db.Tx, account string, nowMs int64, from, result string) error {
	_, err := tx.Exec(`INSERT INTO identity_sign_in (id, account_id, at_ms, from_ip, result) VALUES ($1, $2, $3, $4, $5)`, db.NewID(), orNull(account), nowMs, from, result)
	return err
}

func scanSignIn(row db.Scanner) (r SignInRow, err error) {
	var at int64
	err = row.Scan(&r.ID, &r.AccountID, &r.Login, &r.Name, &at, &r.From, &r.Result)
	r.At = clock.FromMs(at)
	return r, err
}

func signInsOf(tx *db.Tx, account, before string, limit int) ([]SignInRow, error) {
	return db.All(tx, scanSignIn, `
		SELECT s.id, a.id, a.login, a.name, s.at_ms, s.from_ip, s.result
		  FROM identity_sign_in s JOIN identity_account a ON a.id = s.account_id
		 WHERE s.account_id = $1 AND ($2 = '' OR s.id < $2) ORDER BY s.id DESC LIMIT $3`, account, before, limit)
}

func signInsInReach(tx *db.Tx, reader string, nowMs int64, before string, limit int) ([]SignInRow, error) {
	return db.All(tx, scanSignIn, `
		SELECT s.id, COALESCE(a.id, ''), COALESCE(a.login, ''), COALESCE(a.name, ''), s.at_ms, s.from_ip, s.result
		  FROM identity_sign_in s LEFT JOIN identity_account a ON a.id = s.account_id
		 WHERE COALESCE(a.agency_id, '') IN (SELECT agency_id FROM identity_reach WHERE account_id = $1 AND right_code = $2 AND from_ms <= $3 AND to_ms > $3)
		   AND ($4 = '' OR s.id < $4) ORDER BY s.id DESC LIMIT $5`, reader, RightView, nowMs, before, limit)
}
