package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cchc/internal/db"
)

// The benchmarks answer one question: how much of what the disk and the driver can
// do is left when every call is a transaction of its own? Compare within one run:
//
//	go test ./internal/db -run=^$ -bench . -benchtime 2s
//
// The aim: write-64 at least 70 % of raw-64.

const benchTable = `CREATE TABLE bench_row (id TEXT PRIMARY KEY, agency TEXT NOT NULL, state TEXT NOT NULL, at_ms BIGINT NOT NULL, body TEXT NOT NULL)`
const benchInsert = `INSERT INTO bench_row (id, agency, state, at_ms, body) VALUES ($1, $2, $3, $4, $5)`
const benchBody = "two hundred bytes of a case: name, subject, content, as they are typed at the counter of a commune, with a number of words that is neither small nor large, so that a row costs what a row costs."

func BenchmarkFsync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "fsync"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	for b.Loop() {
		if _, err := f.WriteAt(page, 0); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "fsync/s")
}

// BenchmarkRaw is the driver alone: prepared statement, size rows a transaction.
func BenchmarkRaw(b *testing.B) {
	for _, size := range []int{1, 64} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			raw := openRaw(b)
			for b.Loop() {
				raw.batch(size)
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

type raw struct {
	b      *testing.B
	h      *sql.DB
	insert *sql.Stmt
}

func openRaw(b *testing.B) *raw {
	url := "file:" + filepath.Join(b.TempDir(), "raw.db") + "?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=temp_store(memory)&_pragma=cache_size(-65536)&_pragma=wal_autocheckpoint(4000)&_txlock=immediate"
	h, err := sql.Open("sqlite", url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { h.Close() })
	h.SetMaxOpenConns(1)
	if _, err := h.Exec(benchTable); err != nil {
		b.Fatal(err)
	}
	insert, err := h.Prepare(benchInsert)
	if err != nil {
		b.Fatal(err)
	}
	return &raw{b, h, insert}
}

func (r *raw) batch(size int) {
	tx, err := r.h.Begin()
	if err != nil {
		r.b.Fatal(err)
	}
	s := tx.Stmt(r.insert)
	for i := range size {
		if _, err := s.Exec(db.NewID(), "GL.X001", "received", int64(i), benchBody); err != nil {
			r.b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		r.b.Fatal(err)
	}
}

// BenchmarkWrite is ours: one row a call, from 1, 8 and 64 callers.
func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			d := openBench(b)
			b.ResetTimer()
			writeRows(b, d, callers, b.N)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			s := d.Stats()
			b.ReportMetric(float64(s.Calls)/float64(s.Batches), "calls/batch")
		})
	}
}

// BenchmarkShare runs a slice of raw-64 and a slice of write-64 in turn, so that
// neighbours on the machine disturb both alike, and reports the median of
// ours / raw: the figure of the aim.
func BenchmarkShare(b *testing.B) {
	const rows = 6400
	d, r := openBench(b), openRaw(b)
	var share []float64
	for b.Loop() {
		began := time.Now()
		for range rows / 64 {
			r.batch(64)
		}
		half := time.Now()
		writeRows(b, d, 64, rows)
		share = append(share, 100*half.Sub(began).Seconds()/time.Since(half).Seconds())
	}
	slices.Sort(share)
	b.ReportMetric(share[len(share)/2], "%ofRaw")
}

func openBench(b *testing.B) *db.DB {
	d, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "write.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if err := d.Write(b.Context(), func(tx *db.Tx) error { _, err := tx.Exec(benchTable); return err }); err != nil {
		b.Fatal(err)
	}
	return d
}

func writeRows(b *testing.B, d *db.DB, callers, rows int) {
	ctx := context.Background()
	var left atomic.Int64
	left.Store(int64(rows))
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				err := d.Write(ctx, func(tx *db.Tx) error {
					_, err := tx.Exec(benchInsert, db.NewID(), "GL.X001", "received", int64(rows), benchBody)
					return err
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
