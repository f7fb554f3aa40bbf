package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"cchc/internal/clock"
	"cchc/internal/db"
)

const (
	batchSize       = 256 // entries placed in one Write: some 10 ms of the writer
	integrateEvery  = time.Second
	checkpointEvery = time.Minute
)

// Integrator takes committed entries into the tree and signs checkpoints. One works at
// a time, over all nodes; it holds the write lock only for short batches.
type Integrator struct {
	db     *db.DB
	keys   Keys
	clock  clock.Clock
	places []Place
	last   Checkpoint // newest checkpoint known to lie outside
}

// NewIntegrator makes an integrator. Checkpoints go to every place outside; the newest
// one found there must agree with the tree before another is signed.
func NewIntegrator(d *db.DB, keys Keys, c clock.Clock, outside ...Place) *Integrator {
	return &Integrator{db: d, keys: keys, clock: c, places: outside}
}

// Run integrates each second and signs each minute until ctx ends, then once more, so
// that an orderly stop leaves no entry without a place.
func (in *Integrator) Run(ctx context.Context) {
	tick := time.NewTicker(integrateEvery)
	defer tick.Stop()
	var signed time.Time // long ago: what an earlier run left unsigned is signed at once
	for {
		// Asked before the pass: what was written until the stop is placed by a pass that
		// begins after it.
		stopping := ctx.Err() != nil
		if _, err := in.Integrate(context.WithoutCancel(ctx)); err != nil {
			slog.Error("audit: integrate", "error", err)
		}
		if stopping || in.clock().Sub(signed) >= checkpointEvery {
			signed = in.clock()
			if _, err := in.Checkpoint(context.WithoutCancel(ctx)); err != nil {
				slog.Error("audit: checkpoint", "error", err)
			}
		}
		if stopping {
			return
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// Integrate gives a place to every committed entry that has none and returns how many
// it placed. Rows whose HMAC is wrong were not written by the program: they are set
// aside, never placed.
func (in *Integrator) Integrate(ctx context.Context) (int, error) {
	total := 0
	for {
		var waiting []record
		err := in.db.Read(ctx, func(tx *db.Tx) (err error) { waiting, err = unplaced(tx, -1<<62, "", batchSize); return err })
		if err != nil || len(waiting) == 0 {
			return total, err
		}
		// All hashing happens here, outside the write lock.
		genuine, forged, err := in.sort(waiting)
		if err != nil {
			return total, err
		}
		placed := 0
		err = in.db.Write(ctx, func(tx *db.Tx) (err error) { placed, err = in.append(tx, genuine, forged); return err })
		if err != nil {
			return total, fmt.Errorf("audit: integrate: %w", err)
		}
		total += placed
	}
}

type placeable struct {
	id   string
	hash tlog.Hash
}

func (in *Integrator) sort(rows []record) (genuine []placeable, forged []string, err error) {
	for i := range rows {
		r := &rows[i]
		if !r.genuine(in.keys) {
			slog.Error("audit: a row was not written by the program", "id", r.ID)
			forged = append(forged, r.ID)
			continue
		}
		h, err := r.leafHash()
		if err != nil {
			return nil, nil, err
		}
		genuine = append(genuine, placeable{r.ID, h})
	}
	return genuine, forged, nil
}

func (in *Integrator) append(tx *db.Tx, rows []placeable, forged []string) (int, error) {
	if err := tx.Lock("audit.integrate"); err != nil {
		return 0, err
	}
	for _, id := range forged {
		if err := setAside(tx, id, in.clock().UnixMilli()); err != nil {
			return 0, err
		}
	}
	size, err := treeSize(tx)
	if err != nil {
		return 0, err
	}
	if err := in.clear(tx, size); err != nil {
		return 0, err
	}
	tree := &edge{tx: tx, known: map[int64]tlog.Hash{}}
	next := size
	for _, r := range rows {
		took, err := place(tx, r.id, next, sealPlace(in.keys, next, r.hash))
		if err != nil {
			return 0, err
		}
		if !took { // another node placed it since we looked
			continue
		}
		if err := tree.add(next, r); err != nil {
			return 0, err
		}
		next++
	}
	grown, err := growTree(tx, size, next)
	if err == nil && !grown {
		err = errors.New("the tree grew meanwhile")
	}
	return int(next - size), err
}

// clear sets aside rows that claim a place not yet given: someone planted them to
// block the tree. A row with a valid place there means that the size was set back.
func (in *Integrator) clear(tx *db.Tx, size int64) error {
	rows, err := beyond(tx, size)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if h, err := r.leafHash(); err == nil && r.placeMAC == sealPlace(in.keys, r.LeafIndex, h) {
			return fmt.Errorf("the tree has %d entries but entry %s was placed at %d: run verify", size, r.ID, r.LeafIndex)
		}
		if err := setAside(tx, r.ID, in.clock().UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// edge reads and writes the tree's nodes; those of this batch are remembered.
type edge struct {
	tx    *db.Tx
	known map[int64]tlog.Hash
}

func (e *edge) add(n int64, r placeable) error {
	hashes, err := tlog.StoredHashesForRecordHash(n, r.hash, e)
	if err != nil {
		return err
	}
	at := tlog.StoredHashIndex(0, n)
	for i, h := range hashes {
		id := ""
		if i == 0 {
			id = r.id
		}
		if err := putHash(e.tx, at+int64(i), h, id); err != nil {
			return err
		}
		e.known[at+int64(i)] = h
	}
	return nil
}

// ReadHashes is tlog's way to ask for nodes.
func (e *edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		h, ok := e.known[at]
		if !ok {
			text, found, err := getHash(e.tx, at)
			if err != nil {
				return nil, err
			}
			if !found {
				return nil, fmt.Errorf("audit: node %d of the tree is missing", at)
			}
			if h, err = tlog.ParseHash(text); err != nil {
				return nil, err
			}
			e.known[at] = h
		}
		out[i] = h
	}
	return out, nil
}
