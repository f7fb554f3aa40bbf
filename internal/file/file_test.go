package file

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/errs"
)

var noon = time.Date(2026, 10, 14, 5, 0, 0, 0, time.UTC)

const pdf = "%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n"

func newStore(t *testing.T, d *db.DB, now *time.Time) *Store {
	t.Helper()
	s, err := New(filepath.Join(t.TempDir(), "files"), d, clock.Clock(func() time.Time { return *now }))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func leftOver(t *testing.T, s *Store) (names []string) {
	t.Helper()
	filepath.WalkDir(s.dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, path)
		}
		return err
	})
	return names
}

func TestSave_keepsContentUnderItsHashAndHandsItBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := noon
		s, ctx := newStore(t, d, &now), context.Background()
		for range 2 { // the second time the content is there already
			b, err := s.Save(ctx, strings.NewReader(pdf), "Quyết định.pdf", 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			if b.Type != "application/pdf" || b.Size != int64(len(pdf)) || b.Name != "Quyết định.pdf" {
				t.Errorf("got %+v", b)
			}
			f, err := s.Open(b.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(f)
			f.Close()
			if string(body) != pdf {
				t.Errorf("got %q", body)
			}
		}
		if left := leftOver(t, s); len(left) != 1 {
			t.Errorf("files on disk: %v, want one", left)
		}
	})
}

func TestAttach_letsOneDocumentProveManySubjects(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := noon
		s, ctx := newStore(t, d, &now), context.Background()
		b, err := s.Save(ctx, strings.NewReader(pdf), "a.pdf", 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		doc := Document{ID: db.NewID(), SHA256: b.SHA256, Name: b.Name, Title: "Quyết định", Number: "05/QĐ-UBND", IssuedDay: "2026-01-05", Issuer: "UBND tỉnh", Kind: "decision", AgencyID: "x", CreatedBy: "an", CreatedMs: 7}
		err = d.Write(ctx, func(tx *db.Tx) error {
			if err := Attach(tx, doc, "plan_assignment:1", "plan_assignment:2"); err != nil {
				return err
			}
			return Prove(tx, doc.ID, "plan_assignment:2", "parindex_score:3")
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error { return Release(tx, doc.ID, "plan_assignment:1") })
		if err != nil {
			t.Fatal(err)
		}
		doc.Size, doc.Type = b.Size, b.Type
		err = d.Read(ctx, func(tx *db.Tx) error {
			for subject, want := range map[string]int{"plan_assignment:1": 0, "plan_assignment:2": 1, "parindex_score:3": 1} {
				got, err := Of(tx, subject)
				if err != nil {
					return err
				}
				if len(got) != want || want == 1 && got[0] != doc {
					t.Errorf("%s: %+v", subject, got)
				}
			}
			page, err := OfAgency(tx, "x", "", 10)
			if len(page) != 1 {
				t.Errorf("page %v", page)
			}
			got, err2 := Get(tx, doc.ID)
			if got != doc {
				t.Errorf("got %+v", got)
			}
			subjects, err3 := Subjects(tx, doc.ID)
			if strings.Join(subjects, " ") != "parindex_score:3 plan_assignment:2" {
				t.Errorf("proves %v", subjects)
			}
			return errors.Join(err, err2, err3)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			return Attach(tx, Document{ID: db.NewID(), SHA256: strings.Repeat("0", 64), Name: "b", CreatedBy: "an"})
		})
		if errs.CodeOf(err) != "file.missing" {
			t.Errorf("content that is not there: %v", err)
		}
	})
}

// failing is a disk that is full after so many bytes, or when told to sync.
type failing struct {
	*os.File
	room int
	sync bool
}

func (f *failing) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return f.File.Write(p)
}

func (f *failing) Sync() error {
	if f.sync {
		return &os.PathError{Op: "sync", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return f.File.Sync()
}

func TestSave_leavesNothingOnDiskWhenItRefuses(t *testing.T) {
	t.Parallel()
	now := noon
	d := dbtest.NewSQLite(t)
	ctx := context.Background()
	gone, leave := context.WithCancel(ctx)
	leave()
	cases := []struct {
		name string
		ctx  context.Context
		r    io.Reader
		room int
		sync bool
		code string
		kind errs.Kind
	}{
		{"too large", ctx, strings.NewReader(pdf + strings.Repeat("x", 2000)), 1 << 20, false, "file.too_large", errs.TooLarge},
		{"empty", ctx, strings.NewReader(""), 1 << 20, false, "file.empty", errs.Invalid},
		{"not allowed", ctx, strings.NewReader("\x7fELF\x02\x01\x00"), 1 << 20, false, "file.type_refused", errs.Invalid},
		{"cut", ctx, io.MultiReader(strings.NewReader(pdf), iotest.ErrReader(io.ErrUnexpectedEOF)), 1 << 20, false, "file.upload_cut", errs.Invalid},
		{"left", gone, strings.NewReader(pdf), 1 << 20, false, "file.upload_cut", errs.Invalid},
		{"disk full", ctx, strings.NewReader(pdf), 10, false, "file.disk_full", errs.Unavailable},
		{"disk full at sync", ctx, strings.NewReader(pdf), 1 << 20, true, "file.disk_full", errs.Unavailable},
	}
	for _, c := range cases {
		s := newStore(t, d, &now)
		make := s.create
		s.create = func(dir string) (tempFile, error) {
			f, err := make(dir)
			return &failing{f.(*os.File), c.room, c.sync}, err
		}
		_, err := s.Save(c.ctx, c.r, "a.pdf", 1000)
		if errs.CodeOf(err) != c.code || errs.KindOf(err) != c.kind {
			t.Errorf("%s: got %v", c.name, err)
		}
		if left := leftOver(t, s); len(left) != 0 {
			t.Errorf("%s: left %v", c.name, left)
		}
	}
}

func TestCollect_removesContentThatNoDocumentNamesAfterADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := noon
		s, ctx := newStore(t, d, &now), context.Background()
		save := func(body string) Blob {
			b, err := s.Save(ctx, strings.NewReader(body), "a.txt", 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		named, orphan, again := save("named"), save("orphan"), save("again")
		err := d.Write(ctx, func(tx *db.Tx) error {
			return Attach(tx, Document{ID: db.NewID(), SHA256: named.SHA256, Name: "a", CreatedBy: "an"}, "x:1")
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := s.Collect(ctx, now.Add(23*time.Hour)); n != 0 || err != nil {
			t.Fatalf("within the day: %d, %v", n, err)
		}
		now = noon.Add(20 * time.Hour)
		save("again") // its day begins anew
		if n, err := s.Collect(ctx, noon.Add(25*time.Hour)); n != 1 || err != nil {
			t.Fatalf("after a day: %d, %v", n, err)
		}
		if _, err := s.Open(orphan.SHA256); errs.CodeOf(err) != "file.missing" {
			t.Errorf("the orphan is still there: %v", err)
		}
		for _, b := range []Blob{named, again} {
			f, err := s.Open(b.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	})
}

func TestCollect_putsBackWhatIsSavedWhileItRemoves(t *testing.T) {
	t.Parallel()
	now := noon
	d := dbtest.NewSQLite(t)
	s, ctx := newStore(t, d, &now), context.Background()
	b, err := s.Save(ctx, strings.NewReader("text"), "a.txt", 100)
	if err != nil {
		t.Fatal(err)
	}
	// The row was dropped and written again before the file is moved aside.
	if ok, err := s.discard(ctx, b.SHA256); ok || err != nil {
		t.Fatalf("removed %v, %v", ok, err)
	}
	f, err := s.Open(b.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}

func TestCheck_namesContentThatIsGoneOrChanged(t *testing.T) {
	t.Parallel()
	now := noon
	d := dbtest.NewSQLite(t)
	s, ctx := newStore(t, d, &now), context.Background()
	var blobs []Blob
	for _, body := range []string{"one", "two", "three"} {
		b, err := s.Save(ctx, strings.NewReader(body), "a.txt", 100)
		if err != nil {
			t.Fatal(err)
		}
		blobs = append(blobs, b)
	}
	if faults, err := s.Check(ctx); len(faults) != 0 || err != nil {
		t.Fatalf("sound store: %v, %v", faults, err)
	}
	os.Remove(s.path(blobs[0].SHA256))
	os.WriteFile(s.path(blobs[1].SHA256), []byte("twx"), 0o600)
	faults, err := s.Check(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range faults {
		got[f.SHA256] = f.Problem
	}
	if len(got) != 2 || got[blobs[0].SHA256] != "missing" || got[blobs[1].SHA256] != "changed" {
		t.Errorf("got %v", got)
	}
	if _, err := s.Save(ctx, bytes.NewReader([]byte("two")), "a.txt", 100); err != nil { // sending it again mends it
		t.Fatal(err)
	}
	if faults, _ := s.Check(ctx); len(faults) != 1 {
		t.Errorf("after mending: %v", faults)
	}
}
