package audit

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"cchc/internal/db"
)

// Checkpoint is a signed statement: at this size the tree had this root.
type Checkpoint struct {
	Size int64
	Root tlog.Hash
	Note string // the signed note, as published
}

// Place keeps checkpoints outside the database, where they can be added and not
// changed: a file that the service may only append to, mail, a second host.
type Place interface {
	Publish(ctx context.Context, note []byte) error
}

// reader is a Place that can be read back.
type reader interface{ Read() ([]byte, error) }

// File appends checkpoints to one file. Make it append-only for the service's account
// (chattr +a), or let the folder lie on another machine.
type File struct{ Path string }

// InFolder is the checkpoint file in dir.
func InFolder(dir string) File { return File{Path: filepath.Join(dir, "audit-checkpoints.txt")} }

// Publish appends one note and waits until it lies on the disk.
func (f File) Publish(_ context.Context, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o750); err != nil {
		return err
	}
	h, err := os.OpenFile(f.Path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	_, err = h.Write(append(bytes.Clone(text), '\n'))
	return errors.Join(err, h.Sync(), h.Close())
}

// Read returns the whole file, nothing when there is none yet.
func (f File) Read() ([]byte, error) {
	b, err := os.ReadFile(f.Path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// checkpointText is the body of a note, in the form of C2SP tlog-checkpoint.
func checkpointText(size int64, root tlog.Hash) string {
	return origin + "\n" + strconv.FormatInt(size, 10) + "\n" + root.String() + "\n"
}

// parseCheckpoint opens one signed note.
func parseCheckpoint(text, publicKey string) (Checkpoint, error) {
	v, err := note.NewVerifier(publicKey)
	if err != nil {
		return Checkpoint{}, err
	}
	n, err := note.Open([]byte(text), note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, err
	}
	for _, sig := range n.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
			return Checkpoint{}, fmt.Errorf("audit: signature of a checkpoint: %w", err)
		}
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != origin {
		return Checkpoint{}, errors.New("audit: not a checkpoint of this program")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 {
		return Checkpoint{}, fmt.Errorf("audit: checkpoint size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	return Checkpoint{Size: size, Root: root, Note: text}, err
}

// ParseCheckpoints reads a file of checkpoints, in its order. bad counts those that do
// not bear the signature of publicKey: forged or damaged.
func ParseCheckpoints(file []byte, publicKey string) (good []Checkpoint, bad int) {
	parts := strings.Split(string(file), "\n\n")
	for i := 0; i+1 < len(parts); i += 2 {
		c, err := parseCheckpoint(parts[i]+"\n\n"+parts[i+1]+"\n", publicKey)
		if err != nil {
			bad++
			continue
		}
		good = append(good, c)
	}
	if len(parts)%2 == 0 || strings.TrimSpace(parts[len(parts)-1]) != "" {
		bad++ // a torn end
	}
	return good, bad
}

// Checkpoint signs the tree as it is, publishes it outside and keeps a copy. It signs
// nothing when the tree did not grow, and refuses when the tree is no longer an
// extension of the last checkpoint: what was tampered with is not sealed again.
func (in *Integrator) Checkpoint(ctx context.Context) (Checkpoint, error) {
	if err := in.learn(ctx); err != nil {
		return Checkpoint{}, err
	}
	var next Checkpoint
	err := in.db.Read(ctx, func(tx *db.Tx) error {
		size, err := treeSize(tx)
		if err != nil || size == in.last.Size {
			next = in.last
			return err
		}
		if size < in.last.Size {
			return fmt.Errorf("audit: the tree has %d entries, the last checkpoint %d: run verify", size, in.last.Size)
		}
		tree := &edge{tx: tx, known: map[int64]tlog.Hash{}}
		root, err := tlog.TreeHash(size, tree)
		if err != nil {
			return err
		}
		next = Checkpoint{Size: size, Root: root}
		return extends(tree, in.last, next)
	})
	if err != nil || next.Size == in.last.Size {
		return next, err
	}
	signer, err := note.NewSigner(in.keys.signer)
	if err != nil {
		return next, err
	}
	text, err := note.Sign(&note.Note{Text: checkpointText(next.Size, next.Root)}, signer)
	if err != nil {
		return next, err
	}
	next.Note = string(text)
	for _, p := range in.places {
		if err := p.Publish(ctx, text); err != nil {
			return next, fmt.Errorf("audit: publish checkpoint: %w", err)
		}
	}
	err = in.db.Write(ctx, func(tx *db.Tx) error {
		return keepCheckpoint(tx, next.Size, in.clock().UnixMilli(), next.Note)
	})
	if err == nil {
		in.last = next
	}
	return next, err
}

// extends proves that the tree of old is the beginning of the tree of next.
func extends(tree tlog.HashReader, old, next Checkpoint) error {
	if old.Size == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(next.Size, old.Size, tree)
	if err == nil {
		err = tlog.CheckTree(proof, next.Size, next.Root, old.Size, old.Root)
	}
	if err != nil {
		return fmt.Errorf("audit: the tree no longer extends the checkpoint at %d entries: run verify: %w", old.Size, err)
	}
	return nil
}

// learn looks for a newer checkpoint than the one in memory: after a start, or when
// another node signed meanwhile.
func (in *Integrator) learn(ctx context.Context) error {
	var kept string
	err := in.db.Read(ctx, func(tx *db.Tx) (err error) { kept, _, err = lastCheckpoint(tx); return err })
	if err != nil {
		return err
	}
	if kept != "" {
		if c, err := parseCheckpoint(kept, in.keys.Public); err == nil && c.Size > in.last.Size {
			in.last = c
		}
	}
	for _, p := range in.places {
		r, ok := p.(reader)
		if !ok {
			continue
		}
		text, err := r.Read()
		if err != nil {
			return fmt.Errorf("audit: read checkpoints: %w", err)
		}
		good, _ := ParseCheckpoints(text, in.keys.Public)
		for _, c := range good {
			if c.Size > in.last.Size {
				in.last = c
			}
		}
	}
	return nil
}
