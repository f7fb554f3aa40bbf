package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"cchc/internal/file"
)

// partsOf writes a document and unpacks it; every part must be well-formed.
func partsOf(t *testing.T, d Document) map[string]string {
	t.Helper()
	var b, again bytes.Buffer
	if err := Docx(&b, d); err != nil {
		t.Fatal(err)
	}
	if err := Docx(&again, d); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("the same document gave other bytes (%v)", err)
	}
	if kind, err := file.Sniff(bytes.NewReader(b.Bytes()), int64(b.Len()), "a.docx"); err != nil || !strings.Contains(kind, "wordprocessingml") {
		t.Errorf("our own check says %q, %v", kind, err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(in)
		parts[f.Name] = string(body)
		for dec := xml.NewDecoder(bytes.NewReader(body)); !strings.HasSuffix(f.Name, ".png"); {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
	return parts
}

// styled finds the properties of the paragraph and of the run that hold a text.
func styled(t *testing.T, body, words string) (paragraph, run string) {
	t.Helper()
	at := strings.Index(body, ">"+words+"<")
	if at < 0 {
		t.Fatalf("%q is not there", words)
	}
	start := strings.LastIndex(body[:at], "<w:p>")
	r := strings.LastIndex(body[:at], "<w:rPr>")
	return body[start : start+strings.Index(body[start:], "</w:pPr>")], body[r:at]
}

func TestDocx_measuresTheHeadOfEveryKindAsDecree30Draws(t *testing.T) {
	t.Parallel()
	for kind, d := range kinds() {
		body := partsOf(t, d)["word/document.xml"]
		for _, want := range []string{
			`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>`,
			`<w:tblW w:w="9071" w:type="dxa"/>`,
			`<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>`,
			`<w:tblGrid><w:gridCol w:w="3572"/><w:gridCol w:w="5499"/></w:tblGrid>`,
			// 56 mm under the motto, in the middle of a column of 97 mm
			`<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr><w:spacing w:before="60" w:after="0" w:line="80" w:lineRule="exact"/><w:ind w:left="1162" w:right="1162" w:firstLine="0"/>`,
			`<w:titlePg/>`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s", kind, want)
			}
		}
		order := -1
		for _, c := range []struct{ words, run, paragraph string }{
			{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", `<w:b/><w:bCs/></w:rPr>24`, `<w:jc w:val="center"/>`},
			{"Độc lập - Tự do - Hạnh phúc", `<w:b/><w:bCs/></w:rPr>26`, `<w:jc w:val="center"/>`},
		} {
			p, r := styled(t, body, c.words)
			size := c.run[len(c.run)-2:]
			if !strings.Contains(r, `<w:b/>`) || !strings.Contains(r, `<w:sz w:val="`+size+`"/>`) || !strings.Contains(p, c.paragraph) {
				t.Errorf("%s: %q is %s %s", kind, c.words, p, r)
			}
			at := strings.Index(body, c.words)
			if at < order {
				t.Errorf("%s: %q stands too early", kind, c.words)
			}
			order = at
		}
	}
}

func TestDocx_measuresTheBlocksOfAPlan(t *testing.T) {
	t.Parallel()
	parts := partsOf(t, plan())
	body := parts["word/document.xml"]
	for _, c := range []struct {
		words, size  string
		bold, italic bool
		align        string
	}{
		{"ỦY BAN NHÂN DÂN", "26", true, false, "center"},
		{"Số: 05/KH-UBND", "26", false, false, "center"},
		{"Gia Lai, ngày 05 tháng 01 năm 2026", "26", false, true, "center"},
		{"KẾ HOẠCH", "28", true, false, "center"},
		{"Cải cách hành chính nhà nước tỉnh Gia Lai năm 2026", "28", true, false, "center"},
		{"Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;", "28", false, true, "both"},
		{"Căn cứ Nghị quyết số 76/NQ-CP ngày 15 tháng 7 năm 2021 của Chính phủ.", "28", false, true, "both"},
		{"I. MỤC ĐÍCH, YÊU CẦU", "28", true, false, "both"},
		{"1. Mục đích", "28", true, false, "both"},
		{"a) Tiếp tục đẩy mạnh cải cách hành chính, trọng tâm là cải cách thủ tục hành chính.", "28", false, false, "both"},
		{"2. Yêu cầu", "28", true, false, "both"},
		{"II. TỔ CHỨC THỰC HIỆN", "28", true, false, "both"},
		{" Ủy ban nhân dân tỉnh./.", "28", false, false, "both"},
		{"TM. ỦY BAN NHÂN DÂN", "28", true, false, "center"},
		{"KT. CHỦ TỊCH", "28", true, false, "center"},
		{"PHÓ CHỦ TỊCH", "28", true, false, "center"},
		{"Nguyễn Văn A", "28", true, false, "center"},
		{"Nơi nhận:", "24", true, true, "left"},
		{"- Bộ Nội vụ;", "22", false, false, "left"},
		{"- Lưu: VT, NC.", "22", false, false, "left"},
		{"Phụ lục I", "28", true, false, "center"},
		{"NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2026", "28", true, false, "center"},
		{"(Kèm theo Kế hoạch số 05/KH-UBND ngày 05 tháng 01 năm 2026 của Ủy ban nhân dân tỉnh Gia Lai)", "28", false, true, "center"},
	} {
		p, r := styled(t, body, c.words)
		if !strings.Contains(r, `<w:sz w:val="`+c.size+`"/>`) || strings.Contains(r, `<w:b/>`) != c.bold ||
			strings.Contains(r, `<w:i/>`) != c.italic || !strings.Contains(p, `<w:jc w:val="`+c.align+`"/>`) {
			t.Errorf("%q is %s %s", c.words, p, r)
		}
	}
	p, _ := styled(t, body, "1. Mục đích")
	if !strings.Contains(p, `w:after="120" w:line="264" w:lineRule="auto"/><w:ind w:left="0" w:right="0" w:firstLine="720"/>`) {
		t.Errorf("body paragraph: %s", p)
	}
	// About 18 mm (1,020 twips) under 43.2 mm.
	side := regexp.MustCompile(`<w:ind w:left="(127\d)"`).FindStringSubmatch(body)
	if side == nil {
		t.Error("no line of a third to a half under the issuer")
	}
	if n := strings.Count(body, "<w:tr>"); strings.Count(body, "<w:cantSplit/>") != n {
		t.Error("a row may be split")
	}
	if strings.Count(body, "<w:tblHeader/>") != 1 || strings.Count(body, "<w:sectPr>") != 3 ||
		!strings.Contains(body, `<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>`) || strings.Count(body, `<w:pgNumType w:start="1"/>`) != 2 {
		t.Error("annexes: header row, landscape, pages counted anew")
	}
	if s := parts["word/styles.xml"]; !strings.Contains(s, `w:ascii="Times New Roman"`) || !strings.Contains(s, `<w:lang w:val="vi-VN"`) || !strings.Contains(s, `<w:sz w:val="28"/>`) {
		t.Error("font, language, size")
	}
	if h := parts["word/header1.xml"]; !strings.Contains(h, `<w:jc w:val="center"/>`) || !strings.Contains(h, " PAGE ") || !strings.Contains(h, `<w:sz w:val="26"/>`) {
		t.Error("page number in the middle of the top margin")
	}
	if strings.Contains(parts["word/header2.xml"], "PAGE") || parts["word/media/image1.png"] == "" {
		t.Error("no number on page 1; the code is a picture")
	}
}

func TestDocx_setsAnOfficialLetterWithItsSubjectUnderTheNumber(t *testing.T) {
	t.Parallel()
	body := partsOf(t, kinds()["letter"])["word/document.xml"]
	p, r := styled(t, body, "V/v đôn đốc thực hiện nhiệm vụ cải cách hành chính quý III năm 2026")
	if !strings.Contains(p, `w:before="120"`) || !strings.Contains(r, `<w:sz w:val="24"/>`) || strings.Contains(r, "<w:b/>") {
		t.Errorf("subject: %s %s", p, r)
	}
	for _, want := range []string{
		">Số: 123/SNV-CCHC<", ">UBND TỈNH GIA LAI<", ">Gia Lai, ngày 05 tháng 10 năm 2026<",
		">- Các sở, ban, ngành thuộc tỉnh;<", ">- Ủy ban nhân dân các xã, phường.<",
		`<w:trHeight w:val="454" w:hRule="exact"/>`, `<w:gridCol w:w="1134"/>`, // 20 × 8 mm
		`w:color="FF0000"`, ">KHẨN<",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if _, r := styled(t, body, "UBND TỈNH GIA LAI"); strings.Contains(r, "<w:b/>") {
		t.Error("the parent agency is not bold")
	}
}

func TestNumberAndDate_writeNoughtsWhereTheDecreeWantsThem(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		Number(5, "KH-UBND"): "05/KH-UBND", Number(122, "KH-UBND"): "122/KH-UBND", Number(0, "KH-UBND"): "        /KH-UBND",
		Symbol("letter", "UBND", "NC"): "UBND-NC", Symbol("plan", "UBND"): "KH-UBND",
		Date("Bình Định", "2022-01-05"): "Bình Định, ngày 05 tháng 01 năm 2022",
		Date("Bình Định", "2022-02-28"): "Bình Định, ngày 28 tháng 02 năm 2022",
		Date("Bình Định", "2022-06-29"): "Bình Định, ngày 29 tháng 6 năm 2022",
		Date("Bình Định", "2022-12-01"): "Bình Định, ngày 01 tháng 12 năm 2022",
		Date("Bình Định", "2022"):       "Bình Định, ngày      tháng      năm 2022",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestHeading_countsLikeTheDecree(t *testing.T) {
	t.Parallel()
	var c counters
	var got []string
	for _, r := range []Rank{Part, Chapter, Section, Article, Clause, Point, Point, Point, Point, Point, Point, Chapter, Article, Clause, Roman, Clause, Point, Roman} {
		got = append(got, c.next(r))
	}
	want := "Phần I|Chương I|Mục 1|Điều 1.|1.|a)|b)|c)|d)|đ)|e)|Chương II|Điều 2.|1.|I.|1.|a)|II."
	if strings.Join(got, "|") != want {
		t.Errorf("got %s", strings.Join(got, "|"))
	}
	if letter(23) != "y" || letter(24) != "aa" || roman(1994) != "MCMXCIV" {
		t.Errorf("got %s, %s", letter(24), roman(1994))
	}
}
