package audit

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

func TestRecord_isGoneWhenTheChangeIsRolledBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		broken := errors.New("broken")
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			if err := b.log.Record(tx, System("job:x"), Entry{Kind: "a.b", Subject: "s:1"}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if rows := b.history("s:1"); len(rows) != 0 {
			t.Errorf("%d rows stayed", len(rows))
		}
	})
}

func (b *bench) history(subject string) (rows []Row) {
	b.t.Helper()
	err := b.db.Read(context.Background(), func(tx *db.Tx) (err error) { rows, err = b.log.History(tx, subject, 10); return err })
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

func TestHistory_isNewestFirstAndKeepsTheTextByteForByte(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		who := Who{Account: "a1", Name: "Đỗ Văn Ngữ", For: "a0", Agency: "g1", From: "10.1.2.3"}
		for i, after := range []any{map[string]any{"tên": "<Ngữ> & \u0000", "big": int64(9007199254740993)}, nil} {
			b.write(func(tx *db.Tx) error {
				return b.log.Record(tx, who, Entry{Kind: "a.b", Subject: "s:1", Agency: "g2", Before: i, After: after, Reason: "vì sao"})
			})
		}
		b.seal()
		rows := b.history("s:1")
		if len(rows) != 2 || rows[0].Before != "1" || rows[0].After != "" || rows[1].LeafIndex != 0 || rows[0].LeafIndex != 1 {
			t.Fatalf("got %+v", rows)
		}
		if rows[1].Who != who || rows[1].Reason != "vì sao" || !strings.Contains(rows[1].After, "9007199254740993") {
			t.Errorf("got %+v", rows[1])
		}
		if r := b.verify(); !r.OK() {
			t.Errorf("got %+v", r)
		}
	})
}

func TestIntegrate_givesEveryEntryOnePlaceWhileWritersAndASecondNodeWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		second := NewIntegrator(d, b.keys, noon)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 25 {
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						return b.log.Record(tx, System("job:x"), Entry{Kind: "a.b", Subject: "s:1"})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		for _, in := range []*Integrator{b.in, second} {
			wg.Go(func() {
				for range 5 {
					if _, err := in.Integrate(context.Background()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		b.seal()
		if r := b.verify(); !r.OK() || r.Size != 200 || r.Waiting != 0 {
			t.Errorf("got %+v", r)
		}
	})
}

func TestRun_placesAndSignsWhatIsLeftWhenItStops(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() { b.in.Run(ctx) })
		b.write(func(tx *db.Tx) error { return b.log.Record(tx, System("job:x"), Entry{Kind: "a.b", Subject: "s:1"}) })
		cancel()
		wg.Wait()
		if r := b.verify(); !r.OK() || r.Covered != 1 {
			t.Errorf("got %+v", r)
		}
	})
}

func TestProve_letsAnAuditorCheckOneEntryWithThePublicKeyOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.record(9)
		id := b.history("plan_task:4")[0].ID
		b.record(5)
		file := b.prove(id)
		if err := VerifyProof(file, b.keys.Public); err != nil {
			t.Fatal(err)
		}
		for what, c := range map[string][3]string{
			"another number":   {`n\":5`, `n\":6`, "audit.proof_content"},
			"another person":   {`"account": "a1"`, `"account": "a2"`, "audit.proof_path"},
			"another name":     {`"Name"`, `"Nam"`, "audit.proof_content"},
			"another place":    {`"index": 4`, `"index": 5`, "audit.proof_path"},
			"another size":     {"cchc-audit\\n9\\n", "cchc-audit\\n8\\n", "audit.proof_signature"},
			"an unproven word": {`"format"`, `"note": "x", "format"`, "audit.proof_unreadable"},
		} {
			forged := strings.Replace(string(file), c[0], c[1], 1)
			if forged == string(file) {
				t.Fatalf("%s: %s is not in the file: %s", what, c[0], file)
			}
			if got := errs.CodeOf(VerifyProof([]byte(forged), b.keys.Public)); got != c[2] {
				t.Errorf("%s: got %q, want %s", what, got, c[2])
			}
		}
		for i, c := range file { // any letter of the file, touched
			if c == ' ' || c == '\n' {
				continue
			}
			forged := slices.Clone(file)
			if forged[i] = c + 1; c == '\\' || VerifyProof(forged, b.keys.Public) != nil {
				continue
			}
			t.Errorf("the file is found right with %q of %q made %q", c, file[max(0, i-60):i+20], c+1)
			break
		}
		other, _ := NewKeys()
		if got := errs.CodeOf(VerifyProof(file, other.Public)); got != "audit.proof_signature" {
			t.Errorf("another key: %q", got)
		}
		b.write(func(tx *db.Tx) error { return b.log.Record(tx, System("job:x"), Entry{Kind: "a.b", Subject: "s:9"}) })
		err := d.Read(context.Background(), func(tx *db.Tx) error { _, err := Prove(tx, b.history("s:9")[0].ID); return err })
		if errs.CodeOf(err) != "audit.not_sealed_yet" {
			t.Errorf("an unsealed entry: %v", err)
		}
	})
}

func (b *bench) prove(id string) (file []byte) {
	b.t.Helper()
	err := b.db.Read(context.Background(), func(tx *db.Tx) (err error) { file, err = Prove(tx, id); return err })
	if err != nil {
		b.t.Fatal(err)
	}
	return file
}

func TestRedact_takesTheContentAwayAndTheLogStillVerifies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.record(5)
		id := b.history("plan_task:2")[0].ID
		b.write(func(tx *db.Tx) error { return b.log.Redact(tx, Who{Account: "a9", Name: "N"}, id, "request 12") })
		b.seal()
		row := b.history("plan_task:2")[0]
		if row.Before+row.After+row.Reason+row.Who.Name+row.Who.From != "" || row.Who.Account != "a1" {
			t.Errorf("got %+v", row)
		}
		if r := b.verify(); !r.OK() || r.Redacted != 1 || r.Size != 6 {
			t.Errorf("got %+v", r)
		}
		if err := VerifyProof(b.prove(id), b.keys.Public); err != nil {
			t.Error(err)
		}
		b.write(b.exec(`UPDATE audit_entry SET after_json = '{}' WHERE leaf_index = 3`))
		damaged := b.history("plan_task:3")[0].ID
		err := d.Write(context.Background(), func(tx *db.Tx) error { return b.log.Redact(tx, Who{Account: "a9"}, damaged, "r") })
		if errs.CodeOf(err) != "audit.entry_damaged" {
			t.Errorf("a damaged row must not be sealed anew: %v", err)
		}
	})
}

func TestVerify_namesCheckpointsThatAreForgedTornOrLost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.record(3)
		first := slices.Clone(b.out.text)
		b.record(3)
		whole := slices.Clone(b.out.text)
		for _, c := range []struct {
			name string
			file []byte
			want What
		}{
			{"lost", first, Lost},
			{"torn", whole[:len(whole)-20], Forged},
			{"forged", []byte(strings.Replace(string(whole), "\n6\n", "\n7\n", 1)), Forged},
		} {
			b.out.text = c.file
			if r := b.verify(); !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.What == c.want }) {
				t.Errorf("%s: got %+v", c.name, r)
			}
		}
		b.out.text = whole
		if r := b.verify(); !r.OK() || r.Checkpoints != 2 {
			t.Errorf("whole: got %+v", r)
		}
	})
}

func TestList_pagesByKeyAndFiltersTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.record(7)
		b.write(func(tx *db.Tx) error {
			return b.log.Record(tx, Who{Account: "a2"}, Entry{Kind: "a.b", Subject: "s:1", Agency: "ag3"})
		})
		for _, c := range []struct {
			f    Filter
			want int
		}{
			{Filter{}, 8}, {Filter{Kind: "a.b"}, 1}, {Filter{Account: "a1"}, 7}, {Filter{Agency: "ag3"}, 1}, {Filter{Agency: "ag2", Kind: "a.b"}, 0},
			{Filter{Subject: "plan_task:3"}, 1}, {Filter{Subject: "plan_task:3", Account: "a2"}, 0}, {Filter{From: noon().Add(time.Hour)}, 0},
			{Filter{To: noon()}, 0}, {Filter{To: noon().Add(time.Hour), Account: "a1", Agency: "ag2", Kind: "plan.task_edit"}, 7},
		} {
			seen := map[string]bool{}
			f := c.f
			for f.Limit = 3; ; {
				var p Page
				err := d.Read(context.Background(), func(tx *db.Tx) (err error) { p, err = b.log.List(tx, f); return err })
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range p.Rows {
					seen[r.ID] = true
				}
				if f.After = p.Next; p.Next == "" {
					break
				}
			}
			if len(seen) != c.want {
				t.Errorf("%+v: %d entries, want %d", c.f, len(seen), c.want)
			}
		}
	})
}

func TestList_showsAReaderOnlyTheAgenciesInReach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.record(3) // of agency ag2
		b.write(func(tx *db.Tx) error {
			if err := b.log.Record(tx, Who{Account: "a2"}, Entry{Kind: "a.b", Subject: "s:1", Agency: "ag3"}); err != nil {
				return err
			}
			// A table in the place of identity's view, with its columns.
			for _, sql := range []string{`DROP VIEW identity_reach`,
				`CREATE TABLE identity_reach (account_id TEXT, right_code TEXT, agency_id TEXT, from_ms BIGINT, to_ms BIGINT)`,
				`INSERT INTO identity_reach VALUES ('r1', 'admin.audit', 'ag3', 0, 4102444800000), ('r1', 'admin.audit', 'ag2', 0, 5)`} {
				if _, err := tx.Exec(sql); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			f    Filter
			want int
		}{
			{Filter{Reader: "r1", Right: "admin.audit", Now: noon()}, 1},
			{Filter{Reader: "r1", Right: "admin.audit", Now: noon(), Subject: "s:1"}, 1},
			{Filter{Reader: "r1", Right: "admin.audit", Now: noon(), Subject: "plan_task:1"}, 0},
			{Filter{Reader: "r1", Right: "admin.other", Now: noon()}, 0},
			{Filter{Reader: "r2", Right: "admin.audit", Now: noon()}, 0},
			{Filter{Reader: "r1", Right: "admin.audit", Now: time.UnixMilli(1), Agency: "ag2"}, 3},
		} {
			var p Page
			err := d.Read(context.Background(), func(tx *db.Tx) (err error) { p, err = b.log.List(tx, c.f); return err })
			if err != nil || len(p.Rows) != c.want {
				t.Errorf("%+v: %d entries, want %d, %v", c.f, len(p.Rows), c.want, err)
			}
		}
	})
}

func TestLoadOrCreateKeys_makesThemOnceForTheOwnerOnlyAndRefusesHalfASet(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	first, err := LoadOrCreateKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := LoadOrCreateKeys(dir)
	if err != nil || string(again.row) != string(first.row) || again.signer != first.signer || again.Public != first.Public {
		t.Fatalf("not the same keys: %v", err)
	}
	for _, name := range []string{rowKeyFile, signKeyFile, pubKeyFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	if err := os.Remove(filepath.Join(dir, rowKeyFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateKeys(dir); err == nil {
		t.Error("half a set of keys must be refused")
	}
}

// TestLoadOrCreateKeys_killedAnywhereStartsAgain walks through what a killed first start can
// leave: files begun, all written, some moved, all moved.
func TestLoadOrCreateKeys_killedAnywhereStartsAgain(t *testing.T) {
	t.Parallel()
	for moved := range len(keyFiles) + 1 {
		dir := filepath.Join(t.TempDir(), "keys")
		whole, err := LoadOrCreateKeys(dir)
		if err != nil {
			t.Fatal(err)
		}
		ready := filepath.Join(dir, keysReady)
		if err := os.Mkdir(ready, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range keyFiles[moved:] {
			if err := os.Rename(filepath.Join(dir, name), filepath.Join(ready, name)); err != nil {
				t.Fatal(err)
			}
		}
		again, err := LoadOrCreateKeys(dir)
		if err != nil || again.signer != whole.signer || string(again.row) != string(whole.row) {
			t.Errorf("killed after %d keys were moved: %v", moved, err)
		}
		if _, err := os.Stat(ready); err == nil {
			t.Errorf("killed after %d keys were moved: something is left aside", moved)
		}
	}
	for _, torn := range []string{"", "ab"} {
		dir := filepath.Join(t.TempDir(), "keys")
		begun := filepath.Join(dir, keysBegun)
		if err := errors.Join(os.MkdirAll(begun, 0o700), os.WriteFile(filepath.Join(begun, rowKeyFile), []byte(torn), 0o600)); err != nil {
			t.Fatal(err)
		}
		first, err := LoadOrCreateKeys(dir)
		if err != nil {
			t.Fatalf("killed while the first key was written: %v", err)
		}
		if again, err := LoadOrCreateKeys(dir); err != nil || again.signer != first.signer {
			t.Errorf("the keys made after it are not kept: %v", err)
		}
	}
}

func TestFile_onlyAppends(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		f := InFolder(filepath.Join(t.TempDir(), "outside"))
		b.in.places = []Place{f}
		b.record(2)
		b.record(2)
		text, err := f.Read()
		if err != nil {
			t.Fatal(err)
		}
		good, bad := ParseCheckpoints(text, b.keys.Public)
		if len(good) != 2 || bad != 0 || good[0].Size != 2 || good[1].Size != 4 {
			t.Errorf("got %+v, %d bad", good, bad)
		}
	})
}

func TestChanges_listsTheFieldsThatDiffer(t *testing.T) {
	t.Parallel()
	got := Changes(`{"a":1,"b":{"c":"x"},"d":[1,2],"same":true}`, `{"a":2,"b":{"c":"y"},"d":[1],"same":true,"new":9007199254740993}`)
	want := []Change{{"a", "1", "2"}, {"b.c", "x", "y"}, {"d.1", "2", ""}, {"new", "", "9007199254740993"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
