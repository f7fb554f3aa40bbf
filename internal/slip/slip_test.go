package slip

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/internal/audit"
	"cchc/internal/clock"
	"cchc/internal/db"
	"cchc/internal/db/dbtest"
	"cchc/internal/document"
	"cchc/internal/errs"
	"cchc/internal/i18n"
	"cchc/internal/identity"
	"cchc/internal/identity/identitytest"
)

var morning = time.Date(2026, 10, 14, 9, 0, 0, 0, clock.Vietnam)

// shelf is a Source with one dossier; anything else is not found.
type shelf struct{ d Data }

func (s *shelf) Slip(_ context.Context, _ Kind, code string) (Data, error) {
	if code != s.d.Code {
		return Data{}, errs.New(errs.NotFound, "slip.kind_unknown")
	}
	return s.d, nil
}

type desk struct {
	*Service
	shelf                 *shelf
	clerk, head, stranger context.Context
	now                   time.Time
}

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	k := &desk{now: morning}
	now := func() time.Time { return k.now }
	h := identitytest.New(t, d, now, Rights...)
	keys, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	k.shelf = &shelf{d: example(context.Background(), morning)}
	k.Service = &Service{DB: d, Clock: now, Log: audit.New(keys, now), Source: k.shelf}
	as := func(a identity.Actor) context.Context {
		return i18n.WithLang(identity.With(context.Background(), a), i18n.Vi)
	}
	k.clerk, k.head, k.stranger = as(h.Person("mot.cua", "", "", RightPrint)), as(h.Person("giam.doc", "", "", RightPrint, RightTemplate)), as(h.Person("nguoi.la", "", ""))
	return k
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if !slices.ContainsFunc(errs.All(err), func(e *errs.Error) bool { return e.Code == code }) {
		t.Errorf("got %v, want %s", err, code)
	}
}

// words reads the text of a Word file.
func words(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestShipped_everyFormIsWholeAndOfAKnownKind(t *testing.T) {
	t.Parallel()
	all := Shipped()
	if len(all) != len(Kinds) {
		t.Errorf("%d forms for %d kinds", len(all), len(Kinds))
	}
	for i, f := range all {
		if f.Kind != Kinds[i] {
			t.Errorf("form %d is %s, want %s", i, f.Kind, Kinds[i])
		}
		if err := f.Check(); err != nil {
			t.Errorf("%s: %v", f.Kind, err)
		}
		if f.Mark == "" {
			t.Errorf("%s does not say how well it is known", f.Kind)
		}
	}
}

func TestPrint_everyFormSaysItsRequiredFieldsAsWordAndAsPDF(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.NewSQLite(t))
	for _, f := range Shipped() {
		var w, p bytes.Buffer
		if err := k.Print(k.clerk, f.Kind, k.shelf.d.Code, Word, &w); err != nil {
			t.Fatal(f.Kind, err)
		}
		if err := k.Print(k.clerk, f.Kind, k.shelf.d.Code, PDF, &p); err != nil {
			t.Fatal(f.Kind, err)
		}
		body := words(t, w.Bytes())
		values := k.shelf.d.values(k.shelf.d.amount(k.clerk))
		for _, name := range required[f.Kind] {
			if v := values[name]; v == "" || !strings.Contains(body, v) && !strings.Contains(body, strings.ToUpper(v)) {
				t.Errorf("%s does not say %s: %q", f.Kind, name, v)
			}
		}
		if left := fieldName.FindString(body); left != "" {
			t.Errorf("%s leaves %s unfilled", f.Kind, left)
		}
		if !bytes.HasPrefix(p.Bytes(), []byte("%PDF-")) {
			t.Errorf("%s is no PDF", f.Kind)
		}
		if pages := bytes.Count(p.Bytes(), []byte("/Type /Page\n")); pages != max(1, len(f.Copies)) {
			t.Errorf("%s takes %d pages", f.Kind, pages)
		}
		if out := os.Getenv("SLIP_SAMPLES"); out != "" { // to look at
			os.WriteFile(filepath.Join(out, string(f.Kind)+".docx"), w.Bytes(), 0o600)
			os.WriteFile(filepath.Join(out, string(f.Kind)+".pdf"), p.Bytes(), 0o600)
		}
	}
}

func TestPrint_form01AlsoComesOnARollOf80MillimetresWithAReadableCode(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.NewSQLite(t))
	var b bytes.Buffer
	if err := k.Print(k.clerk, Receipt, k.shelf.d.Code, Roll, &b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b.Bytes(), []byte("/MediaBox [0 0 226.77 ")) { // 80 mm in points
		t.Error("the page is not 80 mm wide")
	}
	if out := os.Getenv("SLIP_SAMPLES"); out != "" {
		os.WriteFile(filepath.Join(out, "roll.pdf"), b.Bytes(), 0o600)
	}
	// At 34 mm each module must be wide enough for a phone: 0.4 mm or more.
	s := Strip(k.clerk, Shipped()[0], k.shelf.d)
	svg, err := document.QRSVG(s.QR)
	if err != nil || s.QR != "https://dichvucong.example.gov.vn/lookup/GL.X001-261014-0001" {
		t.Fatal(s.QR, err)
	}
	side := strings.Split(strings.Split(string(svg), `viewBox="0 0 `)[1], " ")[0]
	if len(side) > 2 || side > "85" {
		t.Errorf("%s modules do not fit 34 mm", side)
	}
	for _, kind := range Kinds[1:] {
		wantCode(t, k.Print(k.clerk, kind, k.shelf.d.Code, Roll, io.Discard), "slip.format_unknown")
	}
}

func TestPrint_leavesOutLinesThatWouldSayNothingAndRefusesAnEmptySlip(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.NewSQLite(t))
	k.shelf.d.Submitter.Email, k.shelf.d.Note = "", ""
	var w bytes.Buffer
	if err := k.Print(k.clerk, Receipt, k.shelf.d.Code, Word, &w); err != nil {
		t.Fatal(err)
	}
	if body := words(t, w.Bytes()); strings.Contains(body, "Thư điện tử") || strings.Contains(body, "Ghi chú") {
		t.Error("the slip has a label with nothing behind it")
	}
	k.shelf.d.Missing, k.shelf.d.Reason, k.shelf.d.NewDue, k.shelf.d.Returned, k.shelf.d.Received = nil, "", time.Time{}, time.Time{}, time.Time{}
	for _, kind := range []Kind{Receipt, Supplement, Refusal, Apology, ResultReceipt} {
		wantCode(t, k.Print(k.clerk, kind, k.shelf.d.Code, PDF, io.Discard), "slip.nothing_to_say")
	}
}

func TestPrint_needsTheRightAndADossierWithinReach(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.NewSQLite(t))
	wantCode(t, k.Print(context.Background(), Receipt, "x", PDF, io.Discard), "identity.sign_in_first")
	wantCode(t, k.Print(k.stranger, Receipt, k.shelf.d.Code, PDF, io.Discard), "slip.right_missing")
	if err := k.Print(k.clerk, Receipt, "another", PDF, io.Discard); errs.KindOf(err) != errs.NotFound {
		t.Errorf("out of reach: %v", err)
	}
	wantCode(t, k.Print(k.clerk, "letter", k.shelf.d.Code, PDF, io.Discard), "slip.kind_unknown")
}

func TestChange_holdsFromItsDayAndNeverLosesWhatTheFormIsFor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		form, err := k.Form(k.head, Refusal)
		if err != nil || form.Own {
			t.Fatalf("%+v, %v", form, err)
		}
		changed := form.Template
		changed.Lines = append([]string{"Trung tâm Phục vụ hành chính công tỉnh Gia Lai"}, changed.Lines...)
		wantCode(t, k.Change(k.clerk, Refusal, "2026-10-20", changed), "slip.right_missing")
		wantCode(t, k.Change(k.head, Refusal, "2026-10-13", changed), "slip.day_past")
		wantCode(t, k.Change(k.head, Refusal, "20/10", changed), "slip.day_unreadable")
		without := changed
		without.Lines = []string{"Hồ sơ của: {owner}", "{sender}"}
		err = k.Change(k.head, Refusal, "2026-10-20", without)
		wantCode(t, err, "slip.field_missing")
		wantCode(t, err, "slip.field_unknown")
		if err := k.Change(k.head, Refusal, "2026-10-20", changed); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[string]int{"2026-10-19": len(form.Lines), "2026-10-20": len(form.Lines) + 1} {
			if now, err := k.TemplateOn(k.head, Refusal, day); err != nil || len(now.Lines) != want {
				t.Errorf("on %s: %d lines, %v", day, len(now.Lines), err)
			}
		}
		k.now = time.Date(2026, 10, 21, 9, 0, 0, 0, clock.Vietnam)
		var w bytes.Buffer
		if err := k.Print(k.clerk, Refusal, k.shelf.d.Code, Word, &w); err != nil || !strings.Contains(words(t, w.Bytes()), "công tỉnh Gia Lai") {
			t.Errorf("the changed form is not printed: %v", err)
		}
		if form, err = k.Form(k.head, Refusal); err != nil || !form.Own || form.FromDay != "2026-10-20" || len(form.Versions) != 1 {
			t.Errorf("%+v, %v", form, err)
		}
	})
}
