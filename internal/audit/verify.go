package audit

import (
	"context"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"cchc/internal/db"
)

// What is wrong with a place of the log. The words are locale keys audit.verify.<what>.
type What string

const (
	Changed    What = "changed"    // the row differs from what was written
	Deleted    What = "deleted"    // the row is gone
	Inserted   What = "inserted"   // the row was not written by the program
	Moved      What = "moved"      // the row stands on another's place
	TreeBroken What = "tree"       // a node of the tree is missing or wrong; the rows fit
	Mismatch   What = "mismatch"   // From..Index differs from a checkpoint although all seals fit: the keys were used
	Forged     What = "forged"     // a checkpoint without the program's signature
	Lost       What = "checkpoint" // a checkpoint kept in the database is missing outside
)

// Finding is one thing that is wrong.
type Finding struct {
	Index int64 // place in the tree; -1 for a row without one, or for a checkpoint
	From  int64 // first place of a Mismatch
	ID    string
	What  What
}

// Report is what Verify found. Findings are ordered by place: the first names the
// first bad row.
type Report struct {
	Size        int64 // entries in the tree
	Waiting     int   // genuine entries that have no place yet
	Redacted    int   // entries whose content was taken away by the program
	Checkpoints int   // checkpoints that were compared
	Covered     int64 // entries covered by the newest of them
	Findings    []Finding
	More        bool // there were more findings than are listed
}

// OK says whether nothing is wrong.
func (r Report) OK() bool { return len(r.Findings) == 0 }

const (
	maxFindings = 1000
	verifyPage  = 500
)

// Verify compares the log with its seals and with the checkpoints of outside, the
// content of a checkpoint file. Keys without secrets (only Public) check the tree and
// the content, not the row seals: that is what an outside auditor can do. It reads in
// short snapshots, so the program may go on working.
func Verify(ctx context.Context, d *db.DB, k Keys, outside []byte) (Report, error) {
	v := &verifier{keys: k, pending: map[int]tlog.Hash{}}
	if err := v.checkpoints(ctx, d, outside); err != nil {
		return v.Report, err
	}
	for {
		more := false
		err := d.Read(ctx, func(tx *db.Tx) (err error) { more, err = v.page(tx); return err })
		if err != nil {
			return v.Report, err
		}
		if !more {
			break
		}
	}
	err := v.leftovers(ctx, d)
	slices.SortStableFunc(v.Findings, func(a, b Finding) int { return int(min(1, max(-1, order(a)-order(b)))) })
	return v.Report, err
}

// order puts findings without a place last.
func order(f Finding) int64 {
	if f.Index < 0 {
		return 1 << 60
	}
	return f.Index
}

type verifier struct {
	Report
	keys    Keys
	points  []Checkpoint // ascending by size
	agreed  int64        // size up to which a checkpoint agreed
	next    int64        // place to check next
	pending map[int]tlog.Hash
}

func (v *verifier) find(f Finding) {
	if len(v.Findings) >= maxFindings {
		v.More = true
		return
	}
	v.Findings = append(v.Findings, f)
}

// checkpoints takes those outside and those kept inside; the tree's target size is the
// largest that any of them, or the tree itself, names.
func (v *verifier) checkpoints(ctx context.Context, d *db.DB, outside []byte) error {
	var kept []string
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if v.Size, err = treeSize(tx); err != nil {
			return err
		}
		kept, err = keptCheckpoints(tx)
		return err
	})
	if err != nil {
		return err
	}
	good, bad := ParseCheckpoints(outside, v.keys.Public)
	for range bad {
		v.find(Finding{Index: -1, What: Forged})
	}
	known := map[int64]bool{}
	for _, c := range good {
		known[c.Size] = true
	}
	for _, text := range kept {
		c, err := parseCheckpoint(text, v.keys.Public)
		switch {
		case err != nil:
			v.find(Finding{Index: -1, What: Forged})
		case !known[c.Size]:
			good = append(good, c)
			if len(outside) > 0 {
				v.find(Finding{Index: -1, From: c.Size, What: Lost})
			}
		}
	}
	slices.SortStableFunc(good, func(a, b Checkpoint) int { return int(a.Size - b.Size) })
	v.points, v.Checkpoints = good, len(good)
	if len(good) > 0 {
		v.Covered = good[len(good)-1].Size
	}
	return nil
}

// page checks the next places; false when the tree is through.
func (v *verifier) page(tx *db.Tx) (bool, error) {
	end := max(v.Size, v.Covered)
	if v.next >= end {
		return false, nil
	}
	to := min(end, v.next+verifyPage)
	stored, err := nodes(tx, tlog.StoredHashIndex(0, v.next), tlog.StoredHashIndex(0, to))
	if err != nil {
		return false, err
	}
	byIndex := make(map[int64]node, len(stored))
	for _, n := range stored {
		byIndex[n.index] = n
	}
	// A page of rows may hold more than one on a place, if the unique index was dropped.
	rows := map[int64][]record{}
	list, err := placed(tx, v.next-1, "\x7f", verifyPage*2)
	if err != nil {
		return false, err
	}
	for _, r := range list {
		rows[r.LeafIndex] = append(rows[r.LeafIndex], r)
	}
	for ; v.next < to; v.next++ {
		v.one(v.next, rows[v.next], byIndex)
	}
	return true, nil
}

// one checks the place i.
func (v *verifier) one(i int64, rows []record, stored map[int64]node) {
	leafNode, has := stored[tlog.StoredHashIndex(0, i)]
	hash, err := tlog.ParseHash(leafNode.hash)
	has = has && err == nil
	if len(rows) == 0 {
		v.find(Finding{Index: i, ID: leafNode.entryID, What: Deleted})
		v.add(i, hash, stored)
		return
	}
	row := &rows[0]
	for j := range rows { // the genuine one of several, if there is one
		if rows[j].ID == leafNode.entryID {
			row = &rows[j]
		}
	}
	for j := range rows {
		if &rows[j] != row {
			v.find(Finding{Index: i, ID: rows[j].ID, What: Inserted})
		}
	}
	own, err := row.leafHash()
	fits := err == nil && row.contentFits() && (v.keys.row == nil || row.rowFits(v.keys))
	onPlace := v.keys.row == nil || row.placeMAC == sealPlace(v.keys, i, own)
	switch {
	case !fits:
		v.find(Finding{Index: i, ID: row.ID, What: Changed})
	case !onPlace, has && leafNode.entryID != "" && leafNode.entryID != row.ID:
		v.find(Finding{Index: i, ID: row.ID, What: Moved})
	case has && own != hash && v.keys.row == nil:
		v.find(Finding{Index: i, ID: row.ID, What: Changed})
	case !has || own != hash:
		v.find(Finding{Index: i, ID: row.ID, What: TreeBroken})
	case row.redacted():
		v.Redacted++
	}
	if !has || (fits && onPlace && v.keys.row != nil) {
		hash = own // the row's seals fit: it is a better witness than the stored node
	}
	v.add(i, hash, stored)
}

// add carries leaf i up the tree, compares the nodes above it with the stored ones, and
// the root with a checkpoint of that size.
func (v *verifier) add(i int64, h tlog.Hash, stored map[int64]node) {
	at := tlog.StoredHashIndex(0, i)
	level := 0
	for ; i>>level&1 == 1; level++ {
		h = tlog.NodeHash(v.pending[level], h)
		delete(v.pending, level)
		if n, ok := stored[at+int64(level)+1]; (!ok || n.hash != h.String()) && i < v.Size && !v.explained(0, i) {
			v.find(Finding{Index: i, What: TreeBroken})
		}
	}
	v.pending[level] = h
	for len(v.points) > 0 && v.points[0].Size <= i+1 {
		c := v.points[0]
		v.points = v.points[1:]
		if c.Size == i+1 && v.root(i+1) == c.Root {
			v.agreed = i + 1
		} else if !v.explained(v.agreed, i) {
			v.find(Finding{Index: i, From: v.agreed, What: Mismatch})
		}
	}
}

// explained says whether a finding lies in from..to already: then a wrong node or root
// above it is its consequence.
func (v *verifier) explained(from, to int64) bool {
	return v.More || slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Index >= from && f.Index <= to })
}

// root folds the open right edge of a tree of n leaves.
func (v *verifier) root(n int64) tlog.Hash {
	var h tlog.Hash
	first := true
	for level := 0; n>>level > 0; level++ {
		if n>>level&1 == 0 {
			continue
		}
		if first {
			h, first = v.pending[level], false
		} else {
			h = tlog.NodeHash(v.pending[level], h)
		}
	}
	return h
}

// leftovers looks at rows without a place and beyond the tree.
func (v *verifier) leftovers(ctx context.Context, d *db.DB) error {
	ms, id := int64(-1<<62), ""
	for {
		var rows []record
		err := d.Read(ctx, func(tx *db.Tx) (err error) { rows, err = unplaced(tx, ms, id, verifyPage); return err })
		if err != nil {
			return err
		}
		for i := range rows {
			r := &rows[i]
			if !r.contentFits() || (v.keys.row != nil && !r.rowFits(v.keys)) {
				v.find(Finding{Index: -1, ID: r.ID, What: Inserted})
			} else {
				v.Waiting++
			}
			ms, id = r.At.UnixMilli(), r.ID
		}
		if len(rows) < verifyPage {
			break
		}
	}
	return d.Read(ctx, func(tx *db.Tx) error {
		aside, err := asideRows(tx, maxFindings)
		if err != nil {
			return err
		}
		for _, id := range aside {
			v.find(Finding{Index: -1, ID: id, What: Inserted})
		}
		// Entries placed since Verify began are genuine; others are not.
		rows, err := beyond(tx, max(v.Size, v.Covered))
		if err != nil {
			return err
		}
		for i := range rows {
			r := &rows[i]
			own, err := r.leafHash()
			if err != nil || v.keys.row != nil && r.placeMAC != sealPlace(v.keys, r.LeafIndex, own) {
				v.find(Finding{Index: -1, ID: r.ID, What: Inserted})
			}
		}
		return nil
	})
}
