package document

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"cchc/internal/errs"
)

var hostile = []string{
	`=1+1`, `+1+1`, `-1+1`, `@SUM(1,1)`, "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", ` =1+1`, "\u00a0=1+1", `=cmd|' /C calc'!A0`,
	`=HYPERLINK("http://x","y")`, `'=1+1`, `''=1+1`, "- 2+3", `|x`, `%0a=1`, "1\n=2",
}

func text2(s string) SheetOut {
	return SheetOut{Name: "A", Columns: []SheetColumn{{Title: "A"}}, Next: RowsOf([][]string{{s}})}
}

func TestExport_readBackIsEqual(t *testing.T) {
	t.Parallel()
	cell := rapid.OneOf(rapid.SampledFrom(append(hostile, "Đất đai, \"mới\"; cũ", "- Sở Nội vụ", "007", "1e5", "TRUE", "2026-06-29")), rapid.StringMatching(`[ -~ăâđêôơưạảấầ\n]{0,12}`))
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 1, 6).Draw(t, "rows")
		want := [][]string{{"Mã", "=Tên", "Ghi chú"}}
		for _, r := range rows {
			want = append(want, []string{norm(r[0]), norm(r[1]), norm(r[2])})
		}
		want = square(want)
		out := SheetOut{Name: "Kế hoạch: 2026/2027 [bản nháp] của tỉnh", Columns: []SheetColumn{{Title: "Mã"}, {Title: "=Tên", Width: 40}, {Title: "Ghi chú"}}}
		for name, write := range map[string]func(*bytes.Buffer) error{
			"xlsx": func(b *bytes.Buffer) error { out.Next = RowsOf(rows); return WriteXLSX(b, out) },
			"csv":  func(b *bytes.Buffer) error { out.Next = RowsOf(rows); return WriteCSV(b, out) },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			got, err := ReadSheet(bytes.NewReader(b.Bytes()), int64(b.Len()), "a", Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Rows) != len(want) {
				t.Fatalf("%s: got %q, want %q", name, got.Rows, want)
			}
			for i := range want {
				if strings.Join(got.Rows[i], "|") != strings.Join(want[i], "|") {
					t.Fatalf("%s: got %q, want %q", name, got.Rows[i], want[i])
				}
			}
		}
	})
}

// norm is what any reading does to a cell.
func norm(s string) string { return strings.TrimSpace(plain(s)) }

func TestExport_beginsNoTextWithASignOfAFormula(t *testing.T) {
	t.Parallel()
	for _, s := range hostile {
		var b bytes.Buffer
		if err := WriteCSV(&b, text2(s)); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(b.Bytes()[3:])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := rows[1][0]; dangerous(norm(s)) && !strings.HasPrefix(got, "'") {
			t.Errorf("csv: %q became %q", s, got)
		}
	}
}

func TestWriteXLSX_storesEachColumnAsWhatItHolds(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := WriteXLSX(&b, SheetOut{Name: "Số liệu", Columns: []SheetColumn{{Title: "Số", Kind: NumberCell}, {Title: "Tỷ lệ", Kind: PercentCell}, {Title: "Ngày", Kind: DayCell}, {Title: "Mã"}, {Title: "Lạ", Kind: WholeCell}},
		Next: RowsOf([][]string{{"-1234.5", "13.16", "2026-06-29", "=1+1", "=2+2"}})})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A2": "-1,234.5", "B2": "13.16%", "C2": "29/06/2026", "D2": "'=1+1", "E2": "'=2+2"} {
		if got, _ := f.GetCellValue("Số liệu", cell); got != want {
			t.Errorf("%s shows %q, want %q", cell, got, want)
		}
		if formula, _ := f.GetCellFormula("Số liệu", cell); formula != "" {
			t.Errorf("%s is a formula", cell)
		}
	}
	if p, _ := f.GetPanes("Số liệu"); !p.Freeze || p.YSplit != 1 {
		t.Error("the header does not stay")
	}
	rows := read(t, b.Bytes())
	if strings.Join(rows[1], "|") != "-1234.5|13.16%|2026-06-29|=1+1|=2+2" {
		t.Errorf("read back %q", rows[1])
	}
}

func TestReadSheet_refusesWhatIsNoPlainTable(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	var locked, macro bytes.Buffer
	if err := f.Write(&locked, excelize.Options{Password: "x"}); err != nil {
		t.Fatal(err)
	}
	f = excelize.NewFile()
	f.Path = "a.xlsm"
	if err := f.AddVBAProject(append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 600)...)); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&macro); err != nil {
		t.Fatal(err)
	}
	var doc bytes.Buffer
	if err := Docx(&doc, plan()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		body []byte
		code string
	}{
		"password":   {locked.Bytes(), "file.office_encrypted"},
		"macro":      {macro.Bytes(), "file.macro"},
		"document":   {doc.Bytes(), "document.sheet_type"},
		"PDF":        {[]byte("%PDF-1.7\n"), "document.sheet_type"},
		"old coding": {[]byte("M\xe3,T\xean\n"), "file.text_encoding"},
		"empty":      {nil, "file.empty"},
	} {
		_, err := ReadSheet(bytes.NewReader(c.body), int64(len(c.body)), name, Limits{})
		if errs.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		}
	}
}

// LibreOffice is the judge of what a spreadsheet program evaluates; where it is not
// installed the same call must say so.
func TestExport_evaluatesNothingInLibreOffice(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	cols := []SheetColumn{{Title: "A"}}
	rows := [][]string{}
	for _, s := range []string{"=1111+2222", "+1111+2222", "-1111+2222", "@SUM(1111,2222)", "＝1111+2222"} {
		rows = append(rows, []string{s})
	}
	if err := WriteXLSX(&b, SheetOut{Columns: cols, Next: RowsOf(rows)}); err != nil {
		t.Fatal(err)
	}
	words := officeText(t, b.Bytes(), "xlsx")
	if strings.Contains(words, "3333") || strings.Contains(words, "1111\n") || strings.Contains(words, "Err:") {
		t.Errorf("something was evaluated: %s", words)
	}
}

// officeText is what LibreOffice shows of a file; "" where it is not installed, which
// TaggedPDF must then say itself.
func officeText(t *testing.T, body []byte, ext string) string {
	t.Helper()
	pdf, err := TaggedPDF(context.Background(), body, ext)
	if _, missing := exec.LookPath("soffice"); missing != nil {
		if errs.CodeOf(err) != "document.converter_missing" {
			t.Errorf("got %v", err)
		}
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	words, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(words)
}
