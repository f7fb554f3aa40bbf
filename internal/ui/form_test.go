package ui

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"cchc/internal/errs"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestForm_readsWhatPeopleType(t *testing.T) {
	t.Parallel()
	f := NewForm("name", "  Nguye\u0302\u0303n   Văn A ", "long", "a\r\nb\r\n", "n", "1.234", "d", "1.234,5", "p", "97.8",
		"due", "4/2/2026", "iso", "2026-10-14", "sure", "yes", "also", "a", "also", "b", "version", "7", "k", "1.234")
	if f.Text("name") != "Nguyễn Văn A" || f.Long("long") != "a\nb" || f.Int("n") != 1234 || f.Int("none") != 0 {
		t.Errorf("got %q %q %d", f.Text("name"), f.Long("long"), f.Int("n"))
	}
	if f.Decimal("d").Fixed(2) != "1234.50" || f.Decimal("p").Fixed(1) != "97.8" || f.Decimal("k").Fixed(0) != "1234" || f.Decimal("none").Fixed(0) != "0" {
		t.Error("decimals with comma, with point, with thousands")
	}
	if f.Day("due") != "2026-02-04" || f.Day("iso") != "2026-10-14" || f.Day("none") != "" || !f.Bool("sure") || len(f.All("also")) != 2 || f.Version() != 7 {
		t.Error("days, ticks, choices and the version")
	}
	if f.Err() != nil || f.Status() != 200 {
		t.Errorf("nothing is wrong, got %v", f.Err())
	}
}

func TestForm_marksEveryFaultAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	f := NewForm("due", "30/2/2026", "n", "ba", "n2", "x", "name", `"><script>`)
	f.Day("due")
	f.Day("due")
	f.Int("n")
	f.Decimal("n2")
	f.Version()
	if all := errs.All(f.Err()); len(all) != 4 || f.Status() != 422 {
		t.Fatalf("got %v", f.Err())
	}
	body := render(t, DayField(Field{Form: f, Name: "due", Label: "Hạn"}))
	for _, want := range []string{`value="30/2/2026"`, `aria-invalid="true"`, `aria-describedby="f-due-hint f-due-err"`, `class="field bad"`, `id="f-due-err"`, `for="f-due"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if sum := render(t, ErrorSummary(f)); !strings.Contains(sum, `href="#f-due"`) || !strings.Contains(sum, "Còn 4 chỗ cần sửa") {
		t.Errorf("got %s", sum)
	}
	if name := render(t, TextField(Field{Form: f, Name: "name", Label: "Tên"})); strings.Contains(name, "<script>") {
		t.Error("typed text is escaped")
	}
	if pw := render(t, TextField(Field{Form: NewForm("p", "secret"), Name: "p", Label: "Mật khẩu", Type: "password"})); strings.Contains(pw, "secret") {
		t.Error("a password never comes back")
	}
}

func TestKeep_takesWhatBelongsToTheForm(t *testing.T) {
	t.Parallel()
	f := NewForm()
	if f.Keep(errs.New(errs.NotFound, "ui.page_not_found")) || f.Keep(context.Canceled) {
		t.Error("a missing record and a broken disk are not the form's")
	}
	if !f.Keep(errs.List{errs.OnField("due", "ui.not_a_day", "text", "x"), errs.New(errs.Conflict, "ui.version_missing")}) || f.Status() != 422 {
		t.Error("faults and a changed state are")
	}
}

func TestReadForm_refusesWhatIsNoForm(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/x", strings.NewReader("a=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, err := ReadForm(r); errs.CodeOf(err) != "ui.form_unreadable" {
		t.Errorf("got %v", err)
	}
	r = httptest.NewRequest("POST", "/x", strings.NewReader("cut off"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if _, err := ReadForm(r); errs.CodeOf(err) != "ui.form_unreadable" {
		t.Errorf("got %v", err)
	}
}

func TestParseDay_knowsTheCalendar(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"29/02/2028": "2028-02-29", "1-1-2026": "2026-01-01", "31.12.2026": "2026-12-31", "14 / 10 / 2026": "2026-10-14"} {
		if got, ok := ParseDay(in); !ok || got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
	for _, in := range []string{"29/2/2026", "32/1/2026", "1/13/2026", "2026", "14/10/26", "1/1/0001", "x"} {
		if got, ok := ParseDay(in); ok {
			t.Errorf("%s: got %s", in, got)
		}
	}
}

func TestCursor_comesBackAsItWas(t *testing.T) {
	t.Parallel()
	if v, ok := ReadCursor(Cursor("2026-10-14", "Đà, \"x\""), 2); !ok || v[0] != "2026-10-14" || v[1] != "Đà, \"x\"" {
		t.Errorf("got %v", v)
	}
	for _, bad := range []string{"x", "W10", Cursor("one"), "////"} {
		if _, ok := ReadCursor(bad, 2); ok {
			t.Errorf("%s is taken", bad)
		}
	}
	if v, ok := ReadCursor("", 2); v != nil || !ok {
		t.Error("no cursor is the first page")
	}
}
