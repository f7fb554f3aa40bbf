package document

import (
	"archive/zip"
	"bytes"
	"reflect"
	"strings"
	"testing"

	"cchc/internal/errs"
)

const wordTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`

// word makes a .docx whose body is the given markup.
func word(body string, more ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			panic(err)
		}
	}
	put("[Content_Types].xml", wordTypes)
	put("word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+body+`</w:body></w:document>`)
	for i := 0; i+1 < len(more); i += 2 {
		put(more[i], more[i+1])
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func p(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

func tr(cells ...string) string {
	row := "<w:tr>"
	for _, c := range cells {
		if !strings.HasPrefix(c, "<") {
			c = p(c)
		}
		row += "<w:tc>" + c + "</w:tc>"
	}
	return row + "</w:tr>"
}

func tbl(rows ...string) string { return "<w:tbl>" + strings.Join(rows, "") + "</w:tbl>" }

func readWord(t *testing.T, body []byte) Word {
	t.Helper()
	w, err := ReadWord(bytes.NewReader(body), int64(len(body)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestReadWord_givesTablesAndTheParagraphsBetweenThem(t *testing.T) {
	t.Parallel()
	w := readWord(t, word(p("KẾ HOẠCH")+tbl(tr("STT", "Nhiệm vụ"), tr("1", p("dòng một")+p("dòng hai")))+p("")+p("Nơi nhận:")))
	want := [][]string{{"STT", "Nhiệm vụ"}, {"1", "dòng một\ndòng hai"}}
	if len(w.Tables) != 1 || !reflect.DeepEqual(w.Tables[0].Rows, want) {
		t.Errorf("tables %q", w.Tables)
	}
	if !reflect.DeepEqual(w.Lines, []string{"KẾ HOẠCH", "Nơi nhận:"}) {
		t.Errorf("lines %q", w.Lines)
	}
}

func TestReadWord_repeatsACellOverRowsAndKeepsOneOverColumnsInTheFirst(t *testing.T) {
	t.Parallel()
	w := readWord(t, word(tbl(
		tr("STT", "Nhiệm vụ", "Chủ trì"),
		tr(`<w:tcPr><w:gridSpan w:val="3"/></w:tcPr>`+p("I. Thể chế")),
		tr("1", `<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>`+p("Rà soát"), "Sở A"),
		tr("2", `<w:tcPr><w:vMerge/></w:tcPr>`+p(""), "Sở B"))))
	want := [][]string{{"STT", "Nhiệm vụ", "Chủ trì"}, {"I. Thể chế", "", ""}, {"1", "Rà soát", "Sở A"}, {"2", "Rà soát", "Sở B"}}
	if !reflect.DeepEqual(w.Tables[0].Rows, want) {
		t.Errorf("got %q", w.Tables[0].Rows)
	}
}

func TestReadWord_joinsATableThatAPageBreakCutInTwo(t *testing.T) {
	t.Parallel()
	head := tr("STT", "Nhiệm vụ")
	w := readWord(t, word(tbl(tr("a", "b", "c"))+tbl(head, tr("1", "x"), head, tr("2", "y"))+p("")+tbl(head, tr("3", "z"))+tbl(tr("4", "w"))))
	want := [][]string{{"STT", "Nhiệm vụ"}, {"1", "x"}, {"2", "y"}, {"3", "z"}, {"4", "w"}}
	if len(w.Tables) != 2 || !reflect.DeepEqual(w.Tables[1].Rows, want) {
		t.Errorf("got %q", w.Tables)
	}
}

func TestReadWord_leavesOutWhatWasDeletedAndKeepsWhatWasInserted(t *testing.T) {
	t.Parallel()
	w := readWord(t, word(tbl(
		tr("<w:p><w:r><w:t>Hạn </w:t></w:r><w:del><w:r><w:delText>30/6</w:delText></w:r></w:del><w:ins><w:r><w:t>30/9</w:t></w:r></w:ins></w:p>", "x"),
		"<w:tr><w:trPr><w:del/></w:trPr><w:tc>"+p("bỏ")+"</w:tc><w:tc>"+p("bỏ")+"</w:tc></w:tr>",
		"<w:sdt><w:sdtContent>"+tr("trong khung", "y")+"</w:sdtContent></w:sdt>")))
	want := [][]string{{"Hạn 30/9", "x"}, {"trong khung", "y"}}
	if !reflect.DeepEqual(w.Tables[0].Rows, want) {
		t.Errorf("got %q", w.Tables[0].Rows)
	}
}

func TestReadWord_refusesWithASentenceWhatItCannotRead(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(tr("x"), 30)
	for want, body := range map[string][]byte{
		"document.word_damaged":    word("<w:p><w:r><w:t>cut"),
		"file.macro":               word(p("x"), "word/vbaProject.bin", "x"),
		"document.sheet_too_large": word(tbl(many)),
		"file.office_encrypted":    append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 65_520)), "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"...),
		"file.damaged":             word(p("x"))[:150],
	} {
		if _, err := ReadWord(bytes.NewReader(body), int64(len(body)), Limits{Rows: 20}); errs.CodeOf(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestReadWord_refusesWhatNestsWithoutEndOrSpansTooFar(t *testing.T) {
	t.Parallel()
	for _, body := range [][]byte{
		word(strings.Repeat("<w:ins>", 500) + strings.Repeat("</w:ins>", 500)),
		word(tbl(tr(`<w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>` + p("x")))),
	} {
		if _, err := ReadWord(bytes.NewReader(body), int64(len(body)), Limits{}); err == nil {
			t.Error("it was read")
		}
	}
}

// Whatever the markup, reading ends, with rows of one length or a refusal.
func FuzzReadWord(f *testing.F) {
	f.Add(tbl(tr("a", "b"), tr("c")))
	f.Add(p("x") + "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>")
	f.Add(`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>`)
	f.Fuzz(func(t *testing.T, body string) {
		raw := word(body)
		w, err := ReadWord(bytes.NewReader(raw), int64(len(raw)), Limits{Rows: 100, Columns: 20, Cells: 500})
		if err != nil {
			return
		}
		for _, s := range w.Tables {
			for _, r := range s.Rows {
				if len(r) != len(s.Rows[0]) {
					t.Fatalf("rows of %d and %d cells", len(r), len(s.Rows[0]))
				}
			}
		}
	})
}
