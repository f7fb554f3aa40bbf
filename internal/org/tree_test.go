package org

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"cchc/internal/audit"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"

	"pgregory.net/rapid"
)

// recomputed is the closure of the parent links, found by walking up from each agency.
func recomputed(t *testing.T, tx *db.Tx) []string {
	all, err := List(tx, "")
	if err != nil {
		t.Fatal(err)
	}
	parent := map[string]string{}
	for _, a := range all {
		parent[a.ID] = a.ParentID
	}
	var pairs []string
	for id := range parent {
		steps := 0
		for up := id; up != ""; up = parent[up] {
			pairs = append(pairs, up+" "+id)
			if steps++; steps > len(parent) {
				t.Fatal("the tree closes upon itself")
			}
		}
	}
	slices.Sort(pairs)
	return pairs
}

func closure(t *testing.T, tx *db.Tx) []string {
	pairs, err := db.All(tx, func(row db.Scanner) (string, error) {
		var a, b string
		err := row.Scan(&a, &b)
		return a + " " + b, err
	}, `SELECT ancestor_id, descendant_id FROM org_tree`)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(pairs)
	return pairs
}

func sameTree(t *testing.T, d *db.DB) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		if got, want := closure(t, tx), recomputed(t, tx); !slices.Equal(got, want) {
			t.Fatalf("the closure has %d pairs, the links say %d", len(got), len(want))
		}
		return nil
	})
}

func TestTree_isTheClosureOfTheLinksAfterAnyMoves(t *testing.T) {
	t.Parallel()
	type step struct {
		create        bool
		agency, under int // under 0 is the top
		day           string
	}
	undo := errors.New("undo")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := newDirectory(t)
		rapid.Check(t, func(rt *rapid.T) {
			steps := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) step {
				return step{rapid.Bool().Draw(rt, "create"), rapid.IntRange(0, 9).Draw(rt, "agency"), rapid.IntRange(0, 10).Draw(rt, "under"),
					rapid.SampledFrom([]string{"2021-01-01", "2024-05-06", "2026-10-14"}).Draw(rt, "day")}
			}), 1, 12).Draw(rt, "steps")
			// Each tree is taken back, so that the next begins with none.
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				var ids []string
				for i, s := range steps {
					under := ""
					if s.under > 0 && s.under <= len(ids) {
						under = ids[s.under-1]
					}
					if s.create || s.agency >= len(ids) {
						a, err := dir.Create(tx, someone, New{Code: fmt.Sprint("A", i), Name: "Cơ quan", Kind: Other, ParentID: under, ValidFrom: "2020-01-01"})
						if err != nil {
							return err
						}
						ids = append(ids, a.ID)
						continue
					}
					a, err := Find(tx, ids[s.agency])
					if err == nil {
						_, err = dir.Move(tx, someone, a.ID, a.Version, under, s.day, "")
					}
					if err != nil && errs.CodeOf(err) != "org.tree_cyclic" {
						return err
					}
				}
				if got, want := closure(t, tx), recomputed(t, tx); !slices.Equal(got, want) {
					rt.Errorf("the closure has %d pairs, the links say %d", len(got), len(want))
				}
				return undo
			})
			if !errors.Is(err, undo) {
				rt.Fatal(err)
			}
		})
	})
}

func TestMove_neverClosesTheTreeEvenWhenManyMoveAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := newDirectory(t)
		var ids []string
		for i := range 4 {
			ids = append(ids, create(t, d, dir, New{Code: fmt.Sprint("A", i), Name: "Cơ quan", Kind: Other, ValidFrom: "2020-01-01"}).ID)
		}
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() { // each hangs its agency under the next: all together would be a ring
				id, parent := ids[i%4], ids[(i+1)%4]
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					a, err := Find(tx, id)
					if err == nil {
						_, err = dir.Move(tx, someone, id, a.Version, parent, "2026-01-01", "")
					}
					return err
				})
				if err != nil && errs.CodeOf(err) == "" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		sameTree(t, d)
	})
}

// work is a room with open work, which remembers what was handed over.
type work struct {
	open  map[string][]OpenWork
	moved []string
}

func (w *work) Open(_ *db.Tx, agencyID string) ([]OpenWork, error) { return w.open[agencyID], nil }

func (w *work) HandOver(_ *db.Tx, _ audit.Who, from, to string, ids []string, minutesID string) error {
	for _, id := range ids {
		w.moved = append(w.moved, id+">"+to)
	}
	return nil
}

func TestReorganise_handsOpenWorkToTheSuccessorOfItsField(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := newDirectory(t)
		old := create(t, d, dir, New{Code: "L01", Name: "UBND huyện Cũ", Kind: District})
		below := create(t, d, dir, New{Code: "L01.1", Name: "Phòng Cũ", Kind: Other, ParentID: old.ID})
		a := create(t, d, dir, New{Code: "X1", Name: "UBND xã Một", Kind: Commune, ValidFrom: "2026-07-01"})
		b := create(t, d, dir, New{Code: "X2", Name: "UBND xã Hai", Kind: Commune, ValidFrom: "2026-07-01"})
		s := create(t, d, dir, New{Code: "S1", Name: "Sở Văn hóa", Kind: Department})
		room := &work{open: map[string][]OpenWork{old.ID: {{ID: "k", Field: "culture"}, {ID: "h1", Field: "business"}, {ID: "h2"}}}}
		dir.Register("dossier", room)
		write(t, d, func(tx *db.Tx) error {
			_, err := dir.SetHead(tx, someone, Appointment{AgencyID: old.ID, PersonName: "Ông Một", FromDay: "2020-01-01"})
			return err
		})
		order := Reorganisation{Change: Dissolve, From: []string{old.ID}, Day: "2026-07-01", Number: "01/BB", GiverSigner: "A", TakerSigner: "B", LegalBasis: "NQ 1",
			Successors: []Successor{{From: old.ID, To: a.ID}, {From: old.ID, To: b.ID}, {From: old.ID, To: s.ID, Field: "culture"}}}
		do := func(tx *db.Tx) error { _, err := dir.Reorganise(tx, someone, order); return err }
		refused(t, d, "org.has_agencies_below", do)
		write(t, d, func(tx *db.Tx) error {
			x, err := Find(tx, below.ID)
			if err == nil {
				_, err = dir.Move(tx, someone, x.ID, x.Version, s.ID, "2026-06-30", "")
			}
			return err
		})
		write(t, d, func(tx *db.Tx) error {
			p, err := dir.PreviewReorganisation(tx, order)
			if err == nil && (len(p.Items) != 3 || p.Undecided != 2 || p.Items[0].To != s.ID || len(p.Items[1].Choices) != 2) {
				t.Errorf("preview %+v", p)
			}
			return err
		})
		refused(t, d, "org.work_without_successor", do)
		order.Choose = map[string]string{"dossier:h1": b.ID, "dossier:h2": a.ID}
		room.moved = nil
		write(t, d, do)
		slices.Sort(room.moved)
		if got, want := strings.Join(room.moved, " "), fmt.Sprintf("h1>%s h2>%s k>%s", b.ID, a.ID, s.ID); got != want {
			t.Errorf("moved %s, want %s", got, want)
		}
		write(t, d, func(tx *db.Tx) error {
			list, err := ListMinutes(tx, "", 10)
			if err != nil || len(list) != 1 || list[0].State != Done || list[0].Left != 0 || list[0].Number != "01/BB" {
				t.Errorf("minutes %+v (%v)", list, err)
			}
			items, err := Items(tx, list[0].ID, "", "", 10)
			if err != nil || len(items) != 3 {
				t.Errorf("items %+v (%v)", items, err)
			}
			x, err := Find(tx, old.ID)
			if err != nil || x.ValidTo != "2026-06-30" {
				t.Errorf("it ends on %s (%v)", x.ValidTo, err)
			}
			if _, found, _ := Head(tx, old.ID, "2026-07-01"); found {
				t.Error("it has a head after its end")
			}
			if _, found, _ := FindByCode(tx, "L01", ""); !found {
				t.Error("its code must find it for ever")
			}
			for field, want := range map[string]int{"culture": 1, "business": 2, "": 2} {
				if next, err := Successors(tx, old.ID, field); err != nil || len(next) != want {
					t.Errorf("field %q: %d successors (%v)", field, len(next), err)
				}
			}
			history, err := dir.log.History(tx, "org_minutes:"+list[0].ID, 10)
			if err != nil || len(history) != 4 { // the order, and one hand-over per receiver
				t.Errorf("%d entries about the minutes (%v)", len(history), err)
			}
			return nil
		})
		sameTree(t, d)
	})
}

func TestReorganise_goesOnInShortPieces(t *testing.T) {
	t.Parallel()
	d := dbtest.NewSQLite(t)
	dir := newDirectory(t)
	from := create(t, d, dir, New{Code: "S1", Name: "Sở Một", Kind: Department})
	to := create(t, d, dir, New{Code: "S2", Name: "Sở Hai", Kind: Department})
	room := &work{open: map[string][]OpenWork{}}
	for i := range 1100 {
		room.open[from.ID] = append(room.open[from.ID], OpenWork{ID: fmt.Sprint(i)})
	}
	dir.Register("dossier", room)
	var m Minutes
	write(t, d, func(tx *db.Tx) (err error) {
		m, err = dir.Reorganise(tx, someone, Reorganisation{Change: Merge, From: []string{from.ID}, Day: "2026-10-01", Number: "1", GiverSigner: "A", TakerSigner: "B",
			Successors: []Successor{{From: from.ID, To: to.ID}}})
		return err
	})
	for want := int64(600); ; want -= 500 {
		if m.Left != max(0, want) || (m.State == Done) != (want <= 0) {
			t.Fatalf("left %d, state %s, want %d", m.Left, m.State, want)
		}
		if m.State == Done {
			break
		}
		write(t, d, func(tx *db.Tx) (err error) { m, err = dir.Continue(tx, someone, m.ID); return err })
	}
	if len(room.moved) != 1100 {
		t.Errorf("moved %d", len(room.moved))
	}
}

func TestLineage_mapsFiguresAsWasAndAsIs(t *testing.T) {
	t.Parallel()
	eachShipped(t, func(t *testing.T, d *db.DB, _ *Directory) {
		write(t, d, func(tx *db.Tx) error {
			l, err := ReadLineage(tx)
			if err != nil {
				return err
			}
			for _, x := range []struct{ code, field, day, want string }{
				{"BD.D04", "", "2026-10-14", "GL.D04"}, {"BD.D05", "", "2026-10-14", "GL.D04"}, {"BD.D04", "", "2022-06-30", "BD.D04"},
				{"GL.D04", "", "2022-06-30", "BD.D04 BD.D05"}, {"BD.UBND", "", "2026-10-14", "GL.UBND"},
				{"BD.L01", "", "2026-10-14", "GL.X001 GL.X002 GL.X003 GL.X004 GL.X005 GL.X058"}, {"BD.L01", "culture", "2026-10-14", "GL.D08"},
				{"GL.X001", "", "2022-06-30", "BD.L01"}, {"GL.X001", "culture", "2022-06-30", ""}, {"GL.D13", "", "2022-06-30", "BD.D19"},
			} {
				a, _, err := FindByCode(tx, x.code, "")
				if err != nil {
					return err
				}
				var codes []string
				for _, b := range l.AsIs(a.ID, x.field, x.day) {
					codes = append(codes, b.Code)
				}
				if got := strings.Join(codes, " "); got != x.want {
					t.Errorf("%s %q on %s: got %q, want %q", x.code, x.field, x.day, got, x.want)
				}
			}
			return nil
		})
	})
}
