package vault

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cchc/internal/errs"
)

func TestMain(m *testing.M) {
	if run, ok := children[os.Getenv("VAULT_TEST_CHILD")]; ok {
		run()
		return
	}
	scryptWork = 10
	os.Exit(m.Run())
}

var ctx = context.Background()

const phrase = "mật khẩu của quản trị"

var created = time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)

// put writes an evidence file as the store does and returns its hash.
func put(t testing.TB, dir, content string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(content))
	sha := hex.EncodeToString(sum[:])
	if err := os.MkdirAll(filepath.Join(dir, sha[:2]), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, sha[:2], sha), content)
	return sha
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sample is a data folder with its parts; the "database" is any bytes.
func sample(t testing.TB) Parts {
	t.Helper()
	dir := t.TempDir()
	var shas []string
	for n := range 5 {
		shas = append(shas, put(t, filepath.Join(dir, "files"), strings.Repeat(fmt.Sprintf("minh chứng %d ", n), 10*n)))
	}
	write(t, filepath.Join(dir, "files", "tmp", "upload-1"), "half")
	write(t, filepath.Join(dir, "keys", "audit.key"), "secret key of the log")
	write(t, filepath.Join(dir, "keys", "row.key"), "another")
	write(t, filepath.Join(dir, "checkpoints", "audit-checkpoints.txt"), "checkpoint 1\n")
	return Parts{
		Version: "1.0", Now: created, Mark: Mark{Real, created, "1.0"},
		Database: func(path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("row ", 300)), 0o600)
		},
		Describe: func(string) (About, error) {
			return About{Steps: []string{"0001"}, Counts: map[string]int64{"plan_task": 38}, Evidence: shas}, nil
		},
		Files: filepath.Join(dir, "files"), Keys: filepath.Join(dir, "keys"), Checkpoints: filepath.Join(dir, "checkpoints"),
	}
}

func archiveOf(t testing.TB, p Parts) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "a.cchc")
	if _, err := Backup(ctx, p, out, phrase); err != nil {
		t.Fatal(err)
	}
	return out
}

// tree lists a folder's files with mode and content.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[rel] = info.Mode().String() + " " + string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

// wantNothing says that a refused restore left no trace in the parent folder.
func wantNothing(t testing.TB, parent string) {
	t.Helper()
	entries, err := os.ReadDir(parent)
	if err != nil || len(entries) > 0 {
		t.Fatalf("left behind: %v %v", entries, err)
	}
}

func TestRestore_givesBackWhatWasSaved(t *testing.T) {
	t.Parallel()
	p := sample(t)
	archive := archiveOf(t, p)
	dir := filepath.Join(t.TempDir(), "data")
	m, err := Restore(ctx, archive, dir, phrase)
	if err != nil {
		t.Fatal(err)
	}
	if m.Evidence() != 5 || m.Counts["plan_task"] != 38 || m.Version != "1.0" || len(m.Missing)+len(m.Damaged) > 0 {
		t.Errorf("manifest: %+v", m)
	}
	got := tree(t, dir)
	for rel, content := range tree(t, filepath.Dir(p.Keys)) {
		if strings.HasPrefix(rel, "files/tmp") {
			if _, there := got[rel]; there {
				t.Errorf("half an upload was saved: %s", rel)
			}
			continue
		}
		if got[rel] != content {
			t.Errorf("%s: got %q, want %q", rel, got[rel], content)
		}
	}
	if !strings.HasPrefix(got["keys/audit.key"], "-rw------- ") {
		t.Errorf("keys are readable by others: %s", got["keys/audit.key"])
	}
	if mark, found, err := ReadMark(dir); err != nil || !found || mark.Kind != Real || !mark.Created.Equal(created) {
		t.Errorf("mark: %+v %v %v", mark, found, err)
	}
	if info, err := os.Stat(archive); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the archive is readable by others: %v %v", info.Mode(), err)
	}
}

func TestBackup_holdsNoKeyInTheClear(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(archiveOf(t, sample(t)))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("secret key of the log")) {
		t.Error("a key lies in the archive as it is")
	}
}

func TestRestore_refusesAWrongPassphrase(t *testing.T) {
	t.Parallel()
	archive := archiveOf(t, sample(t))
	parent := t.TempDir()
	_, err := Restore(ctx, archive, filepath.Join(parent, "data"), "something else")
	wantCode(t, err, "vault.wrong_passphrase")
	_, err = Restore(ctx, archive, filepath.Join(parent, "data"), "")
	wantCode(t, err, "vault.no_passphrase")
	wantNothing(t, parent)
}

func TestRestore_refusesAFolderInUseOrNotEmpty(t *testing.T) {
	t.Parallel()
	archive := archiveOf(t, sample(t))
	dir := t.TempDir()
	release, err := Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Restore(ctx, archive, dir, phrase)
	wantCode(t, err, "vault.folder_in_use")
	release()
	write(t, filepath.Join(dir, "cchc.db"), "precious")
	_, err = Restore(ctx, archive, dir, phrase)
	wantCode(t, err, "vault.not_empty")
	if got := tree(t, dir)["cchc.db"]; !strings.HasSuffix(got, " precious") {
		t.Errorf("the folder was touched: %q", got)
	}
	if err := os.Remove(filepath.Join(dir, "cchc.db")); err != nil {
		t.Fatal(err)
	}
	if _, err = Restore(ctx, archive, dir, phrase); err != nil { // only an old lock file lies there
		t.Error(err)
	}
}

func TestRestore_findsAFlippedBitAnywhere(t *testing.T) {
	t.Parallel()
	sound, err := os.ReadFile(archiveOf(t, sample(t)))
	if err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	broken := filepath.Join(t.TempDir(), "broken")
	rapid.Check(t, func(r *rapid.T) {
		raw := bytes.Clone(sound)
		at := rapid.IntRange(0, len(raw)-1).Draw(r, "byte")
		raw[at] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if err := os.WriteFile(broken, raw, 0o600); err != nil {
			r.Fatal(err)
		}
		_, err := Restore(ctx, broken, filepath.Join(parent, "data"), phrase)
		all := errs.All(err)
		if len(all) != 1 || !strings.HasPrefix(all[0].Code, "vault.") {
			r.Fatalf("byte %d: got %v", at, err)
		}
		if all[0].Code != "vault.not_an_archive" && all[0].Args["member"] == "" {
			r.Fatalf("byte %d: %s names nothing", at, all[0].Code)
		}
		if _, err := os.Stat(filepath.Join(parent, "data")); err == nil {
			r.Fatal("a damaged archive was restored")
		}
	})
	wantNothing(t, parent)
}

func TestInspect_namesTheMemberThatIsDamaged(t *testing.T) {
	t.Parallel()
	archive := archiveOf(t, sample(t))
	m, err := Inspect(ctx, archive)
	if err != nil {
		t.Fatal(err)
	}
	sound, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	tr := bytes.NewReader(sound)
	at := tar.NewReader(tr)
	for _, member := range m.Members {
		h, err := at.Next()
		if err != nil || h.Name != member.Name {
			t.Fatal(err, h)
		}
		if member.Size == 0 || member.Name == headName {
			continue
		}
		start := len(sound) - tr.Len()
		raw := bytes.Clone(sound)
		raw[start] ^= 4
		broken := filepath.Join(t.TempDir(), "broken")
		write(t, broken, string(raw))
		_, err = Inspect(ctx, broken)
		wantCode(t, err, "vault.damaged")
		if got := errs.All(err)[0].Args["member"]; got != member.Name {
			t.Errorf("named %v, want %s", got, member.Name)
		}
	}
}

func TestInspect_refusesATruncatedArchiveAtEveryLength(t *testing.T) {
	t.Parallel()
	sound, err := os.ReadFile(archiveOf(t, sample(t)))
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken")
	for n := 0; n < len(sound); n += 1 + n%97 {
		write(t, broken, string(sound[:n]))
		_, err := Inspect(ctx, broken)
		if code := errs.CodeOf(err); code != "vault.cut_short" && code != "vault.not_an_archive" && code != "vault.damaged" {
			t.Fatalf("cut at %d of %d: %v", n, len(sound), err)
		}
	}
	write(t, broken, string(sound)+"x")
	if _, err := Inspect(ctx, broken); errs.CodeOf(err) == "" {
		t.Error("an archive with something after its end was taken")
	}
}

// forge builds an archive with right hashes around whatever members a villain wants.
func forge(t *testing.T, headers ...*tar.Header) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "forged")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWriter(f, created)
	first, _ := json.Marshal(head{Format: formatName, Number: 1})
	if _, err := w.add(headName, int64(len(first)), bytes.NewReader(first)); err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		if err := w.tar.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			w.tar.Write(make([]byte, min(h.Size, 1000)))
		}
		w.members = append(w.members, Member{h.Name, h.Size, ""})
	}
	w.tar.Flush()
	fmt.Fprint(f, lastLine(strings.Repeat("0", 64), hex.EncodeToString(w.all.Sum(nil))))
	f.Close()
	return path
}

func TestRestore_refusesAHostileArchive(t *testing.T) {
	t.Parallel()
	sha := strings.Repeat("a", 64)
	for name, headers := range map[string][]*tar.Header{
		"a path out of the folder":   {{Name: "../../evil", Typeflag: tar.TypeReg, Size: 1}},
		"an absolute path":           {{Name: "/etc/passwd", Typeflag: tar.TypeReg, Size: 1}},
		"a path within a name":       {{Name: "checkpoints/../x", Typeflag: tar.TypeReg, Size: 1}},
		"a link":                     {{Name: "database/cchc.db", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}},
		"a hard link":                {{Name: "database/cchc.db", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"}},
		"a device":                   {{Name: "database/cchc.db", Typeflag: tar.TypeChar}},
		"a folder in a file's place": {{Name: "files/" + sha, Typeflag: tar.TypeDir}},
		"extended headers":           {{Name: "database/cchc.db", Typeflag: tar.TypeReg, Size: 3, PAXRecords: map[string]string{"X.y": "1"}}},
		"a member twice":             {{Name: "database/cchc.db", Typeflag: tar.TypeReg, Size: 3}, {Name: "database/cchc.db", Typeflag: tar.TypeReg, Size: 3}},
		"an order of its own":        {{Name: "database/cchc.db", Typeflag: tar.TypeReg, Size: 3}, {Name: "keys.age", Typeflag: tar.TypeReg, Size: 3}},
		"a server's own secret":      {{Name: "cchc.json", Typeflag: tar.TypeReg, Size: 1}},
	} {
		parent := t.TempDir()
		_, err := Restore(ctx, forge(t, headers...), filepath.Join(parent, "data"), phrase)
		if errs.CodeOf(err) != "vault.hostile" {
			t.Errorf("%s: got %v", name, err)
		}
		wantNothing(t, parent)
	}
	bomb := forge(t, &tar.Header{Name: "database/cchc.db", Typeflag: tar.TypeReg, Size: 1 << 40, Format: tar.FormatGNU})
	_, err := Restore(ctx, bomb, filepath.Join(t.TempDir(), "data"), phrase)
	wantCode(t, err, "vault.cut_short") // it claims a terabyte that it does not have
	plain := filepath.Join(t.TempDir(), "x")
	write(t, plain, strings.Repeat("not a backup ", 100))
	_, err = Inspect(ctx, plain)
	wantCode(t, err, "vault.not_an_archive")
}

func TestBackup_keepsEveryFileThatTheCopyNamesWhileWritesGoOn(t *testing.T) {
	t.Parallel()
	p := sample(t)
	var mu sync.Mutex
	var rows []string
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for n := range 4 {
		writers.Add(1)
		go func() {
			defer writers.Done()
			for k := range 1000 { // bounded: a fast disk must not outrun the backup for ever
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
				}
				sha := put(t, p.Files, fmt.Sprintf("writer %d file %d", n, k)) // the file first,
				mu.Lock()
				rows = append(rows, sha) // then the row
				mu.Unlock()
			}
		}()
	}
	p.Database = func(path string) error {
		mu.Lock()
		defer mu.Unlock()
		return os.WriteFile(path, []byte(strings.Join(rows, "\n")), 0o600)
	}
	p.Describe = func(path string) (About, error) {
		raw, err := os.ReadFile(path)
		return About{Evidence: strings.Fields(string(raw))}, err
	}
	for range 5 {
		m, err := Backup(ctx, p, filepath.Join(t.TempDir(), "a"), phrase)
		if err != nil {
			t.Error(err)
		}
		if len(m.Missing) > 0 {
			t.Errorf("%d files that the copy names are not in the archive", len(m.Missing))
		}
	}
	close(stop)
	writers.Wait()
}

func TestBackup_leavesOutEvidenceThatRottedAndNamesIt(t *testing.T) {
	t.Parallel()
	p := sample(t)
	rotten := put(t, p.Files, "whole")
	write(t, filepath.Join(p.Files, rotten[:2], rotten), "rotten")
	gone := strings.Repeat("b", 64)
	p.Describe = func(string) (About, error) { return About{Evidence: []string{rotten, gone}}, nil }
	out := filepath.Join(t.TempDir(), "a")
	m, err := Backup(ctx, p, out, phrase)
	if err != nil || !slices.Equal(m.Damaged, []string{rotten}) || !slices.Equal(m.Missing, []string{gone}) {
		t.Fatalf("damaged %v, missing %v, %v", m.Damaged, m.Missing, err)
	}
	if again, err := Inspect(ctx, out); err != nil || !slices.Equal(again.Damaged, m.Damaged) {
		t.Errorf("the archive forgot: %v %v", again.Damaged, err)
	}
}

func TestBackup_neverReplacesAFileAndLeavesNoHalfArchive(t *testing.T) {
	t.Parallel()
	p := sample(t)
	dir := t.TempDir()
	out := filepath.Join(dir, "a")
	p.Database = func(string) error { return fmt.Errorf("broken") }
	if _, err := Backup(ctx, p, out, phrase); err == nil {
		t.Error("a failing copy went unnoticed")
	}
	wantNothing(t, dir)
	write(t, out, "last week's")
	_, err := Backup(ctx, p, out, phrase)
	wantCode(t, err, "vault.archive_exists")
	if raw, _ := os.ReadFile(out); string(raw) != "last week's" {
		t.Error("an earlier archive was replaced")
	}
}
