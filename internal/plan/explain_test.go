package plan

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

// Every figure reads one range of one index on both engines: with a hundred thousand
// assignments a scan of the table would be felt.
func TestFigures_areReadByIndex(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("store_figures.go")
	if err != nil {
		t.Fatal(err)
	}
	statements := regexp.MustCompile("(?s)`(\\s*(?:WITH|SELECT).*?)`").FindAllStringSubmatch(string(raw), -1)
	if len(statements) != 4 {
		t.Fatalf("%d statements found, want 4", len(statements))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).issued()
		for _, m := range statements {
			text, explain := m[1], "EXPLAIN QUERY PLAN "
			// A value for each placeholder, by what it is compared with.
			args := []any{h.plan.ID, "2022-02-01", "2022-02-10", "*", RightView, h.now.UnixMilli(), "", 0, "", "total", "", "", 10}
			if !strings.Contains(text, "$9") {
				args = []any{h.plan.ID, "2022-02-01", "*", RightView, h.now.UnixMilli(), "", "", 0}
			} else if !strings.Contains(text, "$13") {
				args = args[:9]
			}
			h.write(func(tx *db.Tx) error {
				if tx.Dialect() == db.Postgres {
					explain = "EXPLAIN "
					if err := exec(tx, `SET LOCAL enable_seqscan = off`); err != nil {
						return err
					}
				}
				lines, err := db.All(tx, func(row db.Scanner) (line string, err error) {
					if tx.Dialect() == db.Postgres {
						err = row.Scan(&line)
						return line, err
					}
					var a, b, c any
					err = row.Scan(&a, &b, &c, &line)
					return line, err
				}, explain+text, args...)
				how := strings.Join(lines, "\n")
				if !strings.Contains(how, "plan_phase_alike") && !strings.Contains(how, "plan_period_due") || strings.Contains(how, "SCAN plan_phase\n") || strings.Contains(how, "Seq Scan on plan_phase") {
					t.Errorf("%.60s\n%s", text, how)
				}
				return err
			})
		}
	})
}
