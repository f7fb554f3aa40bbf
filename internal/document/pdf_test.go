package document

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cchc/internal/errs"

	"github.com/go-pdf/fpdf"
)

var made = time.Date(2026, 10, 14, 2, 0, 0, 0, time.UTC)

func TestPDF_givesTheSameBytesForTheSameDocument(t *testing.T) {
	t.Parallel()
	for kind, d := range kinds() {
		var a, b bytes.Buffer
		if err := PDF(&a, d, made); err != nil {
			t.Fatal(err)
		}
		if err := PDF(&b, d, made); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: other bytes (%v)", kind, err)
		}
		if out := os.Getenv("DOCUMENT_SAMPLES"); out != "" { // to look at
			os.WriteFile(filepath.Join(out, kind+".pdf"), a.Bytes(), 0o600)
			var x bytes.Buffer
			Docx(&x, d)
			os.WriteFile(filepath.Join(out, kind+".docx"), x.Bytes(), 0o600)
		}
	}
}

// letters are all that Vietnamese adds to the Latin alphabet.
const letters = "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"

func TestFonts_haveEveryVietnameseLetterInEveryStyle(t *testing.T) {
	t.Parallel()
	for style := range styles {
		body, err := fonts.ReadFile("fonts/LiberationSerif-" + styles[style] + ".ttf")
		if err != nil {
			t.Fatal(err)
		}
		have := glyphs(body)
		for _, r := range letters + strings.ToUpper(letters) + "–“”…₫/" {
			if have[r] == 0 {
				t.Errorf("%q is not in the font %s", r, styles[style])
			}
		}
	}
}

// glyphs reads a font's character map, format 4 (OpenType "cmap").
func glyphs(b []byte) map[rune]int {
	u16 := func(i int) int { return int(b[i])<<8 | int(b[i+1]) }
	u32 := func(i int) int { return u16(i)<<16 | u16(i+2) }
	have := map[rune]int{}
	for i := range u16(4) {
		entry := 12 + 16*i
		if string(b[entry:entry+4]) != "cmap" {
			continue
		}
		cmap := u32(entry + 8)
		for j := range u16(cmap + 2) {
			t := cmap + u32(cmap+4+8*j+4)
			if u16(t) != 4 {
				continue
			}
			n := u16(t+6) / 2
			ends, starts, deltas, offsets := t+14, t+16+2*n, t+16+4*n, t+16+6*n
			for k := range n {
				for c := u16(starts + 2*k); c <= u16(ends+2*k) && c != 0xffff; c++ {
					g := (c + u16(deltas+2*k)) & 0xffff
					if o := u16(offsets + 2*k); o != 0 {
						g = u16(offsets + 2*k + o + 2*(c-u16(starts+2*k)))
					}
					have[rune(c)] = g
				}
			}
		}
	}
	return have
}

func TestTextWidth_agreesWithTheMetricsOfTimes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		size  int
		mm    float64
	}{{decree.Country, 26, 95.7}, {decree.Country, 24, 88.3}, {decree.Motto, 26, 55.9}} {
		if got := float64(textWidth(c.words, c.size, true)) / 1440 * 25.4; got < c.mm-0.3 || got > c.mm+0.3 {
			t.Errorf("%s is %.1f mm wide, want %.1f", c.words, got, c.mm)
		}
	}
}

// TestTaggedPDF_ofEveryKindIsWhatTheDraftSays lets LibreOffice lay out the .docx files:
// an oracle that shares no code with ours.
func TestTaggedPDF_ofEveryKindIsWhatTheDraftSays(t *testing.T) {
	t.Parallel()
	for kind, d := range kinds() {
		var b bytes.Buffer
		if err := Docx(&b, d); err != nil {
			t.Fatal(err)
		}
		pdf, err := TaggedPDF(context.Background(), b.Bytes(), "docx")
		if _, missing := exec.LookPath("soffice"); missing != nil {
			if errs.CodeOf(err) != "document.converter_missing" {
				t.Errorf("got %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), kind+".pdf")
		if err := os.WriteFile(path, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		if out := os.Getenv("DOCUMENT_SAMPLES"); out != "" {
			os.WriteFile(filepath.Join(out, kind+"-office.pdf"), pdf, 0o600)
		}
		info := poppler(t, "pdfinfo", path)
		if !strings.Contains(info, "Tagged:          yes") || !strings.Contains(info, "595.") {
			t.Errorf("%s: %s", kind, info)
		}
		if kind != "plan" && !strings.Contains(info, "Pages:           1\n") {
			t.Errorf("%s does not fit one page: %s", kind, info)
		}
		for _, line := range strings.Split(poppler(t, "pdffonts", path), "\n")[2:] {
			if line != "" && !strings.Contains(line, "LiberationSerif") && !strings.Contains(line, "TimesNewRoman") {
				t.Errorf("%s: another font steps in: %s", kind, line)
			}
		}
		words := poppler(t, "pdftotext", "-layout", path, "-")
		for _, want := range []string{decree.Country, decree.Motto} { // each on one line
			if !strings.Contains(words, want) {
				t.Errorf("%s: %q is broken: %s", kind, want, words)
			}
		}
	}
}

func poppler(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", program, err, out)
	}
	return string(out)
}

func TestPDF_aWordWiderThanItsColumnGoesOnBelow(t *testing.T) {
	t.Parallel()
	code := "GL.X001-261014-0001-GL.X001-261014-0002"
	d := Document{Blocks: []Block{Table{Columns: []Column{{Title: "A", Width: 1}, {Title: "B", Width: 9}}, Rows: []Row{{Cells: []string{code, "x"}}}}}}
	sections, err := layout(d)
	if err != nil {
		t.Fatal(err)
	}
	p := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", SizeStr: "A4"})
	if err := addFont(p, ""); err != nil {
		t.Fatal(err)
	}
	w := &pdfWriter{p: p, section: sections[0]}
	for _, it := range sections[0].items {
		if g, ok := it.(grid); ok {
			narrow := pt(g.widths[0]) - 2*pt(g.pad)
			if lines := w.boxes(g.rows[1].cells[0].items[0].(para), narrow); len(lines) < 2 {
				t.Errorf("%d line for a word wider than %.0f points", len(lines), narrow)
			}
			return
		}
	}
	t.Error("no table")
}
