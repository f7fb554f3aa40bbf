package vault

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"cchc/internal/errs"
)

// Inspect reads an archive from end to end, checks every hash and says what it holds.
// It needs no passphrase and writes nothing. Refusals: vault.not_an_archive,
// vault.newer_archive, vault.cut_short, vault.damaged, vault.hostile.
func Inspect(ctx context.Context, archive string) (Manifest, error) {
	s := scan{ctx: ctx, path: archive, visit: func(string, int64, io.Reader) error { return nil }}
	return s.run()
}

// scan is one pass over an archive. visit gets each member's content before it is known
// to be sound: what it writes counts only when run has returned without an error.
type scan struct {
	ctx   context.Context
	path  string
	visit func(name string, size int64, r io.Reader) error

	head     head
	last     string // name of the member read last, for whoever must say where it broke
	seen     map[string]bool
	members  []Member
	manifest []byte
}

func (s *scan) refuse(code *errs.Error, member string) error {
	code.Args = map[string]any{"file": filepath.Base(s.path), "member": member}
	return code
}

func (s *scan) damaged(member string) error {
	return s.refuse(errs.New(errs.Invalid, "vault.damaged"), member)
}

func (s *scan) cutShort(member string) error {
	return s.refuse(errs.New(errs.Invalid, "vault.cut_short"), member)
}

func (s *scan) hostile(member string) error {
	return s.refuse(errs.New(errs.Invalid, "vault.hostile"), fmt.Sprintf("%.80q", member))
}

func (s *scan) notAnArchive() error {
	return errs.New(errs.Invalid, "vault.not_an_archive", "file", filepath.Base(s.path))
}

func (s *scan) run() (m Manifest, err error) {
	f, err := os.Open(s.path)
	if err != nil {
		return m, fmt.Errorf("open the archive: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() <= lastLineSize {
		return m, errors.Join(s.notAnArchive(), err)
	}
	body := info.Size() - lastLineSize
	all := sha256.New()
	// The wrapper hides Seek: every byte, padding too, must pass the hash.
	in := io.TeeReader(io.LimitReader(f, body), all)
	s.seen, s.last = map[string]bool{}, headName
	if err := s.readMembers(tar.NewReader(in), body); err != nil {
		return m, err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return m, err
	}
	tail := make([]byte, lastLineSize)
	if _, err := io.ReadFull(f, tail); err != nil {
		return m, err
	}
	if s.manifest == nil {
		return m, s.cutShort(s.last)
	}
	sum := sha256.Sum256(s.manifest)
	manifestSum := hex.EncodeToString(sum[:])
	want := lastLine(manifestSum, hex.EncodeToString(all.Sum(nil)))
	if string(tail) != want && !strings.Contains(string(tail), " manifest "+manifestSum+" ") {
		return m, s.damaged(manifestName)
	}
	if json.Unmarshal(s.manifest, &m) != nil {
		return m, s.damaged(manifestName)
	}
	if err := s.agree(m); err != nil {
		return Manifest{}, err
	}
	if string(tail) != want { // every member is sound: it is the space between them, or the line
		return Manifest{}, s.damaged("tar")
	}
	m.Bytes = info.Size()
	return m, nil
}

// readMembers reads the members one after another and holds them to the form.
func (s *scan) readMembers(t *tar.Reader, left int64) error {
	at := -1
	for {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		h, err := t.Next()
		switch {
		case err == io.EOF:
			if at < 0 {
				return s.notAnArchive()
			}
			return nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			return s.cutShort(s.last)
		case errors.Is(err, tar.ErrHeader) && at < 0:
			return s.notAnArchive()
		case errors.Is(err, tar.ErrHeader):
			return s.damaged(s.last + " +1") // the header after the member named
		case err != nil:
			return fmt.Errorf("read the archive: %w", err)
		}
		place := rank(h.Name)
		ordered := place > at || (place == at && (place == 2 || place == 4))
		left -= h.Size
		// Links, devices, sparse files and extended headers have no place here, and the
		// sizes cannot sum to more than the file has: nothing swells when it is unpacked.
		switch {
		case at < 0 && place != 0:
			return s.notAnArchive()
		case place < 0 || !ordered || h.Typeflag != tar.TypeReg || len(h.PAXRecords) > 0 || h.Size < 0 || s.seen[h.Name]:
			return s.hostile(h.Name)
		case left < 0:
			return s.cutShort(h.Name)
		}
		at, s.last = place, h.Name
		s.seen[h.Name] = true
		if err := s.member(h, t); err != nil {
			return err
		}
	}
}

func (s *scan) member(h *tar.Header, r io.Reader) error {
	sum := sha256.New()
	in := io.TeeReader(r, sum)
	var err error
	switch h.Name {
	case headName:
		err = s.readHead(h, in)
	case manifestName:
		if h.Size > maxManifest {
			return s.hostile(h.Name)
		}
		s.manifest, err = io.ReadAll(in)
	default:
		err = s.visit(h.Name, h.Size, in)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, in)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return s.cutShort(h.Name)
	}
	if err != nil {
		return err
	}
	got := hex.EncodeToString(sum.Sum(nil))
	// Known at once, without the manifest: evidence is named by its hash.
	if isEvidence.MatchString(h.Name) && h.Name != "files/"+got {
		return s.damaged(h.Name)
	}
	if h.Name != manifestName {
		s.members = append(s.members, Member{h.Name, h.Size, got})
	}
	return nil
}

func (s *scan) readHead(h *tar.Header, r io.Reader) error {
	if h.Size > maxSmall {
		return s.hostile(h.Name)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if json.Unmarshal(raw, &s.head) != nil {
		return s.damaged(headName)
	}
	if s.head.Format != formatName || s.head.Number < 1 {
		return s.damaged(headName)
	}
	if s.head.Number > formatNumber {
		return errs.New(errs.Conflict, "vault.newer_archive", "file", filepath.Base(s.path), "version", s.head.Version)
	}
	return nil
}

// agree holds what was read against the manifest, member by member.
func (s *scan) agree(m Manifest) error {
	for n, want := range m.Members {
		if n >= len(s.members) {
			return s.cutShort(want.Name)
		}
		if s.members[n] != want {
			return s.damaged(want.Name)
		}
	}
	if len(s.members) > len(m.Members) {
		return s.hostile(s.members[len(m.Members)].Name)
	}
	for _, name := range []string{keysMember, dbMember} {
		if !s.seen[name] {
			return s.cutShort(name)
		}
	}
	return nil
}
