package audit

import (
	"context"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
)

var noon = clock.At(time.Date(2026, 10, 14, 5, 0, 0, 0, time.UTC))

// memory is a place outside that keeps checkpoints in order.
type memory struct{ text []byte }

func (m *memory) Publish(_ context.Context, note []byte) error {
	m.text = append(append(m.text, note...), '\n')
	return nil
}
func (m *memory) Read() ([]byte, error) { return m.text, nil }

type bench struct {
	t    rapid.TB
	db   *db.DB
	keys Keys
	log  *Log
	in   *Integrator
	out  *memory
}

func newBench(t rapid.TB, d *db.DB) *bench {
	keys, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	out := &memory{}
	return &bench{t: t, db: d, keys: keys, log: New(keys, noon), in: NewIntegrator(d, keys, noon, out), out: out}
}

func (b *bench) write(fn func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.db.Write(context.Background(), fn); err != nil {
		b.t.Fatal(err)
	}
}

// record writes n entries, integrates them and signs.
func (b *bench) record(n int) {
	b.t.Helper()
	b.write(func(tx *db.Tx) error {
		for i := range n {
			who := Who{Account: "a1", Name: "Name", Agency: "ag", From: "10.0.0.1"}
			if err := b.log.Record(tx, who, Entry{Kind: "plan.task_edit", Subject: fmt.Sprint("plan_task:", i), Agency: "ag2", Before: map[string]int{"n": i}, After: map[string]int{"n": i + 1}, Reason: "r"}); err != nil {
				return err
			}
		}
		return nil
	})
	b.seal()
}

func (b *bench) seal() {
	b.t.Helper()
	if _, err := b.in.Integrate(context.Background()); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Checkpoint(context.Background()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) verify() Report {
	b.t.Helper()
	r, err := Verify(context.Background(), b.db, b.keys, b.out.text)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *bench) exec(sql string, args ...any) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		n, err := tx.Exec(sql, args...)
		if err == nil && n == 0 {
			err = fmt.Errorf("the attack changed nothing: %s", sql)
		}
		return err
	}
}

func (b *bench) wipe() {
	b.write(func(tx *db.Tx) error {
		for _, sql := range []string{`DELETE FROM audit_entry`, `DELETE FROM audit_hash`, `DELETE FROM audit_checkpoint`, `DELETE FROM audit_suspect`, `UPDATE audit_tree SET size = 0`} {
			if _, err := tx.Exec(sql); err != nil {
				return err
			}
		}
		return nil
	})
	b.out.text, b.in.last = nil, Checkpoint{}
}

// rebuild is what a careful attacker does: every hash of the tree made anew from the
// rows as they are now, in their order. With the keys every seal is made anew too.
func (b *bench) rebuild(tx *db.Tx, stolen *Keys) error {
	rows, err := db.All(tx, scanRecord, `SELECT id, at_ms, kind, subject, subject_agency, account, account_name, acted_for, account_agency, address,
		before_json, after_json, reason, leaf_index, row_key, content_mac, row_mac, place_mac FROM audit_entry WHERE leaf_index >= 0 ORDER BY leaf_index`)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM audit_hash`); err != nil {
		return err
	}
	tree := &edge{tx: tx, known: map[int64]tlog.Hash{}}
	for i := range rows {
		r, n := &rows[i], int64(i)
		if r.contentMAC, err = r.sealContent(); err != nil {
			return err
		}
		h, err := r.leafHash()
		if err != nil {
			return err
		}
		if stolen != nil {
			if r.rowMAC, err = r.sealRow(*stolen); err != nil {
				return err
			}
			r.placeMAC = sealPlace(*stolen, n, h)
		}
		if _, err := tx.Exec(`UPDATE audit_entry SET leaf_index = $1, content_mac = $2, row_mac = $3, place_mac = $4 WHERE id = $5`, n, r.contentMAC, r.rowMAC, r.placeMAC, r.ID); err != nil {
			return err
		}
		if err := tree.add(n, placeable{r.ID, h}); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`UPDATE audit_tree SET size = $1`, len(rows))
	return err
}

func at(tx *db.Tx, index int64) (id string) {
	id, _, err := db.One(tx, db.Value[string], `SELECT id FROM audit_entry WHERE leaf_index = $1`, index)
	if err != nil {
		panic(err)
	}
	return id
}

// attacks on the place i of n. Each returns the first bad place it leaves.
var attacks = []struct {
	name string
	do   func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (first int64, err error)
	what []What
}{
	{"a field is changed", func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (int64, error) {
		sql := rapid.SampledFrom([]string{
			`UPDATE audit_entry SET after_json = '{"n":999}' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET before_json = '' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET account = 'somebody' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET account_name = 'Somebody' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET acted_for = 'a2' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET subject = 'plan_task:zzz' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET subject_agency = 'ag9' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET kind = 'plan.other' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET at_ms = at_ms + 1 WHERE leaf_index = $1`,
			`UPDATE audit_entry SET reason = '' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET address = '10.0.0.2' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET row_key = '' WHERE leaf_index = $1`,
			`UPDATE audit_entry SET row_key = '', before_json = '', after_json = '', reason = '', account_name = '', address = '', subject_agency = '', account_agency = '' WHERE leaf_index = $1`,
		}).Draw(rt, "field")
		return i, b.exec(sql, i)(tx)
	}, []What{Changed}},
	{"a row is deleted", func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (int64, error) {
		return i, b.exec(`DELETE FROM audit_entry WHERE leaf_index = $1`, i)(tx)
	}, []What{Deleted}},
	{"a row is deleted with its leaf", func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (int64, error) {
		if err := b.exec(`DELETE FROM audit_hash WHERE entry_id = $1`, at(tx, i))(tx); err != nil {
			return i, err
		}
		return i, b.exec(`DELETE FROM audit_entry WHERE leaf_index = $1`, i)(tx)
	}, []What{Deleted}},
	{"a row is deleted and written again with other content", func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (int64, error) {
		r, _, err := find(tx, at(tx, i))
		if err != nil {
			return i, err
		}
		if err := b.exec(`DELETE FROM audit_entry WHERE leaf_index = $1`, i)(tx); err != nil {
			return i, err
		}
		r.After, r.rowKey = `{"n":-1}`, newRowKey()
		if r.contentMAC, err = r.sealContent(); err != nil {
			return i, err
		}
		if err := insert(tx, &r); err != nil {
			return i, err
		}
		return i, b.exec(`UPDATE audit_entry SET leaf_index = $1, place_mac = $2 WHERE id = $3`, i, r.placeMAC, r.ID)(tx)
	}, []What{Changed}},
	{"two rows change places", func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (int64, error) {
		j := (i + 1 + rapid.Int64Range(0, n-2).Draw(rt, "other")) % n
		x, y := at(tx, i), at(tx, j)
		for _, s := range []struct {
			id string
			to int64
		}{{x, n + 5}, {y, i}, {x, j}} {
			if err := b.exec(`UPDATE audit_entry SET leaf_index = $1 WHERE id = $2`, s.to, s.id)(tx); err != nil {
				return i, err
			}
		}
		if rapid.Bool().Draw(rt, "and the tree is made anew") {
			return min(i, j), b.rebuild(tx, nil)
		}
		return min(i, j), nil
	}, []What{Moved}},
	{"a row is changed and the whole tree made anew", func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (int64, error) {
		if err := b.exec(`UPDATE audit_entry SET after_json = '{}' WHERE leaf_index = $1`, i)(tx); err != nil {
			return i, err
		}
		return i, b.rebuild(tx, nil)
	}, []What{Changed}},
	{"a row is deleted and the whole tree made anew", func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (int64, error) {
		if err := b.exec(`DELETE FROM audit_entry WHERE leaf_index = $1`, i)(tx); err != nil {
			return i, err
		}
		return i, b.rebuild(tx, nil)
	}, []What{Moved, Deleted}},
	{"the end is cut off and signed again without the key", func(b *bench, tx *db.Tx, rt *rapid.T, i, n int64) (int64, error) {
		if err := b.exec(`DELETE FROM audit_entry WHERE leaf_index >= $1`, i)(tx); err != nil {
			return i, err
		}
		if err := b.rebuild(tx, nil); err != nil {
			return i, err
		}
		other, err := NewKeys()
		if err != nil {
			return i, err
		}
		signer, err := note.NewSigner(other.signer)
		if err != nil {
			return i, err
		}
		root := tlog.Hash{}
		if i > 0 {
			if root, err = tlog.TreeHash(i, &edge{tx: tx, known: map[int64]tlog.Hash{}}); err != nil {
				return i, err
			}
		}
		text, err := note.Sign(&note.Note{Text: checkpointText(max(i, 1), root)}, signer)
		if err != nil {
			return i, err
		}
		if _, err := tx.Exec(`DELETE FROM audit_checkpoint`); err != nil {
			return i, err
		}
		return i, keepCheckpoint(tx, max(i, 1), 1, string(text))
	}, []What{Deleted}},
}

func TestVerify_namesTheFirstBadRowOfEveryAttack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			b := newBench(rt, d)
			b.wipe()
			for range rapid.IntRange(1, 3).Draw(rt, "checkpoints") {
				b.record(rapid.IntRange(2, 12).Draw(rt, "entries"))
			}
			if r := b.verify(); !r.OK() || r.Size == 0 || r.Covered != r.Size {
				rt.Fatalf("before the attack: %+v", r)
			}
			n := b.verify().Size
			i := rapid.Int64Range(0, n-1).Draw(rt, "place")
			attack := rapid.SampledFrom(attacks).Draw(rt, "attack")
			first := int64(-1)
			b.write(func(tx *db.Tx) (err error) { first, err = attack.do(b, tx, rt, i, n); return err })
			r := b.verify()
			if r.OK() || r.Findings[0].Index != first {
				rt.Fatalf("%s at %d of %d: first bad place %d, got %+v", attack.name, i, n, first, r.Findings)
			}
			if got := r.Findings[0].What; got != attack.what[0] && got != attack.what[len(attack.what)-1] {
				rt.Fatalf("%s: called %s", attack.name, got)
			}
		})
	})
}

func TestVerify_namesTheStretchWhenTheKeysWereStolenToo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.record(5)
		b.record(7)
		b.record(4)
		b.write(b.exec(`UPDATE audit_entry SET after_json = '{}' WHERE leaf_index = $1`, 8))
		b.write(func(tx *db.Tx) error { return b.rebuild(tx, &b.keys) })
		r := b.verify()
		if r.OK() || r.Findings[0].What != Mismatch || r.Findings[0].From != 5 || r.Findings[0].Index != 11 {
			t.Fatalf("want a mismatch in 5..11, got %+v", r.Findings)
		}
	})
}

func TestIntegrate_neverLegitimisesARowThatTheProgramDidNotWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.record(3)
		other, err := NewKeys()
		if err != nil {
			t.Fatal(err)
		}
		forger := New(other, noon)
		b.write(func(tx *db.Tx) error {
			return forger.Record(tx, Who{Account: "a1"}, Entry{Kind: "plan.task_edit", Subject: "plan_task:forged"})
		})
		if r := b.verify(); r.OK() || r.Findings[0].What != Inserted {
			t.Fatalf("before integration: %+v", r)
		}
		// A second one claims a place that the tree will need next.
		b.write(func(tx *db.Tx) error {
			return forger.Record(tx, Who{Account: "a1"}, Entry{Kind: "plan.task_edit", Subject: "plan_task:squatter"})
		})
		b.write(b.exec(`UPDATE audit_entry SET leaf_index = 4 WHERE subject = 'plan_task:squatter'`))
		b.record(3)
		r := b.verify()
		if r.Size != 6 || len(r.Findings) != 2 || r.Findings[0].What != Inserted || r.Findings[1].What != Inserted {
			t.Fatalf("after integration: %+v", r)
		}
		var rows []Row
		err = d.Read(context.Background(), func(tx *db.Tx) (err error) { rows, err = b.log.History(tx, "plan_task:forged", 5); return err })
		if err != nil || len(rows) != 1 || rows[0].LeafIndex != -2 || rows[0].ID == "" {
			t.Fatalf("the forged row must be set aside: %+v %v", rows, err)
		}
	})
}

func TestCheckpoint_refusesToSealATreeThatWasTamperedWith(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.record(6)
		b.write(b.exec(`UPDATE audit_entry SET after_json = '{}' WHERE leaf_index = $1`, 2))
		b.write(func(tx *db.Tx) error { return b.rebuild(tx, &b.keys) })
		b.write(func(tx *db.Tx) error { return b.log.Record(tx, System("job:x"), Entry{Kind: "a.b", Subject: "s:1"}) })
		again := NewIntegrator(d, b.keys, noon, b.out) // after a restart
		if _, err := again.Integrate(context.Background()); err != nil {
			t.Fatal(err)
		}
		if c, err := again.Checkpoint(context.Background()); err == nil {
			t.Fatalf("signed %+v", c)
		}
	})
}
