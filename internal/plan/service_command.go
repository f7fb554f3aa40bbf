package plan

import (
	"time"

	"cchc/internal/db"
)

// PreviewFile reads a file against the tree of agencies and writes nothing: for the
// command line, where nobody is signed in. People use Service.PreviewImport.
func PreviewFile(tx *db.Tx, rows [][]string, year int, now time.Time) (Reading, error) {
	return previewOn(tx, rows, year, dayOfYear(year, now))
}
