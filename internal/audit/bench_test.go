package audit

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

// BenchmarkSeal is what Record computes before its INSERT.
func BenchmarkSeal(b *testing.B) {
	keys, err := NewKeys()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r := record{Row: Row{ID: db.NewID(), At: noon(), Who: Who{Account: "a1", Name: "Name"}, Kind: "plan.task_edit", Subject: "plan_task:1", Before: `{"n":1}`, After: `{"n":2}`}, rowKey: newRowKey()}
		if r.contentMAC, err = r.sealContent(); err != nil {
			b.Fatal(err)
		}
		if r.rowMAC, err = r.sealRow(keys); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecord is 64 callers, each a Write with one entry, while the integrator runs.
func BenchmarkRecord(b *testing.B) {
	d := dbtest.NewSQLite(b)
	keys, err := NewKeys()
	if err != nil {
		b.Fatal(err)
	}
	log := New(keys, noon)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan bool)
	go func() { NewIntegrator(d, keys, noon).Run(ctx); close(done) }()
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			err := d.Write(ctx, func(tx *db.Tx) error {
				return log.Record(tx, Who{Account: "a1", Name: "Name"}, Entry{Kind: "plan.task_edit", Subject: fmt.Sprint("plan_task:", n.Add(1)), Before: map[string]int{"n": 1}, After: map[string]int{"n": 2}})
			})
			if err != nil {
				b.Error(err)
			}
		}
	})
	b.StopTimer()
	cancel()
	<-done
	report, err := Verify(context.Background(), d, keys, nil)
	if err != nil || !report.OK() || report.Waiting > 0 {
		b.Fatalf("%+v %v", report, err)
	}
}

// TestIntegrate_findsItsRowsByIndex: a scan here would hold the writer for seconds once
// the log is long. SQLite's plan says which it is.
func TestIntegrate_findsItsRowsByIndex(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		for _, where := range []string{
			`WHERE leaf_index IS NULL AND NOT aside AND (at_ms, id) > (1, 'a') ORDER BY leaf_index, at_ms, id LIMIT 5`,
			`WHERE (leaf_index, id) > (1, 'a') ORDER BY leaf_index, id LIMIT 5`,
			`WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT 100`,
			`WHERE aside OR leaf_index < 0 ORDER BY id LIMIT 5`,
			`WHERE subject = $1 ORDER BY at_ms DESC, id DESC LIMIT 5`,
		} {
			plans, err := db.All(tx, func(s db.Scanner) (text string, err error) {
				var a, b, c int
				err = s.Scan(&a, &b, &c, &text)
				return text, err
			}, `EXPLAIN QUERY PLAN SELECT id, reason FROM audit_entry `+where, 1)
			if err != nil {
				return err
			}
			for _, text := range plans {
				if strings.HasPrefix(text, "SCAN") && !strings.Contains(text, "USING") || text == "USE TEMP B-TREE FOR ORDER BY" {
					t.Errorf("%s: %s", where, text)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
