package db_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

func announce(d *db.DB, id string) error {
	return d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO event_outbox (id, kind, body, created_ms) VALUES ($1, 'x.y', '{}', 1)`, id)
		return err
	})
}

func announced(t *testing.T, d *db.DB) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	if err := d.Read(context.Background(), func(tx *db.Tx) error {
		ids, err := db.All(tx, db.Value[string], `SELECT id FROM event_outbox`)
		for _, id := range ids {
			all[id] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestBackup_underLoadHoldsWhatWasThereAndNoHole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const writers = 4
		ctx, stop := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					if err := announce(d, fmt.Sprintf("%d-%06d", w, i)); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for len(announced(t, d)) < 200 {
		}
		before := announced(t, d)
		path := filepath.Join(t.TempDir(), "backup.db")
		err := d.Backup(context.Background(), path)
		stop()
		wg.Wait()
		if err != nil {
			t.Fatal(err)
		}
		after := announced(t, d)

		restored := filepath.Join(t.TempDir(), "restored.db")
		if err := db.Restore(t.Context(), path, restored); err != nil { // runs integrity_check
			t.Fatal(err)
		}
		b, err := db.Open(t.Context(), restored)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		held := announced(t, b)
		for id := range before {
			if !held[id] {
				t.Errorf("%s was there when the backup began", id)
			}
		}
		for w := range writers { // a writer's rows come in order: no hole
			for i, gap := 0, false; after[fmt.Sprintf("%d-%06d", w, i)]; i++ {
				there := held[fmt.Sprintf("%d-%06d", w, i)]
				if there && gap {
					t.Fatalf("writer %d: row %d is there, one before it is not", w, i)
				}
				gap = !there
			}
		}
		if err := d.Backup(t.Context(), path); errs.CodeOf(err) != "db.file_exists" {
			t.Errorf("an old backup was written over: %v", err)
		}
	})
}

func TestRestore_bringsABackupToEitherEngineAndRefusesADamagedOne(t *testing.T) {
	t.Parallel()
	eachEmpty(t, func(t *testing.T, url string) {
		from := dbtest.NewSQLite(t)
		for i := range 300 {
			if err := announce(from, fmt.Sprint("e", i)); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "backup.db")
		if err := from.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if err := db.Restore(t.Context(), path, url); err != nil {
			t.Fatal(err)
		}
		to, err := db.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer to.Close()
		if got := announced(t, to); len(got) != 300 {
			t.Errorf("%d of 300 came back", len(got))
		}
		if err := db.Restore(t.Context(), path, url); err == nil {
			t.Error("it restored over a database in use")
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(content) / 2; i < len(content)/2+4096; i++ {
			content[i] ^= 0xff
		}
		damaged := filepath.Join(t.TempDir(), "damaged.db")
		if err := os.WriteFile(damaged, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := db.Restore(t.Context(), damaged, filepath.Join(t.TempDir(), "x.db")); errs.CodeOf(err) != "db.backup_damaged" {
			t.Errorf("got %v", err)
		}
	})
}

func TestDoctor_findsASoundDatabaseSound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found, err := d.Doctor(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if !f.OK && f.Code != "db.doctor.fsync" { // the test server may run without
				t.Errorf("%s %v", f.Code, f.Args)
			}
		}
		if len(found) < 4 {
			t.Errorf("looked at %d things only", len(found))
		}
	})
}
