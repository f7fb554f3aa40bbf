package dossier

import "cchc/internal/db"

// guessed is how often an address asked for codes that there are not.
type guessed struct{ sinceMs, misses int64 }

func guesses(tx *db.Tx, address string) (guessed, error) {
	g, _, err := db.One(tx, func(row db.Scanner) (g guessed, err error) {
		err = row.Scan(&g.sinceMs, &g.misses)
		return g, err
	}, `SELECT since_ms, misses FROM dossier_guess WHERE address = $1`, address)
	return g, err
}

// miss counts one; the count begins anew once the window has passed.
func miss(tx *db.Tx, address string, nowMs, windowMs int64) error {
	if _, err := tx.Exec(`DELETE FROM dossier_guess WHERE since_ms < $1`, nowMs-windowMs); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO dossier_guess (address, since_ms, misses) VALUES ($1, $2, 1) ON CONFLICT (address) DO UPDATE SET misses = dossier_guess.misses + 1`, address, nowMs)
	return err
}
